import * as pulumi from "@pulumi/pulumi";
import { type ClusterRef, GpuNodePool, type GpuSize, PreferredSpotGpuPool, rightSize } from "../../components";
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
    agentPoolName: "gpu0556",
    mode: "User",
    type: "VirtualMachineScaleSets",
    vmSize: "Standard_NC24ads_A100_v4",
    osType: "Linux",
    osSKU: "Ubuntu2404",
    orchestratorVersion: "1.36",
    vnetSubnetID: "subnet-id",
    enableNodePublicIP: false,
    enableEncryptionAtHost: true,
    enableAutoScaling: true,
    count: 0,
    minCount: 0,
    maxCount: 4,
    scaleDownMode: "Delete",
    maxPods: 50,
    nodeLabels: { "aks-fine-tuning.dev/pool": "gpu" },
    nodeTaints: ["sku=gpu:NoSchedule"],
    gpuProfile: { driver: "Install" },
    scaleSetPriority: "Regular",
    upgradeSettings: { maxSurge: "0", maxUnavailable: "1" },
    tags: { "managed-by": "aks-fine-tuning", component: "GpuNodePool/gpu" },
  },
};
/** The regular pool with some inputs changed, and without those that are undefined. */
const changed = (inputs: Record<string, unknown>, more: Partial<Registration> = {}): Registration => ({
  ...REGULAR,
  ...more,
  inputs: Object.fromEntries(Object.entries({ ...REGULAR.inputs, ...inputs }).filter(([, value]) => value !== undefined)),
});
const A100 = { size: "Standard_NC24ads_A100_v4", maxNodes: 4 } as const;
const RESERVATION = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/capacityReservationGroups/a100";

describe("GpuNodePool", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it("registers a regular pool that upgrades without a second GPU node, with encrypted hosts and no public addresses", async () => {
    const engine = await mockEngine();
    new GpuNodePool("gpu", { cluster: existingCluster(), ...A100 });
    expect(await engine.registered()).toEqual([
      component("gpu", { size: "Standard_NC24ads_A100_v4", priority: "Regular", maxNodes: 4 }),
      REGULAR,
      EXISTING_PROVIDER,
    ]);
  });

  it("registers a spot pool with AKS's own label and taint, on its local disk, without upgrade settings, idling at no node", async () => {
    const engine = await mockEngine();
    const size = rightSize(TINY_RECIPE, { location: "eastus", priority: "Spot" });
    new GpuNodePool("gpu", { cluster: existingCluster({ environment: "development" }), size });
    expect(await engine.registered()).toEqual([
      component("gpu", { size: "Standard_NC4as_T4_v3", priority: "Spot", maxNodes: 1, reason: size.reason }),
      changed({
        agentPoolName: "gpu4c94",
        vmSize: "Standard_NC4as_T4_v3",
        osDiskType: "Ephemeral",
        enableEncryptionAtHost: undefined,
        maxCount: 1,
        nodeLabels: { "aks-fine-tuning.dev/pool": "gpu", "kubernetes.azure.com/scalesetpriority": "spot" },
        nodeTaints: ["sku=gpu:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
        scaleSetPriority: "Spot",
        scaleSetEvictionPolicy: "Delete",
        spotMaxPrice: -1,
        upgradeSettings: undefined,
      }),
      EXISTING_PROVIDER,
    ]);
  });

  it("tells once why rightSize chose a size, however many pools have it, and nothing of a size that was named", async () => {
    const engine = await mockEngine();
    const info = jest.spyOn(pulumi.log, "info").mockResolvedValue();
    const size = rightSize({ ...TINY_RECIPE, sequenceLength: 256 }, { location: "eastus", priority: "Spot" });
    const cluster = existingCluster({ environment: "development" });
    const first = new GpuNodePool("one", { cluster, size });
    new PreferredSpotGpuPool("two", { cluster, size });
    new GpuNodePool("three", { cluster, size: size.shape.size });
    await engine.registered();
    expect(info.mock.calls).toEqual([[size.reason, first]]);
  });

  it("registers a pool of slices, and tells pods how to ask for one", async () => {
    const engine = await mockEngine();
    const pool = new GpuNodePool("gpu", { cluster: existingCluster(), ...A100, gpuInstanceProfile: "MIG3g", migStrategy: "mixed" });
    const { gpusPerNode, gpuResource, gpuMemoryGiB } = pool;
    expect({ gpusPerNode, gpuResource, gpuMemoryGiB }).toEqual({ gpusPerNode: 2, gpuResource: "nvidia.com/mig-3g.40gb", gpuMemoryGiB: 79.25 / 2 });
    expect(await engine.registered()).toEqual([
      component("gpu", { size: "Standard_NC24ads_A100_v4", priority: "Regular", maxNodes: 4 }),
      changed({ agentPoolName: "gpu7281", gpuInstanceProfile: "MIG3g" }),
      EXISTING_PROVIDER,
    ]);
  });

  it("registers a pool of the patch that its cluster pins", async () => {
    const engine = await mockEngine();
    const pool = new GpuNodePool("gpu", { cluster: existingCluster({ exactKubernetesVersion: "1.36.2" }), ...A100 });
    expect(pool.kubernetesVersion).toBe("1.36");
    expect(await engine.registered()).toEqual([
      component("gpu", { size: "Standard_NC24ads_A100_v4", priority: "Regular", maxNodes: 4 }),
      changed({ orchestratorVersion: "1.36.2" }),
      EXISTING_PROVIDER,
    ]);
  });

  it("registers a pool on reserved capacity in one zone, with what the caller adds", async () => {
    const engine = await mockEngine();
    new GpuNodePool("gpu", {
      ...{ cluster: existingCluster(), ...A100, capacityReservationGroupId: RESERVATION, zones: ["2"], osDiskSizeGb: 512, maxPods: 30, ultraSsd: true },
      ...{ labels: { "example.com/owner": "vision" }, taints: [{ key: "team", value: "vision", effect: "NoExecute" }], tags: { "cost-center": "42" } },
      ...{ kubernetesVersion: "1.35", upgrade: { maxSurge: "1" } },
    });
    expect(await engine.registered()).toEqual([
      component("gpu", { size: "Standard_NC24ads_A100_v4", priority: "Regular", maxNodes: 4 }),
      changed(
        {
          ...{ agentPoolName: "gpu6c01", capacityReservationGroupID: RESERVATION, availabilityZones: ["2"], osDiskType: "Managed", osDiskSizeGB: 512 },
          ...{ maxPods: 30, enableUltraSSD: true, nodeTaints: ["sku=gpu:NoSchedule", "team=vision:NoExecute"], orchestratorVersion: "1.35" },
          nodeLabels: { "aks-fine-tuning.dev/pool": "gpu", "example.com/owner": "vision" },
          tags: { "managed-by": "aks-fine-tuning", component: "GpuNodePool/gpu", "cost-center": "42" },
          upgradeSettings: { maxSurge: "1", maxUnavailable: "0" },
        },
        // The version is the caller's, not the upgrade channel's.
        { ignoreChanges: ["count"] },
      ),
      EXISTING_PROVIDER,
    ]);
  });

  it("warns of a pool that costs money when idle", async () => {
    const engine = await mockEngine();
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    const pool = new GpuNodePool("gpu", { cluster: existingCluster(), ...A100, minNodes: 1 });
    await engine.registered();
    expect(warn.mock.calls).toEqual([
      ["AKSFT-POOL-51 minNodes: got 1; the pool is paid for when idle, 3.67 USD per hour; fix: use 0 unless work must begin at once", pool],
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
    new GpuNodePool("gpu", { cluster, ...A100, override });
    expect(await engine.registered()).toContainEqual(changed({ osDiskSizeGB: 256 }));
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

  it("refuses a second pool of one name on a cluster, and takes it on another", async () => {
    const engine = await mockEngine();
    const cluster = existingCluster();
    new GpuNodePool("gpu", { cluster, ...A100 });
    expect(problemsOf(() => new PreferredSpotGpuPool("gpu", { cluster, ...A100 }))).toEqual([
      'AKSFT-POOL-21 name: got "gpu"; is the name of another pool of the cluster, which has gpu; fix: rename one of them',
    ]);
    new PreferredSpotGpuPool("gpu", { cluster: { ...cluster }, ...A100 });
    const pools = (await engine.registered()).filter(({ type }) => type.endsWith(":AgentPool"));
    expect(pools.map(({ name, parent }) => `${parent ?? ""}: ${name}`).sort()).toEqual([
      ...["GpuNodePool gpu: gpu", "PreferredSpotGpuPool gpu: gpu", "PreferredSpotGpuPool gpu: gpu-on-demand"],
    ]);
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
