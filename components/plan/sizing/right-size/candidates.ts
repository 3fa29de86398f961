import { GPU_SIZES, type GpuSize, type GpuSizeFacts } from "../../catalogue/gpu-sizes";
import { devicesOf, isSliced } from "../../gpu-pool/devices";
import type { KnownPrice } from "../../prices";
import type { Priority, Shape } from "../shape";
import type { EstimatedRange } from "../speed/start-up";
import type { MemoryEstimate } from "../tuning-memory";
import type { Constraints } from "./constraints";
import { type Layout, layoutsOn, leanest, type Search } from "./layouts";
import { type JudgedPool, unpriced, unsuitable } from "./suitability";
import { gib } from "../gib";
import { amount, rounded } from "./wording";

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
  /** Price tier that was priced. */
  readonly priority: Priority;
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

/** A pool that fits. */
export interface Fit extends Omit<Candidate, "why"> {
  readonly pool: JudgedPool;
  readonly price: KnownPrice | undefined;
  readonly basis: string;
}

/** The cheapest layout on a pool within the constraints; undefined where none is. */
export function fitOn(pool: JudgedPool, search: Search): Fit | undefined {
  const { constraints } = search;
  if (unsuitable(pool, constraints) !== undefined) return undefined;
  const price = search.price(pool);
  if (unpriced(pool, price, constraints) !== undefined) return undefined;
  return fitsOn(pool, search, price).find((fit) => beyond(fit, constraints) === undefined);
}

/** Why no layout on a pool is within the constraints: the first limit that it misses, of its cheapest layout where there is one. */
export function refusalOf(pool: JudgedPool, search: Search): Refusal {
  const { size } = pool;
  const { constraints } = search;
  const unfit = unsuitable(pool, constraints);
  if (unfit !== undefined) return { size, lacks: "suitability", why: unfit };
  const price = search.price(pool);
  const unknown = unpriced(pool, price, constraints);
  if (unknown !== undefined) return { size, lacks: "price", why: unknown };
  const [limit] = hasLimits(constraints) ? fitsOn(pool, search, price).flatMap((fit) => beyond(fit, constraints) ?? []) : [];
  return limit === undefined ? tooSmall(pool, search) : { size, lacks: "limit", why: limit };
}

function fitsOn(pool: JudgedPool, search: Search, price: KnownPrice | undefined): Fit[] {
  return layoutsOn(pool, search)
    .map((layout) => fitOf(pool, layout, price))
    .sort(cheaperFirst);
}

/** Cheapest run first, then the quicker, then the one with less memory. A run without a price is dearer than any other. */
export function cheaperFirst(a: Fit, b: Fit): number {
  const usd = (fit: Fit) => fit.usd?.expected ?? Number.MAX_VALUE;
  return usd(a) - usd(b) || a.hours.expected - b.hours.expected || a.memory.safeGiB - b.memory.safeGiB;
}

function tooSmall(pool: JudgedPool, search: Search): Refusal {
  const { size } = pool;
  const { gpuMemoryGiB } = devicesOf(pool);
  const { safeGiB } = leanest(pool, search);
  const why = `needs ${gib(safeGiB)} at its smallest, the ${isSliced(pool) ? "slice" : "GPU"} has ${gib(gpuMemoryGiB)}`;
  return { size, lacks: "memory", why, neededGiB: safeGiB, availableGiB: gpuMemoryGiB };
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
  const usdPerHour = price && rounded(shape.nodes * price.usdPerHour);
  return { pool, size, priority, shape, memory, hours, startUpMinutes, usdPerHour, usd, quota, price, basis };
}

function hasLimits({ maxHourlyUsd, maxTotalUsd, deadlineHours }: Constraints): boolean {
  return maxHourlyUsd !== undefined || maxTotalUsd !== undefined || deadlineHours !== undefined;
}

/** The limit on money or time that a layout misses. */
function beyond(fit: Fit, { maxHourlyUsd, maxTotalUsd, deadlineHours }: Constraints): string | undefined {
  const { usdPerHour, usd } = fit;
  if (maxHourlyUsd !== undefined) {
    if (usdPerHour === undefined) return `has no known price, the limit is ${maxHourlyUsd} USD per hour`;
    if (usdPerHour > maxHourlyUsd) return `costs ${usdPerHour} USD per hour, above ${maxHourlyUsd}`;
  }
  if (maxTotalUsd !== undefined) {
    if (usd === undefined) return `has no known price, the limit is ${maxTotalUsd} USD for the run`;
    if (usd.high > maxTotalUsd) return `costs up to ${amount(usd.high)} for the run, above ${maxTotalUsd}`;
  }
  const hours = longestHours(fit);
  if (deadlineHours !== undefined && hours > deadlineHours) return `takes up to ${hours.toFixed(hours < 10 ? 2 : 1)} hours with its start-up, above ${deadlineHours}`;
  return undefined;
}

/** The upper end of the duration, start-up included. */
export function longestHours({ hours, startUpMinutes }: Fit): number {
  return hours.high + startUpMinutes.high / 60;
}
