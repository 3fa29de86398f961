export const CLUSTER_KIND = "azure-native:containerservice:ManagedCluster";
export const POOL_KIND = "azure-native:containerservice:AgentPool";
export const CLUSTER = [CLUSTER_KIND];
