import type { GpuSize } from "../../catalogue/gpu-sizes";
import type { ResolvedRecipe } from "../../recipe";
import type { Fit } from "./candidates";
import type { Constraints } from "./constraints";
import { changed, type Search } from "./layouts";
import { gib } from "./wording";

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
  /** What to change; of a limit, to what. */
  readonly change: string | ((fit: Fit) => string);
  readonly recipe?: Partial<ResolvedRecipe>;
  readonly constraints?: Partial<Constraints>;
}
type Choose = (search: Search) => Fit | undefined;

const SHORTEST = 128;
const MOST_WAYS = 5;

/** What would help: a smaller base, shorter rows, a loss that keeps no logits, more GPUs, or a limit less; only where none of it does, two at once. */
export function waysOut(search: Search, chosen: Choose): readonly WayOut[] {
  const { recipe, constraints } = search;
  const single = found(singly(recipe, constraints), search, chosen);
  return single.length > 0 ? single : found(together(recipe, constraints), search, chosen);
}

/** Of attempts of one kind, which are listed mildest first, the first that helps. */
function found(kinds: readonly (readonly Attempt[])[], search: Search, chosen: Choose): readonly WayOut[] {
  const ways: WayOut[] = [];
  for (const kind of kinds) {
    if (ways.length === MOST_WAYS) break;
    for (const { change, recipe, constraints } of kind) {
      const fit = chosen(changed(search, recipe, constraints));
      if (fit === undefined) continue;
      const { size, memory, usdPerHour } = fit;
      ways.push({ change: typeof change === "string" ? change : change(fit), size, safeGiB: memory.safeGiB, usdPerHour });
      break;
    }
  }
  return ways;
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
    moreGpus(constraints),
  ];
}

/** The smallest base with shorter rows, and with more GPUs. */
function together(recipe: ResolvedRecipe, constraints: Constraints): Attempt[][] {
  const base = leanerBases(recipe).at(-1);
  if (base === undefined) return [];
  const both = (other: Attempt): Attempt => ({
    change: `${String(base.change)} and ${String(other.change)}`,
    recipe: { ...other.recipe, ...base.recipe },
    constraints: other.constraints,
  });
  return [shorter(recipe.sequenceLength).map(both), moreGpus(constraints).map(both)];
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

function moreGpus({ engine, maxNodes = 1, maxGpus }: Constraints): Attempt[] {
  if (engine === "job") return [{ change: "use a trainer for several GPUs", constraints: { engine: undefined, maxGpus: undefined } }];
  const shards: Attempt[] = engine === "kaito" ? [{ change: "use a trainer that shards the model", constraints: { engine: undefined } }] : [];
  const gpus: Attempt[] = maxGpus === undefined ? [] : [{ change: "leave out maxGpus", constraints: { maxGpus: undefined } }];
  const most = maxGpus === undefined ? "" : " and leave out maxGpus";
  const nodes = engine === "kaito" ? [] : [2, 4, 8].filter((each) => each > maxNodes);
  return [...shards, ...gpus, ...nodes.map((each) => ({ change: `allow maxNodes ${each}${most}`, constraints: { maxNodes: each, maxGpus: undefined } }))];
}

function withoutLimits(constraints: Constraints): Attempt[][] {
  const { maxHourlyUsd, maxTotalUsd, deadlineHours, families, sizes, priority } = constraints;
  const limits: Attempt[] = [];
  if (maxHourlyUsd !== undefined) limits.push({ change: raised("maxHourlyUsd", ({ usdPerHour = 0 }) => usdPerHour), constraints: { maxHourlyUsd: undefined } });
  if (maxTotalUsd !== undefined) limits.push({ change: raised("maxTotalUsd", ({ usd }) => usd?.high ?? 0), constraints: { maxTotalUsd: undefined } });
  if (deadlineHours !== undefined) {
    limits.push({ change: raised("deadlineHours", ({ hours, startUpMinutes }) => hours.high + startUpMinutes.high / 60), constraints: { deadlineHours: undefined } });
  }
  if (families !== undefined) limits.push({ change: "leave out families", constraints: { families: undefined } });
  if (sizes !== undefined) limits.push({ change: "leave out sizes", constraints: { sizes: undefined } });
  if (priority === "Spot") limits.push({ change: 'use priority "Regular"', constraints: { priority: "Regular" } });
  return limits.map((each) => [each]);
}

/** Just enough, in hundredths. */
function raised(limit: string, needed: (fit: Fit) => number): (fit: Fit) => string {
  return (fit) => `raise ${limit} to ${Math.ceil(100 * needed(fit) - 1e-9) / 100}`;
}
