import type { Declared } from "./declared";

/** Resources that no rule reports. */
export const CLUSTER: Declared = {
  type: "azure-native:containerservice:ManagedCluster",
  name: "ai",
  props: {
    resourceGroupName: "ai",
    resourceName: "ai",
    location: "eastus",
    dnsPrefix: "ai",
    kubernetesVersion: "1.36",
    disableLocalAccounts: true,
    enableRBAC: true,
    aadProfile: { managed: true, enableAzureRBAC: true },
    identity: { type: "UserAssigned", userAssignedIdentities: ["/subscriptions/s/resourceGroups/ai/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ai"] },
    apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"] },
    oidcIssuerProfile: { enabled: true },
    networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay", networkPolicy: "cilium", networkDataplane: "cilium", loadBalancerSku: "standard" },
    sku: { name: "Base", tier: "Standard" },
    addonProfiles: {
      azurepolicy: { enabled: true },
      omsagent: { enabled: true },
      azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } },
    },
    securityProfile: {
      defender: { securityMonitoring: { enabled: true } },
      imageCleaner: { enabled: true, intervalHours: 48 },
      workloadIdentity: { enabled: true },
    },
    autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
    agentPoolProfiles: [
      {
        ...{ name: "system", mode: "System", type: "VirtualMachineScaleSets", count: 3, maxPods: 110, vmSize: "Standard_D4ds_v5", osType: "Linux" },
        ...{ osDiskType: "Ephemeral", enableEncryptionAtHost: true, enableNodePublicIP: false, availabilityZones: ["1", "2", "3"] },
        nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
      },
    ],
  },
};

export const POOL: Declared = {
  type: "azure-native:containerservice:AgentPool",
  name: "serve",
  props: {
    ...{ resourceGroupName: "ai", resourceName: "ai", agentPoolName: "serve", mode: "User", osType: "Linux", type: "VirtualMachineScaleSets" },
    ...{ vmSize: "Standard_NC24ads_A100_v4", enableAutoScaling: true, minCount: 0, maxCount: 2, maxPods: 50, orchestratorVersion: "1.36" },
    ...{ enableEncryptionAtHost: true, enableNodePublicIP: false, scaleSetPriority: "Regular", upgradeSettings: { maxSurge: "0", maxUnavailable: "1" } },
    nodeLabels: { "aks-fine-tuning.dev/pool": "serve" },
    nodeTaints: ["sku=gpu:NoSchedule"],
  },
};

export const SPOT_POOL: Declared = {
  ...POOL,
  name: "tune",
  props: {
    ...POOL.props,
    upgradeSettings: {},
    agentPoolName: "tune",
    ...{ scaleSetPriority: "Spot", scaleSetEvictionPolicy: "Delete", spotMaxPrice: -1 },
    nodeLabels: { "aks-fine-tuning.dev/pool": "tune", "kubernetes.azure.com/scalesetpriority": "spot" },
    nodeTaints: ["sku=gpu:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
  },
};

export const WINDOWS: readonly Declared[] = ["aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"].map((configName) => ({
  type: "azure-native:containerservice:MaintenanceConfiguration",
  name: configName,
  props: {
    ...{ resourceGroupName: "ai", resourceName: "ai", configName },
    maintenanceWindow: { durationHours: 4, startTime: "01:00", schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } } },
  },
}));

export const AUDIT: Declared = {
  type: "azure-native:monitor:DiagnosticSetting",
  name: "audit",
  props: {
    ...{ name: "audit", resourceUri: "/subscriptions/s/resourceGroups/ai/providers/Microsoft.ContainerService/managedClusters/ai" },
    workspaceId: "/subscriptions/s/resourceGroups/ai/providers/Microsoft.OperationalInsights/workspaces/ai",
    logs: [{ category: "kube-audit-admin", enabled: true }, { category: "guard", enabled: true }],
  },
};

export const REGISTRY: Declared = {
  type: "azure-native:containerregistry:Registry",
  name: "adapters",
  props: {
    ...{ resourceGroupName: "ai", registryName: "adapters12345678", location: "eastus", sku: { name: "Premium" } },
    ...{ adminUserEnabled: false, anonymousPullEnabled: false, publicNetworkAccess: "Disabled", zoneRedundancy: "Enabled", dataEndpointEnabled: true },
    policies: { retentionPolicy: { status: "enabled", days: 30 }, exportPolicy: { status: "disabled" } },
  },
};

/** The same registry as this library declares it: a type that the SDK is too old for. */
const { resourceGroupName, registryName: resourceName, location, sku, ...settings } = REGISTRY.props;
export const GENERIC_REGISTRY: Declared = {
  type: "azure-native:resources:Resource",
  name: "datasets",
  props: {
    ...{ resourceGroupName, resourceName, location, sku, resourceProviderNamespace: "Microsoft.ContainerRegistry", resourceType: "registries" },
    ...{ parentResourcePath: "", apiVersion: "2025-11-01", properties: settings },
  },
};

export const ACCOUNT: Declared = {
  type: "azure-native:storage:StorageAccount",
  name: "checkpoints",
  props: {
    ...{ resourceGroupName: "ai", accountName: "checkpoints12345678", location: "eastus", kind: "StorageV2", sku: { name: "Standard_LRS" } },
    ...{ allowBlobPublicAccess: false, allowSharedKeyAccess: false, minimumTlsVersion: "TLS1_2", enableHttpsTrafficOnly: true, publicNetworkAccess: "Disabled" },
  },
};

export const SECURITY_GROUP: Declared = {
  type: "azure-native:network:NetworkSecurityGroup",
  name: "nodes",
  props: {
    ...{ resourceGroupName: "ai", networkSecurityGroupName: "nodes", location: "eastus" },
    securityRules: [
      {
        ...{ name: "clients", access: "Allow", direction: "Inbound", priority: 100, protocol: "Tcp", sourcePortRange: "*" },
        ...{ sourceAddressPrefix: "Internet", destinationAddressPrefix: "10.0.0.0/16", destinationPortRange: "443" },
      },
    ],
  },
};

export const SECURITY_RULE: Declared = {
  type: "azure-native:network:SecurityRule",
  name: "ssh",
  props: {
    ...{ resourceGroupName: "ai", networkSecurityGroupName: "nodes", securityRuleName: "ssh", access: "Allow", direction: "Inbound", priority: 200 },
    ...{ protocol: "Tcp", sourceAddressPrefixes: ["203.0.113.0/24"], sourcePortRange: "*", destinationAddressPrefix: "*", destinationPortRanges: ["20-30"] },
  },
};

export const SUBNET: Declared = {
  type: "azure-native:network:Subnet",
  name: "nodes",
  props: {
    ...{ resourceGroupName: "ai", virtualNetworkName: "ai", subnetName: "nodes", addressPrefix: "10.0.0.0/20" },
    networkSecurityGroup: { id: "/subscriptions/s/resourceGroups/ai/providers/Microsoft.Network/networkSecurityGroups/nodes" },
  },
};

export const ROLE_ASSIGNMENT: Declared = {
  type: "azure-native:authorization:RoleAssignment",
  name: "contributor",
  props: {
    ...{ principalId: "00000000-0000-0000-0000-000000000001", principalType: "ServicePrincipal", scope: "/subscriptions/s/resourceGroups/ai" },
    ...{ roleAssignmentName: "00000000-0000-0000-0000-000000000002" },
    roleDefinitionId: "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c",
  },
};
