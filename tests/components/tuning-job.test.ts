import * as pulumi from "@pulumi/pulumi";
import { type Recipe, rightSize, type TeamRef, TuningJob, type TuningJobArgs } from "../../components";
import {
  DATASET,
  PREFLIGHT_JOB,
  RECORD,
  RUN_ID,
  RUN_LABELS,
  TRAINER,
  TRAINER_CONFIGURATION,
  TUNING_JOB,
  WEIGHTS,
} from "../support/expected-tuning-run";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_POOL, EXISTING_PROVIDER, existingTeam } from "../support/references";
import { rightSizeOn } from "../../components/plan/sizing/right-size";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";
import { DATASET_KEY, TINY_RECIPE, TINY_SHAPE, byDigest } from "../support/tiny-recipe";

const RUN = `tickets-${RUN_ID}`;
const CHILD = { parent: "TuningJob tickets", provider: "providers:kubernetes ai" };
const METADATA = { name: RUN, namespace: "support", labels: RUN_LABELS };
const REASON =
  "Standard_NC4as_T4_v3 (1 × Tesla T4) holds the run: lora of tiny at 512 tokens × 16 needs 1.78 GiB of 14.8 GiB, " +
  "0.01 USD for the run at 0.062699 USD per hour as spot (eastus, undated)";

const SIZING = rightSizeOn(EXISTING_POOL, TINY_RECIPE, 120);

const COMPONENT: Registration = {
  type: "aks-fine-tuning:index:TuningJob",
  name: "tickets",
  inputs: {
    runId: RUN_ID,
    model: "tiny",
    method: "lora",
    rows: 120,
    reason: REASON,
    shape: TINY_SHAPE,
    priority: "Spot",
    nodeSelector: EXISTING_POOL.nodeSelector,
    hours: SIZING.hours,
    usd: SIZING.usd,
  },
};
const PREFLIGHT: Registration = {
  type: "kubernetes:batch/v1:Job",
  name: `${RUN}-preflight`,
  ...CHILD,
  ignoreChanges: ["spec"],
  after: ["ConfigMap tickets", `ConfigMap ${RUN}`, `Job ${RUN}`, `RoleBinding ${RUN}`],
  inputs: { apiVersion: "batch/v1", kind: "Job", ...PREFLIGHT_JOB },
};
const TUNING: Registration = {
  type: "kubernetes:batch/v1:Job",
  name: RUN,
  ...CHILD,
  ignoreChanges: ["spec"],
  after: ["ConfigMap tickets", `ConfigMap ${RUN}`, `RoleBinding ${RUN}`],
  inputs: { apiVersion: "batch/v1", kind: "Job", ...TUNING_JOB },
};
const CONFIGURATION: Registration = {
  type: "kubernetes:core/v1:ConfigMap",
  name: RUN,
  ...CHILD,
  ignoreChanges: ["data"],
  after: ["ConfigMap tickets"],
  inputs: {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: METADATA,
    immutable: true,
    data: { "config.json": JSON.stringify(TRAINER_CONFIGURATION) },
  },
};
const ROLE: Registration = {
  type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
  name: RUN,
  ...CHILD,
  after: ["ConfigMap tickets"],
  inputs: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: METADATA,
    rules: [
      { apiGroups: [""], resources: ["configmaps"], resourceNames: ["tickets"], verbs: ["get", "patch"] },
      { apiGroups: ["batch"], resources: ["jobs"], resourceNames: [RUN], verbs: ["get", "patch"] },
    ],
  },
};
const BINDING: Registration = {
  type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  name: RUN,
  ...CHILD,
  after: ["ConfigMap tickets", `Role ${RUN}`],
  inputs: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: METADATA,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: RUN },
    subjects: [{ kind: "ServiceAccount", name: "tuning", namespace: "support" }],
  },
};

const argsFor = (team: TeamRef): TuningJobArgs => ({
  team,
  pool: EXISTING_POOL,
  recipe: TINY_RECIPE,
  dataset: { contentKey: DATASET_KEY, rows: 120, image: DATASET },
  trainer: { image: TRAINER },
  weights: { image: WEIGHTS },
});

/** Registers the job under an engine whose record says what is given. */
async function run(changes: Partial<TuningJobArgs> = {}, record?: Record<string, string>) {
  const engine = await mockEngine({ record });
  const job = new TuningJob("tickets", { ...argsFor(existingTeam(existingCluster())), ...changes });
  const outputs = { record: await resolved(job.record), image: await resolved(job.adapter.image) };
  return { job, ...outputs, registered: await engine.registered(), read: engine.read };
}

describe("TuningJob", () => {
  it("registers the record, and the objects of the run in the order in which they need each other", async () => {
    expect((await run()).registered).toEqual([COMPONENT, TUNING, PREFLIGHT, RECORD, CONFIGURATION, ROLE, BINDING, EXISTING_PROVIDER]);
  });

  it("is laid out as rightSize found, and is the same run as without", async () => {
    const found = rightSize(TINY_RECIPE, { location: "eastus", engine: "job", sizes: [EXISTING_POOL.size] });
    const sizing = { ...found, shape: { ...found.shape, microBatch: 2 } };
    const { registered } = await run({ sizing });
    expect(registered.map(({ name }) => name)).toEqual([COMPONENT, TUNING, PREFLIGHT, RECORD, CONFIGURATION, ROLE, BINDING, EXISTING_PROVIDER].map(({ name }) => name));
    const data = JSON.stringify({ ...TRAINER_CONFIGURATION, microBatch: 2 });
    expect(registered.find(({ type, name }) => type === CONFIGURATION.type && name === RUN)?.inputs).toEqual({ ...CONFIGURATION.inputs, data: { "config.json": data } });
  });

  it("reads the record that the run writes, and has no adapter before the first run has ended", async () => {
    const { job, read, record, image } = await run();
    expect(read).toEqual(["support/tickets"]);
    expect(record).toEqual({});
    expect(image).toBeUndefined();
    expect([job.runId, job.adapter.name, job.adapter.baseModel, job.adapter.rank]).toEqual([RUN_ID, "tickets", "tiny", 16]);
  });

  it("names the last finished adapter by its digest, while another run is under way too", async () => {
    const written = { state: "tuning", step: "3", adapterDigest: `sha256:${"9".repeat(64)}` };
    const { record, image, registered } = await run({}, written);
    expect(record).toEqual(written);
    expect(image).toBe(byDigest("mlreg.azurecr.io/support/tickets", "9"));
    expect(registered).toContainEqual(RECORD);
  });

  it("changes the name of every object but the record with the recipe", async () => {
    const names = async (seed: number) => (await run({ recipe: { ...TINY_RECIPE, seed } })).registered.slice(1, -1).map(({ name }) => name);
    const [first, second] = [await names(1), await names(2)];
    expect(first.filter((name) => second.includes(name))).toEqual(["tickets"]);
  });

  it("changes no name with the trainer, the pool or the limit of paid hours", async () => {
    const changes = { trainer: { image: byDigest("mlreg.azurecr.io/trainer", "f") }, maximumPaidHours: 1 };
    const pool: TuningJobArgs["pool"] = { ...EXISTING_POOL, size: "Standard_NC24ads_A100_v4", priority: "Regular" };
    const { registered } = await run({ ...changes, pool });
    expect(registered.map(({ name }) => name)).toEqual(["tickets", RUN, `${RUN}-preflight`, "tickets", RUN, RUN, RUN, "ai"]);
  });

  it("tells once of a licence that asks for more than to be kept, however many runs there are of the model", async () => {
    const engine = await mockEngine();
    const info = jest.spyOn(pulumi.log, "info").mockResolvedValue();
    const args = argsFor(existingTeam(existingCluster()));
    const pool: TuningJobArgs["pool"] = { ...EXISTING_POOL, size: "Standard_NC24ads_A100_v4" };
    const recipes = (["Llama-3.2-1B", "Llama-3.2-1B", "Qwen2.5-0.5B-Instruct"] as const).map((model): Recipe => ({ model, method: "lora", sequenceLength: 512 }));
    const [first] = recipes.map((recipe, index) => new TuningJob(`run-${index}`, { ...args, pool, recipe }));
    await engine.registered();
    expect(info.mock.calls).toEqual([
      ["Llama-3.2-1B is under the licence llama3.2, and gated: read the terms at https://huggingface.co/meta-llama/Llama-3.2-1B", first],
    ]);
  });

  it("registers nothing for bad arguments and lists all of them", async () => {
    const engine = await mockEngine();
    const args = argsFor(existingTeam(existingCluster()));
    const bad: TuningJobArgs = { ...args, recipe: { ...TINY_RECIPE, epochs: 0 }, maximumPaidHours: 0, pool: { ...EXISTING_POOL, kubernetesVersion: "1.35" } };
    expect(problemsOf(() => new TuningJob("Tickets", bad)).map((problem) => problem.split(":")[0])).toEqual([
      "AKSFT-NAME-04 name",
      "AKSFT-TUNE-05 recipe.epochs",
      "AKSFT-TUNE-12 maximumPaidHours",
      "AKSFT-TUNE-13 pool",
    ]);
    expect(await engine.registered()).toEqual([EXISTING_PROVIDER]);
    expect(engine.read).toEqual([]);
  });
});
