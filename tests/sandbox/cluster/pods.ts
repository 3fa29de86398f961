import type { Pool } from "../../../sandbox/cluster/nodes/azure-state";
import type { Pod, PodSpec } from "../../../sandbox/cluster/nodes/pod-fit";

export const CLUSTER = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks";

export function pool(change: Partial<Pool> = {}): Pool {
  const name = change.name ?? "gpu";
  return {
    id: `${CLUSTER}/agentPools/${name}`,
    name,
    clusterId: CLUSTER,
    clusterName: "aks",
    nodeResourceGroup: "MC_rg_aks_eastus",
    location: "eastus",
    vmSize: "Standard_NC4as_T4_v3",
    system: false,
    spot: true,
    autoscaled: true,
    count: 0,
    minCount: 0,
    maxCount: 2,
    labels: {},
    taints: ["sku=gpu:NoSchedule"],
    osSku: "Ubuntu",
    zones: [],
    ...change,
  };
}

export const SYSTEM = pool({
  name: "system",
  vmSize: "Standard_D4s_v5",
  system: true,
  spot: false,
  autoscaled: false,
  count: 1,
  taints: [],
});

export const GPU_TOLERATIONS = [
  { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
  { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
];

/** A pod for which the scheduler has found no node. */
export function pendingPod(name: string, spec: Partial<PodSpec> = {}): Pod {
  return {
    metadata: { name, namespace: "support", uid: name },
    spec: {
      nodeSelector: { agentpool: "gpu" },
      tolerations: GPU_TOLERATIONS,
      containers: [{ resources: { limits: { "nvidia.com/gpu": "1" } } }],
      ...spec,
    },
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] },
  };
}

export function boundPod(name: string, nodeName: string, change: Partial<Pod["metadata"]> = {}): Pod {
  const { metadata, spec } = pendingPod(name);
  return { metadata: { ...metadata, ...change }, spec: { ...spec, nodeName }, status: { phase: "Running" } };
}
