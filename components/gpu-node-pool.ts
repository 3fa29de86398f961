import * as containerservice from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "./cluster";
import { afterOtherWrites, wroteTo } from "./cluster-writes";
import { type Override, withOverride } from "./override";
import type { GpuSize } from "./plan/catalogue/gpu-sizes";
import { type KubernetesVersion, NODE_OS_SKU } from "./plan/catalogue/kubernetes-versions";
import { type GpuPoolDecisions, type GpuPoolPlan, planGpuPool, type Toleration } from "./plan/gpu-pool";
import type { Priority } from "./plan/sizing/right-size";

/** Where a workload may land. An existing pool is an object literal. */
export interface PoolRef {
  readonly size: GpuSize;
  readonly priority: Priority;
  readonly maxNodes: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly kubernetesVersion: KubernetesVersion;
  readonly osSku: string;
}

export interface GpuNodePoolArgs extends GpuPoolDecisions {
  /** Cluster the nodes join. */
  readonly cluster: ClusterRef;
  /** Last word on the agent pool, after every default. */
  readonly override?: Override<containerservice.AgentPoolArgs>;
}

/**
 * GPU nodes that exist only while something needs them.
 *
 * Creates one autoscaled agent pool, tainted so that only pods that ask for a GPU land on it. Idle it costs nothing; busy, its nodes
 * cost the price of their size, from 0.06 USD per hour (one T4 as spot) to 98 (eight H100).
 *
 * @example
 * const pool = new GpuNodePool("tune", { cluster, size: rightSize(recipe, { location }), priority: "Spot" });
 */
export class GpuNodePool extends pulumi.ComponentResource implements PoolRef {
  readonly size: GpuSize;
  readonly priority: Priority;
  readonly maxNodes: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly kubernetesVersion: KubernetesVersion;
  readonly osSku = NODE_OS_SKU;
  /** The pool itself, for whatever this component does not expose. */
  readonly agentPool: containerservice.AgentPool;

  constructor(name: string, args: GpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planGpuPool(name, args);
    const { size, priority, maxNodes } = plan;
    const reason = typeof args.size === "string" ? undefined : args.size.reason;
    super("aks-fine-tuning:index:GpuNodePool", name, { size, priority, maxNodes, reason }, opts);

    this.size = size;
    this.priority = priority;
    this.maxNodes = maxNodes;
    this.nodeSelector = plan.nodeSelector;
    this.tolerations = plan.tolerations;
    this.kubernetesVersion = args.cluster.kubernetesVersion;
    this.agentPool = new containerservice.AgentPool(
      name,
      withOverride(args.override, agentPoolArguments(plan, args.cluster, this.osSku)),
      {
        parent: this,
        // The autoscaler owns the count, the cluster's upgrade channel the version.
        ignoreChanges: ["count", "orchestratorVersion"],
        // The new pool stands before the old one goes; the provider would do it the other way round, as the name is ours.
        deleteBeforeReplace: false,
        dependsOn: afterOtherWrites(args.cluster),
      },
    );
    wroteTo(args.cluster, this.agentPool);
    this.registerOutputs({ agentPoolName: this.agentPool.name });
  }
}

function agentPoolArguments(plan: GpuPoolPlan, cluster: ClusterRef, osSku: string): containerservice.AgentPoolArgs {
  const spot = plan.priority === "Spot";
  return {
    resourceGroupName: cluster.resourceGroupName,
    resourceName: cluster.clusterName,
    agentPoolName: plan.agentPoolName,
    mode: "User",
    type: "VirtualMachineScaleSets",
    vmSize: plan.size,
    osType: "Linux",
    osSKU: osSku,
    orchestratorVersion: cluster.kubernetesVersion,
    vnetSubnetID: cluster.nodeSubnetId,
    enableAutoScaling: true,
    count: plan.minNodes,
    minCount: plan.minNodes,
    maxCount: plan.maxNodes,
    maxPods: 50,
    nodeLabels: { ...plan.labels },
    nodeTaints: [...plan.taints],
    gpuProfile: { driver: "Install" },
    scaleSetPriority: plan.priority,
    // Delete: a deallocated spot node still counts against quota. https://learn.microsoft.com/azure/aks/spot-node-pool
    scaleSetEvictionPolicy: spot ? "Delete" : undefined,
    spotMaxPrice: spot ? -1 : undefined,
    // A second GPU node for an upgrade is rarely to be had; AKS refuses surge settings on spot pools altogether.
    upgradeSettings: spot ? undefined : { maxSurge: "0", maxUnavailable: "1" },
  };
}
