import { Provider } from "@pulumi/kubernetes/provider";
import type { ClusterRef, PoolRef, RegistryRef, TeamRef } from "../../components";
import type { Registration } from "./mock-engine";

/** What exists already, as object literals: so a test registers the component under test and the Kubernetes provider alone. */
export function existingCluster(changes: Partial<ClusterRef> = {}): ClusterRef {
  return {
    id: "cluster-id",
    clusterName: "ai",
    resourceGroupName: "group",
    nodeSubnetId: "subnet-id",
    oidcIssuerUrl: "https://issuer.example/",
    kubeletObjectId: "kubelet-object-id",
    kubernetesVersion: "1.36",
    provider: new Provider("ai", { kubeconfig: "{}" }),
    ...changes,
  };
}

/** How the provider of an existing cluster is recorded. */
export const EXISTING_PROVIDER: Registration = { type: "pulumi:providers:kubernetes", name: "ai", inputs: { kubeconfig: "{}" } };

export const EXISTING_REGISTRY: RegistryRef = { id: "registry-id", loginServer: "mlreg.azurecr.io" };

export function existingTeam(cluster: ClusterRef): TeamRef {
  return {
    namespace: "support",
    tuningServiceAccount: "tuning",
    servingServiceAccount: "serving",
    checkpointsClaim: "checkpoints",
    adapters: EXISTING_REGISTRY,
    cluster,
  };
}

export const EXISTING_POOL: PoolRef = {
  size: "Standard_NC4as_T4_v3",
  priority: "Spot",
  maxNodes: 2,
  nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" },
  tolerations: [
    { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
    { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
  ],
  kubernetesVersion: "1.36",
  osSku: "Ubuntu2404",
};
