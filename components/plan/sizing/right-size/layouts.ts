import { GPU_SIZES, type GpuSize, type GpuSizeFacts } from "../../catalogue/gpu-sizes";
import { computeShare, devicesOf, isSliced, type PoolDevices } from "../../gpu-pool/devices";
import type { ResolvedRecipe } from "../../recipe";
import type { Shape } from "../shape";
import { interconnectOf } from "../speed/interconnect";
import { tuningGpu } from "../speed/gpu";
import type { MemoryEstimate } from "../tuning-memory";
import { estimateTuningTime, type TuningTimeEstimate } from "../tuning-time";
import { type Batch, type Batches, batchesOf, type Ranks } from "./batches";
import { type GpuPrices, type KnownPrice, priceOf } from "../../prices";
import type { Constraints } from "./constraints";
import type { JudgedPool } from "./suitability";

/** What is laid out, within which constraints, and the memory of its layouts. */
export interface Search {
  readonly recipe: ResolvedRecipe;
  readonly constraints: Constraints;
  readonly batches: Batches;
  /** Layouts found already, by the hardware: sizes of one card have them in common. */
  readonly layouts: Map<string, readonly Layout[]>;
  /** Price of a pool, each looked up once. */
  readonly price: (pool: Pick<JudgedPool, "size" | "priority">) => KnownPrice | undefined;
}

/** A way to lay a run out on a pool that safely fits, and how long it takes. */
export interface Layout {
  readonly shape: Shape;
  readonly memory: MemoryEstimate;
  readonly time: TuningTimeEstimate;
}

export function searchOf(recipe: ResolvedRecipe, constraints: Constraints): Search {
  return { recipe, constraints, batches: batchesOf(recipe, constraints), layouts: new Map(), price: pricesOf(constraints) };
}

/** Prices of the catalogue do not change; those of a region are looked up once in a program. */
const CATALOGUE = new Map<string, Search["price"]>();

function pricesOf({ location, prices }: Constraints): Search["price"] {
  if (prices !== undefined) return lookup(location, prices);
  const known = CATALOGUE.get(location) ?? lookup(location);
  CATALOGUE.set(location, known);
  return known;
}

function lookup(location: string, prices?: GpuPrices): Search["price"] {
  const known = { Regular: new Map<GpuSize, KnownPrice | undefined>(), Spot: new Map<GpuSize, KnownPrice | undefined>() };
  return ({ size, priority }) => {
    const ofPriority = known[priority];
    if (!ofPriority.has(size)) ofPriority.set(size, priceOf(size, priority, location, prices));
    return ofPriority.get(size);
  };
}

/** The same with something changed; what only limits the choice leaves the memory of layouts as it is. */
export function changed(search: Search, recipe: Partial<ResolvedRecipe> | undefined, constraints: Partial<Constraints> = {}): Search {
  const [changedRecipe, loosened] = [{ ...search.recipe, ...recipe }, { ...search.constraints, ...constraints }];
  if (recipe !== undefined || "trainer" in constraints) return searchOf(changedRecipe, loosened);
  const otherRanks = ["engine", "maxNodes", "maxGpus"].some((limit) => limit in constraints);
  return { ...search, constraints: loosened, layouts: otherRanks ? new Map<string, readonly Layout[]>() : search.layouts };
}

/** The quickest layout on every number of nodes, as far as it fits; shards only where copies do not fit, as they wait for each other more. */
export function layoutsOn(pool: PoolDevices, search: Search): readonly Layout[] {
  const key = hardwareOf(pool);
  const found = search.layouts.get(key) ?? findLayouts(pool, search);
  search.layouts.set(key, found);
  return found.map((layout) => (layout.shape.size === pool.size ? layout : { ...layout, shape: { ...layout.shape, size: pool.size } }));
}

/** What layouts depend on besides recipe and constraints. */
function hardwareOf(pool: PoolDevices): string {
  const hardware = HARDWARE[pool.size];
  const { gpusPerNode, gpuResource, gpuMemoryGiB } = pool;
  return gpusPerNode === undefined && gpuMemoryGiB === undefined ? hardware : `${hardware} ${gpusPerNode} ${gpuResource} ${gpuMemoryGiB}`;
}

/** Sizes that differ in processors and host memory alone have one name. */
const HARDWARE = Object.fromEntries(
  Object.entries<GpuSizeFacts>(GPU_SIZES).map(([size, { gpuModel, share, infiniBand, gpus }]) => [size, `${gpus} ${gpuModel} ${share} ${infiniBand}`]),
) as Readonly<Record<GpuSize, string>>;

function findLayouts(pool: PoolDevices, search: Search): Layout[] {
  const layouts: Layout[] = [];
  for (const copiesFirst of ranksByNodes(pool, search)) {
    for (const ranks of copiesFirst) {
      const best = quickest(pool, search, ranks);
      if (best === undefined) continue;
      layouts.push(best);
      break;
    }
  }
  return layouts;
}

/** What the layout that needs the least of one GPU needs, whether it fits or not. */
export function leanest(pool: PoolDevices, search: Search): MemoryEstimate {
  const ranks = ranksByNodes(pool, search).flat();
  return ranks.map((each) => search.batches(pool.size, each).leanest.memory).reduce((least, each) => (each.safeGiB < least.safeGiB ? each : least));
}

/** For every number of nodes that the batch divides by: copies, then shards. */
function ranksByNodes(pool: PoolDevices, { recipe, constraints }: Search): Ranks[][] {
  const gpus = isSliced(pool) ? 1 : devicesOf(pool).gpusPerNode;
  const byNodes: Ranks[][] = [];
  for (let nodes = 1; nodes <= mostNodes(pool, constraints); nodes++) {
    const gpusPerNode = gpusThatDivide(recipe.globalBatch, gpus, nodes);
    if (gpusPerNode === 0) continue;
    const copies: Ranks = { nodes, gpusPerNode, sharding: gpusPerNode * nodes === 1 ? "none" : "ddp" };
    byNodes.push(copies.sharding === "none" || constraints.engine === "kaito" ? [copies] : [copies, { ...copies, sharding: "fsdp" }]);
  }
  return byNodes;
}

/** Slices and parts of a card reach no other. */
function mostNodes(pool: PoolDevices, { maxNodes = 1, maxGpus = Infinity }: Constraints): number {
  const { share }: GpuSizeFacts = GPU_SIZES[pool.size];
  if (share !== undefined || isSliced(pool)) return 1;
  return Math.min(maxNodes, Math.floor(maxGpus / devicesOf(pool).gpusPerNode));
}

/** All GPUs of a node are paid, so all are used, as far as the rows of a step divide by them; 0 where these do not divide by the nodes. */
function gpusThatDivide(rows: number, gpus: number, nodes: number): number {
  let used = gpus;
  while (used > 0 && rows % (used * nodes) !== 0) used -= 1;
  return used;
}

/** Of the largest micro-batches that fit, with and without checkpointing, the quicker: it costs a third more compute, smaller steps are less efficient. */
function quickest(pool: PoolDevices, search: Search, ranks: Ranks): Layout | undefined {
  const { gpuMemoryGiB } = devicesOf(pool);
  const { all, leanest: least } = search.batches(pool.size, ranks);
  const fits = ({ memory }: Batch) => memory.safeGiB <= gpuMemoryGiB;
  if (!fits(least)) return undefined;
  const { none, full } = all();
  const recomputed = full.find(fits) ?? least;
  const kept = none.find(fits);
  if (kept === undefined) return layoutOf(pool, search, ranks, recomputed);
  const layout = layoutOf(pool, search, ranks, kept);
  // As many rows are quicker without computing anything again.
  if (recomputed.microBatch <= kept.microBatch) return layout;
  const other = layoutOf(pool, search, ranks, recomputed);
  return other.time.hours.expected < layout.time.hours.expected ? other : layout;
}

function layoutOf(pool: PoolDevices, search: Search, ranks: Ranks, { microBatch, checkpointing, memory }: Batch): Layout {
  const shape: Shape = { size: pool.size, ...ranks, microBatch, checkpointing, optimizer: search.constraints.trainer?.optimizer ?? "adamw" };
  return { shape, memory, time: timeOf(pool, search, shape) };
}

/** Without packing, rows are as long as the longest beside them. */
function timeOf(pool: PoolDevices, { recipe, constraints }: Search, shape: Shape): TuningTimeEstimate {
  const { model, method, sequenceLength, packing, epochs, globalBatch } = recipe;
  const { rows = DEFAULT_ROWS, tokensPerRow = sequenceLength } = constraints;
  return estimateTuningTime({
    model,
    method,
    sequenceLength: packing ? sequenceLength : tokensPerRow,
    packing,
    ...shape,
    accumulation: globalBatch / (shape.microBatch * shape.nodes * shape.gpusPerNode),
    offload: "none",
    gpu: tuningGpu(GPU_SIZES[pool.size], computeShare(pool)),
    interconnect: interconnectOf(pool.size, shape.gpusPerNode),
    tokens: rows * epochs * tokensPerRow,
  });
}

/** Rows that hours and cost are given for where nobody says how many there are. */
export const DEFAULT_ROWS = 1000;
