import type { ArmResource, ArmTemplate } from "./arm-template";

const template = (...resources: readonly ArmResource[]): ArmTemplate => ({
  $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  contentVersion: "1.0.0.0",
  resources,
});
const cluster = (properties: ArmResource["properties"]): ArmResource => ({
  type: "Microsoft.ContainerService/managedClusters",
  apiVersion: "2025-09-01",
  name: "ai",
  location: "eastus",
  properties,
});
const registry = (name: string, sku: string, properties: ArmResource["properties"]): ArmResource => ({
  type: "Microsoft.ContainerRegistry/registries",
  apiVersion: "2025-11-01",
  name,
  location: "eastus",
  sku: { name: sku },
  properties,
});

const OPEN = { adminUserEnabled: true, anonymousPullEnabled: true, publicNetworkAccess: "Enabled", zoneRedundancy: "Disabled" };

/** Every fault that the checks know, so that a check which cannot fail is seen. */
export const SLOPPY = template(
  cluster({
    dnsPrefix: "ai",
    enableRBAC: false,
    networkProfile: { networkPlugin: "kubenet" },
    agentPoolProfiles: [{ name: "system", mode: "System", type: "AvailabilitySet", maxPods: 30 }],
    addonProfiles: { kubeDashboard: { enabled: true } },
  }),
  registry("open12345", "Standard", OPEN),
  // One check is about the cheapest tier.
  registry("cheap12345", "Basic", OPEN),
);

/** None of them, so that a check which cannot pass is seen. */
export const STRICT = template(
  cluster({
    dnsPrefix: "ai",
    enableRBAC: true,
    disableLocalAccounts: true,
    networkProfile: { networkPlugin: "azure", networkPolicy: "cilium" },
    apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"] },
    autoUpgradeProfile: { upgradeChannel: "patch" },
    addonProfiles: {
      omsagent: { enabled: true },
      kubeDashboard: { enabled: false },
      // A boolean, which Azure would refuse: its add-ons take text alone.
      azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: true } },
    },
    agentPoolProfiles: [
      { name: "system", mode: "System", type: "VirtualMachineScaleSets", maxPods: 110, osDiskType: "Ephemeral", enableEncryptionAtHost: true },
    ],
  }),
  registry("closed12345", "Premium", {
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    publicNetworkAccess: "Disabled",
    zoneRedundancy: "Enabled",
    policies: { quarantinePolicy: { status: "enabled" } },
  }),
);
