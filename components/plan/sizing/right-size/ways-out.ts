import type { GpuSize } from "../../catalogue/gpu-sizes";
import type { ResolvedRecipe } from "../../recipe";
import { type Fit, longestHours } from "./candidates";
import type { Constraints } from "./constraints";
import { changed, type Search } from "./layouts";
import { gib } from "../gib";

/** A change with which a run that fits nowhere would fit, and what it would need then. */
export interface WayOut {
  /** What to change, for example "use method qlora". */
  readonly change: string;
  /** Size that it would fit. */
  readonly size: GpuSize;
  /** Memory that one GPU must have then, in GiB. */
  readonly safeGiB: number;
  /** What it would cost then, in USD per hour; undefined where no price is known. */
  readonly usdPerHour: number | undefined;
}

interface Attempt {
  /** What to change. */
  readonly change: string;
  /** What a limit would have to be for a run that fits; the least is proposed. */
  readonly limit?: (fit: Fit) => number;
  readonly recipe?: Partial<ResolvedRecipe>;
  readonly constraints?: Partial<Constraints>;
}
/** Runs that fit, the cheapest first. */
type Choose = (search: Search) => readonly Fit[];

const LIMITS = ["maxHourlyUsd", "maxTotalUsd", "deadlineHours", "families", "sizes"] as const satisfies readonly (keyof Constraints)[];
const SHORTEST = 128;
const MOST_WAYS = 5;

/** What would help: a smaller base, shorter rows, a loss that keeps no logits, more GPUs, or a limit less; only where none of it does, two at once. */
export function waysOut(search: Search, chosen: Choose): readonly WayOut[] {
  const { recipe, constraints } = search;
  const single = found(singly(recipe, constraints), search, chosen);
  return single.length > 0 ? single : found(together(recipe, constraints), search, chosen);
}

/** Of attempts of one kind, mildest first, the first that helps: the last helps where any does. */
function found(kinds: readonly (readonly Attempt[])[], search: Search, chosen: Choose): readonly WayOut[] {
  const tried = ({ recipe, constraints, limit }: Attempt) => {
    const fits = chosen(changed(search, recipe, constraints));
    return limit ? [...fits].sort((a, b) => limit(a) - limit(b))[0] : fits[0];
  };
  const ways: WayOut[] = [];
  for (const kind of kinds) {
    if (ways.length === MOST_WAYS) break;
    if (kind.length > 1 && kind.slice(-1).every((strongest) => tried(strongest) === undefined)) continue;
    for (const attempt of kind) {
      const fit = tried(attempt);
      if (fit === undefined) continue;
      ways.push(wayOut(attempt, fit));
      break;
    }
  }
  return ways;
}

function wayOut({ change, limit }: Attempt, fit: Fit): WayOut {
  const { size, memory, usdPerHour } = fit;
  return { change: limit ? `${change} ${justEnough(limit(fit))}` : change, size, safeGiB: memory.safeGiB, usdPerHour };
}

/** In hundredths, rounded up. */
function justEnough(limit: number): number {
  return Math.ceil(100 * limit - 1e-6) / 100;
}

/** The ways out in words, for the fix of a refusal. */
export function inWords(ways: readonly WayOut[]): string {
  if (ways.length === 0) return "use a smaller model";
  return ways
    .map(({ change, size, safeGiB, usdPerHour }) => `${change} (${gib(safeGiB)} on ${size}, ${usdPerHour === undefined ? "price unknown" : `${usdPerHour} USD per hour`})`)
    .join(", or ");
}

function singly(recipe: ResolvedRecipe, constraints: Constraints): Attempt[][] {
  return [
    ...leanerBases(recipe).map((base) => [base]),
    ...withoutLimits(constraints),
    shorter(recipe.sequenceLength),
    otherTrainers(constraints),
    ...moreGpus(constraints),
  ];
}

/** No limit at all, and the smallest base with shorter rows or with more GPUs. */
function together(recipe: ResolvedRecipe, constraints: Constraints): Attempt[][] {
  const limits = LIMITS.filter((limit) => constraints[limit] !== undefined);
  const unlimited: Attempt = { change: `leave out ${limits.join(", ")}`, constraints: Object.fromEntries(limits.map((limit) => [limit, undefined])) };
  const base = leanerBases(recipe).at(-1);
  return [...(limits.length > 1 ? [[unlimited]] : []), ...(base === undefined ? [] : withBase(base, recipe, constraints))];
}

function withBase(base: Attempt, recipe: ResolvedRecipe, constraints: Constraints): Attempt[][] {
  const both = (other: Attempt): Attempt => ({
    change: `${base.change} and ${other.change}`,
    recipe: { ...other.recipe, ...base.recipe },
    constraints: other.constraints,
  });
  return [shorter(recipe.sequenceLength), ...moreGpus(constraints)].map((kind) => kind.map(both));
}

function leanerBases({ method, quantization }: ResolvedRecipe): Attempt[] {
  const methods = { full: ["lora", "qlora"], lora: ["qlora"], dora: ["qlora"], qlora: [] } as const;
  const attempts = methods[method].map((leaner): Attempt => ({ change: `use method ${leaner}`, recipe: { method: leaner } }));
  return quantization === undefined ? attempts : [...attempts, { change: "use quantization nf4-dq", recipe: { quantization: "nf4-dq" } }];
}

function shorter(length: number): Attempt[] {
  const half = Math.floor(length / 2);
  return half < SHORTEST ? [] : [{ change: `use sequenceLength ${half}`, recipe: { sequenceLength: half } }, ...shorter(half)];
}

/** Both engines bring a trainer of their own. */
function otherTrainers({ engine, trainer }: Constraints): Attempt[] {
  if (engine !== undefined || trainer?.lossKernel === "fused") return [];
  return [{ change: "use a trainer with a fused loss", constraints: { trainer: { ...trainer, lossKernel: "fused" } } }];
}

function moreGpus({ engine, maxNodes = 1, maxGpus }: Constraints): Attempt[][] {
  if (engine === "job") return [[{ change: "use a trainer for several GPUs", constraints: { engine: undefined, maxGpus: undefined } }]];
  const gpus: Attempt[] = maxGpus === undefined ? [] : [{ change: "leave out maxGpus", constraints: { maxGpus: undefined } }];
  if (engine === "kaito") return [[{ change: "use a trainer that shards the model", constraints: { engine: undefined } }], gpus];
  const most = maxGpus === undefined ? "" : " and leave out maxGpus";
  const nodes = [2, 4, 8].filter((each) => each > maxNodes);
  return [[...gpus, ...nodes.map((each) => ({ change: `allow maxNodes ${each}${most}`, constraints: { maxNodes: each, maxGpus: undefined } }))]];
}

function withoutLimits(constraints: Constraints): Attempt[][] {
  const { maxHourlyUsd, maxTotalUsd, deadlineHours, families, sizes, priority } = constraints;
  const limits: Attempt[] = [];
  if (maxHourlyUsd !== undefined) {
    limits.push({ change: "raise maxHourlyUsd to", limit: ({ usdPerHour = Infinity }) => usdPerHour, constraints: { maxHourlyUsd: undefined } });
  }
  if (maxTotalUsd !== undefined) {
    limits.push({ change: "raise maxTotalUsd to", limit: ({ usd }) => usd?.high ?? Infinity, constraints: { maxTotalUsd: undefined } });
  }
  if (deadlineHours !== undefined) {
    limits.push({ change: "raise deadlineHours to", limit: longestHours, constraints: { deadlineHours: undefined } });
  }
  if (families !== undefined) limits.push({ change: "leave out families", constraints: { families: undefined } });
  if (sizes !== undefined) limits.push({ change: "leave out sizes", constraints: { sizes: undefined } });
  if (priority === "Spot") limits.push({ change: 'use priority "Regular"', constraints: { priority: "Regular" } });
  return limits.map((each) => [each]);
}
