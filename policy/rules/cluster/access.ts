import { parseRange } from "../../../components/plan/network/address-ranges";
import type { Resource } from "../../resources/resource";
import { at, hasUnknown, is, isEmpty, isNot, list, shown, textOf, UNKNOWN } from "../../resources/value";
import type { Rule } from "../../rule";
import { rule, settingRule, unless } from "../settings";
import { CHECKOV, psrule } from "../sources";
import { CLUSTER } from "./kinds";

/** Who reaches a cluster, and as whom. */
export const ACCESS_RULES: readonly Rule[] = [
  settingRule(CLUSTER, "disableLocalAccounts", [true], {
    ...{ name: "cluster-local-accounts-off", severity: "high", ids: ["Azure.AKS.LocalAccounts", "CKV_AZURE_141"] },
    description: "A cluster has no local accounts: every call carries an Entra identity",
    remediation: "set disableLocalAccounts to true, as Cluster always does, and sign in with kubelogin",
    url: psrule("AKS.LocalAccounts"),
  }),
  settingRule(CLUSTER, "aadProfile.managed", [true], {
    ...{ name: "cluster-entra-integration", severity: "high", ids: ["Azure.AKS.ManagedAAD"] },
    description: "Entra signs people and pipelines in to a cluster",
    remediation: "set aadProfile.managed to true, as Cluster always does",
    url: psrule("AKS.ManagedAAD"),
  }),
  settingRule(CLUSTER, "aadProfile.enableAzureRBAC", [true], {
    ...{ name: "cluster-azure-rbac", severity: "medium", ids: ["Azure.AKS.AzureRBAC"] },
    description: "Azure role assignments say what people may do in a cluster",
    remediation: "set aadProfile.enableAzureRBAC to true, as Cluster always does",
    url: psrule("AKS.AzureRBAC"),
  }),
  settingRule(CLUSTER, "enableRBAC", [true], {
    ...{ name: "cluster-kubernetes-rbac", severity: "critical", ids: ["Azure.AKS.UseRBAC", "CKV_AZURE_5"] },
    description: "Kubernetes checks roles",
    remediation: "set enableRBAC to true, as Cluster always does; it is fixed at creation",
    url: psrule("AKS.UseRBAC"),
  }),
  rule(CLUSTER, apiServerFaults, {
    ...{ name: "cluster-api-server-limited", severity: "critical", production: true, ids: ["Azure.AKS.AuthorizedIPs", "CKV_AZURE_6", "CKV_AZURE_115"] },
    description: "The API server of a cluster answers a private network or named addresses alone; either will do",
    remediation: "set apiServerAccessProfile.authorizedIPRanges (Cluster: authorizedIpRanges) or enablePrivateCluster (Cluster: privateApiServer)",
    url: psrule("AKS.AuthorizedIPs"),
  }),
  rule(CLUSTER, identityFaults, {
    ...{ name: "cluster-managed-identity", severity: "high", ids: ["Azure.AKS.ManagedIdentity"] },
    description: "A cluster acts in Azure as a managed identity, not with the secret of a service principal",
    remediation: "set identity.type to UserAssigned, as Cluster always does, and remove servicePrincipalProfile",
    url: psrule("AKS.ManagedIdentity"),
  }),
  rule(CLUSTER, (each) => [...unless(each, "oidcIssuerProfile.enabled", true), ...unless(each, "securityProfile.workloadIdentity.enabled", true)], {
    ...{ name: "cluster-workload-identity", severity: "medium" },
    description: "Pods get Azure identities from their service accounts instead of stored secrets",
    remediation: "set oidcIssuerProfile.enabled and securityProfile.workloadIdentity.enabled to true, as Cluster always does",
    url: "https://learn.microsoft.com/azure/aks/workload-identity-overview",
  }),
  rule(CLUSTER, sshFaults, {
    ...{ name: "cluster-no-ssh-keys", severity: "low" },
    description: "Nobody holds a key to the nodes of a cluster",
    remediation: "remove linuxProfile.ssh, as Cluster does; kubectl debug node reaches a node through the API server",
    url: "https://learn.microsoft.com/azure/aks/manage-ssh-node-access",
  }),
  rule(CLUSTER, legacyFaults, {
    ...{ name: "cluster-no-legacy-add-ons", severity: "high" },
    ids: ["Azure.AKS.HttpAppRouting", "Azure.AKS.PodIdentity", "CKV_AZURE_8", "CKV_AZURE_246"],
    description: "HTTP application routing, the dashboard and pod-managed identities are off: each is retired and opens a way in",
    remediation: "remove addonProfiles.httpApplicationRouting, addonProfiles.kubeDashboard and podIdentityProfile, or set enabled to false",
    url: CHECKOV,
  }),
];

function apiServerFaults({ props }: Resource): readonly string[] {
  const ranges = at(props, "apiServerAccessProfile.authorizedIPRanges");
  const isPrivate = at(props, "apiServerAccessProfile.enablePrivateCluster");
  if (isPrivate === UNKNOWN || is(isPrivate, true) || ranges === UNKNOWN) return [];
  if (isEmpty(ranges)) return ["the API server answers every address"];
  const open = list(ranges).flatMap((each) => textOf(each) ?? []).filter((text) => parseRange(text)?.prefix === 0);
  return open.map((text) => `apiServerAccessProfile.authorizedIPRanges holds "${text}", which is every address`);
}

function identityFaults({ props }: Resource): readonly string[] {
  const type = at(props, "identity.type");
  const principal = at(props, "servicePrincipalProfile.clientId");
  return [
    ...(isNot(type, "SystemAssigned", "UserAssigned") ? [`identity.type is ${shown(type)}`] : []),
    // "msi" says that there is none: https://learn.microsoft.com/azure/aks/use-managed-identity
    ...(isNot(principal, undefined, "", "msi") ? ["servicePrincipalProfile names a service principal"] : []),
  ];
}

function sshFaults({ props }: Resource): readonly string[] {
  const keys = at(props, "linuxProfile.ssh.publicKeys");
  return isEmpty(keys) || hasUnknown(keys) ? [] : [`linuxProfile.ssh.publicKeys holds ${list(keys).length}`];
}

function legacyFaults(each: Resource): readonly string[] {
  const paths = ["addonProfiles.httpApplicationRouting.enabled", "addonProfiles.kubeDashboard.enabled", "podIdentityProfile.enabled"];
  return paths.flatMap((path) => unless(each, path, undefined, false));
}
