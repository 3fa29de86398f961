import type * as containerservice from "@pulumi/azure-native/containerservice";
import type { Input } from "@pulumi/pulumi";
import type { ClusterArgs } from "./cluster";
import { NODE_OS_SKU } from "./plan/catalogue/kubernetes-versions";
import type { ClusterPlan } from "./plan/cluster";
import { DNS_ADDRESS, POD_RANGE, SERVICE_RANGE } from "./plan/network";

/** The managed cluster as registered. Secure by default: no local accounts, Entra and Azure roles, workload identity. */
export function clusterArguments(
  name: string,
  plan: ClusterPlan,
  args: ClusterArgs,
  identityId: Input<string>,
): containerservice.ManagedClusterArgs {
  return {
    resourceGroupName: args.resourceGroupName,
    location: args.location,
    sku: { name: "Base", tier: plan.tier },
    dnsPrefix: name,
    kubernetesVersion: plan.kubernetesVersion,
    identity: { type: "UserAssigned", userAssignedIdentities: [identityId] },
    agentPoolProfiles: [systemPool(plan, args)],
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      loadBalancerSku: "standard",
      outboundType: "userAssignedNATGateway",
      podCidr: POD_RANGE,
      serviceCidr: SERVICE_RANGE,
      dnsServiceIP: DNS_ADDRESS,
    },
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: { managed: true, enableAzureRBAC: true },
    apiServerAccessProfile: plan.authorizedIpRanges.length > 0 ? { authorizedIPRanges: [...plan.authorizedIpRanges] } : undefined,
    oidcIssuerProfile: { enabled: true },
    securityProfile: {
      workloadIdentity: { enabled: true },
      // Model images are large; what nothing uses is removed from the nodes' disks.
      imageCleaner: { enabled: true, intervalHours: 48 },
    },
    autoUpgradeProfile: { upgradeChannel: "stable", nodeOSUpgradeChannel: "NodeImage" },
    storageProfile: { fileCSIDriver: { enabled: true } },
  };
}

function systemPool(plan: ClusterPlan, args: ClusterArgs) {
  return {
    name: "system",
    mode: "System",
    type: "VirtualMachineScaleSets",
    vmSize: plan.systemVmSize,
    count: plan.systemNodes,
    osType: "Linux",
    osSKU: NODE_OS_SKU,
    maxPods: 110,
    vnetSubnetID: args.network.nodeSubnetId,
  };
}

/** Four hours on Sunday nights for the cluster's upgrades and for the nodes' images. */
export function maintenanceWindows(resourceGroupName: Input<string>, resourceName: Input<string>) {
  return ["aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"].map((configName) => ({
    suffix: configName === "aksManagedAutoUpgradeSchedule" ? "upgrades" : "node-images",
    args: {
      resourceGroupName,
      resourceName,
      configName,
      maintenanceWindow: {
        durationHours: 4,
        startTime: "01:00",
        utcOffset: "+00:00",
        schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } },
      },
    } satisfies containerservice.MaintenanceConfigurationArgs,
  }));
}
