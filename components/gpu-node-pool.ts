import type { AgentPool, AgentPoolArgs } from "@pulumi/azure-native/containerservice/agentPool";
import * as pulumi from "@pulumi/pulumi";
import { registerAgentPool } from "./gpu-pool/agent-pool";
import type { ClusterRef } from "./cluster";
import { declarePool, poolContext } from "./gpu-pool/declared-pools";
import type { Override } from "./override";
import type { GpuSize } from "./plan/catalogue/gpu-sizes";
import type { KubernetesVersion } from "./plan/catalogue/kubernetes-versions";
import { type GpuPoolDecisions, type NodePreference, planGpuPool, type Toleration } from "./plan/gpu-pool";
import { sizeReason } from "./plan/gpu-pool/hardware";
import type { Priority } from "./plan/sizing/shape";
import { tagged } from "./plan/tags";
import { tellOnce } from "./told-once";

/** Where a workload may land. An existing pool is an object literal. */
export interface PoolRef {
  /** VM size of its nodes. */
  readonly size: GpuSize;
  /** Price tier of its nodes. */
  readonly priority: Priority;
  /** Most nodes that the pool may grow to. */
  readonly maxNodes: number;
  /** Fewest nodes that the pool keeps. @default - not known */
  readonly minNodes?: number;
  /** Labels by which a pod selects the pool. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** What a pod tolerates to land on it. */
  readonly tolerations: readonly Toleration[];
  /** Kubernetes version of its nodes. */
  readonly kubernetesVersion: KubernetesVersion;
  /** Operating system of its nodes, as AKS names it. */
  readonly osSku: string;
  /** GPUs of a node, or slices of them. @default - the size's GPUs */
  readonly gpusPerNode?: number;
  /** Resource that a pod requests them by. @default "nvidia.com/gpu" */
  readonly gpuResource?: string;
  /** Memory that a process can use on one of them, in GiB. @default - the size's */
  readonly gpuMemoryGiB?: number;
  /** Nodes of the pool that a pod should rather land on. @default - any */
  readonly preference?: readonly NodePreference[];
  /** Every label of its nodes, where more of them matter than those a pod selects by, as for KAITO. @default - not known */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Arguments of a GpuNodePool. */
export interface GpuNodePoolArgs extends GpuPoolDecisions {
  /** Cluster the nodes join. */
  readonly cluster: ClusterRef;
  /** Last word on the agent pool, after every default. */
  readonly override?: Override<AgentPoolArgs>;
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
  readonly minNodes: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly kubernetesVersion: KubernetesVersion;
  readonly osSku: string;
  readonly gpusPerNode: number;
  readonly gpuResource: string;
  readonly gpuMemoryGiB: number;
  readonly labels: Readonly<Record<string, string>>;
  /** The pool itself, for whatever this component does not expose. */
  readonly agentPool: AgentPool;

  constructor(name: string, args: GpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, override } = args;
    const plan = planGpuPool(name, args, poolContext(cluster));
    const { size, priority, maxNodes } = plan;
    const reason = sizeReason(args);
    super("aks-fine-tuning:index:GpuNodePool", name, { size, priority, maxNodes, reason }, opts);
    tellOnce(reason, this);

    declarePool(cluster, name);
    this.size = size;
    this.priority = priority;
    this.maxNodes = maxNodes;
    this.minNodes = plan.minNodes;
    this.nodeSelector = plan.nodeSelector;
    this.tolerations = plan.tolerations;
    this.kubernetesVersion = plan.kubernetesVersion ?? cluster.kubernetesVersion;
    this.osSku = plan.osSku;
    this.gpusPerNode = plan.gpusPerNode;
    this.gpuResource = plan.gpuResource;
    this.gpuMemoryGiB = plan.gpuMemoryGiB;
    this.labels = plan.labels;
    const tags = tagged("GpuNodePool", name, args.tags);
    this.agentPool = registerAgentPool(name, plan, args, { parent: this, cluster, tags, override });
    this.registerOutputs({ agentPoolName: this.agentPool.name });
  }
}
