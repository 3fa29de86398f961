import { AgentPool } from "@pulumi/azure-native/containerservice/agentPool";
import type { Cluster, ClusterArgs } from "../cluster";
import { afterOtherWrites, wroteTo } from "./writes";
import { NODE_OS_SKU } from "../plan/catalogue/kubernetes-versions";
import type { ClusterPlan } from "../plan/cluster";
import { OS_DISK_GIB } from "../plan/cluster/local-disk";
import type { NodePlan } from "../plan/cluster/pools";
import { tagged } from "../plan/tags";

/** Only pods that tolerate it run on the node, which are AKS's own: https://learn.microsoft.com/azure/aks/use-system-pools */
const AKS_ONLY = "CriticalAddonsOnly=true:NoSchedule";

export function systemPool(plan: ClusterPlan, args: ClusterArgs) {
  return {
    name: "system",
    mode: "System",
    ...nodes(plan, plan.systemPool, args),
    count: plan.systemPool.nodes,
    nodeTaints: plan.systemPool.dedicated ? [AKS_ONLY] : undefined,
  };
}

/** The pool for CPU pods, where there is one: a resource of its own, as AKS takes no changes to the pools inside the cluster. */
export function workloadPool(cluster: Cluster, name: string, plan: ClusterPlan, args: ClusterArgs): void {
  const { workloadPool: pool } = plan;
  if (!pool) return;
  const scalesItself = plan.nodeProvisioning === "autoscaler";
  const agentPool = new AgentPool(
    `${name}-workload`,
    {
      resourceGroupName: args.resourceGroupName,
      resourceName: cluster.clusterName,
      agentPoolName: pool.agentPoolName,
      mode: "User",
      ...nodes(plan, pool, args),
      orchestratorVersion: plan.givenVersion,
      enableAutoScaling: scalesItself,
      count: pool.minNodes,
      minCount: scalesItself ? pool.minNodes : undefined,
      maxCount: scalesItself ? pool.maxNodes : undefined,
      upgradeSettings: { maxSurge: "33%" },
      tags: tagged("Cluster", name, args.tags),
    },
    {
      parent: cluster,
      dependsOn: afterOtherWrites(cluster),
      // The autoscaler owns the count, the cluster's upgrade channel the version.
      ignoreChanges: [...(scalesItself ? ["count"] : []), ...(plan.upgrades.movesVersion ? ["orchestratorVersion"] : [])],
      // The new pool stands before the old one goes; the provider would do it the other way round, as the name is ours.
      deleteBeforeReplace: false,
    },
  );
  wroteTo(cluster, agentPool);
}

/** What every node of ours has: no public address, the subnet of the network, the disk that was planned. */
function nodes(plan: ClusterPlan, pool: NodePlan, args: ClusterArgs) {
  return {
    type: "VirtualMachineScaleSets",
    vmSize: pool.vmSize,
    osType: "Linux",
    osSKU: NODE_OS_SKU,
    osDiskType: pool.osDisk,
    osDiskSizeGB: pool.osDisk === "Ephemeral" ? OS_DISK_GIB : undefined,
    maxPods: pool.maxPods,
    availabilityZones: pool.zones.length > 0 ? [...pool.zones] : undefined,
    vnetSubnetID: args.network.nodeSubnetId,
    enableNodePublicIP: false,
    enableEncryptionAtHost: plan.encryptionAtHost,
  };
}
