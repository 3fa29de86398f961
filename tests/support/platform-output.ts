/** What a prod stack's `platform` output says, for stacks of workloads that read it. */
export const PLATFORM_OUTPUT = {
  cluster: {
    id: "/subscriptions/subscription/resourceGroups/ai/providers/Microsoft.ContainerService/managedClusters/ai",
    clusterName: "ai",
    resourceGroupName: "ai",
    nodeSubnetId: "/subscriptions/subscription/resourceGroups/ai/providers/Microsoft.Network/virtualNetworks/ai/subnets/nodes",
    oidcIssuerUrl: "https://issuer.example/",
    kubeletObjectId: "kubelet-object-id",
    kubernetesVersion: "1.36",
    environment: "production",
    network: {
      nodeSubnetId: "/subscriptions/subscription/resourceGroups/ai/providers/Microsoft.Network/virtualNetworks/ai/subnets/nodes",
      nodeRange: "10.100.0.0/20",
    },
  },
  datasets: { id: "/registries/datasets", loginServer: "datasets0.azurecr.io" },
  adapters: { id: "/registries/adapters", loginServer: "adapters0.azurecr.io" },
  pools: {
    tune: {
      size: "Standard_NC24ads_A100_v4",
      priority: "Spot",
      maxNodes: 4,
      nodeSelector: { "aks-fine-tuning.dev/pool": "tune" },
      tolerations: [
        { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
        { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
      ],
      kubernetesVersion: "1.36",
      osSku: "Ubuntu2404",
    },
    serve: {
      size: "Standard_NV36ads_A10_v5",
      priority: "Regular",
      maxNodes: 4,
      nodeSelector: { "aks-fine-tuning.dev/pool": "serve" },
      tolerations: [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }],
      kubernetesVersion: "1.36",
      osSku: "Ubuntu2404",
    },
  },
};
