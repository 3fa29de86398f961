import { AgentPool, type AgentPoolArgs } from "@pulumi/azure-native/containerservice/agentPool";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "../cluster";
import { afterOtherWrites, wroteTo } from "../cluster/writes";
import { type Override, withOverride } from "../override";
import type { GpuPoolDecisions, GpuPoolPlan } from "../plan/gpu-pool";
import { describe } from "../plan/refuse";
import type { Tags } from "../plan/tags";

/** Where an agent pool belongs. */
export interface AgentPoolPlace {
  readonly parent: pulumi.Resource;
  readonly cluster: ClusterRef;
  readonly tags: Tags;
  readonly override?: Override<AgentPoolArgs>;
}

/** One agent pool as planned, written to the cluster after whatever was written before, with its warnings said. */
export function registerAgentPool(
  name: string,
  plan: GpuPoolPlan,
  decisions: Pick<GpuPoolDecisions, "kubernetesVersion">,
  { parent, cluster, tags, override }: AgentPoolPlace,
): AgentPool {
  for (const problem of plan.warnings) void pulumi.log.warn(describe(problem), parent);
  const pool = new AgentPool(name, withOverride(override, agentPoolArguments(plan, cluster, tags)), {
    parent,
    // The autoscaler owns the count, and the cluster's upgrade channel the version where the pool has none of its own.
    ignoreChanges: decisions.kubernetesVersion === undefined ? ["count", "orchestratorVersion"] : ["count"],
    // The new pool stands before the old one goes; the provider would do it the other way round, as the name is ours.
    deleteBeforeReplace: false,
    dependsOn: afterOtherWrites(cluster),
  });
  wroteTo(cluster, pool);
  return pool;
}

function agentPoolArguments(plan: GpuPoolPlan, cluster: ClusterRef, tags: Tags): AgentPoolArgs {
  return {
    resourceGroupName: cluster.resourceGroupName,
    resourceName: cluster.clusterName,
    agentPoolName: plan.agentPoolName,
    mode: "User",
    type: "VirtualMachineScaleSets",
    vnetSubnetID: cluster.nodeSubnetId,
    // Nobody outside the network reaches a node (CKV_AZURE_143).
    enableNodePublicIP: false,
    availabilityZones: plan.zones.length > 0 ? [...plan.zones] : undefined,
    capacityReservationGroupID: plan.capacityReservationGroupId,
    tags: { ...tags },
    ...machine(plan),
    ...scaling(plan),
    ...spotSettings(plan),
  };
}

function machine(plan: GpuPoolPlan) {
  return {
    vmSize: plan.size,
    osType: "Linux",
    osSKU: plan.osSku,
    osDiskType: plan.osDiskType,
    osDiskSizeGB: plan.osDiskSizeGb,
    orchestratorVersion: plan.orchestratorVersion,
    enableEncryptionAtHost: plan.hostEncryption ? true : undefined,
    enableUltraSSD: plan.ultraSsd ? true : undefined,
    gpuProfile: { driver: plan.driver },
    gpuInstanceProfile: plan.gpuInstanceProfile,
    maxPods: plan.maxPods,
  };
}

/**
 * From zero: of an empty pool the autoscaler simulates a node from the pool's own properties in the AKS API, so labels and taints are declared
 * there and no tags on the scale set are needed; GPUs it knows by the size (Azure/AKS#2586; the label `agentpool` once was not known,
 * Azure/AKS#2832, ours is a label of the pool).
 */
function scaling(plan: GpuPoolPlan) {
  return {
    enableAutoScaling: true,
    count: plan.minNodes,
    minCount: plan.minNodes,
    maxCount: plan.maxNodes,
    // A deallocated node keeps its disk's price, and its quota as spot: https://learn.microsoft.com/azure/aks/scale-down-mode
    scaleDownMode: "Delete",
    nodeLabels: { ...plan.labels },
    nodeTaints: [...plan.taints],
    upgradeSettings: plan.upgrade && { ...plan.upgrade },
  };
}

function spotSettings(plan: GpuPoolPlan) {
  return {
    scaleSetPriority: plan.priority,
    // Delete by default: a deallocated spot node still counts against quota. https://learn.microsoft.com/azure/aks/spot-node-pool
    scaleSetEvictionPolicy: plan.evictionPolicy,
    spotMaxPrice: plan.spotMaxPrice,
  };
}
