import type { GpuSize } from "../../catalogue/gpu-sizes";
import type { ResolvedRecipe } from "../../recipe";
import type { Fit } from "./candidates";
import type { Constraints } from "./constraints";
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
  readonly change: string;
  readonly recipe?: Partial<ResolvedRecipe>;
  readonly constraints?: Partial<Constraints>;
}

const SHORTEST = 128;
const MOST_WAYS = 4;

/** What would help: a smaller base, shorter rows, a loss that keeps no logits, more GPUs, or a limit less; each with its numbers. */
export function waysOut(
  recipe: ResolvedRecipe,
  constraints: Constraints,
  chosen: (recipe: ResolvedRecipe, constraints: Constraints) => Fit | undefined,
): readonly WayOut[] {
  const found = attempts(recipe, constraints).flatMap((attempt) => {
    const fit = chosen({ ...recipe, ...attempt.recipe }, { ...constraints, ...attempt.constraints });
    return fit ? [{ change: attempt.change, fit }] : [];
  });
  // Of several shorter lengths or numbers of nodes the mildest is enough.
  const ways = found.filter(({ change }, index) => found.findIndex((each) => kind(each.change) === kind(change)) === index).slice(0, MOST_WAYS);
  return ways.map(({ change, fit }) => ({ change, size: fit.size, safeGiB: fit.memory.safeGiB, usdPerHour: fit.usdPerHour }));
}

/** The ways out in words, for the fix of a refusal. */
export function inWords(ways: readonly WayOut[]): string {
  if (ways.length === 0) return "use a smaller model";
  return ways
    .map(({ change, size, safeGiB, usdPerHour }) => `${change} (${gib(safeGiB)} on ${size}, ${usdPerHour === undefined ? "price unknown" : `${usdPerHour} USD per hour`})`)
    .join(", or ");
}

function kind(change: string): string {
  return change.replace(/ \d.*$/, "");
}

function attempts(recipe: ResolvedRecipe, constraints: Constraints): Attempt[] {
  return [
    ...leanerMethods(recipe).map((method): Attempt => ({ change: `use method ${method}`, recipe: { method } })),
    ...shorter(recipe.sequenceLength).map((sequenceLength): Attempt => ({ change: `use sequenceLength ${sequenceLength}`, recipe: { sequenceLength } })),
    ...(constraints.engine === undefined && constraints.trainer?.lossKernel !== "fused"
      ? [{ change: "use a trainer with a fused loss", constraints: { trainer: { ...constraints.trainer, lossKernel: "fused" } as const } }]
      : []),
    ...moreGpus(constraints),
    ...withoutLimits(constraints),
  ];
}

function leanerMethods({ method }: ResolvedRecipe): ResolvedRecipe["method"][] {
  if (method === "qlora") return [];
  return method === "full" ? ["lora", "qlora"] : ["qlora"];
}

function shorter(length: number): number[] {
  const half = Math.floor(length / 2);
  return half < SHORTEST ? [] : [half, ...shorter(half)];
}

function moreGpus({ engine, maxNodes = 1, maxGpus }: Constraints): Attempt[] {
  if (engine === "job") return [{ change: "use a trainer for several GPUs", constraints: { engine: undefined, maxGpus: undefined } }];
  if (engine === "kaito") return [{ change: "use a trainer that shards the model", constraints: { engine: undefined } }];
  const gpus: Attempt[] = maxGpus === undefined ? [] : [{ change: "leave out maxGpus", constraints: { maxGpus: undefined } }];
  return [...gpus, ...[2, 4, 8].filter((nodes) => nodes > maxNodes).map((nodes) => ({ change: `allow maxNodes ${nodes}`, constraints: { maxNodes: nodes, maxGpus: undefined } }))];
}

function withoutLimits(constraints: Constraints): Attempt[] {
  const limits = ["maxHourlyUsd", "maxTotalUsd", "deadlineHours", "families", "sizes"] as const;
  const lifted = limits.filter((limit) => constraints[limit] !== undefined).map((limit): Attempt => ({ change: `leave out ${limit}`, constraints: { [limit]: undefined } }));
  return constraints.priority === "Spot" ? [...lifted, { change: 'use priority "Regular"', constraints: { priority: "Regular" } }] : lifted;
}
