import { GPU_SIZE_NAMES } from "../catalogue/gpu-sizes";
import type { PoolDevices } from "../gpu-pool/devices";
import { type Recipe, recipeProblems, type ResolvedRecipe, resolveRecipe } from "../recipe";
import { type Problem, refusal, refuse, within } from "../refuse";
import { type Candidate, cheaperFirst, type Fit, judge, type JudgedPool, type Quota, type Refusal } from "./right-size/candidates";
import { constraintProblems, type Constraints } from "./right-size/constraints";
import { memoryOf } from "./right-size/layouts";
import { inWords, waysOut } from "./right-size/ways-out";
import { reasonFor, whyNot } from "./right-size/wording";
import type { Priority, Shape } from "./shape";
import type { EstimatedRange } from "./speed/start-up";
import type { MemoryEstimate } from "./tuning-memory";

/** The answer of rightSize: the cheapest run that safely fits, and why. */
export interface RightSize {
  /** Chosen size and layout. */
  readonly shape: Shape;
  /** Price tier that was priced. */
  readonly priority: Priority;
  /** One sentence for people. */
  readonly reason: string;
  /** Memory of one GPU. */
  readonly memory: MemoryEstimate;
  /** Duration, in hours, without start-up. */
  readonly hours: EstimatedRange;
  /** Minutes from asking for a node to the first step, which are paid too. */
  readonly startUpMinutes: EstimatedRange;
  /** Price of all nodes of the run, in USD per hour; undefined where none is known. */
  readonly usdPerHour: number | undefined;
  /** Cost of the run with its start-up, in USD; undefined where no price is known. */
  readonly usd: EstimatedRange | undefined;
  /** What the hours rest on: measurements of such runs, or how far they were stretched. */
  readonly basis: string;
  /** vCPU quota that the run needs. */
  readonly quota: Quota;
  /** The next three sizes, cheapest run first, each with what it would cost and why it was not chosen. */
  readonly candidates: readonly Candidate[];
  /** Sizes that do not fit, each with the reason. */
  readonly refused: readonly Refusal[];
}

/**
 * The cheapest run that safely fits: size, GPUs, nodes, sharding, micro-batch and checkpointing are chosen, the recipe stays as it is.
 *
 * A size fits if one of its GPUs has the estimate's *safe* memory. What is cheapest is the run, hours times price, start-up included: a dearer
 * card is often the cheaper run.
 *
 * @throws RunError when recipe or constraints are faulty, or when no size holds the run (AKSFT-SIZE-01): with the reason of every size, and with what would help.
 */
export function rightSize(recipe: Recipe, constraints: Constraints): RightSize {
  return choose(recipe, constraints, candidatePools(constraints));
}

/** The layout that fits the GPUs, whole or sliced, of the pool at hand. */
export function rightSizeOn(pool: PoolDevices & { readonly priority: Priority }, recipe: Recipe, rows?: number): RightSize {
  return choose(recipe, { location: "", priority: pool.priority, engine: "job", rows }, [{ ...pool, exists: true }]);
}

function candidatePools({ existing = [], priority = "Regular" }: Constraints): JudgedPool[] {
  const pools = existing.map((pool) => ({ ...pool, exists: true }));
  return [...pools, ...GPU_SIZE_NAMES.map((size) => ({ size, priority, exists: false }))];
}

function choose(recipe: Recipe, constraints: Constraints, pools: readonly JudgedPool[]): RightSize {
  refuse("The recipe", [...recipeProblems(recipe), ...within("constraints", constraintProblems(constraints))]);
  const resolved = resolveRecipe(recipe);
  const { fits, refused } = judged(resolved, constraints, pools);
  const [best, ...rest] = fits;
  if (!best) throw refusal("The recipe", [nothingFits(resolved, constraints, refused)]);
  const { shape, pool, memory, hours, startUpMinutes, usdPerHour, usd, basis, quota } = best;
  const candidates = rest.slice(0, 3).map((fit) => candidateOf(fit, best));
  const reason = reasonFor(resolved, best, rest[0]);
  return { shape, priority: pool.priority, reason, memory, hours, startUpMinutes, usdPerHour, usd, basis, quota, candidates, refused };
}

/** Pools that exist before others, and cheaper runs before dearer ones. */
function judged(recipe: ResolvedRecipe, constraints: Constraints, pools: readonly JudgedPool[]) {
  const memory = memoryOf(constraints);
  const fits: Fit[] = [];
  const refused: Refusal[] = [];
  for (const pool of pools) {
    const verdict = judge(pool, recipe, constraints, memory);
    if ("why" in verdict) refused.push(verdict);
    else fits.push(verdict);
  }
  fits.sort((a, b) => Number(b.pool.exists) - Number(a.pool.exists) || cheaperFirst(a, b));
  return { fits, refused };
}

function candidateOf(fit: Fit, best: Fit): Candidate {
  const { size, shape, memory, hours, startUpMinutes, usdPerHour, usd, quota } = fit;
  return { size, shape, memory, hours, startUpMinutes, usdPerHour, usd, quota, why: whyNot(fit, best) };
}

function nothingFits(recipe: ResolvedRecipe, constraints: Constraints, refused: readonly Refusal[]): Problem {
  const chosen = (changed: ResolvedRecipe, loosened: Constraints) => judged(changed, loosened, candidatePools(loosened)).fits[0];
  return {
    code: "AKSFT-SIZE-01",
    path: "recipe",
    got: `${recipe.method} of ${recipe.model.name} at ${recipe.sequenceLength} tokens`,
    rule: `fits none of ${refused.length} sizes; nearest: ${nearest(refused).map(({ size, why }) => `${size} ${why}`).join("; ")}`,
    fix: inWords(waysOut(recipe, constraints, chosen)),
  };
}

const NEAREST = 3;

/** Sizes that miss only a limit, then those that lack the least memory, then the others. */
function nearest(refused: readonly Refusal[]): readonly Refusal[] {
  const order = ["limit", "memory", "price", "suitability"] as const;
  const shortage = ({ neededGiB = 0, availableGiB = 1 }: Refusal) => neededGiB / availableGiB;
  return [...refused].sort((a, b) => order.indexOf(a.lacks) - order.indexOf(b.lacks) || shortage(a) - shortage(b)).slice(0, NEAREST);
}
