import type { Resource } from "../../resources/resource";
import { at, entries, isNot, shown, UNKNOWN, type Value } from "../../resources/value";
import type { Rule } from "../../rule";
import { rule, settingRule } from "../settings";
import { psrule } from "../sources";
import { CLUSTER } from "./kinds";

/** What a cluster runs for its operators. */
export const OPERATION_RULES: readonly Rule[] = [
  settingRule(CLUSTER, "sku.tier", ["Standard", "Premium"], {
    ...{ name: "cluster-paid-tier", severity: "medium", production: true, ids: ["Azure.AKS.UptimeSLA", "CKV_AZURE_170"] },
    description: "A production cluster has an uptime agreement",
    remediation: 'set sku.tier to "Standard" (Cluster: tier)',
    url: psrule("AKS.UptimeSLA"),
  }),
  rule(CLUSTER, (each) => addOnFaults(each, "azurepolicy"), {
    ...{ name: "cluster-azure-policy", severity: "medium", production: true, ids: ["Azure.AKS.AzurePolicyAddOn", "CKV_AZURE_116"] },
    description: "Azure Policy watches what runs in a cluster",
    remediation: "set addonProfiles.azurepolicy.enabled to true (Cluster: addOns.azurePolicy)",
    url: psrule("AKS.AzurePolicyAddOn"),
  }),
  settingRule(CLUSTER, "securityProfile.defender.securityMonitoring.enabled", [true], {
    ...{ name: "cluster-defender", severity: "medium", production: true, ids: ["Azure.AKS.DefenderProfile"] },
    description: "Microsoft Defender watches a production cluster",
    remediation: "set securityProfile.defender.securityMonitoring.enabled to true, with a workspace (Cluster: monitoring.defender)",
    url: psrule("AKS.DefenderProfile"),
  }),
  rule(CLUSTER, monitoringFaults, {
    ...{ name: "cluster-monitoring", severity: "medium", production: true, ids: ["Azure.AKS.ContainerInsights", "CKV_AZURE_4"] },
    description: "A production cluster sends logs or metrics to Azure Monitor; either will do",
    remediation: "set addonProfiles.omsagent.enabled (Cluster: monitoring.logs) or azureMonitorProfile.metrics.enabled (Cluster: monitoring.metrics) to true",
    url: psrule("AKS.ContainerInsights"),
  }),
  rule(CLUSTER, rotationFaults, {
    ...{ name: "cluster-secret-rotation", severity: "medium", production: true, ids: ["Azure.AKS.SecretStore", "Azure.AKS.SecretStoreRotation", "CKV_AZURE_172"] },
    description: "Pods read secrets from Key Vault, and get the new ones when they rotate",
    remediation: 'set addonProfiles.azureKeyvaultSecretsProvider.enabled to true and its config.enableSecretRotation to the text "true" (Cluster: addOns.keyVaultSecrets)',
    url: psrule("AKS.SecretStoreRotation"),
  }),
  settingRule(CLUSTER, "securityProfile.imageCleaner.enabled", [true], {
    ...{ name: "cluster-image-cleaner", severity: "low" },
    description: "Images that nothing uses leave the nodes: those of models fill disks",
    remediation: "set securityProfile.imageCleaner.enabled to true with an intervalHours (Cluster: addOns.imageCleanerHours)",
    url: "https://learn.microsoft.com/azure/aks/image-cleaner",
  }),
  rule(CLUSTER, nameFaults, {
    ...{ name: "cluster-name", severity: "high", ids: ["Azure.AKS.Name", "Azure.AKS.DNSPrefix"] },
    description: "Name and DNS prefix of a cluster are ones that Azure takes",
    remediation: "use 1 to 63 letters, digits, hyphens and underscores for the name, 1 to 54 letters, digits and hyphens for dnsPrefix, a letter or digit at both ends",
    url: "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
  }),
];

/** Azure spells the names of add-ons in either case. */
function addOn(props: Value, name: string): Value {
  const profiles = at(props, "addonProfiles");
  if (profiles === UNKNOWN) return UNKNOWN;
  return entries(profiles).find(([key]) => key.toLowerCase() === name)?.[1];
}

function addOnFaults({ props }: Resource, name: string): readonly string[] {
  const enabled = at(addOn(props, name), "enabled");
  return isNot(enabled, true) ? [`addonProfiles.${name}.enabled is ${shown(enabled)}`] : [];
}

function monitoringFaults({ props }: Resource): readonly string[] {
  const logs = at(addOn(props, "omsagent"), "enabled");
  const metrics = at(props, "azureMonitorProfile.metrics.enabled");
  return isNot(logs, true) && isNot(metrics, true) ? ["neither logs nor metrics go to Azure Monitor"] : [];
}

function rotationFaults(each: Resource): readonly string[] {
  const off = addOnFaults(each, "azurekeyvaultsecretsprovider");
  const rotation = at(addOn(each.props, "azurekeyvaultsecretsprovider"), "config.enableSecretRotation");
  return off.length === 0 && isNot(rotation, "true", true) ? [`config.enableSecretRotation of the secrets provider is ${shown(rotation)}`] : off;
}

function nameFaults({ props }: Resource): readonly string[] {
  const name = at(props, "resourceName");
  const prefix = at(props, "dnsPrefix");
  return [
    ...(typeof name === "string" && !/^[a-z0-9](?:[\w-]{0,61}[a-z0-9])?$/i.test(name) ? [`resourceName is ${shown(name)}`] : []),
    ...(typeof prefix === "string" && !/^[a-z0-9](?:[a-z0-9-]{0,52}[a-z0-9])?$/i.test(prefix) ? [`dnsPrefix is ${shown(prefix)}`] : []),
  ];
}

