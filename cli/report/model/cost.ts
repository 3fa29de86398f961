import { isGpuSize } from "../../../components/plan/catalogue/gpu-sizes";
import { UNUSABLE_GPU_SIZES } from "../../../components/plan/catalogue/unusable-gpu-sizes";
import { type GpuPrices, priceOf } from "../../../components/plan/prices";
import { gpusOf, type Pool, type PoolState } from "./pools";
import type { Run, RunState, Service, ServiceState } from "./workloads";

/** A sum of prices, with the nodes in it that have none. */
export interface Sum {
  /** USD per hour of the nodes whose price is known. */
  readonly usdPerHour: number;
  /** Nodes whose price is not known: they are not in the sum. */
  readonly unpricedNodes: number;
}

/** Price of one node. */
export interface NodePrice {
  readonly usdPerHour: number;
  readonly region: string | undefined;
  /** Whether it is the price of another region, as nobody knows this one's. */
  readonly standsIn: boolean;
  readonly date: string;
}

export interface PoolCost {
  readonly pool: Pool;
  readonly price: { readonly old: NodePrice | undefined; readonly new: NodePrice | undefined };
  /** Nodes that are held: the pool's minimum, or those of its services and its unfinished runs where these need more. */
  readonly heldNodes: { readonly old: number; readonly new: number };
}

export interface Cost {
  readonly pools: readonly PoolCost[];
  readonly now: Sum;
  readonly after: Sum;
  readonly mostNow: Sum;
  readonly mostAfter: Sum;
  readonly budgetUsdPerHour: number | undefined;
  /** Whether the most that may be paid in an hour is above the budget; undefined without one, or where a price is missing and the rest is within. */
  readonly overBudget: boolean | undefined;
}

/** States of a run's record in which it holds its GPU. */
const RUNNING = new Set(["queued", "tuning", "pushing"]);

export function costOf(pools: readonly Pool[], runs: readonly Run[], services: readonly Service[], prices: GpuPrices | undefined, budgetUsdPerHour: number | undefined): Cost {
  const priced = pools.map((pool): PoolCost => {
    const mayHold = holderOf(pool, pools);
    const heldNodes = {
      old: held(pool.old, mayHold ? gpusHeld(pool.label, runs, services, "old") : 0),
      new: held(pool.new, mayHold ? gpusHeld(pool.label, runs, services, "new") : 0),
    };
    return { pool, price: { old: pool.old && nodePrice(pool.old, prices), new: pool.new && nodePrice(pool.new, prices) }, heldNodes };
  });
  const sum = (when: "old" | "new", nodesOf: (each: PoolCost) => number) => priced.reduce((total, each) => added(total, nodesOf(each), each.price[when]), NOTHING);
  const mostAfter = sum("new", ({ pool }) => pool.new?.maxNodes ?? 0);
  return {
    pools: priced,
    now: sum("old", ({ heldNodes }) => heldNodes.old),
    after: sum("new", ({ heldNodes }) => heldNodes.new),
    mostNow: sum("old", ({ pool }) => pool.old?.maxNodes ?? 0),
    mostAfter,
    budgetUsdPerHour,
    overBudget: budgetUsdPerHour === undefined ? undefined : isOver(mostAfter, budgetUsdPerHour),
  };
}

const NOTHING: Sum = { usdPerHour: 0, unpricedNodes: 0 };

function added(sum: Sum, nodes: number, price: NodePrice | undefined): Sum {
  if (nodes === 0) return sum;
  return price === undefined ? { ...sum, unpricedNodes: sum.unpricedNodes + nodes } : { ...sum, usdPerHour: sum.usdPerHour + nodes * price.usdPerHour };
}

function isOver({ usdPerHour, unpricedNodes }: Sum, budget: number): boolean | undefined {
  if (usdPerHour > budget + 1e-9) return true;
  return unpricedNodes > 0 ? undefined : false;
}

/** Of pools with one label, spot and on-demand side by side, the first that is there holds what runs. */
function holderOf(pool: Pool, pools: readonly Pool[]): boolean {
  const alike = pools.filter(({ label }) => label !== undefined && label === pool.label);
  const preferred = alike.find(({ new: after, old }) => (after ?? old)?.priority === "Spot") ?? alike[0];
  return preferred === undefined || preferred === pool;
}

function held(pool: PoolState | undefined, gpus: number): number {
  if (!pool) return 0;
  const perNode = pool.gpusPerNode === undefined || pool.gpusPerNode <= 0 ? 1 : Math.max(1, Math.floor(pool.gpusPerNode));
  return Math.max(pool.minNodes, Math.min(pool.maxNodes, Math.ceil(gpus / perNode)));
}

function gpusHeld(label: string | undefined, runs: readonly Run[], services: readonly Service[], when: "old" | "new"): number {
  if (label === undefined) return 0;
  const served = services.map((service) => service[when]).filter((state): state is ServiceState => state?.pool === label);
  const gpus = served.reduce((sum, { replicas = 0, kaito, size }) => sum + replicas * (kaito ? kaito.nodes * (gpusOf(size ?? "", undefined) ?? 1) : 1), 0);
  const tuned = runs.filter((run) => run[when]?.pool === label && (when === "new" ? starts(run) || isRunning(run.new) : isRunning(run.old))).map((run) => run[when]);
  return gpus + tuned.reduce((sum, run) => sum + (run ? run.nodes * run.gpusPerNode : 0), 0);
}

/** Whether the update starts a run: a job that is new, or that has another run than before. */
export function starts({ action, old, new: after }: Run): boolean {
  if (!after || action === "same" || action === "read" || action === "delete") return false;
  return action === "create" || action === "replace" || old?.runId !== after.runId;
}

function isRunning(run: RunState | undefined): boolean {
  return run?.recorded !== undefined && RUNNING.has(run.recorded);
}

/** What an hour of one node costs; undefined where nobody knows, never zero. */
export function nodePrice({ size, priority, region }: Pick<PoolState, "size" | "priority" | "region">, prices?: GpuPrices): NodePrice | undefined {
  if (isGpuSize(size)) {
    const found = priceOf(size, priority, region, prices);
    return found && { usdPerHour: found.usdPerHour, region: found.region, standsIn: found.standsIn, date: found.date };
  }
  const facts = Object.hasOwn(UNUSABLE_GPU_SIZES, size) ? UNUSABLE_GPU_SIZES[size] : undefined;
  const usdPerHour = priority === "Spot" ? facts?.spotUsdPerHour : facts?.usdPerHour;
  if (usdPerHour === undefined) return undefined;
  return { usdPerHour, region: facts?.priceRegion, standsIn: region !== undefined && region !== facts?.priceRegion, date: facts?.spotDate ?? "undated" };
}
