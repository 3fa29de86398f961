import type { Resource } from "./resource";
import { at, is, list, member, textOf, UNKNOWN, type Value } from "./value";

/** A node pool, inside its cluster or as a resource of its own. */
export interface Pool {
  /** Where its settings stand in the resource: "" or `agentPoolProfiles[0].`. */
  readonly where: string;
  readonly pool: Value;
}

export const POOL_KINDS = ["azure-native:containerservice:ManagedCluster", "azure-native:containerservice:AgentPool"];

/** Node pools that a resource declares. */
export function poolsOf({ kind, props }: Resource): readonly Pool[] {
  if (kind.endsWith(":AgentPool")) return [{ where: "", pool: props }];
  if (!kind.endsWith(":ManagedCluster")) return [];
  return list(member(props, "agentPoolProfiles")).map((pool, index) => ({ where: `agentPoolProfiles[${index}].`, pool }));
}

/** Every N-series size but NP, which carries FPGAs: https://learn.microsoft.com/azure/virtual-machines/sizes/overview#gpu-accelerated */
export function isGpuSize(size: Value): boolean {
  return /^Standard_N(?!P)/i.test(textOf(size) ?? "");
}

/** Node pools with GPUs, for sure. */
export function gpuPoolsOf(resource: Resource): readonly Pool[] {
  return poolsOf(resource).filter(({ pool }) => isGpuSize(at(pool, "vmSize")));
}

export function isSpot(pool: Value): boolean {
  return is(at(pool, "scaleSetPriority"), "Spot");
}

/** Node pools whose mode is this one, for sure; AKS makes one without a mode a user pool. */
export function isMode(pool: Value, mode: "System" | "User"): boolean {
  const given = at(pool, "mode");
  return given !== UNKNOWN && is(given ?? "User", mode);
}
