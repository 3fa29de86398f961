import type { QuotaFinding } from "../../live/findings";
import { clean } from "../clean";
import type { AskedPool } from "./live-question";
import type { Pool } from "./pools";
import { countedAs, type Quota, type QuotaNeed } from "./quota";

/** Whether a quota is enough: "depends" where it is only if some of what is used is the stack's own. */
export type QuotaVerdict = "enough" | "depends" | "short while replacing" | "short" | "not listed";

/** A quota in a region as Azure says it, and what the stack needs of it. */
export interface LiveQuota {
  /** Azure's name of it. */
  readonly family: string;
  readonly region: string;
  readonly spot: boolean;
  /** Whether it is that of all regular vCPUs of the region, of which the report knows those of GPU nodes alone. */
  readonly total: boolean;
  /** Names of the report's own needs that draw on it. */
  readonly needs: readonly string[];
  /** Pools and sizes that draw on it after the update. */
  readonly pools: readonly string[];
  readonly sizes: readonly string[];
  /** vCPUs at maximum scale before, after and while pools are replaced. */
  readonly oldVcpus: number;
  readonly newVcpus: number;
  readonly duringVcpus: number;
  /** Absent where Azure lists no such quota. */
  readonly limit?: number;
  readonly used?: number;
  readonly left?: number;
  /** Most of what is used that can be the stack's own. */
  readonly ownVcpus: number;
  /** vCPUs that are missing for all nodes after the update, if all that can be the stack's own is. */
  readonly missingVcpus: number;
  readonly verdict: QuotaVerdict;
}

/** What the report knows itself. */
interface Known {
  readonly region: string;
  readonly asked: readonly AskedPool[];
  readonly pools: readonly Pool[];
  readonly quota: Quota;
}

/** Azure's name of the quota of all regular vCPUs in a region: https://learn.microsoft.com/azure/virtual-machines/quotas */
const TOTAL = "cores";

export function liveQuotaOf(finding: QuotaFinding, known: Known): LiveQuota {
  const { family, name, spot, needed, limit, used = 0, left = 0 } = finding;
  const total = name.toLowerCase() === TOTAL;
  const drawing = finding.pools.flatMap((id) => known.asked[Number(id)] ?? []);
  const needs = needsOf(finding, total, drawing, known);
  const oldVcpus = sum(needs, "oldVcpus");
  const duringVcpus = Math.max(needed, sum(needs, "duringVcpus"));
  const ownVcpus = Math.min(used, countsAllOld(known, spot) ? oldVcpus : used);
  const figures = { oldVcpus, newVcpus: needed, duringVcpus, ...(limit === undefined ? {} : { limit, used, left }), ownVcpus, missingVcpus: Math.max(0, needed - left - ownVcpus) };
  return {
    ...{ family: clean(family, 60), region: known.region, spot, total },
    needs: needs.map((need) => need.family),
    pools: [...new Set(drawing.map((pool) => pool.name))],
    sizes: [...new Set(drawing.map(({ state }) => state.size))],
    ...figures,
    verdict: verdictOf({ left, ...figures }),
  };
}

function needsOf({ spot }: QuotaFinding, total: boolean, drawing: readonly AskedPool[], { region, quota }: Known): readonly QuotaNeed[] {
  const families = new Set(drawing.map(({ state }) => countedAs(state)?.family));
  return quota.needs.filter((need) => need.region === region && need.spot === spot && (spot || total || families.has(need.family)));
}

/** Nodes that no catalogue counts may be among those that are used. */
function countsAllOld({ pools, region }: Known, spot: boolean): boolean {
  return pools.every(({ old }) => old === undefined || (old.region ?? region) !== region || (old.priority === "Spot") !== spot || countedAs(old) !== undefined);
}

type Figures = Pick<LiveQuota, "newVcpus" | "duringVcpus" | "limit" | "ownVcpus" | "missingVcpus"> & { readonly left: number };

function verdictOf({ newVcpus, duringVcpus, limit, left, ownVcpus, missingVcpus }: Figures): QuotaVerdict {
  if (limit === undefined) return newVcpus > 0 ? "not listed" : "enough";
  if (missingVcpus > 0) return "short";
  if (duringVcpus > left + ownVcpus) return "short while replacing";
  return newVcpus > left ? "depends" : "enough";
}

function sum(needs: readonly QuotaNeed[], key: "oldVcpus" | "duringVcpus"): number {
  return needs.reduce((before, need) => before + need[key], 0);
}
