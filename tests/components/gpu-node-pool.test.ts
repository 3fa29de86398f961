import { type ClusterRef, GpuNodePool, type GpuSize, rightSize } from "../../components";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER } from "../support/references";
import { problemsOf } from "../support/refusal";
import { TINY_RECIPE } from "../support/tiny-recipe";

const component = (name: string, inputs: Record<string, unknown>): Registration => ({ type: "aks-fine-tuning:index:GpuNodePool", name, inputs });
const REGULAR: Registration = {
  type: "azure-native:containerservice:AgentPool",
  name: "gpu",
  parent: "GpuNodePool gpu",
  ignoreChanges: ["count", "orchestratorVersion"],
  deleteBeforeReplace: false,
  inputs: {
    resourceGroupName: "group",
    resourceName: "ai",
    agentPoolName: "gpu658f",
    mode: "User",
    type: "VirtualMachineScaleSets",
    vmSize: "Standard_NC24ads_A100_v4",
    osType: "Linux",
    osSKU: "Ubuntu2404",
    orchestratorVersion: "1.36",
    vnetSubnetID: "subnet-id",
    enableAutoScaling: true,
    count: 1,
    minCount: 1,
    maxCount: 4,
    maxPods: 50,
    nodeLabels: { "aks-fine-tuning.dev/pool": "gpu" },
    nodeTaints: ["sku=gpu:NoSchedule"],
    gpuProfile: { driver: "Install" },
    scaleSetPriority: "Regular",
    upgradeSettings: { maxSurge: "0", maxUnavailable: "1" },
  },
};

describe("GpuNodePool", () => {
  it("registers a regular pool that upgrades without a second GPU node", async () => {
    const engine = await mockEngine();
    new GpuNodePool("gpu", { cluster: existingCluster(), size: "Standard_NC24ads_A100_v4", minNodes: 1, maxNodes: 4 });
    expect(await engine.registered()).toEqual([
      component("gpu", { size: "Standard_NC24ads_A100_v4", priority: "Regular", maxNodes: 4 }),
      REGULAR,
      EXISTING_PROVIDER,
    ]);
  });

  it("registers a spot pool with AKS's own label and taint, without upgrade settings, idling at no node", async () => {
    const engine = await mockEngine();
    const size = rightSize(TINY_RECIPE, { location: "eastus", priority: "Spot" });
    new GpuNodePool("gpu", { cluster: existingCluster(), size });
    expect(await engine.registered()).toEqual([
      component("gpu", { size: "Standard_NC4as_T4_v3", priority: "Spot", maxNodes: 1, reason: size.reason }),
      {
        type: "azure-native:containerservice:AgentPool",
        name: "gpu",
        parent: "GpuNodePool gpu",
        ignoreChanges: ["count", "orchestratorVersion"],
        deleteBeforeReplace: false,
        inputs: {
          resourceGroupName: "group",
          resourceName: "ai",
          agentPoolName: "gpu4c94",
          mode: "User",
          type: "VirtualMachineScaleSets",
          vmSize: "Standard_NC4as_T4_v3",
          osType: "Linux",
          osSKU: "Ubuntu2404",
          orchestratorVersion: "1.36",
          vnetSubnetID: "subnet-id",
          enableAutoScaling: true,
          count: 0,
          minCount: 0,
          maxCount: 1,
          maxPods: 50,
          nodeLabels: { "aks-fine-tuning.dev/pool": "gpu", "kubernetes.azure.com/scalesetpriority": "spot" },
          nodeTaints: ["sku=gpu:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
          gpuProfile: { driver: "Install" },
          scaleSetPriority: "Spot",
          scaleSetEvictionPolicy: "Delete",
          spotMaxPrice: -1,
        },
      },
      EXISTING_PROVIDER,
    ]);
  });

  it("waits for the pool registered before it on the same cluster, as AKS refuses overlapping writes", async () => {
    const engine = await mockEngine();
    const cluster = existingCluster();
    const other: ClusterRef = { ...cluster, clusterName: "other" };
    const size: GpuSize = "Standard_NC4as_T4_v3";
    for (const name of ["a", "b", "c"]) new GpuNodePool(name, { cluster, size });
    new GpuNodePool("d", { cluster: other, size });
    const pools = (await engine.registered()).filter(({ type }) => type === "azure-native:containerservice:AgentPool");
    expect(pools.map(({ name, after }) => [name, after])).toEqual([
      ["a", undefined],
      ["b", ["AgentPool a"]],
      ["c", ["AgentPool b"]],
      ["d", undefined],
    ]);
  });

  it("leaves the last word to the caller", async () => {
    const engine = await mockEngine();
    const cluster = existingCluster();
    const override = <Args extends object>(args: Args) => ({ ...args, osDiskSizeGB: 256 });
    new GpuNodePool("gpu", { cluster, size: "Standard_NC24ads_A100_v4", minNodes: 1, maxNodes: 4, override });
    expect(await engine.registered()).toContainEqual({ ...REGULAR, inputs: { ...REGULAR.inputs, osDiskSizeGB: 256 } });
  });

  it("tells workloads where to land", async () => {
    const engine = await mockEngine();
    const pool = new GpuNodePool("gpu", { cluster: existingCluster(), size: "Standard_NC24ads_A100_v4", maxNodes: 3 });
    const { size, priority, maxNodes, nodeSelector, tolerations, kubernetesVersion, osSku } = pool;
    expect({ size, priority, maxNodes, nodeSelector, tolerations, kubernetesVersion, osSku }).toEqual({
      size: "Standard_NC24ads_A100_v4",
      priority: "Regular",
      maxNodes: 3,
      nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" },
      tolerations: [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }],
      kubernetesVersion: "1.36",
      osSku: "Ubuntu2404",
    });
    await engine.registered();
  });

  it("registers nothing for bad arguments and lists all of them", async () => {
    const engine = await mockEngine();
    const size: string = "Standard_D8s_v5";
    const bad = { cluster: existingCluster(), size: size as GpuSize, minNodes: 5, maxNodes: 2 };
    expect(problemsOf(() => new GpuNodePool("GPUPool", bad)).map((problem) => problem.split(" ")[0])).toEqual([
      "AKSFT-NAME-03",
      "AKSFT-POOL-01",
      "AKSFT-POOL-04",
    ]);
    expect(await engine.registered()).toEqual([EXISTING_PROVIDER]);
  });
});
