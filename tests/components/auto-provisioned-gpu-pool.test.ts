import { AutoProvisionedGpuPool } from "../../components";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER } from "../support/references";
import { problemsOf } from "../support/refusal";

const AUTOMATIC = { nodeProvisioning: "node-auto-provisioning" } as const;
const OBJECT = { parent: "AutoProvisionedGpuPool tune", provider: "providers:kubernetes ai" };
const MANAGED = { "app.kubernetes.io/managed-by": "aks-fine-tuning" };
const component = (inputs: Record<string, unknown>): Registration => ({ type: "aks-fine-tuning:index:AutoProvisionedGpuPool", name: "tune", inputs });

function nodeClass(spec: object): Registration {
  const inputs = { apiVersion: "karpenter.azure.com/v1beta1", kind: "AKSNodeClass", metadata: { name: "tune", labels: MANAGED } };
  return {
    type: "kubernetes:karpenter.azure.com/v1beta1:AKSNodeClass",
    name: "tune-class",
    ...OBJECT,
    inputs: {
      ...inputs,
      spec: {
        ...{ vnetSubnetID: "subnet-id", imageFamily: "Ubuntu2404", maxPods: 50, gpu: { mode: "Driver" } },
        tags: { "managed-by": "aks-fine-tuning", component: "AutoProvisionedGpuPool/tune" },
        ...spec,
      },
    },
  };
}

function nodePool(capacity: readonly string[], limits: object, template: object = {}, labels: object = {}, emptyMinutes = 5): Registration {
  const requirement = (key: string, values: readonly string[]) => ({ key, operator: "In", values });
  return {
    type: "kubernetes:karpenter.sh/v1:NodePool",
    name: "tune",
    ...OBJECT,
    after: ["AKSNodeClass tune-class"],
    inputs: {
      ...{ apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "tune", labels: MANAGED } },
      spec: {
        template: {
          metadata: { labels: { "aks-fine-tuning.dev/pool": "tune", ...labels } },
          spec: {
            nodeClassRef: { group: "karpenter.azure.com", kind: "AKSNodeClass", name: "tune" },
            taints: [{ key: "sku", value: "gpu", effect: "NoSchedule" }],
            requirements: [
              requirement("karpenter.azure.com/sku-name", ["Standard_NC48ads_A100_v4"]),
              requirement("karpenter.sh/capacity-type", capacity),
              requirement("kubernetes.io/arch", ["amd64"]),
              requirement("kubernetes.io/os", ["linux"]),
            ],
            expireAfter: "Never",
            ...template,
          },
        },
        limits,
        disruption: {
          consolidationPolicy: "WhenEmpty",
          consolidateAfter: `${emptyMinutes}m`,
          budgets: [
            { nodes: "0", reasons: ["Drifted", "Underutilized"] },
            { nodes: "100%", reasons: ["Empty"] },
          ],
        },
      },
    },
  };
}

describe("AutoProvisionedGpuPool", () => {
  it("registers a node class with encrypted hosts and a pool of on-demand nodes that go when they are empty", async () => {
    const engine = await mockEngine();
    new AutoProvisionedGpuPool("tune", { cluster: existingCluster(AUTOMATIC), size: "Standard_NC48ads_A100_v4" });
    expect(await engine.registered()).toEqual([
      component({ size: "Standard_NC48ads_A100_v4", priority: "Regular", maxNodes: 1 }),
      nodeClass({ security: { encryptionAtHost: true } }),
      nodePool(["on-demand"], { cpu: "48", "nvidia.com/gpu": "2" }),
      EXISTING_PROVIDER,
    ]);
  });

  it("registers spot nodes before on-demand ones, the driver left to the GPU Operator, and what the caller adds", async () => {
    const engine = await mockEngine();
    const pool = new AutoProvisionedGpuPool("tune", {
      ...{ cluster: existingCluster({ ...AUTOMATIC, environment: "development" }), size: "Standard_NC48ads_A100_v4", priority: "Spot", maxNodes: 3 },
      ...{ driver: "None", emptyMinutes: 0, expireAfterHours: 72, osDiskSizeGb: 256, maxPods: 30, labels: { owner: "vision" } },
      ...{ taints: [{ key: "team", value: "vision", effect: "NoExecute" }], tags: { "cost-center": "42" } },
    });
    const taints = [
      { key: "sku", value: "gpu", effect: "NoSchedule" },
      { key: "team", value: "vision", effect: "NoExecute" },
    ];
    const labels = { owner: "vision", "aks-fine-tuning.dev/driver": "none" };
    const expected = nodePool(["spot", "on-demand"], { cpu: "144", "nvidia.com/gpu": "6" }, { taints, expireAfter: "72h" }, labels, 0);
    const tags = { "managed-by": "aks-fine-tuning", component: "AutoProvisionedGpuPool/tune", "cost-center": "42" };
    expect(await engine.registered()).toEqual([
      component({ size: "Standard_NC48ads_A100_v4", priority: "Spot", maxNodes: 3 }),
      nodeClass({ gpu: { mode: "None" }, osDiskSizeGB: 256, maxPods: 30, tags }),
      expected,
      EXISTING_PROVIDER,
    ]);
    expect(pool.tolerations.map(({ key }) => key)).toEqual(["sku", "kubernetes.azure.com/scalesetpriority", "team"]);
  });

  it("tells workloads where to land", async () => {
    const engine = await mockEngine();
    const pool = new AutoProvisionedGpuPool("tune", { cluster: existingCluster(AUTOMATIC), size: "Standard_NC48ads_A100_v4" });
    const { size, priority, maxNodes, nodeSelector, tolerations, kubernetesVersion, osSku, gpusPerNode, gpuResource, gpuMemoryGiB } = pool;
    expect({ size, priority, maxNodes, nodeSelector, tolerations, kubernetesVersion, osSku, gpusPerNode, gpuResource, gpuMemoryGiB }).toEqual({
      ...{ size: "Standard_NC48ads_A100_v4", priority: "Regular", maxNodes: 1, kubernetesVersion: "1.36", osSku: "Ubuntu2404" },
      ...{ nodeSelector: { "aks-fine-tuning.dev/pool": "tune" }, gpusPerNode: 2, gpuResource: "nvidia.com/gpu", gpuMemoryGiB: 79.25 },
      tolerations: [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }],
    });
    await engine.registered();
  });

  it("registers nothing on a cluster with an autoscaler", async () => {
    const engine = await mockEngine();
    expect(problemsOf(() => new AutoProvisionedGpuPool("tune", { cluster: existingCluster(), size: "Standard_NC48ads_A100_v4" }))).toEqual([
      expect.stringMatching(/^AKSFT-POOL-22 cluster\.nodeProvisioning: got "autoscaler"; /),
    ]);
    expect(await engine.registered()).toEqual([EXISTING_PROVIDER]);
  });
});
