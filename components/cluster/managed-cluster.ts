import type { ManagedClusterArgs } from "@pulumi/azure-native/containerservice/managedCluster";
import { type Input, type Output, output } from "@pulumi/pulumi";
import type { ClusterArgs } from "../cluster";
import type { ClusterPlan } from "../plan/cluster";
import { tagged } from "../plan/tags";
import { addOnProfiles, securityProfile } from "./add-ons";
import { systemPool } from "./pools";

/** Resources that the managed cluster names. */
export interface Surroundings {
  readonly identityId: Input<string>;
  /** Log Analytics workspace, where there is one. */
  readonly logsId: Output<string> | undefined;
}

/** The managed cluster as registered. Secure by default: no local accounts, no SSH key, Entra and Azure roles, workload identity. */
export function clusterArguments(name: string, plan: ClusterPlan, args: ClusterArgs, around: Surroundings): ManagedClusterArgs {
  return {
    resourceGroupName: args.resourceGroupName,
    resourceName: plan.clusterName,
    location: args.location,
    tags: tagged("Cluster", name, args.tags),
    sku: { name: "Base", tier: plan.tier },
    supportPlan: plan.supportPlan,
    dnsPrefix: plan.dnsPrefix,
    kubernetesVersion: plan.givenVersion,
    identity: { type: "UserAssigned", userAssignedIdentities: [around.identityId] },
    agentPoolProfiles: [systemPool(plan, args)],
    networkProfile: networkProfile(plan, args),
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: { managed: true, enableAzureRBAC: true },
    apiServerAccessProfile: apiServerAccess(plan, args),
    oidcIssuerProfile: { enabled: true },
    securityProfile: securityProfile(plan, args, around.logsId),
    addonProfiles: addOnProfiles(plan, around.logsId),
    azureMonitorProfile: { metrics: { enabled: plan.monitoring.metrics !== "none" } },
    metricsProfile: { costAnalysis: { enabled: plan.addOns.costAnalysis } },
    aiToolchainOperatorProfile: { enabled: plan.addOns.kaito },
    autoUpgradeProfile: { upgradeChannel: plan.upgrades.channel, nodeOSUpgradeChannel: plan.upgrades.nodeOsChannel },
    autoScalerProfile: autoScalerProfile(plan),
    // Its own node pools would take any pod at any price; which sizes there may be is the program's to say.
    nodeProvisioningProfile: { mode: plan.autoscaler ? "Manual" : "Auto", defaultNodePools: "None" },
    // What AKS makes for the nodes is AKS's alone: https://learn.microsoft.com/azure/aks/node-resource-group-lockdown
    nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
    storageProfile: { fileCSIDriver: { enabled: true } },
    diskEncryptionSetID: args.encryption?.diskEncryptionSetId,
  };
}

function networkProfile(plan: ClusterPlan, { network }: ClusterArgs) {
  return {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    networkDataplane: "cilium",
    networkPolicy: "cilium",
    loadBalancerSku: "standard",
    // Fixed at creation, by what the subnet has: https://learn.microsoft.com/azure/aks/egress-outboundtype
    outboundType: network.egress === "user-defined-routing" ? "userDefinedRouting" : "userAssignedNATGateway",
    podCidr: plan.podRange,
    serviceCidr: plan.serviceRange,
    dnsServiceIP: plan.dnsServiceIp,
  };
}

function apiServerAccess(plan: ClusterPlan, args: ClusterArgs) {
  if (plan.privateApiServer) {
    const privateDNSZone = args.network.privateEndpoints?.zones.cluster ?? "system";
    return { enablePrivateCluster: true, enablePrivateClusterPublicFQDN: false, privateDNSZone };
  }
  if (plan.authorizedIpRanges.length === 0) return undefined;
  // The nodes come from the gateway's address: https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
  const authorizedIPRanges = output(args.network.egressAddress).apply((address) => [
    ...plan.authorizedIpRanges,
    ...(address === undefined ? [] : [`${address}/32`]),
  ]);
  return { authorizedIPRanges };
}

/** AKS takes durations as text, in minutes only. */
function autoScalerProfile({ autoscaler }: ClusterPlan) {
  if (!autoscaler) return undefined;
  return {
    expander: autoscaler.expander,
    maxNodeProvisionTime: `${autoscaler.maxNodeProvisionMinutes}m`,
    scaleDownUnneededTime: `${autoscaler.scaleDownUnneededMinutes}m`,
    scaleDownDelayAfterAdd: `${autoscaler.scaleDownDelayAfterAddMinutes}m`,
    // A GPU node must not be kept, and paid, for a pod of AKS that could run elsewhere.
    skipNodesWithSystemPods: "false",
  };
}
