import type { AgentPool, AgentPoolArgs } from "@pulumi/azure-native/containerservice/agentPool";
import * as pulumi from "@pulumi/pulumi";
import { registerAgentPool } from "./gpu-pool/agent-pool";
import type { ClusterRef } from "./cluster";
import { declarePool, poolContext } from "./gpu-pool/declared-pools";
import type { PoolRef } from "./gpu-node-pool";
import type { Override } from "./override";
import type { GpuSize } from "./plan/catalogue/gpu-sizes";
import type { KubernetesVersion } from "./plan/catalogue/kubernetes-versions";
import type { NodePreference, Toleration } from "./plan/gpu-pool";
import { sizeReason } from "./plan/gpu-pool/hardware";
import { planPreferredSpot, type PreferredSpotDecisions, type PreferredSpotNames } from "./plan/gpu-pool/preferred-spot";
import { tagged } from "./plan/tags";
import { tellOnce } from "./told-once";

/** Arguments of a PreferredSpotGpuPool. */
export interface PreferredSpotGpuPoolArgs extends PreferredSpotDecisions {
  /** Cluster the nodes join. */
  readonly cluster: ClusterRef;
  /** Last word on both agent pools, after every default. */
  readonly override?: Override<AgentPoolArgs>;
}

/**
 * Spot nodes, and on-demand ones for when there are none to be had.
 *
 * Creates two autoscaled agent pools of one shape under one label, each of up to `maxNodes`. Pods tolerate both and prefer spot nodes that run;
 * which pool grows is decided by the autoscaler, for which the cluster needs one `SpotPreference` with all its pairs. Idle it costs nothing;
 * busy, its nodes cost the spot price of their size, or the full one.
 *
 * @example
 * const pool = new PreferredSpotGpuPool("tune", { cluster, size: "Standard_NC24ads_A100_v4", maxNodes: 2 });
 * new SpotPreference("spot", { cluster, pools: [pool] });
 */
export class PreferredSpotGpuPool extends pulumi.ComponentResource implements PoolRef, PreferredSpotNames {
  readonly size: GpuSize;
  /** Runs must survive evictions. */
  readonly priority = "Spot";
  readonly maxNodes: number;
  readonly minNodes = 0;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly kubernetesVersion: KubernetesVersion;
  readonly osSku: string;
  readonly gpusPerNode: number;
  readonly gpuResource: string;
  readonly gpuMemoryGiB: number;
  readonly preference: readonly NodePreference[];
  readonly spotPoolName: string;
  readonly onDemandPoolName: string;
  /** The agent pool of spot nodes, for whatever this component does not expose. */
  readonly spotPool: AgentPool;
  /** The agent pool of on-demand nodes, which stays empty while there is spot capacity. */
  readonly onDemandPool: AgentPool;

  constructor(name: string, args: PreferredSpotGpuPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, override } = args;
    const { spot, onDemand, preference } = planPreferredSpot(name, args, poolContext(cluster));
    const { size, maxNodes } = spot;
    super("aks-fine-tuning:index:PreferredSpotGpuPool", name, { size, maxNodes }, opts);
    tellOnce(sizeReason(args), this);

    declarePool(cluster, name);
    this.size = size;
    this.maxNodes = maxNodes;
    this.nodeSelector = spot.nodeSelector;
    this.tolerations = spot.tolerations;
    this.kubernetesVersion = spot.kubernetesVersion ?? cluster.kubernetesVersion;
    this.osSku = spot.osSku;
    this.gpusPerNode = spot.gpusPerNode;
    this.gpuResource = spot.gpuResource;
    this.gpuMemoryGiB = spot.gpuMemoryGiB;
    this.preference = preference;
    this.spotPoolName = spot.agentPoolName;
    this.onDemandPoolName = onDemand.agentPoolName;
    const place = { parent: this, cluster, override, tags: tagged("PreferredSpotGpuPool", name, args.tags) };
    this.spotPool = registerAgentPool(name, spot, args, place);
    this.onDemandPool = registerAgentPool(`${name}-on-demand`, onDemand, args, place);
    this.registerOutputs({ spotPoolName: this.spotPoolName, onDemandPoolName: this.onDemandPoolName });
  }
}
