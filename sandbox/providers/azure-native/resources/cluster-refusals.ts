import type { JsonObject } from "../../values";
import { addressRange, overlaps } from "./address-ranges";
import { ArmError, invalidParameter } from "../arm-error";
import { at, flagAt, numberAt, objectAt, objectsAt, sameJson, textAt, textsAt } from "../json";
import type { Write } from "../rules";

/** What AKS refuses of a cluster beyond its version and its pools. */
export function refuseCluster({ inputs, before }: Write): void {
  refuseApiServerAccess(inputs);
  if (before) refuseFixedAccess(inputs, before.outputs);
  refuseTier(inputs);
  refuseIdentity(inputs);
  refuseSecurity(inputs);
  refuseProvisioning(inputs);
  refuseAddresses(inputs);
  refuseAutoUpgrade(inputs);
}

function badRequest(code: string, message: string): ArmError {
  return new ArmError(400, code, message);
}

function refuseApiServerAccess(inputs: JsonObject): void {
  const ranges = textsAt(inputs, "apiServerAccessProfile.authorizedIPRanges");
  if (flagAt(inputs, "apiServerAccessProfile.enablePrivateCluster") === true && ranges.length > 0) {
    // Wording: aquasecurity/tfsec issue 571.
    throw badRequest("InvalidParameter", "Private cluster cannot be enabled with AuthorizedIPRanges.");
  }
  if (ranges.includes("0.0.0.0/32") && ranges.length > 1) {
    // Wording: Azure/terraform-azurerm-aks issue 378.
    throw badRequest(
      "InvalidParameter",
      "Setting apiServerAuthorizedIPRange to 0.0.0.0/32 is not allowed with other IP ranges. " +
        "Refer to https://aka.ms/aks/auth-ip-ranges for more details",
    );
  }
}

function refuseFixedAccess(inputs: JsonObject, held: JsonObject): void {
  const path = "apiServerAccessProfile.enablePrivateCluster";
  if ((flagAt(inputs, path) ?? false) !== (flagAt(held, path) ?? false)) {
    // Wording: Azure/azure-cli issue 12669.
    throw badRequest(
      "BadRequest",
      "Changing enablePrivateCluster is not allowed. It can only be set while creating the cluster.",
    );
  }
  // learn.microsoft.com/azure/aks/private-clusters
  const zone = "apiServerAccessProfile.privateDNSZone";
  if (flagAt(inputs, path) === true && !sameJson(at(inputs, zone), at(held, zone))) {
    throw badRequest("PropertyChangeNotAllowed", `Changing property 'properties.${zone}' is not allowed.`);
  }
}

function refuseTier(inputs: JsonObject): void {
  const tier = textAt(inputs, "sku.tier") ?? "Free";
  // learn.microsoft.com/azure/aks/long-term-support, Azure/azure-sdk-for-java pull 39110
  if (textAt(inputs, "supportPlan") === "AKSLongTermSupport" && tier !== "Premium") {
    throw invalidParameter("supportPlan", "AKSLongTermSupport is only available in the Premium tier.");
  }
  // learn.microsoft.com/azure/aks/cost-analysis
  if (flagAt(inputs, "metricsProfile.costAnalysis.enabled") === true && tier === "Free") {
    throw invalidParameter("metricsProfile.costAnalysis", "Cost analysis needs the Standard or the Premium tier.");
  }
}

function refuseIdentity(inputs: JsonObject): void {
  if (textAt(inputs, "identity.type") === "UserAssigned" && textsAt(inputs, "identity.userAssignedIdentities").length !== 1) {
    // Azure/azure-rest-api-specs, ManagedClusterIdentity: exactly one id for the control plane.
    throw invalidParameter("identity", "The type UserAssigned needs exactly one user assigned identity.");
  }
  const entra = flagAt(inputs, "aadProfile.managed") === true;
  if (flagAt(inputs, "disableLocalAccounts") === true && !entra) {
    // Wording: cilium/cilium pull 48265.
    throw badRequest(
      "BadRequest",
      "Since kubernetes version 1.25, disableLocalAccounts can only be set on Azure AD integration enabled cluster. " +
        "Please integrate your cluster with AAD.",
    );
  }
}

function refuseSecurity(inputs: JsonObject): void {
  const security = objectAt(inputs, "securityProfile");
  // What the SDK says of ManagedClusterSecurityProfileDefender.logAnalyticsWorkspaceResourceId.
  if (flagAt(security, "defender.securityMonitoring.enabled") === true && !textAt(security, "defender.logAnalyticsWorkspaceResourceId")) {
    throw invalidParameter("securityProfile.defender", "A Log Analytics workspace is required.");
  }
  // What the SDK says of AzureKeyVaultKms.keyVaultResourceId.
  const isPrivate = textAt(security, "azureKeyVaultKms.keyVaultNetworkAccess") === "Private";
  const vault = textAt(security, "azureKeyVaultKms.keyVaultResourceId");
  if (isPrivate !== (vault !== undefined)) {
    throw invalidParameter("securityProfile.azureKeyVaultKms", "keyVaultResourceId goes with Private network access, and with it alone.");
  }
  // learn.microsoft.com/azure/aks/workload-identity-deploy-cluster
  if (flagAt(security, "workloadIdentity.enabled") === true && flagAt(inputs, "oidcIssuerProfile.enabled") !== true) {
    throw invalidParameter("securityProfile.workloadIdentity", "Workload identity needs the OIDC issuer.");
  }
  const hours = numberAt(security, "imageCleaner.intervalHours");
  // learn.microsoft.com/azure/aks/image-cleaner
  if (hours !== undefined && (hours < 24 || hours > 2160)) {
    throw invalidParameter("securityProfile.imageCleaner.intervalHours", "The interval is from 24 to 2160 hours.");
  }
}

export function provisionsNodes(cluster: JsonObject | undefined): boolean {
  return textAt(cluster, "nodeProvisioningProfile.mode") === "Auto";
}

/** Not both without a feature flag: learn.microsoft.com/azure/aks/migrate-from-autoscaler-to-node-auto-provisioning */
export function refuseAutoscaledPool(pool: JsonObject): void {
  if (flagAt(pool, "enableAutoScaling") === true) {
    throw invalidParameter("agentPoolProfile.enableAutoScaling", "Node auto provisioning and the cluster autoscaler can't be enabled together.");
  }
}

function refuseProvisioning(inputs: JsonObject): void {
  if (!provisionsNodes(inputs)) return;
  objectsAt(inputs, "agentPoolProfiles").forEach(refuseAutoscaledPool);
  const network = objectAt(inputs, "networkProfile");
  if (textAt(network, "networkPlugin") !== "azure" || (textAt(network, "loadBalancerSku") ?? "standard") !== "standard") {
    throw invalidParameter("nodeProvisioningProfile", "Node auto provisioning needs Azure CNI and a standard load balancer.");
  }
}

/** Names of the refusals: learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes */
function refuseAddresses(inputs: JsonObject): void {
  const service = addressRange(textAt(inputs, "networkProfile.serviceCidr") ?? "10.0.0.0/16");
  const pods = addressRange(textAt(inputs, "networkProfile.podCidr") ?? "10.244.0.0/16");
  if (service && pods && overlaps(service, pods)) {
    throw badRequest("ServiceCidrOverlap", "The specified service CIDR overlaps with the pod CIDR of the cluster.");
  }
  const dns = addressRange(`${textAt(inputs, "networkProfile.dnsServiceIP") ?? ""}/32`);
  // learn.microsoft.com/azure/aks/configure-azure-cni: the first address is the API server's service.
  if (service && dns && dns.first === service.first + 1) {
    throw invalidParameter("networkProfile.dnsServiceIP", "The first address of the service CIDR can't be used.");
  }
}

/** learn.microsoft.com/azure/aks/auto-upgrade-cluster */
function refuseAutoUpgrade(inputs: JsonObject): void {
  const profile = objectAt(inputs, "autoUpgradeProfile");
  const nodes = textAt(profile, "nodeOSUpgradeChannel") ?? "NodeImage";
  if (textAt(profile, "upgradeChannel") === "node-image" && nodes !== "NodeImage") {
    throw invalidParameter("autoUpgradeProfile", "The channel node-image needs the node OS channel NodeImage.");
  }
}
