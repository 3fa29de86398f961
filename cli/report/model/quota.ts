import { GPU_SIZES, isGpuSize } from "../../../components/plan/catalogue/gpu-sizes";
import { UNUSABLE_GPU_SIZES } from "../../../components/plan/catalogue/unusable-gpu-sizes";
import { inOrder } from "./order";
import type { Pool, PoolState } from "./pools";

/** vCPU quota of one kind in one region. */
export interface QuotaNeed {
  /** Name under which Azure counts it; spot capacity is counted together, whatever its family. */
  readonly family: string;
  readonly spot: boolean;
  readonly region: string | undefined;
  /** vCPUs at maximum scale, before and after. */
  readonly oldVcpus: number;
  readonly newVcpus: number;
  /** vCPUs while the update replaces pools whose successors stand before they go. */
  readonly duringVcpus: number;
}

/** Nodes of sizes whose vCPUs no catalogue has. */
export interface UncountedNodes {
  readonly size: string;
  readonly nodes: number;
}

export interface Quota {
  readonly needs: readonly QuotaNeed[];
  readonly uncounted: readonly UncountedNodes[];
}

/** https://learn.microsoft.com/azure/virtual-machines/spot-vms#quota */
const SPOT_QUOTA = "Total Regional Spot vCPUs";

export function quotaOf(pools: readonly Pool[]): Quota {
  const needs = new Map<string, QuotaNeed>();
  const uncounted = new Map<string, number>();
  for (const pool of pools) {
    const during = pool.overlaps || pool.old === undefined || pool.new === undefined ? undefined : Math.max(pool.old.maxNodes, pool.new.maxNodes);
    for (const when of ["old", "new"] as const) {
      const state = pool[when];
      if (!state) continue;
      const counted = countedAs(state);
      if (!counted) {
        if (when === "new" || pool.new === undefined) uncounted.set(state.size, (uncounted.get(state.size) ?? 0) + state.maxNodes);
        continue;
      }
      const key = JSON.stringify([counted.family, state.region]);
      const before = needs.get(key) ?? { ...counted, region: state.region, oldVcpus: 0, newVcpus: 0, duringVcpus: 0 };
      needs.set(key, sum(before, when, state.maxNodes * counted.vcpus, duringVcpus(pool, when, counted.vcpus, during)));
    }
  }
  return {
    needs: [...needs.values()].sort((one, other) => inOrder(one.region ?? "", other.region ?? "") || Number(one.spot) - Number(other.spot) || inOrder(one.family, other.family)),
    uncounted: [...uncounted].map(([size, nodes]) => ({ size, nodes })),
  };
}

/** A pool that changes in place, or whose nodes go before new ones come, is one of the two at a time. */
function duringVcpus({ overlaps, old, new: after }: Pool, when: "old" | "new", vcpus: number, most: number | undefined): number {
  const state = when === "old" ? old : after;
  if (overlaps || most === undefined) return (state?.maxNodes ?? 0) * vcpus;
  const alike = old?.size === after?.size && old?.priority === after?.priority;
  if (!alike) return (state?.maxNodes ?? 0) * vcpus;
  return when === "new" ? most * vcpus : 0;
}

function sum(need: QuotaNeed, when: "old" | "new", vcpus: number, during: number): QuotaNeed {
  return when === "old"
    ? { ...need, oldVcpus: need.oldVcpus + vcpus, duringVcpus: need.duringVcpus + during }
    : { ...need, newVcpus: need.newVcpus + vcpus, duringVcpus: need.duringVcpus + during };
}

/** How a pool's nodes count, as far as the catalogue knows. */
export function countedAs({ size, priority }: PoolState): { readonly family: string; readonly spot: boolean; readonly vcpus: number } | undefined {
  const facts = isGpuSize(size) ? GPU_SIZES[size] : undefined;
  const vcpus = facts?.vcpus ?? (Object.hasOwn(UNUSABLE_GPU_SIZES, size) ? UNUSABLE_GPU_SIZES[size]?.vcpus : undefined);
  if (vcpus === undefined) return undefined;
  if (priority === "Spot") return { family: SPOT_QUOTA, spot: true, vcpus };
  return facts ? { family: facts.quotaFamily, spot: false, vcpus } : { family: `family of ${size}`, spot: false, vcpus };
}
