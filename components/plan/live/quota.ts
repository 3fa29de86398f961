import { GPU_SIZES, type GpuSizeFacts, isGpuSize } from "../catalogue/gpu-sizes";
import { numberAt, textAt } from "./json";
import type { LivePool, OfferedSize } from "./sizes";

/** A quota of vCPUs that pools need, and what is left of it. */
export interface QuotaFinding {
  /** As Azure shows it: "Standard NCADSA100v4 Family vCPUs". */
  readonly family: string;
  /** As Azure's interfaces name it: standardNCADSA100v4Family, lowPriorityCores for all spot nodes of a region, cores for all others. */
  readonly name: string;
  readonly spot: boolean;
  /** Pools that draw on it. */
  readonly pools: readonly string[];
  /** vCPUs of these pools at their most nodes. */
  readonly needed: number;
  /** Absent where Azure lists no such quota in the region. */
  readonly limit?: number;
  /** By everything in the subscription, nodes of these pools that run already included. */
  readonly used?: number;
  /** What of the limit is not used. */
  readonly left?: number;
}

export interface QuotaFindings {
  readonly quota: readonly QuotaFinding[];
  /** Sizes whose vCPUs or family nobody knows. */
  readonly uncounted: readonly string[];
}

/** Spot nodes of every family share one quota of the region: https://learn.microsoft.com/azure/virtual-machines/quotas */
const SPOT = { name: "lowPriorityCores", family: "Total Regional Spot vCPUs" } as const;
const REGION = { name: "cores", family: "Total Regional vCPUs" } as const;

/** One finding for each family, spot and the region's total apart, in the order of the pools. */
export function quotaFindings(pools: readonly LivePool[], usages: readonly unknown[], offered: ReadonlyMap<string, OfferedSize>): QuotaFindings {
  const needs = new Map<string, Need>();
  const uncounted = new Set<string>();
  for (const pool of pools) {
    const counted = countedBy(pool.size, offered);
    if (counted === undefined) uncounted.add(pool.size);
    else if (pool.priority === "Spot") add(needs, SPOT.family, pool, counted.vcpus);
    else add(needs, counted.family, pool, counted.vcpus);
  }
  const regular = [...needs].filter(([family]) => family !== SPOT.family);
  const total: Need = { pools: new Set(regular.flatMap(([, need]) => [...need.pools])), vcpus: regular.reduce((sum, [, need]) => sum + need.vcpus, 0) };
  const all: [string, Need][] = [...needs, ...(regular.length > 0 ? [[REGION.family, total] as [string, Need]] : [])];
  return { quota: all.map(([family, need]) => finding(family, need, usages)), uncounted: [...uncounted] };
}

interface Need {
  readonly pools: Set<string>;
  readonly vcpus: number;
}

function add(needs: Map<string, Need>, family: string, { name, nodes }: LivePool, vcpus: number): void {
  const before = needs.get(family) ?? { pools: new Set(), vcpus: 0 };
  needs.set(family, { pools: before.pools.add(name), vcpus: before.vcpus + nodes * vcpus });
}

/** vCPUs of a node and the quota that counts them: of the catalogue, else of what the region says. */
function countedBy(size: string, offered: ReadonlyMap<string, OfferedSize>): { readonly family: string; readonly vcpus: number } | undefined {
  const facts: GpuSizeFacts | undefined = isGpuSize(size) ? GPU_SIZES[size] : undefined;
  if (facts) return { family: facts.quotaFamily, vcpus: facts.vcpus };
  const { family = "", vcpus } = offered.get(size.toLowerCase()) ?? {};
  return family === "" || vcpus === undefined ? undefined : { family, vcpus };
}

function finding(family: string, { pools, vcpus }: Need, usages: readonly unknown[]): QuotaFinding {
  const known = [SPOT, REGION].find((each) => each.family === family);
  const usage = usages.find((each) => (known ? textAt(each, "name", "value")?.toLowerCase() === known.name.toLowerCase() : names(each).includes(bare(family))));
  const limit = numberAt(usage, "limit");
  const used = numberAt(usage, "currentValue");
  return {
    family: textAt(usage, "name", "localizedValue") ?? family,
    name: textAt(usage, "name", "value") ?? known?.name ?? family,
    spot: known === SPOT,
    pools: [...pools],
    needed: vcpus,
    ...(limit === undefined || used === undefined ? {} : { limit, used, left: Math.max(0, limit - used) }),
  };
}

function names(usage: unknown): readonly string[] {
  return [textAt(usage, "name", "value"), textAt(usage, "name", "localizedValue")].flatMap((name) => (name === undefined ? [] : [bare(name)]));
}

/** Azure writes the same family as "Standard NCADSA100v4 Family vCPUs", "standardNCADSA100v4Family" and "StandardNCADSA100v4Family". */
function bare(family: string): string {
  return family.toLowerCase().replace(/\s+/g, "").replace(/vcpus$/, "");
}
