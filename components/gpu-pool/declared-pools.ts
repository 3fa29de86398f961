import type { ClusterRef } from "../cluster";
import type { GpuPoolContext } from "../plan/gpu-pool";

/** Names of the GPU pools declared on each cluster: two of one name would fight over one label, and ARM would merge them into one. */
const declared = new WeakMap<ClusterRef, string[]>();

/** What the plan of a pool has to know of its cluster. */
export function poolContext(cluster: ClusterRef): GpuPoolContext {
  const { kubernetesVersion, exactKubernetesVersion, environment, nodeProvisioning } = cluster;
  return { kubernetesVersion, exactKubernetesVersion, environment, nodeProvisioning, taken: declared.get(cluster) ?? [] };
}

/** Takes a name, once its pool's plan is accepted. */
export function declarePool(cluster: ClusterRef, name: string): void {
  declared.set(cluster, [...(declared.get(cluster) ?? []), name]);
}
