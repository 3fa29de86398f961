import type { GpuPoolDecisions } from "./decisions";
import type { Problem } from "../refuse";
import type { Priority } from "../sizing/shape";
import { oneOf } from "../spelling";

const PRIORITIES = ["Regular", "Spot"];
const EVICTION_POLICIES = ["Delete", "Deallocate"];
/** https://learn.microsoft.com/azure/aks/spot-node-pool */
const MOST_DECIMALS = 5;

/** The priority asked for, else that of the right size. */
export function priorityOf(decisions: GpuPoolDecisions): Priority {
  return decisions.priority ?? (typeof decisions.size === "string" ? "Regular" : decisions.size.priority);
}

export function priorityProblems(decisions: GpuPoolDecisions): Problem[] {
  const priority: string = priorityOf(decisions);
  if (!PRIORITIES.includes(priority)) {
    const rule = `is none of ${PRIORITIES.join(", ")}`;
    return [{ code: "AKSFT-POOL-06", path: "priority", got: priority, rule, fix: oneOf(priority, PRIORITIES) }];
  }
  return [...evictionProblems(decisions, priority), ...maxPriceProblems(decisions, priority)];
}

function evictionProblems({ evictionPolicy }: GpuPoolDecisions, priority: string): Problem[] {
  if (evictionPolicy === undefined) return [];
  const problem = { code: "AKSFT-POOL-07", path: "evictionPolicy", got: evictionPolicy } as const;
  if (!EVICTION_POLICIES.includes(evictionPolicy)) {
    return [{ ...problem, rule: `is none of ${EVICTION_POLICIES.join(", ")}`, fix: oneOf(evictionPolicy, EVICTION_POLICIES) }];
  }
  // Azure: EvictionPolicyCanBeSetOnlyOnSpot.
  return priority === "Spot" ? [] : [{ ...problem, rule: "only spot nodes are evicted", fix: 'remove it, or set priority "Spot"' }];
}

function maxPriceProblems({ spotMaxPrice: price }: GpuPoolDecisions, priority: string): Problem[] {
  if (price === undefined) return [];
  const problem = { code: "AKSFT-POOL-08", path: "spotMaxPrice", got: price } as const;
  if (priority !== "Spot") return [{ ...problem, rule: "only spot nodes have a maximum price", fix: 'remove it, or set priority "Spot"' }];
  if (price === -1) return [];
  if (!(price > 0) || !Number.isFinite(price)) {
    return [{ ...problem, rule: "must be above 0, or -1 for up to the pay-as-you-go price", fix: "use -1" }];
  }
  const decimals = decimalsOf(price);
  if (decimals <= MOST_DECIMALS) return [];
  const rounded = Math.max(Number(price.toFixed(MOST_DECIMALS)), 10 ** -MOST_DECIMALS);
  return [{ ...problem, rule: `has ${decimals} decimals, at most ${MOST_DECIMALS}`, fix: `use ${plain(rounded)}` }];
}

/** Digits behind the point, also of numbers that JavaScript prints with an exponent. */
function decimalsOf(price: number): number {
  const [mantissa = "", exponent = "0"] = String(price).split("e");
  return Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent));
}

function plain(price: number): string {
  return price.toFixed(MOST_DECIMALS).replace(/0+$/, "");
}
