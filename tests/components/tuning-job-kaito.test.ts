import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { type KaitoRef, type KaitoTuningJobArgs, type TeamRef, TuningJob } from "../../components";
import { planKaitoTuning } from "../../components/plan/kaito/tuning";
import { DATASET, RECORD, RESTRICTED_CONTAINER, RESTRICTED_POD, SCRATCH_ENVIRONMENT, SCRATCH_MOUNTS, SCRATCH_VOLUMES, TOKEN_VOLUME, TRAINER } from "../support/expected-tuning-run";
import { KAITO_DECISIONS, KAITO_RECIPE, KAITO_REGISTRY, kaitoArgs, OWN_POOL } from "../support/kaito-tuning";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER, EXISTING_REGISTRY, existingTeam } from "../support/references";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";
import { byDigest, DATASET_KEY } from "../support/tiny-recipe";

const PLAN = planKaitoTuning("tickets", KAITO_DECISIONS);
const RUN_ID = "4d2073d5e8";
const KEEPER = `tickets-${RUN_ID}`;
const TRAINING = `tickets-training-${RUN_ID}`;
const LABELS = { "app.kubernetes.io/name": "tickets", "app.kubernetes.io/managed-by": "aks-fine-tuning", "aks-fine-tuning.dev/run": RUN_ID };
const CHILD = { parent: "TuningJob tickets", provider: "providers:kubernetes ai" };
const RECORD_FIRST = { after: ["ConfigMap tickets"] };
const METADATA = { name: KEEPER, namespace: "support", labels: LABELS };

const COMPONENT: Registration = {
  type: "aks-fine-tuning:index:TuningJob",
  name: "tickets",
  inputs: {
    runId: RUN_ID,
    model: "Phi-4-mini-instruct",
    method: "lora",
    rows: 120,
    reason: PLAN.sizing.reason,
    shape: PLAN.sizing.shape,
    priority: "Regular",
    hours: PLAN.sizing.hours,
    usd: PLAN.sizing.usd,
    engine: "kaito",
    kaitoVersion: "0.12",
    workspace: "tickets",
    preset: "phi-4-mini-instruct",
    nodesBy: "KAITO",
    nodes: 1,
    sizing: PLAN.nodes,
    maximumPaidHours: 24,
    deadlineHours: 48,
  },
};
const SECTIONS: Registration = {
  type: "kubernetes:core/v1:ConfigMap",
  name: TRAINING,
  ...CHILD,
  ignoreChanges: ["data"],
  ...RECORD_FIRST,
  inputs: {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: TRAINING, namespace: "support", labels: LABELS },
    immutable: true,
    data: { "training_config.yaml": PLAN.trainingConfig.text },
  },
};
const WORKSPACE = {
  apiVersion: "kaito.sh/v1beta1",
  kind: "Workspace",
  metadata: { name: "tickets", namespace: "support", labels: LABELS },
  resource: { instanceType: "Standard_NC24ads_A100_v4", labelSelector: { matchLabels: { "aks-fine-tuning.dev/workspace": "support.tickets" } } },
  tuning: {
    preset: { name: "phi-4-mini-instruct" },
    method: "lora",
    config: TRAINING,
    input: { name: "dataset", volumeSource: { image: { reference: DATASET, pullPolicy: "IfNotPresent" } } },
    output: { image: `mlreg.azurecr.io/support/tickets:${RUN_ID}`, imagePushSecret: "tickets-push" },
  },
};
const KEEPER_CONFIGURATION = {
  schema: 1,
  engine: "kaito",
  runId: RUN_ID,
  record: { namespace: "support", name: "tickets" },
  keeperJob: KEEPER,
  workspace: WORKSPACE,
  model: { name: "Phi-4-mini-instruct" },
  method: "lora",
  lora: { rank: 16 },
  dataset: { contentKey: DATASET_KEY, rows: 120 },
  maximumPaidHours: 24,
  deadlineHours: 48,
  usdPerHour: 3.673,
  output: { registry: "mlreg.azurecr.io", repository: "support/tickets", tag: RUN_ID },
  lineage: { trainerImage: TRAINER, datasetImage: DATASET, size: "Standard_NC24ads_A100_v4", kaito: "0.12" },
};
const CONFIGURATION: Registration = {
  type: "kubernetes:core/v1:ConfigMap",
  name: KEEPER,
  ...CHILD,
  ignoreChanges: ["data"],
  after: ["ConfigMap tickets"],
  inputs: { apiVersion: "v1", kind: "ConfigMap", metadata: METADATA, immutable: true, data: { "config.json": JSON.stringify(KEEPER_CONFIGURATION) } },
};
const ROLE: Registration = {
  type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
  name: KEEPER,
  ...CHILD,
  ...RECORD_FIRST,
  inputs: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: METADATA,
    rules: [
      { apiGroups: [""], resources: ["configmaps"], resourceNames: ["tickets"], verbs: ["get", "patch"] },
      { apiGroups: ["kaito.sh"], resources: ["workspaces"], verbs: ["create"] },
      { apiGroups: ["kaito.sh"], resources: ["workspaces"], resourceNames: ["tickets"], verbs: ["get", "delete"] },
      { apiGroups: ["batch"], resources: ["jobs"], resourceNames: ["tickets", KEEPER], verbs: ["get"] },
      { apiGroups: ["batch"], resources: ["jobs/finalizers"], resourceNames: [KEEPER], verbs: ["update"] },
      { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
      { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    ],
  },
};
const BINDING: Registration = {
  type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  name: KEEPER,
  ...CHILD,
  after: ["ConfigMap tickets", `Role ${KEEPER}`],
  inputs: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: METADATA,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: KEEPER },
    subjects: [{ kind: "ServiceAccount", name: "tuning", namespace: "support" }],
  },
};
const JOB: Registration = {
  type: "kubernetes:batch/v1:Job",
  name: KEEPER,
  ...CHILD,
  ignoreChanges: ["spec"],
  customTimeouts: { delete: "60m" },
  after: ["ConfigMap tickets", `ConfigMap ${KEEPER}`, `ConfigMap ${TRAINING}`, `RoleBinding ${KEEPER}`],
  inputs: {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { ...METADATA, annotations: { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" } },
    spec: {
      backoffLimit: 20,
      podReplacementPolicy: "Failed",
      podFailurePolicy: {
        rules: [
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
          { action: "FailJob", onExitCodes: { containerName: "keep", operator: "In", values: [10, 11, 12, 13, 14] } },
        ],
      },
      template: {
        metadata: { labels: { ...LABELS, "app.kubernetes.io/component": "preflight", "azure.workload.identity/use": "true" } },
        spec: {
          restartPolicy: "Never",
          serviceAccountName: "tuning",
          automountServiceAccountToken: false,
          securityContext: RESTRICTED_POD,
          volumes: [
            { name: "configuration", configMap: { name: KEEPER } },
            TOKEN_VOLUME,
            ...SCRATCH_VOLUMES,
          ],
          containers: [
            {
              name: "keep",
              image: TRAINER,
              imagePullPolicy: "IfNotPresent",
              args: ["keep"],
              env: SCRATCH_ENVIRONMENT,
              resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
              securityContext: RESTRICTED_CONTAINER,
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { name: "configuration", mountPath: "/etc/tuning", readOnly: true },
                { name: "token", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true },
                ...SCRATCH_MOUNTS,
              ],
            },
          ],
        },
      },
    },
  },
};

type Changes = Partial<KaitoTuningJobArgs>;

/** Registers the job under an engine whose record says what is given. */
async function run(changes: Changes | ((args: KaitoTuningJobArgs) => Changes) = {}, record?: Record<string, string>) {
  const engine = await mockEngine({ record });
  const args = kaitoArgs(existingTeam(existingCluster()));
  const job = new TuningJob("tickets", { ...args, ...(typeof changes === "function" ? changes(args) : changes) });
  const outputs = { record: await resolved(job.record), image: await resolved(job.adapter.image) };
  const all = await engine.registered();
  const [secrets, registered] = [all.filter(ofSecret), all.filter((each) => !ofSecret(each))];
  const waitedFor = registered.find(({ type }) => type === JOB.type)?.after;
  return { job, ...outputs, registered: registered.map(withoutSecrets), secrets, waitedFor, read: engine.read };
}

/** The secrets' own objects are the business of the tests of RegistrySecret. */
function ofSecret({ type, parent }: Registration): boolean {
  return type === "aks-fine-tuning:index:RegistrySecret" || (parent ?? "").startsWith("RegistrySecret ");
}

/** What is waited for beside the objects of the run. */
function withoutSecrets(registration: Registration): Registration {
  const { after, ...rest } = registration;
  if (after === undefined) return registration;
  const own = after.filter((each) => /^(ConfigMap|Role|RoleBinding) /.test(each));
  return own.length === 0 ? rest : { ...rest, after: own };
}

/** The Workspace that the keeper is told to make. */
function workspaceOf(registered: readonly Registration[]): Record<string, Record<string, unknown>> {
  const configuration = registered.find(({ inputs }) => JSON.stringify(inputs).includes("config.json"));
  const { data } = configuration?.inputs as { data: { "config.json": string } };
  return (JSON.parse(data["config.json"]) as { workspace: Record<string, Record<string, unknown>> }).workspace;
}

describe("TuningJob with engine kaito", () => {
  it("registers the record and the objects of the run, each after what it needs", async () => {
    expect((await run()).registered).toEqual([COMPONENT, JOB, RECORD, CONFIGURATION, SECTIONS, ROLE, BINDING, EXISTING_PROVIDER]);
  });

  it("mints one secret, to push to the run's own repository for as long as the run may last, and waits for it", async () => {
    const engine = await mockEngine();
    new TuningJob("tickets", kaitoArgs(existingTeam(existingCluster())));
    const all = await engine.registered();
    const minted = all.filter(({ type }) => type === "aks-fine-tuning:index:RegistrySecret");
    expect(minted.map(({ name, parent, inputs }) => [name, parent, inputs["repository"], inputs["access"], inputs["validHours"]])).toEqual([
      ["tickets-push", "TuningJob tickets", "support/tickets", "push", 50],
    ]);
    expect(all.find(({ type }) => type === JOB.type)?.after).toEqual(expect.arrayContaining(["Secret tickets-push"]));
  });

  it("mints a second one, to pull, where it is told where the dataset is", async () => {
    const { secrets, registered, waitedFor } = await run({ datasets: { registry: KAITO_REGISTRY, repository: "datasets/tickets" }, deadlineHours: 30 });
    expect(waitedFor).toEqual(expect.arrayContaining(["Secret tickets-push", "Secret tickets-pull"]));
    const minted = secrets.filter(({ type }) => type === "aks-fine-tuning:index:RegistrySecret");
    expect(minted.map(({ name, inputs }) => [name, inputs["repository"], inputs["access"], inputs["validHours"]])).toEqual([
      ["tickets-pull", "datasets/tickets", "pull", 32],
      ["tickets-push", "support/tickets", "push", 32],
    ]);
    expect(workspaceOf(registered)["tuning"]?.["input"]).toEqual({ name: "dataset", image: DATASET, imagePullSecrets: ["tickets-pull"] });
  });

  it("has the Workspace select a pool of one's own by the pool's labels", async () => {
    const { registered } = await run({ size: undefined, pool: OWN_POOL });
    expect(workspaceOf(registered)["resource"]).toEqual({ instanceType: "Standard_NC24ads_A100_v4", labelSelector: { matchLabels: { "aks-fine-tuning.dev/pool": "a100" } } });
    expect(registered[0]?.inputs).toMatchObject({ nodesBy: "pool", nodeSelector: { "aks-fine-tuning.dev/pool": "a100" } });
  });

  it("waits for a KAITO that is installed here, and goes before it", async () => {
    const engine = await mockEngine();
    const kaito = new InstalledKaito("kaito");
    new TuningJob("tickets", { ...kaitoArgs(existingTeam(existingCluster())), kaito });
    const registered = await engine.registered();
    const waiting = registered.filter(({ parent, type }) => parent === "TuningJob tickets" && type.startsWith("kubernetes:"));
    expect(waiting.map(({ name, after }) => [name, after?.includes("ConfigMap kaito")])).toEqual(waiting.map(({ name }) => [name, true]));
    expect(waiting).toHaveLength(6);
  });

  it("reads the record that the keeper writes, and has no adapter before the first run has ended", async () => {
    const { job, read, record, image } = await run();
    expect(read).toEqual(["support/tickets"]);
    expect([record, image]).toEqual([{}, undefined]);
    expect([job.runId, job.adapter.name, job.adapter.baseModel, job.adapter.rank]).toEqual([RUN_ID, "tickets", "Phi-4-mini-instruct", 16]);
  });

  it("names the last finished adapter by its digest", async () => {
    const written = { state: "succeeded", adapterDigest: `sha256:${"9".repeat(64)}` };
    expect(await run({}, written)).toMatchObject({ record: written, image: byDigest("mlreg.azurecr.io/support/tickets", "9") });
  });

  it("changes the name of every object but the record with the recipe, so that a run is never edited", async () => {
    const names = async (seed: number) => (await run({ recipe: { ...KAITO_RECIPE, seed } })).registered.slice(1, -1).map(({ name }) => name);
    const [first, second] = [await names(1), await names(2)];
    expect(first.filter((name) => second.includes(name))).toEqual(["tickets"]);
  });

  it("changes no name of the run with the trainer's image, the size or the limits", async () => {
    const { registered } = await run({ trainer: { image: byDigest("mlreg.azurecr.io/trainer", "f") }, size: "Standard_NC40ads_H100_v5", maximumPaidHours: 1 });
    expect(registered.map(({ name }) => name)).toEqual(["tickets", KEEPER, "tickets", KEEPER, TRAINING, KEEPER, KEEPER, "ai"]);
  });

  it("tells once of a preset that leaves", async () => {
    const engine = await mockEngine();
    const info = jest.spyOn(pulumi.log, "info").mockResolvedValue();
    const args: KaitoTuningJobArgs = { ...kaitoArgs(existingTeam(existingCluster())), recipe: { ...KAITO_RECIPE, model: "Phi-3-mini-4k-instruct" } };
    const [first] = ["one", "two"].map((name) => new TuningJob(name, args));
    await engine.registered();
    expect(info.mock.calls).toEqual([
      ["KAITO 0.12 is the last that tunes phi-3-mini-4k-instruct (kaito-project/kaito#2356, #1977): pin its version, or move to phi-4 and phi-4-mini-instruct", first],
    ]);
    info.mockRestore();
  });

  it("takes an image that is known late, by digest and from another repository", async () => {
    const image = pulumi.output(Promise.resolve(byDigest("mlreg.azurecr.io/datasets/tickets", "b")));
    const { registered } = await run(({ dataset }) => ({ dataset: { ...dataset, image } }));
    expect(registered).toEqual([COMPONENT, JOB, RECORD, CONFIGURATION, SECTIONS, ROLE, BINDING, EXISTING_PROVIDER]);
  });

  it("registers nothing for bad arguments and lists all of them", async () => {
    const engine = await mockEngine();
    const args = kaitoArgs(existingTeam(existingCluster()));
    const team: TeamRef = { ...args.team, podSecurity: "restricted", adapters: EXISTING_REGISTRY };
    const datasets = { registry: EXISTING_REGISTRY, repository: "datasets/tickets" };
    const bad: KaitoTuningJobArgs = { ...args, team, datasets, recipe: { ...KAITO_RECIPE, loss: undefined, epochs: 0 }, size: "Standard_NC4as_T4_v3", deadlineHours: 1 };
    expect(problemsOf(() => new TuningJob("Tickets", bad)).map((problem) => problem.split(":")[0])).toEqual([
      "AKSFT-TUNE-05 recipe.epochs",
      "AKSFT-KAITO-16 recipe.loss",
      "AKSFT-KAITO-20 size",
      "AKSFT-KAITO-34 team.podSecurity",
      "AKSFT-NAME-04 name",
      "AKSFT-KAITO-37 deadlineHours",
      "AKSFT-SECRET-05 team.adapters.id",
      "AKSFT-SECRET-05 datasets.registry.id",
    ]);
    expect(await engine.registered()).toEqual([EXISTING_PROVIDER]);
    expect(engine.read).toEqual([]);
  });
});

/** A KAITO as this library installs it, as far as a run sees of it. */
class InstalledKaito extends pulumi.ComponentResource implements KaitoRef {
  readonly version = "0.12";
  readonly nodeProvisioner = "azure-gpu-provisioner";

  constructor(name: string) {
    super("test:index:Kaito", name);
    new core.ConfigMap(name, {}, { parent: this });
  }
}
