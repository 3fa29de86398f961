import { ACCOUNT, CLUSTER, GENERIC_REGISTRY, POOL, REGISTRY, ROLE_ASSIGNMENT, SECURITY_GROUP, SECURITY_RULE, SPOT_POOL, SUBNET, WINDOWS } from "./azure";
import { changed, type Declared } from "./declared";
import { type Row, rowsOf } from "./row";

const [WINDOW = CLUSTER] = WINDOWS;
const PRIVATE = changed(CLUSTER, { apiServerAccessProfile: { enablePrivateCluster: true } });
const SYSTEM = "agentPoolProfiles.0";
const WORKLOAD: Declared = { ...changed(POOL, { vmSize: "Standard_D4ds_v5", osDiskType: "Ephemeral", upgradeSettings: { maxSurge: "33%" }, minCount: 1, nodeTaints: [] }), name: "workload" };

const CLUSTERS = rowsOf(CLUSTER, [
  ["cluster-local-accounts-off", { disableLocalAccounts: undefined }, ["disableLocalAccounts is not set"]],
  ["cluster-entra-integration", { "aadProfile.managed": false }, ["aadProfile.managed is false"]],
  ["cluster-azure-rbac", { "aadProfile.enableAzureRBAC": false }, ["aadProfile.enableAzureRBAC is false"]],
  ["cluster-kubernetes-rbac", { enableRBAC: false }, ["enableRBAC is false"]],
  ["cluster-api-server-limited", { apiServerAccessProfile: undefined }, ["the API server answers every address"]],
  [
    "cluster-api-server-limited",
    { "apiServerAccessProfile.authorizedIPRanges": ["203.0.113.0/24", "0.0.0.0/0"] },
    ['apiServerAccessProfile.authorizedIPRanges holds "0.0.0.0/0", which is every address'],
  ],
  ["cluster-managed-identity", { "identity.type": "None" }, ['identity.type is "None"']],
  ["cluster-managed-identity", { servicePrincipalProfile: { clientId: "00000000-0000-0000-0000-000000000003" } }, ["servicePrincipalProfile names a service principal"]],
  ["cluster-workload-identity", { "oidcIssuerProfile.enabled": false }, ["oidcIssuerProfile.enabled is false"]],
  ["cluster-workload-identity", { "securityProfile.workloadIdentity": undefined }, ["securityProfile.workloadIdentity.enabled is not set"]],
  ["cluster-no-ssh-keys", { linuxProfile: { adminUsername: "ops", ssh: { publicKeys: [{ keyData: "ssh-ed25519 AAAA" }] } } }, ["linuxProfile.ssh.publicKeys holds 1"]],
  ["cluster-no-legacy-add-ons", { "addonProfiles.httpApplicationRouting": { enabled: true } }, ["addonProfiles.httpApplicationRouting.enabled is true"]],
  ["cluster-no-legacy-add-ons", { "addonProfiles.kubeDashboard": { enabled: true } }, ["addonProfiles.kubeDashboard.enabled is true"]],
  ["cluster-no-legacy-add-ons", { podIdentityProfile: { enabled: true } }, ["podIdentityProfile.enabled is true"]],
  ["cluster-network-policy", { "networkProfile.networkPolicy": undefined }, ["networkProfile.networkPolicy is not set"]],
  ["cluster-azure-cni", { "networkProfile.networkPlugin": "kubenet" }, ['networkProfile.networkPlugin is "kubenet"']],
  ["cluster-standard-load-balancer", { "networkProfile.loadBalancerSku": "basic" }, ['networkProfile.loadBalancerSku is "basic"']],
  ["cluster-paid-tier", { "sku.tier": "Free" }, ['sku.tier is "Free"']],
  ["cluster-azure-policy", { "addonProfiles.azurepolicy": undefined }, ["addonProfiles.azurepolicy.enabled is not set"]],
  ["cluster-defender", { "securityProfile.defender.securityMonitoring.enabled": false }, ["securityProfile.defender.securityMonitoring.enabled is false"]],
  ["cluster-monitoring", { "addonProfiles.omsagent.enabled": false }, ["neither logs nor metrics go to Azure Monitor"]],
  ["cluster-secret-rotation", { "addonProfiles.azureKeyvaultSecretsProvider.enabled": false }, ["addonProfiles.azurekeyvaultsecretsprovider.enabled is false"]],
  ["cluster-secret-rotation", { "addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation": "false" }, ['config.enableSecretRotation of the secrets provider is "false"']],
  ["cluster-image-cleaner", { "securityProfile.imageCleaner": undefined }, ["securityProfile.imageCleaner.enabled is not set"]],
  ["cluster-name", { resourceName: "-ai" }, ['resourceName is "-ai"']],
  ["cluster-name", { dnsPrefix: `a${"b".repeat(54)}` }, [`dnsPrefix is "a${"b".repeat(54)}"`]],
  ["cluster-upgrade-channel", { "autoUpgradeProfile.upgradeChannel": "none" }, ['autoUpgradeProfile.upgradeChannel is "none"']],
  ["cluster-node-os-channel", { "autoUpgradeProfile.nodeOSUpgradeChannel": "Unmanaged" }, ['autoUpgradeProfile.nodeOSUpgradeChannel is "Unmanaged"']],
  ["cluster-supported-version", { kubernetesVersion: "1.33.5" }, ['kubernetesVersion is "1.33.5", whose support ended in 2026-07']],
  ["cluster-supported-version", { kubernetesVersion: "1.29" }, ['kubernetesVersion is "1.29", whose support ended before 2025-08']],
  ["cluster-supported-version", { [`${SYSTEM}.orchestratorVersion`]: "1.32" }, ['agentPoolProfiles[0].orchestratorVersion is "1.32", whose support ended in 2026-03']],
  ["system-pool-nodes", { [`${SYSTEM}.count`]: 2 }, ["agentPoolProfiles[0].count is 2"]],
  ["system-pool-nodes", { [`${SYSTEM}.enableAutoScaling`]: true, [`${SYSTEM}.minCount`]: 1 }, ["agentPoolProfiles[0].minCount is 1"]],
  ["system-pool-dedicated", { [`${SYSTEM}.nodeTaints`]: [] }, ["agentPoolProfiles[0].nodeTaints lacks CriticalAddonsOnly"]],
  ["system-pool-zones", { [`${SYSTEM}.availabilityZones`]: undefined }, ["agentPoolProfiles[0].availabilityZones is not set"]],
  ["pool-max-pods", { [`${SYSTEM}.maxPods`]: 30 }, ["agentPoolProfiles[0].maxPods is 30"]],
  ["pool-ephemeral-os-disk", { [`${SYSTEM}.osDiskType`]: "Managed" }, ['agentPoolProfiles[0].osDiskType is "Managed" on a size whose own disk holds it']],
  ["pool-host-encryption", { [`${SYSTEM}.enableEncryptionAtHost`]: false }, ["agentPoolProfiles[0].enableEncryptionAtHost is false"]],
  ["pool-no-public-ip", { [`${SYSTEM}.enableNodePublicIP`]: true }, ["agentPoolProfiles[0].enableNodePublicIP is true"]],
  ["pool-name", { [`${SYSTEM}.name`]: "System" }, ['agentPoolProfiles[0].name is "System"']],
  ["spot-pool-user-mode", { [`${SYSTEM}.scaleSetPriority`]: "Spot" }, ["agentPoolProfiles[0].a system pool has scaleSetPriority Spot"], {
    also: ["spot-pool-eviction-policy", "spot-pool-label", "spot-pool-taint"],
  }],
  ["no-secret-in-labels", { tags: { token: `hf_${"a".repeat(34)}` } }, ["tags.token holds a token of Hugging Face"]],
  ["allowed-location", { location: "West Europe" }, ['location is "West Europe"'], { parameters: { allowedLocations: ["East US"] } }],
]);

const POOLS = [
  ...rowsOf(WORKLOAD, [["user-pool-autoscaling", { enableAutoScaling: false, count: 1 }, ["enableAutoScaling is false"]]]),
  ...rowsOf(POOL, [
    ["pool-name", { agentPoolName: "waytoolongname" }, ['name is "waytoolongname"']],
    ["pool-name", { agentPoolName: "windows", osType: "Windows" }, ['name is "windows"']],
    ["gpu-pool-has-maximum", { maxCount: undefined }, ["maxCount is not set"]],
    ["gpu-pool-has-maximum", { enableAutoScaling: false, count: 0 }, ["enableAutoScaling is false: nodes stay until somebody removes them"], { also: ["user-pool-autoscaling"] }],
    ["gpu-pool-scales-to-zero", { minCount: 1 }, ["minCount is 1"]],
    ["gpu-pool-tainted", { nodeTaints: ["sku=gpu:PreferNoSchedule"] }, ["nodeTaints repels no pod"]],
    ["gpu-pool-usable-size", { vmSize: "Standard_NC6s_v3" }, ['vmSize "Standard_NC6s_v3" was retired on 2025-09-30: Azure deallocates what is left of it']],
    ["gpu-pool-allowed-size", { vmSize: "Standard_ND96isr_H100_v5" }, ['vmSize is "Standard_ND96isr_H100_v5"'], { parameters: { allowedGpuSizes: ["Standard_NC24ads_A100_v4"] } }],
    ["gpu-pool-upgrades-in-place", { upgradeSettings: { maxSurge: "10%" } }, ['upgradeSettings.maxSurge is "10%"']],
  ]),
  ...rowsOf(SPOT_POOL, [
    ["spot-pool-eviction-policy", { scaleSetEvictionPolicy: undefined }, ["scaleSetEvictionPolicy is not set"]],
    ["spot-pool-evicts-by-deleting", { scaleSetEvictionPolicy: "Deallocate" }, ['scaleSetEvictionPolicy is "Deallocate"']],
    ["spot-pool-label", { nodeLabels: { "aks-fine-tuning.dev/pool": "tune" } }, ["nodeLabels lacks kubernetes.azure.com/scalesetpriority: spot"]],
    ["spot-pool-taint", { nodeTaints: ["sku=gpu:NoSchedule"] }, ["nodeTaints lacks kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]],
    ["spot-pool-no-surge", { upgradeSettings: { maxSurge: "1" } }, ['upgradeSettings.maxSurge is "1"']],
  ]),
];

const REGISTRIES = [
  ...rowsOf(REGISTRY, [
    ["registry-admin-user-off", { adminUserEnabled: true }, ["adminUserEnabled is true"]],
    ["registry-anonymous-pull-off", { anonymousPullEnabled: true }, ["anonymousPullEnabled is true"]],
    ["registry-tier", { "sku.name": "Basic" }, ['sku.name is "Basic"']],
    ["registry-closed", { publicNetworkAccess: "Enabled" }, ["the registry answers every address"]],
    ["registry-zone-redundant", { zoneRedundancy: "Disabled" }, ['zoneRedundancy is "Disabled"']],
    ["registry-data-endpoint", { dataEndpointEnabled: false }, ["dataEndpointEnabled is false"]],
    ["registry-retention", { "policies.retentionPolicy.status": "disabled" }, ['policies.retentionPolicy.status is "disabled"']],
    ["registry-soft-delete-alone", { "policies.softDeletePolicy": { status: "enabled" } }, ["policies.softDeletePolicy and policies.retentionPolicy are both enabled"]],
    ["registry-export-off", { "policies.exportPolicy": undefined }, ["policies.exportPolicy.status is not set"]],
    ["registry-no-content-trust", { "policies.trustPolicy": { status: "enabled", type: "Notary" } }, ['policies.trustPolicy.status is "enabled"']],
    ["registry-no-quarantine", { "policies.quarantinePolicy": { status: "enabled" } }, ['policies.quarantinePolicy.status is "enabled"']],
    ["registry-name", { registryName: "adapters-1" }, ['registryName is "adapters-1"']],
  ]),
  ...rowsOf(GENERIC_REGISTRY, [
    ["registry-admin-user-off", { "properties.adminUserEnabled": true }, ["adminUserEnabled is true"]],
    ["registry-name", { resourceName: "acr" }, ['registryName is "acr"']],
  ]),
];

const OTHERS = [
  ...rowsOf(ACCOUNT, [
    ["storage-no-public-blobs", { allowBlobPublicAccess: undefined }, ["allowBlobPublicAccess is not set"]],
    ["storage-no-shared-keys", { allowSharedKeyAccess: true }, ["allowSharedKeyAccess is true"]],
    ["storage-tls", { minimumTlsVersion: "TLS1_0" }, ['minimumTlsVersion is "TLS1_0"']],
    ["storage-https-only", { enableHttpsTrafficOnly: false }, ["enableHttpsTrafficOnly is false"]],
    ["storage-closed", { publicNetworkAccess: "Enabled" }, ["the account answers every address"]],
  ]),
  ...rowsOf(SECURITY_GROUP, [["security-rule-not-open", { "securityRules.0.destinationPortRange": "22" }, ['the rule "clients" allows ports 22 from everywhere']]]),
  ...rowsOf(SECURITY_RULE, [["security-rule-not-open", { sourceAddressPrefixes: ["0.0.0.0/0"] }, ["it allows ports 20-30 from everywhere"]]]),
  ...rowsOf(SUBNET, [["subnet-security-group", { networkSecurityGroup: undefined }, ["networkSecurityGroup is not set"]]]),
  ...rowsOf(ROLE_ASSIGNMENT, [
    ["role-principal-type", { principalType: undefined }, ["principalType is not set"]],
    ["role-not-subscription-wide", { scope: "/subscriptions/s" }, ["Contributor is assigned on /subscriptions/s"]],
  ]),
  ...rowsOf(WINDOW, [["maintenance-window-length", { "maintenanceWindow.durationHours": 2 }, ["maintenanceWindow.durationHours is 2"]]]),
];

/** Good resources beside those of the rows: other ways to keep a rule. */
export const GOOD_IN_AZURE: readonly Declared[] = [
  PRIVATE,
  changed(CLUSTER, { "addonProfiles.omsagent.enabled": false, azureMonitorProfile: { metrics: { enabled: true } } }),
  changed(CLUSTER, { supportPlan: "AKSLongTermSupport", kubernetesVersion: "1.30" }),
  changed(CLUSTER, { servicePrincipalProfile: { clientId: "msi" } }),
  changed(REGISTRY, { publicNetworkAccess: "Enabled", networkRuleSet: { defaultAction: "Deny" }, "policies.exportPolicy": undefined }),
  changed(REGISTRY, { "sku.name": "Standard", zoneRedundancy: undefined, dataEndpointEnabled: undefined, "policies.retentionPolicy": undefined }),
  changed(REGISTRY, { "policies.retentionPolicy": undefined, "sku.name": "Standard", "policies.softDeletePolicy": { status: "enabled" } }),
  changed(ACCOUNT, { kind: "FileStorage", enableHttpsTrafficOnly: false }),
  changed(SUBNET, { subnetName: "GatewaySubnet", networkSecurityGroup: undefined }),
  changed(POOL, { agentPoolName: "win", osType: "Windows" }),
  WORKLOAD,
];

export const IN_AZURE: readonly Row[] = [...CLUSTERS, ...POOLS, ...REGISTRIES, ...OTHERS];
