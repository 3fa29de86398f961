import type { Sum } from "../model/cost";
import type { Range } from "../model/workloads";

/** Money of an hour; a missing price is said, and never counted as nothing. */
export function hourly(sum: Sum): string {
  if (sum.unpricedNodes === 0) return usd(sum.usdPerHour);
  const nodes = `${sum.unpricedNodes} ${sum.unpricedNodes === 1 ? "node" : "nodes"} without a known price`;
  return sum.usdPerHour === 0 ? nodes : `${usd(sum.usdPerHour)} + ${nodes}`;
}

export function usd(value: number): string {
  if (value > 0 && value < 0.005) return "under 0.01";
  return value.toFixed(2);
}

/** A figure with its bounds, where they are far enough apart to be two. */
export function range({ low, expected, high }: Range): string {
  const [from, to] = [digits(low), digits(high)];
  return from === to || high < 0.02 ? digits(expected) : `${digits(expected)} (${from}–${to})`;
}

function digits(value: number): string {
  if (value > 0 && value < 0.005) return "under 0.01";
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

/** One value where both are the same, else both. */
export function change(old: string | undefined, after: string | undefined): string {
  if (old === undefined || after === undefined || old === after) return after ?? old ?? "";
  return `${old} → ${after}`;
}
