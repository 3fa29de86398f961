import { NODE_OS_SKU } from "../catalogue/kubernetes-versions";
import { canonicalJson, shortHash } from "../digest";
import type { GpuPoolPlan } from "./decisions";

/** Everything about a pool that AKS fixes when it is made. */
export type CreateOnly = Pick<
  GpuPoolPlan,
  | "size"
  | "priority"
  | "evictionPolicy"
  | "spotMaxPrice"
  | "maxPods"
  | "gpuInstanceProfile"
  | "driver"
  | "osSku"
  | "osDiskType"
  | "osDiskSizeGb"
  | "hostEncryption"
  | "ultraSsd"
  | "zones"
  | "capacityReservationGroupId"
>;

/**
 * Name in Azure: up to eight characters of ours and four of a hash over what cannot be changed, so that a changed pool can be made before the
 * old one goes. Names are a contract: the first pools hashed size and priority alone, so what came later counts only where it differs from
 * what they had.
 */
export function agentPoolName(name: string, pool: CreateOnly, usualDiskType: GpuPoolPlan["osDiskType"]): string {
  const { size, priority, zones } = pool;
  const differences = {
    evictionPolicy: unless(pool.evictionPolicy, "Delete"),
    spotMaxPrice: unless(pool.spotMaxPrice, -1),
    maxPods: unless(pool.maxPods, 50),
    gpuInstanceProfile: pool.gpuInstanceProfile,
    driver: unless(pool.driver, "Install"),
    osSku: unless(pool.osSku, NODE_OS_SKU),
    osDiskType: unless(pool.osDiskType, usualDiskType),
    osDiskSizeGb: pool.osDiskSizeGb,
    hostEncryption: unless(pool.hostEncryption, false),
    ultraSsd: unless(pool.ultraSsd, false),
    // The same zones in another order are the same zones.
    zones: zones.length > 0 ? [...zones].sort() : undefined,
    capacityReservationGroupId: pool.capacityReservationGroupId?.toLowerCase(),
  };
  return `${name}${shortHash(canonicalJson({ size, priority, ...differences }), 4)}`;
}

function unless<Value>(value: Value, usual: Value): Value | undefined {
  return value === usual ? undefined : value;
}
