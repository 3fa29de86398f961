import type { JsonObject } from "../../values";
import { addressRange, contains } from "./address-ranges";
import { clusterExclusive, poolOutputs, validatePool, validatePoolChange } from "./agent-pool";
import { resourceGroupOf } from "../arm-ids";
import { ArmError } from "../arm-error";
import { stableGuid, stableHex } from "../autonaming";
import { provisionsNodes, refuseAutoscaledPool, refuseCluster } from "./cluster-refusals";
import { flagAt, objectAt, objectsAt, textAt, textsAt } from "../json";
import { DEFAULT_VERSION, fullVersion, isLongTermOnly, isSupported, minorOf, SUPPORTED_VERSIONS } from "./kubernetes-versions";
import type { TypeRules, World, Write } from "../rules";

export const clusterRules: TypeRules = {
  throttled: true,
  milliseconds: 600,
  exclusive: (id) => clusterExclusive(id),
  validate: (write) => {
    validateVersion(write);
    validateNetwork(write.inputs);
    refuseCluster(write);
    const pools = objectsAt(write.inputs, "agentPoolProfiles");
    for (const pool of pools) validatePool(pool, textAt(pool, "mode") ?? "User");
    if (write.before) {
      validateInlinePools(write, pools);
      refuseScalingSiblings(write);
    } else if (!pools.some((pool) => textAt(pool, "mode") === "System")) {
      throw new ArmError(400, "InvalidParameter", "Required parameter agentPoolProfiles: at least one System pool.");
    }
  },
  outputs: clusterOutputs,
};

function validateVersion({ inputs, before }: Write): void {
  const version = textAt(inputs, "kubernetesVersion");
  if (version !== undefined && !isSupported(version)) {
    throw new ArmError(
      400,
      "K8sVersionNotSupported",
      `Managed cluster is on version ${version}, which is not supported in this region. ` +
        `Supported: ${SUPPORTED_VERSIONS.join(", ")}.`,
    );
  }
  if (version !== undefined && !before && isLongTermOnly(version) && textAt(inputs, "supportPlan") !== "AKSLongTermSupport") {
    // learn.microsoft.com/azure/aks/long-term-support; every version since 1.27 has it (Azure/AKS issue 5008).
    throw new ArmError(
      400,
      "K8sVersionNotSupported",
      `Managed cluster is on version ${fullVersion(version)}, which is only available with Long-Term Support (LTS).`,
    );
  }
  const held = textAt(before?.outputs, "currentKubernetesVersion");
  if (
    version !== undefined &&
    held !== undefined &&
    Number(minorOf(version).slice(2)) < Number(minorOf(held).slice(2))
  ) {
    throw new ArmError(400, "OperationNotAllowed", `Downgrading Kubernetes from ${held} to ${version} is not allowed.`);
  }
}

function validateNetwork(inputs: JsonObject): void {
  const service = addressRange(textAt(inputs, "networkProfile.serviceCidr") ?? "10.0.0.0/16");
  const dns = addressRange(`${textAt(inputs, "networkProfile.dnsServiceIP") ?? ""}/32`);
  if (service && dns && !contains(service, dns)) {
    throw new ArmError(
      400,
      "DnsServiceIpOutOfServiceCidr",
      "The specified DNS service IP is out of the service CIDR range of the cluster.",
    );
  }
}

/** Node auto-provisioning comes to a cluster whose pools do not scale themselves, and pools of their own count too. */
function refuseScalingSiblings({ id, inputs, world }: Write): void {
  if (!provisionsNodes(inputs)) return;
  const pools = world.state.inside(id).filter(({ type }) => type === "azure-native:containerservice:AgentPool");
  pools.forEach(({ outputs }) => refuseAutoscaledPool(outputs));
}

/** Pools can be neither added nor rebuilt through the cluster (pulumi-azure-native issue 579). */
function validateInlinePools({ before }: Write, pools: readonly JsonObject[]): void {
  const held = objectsAt(before?.outputs, "agentPoolProfiles");
  for (const pool of pools) {
    const same = held.find((other) => textAt(other, "name") === textAt(pool, "name"));
    if (!same) {
      throw new ArmError(
        400,
        "BadRequest",
        "A new agent pool was introduced. Adding agent pools to an existing cluster is not allowed through managed " +
          "cluster operations. For agent pool specific change, please use per agent pool operations: " +
          "https://aka.ms/agent-pool-rest-api",
        "agentPoolProfiles",
      );
    }
    validatePoolChange(pool, same);
  }
}

/** A cluster as AKS returns it (fields as in the recorded answers of pulumi-azure-native's upgrade tests). */
function clusterOutputs(write: Write): JsonObject {
  const { id, inputs, before, location, name } = write;
  const group = resourceGroupOf(id) ?? "";
  const version =
    textAt(inputs, "kubernetesVersion") ?? textAt(before?.outputs, "kubernetesVersion") ?? DEFAULT_VERSION;
  const unique = stableHex(8, id, "fqdn");
  const host = `${textAt(inputs, "dnsPrefix") ?? textAt(inputs, "fqdnSubdomain") ?? name}-${unique}`;
  const isPrivate = flagAt(inputs, "apiServerAccessProfile.enablePrivateCluster") === true;
  const held = objectsAt(before?.outputs, "agentPoolProfiles");
  const nodeResourceGroup = textAt(inputs, "nodeResourceGroup") ?? `MC_${group}_${name}_${location}`;
  return {
    ...clusterDefaults(inputs, id),
    agentPoolProfiles: objectsAt(inputs, "agentPoolProfiles").map((pool) => ({
      mode: "User",
      type: "VirtualMachineScaleSets",
      ...poolOutputs(
        pool,
        version,
        held.find((other) => textAt(other, "name") === textAt(pool, "name")),
      ),
    })),
    kubernetesVersion: version,
    currentKubernetesVersion: fullVersion(version),
    fqdn: `${host}.hcp.${location}.azmk8s.io`,
    azurePortalFQDN: `${host}.portal.hcp.${location}.azmk8s.io`,
    ...(isPrivate ? { privateFQDN: `${host}.${stableGuid(id, "private")}.privatelink.${location}.azmk8s.io` } : {}),
    identity: identityOutputs(write),
    identityProfile: { kubeletidentity: kubeletIdentity(write, nodeResourceGroup) },
    networkProfile: networkOutputs(inputs),
    nodeResourceGroup,
    oidcIssuerProfile: issuerOutputs(write),
  };
}

function clusterDefaults(inputs: JsonObject, id: string): JsonObject {
  return {
    autoUpgradeProfile: { nodeOSUpgradeChannel: "NodeImage", ...objectAt(inputs, "autoUpgradeProfile") },
    disableLocalAccounts: flagAt(inputs, "disableLocalAccounts") ?? false,
    enableRBAC: flagAt(inputs, "enableRBAC") ?? true,
    maxAgentPools: 100,
    powerState: { code: "Running" },
    resourceUID: stableHex(24, id, "uid"),
    securityProfile: { ...objectAt(inputs, "securityProfile") },
    servicePrincipalProfile: { clientId: "msi" },
    sku: { name: "Base", tier: "Free", ...objectAt(inputs, "sku") },
    storageProfile: {
      diskCSIDriver: { enabled: true },
      fileCSIDriver: { enabled: true },
      snapshotController: { enabled: true },
      ...objectAt(inputs, "storageProfile"),
    },
    supportPlan: textAt(inputs, "supportPlan") ?? "KubernetesOfficial",
    workloadAutoScalerProfile: { ...objectAt(inputs, "workloadAutoScalerProfile") },
  };
}

/** The pod and service ranges that AKS chooses when none are given. */
function networkOutputs(inputs: JsonObject): JsonObject {
  const profile = objectAt(inputs, "networkProfile");
  const podCidr = textAt(profile, "podCidr") ?? "10.244.0.0/16";
  const serviceCidr = textAt(profile, "serviceCidr") ?? "10.0.0.0/16";
  return {
    dnsServiceIP: "10.0.0.10",
    ipFamilies: ["IPv4"],
    loadBalancerSku: "standard",
    networkDataplane: "azure",
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    outboundType: "loadBalancer",
    podCidrs: [podCidr],
    serviceCidrs: [serviceCidr],
    ...profile,
    podCidr,
    serviceCidr,
  };
}

function issuerOutputs({ id, inputs, location, world }: Write): JsonObject {
  const enabled = flagAt(inputs, "oidcIssuerProfile.enabled") ?? false;
  const issuerURL = `https://${location}.oic.prod-aks.azure.com/${world.tenantId}/${stableGuid(id, "issuer")}/`;
  return enabled ? { enabled, issuerURL } : { enabled };
}

/** Inputs list identity ids; Azure returns them as keys with the ids of their principals. */
function identityOutputs({ id, inputs, world }: Write): JsonObject {
  const type = textAt(inputs, "identity.type") ?? "SystemAssigned";
  if (type !== "UserAssigned") {
    return { type, principalId: stableGuid(id, "system identity"), tenantId: world.tenantId };
  }
  const identities = textsAt(inputs, "identity.userAssignedIdentities");
  const principals = identities.map((identity): [string, JsonObject] => [identity, principalOf(identity, world)]);
  return { type, userAssignedIdentities: Object.fromEntries(principals) };
}

function principalOf(identityId: string, world: World): JsonObject {
  const outputs = world.state.get(identityId)?.outputs;
  return {
    clientId: textAt(outputs, "clientId") ?? stableGuid(identityId, "client"),
    principalId: textAt(outputs, "principalId") ?? stableGuid(identityId, "principal"),
  };
}

/** AKS makes the kubelet's identity in the node resource group unless it is given one. */
function kubeletIdentity({ inputs, name, world }: Write, nodeResourceGroup: string): JsonObject {
  const resourceId =
    textAt(inputs, "identityProfile.kubeletidentity.resourceId") ??
    `/subscriptions/${world.subscriptionId}/resourcegroups/${nodeResourceGroup}/providers/` +
      `Microsoft.ManagedIdentity/userAssignedIdentities/${name}-agentpool`;
  const principal = principalOf(resourceId, world);
  return { resourceId, clientId: principal["clientId"], objectId: principal["principalId"] };
}
