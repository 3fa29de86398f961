import type { Resource } from "../resources/resource";
import { at, is, isNot, shown, textOf, UNKNOWN, type Value } from "../resources/value";
import type { Rule } from "../rule";
import { rule, settingRule, type Text, unless } from "./settings";
import { psrule } from "./sources";

const REGISTRY = ["azure-native:containerregistry:Registry"];

/** Registries, also declared as generic resources. */
export const REGISTRY_RULES: readonly Rule[] = [
  settingRule(REGISTRY, "adminUserEnabled", [false, undefined], {
    ...{ name: "registry-admin-user-off", severity: "high", ids: ["Azure.ACR.AdminUser", "CKV_AZURE_137"] },
    description: "A registry has no shared administrator with a password",
    remediation: "set adminUserEnabled to false, as Registry always does, and assign roles",
    url: psrule("ACR.AdminUser"),
  }),
  settingRule(REGISTRY, "anonymousPullEnabled", [false, undefined], {
    ...{ name: "registry-anonymous-pull-off", severity: "critical", ids: ["Azure.ACR.AnonymousAccess", "CKV_AZURE_138"] },
    description: "Nobody pulls datasets or adapters without signing in",
    remediation: "set anonymousPullEnabled to false, as Registry always does",
    url: psrule("ACR.AnonymousAccess"),
  }),
  settingRule(REGISTRY, "sku.name", ["Standard", "Premium"], {
    ...{ name: "registry-tier", severity: "medium", ids: ["Azure.ACR.MinSku", "CKV_AZURE_163"] },
    description: "A registry is Standard or Premium: Basic throttles when several GPU nodes pull at once",
    remediation: 'set sku.name to "Standard" or "Premium" (Registry: sku)',
    url: psrule("ACR.MinSku"),
  }),
  rule(REGISTRY, openFaults, {
    ...{ name: "registry-closed", severity: "high", production: true, ids: ["Azure.ACR.Firewall", "CKV_AZURE_139"] },
    description: "A production registry answers a private network or named addresses alone",
    remediation: 'set publicNetworkAccess to "Disabled" with a private endpoint (Registry: network), or networkRuleSet.defaultAction to "Deny" (Registry: allowedIpRanges)',
    url: psrule("ACR.Firewall"),
  }),
  premiumRule("zoneRedundancy", ["Enabled"], {
    ...{ name: "registry-zone-redundant", severity: "low", production: true, ids: ["CKV_AZURE_233"] },
    description: "A production registry of tier Premium survives the loss of a zone",
    remediation: 'set zoneRedundancy to "Enabled" (Registry: zoneRedundant); it is fixed at creation',
    url: "https://learn.microsoft.com/azure/container-registry/zone-redundancy",
  }),
  premiumRule("dataEndpointEnabled", [true], {
    ...{ name: "registry-data-endpoint", severity: "low", production: true, ids: ["CKV_AZURE_237"] },
    description: "Layers of a production registry come from an address of its own, which a firewall can name",
    remediation: "set dataEndpointEnabled to true, as Registry does in production",
    url: "https://learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints",
  }),
  premiumRule("policies.retentionPolicy.status", ["enabled"], {
    ...{ name: "registry-retention", severity: "low", production: true, ids: ["Azure.ACR.Retention", "CKV_AZURE_167"] },
    description: "Manifests that no tag names leave a production registry; those that are locked stay",
    remediation: 'set policies.retentionPolicy to status "enabled" and days (Registry: untaggedRetentionDays)',
    url: psrule("ACR.Retention"),
  }),
  // PSRule asks for both; Azure takes one of soft delete, retention and replicas, and retention is the one that frees storage.
  rule(REGISTRY, exclusiveFaults, {
    ...{ name: "registry-soft-delete-alone", severity: "high", ids: ["Azure.ACR.SoftDelete"] },
    description: "Azure refuses soft delete beside retention of untagged manifests",
    remediation: "remove policies.softDeletePolicy, as Registry does, and lock the digests in use",
    url: "https://learn.microsoft.com/azure/container-registry/container-registry-soft-delete-policy",
  }),
  rule(REGISTRY, exportFaults, {
    ...{ name: "registry-export-off", severity: "medium", production: true, ids: ["Azure.ACR.ExportPolicy"] },
    description: "What is in a closed production registry cannot be copied out to another",
    remediation: 'set policies.exportPolicy.status to "disabled" (Registry: exportAllowed)',
    url: psrule("ACR.ExportPolicy"),
  }),
  settingRule(REGISTRY, "policies.trustPolicy.status", ["disabled", undefined], {
    ...{ name: "registry-no-content-trust", severity: "high", ids: ["Azure.ACR.ContentTrust", "CKV_AZURE_164"] },
    description: "A registry does not ask for content trust: Azure refuses to enable it since it is being retired",
    remediation: "remove policies.trustPolicy, as Registry does, and sign with Notation",
    url: "https://learn.microsoft.com/azure/container-registry/container-registry-content-trust-deprecation",
  }),
  settingRule(REGISTRY, "policies.quarantinePolicy.status", ["disabled", undefined], {
    ...{ name: "registry-no-quarantine", severity: "medium", ids: ["Azure.ACR.Quarantine", "CKV_AZURE_166"] },
    description: "Pushed images are not quarantined: without a scanner that releases them, no adapter ever arrives",
    remediation: "remove policies.quarantinePolicy, as Registry does, or exempt the registry that has such a scanner",
    url: "https://github.com/Azure/acr/tree/main/docs/preview/quarantine",
  }),
  rule(REGISTRY, nameFaults, {
    ...{ name: "registry-name", severity: "high", ids: ["Azure.ACR.Name"] },
    description: "The name of a registry is one that Azure takes",
    remediation: "use 5 to 50 letters and digits (Registry: registryName)",
    url: psrule("ACR.Name"),
  }),
];

/** Settings that only Premium registries have. */
function premiumRule(path: string, accepted: readonly Value[], text: Text): Rule {
  return rule(REGISTRY, (each) => (is(at(each.props, "sku.name"), "Premium") ? unless(each, path, ...accepted) : []), text);
}

function openFaults({ props }: Resource): readonly string[] {
  const open = at(props, "publicNetworkAccess");
  const action = at(props, "networkRuleSet.defaultAction");
  return isNot(open, "Disabled") && isNot(action, "Deny") ? ["the registry answers every address"] : [];
}

function exclusiveFaults({ props }: Resource): readonly string[] {
  const [soft, retention] = ["softDeletePolicy", "retentionPolicy"].map((policy) => at(props, `policies.${policy}.status`));
  return is(soft, "enabled") && is(retention, "enabled") ? ["policies.softDeletePolicy and policies.retentionPolicy are both enabled"] : [];
}

function exportFaults(each: Resource): readonly string[] {
  return is(at(each.props, "publicNetworkAccess"), "Disabled") ? unless(each, "policies.exportPolicy.status", "disabled") : [];
}

function nameFaults({ props }: Resource): readonly string[] {
  const name = at(props, "registryName");
  if (name === UNKNOWN || textOf(name) === undefined) return [];
  return /^[a-z0-9]{5,50}$/i.test(textOf(name) ?? "") ? [] : [`registryName is ${shown(name)}`];
}
