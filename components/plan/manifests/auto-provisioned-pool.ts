import type { Input } from "@pulumi/pulumi";
import type { AutoProvisionedPoolPlan } from "../gpu-pool/auto-provisioned";
import { NODE_OS_SKU } from "../catalogue/kubernetes-versions";

const MANAGED = { "app.kubernetes.io/managed-by": "aks-fine-tuning" };

/** What Azure machines are made of: https://learn.microsoft.com/azure/aks/node-auto-provisioning-aksnodeclass */
export function nodeClassManifest(plan: AutoProvisionedPoolPlan, subnetId: Input<string>, tags: Record<string, Input<string>>) {
  return {
    apiVersion: "karpenter.azure.com/v1beta1",
    kind: "AKSNodeClass",
    metadata: { name: plan.name, labels: MANAGED },
    spec: {
      vnetSubnetID: subnetId,
      imageFamily: NODE_OS_SKU,
      osDiskSizeGB: plan.osDiskSizeGb,
      maxPods: plan.maxPods,
      gpu: { mode: plan.driver === "Install" ? "Driver" : "None" },
      security: plan.hostEncryption ? { encryptionAtHost: true } : undefined,
      tags,
    },
  };
}

/** Which nodes, how many, and when they go: https://learn.microsoft.com/azure/aks/node-auto-provisioning-node-pools */
export function nodePoolManifest(plan: AutoProvisionedPoolPlan) {
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: plan.name, labels: MANAGED },
    spec: {
      template: {
        metadata: { labels: { ...plan.labels } },
        spec: {
          nodeClassRef: { group: "karpenter.azure.com", kind: "AKSNodeClass", name: plan.name },
          taints: plan.taints.map((taint) => ({ ...taint })),
          requirements: [
            requirement("karpenter.azure.com/sku-name", [plan.size]),
            // Of both, spot is tried first.
            requirement("karpenter.sh/capacity-type", plan.capacityTypes),
            requirement("kubernetes.io/arch", ["amd64"]),
            requirement("kubernetes.io/os", ["linux"]),
          ],
          expireAfter: plan.expireAfter,
        },
      },
      limits: { cpu: String(plan.maxNodes * plan.vcpus), "nvidia.com/gpu": String(plan.maxNodes * plan.gpusPerNode) },
      disruption: {
        // Nodes that run something stay: a run is never moved for a cheaper or a newer node, and idle nodes are not kept long enough to age.
        consolidationPolicy: "WhenEmpty",
        consolidateAfter: `${plan.emptyMinutes}m`,
        budgets: [
          { nodes: "0", reasons: ["Drifted", "Underutilized"] },
          { nodes: "100%", reasons: ["Empty"] },
        ],
      },
    },
  };
}

function requirement(key: string, values: readonly string[]) {
  return { key, operator: "In", values: [...values] };
}
