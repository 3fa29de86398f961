import type * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "./cluster";

/**
 * The last write to each cluster. AKS refuses writes to one cluster, its pools or its maintenance windows that overlap, with codes that
 * azure-native does not retry, so each waits for the one before: https://learn.microsoft.com/azure/aks/quotas-skus-regions
 */
const lastWrite = new WeakMap<ClusterRef, pulumi.Resource>();

/** What the next write to the cluster has to wait for. */
export function afterOtherWrites(cluster: ClusterRef): pulumi.Resource[] {
  const last = lastWrite.get(cluster);
  return last ? [last] : [];
}

/** Puts a write in line; the next one waits for it. */
export function wroteTo(cluster: ClusterRef, resource: pulumi.Resource): void {
  lastWrite.set(cluster, resource);
}
