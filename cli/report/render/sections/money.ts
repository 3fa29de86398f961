import type { NodePrice, PoolCost, Sum } from "../../model/cost";
import type { PoolState } from "../../model/pools";
import type { Report } from "../../model/report";
import { type Cell, cell, code, type Line, type Part, type Section } from "../parts";
import { change, hourly, usd } from "../words";

/** GPU nodes by pool, and what an hour of them costs. */
export function costSection({ cost, leavesOutUnchanged }: Report): Section | undefined {
  if (cost.pools.length === 0) return undefined;
  const total: readonly Cell[] = [
    cell("all"),
    cell(""),
    cell(""),
    cell(""),
    cell(change(hourly(cost.now), hourly(cost.after))),
    cell(change(hourly(cost.mostNow), hourly(cost.mostAfter))),
  ];
  const rows = cost.pools.map(row);
  return {
    title: "GPU nodes and what they cost in an hour",
    lead: [...takeovers(cost.pools), [priceNote(cost.pools), ...(leavesOutUnchanged ? [" Pools that stay may be missing: a digest has them with ", code("--show-sames"), " only."] : [])]],
    body: { kind: "table", heads: ["Pool", "Size", "Nodes", "USD a node", "USD held", "USD at most"], right: [2, 3, 4, 5], rows: rows.length > 1 ? [...rows, total] : rows },
    rowsAre: ["pool", "pools"],
  };
}

/** Both sets of a service of KAITO's stand until the first is gone. */
function takeovers(pools: readonly PoolCost[]): readonly Line[] {
  return pools.flatMap(({ pool, price, heldNodes }): readonly Line[] => {
    const nodes = heldNodes.old + heldNodes.new;
    if (pool.byKaito !== true || !pool.overlaps || heldNodes.old === 0 || heldNodes.new === 0) return [];
    const both = hourly({ ...NOTHING, ...(price.old && price.new ? { usdPerHour: heldNodes.old * price.old.usdPerHour + heldNodes.new * price.new.usdPerHour } : { unpricedNodes: nodes }) });
    return [["While one set takes over from the other, ", code(pool.name), ` has ${nodes} nodes, for ${both} USD an hour; no sum has that.`]];
  });
}

const NOTHING: Sum = { usdPerHour: 0, unpricedNodes: 0 };

function row({ pool, price, heldNodes }: PoolCost): readonly Cell[] {
  const { old, new: after, action } = pool;
  const suffix = action === "create" ? " (new)" : action === "delete" ? " (goes)" : "";
  return [
    cell(code(pool.name), suffix),
    cell(...sizes(old, after)),
    cell(change(nodesOf(old), nodesOf(after))),
    cell(change(old && priced(price.old), after && priced(price.new))),
    cell(change(old && times(heldNodes.old, price.old), after && times(heldNodes.new, price.new))),
    cell(change(old && times(old.maxNodes, price.old), after && times(after.maxNodes, price.new))),
  ];
}

function sizes(old: PoolState | undefined, after: PoolState | undefined): Line {
  const shown = ({ size, priority }: PoolState): readonly Part[] => [code(size), priority === "Spot" ? " as spot" : ""];
  if (old && after && (old.size !== after.size || old.priority !== after.priority)) return [...shown(old), " → ", ...shown(after)];
  const only = after ?? old;
  return only ? shown(only) : [];
}

function nodesOf(state: PoolState | undefined): string | undefined {
  return state && (state.minNodes === state.maxNodes ? String(state.maxNodes) : `${state.minNodes}–${state.maxNodes}`);
}

function priced(price: NodePrice | undefined): string {
  return price ? `${usd(price.usdPerHour)}${price.standsIn ? "*" : ""}` : "not known";
}

function times(nodes: number, price: NodePrice | undefined): string {
  if (nodes === 0) return usd(0);
  const sum: Sum = price ? { usdPerHour: nodes * price.usdPerHour, unpricedNodes: 0 } : { usdPerHour: 0, unpricedNodes: nodes };
  return price ? hourly(sum) : "not known";
}

/** Where the prices are from, and that a star means another region's. */
function priceNote(pools: readonly PoolCost[]): string {
  const prices = pools.flatMap(({ price }) => [price.old, price.new]).filter((price) => price !== undefined);
  const sources = [...new Set(prices.map(({ region, date }) => `${region ?? "an unknown region"}, ${date}`))].sort();
  const starred = prices.some(({ standsIn }) => standsIn) ? "; * stands for a region whose price is not known" : "";
  const missing = pools.some(({ price, pool }) => (pool.old && !price.old) || (pool.new && !price.new)) ? " Sizes without a known price are in no sum." : "";
  const from = sources.length === 0 ? "" : ` Prices: ${sources.join("; ")}${starred}.`;
  return `Held are a pool's least nodes, or those that services and unfinished runs need.${from}${missing}`;
}
