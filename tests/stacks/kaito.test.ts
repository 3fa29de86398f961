import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { deploy, type StackOutputs } from "../../stacks/deploy";
import { readSettings } from "../../stacks/settings";
import { mockEngine, type MockOptions, type Registration } from "../support/mock-engine";
import { PLATFORM_OUTPUT } from "../support/platform-output";
import { messageOf } from "../support/refusal";
import { resolved } from "../support/resolved";
import { SimulatedAzure } from "../support/simulated-azure";
import { IMAGES, stackConfiguration } from "../support/stack-configuration";

const before = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), "kaito-stack-"));
const dataset = path.join(folder, "rows.jsonl");
const FINISHED = { record: { adapterDigest: `sha256:${"9".repeat(64)}` } };
type Changes = Readonly<Record<string, unknown>>;

// A whole program takes seconds on a busy machine.
jest.setTimeout(60_000);
beforeAll(() => {
  process.chdir(folder);
  writeFileSync(dataset, '{"prompt":"hi","completion":"hello"}\n');
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** A team that lets KAITO's pods in, and a recipe that KAITO and the library's own trainer both tune. */
const READY: Changes = {
  model: { name: "Phi-4-mini-instruct" },
  recipe: { method: "lora", sequenceLength: 1024, loss: "all" },
  teamArguments: { podSecurity: "baseline", containers: { memoryGiB: 200, localDiskGiB: 300 } },
};
/** What each KAITO adds to a stack's file. */
const CHART: Changes = { kaito: { channel: "chart" } };
const ADD_ON: Changes = { kaito: { channel: "add-on" }, cluster: { addOns: { kaito: true } } };
const TUNING: Changes = { tuningEngine: "kaito", tuningSize: "Standard_NC24ads_A100_v4", weightsImage: undefined };
const SERVING: Changes = { servingEngine: "kaito" };

interface Program {
  readonly outputs: StackOutputs;
  readonly registered: Registration[];
}

/** A whole stack under the mock engine; registries are the Azure stand-in's, as secrets ask for their ids. */
async function program(stack: string, changes: Changes, options: MockOptions = {}): Promise<Program> {
  const azure = new SimulatedAzure(0.01);
  const engine = await mockEngine({ ...FINISHED, azure, ...options });
  pulumi.runtime.setAllConfig(stackConfiguration(stack, { dataset, ...READY, ...changes }));
  const outputs = await deploy(readSettings(new pulumi.Config("aks-fine-tuning")));
  const registered = await engine.registered();
  azure.close();
  return { outputs, registered };
}

const listed = ({ registered }: Program): string[] =>
  registered.map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name.replace(/-[0-9a-f]{10}\b/, "-RUN")}`);

/** What one program registers and another does not. */
function beyond(one: Program, other: Program): string[] {
  const known = listed(other);
  return listed(one).filter((each) => !known.includes(each));
}

const found = ({ registered }: Program, type: string, name: string): Registration => {
  const [resource] = registered.filter((each) => each.type.endsWith(`:${type}`) && each.name === name);
  if (!resource) throw new Error(`there is no ${type} ${name}`);
  return resource;
};

const registrySecret = (name: string): string[] => ["RegistrySecret", "ScopeMap", "Token", "TokenPassword", "Secret"].map((kind) => `${kind} ${name}`);
const OPERATOR = [
  ...["KaitoOperator kaito", "Namespace kaito-namespace", "NetworkPolicy kaito-default-deny", "NetworkPolicy kaito-traffic", "ResourceQuota kaito-quota", "Release kaito"],
  ...["UserAssignedIdentity", "RoleDefinition", "RoleAssignment", "FederatedIdentityCredential", "Release"].map((kind) => `${kind} kaito-provisioner`),
  ...["Namespace kaito-provisioner-namespace", "NetworkPolicy kaito-provisioner-default-deny", "NetworkPolicy kaito-provisioner-traffic"],
  ...["LimitRange kaito-provisioner-limits", "ResourceQuota kaito-provisioner-quota"],
];
const RUN = ["ConfigMap tickets-training-RUN", ...registrySecret("tickets-push")];
const SERVICE = ["ConfigMap tickets-config", ...registrySecret("tickets-tickets-pull")];
/** What the library's own engines have and KAITO's have not. */
const OWN_ENGINES = ["Deployment tickets", "Job tickets-RUN-preflight"];

describe("a stack with KAITO", () => {
  let own: Program;
  let byChart: Program;
  beforeAll(async () => {
    own = await program("dev", {});
    byChart = await program("dev", { ...CHART, ...TUNING, ...SERVING });
  });

  it("by chart has the operator, its provisioner, a run and an InferenceSet of KAITO's beside what any stack has", () => {
    expect(beyond(byChart, own).sort()).toEqual([...OPERATOR, ...RUN, ...SERVICE, "InferenceSet tickets"].sort());
    expect(beyond(own, byChart).sort()).toEqual(OWN_ENGINES);
  });

  it("by the add-on switches it on, and makes a run, a secret for its rows and a Workspace, with the device plugin that AKS brings", async () => {
    const addOn = await program("dev", { ...ADD_ON, ...TUNING, ...SERVING });
    expect(beyond(addOn, own).sort()).toEqual(["KaitoOperator kaito", ...RUN, ...registrySecret("tickets-pull"), ...SERVICE, "Workspace tickets"].sort());
    expect(beyond(own, addOn).sort()).toEqual(["DaemonSet gpu-support-device-plugin", ...OWN_ENGINES]);
    expect(found(addOn, "ManagedCluster", "ai").inputs).toMatchObject({ aiToolchainOperatorProfile: { enabled: true } });
    expect(found(addOn, "ScopeMap", "tickets-pull").inputs["actions"]).toEqual(["repositories/datasets/tickets/content/read"]);
  });

  it("may leave run and service to the library's own engines", async () => {
    const platform = await program("dev", CHART);
    expect(beyond(platform, own).sort()).toEqual([...OPERATOR].sort());
    expect(beyond(own, platform)).toEqual([]);
    // A service of the library's own needs weights that a run of KAITO's does not.
    const mixed = await program("dev", { ...CHART, ...TUNING, weightsImage: IMAGES.weightsImage });
    expect(beyond(mixed, own).sort()).toEqual([...OPERATOR, ...RUN].sort());
    expect(beyond(own, mixed)).toEqual(["Job tickets-RUN-preflight"]);
  });

  it("gives the operator its images and arguments, and the stack's tags to the identity of its provisioner", async () => {
    const image = (name: string) => `mcr.microsoft.com/aks/kaito/${name}@sha256:${"1".repeat(64)}`;
    const kaito = { channel: "chart", memoryMiB: 256, provisionerRoleId: "/roles/pools" };
    const changes = { layers: ["platform"], tags: { team: "ml" }, kaito, kaitoImage: image("workspace"), gpuProvisionerImage: image("gpu-provisioner") };
    const platform = await program("dev", changes);
    expect(listed(platform)).not.toContain("RoleDefinition kaito-provisioner");
    const values = { image: { repository: "mcr.microsoft.com/aks/kaito/workspace@sha256", tag: "1".repeat(64) }, resources: { limits: { memory: "256Mi" } } };
    expect(found(platform, "Release", "kaito").inputs["values"]).toMatchObject(values);
    expect(JSON.stringify(found(platform, "Release", "kaito-provisioner").inputs["values"])).toContain("1".repeat(64));
    expect(found(platform, "UserAssignedIdentity", "kaito-provisioner").inputs["tags"]).toMatchObject({ team: "ml" });
  });

  it.each<[string, Changes, boolean, boolean]>([
    ["by chart", { channel: "chart" }, true, true],
    ["with its own device plugin", { channel: "chart", devicePlugin: "kaito" }, false, true],
    ["with somebody else's", { channel: "chart", devicePlugin: "other" }, true, false],
    ["on nodes of one's own", { channel: "chart", nodeProvisioner: "byo" }, true, false],
  ])("%s has one device plugin a node", async (_, kaito, plugin, onItsNodes) => {
    const platform = await program("dev", { layers: ["platform"], kaito });
    expect(listed(platform).includes("DaemonSet gpu-support-device-plugin")).toBe(plugin);
    const exporter = JSON.stringify(found(platform, "DaemonSet", "gpu-support-metrics-exporter").inputs);
    expect(exporter.includes("kaito.sh/workspace")).toBe(onItsNodes);
  });

  it("needs no pool where KAITO makes every node", async () => {
    const without = await program("dev", { ...CHART, ...TUNING, ...SERVING, pools: {} });
    expect(beyond(byChart, without).sort()).toEqual(["AgentPool gpu", "GpuNodePool gpu"]);
    expect([beyond(without, byChart), without.outputs.gpuSize]).toEqual([[], "Standard_NC24ads_A100_v4"]);
    expect(listed(await program("dev", { ...CHART, layers: ["platform"], pools: {} }))).not.toContain("GpuNodePool gpu");
  });

  it("tunes on a pool of its own by name, without a node of KAITO's", async () => {
    const labels = { "kaito.sh/workspace": "tickets", "kaito.sh/workspacenamespace": "support" };
    const pools = { gpu: { size: "Standard_NC24ads_A100_v4", minNodes: 1, labels } };
    const { outputs, registered } = await program("dev", { ...CHART, ...TUNING, ...SERVING, servingSize: TUNING["tuningSize"], pools, tuningPool: "gpu", tuningSize: "" });
    const [run] = registered.filter(({ type }) => type.endsWith(":TuningJob"));
    expect(run?.inputs).toMatchObject({ engine: "kaito", nodesBy: "pool", nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" } });
    expect(outputs.gpuSize).toBe("Standard_NC24ads_A100_v4");
  });

  it("serves on a pool of its own where KAITO makes no nodes", async () => {
    const pools = { gpu: { priority: "Spot" }, serve: { size: "Standard_NC24ads_A100_v4", minNodes: 1, maxNodes: 2 } };
    const byo = { kaito: { channel: "chart", nodeProvisioner: "byo" }, ...SERVING, pools, servingPool: "serve" };
    const served = found(await program("dev", byo), "InferenceService", "tickets");
    expect(served.inputs).toMatchObject({ engine: "kaito", size: "Standard_NC24ads_A100_v4", nodes: 1 });
  });

  it("tells of the size that KAITO makes, and of its arguments in the service", async () => {
    expect([byChart.outputs.gpuSize, byChart.outputs.gpuSizeReason]).toEqual(["Standard_NC24ads_A100_v4", undefined]);
    const service = { replicas: 2, maxModelLength: 4096, performanceMode: "throughput", maxNodes: 4 };
    const other = await program("dev", { ...CHART, ...TUNING, ...SERVING, servingSize: "Standard_NV36ads_A10_v5", service });
    expect(found(other, "InferenceService", "tickets").inputs).toMatchObject({ size: "Standard_NV36ads_A10_v5", replicas: 2, maxModelLength: 4096 });
    expect(found(byChart, "InferenceService", "tickets").inputs).toMatchObject({ size: "Standard_NC24ads_A100_v4", replicas: 1 });
  });

  it("says in its output which KAITO there is and where, for stacks of workloads", async () => {
    const platform = await resolved(byChart.outputs.platform);
    expect(platform).toMatchObject({
      kaito: { version: "0.12", nodeProvisioner: "azure-gpu-provisioner" },
      cluster: { kaitoAddOn: false, location: "eastus", nodeResourceGroup: expect.stringContaining("MC_") },
      pools: { gpu: { minNodes: 0, labels: { "aks-fine-tuning.dev/pool": "gpu" } } },
    });
    expect(await resolved(own.outputs.platform)).not.toHaveProperty("kaito");
  });
});

const registryId = (name: string): string => `/subscriptions/subscription/resourceGroups/ai/providers/Microsoft.ContainerRegistry/registries/${name}`;
/** A platform that another stack has, with KAITO or without. */
function otherStack(kaito?: object, pools: object = PLATFORM_OUTPUT.pools): MockOptions {
  const registries = { datasets: { ...PLATFORM_OUTPUT.datasets, id: registryId("datasets0") }, adapters: { ...PLATFORM_OUTPUT.adapters, id: registryId("adapters0") } };
  const output = { ...PLATFORM_OUTPUT, ...registries, pools, ...(kaito ? { kaito } : {}) };
  // Its Azure is there already.
  return { azure: undefined, stacks: { "organization/aks-fine-tuning/prod": { platform: output } } };
}
const WORKLOADS: Changes = { ...TUNING, ...SERVING, tuningPool: "", servingPool: "" };

describe("workloads with KAITO on another stack's platform", () => {
  it("use the KAITO that its output tells of, and wait for none of their own", async () => {
    const service = { replicas: 2, maxModelLength: 4096 };
    const own = await program("prod-support", { service }, otherStack());
    const kaito = await program("prod-support", { ...WORKLOADS, service }, otherStack({ version: "0.12", nodeProvisioner: "azure-gpu-provisioner" }));
    expect(beyond(kaito, own).sort()).toEqual([...RUN, ...SERVICE, "InferenceSet tickets"].sort());
    expect(beyond(own, kaito).sort()).toEqual(OWN_ENGINES);
    expect(found(kaito, "InferenceSet", "tickets").inputs["spec"]).toMatchObject({ replicas: 2 });
  });

  it("pull their rows with a secret where that KAITO mounts no images", async () => {
    const kaito = await program("prod-support", { ...WORKLOADS, layers: ["tuning"] }, otherStack({ version: "0.6", nodeProvisioner: "azure-gpu-provisioner" }));
    expect(found(kaito, "ScopeMap", "tickets-pull").inputs).toMatchObject({ registryName: "datasets0", actions: ["repositories/datasets/tickets/content/read"] });
  });
});

describe("what is refused of KAITO, before anything is registered", () => {
  async function refused(stack: string, changes: Changes, options: MockOptions = {}): Promise<string[]> {
    const engine = await mockEngine(options);
    pulumi.runtime.setAllConfig(stackConfiguration(stack, { dataset, ...READY, ...changes }));
    const message = await deploy(readSettings(new pulumi.Config("aks-fine-tuning"))).then(
      () => "nothing was refused",
      (error: unknown) => messageOf(() => { throw error; }),
    );
    const registered = await engine.registered();
    expect(registered.filter(({ type }) => !type.startsWith("pulumi:"))).toEqual([]);
    return message.split("\n").slice(1).map((problem) => problem.replace(/^- /, ""));
  }
  const withoutText = (problems: readonly string[]): string[] => problems.map((problem) => problem.replace(/: got.*/, ""));
  const KAITO: Changes = { ...CHART, ...TUNING, ...SERVING };

  it("names both keys where they contradict each other about who runs it", async () => {
    expect(await refused("dev", { ...KAITO, kaito: { channel: "add-on" } })).toEqual([
      'AKSFT-KAITO-65 kaito.channel: got "add-on"; is AKS\'s own KAITO, and cluster.addOns.kaito is not true; fix: set cluster.addOns.kaito to true, or kaito.channel to "chart"',
    ]);
    expect(await refused("dev", { ...ADD_ON, ...CHART, ...TUNING, ...SERVING })).toEqual([
      'AKSFT-KAITO-66 kaito.channel: got "chart"; would install a second KAITO, beside the one that AKS runs by cluster.addOns.kaito; fix: set kaito.channel to "add-on", or remove cluster.addOns.kaito',
    ]);
  });

  it("asks for KAITO where there is none, here or in the stack that has the platform", async () => {
    const lacking = (key: string, fix: string): string => `AKSFT-STACK-18 ${key}: got "kaito"; needs KAITO on the platform, which has none; fix: ${fix}`;
    const here = 'set kaito, for example to { channel: "chart" }';
    expect(await refused("dev", { ...KAITO, kaito: {} })).toEqual([lacking("tuningEngine", here), lacking("servingEngine", here)]);
    const there = "set kaito in the stack that platformStack names, and deploy it first";
    expect(await refused("prod-support", WORKLOADS, otherStack())).toEqual([lacking("tuningEngine", there), lacking("servingEngine", there)]);
    // Without a platform that is the one fault.
    expect(withoutText(await refused("dev", { ...KAITO, layers: ["tuning", "serving"] }))).toEqual(["AKSFT-STACK-06 layers"]);
  });

  it("tells of sizes that no engine reads", async () => {
    expect(await refused("dev", { ...CHART, servingSize: "Standard_NC24ads_A100_v4" })).toEqual([
      'AKSFT-STACK-17 servingSize: got "Standard_NC24ads_A100_v4"; is the size of nodes that KAITO makes, and servingEngine is "vllm"; fix: remove it, or set servingEngine to "kaito"',
    ]);
  });

  const OWN_POOL = { tuningPool: "gpu", tuningSize: "", servingSize: TUNING["tuningSize"] };
  it.each<[string, Changes, string[]]>([
    ["engines that nobody knows", { tuningEngine: "kaitoo", servingEngine: "vlm" }, ["AKSFT-STACK-16 tuningEngine", "AKSFT-STACK-16 servingEngine"]],
    ["a misspelt argument", { kaito: { chanel: "chart" } }, ["AKSFT-STACK-07 kaito.chanel"]],
    ["an argument of the other engine", { servingEngine: "", weightsImage: IMAGES.weightsImage, service: { runtime: "vllm" } }, ["AKSFT-STACK-07 service.runtime"]],
    ["a service of the library's own without weights", { servingEngine: "" }, ["AKSFT-STACK-03 weightsImage"]],
    ["images by tag", { kaitoImage: "mcr.microsoft.com/aks/kaito/workspace:0.12.0" }, ["AKSFT-STACK-04 kaitoImage"]],
    [
      "images that nobody named, in production",
      { environment: "production", cluster: { authorizedIpRanges: ["203.0.113.0/24"] } },
      ["AKSFT-KAITO-69 kaitoImage", "AKSFT-KAITO-69 gpuProvisionerImage"],
    ],
    [
      "settings of the add-on",
      { ...ADD_ON, kaito: { channel: "add-on", memoryMiB: 512 }, gpuProvisionerImage: IMAGES.trainerImage },
      ["AKSFT-KAITO-63 kaito.memoryMiB", "AKSFT-KAITO-63 gpuProvisionerImage"],
    ],
    ["a version that nobody knows", { kaito: { version: "0.11" } }, ["AKSFT-KAITO-05 kaito.version"]],
    [
      "a team that keeps its pods out, and what the service may not",
      { teamArguments: {}, service: { replicas: -1, runtime: "vlm" } },
      ["AKSFT-KAITO-34 teamArguments.podSecurity", "AKSFT-SERVE-01 service.replicas", "AKSFT-KAITO-44 service.runtime"],
    ],
    ["no pool where something runs on one", { pools: {}, tuningEngine: "job", tuningSize: "", weightsImage: IMAGES.weightsImage, servingSize: TUNING["tuningSize"] }, ["AKSFT-STACK-10 pools"]],
    ["neither size nor pool", { tuningSize: "" }, ["AKSFT-KAITO-30 tuningSize", "AKSFT-KAITO-41 servingSize"]],
    ["sizes that nobody knows", { tuningSize: "Standard_NC24ads_A100_v5" }, ["AKSFT-KAITO-20 tuningSize", "AKSFT-KAITO-59 servingSize"]],
    ["pools that are not there", { ...OWN_POOL, tuningPool: "a", servingPool: "b" }, ["AKSFT-STACK-13 tuningPool", "AKSFT-STACK-13 servingPool"]],
    [
      "a pool that it cannot use",
      { ...OWN_POOL, pools: { gpu: { size: "Standard_NC24ads_A100_v4", taints: [{ key: "team", value: "ml", effect: "NoSchedule" }] } } },
      [...["labels.kaito.sh/workspace", "labels.kaito.sh/workspacenamespace", "minNodes"].map((key, index) => `AKSFT-KAITO-${index < 2 ? 27 : 31} pools.gpu.${key}`), "AKSFT-KAITO-29 pools.gpu.taints"],
    ],
    ["a pool to serve on that KAITO would not", { servingPool: "gpu" }, ["AKSFT-KAITO-41 servingPool"]],
    ["a model that it does not tune", { model: { name: "Llama-3.1-8B-Instruct" } }, ["AKSFT-KAITO-11 model", "AKSFT-KAITO-43 service.accessSecret"]],
    ["a loss that it does not know", { recipe: { method: "lora", sequenceLength: 1024 } }, ["AKSFT-KAITO-16 recipe.loss"]],
    ["a recipe that is wrong for all", { recipe: { method: "lora", sequenceLength: 0, loss: "all" } }, ["AKSFT-TUNE-03 recipe.sequenceLength"]],
    ["a name that makes no volume", { run: "a-name-of-more-than-thirty-one-letters" }, ["AKSFT-KAITO-46 run"]],
    ["a name that Kubernetes refuses", { run: "Tickets" }, ["AKSFT-NAME-04 run"]],
  ])("lists %s", async (_, changes, problems) => {
    expect(withoutText(await refused("dev", { ...KAITO, ...changes }))).toEqual(problems);
  });

  it("asks for a pool of the other stack that has none, or for KAITO in its place", async () => {
    const nowhere = (layer: string): string =>
      `AKSFT-STACK-19 ${layer}Pool: got nothing; needs a GPU pool, and the platform that platformStack names has none; fix: set ${layer}Engine to "kaito", or add a pool to that stack`;
    const workloads = { tuningPool: "", servingPool: "" };
    expect(await refused("prod-support", workloads, otherStack(undefined, {}))).toEqual([nowhere("tuning"), nowhere("serving")]);
  });

  it("leads to the other stack where its KAITO is what does not fit", async () => {
    const byo = otherStack({ version: "0.12", nodeProvisioner: "byo" });
    expect(withoutText(await refused("prod-support", WORKLOADS, byo))).toEqual(["AKSFT-KAITO-25 platformStack", "AKSFT-KAITO-41 servingSize"]);
  });
});
