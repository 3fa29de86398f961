import { planAutoProvisionedPool } from "../../../components/plan/gpu-pool/auto-provisioned";
import { nodePoolManifest } from "../../../components/plan/manifests/auto-provisioned-pool";
import { provisionsNodes } from "../../../sandbox/cluster/nodes/azure-state";
import { KARPENTER_DEFINITIONS } from "../../../sandbox/cluster/nodes/karpenter-definitions";
import { type NodePool, poolOf } from "../../../sandbox/cluster/nodes/node-auto-provisioning";
import { nodeTemplate } from "../../../sandbox/cluster/nodes/node-template";
import { SYSTEM } from "./pods";

const manifest: NodePool = nodePoolManifest(
  planAutoProvisionedPool(
    "tune",
    { size: "Standard_NC48ads_A100_v4", priority: "Spot", maxNodes: 3, taints: [{ key: "team", value: "vision", effect: "NoExecute" }] },
    { nodeProvisioning: "node-auto-provisioning" },
  ),
);
const cluster = (mode: string) => ({
  resources: { "/id": { type: "azure-native:containerservice:ManagedCluster", outputs: { nodeProvisioningProfile: { mode } } } },
});

describe("node auto-provisioning", () => {
  it("grows a NodePool like a pool with an autoscaler, within its limits", () => {
    const [pool] = poolOf(manifest, SYSTEM);
    expect(pool).toMatchObject({ name: "tune", vmSize: "Standard_NC48ads_A100_v4", autoscaled: true, count: 0, minCount: 0, maxCount: 3, system: false });
    const { labels, taints, capacity } = nodeTemplate(pool ?? SYSTEM);
    expect(labels).toMatchObject({ "aks-fine-tuning.dev/pool": "tune", "karpenter.sh/capacity-type": "spot", "karpenter.sh/nodepool": "tune" });
    expect(taints).toEqual([
      { key: "sku", value: "gpu", effect: "NoSchedule" },
      { key: "team", value: "vision", effect: "NoExecute" },
    ]);
    expect(capacity["nvidia.com/gpu"]).toBe(2);
  });

  it("leaves alone a NodePool that names no size", () => {
    const { template } = manifest.spec;
    const anySize = { ...manifest, spec: { template: { ...template, spec: { ...template.spec, requirements: [] } } } };
    expect(poolOf(anySize, SYSTEM)).toEqual([]);
  });

  it("is on where the cluster says so", () => {
    expect([provisionsNodes(cluster("Auto")), provisionsNodes(cluster("Manual")), provisionsNodes(undefined)]).toEqual([true, false, false]);
  });

  it("brings the two kinds, by the names that Azure gives them", () => {
    expect(KARPENTER_DEFINITIONS.map(({ metadata }) => metadata.name)).toEqual(["nodepools.karpenter.sh", "aksnodeclasses.karpenter.azure.com"]);
  });
});
