import type * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "../cluster";

/**
 * The write registered last on each cluster. AKS refuses a write while another one to the same cluster runs, to a pool or to a maintenance
 * window as much as to the cluster itself: https://aka.ms/aks-pending-operation
 */
const lastWrite = new WeakMap<ClusterRef, pulumi.Resource>();

/** What the next write to the cluster has to wait for, as `dependsOn`. */
export function afterOtherWrites(cluster: ClusterRef): pulumi.Resource[] {
  const before = lastWrite.get(cluster);
  return before ? [before] : [];
}

/** Puts a resource that is written to the cluster at the end of the queue. */
export function wroteTo(cluster: ClusterRef, resource: pulumi.Resource): void {
  lastWrite.set(cluster, resource);
}
