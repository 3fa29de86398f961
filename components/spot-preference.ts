import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "./cluster";
import { poolContext } from "./gpu-pool/declared-pools";
import { expanderPriorities, PRIORITY_EXPANDER_NAME, type PreferredSpotNames, spotPreferenceProblems } from "./plan/gpu-pool/preferred-spot";
import { refuse } from "./plan/refuse";

/** Arguments of a SpotPreference. */
export interface SpotPreferenceArgs {
  /** Cluster whose autoscaler is told; it takes one SpotPreference, and has `expander: "priority"`. */
  readonly cluster: ClusterRef;
  /** Every `PreferredSpotGpuPool` of the cluster. */
  readonly pools: readonly PreferredSpotNames[];
}

/** Clusters whose priorities are declared. */
const owned = new WeakSet<ClusterRef>();

/**
 * Makes the cluster's autoscaler add spot nodes first, and on-demand ones where there is no spot capacity.
 *
 * Creates the one ConfigMap that the autoscaler's priority expander reads; it has no effect unless the cluster's `autoscaler.expander` is "priority",
 * and falls back after `autoscaler.maxNodeProvisionMinutes`. Costs nothing.
 *
 * @example
 * new SpotPreference("spot", { cluster, pools: [tune, serve] });
 */
export class SpotPreference extends pulumi.ComponentResource {
  /** The ConfigMap `cluster-autoscaler-priority-expander` in `kube-system`. */
  readonly priorities: core.ConfigMap;

  constructor(name: string, args: SpotPreferenceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, pools } = args;
    refuse(`SpotPreference "${name}"`, spotPreferenceProblems(pools, { ...poolContext(cluster), owned: owned.has(cluster) }));
    super("aks-fine-tuning:index:SpotPreference", name, {}, opts);

    owned.add(cluster);
    // Name and namespace are the autoscaler's: https://blog.aks.azure.com/2025/07/17/Scaling-safely-with-spot-on-aks
    this.priorities = new core.ConfigMap(
      name,
      { metadata: { name: PRIORITY_EXPANDER_NAME, namespace: "kube-system" }, data: { priorities: expanderPriorities(pools) } },
      { parent: this, provider: cluster.provider },
    );
    this.registerOutputs({});
  }
}
