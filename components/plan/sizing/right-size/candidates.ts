import { GPU_PRICES, GPU_SIZES, type GpuSize, type GpuSizeFacts } from "../../catalogue/gpu-sizes";
import { devicesOf, isSliced, type PoolDevices } from "../../gpu-pool/devices";
import { type KnownPrice, priceOf, regionName } from "../../prices";
import type { ResolvedRecipe } from "../../recipe";
import type { Priority, Shape } from "../shape";
import type { EstimatedRange } from "../speed/start-up";
import type { MemoryEstimate } from "../tuning-memory";
import type { Constraints } from "./constraints";
import { type Layout, layoutsOn, leanest, type MemoryOf } from "./layouts";
import { gib } from "./wording";

/** vCPU quota that a run needs. */
export interface Quota {
  /** Name under which Azure counts it. */
  readonly family: string;
  /** vCPUs of all nodes of the run. */
  readonly vcpus: number;
  /** Whether the region's spot quota is used, which is one for all families. */
  readonly spot: boolean;
}

/** A size that fits, and what the run would take on it. */
export interface Candidate {
  /** VM size. */
  readonly size: GpuSize;
  /** How the run would be laid out on it. */
  readonly shape: Shape;
  /** Memory of one GPU. */
  readonly memory: MemoryEstimate;
  /** Duration, in hours, without start-up. */
  readonly hours: EstimatedRange;
  /** Minutes from asking for a node to the first step, which are paid too. */
  readonly startUpMinutes: EstimatedRange;
  /** Price of all nodes of the run, in USD per hour; undefined where none is known. */
  readonly usdPerHour: number | undefined;
  /** Cost of one run with its start-up, in USD; undefined where no price is known. */
  readonly usd: EstimatedRange | undefined;
  /** vCPU quota of the run. */
  readonly quota: Quota;
  /** Why it was not chosen. */
  readonly why: string;
}

/** A size that does not fit. */
export interface Refusal {
  /** VM size. */
  readonly size: GpuSize;
  /** What it lacks: the card or the engine rules it out, no price is known, its memory is too small, or it misses a limit on money or time. */
  readonly lacks: "suitability" | "price" | "memory" | "limit";
  /** The limit that it misses, with its numbers. */
  readonly why: string;
  /** Memory that one GPU must have at least, in GiB; absent where memory is not what it lacks. */
  readonly neededGiB?: number;
  /** Memory that one GPU has, in GiB, beside `neededGiB`. */
  readonly availableGiB?: number;
}

/** A pool to judge; one that exists is judged at its own priority, and taken first. */
export interface JudgedPool extends PoolDevices {
  readonly priority: Priority;
  readonly exists: boolean;
}

/** A pool that fits. */
export interface Fit extends Omit<Candidate, "why"> {
  readonly pool: JudgedPool;
  readonly price: KnownPrice | undefined;
  readonly basis: string;
}

/** Whether a pool holds the run within the constraints: the cheapest of its layouts, or the first limit that it misses. */
export function judge(pool: JudgedPool, recipe: ResolvedRecipe, constraints: Constraints, memory: MemoryOf): Fit | Refusal {
  const { size } = pool;
  const price = priceOf(size, pool.priority, constraints.location, constraints.prices);
  const unfit = unsuitable(pool, constraints);
  if (unfit !== undefined) return { size, lacks: "suitability", why: unfit };
  const unknown = unpriced(pool, price, constraints);
  if (unknown !== undefined) return { size, lacks: "price", why: unknown };
  const fits = layoutsOn(pool, recipe, constraints, memory).map((layout) => fitOf(pool, layout, price));
  let missed: Refusal | undefined;
  for (const fit of fits.sort(cheaperFirst)) {
    const limit = beyond(fit, constraints);
    if (limit === undefined) return fit;
    missed ??= { size, lacks: "limit", why: limit };
  }
  return missed ?? tooSmall(pool, recipe, constraints, memory);
}

/** Cheapest run first, then the quicker, then the one with less memory. A run without a price is dearer than any other. */
export function cheaperFirst(a: Fit, b: Fit): number {
  const usd = (fit: Fit) => fit.usd?.expected ?? Number.MAX_VALUE;
  return usd(a) - usd(b) || a.hours.expected - b.hours.expected || a.memory.safeGiB - b.memory.safeGiB;
}

/** What the card or the engine rules out, before anything is estimated. */
function unsuitable(pool: JudgedPool, { families, sizes, engine, maxGpus = Infinity, trainer }: Constraints): string | undefined {
  const facts: GpuSizeFacts = GPU_SIZES[pool.size];
  if (pool.exists) return undefined;
  if (families && !families.includes(facts.family)) return `family ${facts.family} is not among ${families.join(", ")}`;
  if (sizes && !sizes.includes(pool.size)) return `is not among ${sizes.join(", ")}`;
  if (engine === "kaito" && !facts.kaito) return "is not in KAITO's table of sizes: whole GPUs of compute capability 8.0 or later";
  const most = engine === "job" ? 1 : maxGpus;
  // Slices are for other runs too.
  if (facts.gpus > most && !isSliced(pool)) return `has ${facts.gpus} GPUs, the run uses ${most === 1 ? "one" : `at most ${most}`}`;
  if (trainer?.attention === "flash" && facts.computeCapability < 8) return "has no flash attention, which needs compute capability 8.0";
  // https://docs.nvidia.com/vgpu/latest/grid-vgpu-user-guide/: unified memory is off in fractional vGPUs.
  if (trainer?.optimizer === "paged-adamw-8bit" && facts.share !== undefined) return "is a part of a GPU without unified memory, which a paged optimizer needs";
  return undefined;
}

/** A size that was asked for by name need not have a price, nor one of the region. */
function unpriced({ size, priority, exists }: JudgedPool, price: KnownPrice | undefined, { sizes, location }: Constraints): string | undefined {
  if (exists || sizes?.includes(size)) return undefined;
  const tier = priority.toLowerCase();
  if (price === undefined) return `no ${tier} price is known`;
  return price.region === regionName(location) || price.region === GPU_PRICES.region ? undefined : `its ${tier} price is known in ${price.region} only`;
}

function tooSmall(pool: JudgedPool, recipe: ResolvedRecipe, constraints: Constraints, memory: MemoryOf): Refusal {
  const { size } = pool;
  const { gpuMemoryGiB } = devicesOf(pool);
  const least = leanest(pool, recipe, constraints, memory)?.safeGiB;
  if (least === undefined) return { size, lacks: "suitability", why: `has more nodes than the ${recipe.globalBatch} rows of a step divide by` };
  const why = `needs ${gib(least)} at its smallest, the ${isSliced(pool) ? "slice" : "GPU"} has ${gib(gpuMemoryGiB)}`;
  return { size, lacks: "memory", why, neededGiB: least, availableGiB: gpuMemoryGiB };
}

function fitOf(pool: JudgedPool, { shape, memory, time }: Layout, price: KnownPrice | undefined): Fit {
  const { size, priority } = pool;
  const facts: GpuSizeFacts = GPU_SIZES[size];
  const { hours, startUpMinutes, basis } = time;
  // Between a node whose every slice is busy and one that runs for this run alone.
  const sharers = isSliced(pool) ? devicesOf(pool).gpusPerNode : 1;
  const cost = (end: keyof EstimatedRange, hourly: number) => shape.nodes * hourly * (hours[end] + startUpMinutes[end] / 60);
  const usd = price && {
    low: cost("low", price.usdPerHour) / sharers,
    expected: cost("expected", price.usdPerHour),
    high: cost("high", price.usdPerHour),
  };
  const quota = { family: facts.quotaFamily, vcpus: shape.nodes * facts.vcpus, spot: priority === "Spot" };
  return { pool, size, shape, memory, hours, startUpMinutes, usdPerHour: price && shape.nodes * price.usdPerHour, usd, quota, price, basis };
}

/** The limit on money or time that a layout misses. */
function beyond(fit: Fit, { maxHourlyUsd, maxTotalUsd, deadlineHours }: Constraints): string | undefined {
  const hourly = fit.usdPerHour;
  if (maxHourlyUsd !== undefined && (hourly ?? Infinity) > maxHourlyUsd) return `costs ${hourly ?? "an unknown number of"} USD per hour, above ${maxHourlyUsd}`;
  const total = fit.usd?.high;
  if (maxTotalUsd !== undefined && (total ?? Infinity) > maxTotalUsd) {
    return `costs up to ${total === undefined ? "an unknown number of" : total.toFixed(2)} USD for the run, above ${maxTotalUsd}`;
  }
  const hours = fit.hours.high + fit.startUpMinutes.high / 60;
  if (deadlineHours !== undefined && hours > deadlineHours) return `takes up to ${hours.toFixed(1)} hours with its start-up, above ${deadlineHours}`;
  return undefined;
}
