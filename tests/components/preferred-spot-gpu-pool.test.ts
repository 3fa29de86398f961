import { PreferredSpotGpuPool, SpotPreference } from "../../components";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER } from "../support/references";
import { problemsOf } from "../support/refusal";

const A100 = { size: "Standard_NC24ads_A100_v4", maxNodes: 2 } as const;

function agentPool(name: string, inputs: Record<string, unknown>, after?: readonly string[]): Registration {
  return {
    type: "azure-native:containerservice:AgentPool",
    name,
    parent: "PreferredSpotGpuPool tune",
    ignoreChanges: ["count", "orchestratorVersion"],
    ...(after ? { after } : {}),
    deleteBeforeReplace: false,
    inputs: {
      ...{ resourceGroupName: "group", resourceName: "ai", mode: "User", type: "VirtualMachineScaleSets", vmSize: "Standard_NC24ads_A100_v4" },
      ...{ osType: "Linux", osSKU: "Ubuntu2404", orchestratorVersion: "1.36", vnetSubnetID: "subnet-id", enableNodePublicIP: false },
      ...{ enableAutoScaling: true, count: 0, minCount: 0, maxCount: 2, scaleDownMode: "Delete", maxPods: 50, gpuProfile: { driver: "Install" } },
      tags: { "managed-by": "aks-fine-tuning", component: "PreferredSpotGpuPool/tune" },
      ...inputs,
    },
  };
}

const SPOT = agentPool("tune", {
  agentPoolName: "tune57e6",
  nodeLabels: { "aks-fine-tuning.dev/pool": "tune", "kubernetes.azure.com/scalesetpriority": "spot" },
  nodeTaints: ["sku=gpu:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
  ...{ scaleSetPriority: "Spot", scaleSetEvictionPolicy: "Delete", spotMaxPrice: -1 },
});
const ON_DEMAND = agentPool(
  "tune-on-demand",
  {
    agentPoolName: "tune658f",
    nodeLabels: { "aks-fine-tuning.dev/pool": "tune" },
    nodeTaints: ["sku=gpu:NoSchedule"],
    ...{ scaleSetPriority: "Regular", upgradeSettings: { maxSurge: "0", maxUnavailable: "1" } },
  },
  ["AgentPool tune"],
);
const PAIR: Registration = { type: "aks-fine-tuning:index:PreferredSpotGpuPool", name: "tune", inputs: { size: "Standard_NC24ads_A100_v4", maxNodes: 2 } };
const PREFERENCE: Registration[] = [
  { type: "aks-fine-tuning:index:SpotPreference", name: "spot", inputs: {} },
  {
    type: "kubernetes:core/v1:ConfigMap",
    name: "spot",
    parent: "SpotPreference spot",
    provider: "providers:kubernetes ai",
    inputs: {
      ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cluster-autoscaler-priority-expander", namespace: "kube-system" } },
      data: { priorities: "1:\n  - .*\n10:\n  - .*tune658f.*\n100:\n  - .*tune57e6.*\n" },
    },
  },
];

describe("PreferredSpotGpuPool and SpotPreference", () => {
  it("register a pair of pools, one after the other, and the priorities that make the autoscaler try spot first", async () => {
    const engine = await mockEngine();
    const cluster = existingCluster({ environment: "development" });
    const pool = new PreferredSpotGpuPool("tune", { cluster, ...A100 });
    new SpotPreference("spot", { cluster, pools: [pool] });
    const [component, ...rest] = PREFERENCE;
    expect(await engine.registered()).toEqual([PAIR, component, SPOT, ON_DEMAND, ...rest, EXISTING_PROVIDER]);
  });

  it("tell workloads to land on either and to like spot better", async () => {
    const engine = await mockEngine();
    const pool = new PreferredSpotGpuPool("tune", { cluster: existingCluster(), ...A100 });
    const { size, priority, maxNodes, nodeSelector, tolerations, preference, kubernetesVersion, osSku, gpusPerNode, gpuResource } = pool;
    expect({ size, priority, maxNodes, nodeSelector, tolerations, preference, kubernetesVersion, osSku, gpusPerNode, gpuResource }).toEqual({
      ...{ size: "Standard_NC24ads_A100_v4", priority: "Spot", maxNodes: 2, kubernetesVersion: "1.36", osSku: "Ubuntu2404" },
      ...{ gpusPerNode: 1, gpuResource: "nvidia.com/gpu", nodeSelector: { "aks-fine-tuning.dev/pool": "tune" } },
      tolerations: [
        { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
        { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
      ],
      preference: [{ key: "kubernetes.azure.com/scalesetpriority", values: ["spot"], weight: 100 }],
    });
    await engine.registered();
  });

  it("give the caller the last word on both", async () => {
    const engine = await mockEngine();
    const cluster = existingCluster({ environment: "development" });
    const override = <Args extends object>(args: Args) => ({ ...args, osDiskSizeGB: 256 });
    new PreferredSpotGpuPool("tune", { cluster, ...A100, override });
    const pools = [SPOT, ON_DEMAND].map((pool) => ({ ...pool, inputs: { ...pool.inputs, osDiskSizeGB: 256 } }));
    expect(await engine.registered()).toEqual([PAIR, ...pools, EXISTING_PROVIDER]);
  });

  it("have one owner of the cluster's priorities", async () => {
    const engine = await mockEngine();
    const cluster = existingCluster();
    const pools = [{ spotPoolName: "a", onDemandPoolName: "b" }];
    new SpotPreference("spot", { cluster, pools });
    expect(problemsOf(() => new SpotPreference("again", { cluster, pools }))).toEqual([expect.stringMatching(/^AKSFT-POOL-23 cluster: /)]);
    new SpotPreference("elsewhere", { cluster: { ...cluster }, pools });
    expect((await engine.registered()).filter(({ type }) => type.endsWith(":ConfigMap")).map(({ name }) => name)).toEqual(["elsewhere", "spot"]);
  });

  it("register nothing for bad arguments", async () => {
    const engine = await mockEngine();
    const cluster = existingCluster({ nodeProvisioning: "node-auto-provisioning" });
    expect(problemsOf(() => new PreferredSpotGpuPool("Tune", { cluster, ...A100 })).map((problem) => problem.split(" ")[0])).toEqual([
      "AKSFT-NAME-03",
      "AKSFT-POOL-22",
    ]);
    expect(problemsOf(() => new SpotPreference("spot", { cluster, pools: [] })).map((problem) => problem.split(" ")[0])).toEqual([
      "AKSFT-POOL-23",
      "AKSFT-POOL-22",
    ]);
    expect(await engine.registered()).toEqual([EXISTING_PROVIDER]);
  });
});
