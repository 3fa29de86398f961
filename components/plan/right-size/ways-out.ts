import type { GpuSize } from "../catalogue/gpu-sizes";
import type { ResolvedRecipe } from "../recipe";
import type { Fit } from "./candidates";
import type { Constraints } from "./constraints";
import { gib, priceText } from "./wording";

/** A change with which a run that fits nowhere would fit, and what it would need then. */
export interface WayOut {
  /** What to change, for example "method qlora". */
  readonly change: string;
  /** Size that it would fit. */
  readonly size: GpuSize;
  /** Memory that one GPU must have then, in GiB. */
  readonly safeGiB: number;
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
): { readonly ways: readonly WayOut[]; readonly text: string } {
  const found = attempts(recipe, constraints).flatMap((attempt) => {
    const fit = chosen({ ...recipe, ...attempt.recipe }, { ...constraints, ...attempt.constraints });
    return fit ? [{ change: attempt.change, fit }] : [];
  });
  // Of several shorter lengths or numbers of nodes the mildest is enough.
  const ways = found.filter(({ change }, index) => found.findIndex((each) => kind(each.change) === kind(change)) === index).slice(0, MOST_WAYS);
  const text = ways.map(({ change, fit }) => `${change}: ${gib(fit.memory.safeGiB)}, ${fit.size}, ${priceText(fit.price, fit.pool.priority, fit.shape.nodes)}`);
  return { ways: ways.map(({ change, fit }) => ({ change, size: fit.size, safeGiB: fit.memory.safeGiB })), text: text.join("; or ") };
}

function kind(change: string): string {
  return change.replace(/ \d.*$/, "");
}

function attempts(recipe: ResolvedRecipe, constraints: Constraints): Attempt[] {
  return [
    ...leanerMethods(recipe).map((method): Attempt => ({ change: `method ${method}`, recipe: { method } })),
    ...shorter(recipe.sequenceLength).map((sequenceLength): Attempt => ({ change: `sequenceLength ${sequenceLength}`, recipe: { sequenceLength } })),
    ...(constraints.engine === undefined && constraints.trainer?.lossKernel !== "fused"
      ? [{ change: "a trainer with a fused loss", constraints: { trainer: { ...constraints.trainer, lossKernel: "fused" } as const } }]
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
  if (engine === "job") return [{ change: "a trainer that uses several GPUs", constraints: { engine: undefined, maxGpus: undefined } }];
  if (engine === "kaito") return [{ change: "a trainer that shards the model", constraints: { engine: undefined } }];
  const gpus: Attempt[] = maxGpus === undefined ? [] : [{ change: "no limit of GPUs", constraints: { maxGpus: undefined } }];
  return [...gpus, ...[2, 4, 8].filter((nodes) => nodes > maxNodes).map((nodes) => ({ change: `maxNodes ${nodes}`, constraints: { maxNodes: nodes, maxGpus: undefined } }))];
}

function withoutLimits(constraints: Constraints): Attempt[] {
  const limits = ["maxHourlyUsd", "maxTotalUsd", "deadlineHours", "families", "sizes"] as const;
  const lifted = limits.filter((limit) => constraints[limit] !== undefined).map((limit): Attempt => ({ change: `no ${limit}`, constraints: { [limit]: undefined } }));
  return constraints.priority === "Spot" ? [...lifted, { change: 'priority "Regular"', constraints: { priority: "Regular" } }] : lifted;
}
