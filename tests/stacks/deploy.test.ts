import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { deploy, type StackOutputs } from "../../stacks/deploy";
import { readSettings } from "../../stacks/settings";
import { devConfiguration } from "../support/stack-configuration";
import { mockEngine, type Registration } from "../support/mock-engine";
import { messageOf } from "../support/refusal";
import { resolved } from "../support/resolved";

const before = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), "dev-stack-"));
const dataset = path.join(folder, "rows.jsonl");

/** The dev stack as it is, before its first run has ended. */
let dev: Program;

// A whole program takes seconds on a busy machine.
jest.setTimeout(60_000);
beforeAll(async () => {
  process.chdir(folder);
  writeFileSync(dataset, '{"prompt":"hi","completion":"hello"}\n');
  dev = await program();
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

interface Program {
  readonly outputs: StackOutputs;
  readonly registered: Registration[];
}

/** The whole dev stack under the mock engine, with whatever a test changes in its configuration or in the run's record. */
async function program(changes: Readonly<Record<string, unknown>> = {}, record: Record<string, string> = {}): Promise<Program> {
  const engine = await mockEngine({ record });
  pulumi.runtime.setAllConfig(devConfiguration({ dataset, ...changes }));
  const outputs = await deploy(readSettings(new pulumi.Config("aks-fine-tuning")));
  return { outputs, registered: await engine.registered() };
}

const listed = (registered: readonly Registration[]): string[] =>
  registered.map(({ type, name }) => `${type.split(":").slice(-2).join(" ").replace(/^index /, "").replace(/\S*\/v1 /, "")} ${name}`);

const PLATFORM = [
  "Cluster ai",
  "GpuNodePool gpu",
  "GpuSupport gpu-support",
  "Network ai",
  "Registry adapters",
  "Registry datasets",
  "authorization RoleAssignment adapters-pull",
  "authorization RoleAssignment ai-deployer",
  "authorization RoleAssignment ai-network",
  "authorization RoleAssignment datasets-pull",
  "containerservice AgentPool gpu",
  "containerservice MaintenanceConfiguration ai-node-images",
  "containerservice MaintenanceConfiguration ai-upgrades",
  "containerservice ManagedCluster ai",
  "managedidentity UserAssignedIdentity ai",
  "network NatGateway ai-egress",
  "network PublicIPAddress ai-egress",
  "network Subnet ai-nodes",
  "network VirtualNetwork ai",
  "resources Resource adapters",
  "resources Resource datasets",
  "resources ResourceGroup ai",
  "DaemonSet gpu-support-device-plugin",
  "DaemonSet gpu-support-metrics-exporter",
  "Namespace gpu-support",
  "NetworkPolicy gpu-support-default-deny",
  "NetworkPolicy gpu-support-scraping",
  "ServiceAccount gpu-support-account",
  "providers kubernetes ai",
];
const tuning = (run: string): string[] => [
  "DatasetImage tickets",
  "Team support",
  "TrainerImage trainer",
  "TuningJob tickets",
  "authorization RoleAssignment support-push",
  "managedidentity FederatedIdentityCredential support-push",
  "managedidentity UserAssignedIdentity support-push",
  "storage FileShare support-checkpoints",
  "storage StorageAccount support-checkpoints",
  "index/image Image tickets",
  `Job ${run}`,
  `Job ${run}-preflight`,
  "ConfigMap tickets",
  `ConfigMap ${run}`,
  "LimitRange support-limits",
  "Namespace support",
  "PersistentVolume support-checkpoints",
  "PersistentVolumeClaim support-checkpoints",
  "ResourceQuota support-quota",
  "ServiceAccount support-serving",
  "ServiceAccount support-tuning",
  ...["api-server", "default-deny", "dns", "egress"].map((part) => `NetworkPolicy support-${part}`),
  `Role ${run}`,
  `RoleBinding ${run}`,
];
const SERVING = ["InferenceService tickets", "Deployment tickets", "Service tickets", "NetworkPolicy tickets-clients", "NetworkPolicy tickets-ingress"];
const MORE_DIMENSIONS = ["intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "vocab_size", "max_position_embeddings"].map(
  (field) => `AKSFT-TUNE-10 model.${field}`,
);
const GUARDS = [
  "LimitRange support-limits",
  ...["api-server", "default-deny", "dns", "egress"].map((part) => `NetworkPolicy support-${part}`),
  "ResourceQuota support-quota",
];

describe("the dev stack", () => {
  it("registers platform, tuning and serving, and nothing else", () => {
    const { outputs, registered } = dev;
    const run = `tickets-${String(outputs.runId)}`;
    expect(listed(registered).sort()).toEqual([...PLATFORM, ...tuning(run), ...SERVING].sort());
  });

  it("ends with the layer that it is told to end with", async () => {
    const platform = await program({ layers: ["platform"] });
    expect(listed(platform.registered).sort()).toEqual([...PLATFORM].sort());
    const tuned = await program({ layers: ["platform", "tuning"] });
    expect(listed(tuned.registered).sort()).toEqual([...PLATFORM, ...tuning(`tickets-${String(tuned.outputs.runId)}`)].sort());
    expect([platform.outputs.runId, tuned.outputs.endpoint]).toEqual([undefined, undefined]);
  });

  it("puts the run's id into the name of each of the run's objects but the record", () => {
    const { outputs, registered } = dev;
    const objects = registered.filter(({ type, parent }) => type.startsWith("kubernetes:") && parent === "TuningJob tickets");
    expect(objects).toHaveLength(6);
    const named = objects.map(({ name, inputs }) => [name, metadataOf(inputs).name]);
    expect(named.filter(([name]) => !name?.includes(String(outputs.runId)))).toEqual([["tickets", "tickets"]]);
    for (const [name, objectName] of named) expect(objectName).toBe(name);
  });

  it("lets no pod start before its team's guard rails stand", () => {
    const workloads = dev.registered.filter(({ type }) => /:(Job|Deployment)$/.test(type));
    expect(workloads).toHaveLength(3);
    for (const { after } of workloads) expect(after).toEqual(expect.arrayContaining(GUARDS));
  });

  it("makes every Kubernetes object through the cluster's provider, and gives none to another parent than its component", () => {
    const objects = dev.registered.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(new Set(objects.map(({ provider }) => provider))).toEqual(new Set(["providers:kubernetes ai"]));
    expect(new Set(objects.map(({ parent }) => parent))).toEqual(
      new Set(["GpuSupport gpu-support", "Team support", "TuningJob tickets", "InferenceService tickets"]),
    );
  });

  it("protects the cluster, the registries and the share where asked to, and nothing that holds no data", async () => {
    expect(dev.registered.filter(({ protect }) => protect)).toEqual([]);
    const guarded = listed((await program({ protect: true })).registered.filter(({ protect }) => protect));
    expect(guarded).toEqual(
      expect.arrayContaining([
        "containerservice ManagedCluster ai",
        "resources ResourceGroup ai",
        "resources Resource adapters",
        "resources Resource datasets",
        "storage FileShare support-checkpoints",
        "storage StorageAccount support-checkpoints",
      ]),
    );
    expect(guarded.filter((each) => /Job|Deployment|AgentPool/.test(each))).toEqual([]);
  });

  it("leaves in Azure, where asked to, the share of checkpoints and the group that holds it, and nothing else", async () => {
    expect(dev.registered.filter(({ retainOnDelete }) => retainOnDelete)).toEqual([]);
    const kept = listed((await program({ retainData: true })).registered.filter(({ retainOnDelete }) => retainOnDelete));
    expect(kept).toEqual(["resources ResourceGroup ai", "storage FileShare support-checkpoints", "storage StorageAccount support-checkpoints"]);
  });

  it("serves nothing before the first run has ended, and its adapter afterwards", async () => {
    const digest = `sha256:${"9".repeat(64)}`;
    const later = await program({}, { adapterDigest: digest });
    const replicas = ({ registered }: Program) =>
      registered.filter(({ type }) => type.endsWith(":Deployment")).map(({ inputs }) => Object(inputs["spec"]).replicas);
    expect([replicas(dev), replicas(later)]).toEqual([[0], [1]]);
    expect(await resolved(dev.outputs.adapterImage)).toBe("");
    expect(await resolved(later.outputs.adapterImage)).toMatch(new RegExp(`^adapters[0-9a-f]{8}\\.azurecr\\.io/support/tickets@${digest}$`));
    expect(await resolved(later.outputs.endpoint)).toBe("http://10.96.0.77");
  });

  it("changes names within the run alone when the recipe changes", async () => {
    const changed = { recipe: { method: "lora", sequenceLength: 512, seed: 7 } };
    const [one, other] = [listed(dev.registered), listed((await program(changed)).registered)];
    expect(one.filter((each) => !other.includes(each)).map((each) => each.replace(/-[0-9a-f]{10}/, "-RUN"))).toEqual([
      "Job tickets-RUN",
      "Job tickets-RUN-preflight",
      "ConfigMap tickets-RUN",
      "Role tickets-RUN",
      "RoleBinding tickets-RUN",
    ]);
  });

  /** What the stack's configuration is refused for; nothing may have been registered by then. */
  async function refused(changes: Readonly<Record<string, unknown>>): Promise<string[]> {
    const engine = await mockEngine();
    pulumi.runtime.setAllConfig(devConfiguration({ dataset, ...changes }));
    const message = await deploy(readSettings(new pulumi.Config("aks-fine-tuning"))).then(
      () => "nothing was refused",
      (error: unknown) => messageOf(() => { throw error; }),
    );
    expect(await engine.registered()).toEqual([]);
    const [subject, ...problems] = message.split("\n");
    expect(subject).toBe("The stack's configuration cannot be deployed:");
    return problems.map((problem) => problem.replace(/^- /, "").replace(/: got.*/, ""));
  }

  it("lists what every layer refuses at once, each with its key, and registers nothing", async () => {
    const bad = { dataset: "none.jsonl", team: "Fine_Tune", run: "Tickets", pools: { gpu: { maxNodes: 0 } }, cluster: { systemPool: { nodes: 0 } }, service: { replicas: -1 } };
    expect(await refused(bad)).toEqual([
      "AKSFT-CLUSTER-02 cluster.systemPool.nodes",
      "AKSFT-POOL-02 pools.gpu.maxNodes",
      "AKSFT-NAME-05 team",
      "AKSFT-NAME-04 run",
      "AKSFT-DATA-03 dataset",
      "AKSFT-SERVE-01 service.replicas",
    ]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    [
      "a faulty recipe, with the other layers' faults",
      { recipe: { method: "prefix", sequenceLength: 0, epoch: 2 }, team: "Fine_Tune" },
      ["AKSFT-TUNE-16 recipe.epoch", "AKSFT-TUNE-02 recipe.method", "AKSFT-TUNE-03 recipe.sequenceLength", "AKSFT-NAME-05 team"],
    ],
    ["an unknown model", { model: { name: "phi-44" } }, ["AKSFT-TUNE-10 model.hidden_size", ...MORE_DIMENSIONS]],
    ["a file of rows that is not there", { dataset: "none.jsonl" }, ["AKSFT-DATA-03 dataset"]],
    ["a team's name that Kubernetes refuses", { team: "Fine_Tune" }, ["AKSFT-NAME-05 team"]],
    ["a run's name that Kubernetes refuses", { run: "Tickets" }, ["AKSFT-NAME-04 run"]],
    ["more nodes than AKS allows", { pools: { gpu: { maxNodes: 1001 } } }, ["AKSFT-POOL-02 pools.gpu.maxNodes"]],
    ["a pool that is not there", { tuningPool: "gpus" }, ["AKSFT-STACK-13 tuningPool", "AKSFT-STACK-13 servingPool"]],
    ["a cluster whose nodes mount no image volumes", { cluster: { kubernetesVersion: "1.35" } }, ["AKSFT-TUNE-13 tuningPool", "AKSFT-SERVE-07 servingPool"]],
    ["an argument of the network", { network: { nodeRange: "10.100.0.1/24" } }, ["AKSFT-NET-01 network.nodeRange"]],
  ])("refuses %s", async (_, changes, problems) => {
    expect(await refused(changes)).toEqual(problems);
  });
});

function metadataOf(inputs: Registration["inputs"]): { readonly name?: string } {
  return Object(inputs["metadata"]);
}
