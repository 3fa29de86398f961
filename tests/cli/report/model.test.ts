import type { JsonObject } from "../../../cli/report/read/json";
import { inOrder } from "../../../cli/report/model/order";
import { type Report, reportOf } from "../../../cli/report/model/report";
import { previewOf } from "../../../cli/report/read/read";
import { type Composed, type ComposedStep, digestOf, eventsOf, urn } from "../../support/composed-preview";

const POOL = "azure-native:containerservice:AgentPool";
const CLUSTER = "azure-native:containerservice:ManagedCluster";
const T4 = { vmSize: "Standard_NC4as_T4_v3", enableAutoScaling: true, minCount: 0, maxCount: 2, agentPoolName: "gpu1" };

function step(op: string, type: string, old: JsonObject | undefined, after: JsonObject | undefined, rest: Partial<ComposedStep> = {}): ComposedStep {
  return { op, type, urn: urn(type, "it"), old, new: after, ...rest };
}

function reported(...steps: readonly ComposedStep[]): Report {
  return reportOf(previewOf(digestOf({ steps })));
}

describe("what is lost", () => {
  const inputs = {};
  it.each([
    ["azure-native:resources:ResourceGroup", inputs, "Resource group"],
    [CLUSTER, inputs, "Cluster"],
    ["azure-native:containerregistry:Registry", inputs, "Registry"],
    ["azure-native:resources:Resource", { resourceProviderNamespace: "Microsoft.ContainerRegistry", resourceType: "registries" }, "Registry"],
    ["azure-native:storage:StorageAccount", inputs, "Storage account"],
    ["azure-native:storage:FileShare", inputs, "File share"],
    ["azure-native:storage:BlobContainer", inputs, "File share"],
    ["kubernetes:core/v1:Namespace", inputs, "Namespace"],
    ["kubernetes:core/v1:PersistentVolumeClaim", inputs, "Volume claim"],
    [POOL, T4, "GPU pool"],
    [POOL, { vmSize: "Standard_D4s_v5" }, "Node pool"],
    ["kubernetes:kaito.sh/v1beta1:Workspace", inputs, "KAITO workspace"],
    ["kubernetes:batch/v1:Job", { spec: { template: { spec: { containers: [{ name: "keep" }] } } } }, "Run"],
    ["azure-native:network:VirtualNetwork", inputs, "Network"],
    ["azure-native:network:PublicIPAddress", inputs, "Public address"],
  ])("counts %s %j as a %s, deleted or replaced", (type, of, what) => {
    expect(reported(step("delete", type, of, undefined)).losses).toMatchObject([{ action: "delete", what, name: "it" }]);
    expect(reported(step("replace", type, of, of, { forcing: ["x"] })).losses).toMatchObject([{ action: "replace", what, because: [{ path: "x", old: "nothing", new: "nothing" }] }]);
    for (const op of ["create", "update", "same", "read"]) expect(reported(step(op, type, of, of)).losses).toEqual([]);
  });

  it.each(["azure-native:authorization:RoleAssignment", "kubernetes:core/v1:ServiceAccount", "azure-native:resources:Resource", "kubernetes:core/v1:ConfigMap", "kubernetes:batch/v1:Job", "kubernetes:apps/v1:Deployment"])(
    "does not count %s",
    (type) => {
      expect(reported(step("delete", type, {}, undefined)).losses).toEqual([]);
    },
  );

  it("lists the worst first, then by name as people count", () => {
    const named = (type: string, name: string): ComposedStep => ({ op: "delete", type, urn: urn(type, name), old: {} });
    const losses = reported(named("kubernetes:core/v1:Namespace", "b"), named("azure-native:storage:FileShare", "run-10"), named("azure-native:storage:FileShare", "run-2"), named(CLUSTER, "z")).losses;
    expect(losses.map(({ name }) => name)).toEqual(["z", "run-2", "run-10", "b"]);
  });

  it.each([
    ["pushed", "9da4984ba5", []],
    ["failed", undefined, []],
    ["tuning", "9da4984ba5", [/^its record says tuning: it stops/]],
    ["pushed", "another", [/^it stops if it still runs/]],
    ["declared", undefined, [/^its record says declared: it stops/]],
  ])("counts a run whose record says %s of %s", (state, runId, consequences) => {
    const parent = urn("aks-fine-tuning:index:TuningJob", "tickets");
    const job = { metadata: { labels: { "aks-fine-tuning.dev/run": "9da4984ba5" } }, spec: { template: { metadata: { labels: { "app.kubernetes.io/component": "tuning" } } } } };
    const record: ComposedStep = { ...step("read", "kubernetes:core/v1:ConfigMap", {}, {}, { parent }), newOutputs: { data: { state, runId } } };
    const { losses } = reported(record, step("delete", "kubernetes:batch/v1:Job", job, undefined, { parent }));
    expect(losses.map(({ consequence }) => consequence)).toEqual(consequences.map((each) => expect.stringMatching(each)));
  });
});

describe("quota", () => {
  const quota = (preview: Composed, printed: (preview: Composed) => string) =>
    reportOf(previewOf(printed(preview))).quota.needs.map(({ family, oldVcpus, newVcpus, duringVcpus }) => [family, oldVcpus, newVcpus, duringVcpus]);
  const [FAMILY, SPOT] = ["Standard NCASv3_T4 Family vCPUs", "Total Regional Spot vCPUs"];

  it.each([
    ["a pool that grows", "update", T4, { ...T4, maxCount: 3 }, [[FAMILY, 8, 12, 12]]],
    ["a pool that shrinks", "update", T4, { ...T4, maxCount: 1 }, [[FAMILY, 8, 4, 8]]],
    ["a pool that is new", "create", undefined, T4, [[FAMILY, 0, 8, 8]]],
    ["a pool that goes", "delete", T4, undefined, [[FAMILY, 8, 0, 8]]],
    ["a pool whose successor has another name", "replace", T4, { ...T4, vmSize: "Standard_NC8as_T4_v3", agentPoolName: "gpu2" }, [[FAMILY, 8, 16, 24]]],
    ["a pool that turns spot", "replace", T4, { ...T4, scaleSetPriority: "Spot", agentPoolName: "gpu2" }, [[FAMILY, 8, 0, 8], [SPOT, 0, 8, 8]]],
    ["a pool of fixed size", "create", undefined, { vmSize: "Standard_NC4as_T4_v3", count: 3 }, [[FAMILY, 0, 12, 12]]],
    ["a pool without GPUs", "create", undefined, { vmSize: "Standard_D4s_v5", count: 3 }, []],
  ])("of %s", (_, op, old, after, expected) => {
    expect(quota({ steps: [step(op, POOL, old, after)] }, digestOf)).toEqual(expected);
  });

  it("counts a successor once where the old pool goes first, as the events say or as the same name forces", () => {
    const replaced = { steps: [step("replace", POOL, T4, { ...T4, osDiskSizeGB: 200 }, { forcing: ["osDiskSizeGB"] })] };
    expect(quota(replaced, digestOf)).toEqual([[FAMILY, 8, 8, 8]]);
    const deletedFirst = (preview: Composed) => eventsOf(preview).split("\n").sort((one, other) => Number(other.includes('"delete-replaced"')) - Number(one.includes('"delete-replaced"'))).join("\n");
    const renamed = { steps: [step("replace", POOL, T4, { ...T4, agentPoolName: "gpu2" })] };
    expect(quota(renamed, deletedFirst)).toEqual([[FAMILY, 8, 8, 8]]);
    expect(quota(renamed, eventsOf)).toEqual([[FAMILY, 8, 8, 16]]);
  });

  it("is told by region: of the cluster that a pool names, else of what else there is", () => {
    const cluster = (name: string, location: string): ComposedStep => ({ op: "create", type: CLUSTER, urn: urn(CLUSTER, name), new: { resourceName: name, location } });
    const pool = (name: string, more: JsonObject): ComposedStep => ({ op: "create", type: POOL, urn: urn(POOL, name), new: { ...T4, ...more } });
    const regions = (steps: readonly ComposedStep[], config: JsonObject = {}) => reportOf(previewOf(digestOf({ steps, config }))).quota.needs.map(({ region }) => region);
    expect(regions([cluster("one", "West Europe"), cluster("two", "eastus2"), pool("a", { resourceName: "two" }), pool("b", { resourceName: "one" })])).toEqual(["eastus2", "westeurope"]);
    expect(regions([cluster("one", "swedencentral"), pool("a", {})])).toEqual(["swedencentral"]);
    expect(regions([step("create", "azure-native:resources:ResourceGroup", undefined, { location: "uksouth" }), pool("a", {})])).toEqual(["uksouth"]);
    expect(regions([pool("a", {})], { "aks-fine-tuning:location": "westus3" })).toEqual(["westus3"]);
    expect(regions([pool("a", {})])).toEqual([undefined]);
  });
});

describe("pools", () => {
  const pools = (...steps: readonly ComposedStep[]) => reported(...steps).cost.pools.map(({ pool }) => [pool.name, pool.new?.size, pool.new?.priority, pool.new?.maxNodes, pool.new?.gpusPerNode]);

  it("inside a cluster count", () => {
    const profiles = [{ name: "system", vmSize: "Standard_D4s_v5", count: 1 }, { name: "gpus", vmSize: "Standard_NC64as_T4_v3", count: 2 }];
    expect(pools(step("create", CLUSTER, undefined, { agentPoolProfiles: profiles }))).toEqual([["gpus", "Standard_NC64as_T4_v3", "Regular", 2, 4]]);
  });

  it("of Karpenter count, by what limits them", () => {
    const requirements = [{ key: "karpenter.azure.com/sku-name", operator: "In", values: ["Standard_NC64as_T4_v3"] }, { key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] }];
    const spec = { template: { spec: { requirements } }, limits: { "nvidia.com/gpu": "12" } };
    expect(pools(step("create", "kubernetes:karpenter.sh/v1:NodePool", undefined, { spec }))).toEqual([["it", "Standard_NC64as_T4_v3", "Spot", 3, 4]]);
  });

  it("with partitioned GPUs offer slices", () => {
    expect(pools(step("create", POOL, undefined, { ...T4, vmSize: "Standard_NC24ads_A100_v4", gpuInstanceProfile: "MIG2g" }))).toEqual([["it", "Standard_NC24ads_A100_v4", "Regular", 2, 3]]);
  });

  it("that stay are known from a stack's output, unless they are told themselves", () => {
    const outputs = { platform: { pools: { it: { size: "Standard_NC8as_T4_v3", priority: "Spot", maxNodes: 5, nodeSelector: { "aks-fine-tuning.dev/pool": "it" } } } } };
    const stack: ComposedStep = { op: "same", type: "pulumi:pulumi:Stack", urn: urn("pulumi:pulumi:Stack", "s"), old: {}, new: {}, oldOutputs: outputs };
    expect(pools(stack)).toEqual([["it", "Standard_NC8as_T4_v3", "Spot", 5, 1]]);
    expect(pools(stack, step("update", POOL, T4, { ...T4, nodeLabels: { "aks-fine-tuning.dev/pool": "it" } }))).toEqual([["it", "Standard_NC4as_T4_v3", "Regular", 2, 1]]);
  });
});

describe("what ends soon", () => {
  const endings = (type: string, inputs: JsonObject) => reported(step("create", type, undefined, inputs)).endings.map(({ what, end }) => `${what}: ${end}`);

  it.each([
    [CLUSTER, { kubernetesVersion: "1.33.4" }, ["Kubernetes 1.33: AKS ended its support in 2026-07"]],
    [CLUSTER, { kubernetesVersion: "1.34" }, ["Kubernetes 1.34: AKS ends its support in 2026-11"]],
    [CLUSTER, { kubernetesVersion: "1.35" }, ["Kubernetes 1.35: AKS ends its support in 2027-03"]],
    [CLUSTER, { kubernetesVersion: "1.36" }, []],
    [CLUSTER, { kubernetesVersion: "1.34", supportPlan: "AKSLongTermSupport" }, []],
    [CLUSTER, { kubernetesVersion: "1.99" }, []],
    [CLUSTER, {}, []],
    [POOL, { orchestratorVersion: "1.34" }, ["Kubernetes 1.34: AKS ends its support in 2026-11"]],
    [POOL, { vmSize: "Standard_NC6s_v3" }, ["Size Standard_NC6s_v3: it was retired on 2025-09-30: Azure deallocates what is left of it"]],
    ["azure-native:containerservice/v20250902preview:ManagedCluster", {}, ["API 2025-09-02-preview of containerservice: AKS stops a preview version about a year after it came: 2026-09"]],
    ["azure-native:containerregistry/v20230101preview:Registry", {}, ["API 2023-01-01-preview of containerregistry: a preview version may stop when a stable one has come"]],
    ["azure-native:resources:Resource", { apiVersion: "2025-11-01" }, []],
    ["kubernetes:kaito.sh/v1beta1:Workspace", { inference: { preset: { name: "phi-4-mini-instruct" } } }, []],
    ["kubernetes:kaito.sh/v1beta1:Workspace", { inference: { preset: { name: "microsoft/Phi-3.5-mini-instruct" } } }, ["KAITO preset microsoft/Phi-3.5-mini-instruct: KAITO retires it in the release after 0.12.0 (kaito-project/kaito#2356)"]],
  ])("of %s with %j", (type, inputs, expected) => {
    expect(endings(type, inputs)).toEqual(expected);
  });
});

describe("a refresh", () => {
  it("tells what someone else changed", () => {
    const drifted = step("refresh", POOL, T4, { ...T4, maxCount: 9 }, { kinds: { maxCount: "update" } });
    expect(reported(drifted, { ...step("refresh", CLUSTER, {}, {}), urn: urn(CLUSTER, "c") }).counts).toEqual({ create: 0, update: 1, replace: 0, delete: 0, same: 0 });
  });
});

describe("an update without a reason from its provider", () => {
  it("is told by the inputs that differ, and not by a dynamic provider's own text", () => {
    const password = "pulumi-nodejs:dynamic/aks-fine-tuning:TokenPassword";
    const [group] = reported(step("update", password, { __provider: "old text", mintedFor: "run-1" }, { __provider: "new text", mintedFor: "run-2" })).resources;
    expect(group?.items).toMatchObject([{ type: "TokenPassword", fields: [{ path: "mintedFor", old: "run-1", new: "run-2" }], moreFields: 0 }]);
  });
});

describe("the order of people", () => {
  it.each([
    ["run-2", "run-10", -1],
    ["run-10", "run-2", 1],
    ["a", "b", -1],
    ["a", "a", 0],
    ["a", "a1", -1],
    ["run-02", "run-2", -1],
    ["x9y", "x10a", -1],
  ])("%s against %s", (one, other, sign) => {
    expect(Math.sign(inOrder(one, other))).toBe(sign);
  });
});
