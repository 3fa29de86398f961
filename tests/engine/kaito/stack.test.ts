import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PLAYS } from "../../../sandbox/kaito/marks";
import { until } from "../../../sandbox/until";
import { type ApiServer, apiServerOf } from "../../support/api-server";
import { clients, type PulledAdapter, pushByTrainer } from "../../support/adapter-images";
import { changesIn, failure, leftInAzure } from "../../support/engine-steps";
import { setKaito } from "../../support/kaito/settings";
import type { KubernetesObject } from "../../support/kubernetes-objects";
import { type Operation, type ProgramStack, programStack } from "../../support/program-stack";
import { type Finished, image, startSandbox, type TestSandbox } from "../../support/sandbox";

const PROGRAM = path.resolve(__dirname, "stack-program");
const MODEL = "Phi-4-mini-instruct";
const DELETION_SECONDS = 10;
const KAITO = "/apis/kaito.sh/v1beta1/namespaces/support";

interface Item {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** A run that KAITO tunes and services of what was tuned, from an empty subscription and back to it; the operator is the sandbox's. */
describe("a stack with KAITO on the real engine", () => {
  let sandbox: TestSandbox;
  let stack: ProgramStack;
  let server: ApiServer;
  let registry: string;
  /** Adapters by name: "tickets" as KAITO pushed it, "returns" as the library's trainer did. */
  let adapters: Readonly<Record<string, string>>;

  beforeAll(() => {
    sandbox = startSandbox("simulated");
    server = apiServerOf(sandbox.home);
    stack = programStack(sandbox, PROGRAM, "kaito");
    stack.set("trainerImage", image("trainer", "a"));
  }, 900_000);
  afterAll(() => {
    server.close();
    sandbox.down();
  }, 120_000);

  // Beside the test: a process that stands still does not see that the API server closes what it has open.
  const up = () => stack.start("up", "--yes", "--skip-preview", ...stack.logged);
  const emptyPreview = () => stack.start("preview", "--expect-no-changes");
  const all = async (where: string): Promise<readonly Item[]> => (await server.get<{ readonly items: readonly Item[] }>(where)).items;
  const present = async (where: string): Promise<boolean> => server.get(where).then(() => true, () => false);
  const eventually = <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> =>
    until(() => ask().catch(() => undefined), { timeoutMs: 60_000, everyMs: 200, late: () => `${what} does not come about` });

  it("comes up in order: what the provisioner needs, the provisioner, KAITO, and what is KAITO's; a second preview plans nothing", async () => {
    expect(failure(await up())).toBe("");
    expect(outOfOrder(stack.operations(), CREATION)).toEqual([]);
    const controllers = await all(`/apis/apps/v1/deployments?labelSelector=${encodeURIComponent(PLAYS)}`);
    expect(controllers.map(({ metadata }) => metadata.name).sort()).toEqual(["gpu-provisioner", "kaito-workspace"]);
    expect(failure(await emptyPreview())).toBe("");
  }, 300_000);

  it("tunes once the keeper has made the Workspace, which the keeper's Job owns, and KAITO pushes what it tuned", async () => {
    await playKeeper();
    const run = stack.output("run");
    registry = stack.output("registry");
    await eventually("the run's end", async () => {
      const { status } = await server.get<{ readonly status: { readonly succeeded?: number } }>("/apis/batch/v1/namespaces/support/jobs/tickets");
      return status.succeeded === 1 ? true : undefined;
    });
    const digest = execFileSync("crane", ["digest", `${registry}/support/tickets:${run}`], { env: sandbox.environment, encoding: "utf8" }).trim();
    const returns = pushByTrainer(registry, "support/returns", MODEL);
    adapters = { tickets: `${registry}/support/tickets@${digest}`, returns: `${registry}/support/returns@${returns}` };
    expect(Object.values(adapters).every((reference) => /@sha256:[0-9a-f]{64}$/.test(reference))).toBe(true);
  }, 180_000);

  /** What the keeper does first: https://kubernetes.io/docs/concepts/architecture/garbage-collection/#foreground-deletion */
  async function playKeeper(): Promise<void> {
    const keeper = `tickets-${stack.output("run")}`;
    const job = await server.get<Item>(`/apis/batch/v1/namespaces/support/jobs/${keeper}`);
    const { data } = await server.get<{ readonly data: Readonly<Record<string, string>> }>(`/api/v1/namespaces/support/configmaps/${keeper}`);
    const { workspace } = JSON.parse(data["config.json"] ?? "") as { readonly workspace: KubernetesObject };
    const owner = { apiVersion: "batch/v1", kind: "Job", name: keeper, uid: job.metadata.uid, controller: false, blockOwnerDeletion: true };
    const owned = { ...workspace, metadata: { ...workspace.metadata, ownerReferences: [owner] } };
    expect(await server.apply(owned, { dryRun: false })).toEqual({ unknownKind: false });
  }

  it("has adapters of one layout, whoever pushed them, as clients read it that are neither's", () => {
    for (const [, pull] of clients(sandbox.environment)) {
      const [byKaito, byTrainer] = [pull(adapters["tickets"] ?? ""), pull(adapters["returns"] ?? "")];
      expect(layoutOf(byKaito)).toEqual({ ...LAYOUT, model: "phi-4-mini-instruct" });
      expect(layoutOf(byTrainer)).toEqual({ ...LAYOUT, model: MODEL });
      expect([byKaito, byTrainer].map(({ config }) => [config["peft_type"], config["r"]])).toEqual([["LORA", 16], ["LORA", 16]]);
      expect([byKaito, byTrainer].map(({ tensors }) => tensors.length > 0)).toEqual([true, true]);
    }
  }, 60_000);

  it("serves adapters of either engine by either engine", async () => {
    stack.set("adapters", adapters);
    expect(failure(await up())).toBe("");
    expect(failure(await emptyPreview())).toBe("");
    const [set] = await sets();
    const { spec } = set as unknown as { readonly spec: { readonly template: { readonly inference: { readonly adapters: unknown } } } };
    const source = (name: string) => ({ source: { name, image: adapters[name], imagePullSecrets: [`chat-${name}-pull`] } });
    expect(spec.template.inference.adapters).toEqual([source("returns"), source("tickets")]);
    const deployment = await server.get<Deployment>("/apis/apps/v1/namespaces/support/deployments/own");
    expect(mountedAdapters(deployment)).toEqual({ "/adapters/returns": adapters["returns"], "/adapters/tickets": adapters["tickets"] });
    const args = JSON.stringify(deployment.spec.template.spec.containers[0]?.args);
    expect(["/adapters/returns/data", "/adapters/tickets/data"].filter((folder) => !args.includes(folder))).toEqual([]);
  }, 300_000);

  const sets = () => all(`${KAITO}/inferencesets`);
  const childrenOf = async ({ metadata }: Item) => (await all(`${KAITO}/workspaces`)).filter(({ metadata: child }) => child.ownerReferences?.some(({ uid }) => uid === metadata.uid));

  it("grows in place, and its copies follow", async () => {
    const [before] = await sets();
    stack.set("replicas", 2);
    expect(failure(await up())).toBe("");
    const after = await sets();
    expect(after.map(({ metadata }) => metadata.uid)).toEqual([before?.metadata.uid]);
    expect(await childrenOf(after[0] ?? NOBODY)).toHaveLength(2);
    stack.set("replicas", 1);
    expect(failure(await up())).toBe("");
    await eventually("one copy", async () => ((await childrenOf(after[0] ?? NOBODY)).length === 1 ? true : undefined));
  }, 180_000);

  it("keeps answering while another set takes over: requests move when that one is ready, and the first goes after that", async () => {
    const before = await eventually("readiness with one copy", async () => (await sets()).find(isReady));
    setKaito(sandbox.home, { loadingSeconds: 6 });
    stack.set("length", 1024);
    const seen = await watched(stack.start("up", "--yes", "--skip-preview"), lookAtService);
    setKaito(sandbox.home);
    const [after] = await sets();
    expect(after?.metadata.name).not.toBe(before.metadata.name);
    const stages = seen.map(({ answering, others }) => `${answering === before.metadata.name ? "first" : "second"} of ${1 + others.length}`);
    expect(stages.filter((stage, index) => stage !== stages[index - 1])).toEqual(["first of 1", "first of 2", "second of 2", "second of 1"]);
    expect(seen.filter(({ answers }) => !answers)).toEqual([]);
    // Long enough to have been seen, as it loads for so many seconds.
    expect(stages.filter((stage) => stage === "first of 2").length).toBeGreaterThan(10);
  }, 180_000);

  /** Nothing where the service moved while it was looked at. */
  async function lookAtService() {
    const selected = async () => {
      const { spec } = await server.get<{ readonly spec: { readonly selector: Readonly<Record<string, string>> } }>("/api/v1/namespaces/support/services/chat");
      return spec.selector["inferenceset.kaito.sh/created-by"] ?? "";
    };
    const answering = await selected();
    const there = await sets();
    if ((await selected()) !== answering) return undefined;
    const set = there.find(({ metadata }) => metadata.name === answering);
    return { answering, answers: set !== undefined && isReady(set), others: there.filter(({ metadata }) => metadata.name !== answering).map(({ metadata }) => metadata.name) };
  }

  it("makes another dataset a new run beside the old one, whose objects go, and another trainer image none", async () => {
    const before = stack.output("run");
    stack.set("trainerImage", image("trainer", "c"));
    expect(failure(await emptyPreview())).toBe("");
    stack.set("contentKey", "fedcba9876543210");
    const jobs = changesIn(await stack.start("preview", "--json")).filter((change) => change.includes("batch/v1:Job"));
    expect(jobs).toEqual([expect.stringMatching(/^create .* tickets-[0-9a-f]{10}$/), `delete kubernetes:batch/v1:Job tickets-${before}`]);
    expect(jobs[0]).not.toContain(before);
  }, 120_000);

  it("is destroyed in order, also when the operator is slow: KAITO's objects until they are gone, its chart, its provisioner, the cluster", async () => {
    setKaito(sandbox.home, { deletionSeconds: DELETION_SECONDS });
    expect([(await all(`${KAITO}/workspaces`)).length, (await sets()).length]).toEqual([2, 1]);
    const started = Date.now();
    const destroying = stack.start("destroy", "--yes", "--skip-preview", ...stack.logged);
    const seen = await watched(destroying, lookAtKaito);
    expect(failure(await destroying)).toBe("");
    const operations = stack.operations();
    expect(outOfOrder(operations, [...CREATION].reverse())).toEqual([]);
    // What the API server had at each moment: nobody's finalizer was ever left alone.
    const lasting = seen.filter(({ objects }) => objects > 0);
    expect(lasting.filter(({ kinds, operator, provisioner }) => !kinds || !operator || !provisioner)).toEqual([]);
    expect(lasting.some(({ deleted }) => deleted)).toBe(true);
    expect((lasting.at(-1)?.at ?? 0) - started).toBeGreaterThan(DELETION_SECONDS * 1000);
    expect(seen.some(({ objects, operator }) => objects === 0 && operator)).toBe(true);
    expect(seen.some(({ operator, provisioner }) => !operator && provisioner)).toBe(true);
    expect(leftInAzure(sandbox)).toEqual([]);
    expect(stack.resources().map(({ urn }) => urn)).toEqual([]);
  }, 300_000);

  async function lookAtKaito() {
    const at = Date.now();
    const [kinds, operator, provisioner] = await Promise.all([
      present("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/workspaces.kaito.sh"),
      present("/apis/apps/v1/namespaces/kaito-workspace/deployments/kaito-workspace"),
      present("/apis/apps/v1/namespaces/gpu-provisioner/deployments/gpu-provisioner"),
    ]);
    // Last, so that what ends meanwhile is not taken for something left alone.
    const objects = [...(await all(`${KAITO}/workspaces`).catch(() => [])), ...(await sets().catch(() => []))];
    return { at, objects: objects.length, deleted: objects.some(({ metadata }) => metadata.deletionTimestamp !== undefined), kinds, operator, provisioner };
  }
});

/** What was seen, again and again, while a command ran. */
async function watched<T>(running: Promise<Finished>, look: () => Promise<T | undefined>): Promise<readonly T[]> {
  const seen: T[] = [];
  const over = new AbortController();
  void running.finally(() => {
    over.abort();
  });
  while (!over.signal.aborted) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) seen.push(found);
    await sleep(150);
  }
  return seen;
}

function isReady({ status }: Item): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === "InferenceSetReady" && value === "True") ?? false;
}

const NOBODY: Item = { metadata: { name: "", uid: "" } };

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly volumes: readonly { readonly name: string; readonly image?: { readonly reference: string } }[];
        readonly containers: readonly { readonly args?: readonly string[]; readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[] }[];
      };
    };
  };
}

function mountedAdapters({ spec }: Deployment): Readonly<Record<string, string | undefined>> {
  const { volumes, containers } = spec.template.spec;
  const mounts = (containers[0]?.volumeMounts ?? []).filter(({ mountPath }) => mountPath.startsWith("/adapters/"));
  return Object.fromEntries(mounts.map(({ name, mountPath }) => [mountPath, volumes.find((volume) => volume.name === name)?.image?.reference]));
}

const LAYOUT = {
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  layers: ["application/vnd.oci.image.layer.v1.tar+gzip"],
  diffIdHolds: true,
  files: ["data/adapter_config.json", "data/adapter_model.safetensors"],
};

function layoutOf({ mediaType, layers, model, diffIdHolds, files }: PulledAdapter) {
  return { mediaType, layers, model, diffIdHolds, files };
}

/** What is made after what; each line is all there before the next one begins, and goes the other way round. */
const CREATION: readonly (readonly string[])[] = [
  ["azure-native:containerservice:ManagedCluster ai", "azure-native:managedidentity:UserAssignedIdentity kaito-provisioner"],
  [
    "azure-native:authorization:RoleAssignment kaito-provisioner",
    "azure-native:managedidentity:FederatedIdentityCredential kaito-provisioner",
  ],
  ["kubernetes:helm.sh/v3:Release kaito-provisioner"],
  ["kubernetes:helm.sh/v3:Release kaito"],
  ["kubernetes:batch/v1:Job tickets-RUN", "kubernetes:kaito.sh/v1beta1:InferenceSet chat"],
];

/** Pairs of operations of which the second began before the first had ended; and lines of which nothing was done. */
function outOfOrder(operations: readonly Operation[], lines: readonly (readonly string[])[]): readonly string[] {
  const of = (line: readonly string[]) => operations.filter(({ type, name }) => line.includes(`${type} ${name.replace(/-[0-9a-f]{10}$/, "-RUN")}`));
  return lines.flatMap((line, index) => {
    const [these, next] = [of(line), of(lines[index + 1] ?? [])];
    if (these.length === 0) return [`nothing of ${line.join(", ")}`];
    return these.flatMap((one) => next.filter(({ started }) => started < one.ended).map((other) => `${told(other)} before the end of ${told(one)}`));
  });
}

const told = ({ op, type, name }: Operation): string => `${op} ${type} ${name}`;
