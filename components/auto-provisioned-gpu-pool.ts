import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "./cluster";
import { declarePool, poolContext } from "./gpu-pool/declared-pools";
import type { PoolRef } from "./gpu-node-pool";
import { type AutoProvisionedPoolDecisions, planAutoProvisionedPool } from "./plan/gpu-pool/auto-provisioned";
import type { GpuSize } from "./plan/catalogue/gpu-sizes";
import { type KubernetesVersion, NODE_OS_SKU } from "./plan/catalogue/kubernetes-versions";
import type { Toleration } from "./plan/gpu-pool";
import { sizeReason } from "./plan/gpu-pool/hardware";
import { nodeClassManifest, nodePoolManifest } from "./plan/manifests/auto-provisioned-pool";
import type { Priority } from "./plan/sizing/shape";
import { tagged } from "./plan/tags";
import { tellOnce } from "./told-once";

/** Arguments of an AutoProvisionedGpuPool. */
export interface AutoProvisionedGpuPoolArgs extends AutoProvisionedPoolDecisions {
  /** Cluster the nodes join, with `nodeProvisioning: "node-auto-provisioning"`. */
  readonly cluster: ClusterRef;
}

/**
 * GPU nodes that node auto-provisioning (Karpenter) makes for the pods that need them.
 *
 * Creates Karpenter's NodePool and the AKSNodeClass it refers to. A node goes when it is empty, never while something runs on it. Idle it costs
 * nothing; busy, its nodes cost the price of their size, as spot where there is any.
 *
 * @example
 * const pool = new AutoProvisionedGpuPool("tune", { cluster, size: "Standard_NC24ads_A100_v4", priority: "Spot" });
 */
export class AutoProvisionedGpuPool extends pulumi.ComponentResource implements PoolRef {
  readonly size: GpuSize;
  readonly priority: Priority;
  readonly maxNodes: number;
  readonly minNodes = 0;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly kubernetesVersion: KubernetesVersion;
  readonly osSku: string = NODE_OS_SKU;
  readonly gpusPerNode: number;
  readonly gpuResource: string;
  readonly gpuMemoryGiB: number;
  /** Karpenter's NodePool: which nodes may be made, how many, and when they go. */
  readonly nodePool: apiextensions.CustomResource;
  /** The AKSNodeClass that it refers to: image, disk and subnet of the nodes. */
  readonly nodeClass: apiextensions.CustomResource;

  constructor(name: string, args: AutoProvisionedGpuPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster } = args;
    const plan = planAutoProvisionedPool(name, args, poolContext(cluster));
    const { size, priority, maxNodes } = plan;
    super("aks-fine-tuning:index:AutoProvisionedGpuPool", name, { size, priority, maxNodes }, opts);
    tellOnce(sizeReason(args), this);

    declarePool(cluster, name);
    this.size = size;
    this.priority = priority;
    this.maxNodes = maxNodes;
    this.nodeSelector = plan.nodeSelector;
    this.tolerations = plan.tolerations;
    this.kubernetesVersion = cluster.kubernetesVersion;
    this.gpusPerNode = plan.gpusPerNode;
    this.gpuResource = plan.gpuResource;
    this.gpuMemoryGiB = plan.gpuMemoryGiB;
    const child = { parent: this, provider: cluster.provider };
    const tags = tagged("AutoProvisionedGpuPool", name, args.tags);
    this.nodeClass = new apiextensions.CustomResource(`${name}-class`, nodeClassManifest(plan, cluster.nodeSubnetId, tags), child);
    this.nodePool = new apiextensions.CustomResource(name, nodePoolManifest(plan), { ...child, dependsOn: [this.nodeClass] });
    this.registerOutputs({});
  }
}
