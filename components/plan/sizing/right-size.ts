import { GPU_PRICES, GPU_SIZE_NAMES } from "../catalogue/gpu-sizes";
import { devicesOf, type PoolDevices } from "../gpu-pool/devices";
import { type Recipe, recipeProblems, resolveRecipe } from "../recipe";
import { type Problem, refusal, refuse, within } from "../refuse";
import { type Candidate, cheaperFirst, type Fit, fitOn, type Quota, type Refusal, refusalOf } from "./right-size/candidates";
import { constraintProblems } from "./right-size/constraint-problems";
import type { Constraints } from "./right-size/constraints";
import { type Search, searchOf } from "./right-size/layouts";
import type { JudgedPool } from "./right-size/suitability";
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
  return choose(recipe, constraints, candidatePools);
}

/** The layout that fits the GPUs, whole or sliced, of the pool at hand; the trainer's own where no other runs on it. */
export function rightSizeOn(
  pool: PoolDevices & { readonly priority: Priority },
  recipe: Recipe,
  rows?: number,
  other: Pick<Constraints, "engine" | "trainer"> = {},
): RightSize {
  return choose(recipe, { location: GPU_PRICES.region, priority: pool.priority, engine: "job", rows, ...other }, () => [{ ...pool, exists: true }]);
}

/** Pools that exist, each kind once, and the sizes of which a new pool would be another kind. */
function candidatePools({ existing = [], priority = "Regular" }: Constraints): JudgedPool[] {
  const fresh = GPU_SIZE_NAMES.map((size): JudgedPool => ({ size, priority, exists: false }));
  if (existing.length === 0) return fresh;
  const kindOf = (pool: JudgedPool) => `${pool.size} ${pool.priority} ${Object.values(devicesOf(pool)).join(" ")}`;
  const kinds = new Map([...existing.map((pool) => ({ ...pool, exists: true })), ...fresh].reverse().map((pool) => [kindOf(pool), pool]));
  return [...kinds.values()].reverse();
}

function choose(recipe: Recipe, constraints: Constraints, poolsOf: (constraints: Constraints) => readonly JudgedPool[]): RightSize {
  refuse("The recipe", [...recipeProblems(recipe), ...within("constraints", constraintProblems(constraints, recipe))]);
  const search = searchOf(resolveRecipe(recipe), constraints);
  const pools = poolsOf(constraints);
  const fits = fitting(pools, search);
  const [best, next] = fits;
  const refused = pools.filter((pool) => fits.every((fit) => fit.pool !== pool)).map((pool) => refusalOf(pool, search));
  if (!best) throw refusal("The recipe", [nothingFits(search, refused)]);
  const { shape, priority, memory, hours, startUpMinutes, usdPerHour, usd, basis, quota } = best;
  const candidates = fits.slice(1, 1 + NEXT).map((fit) => candidateOf(fit, best));
  const reason = reasonFor(search.recipe, best, next);
  return { shape, priority, reason, memory, hours, startUpMinutes, usdPerHour, usd, basis, quota, candidates, refused };
}

/** Candidates beside the chosen size. */
const NEXT = 3;

/** Pools that exist before others, and cheaper runs before dearer ones. */
function fitting(pools: readonly JudgedPool[], search: Search): Fit[] {
  const fits = pools.flatMap((pool) => fitOn(pool, search) ?? []);
  return fits.sort((a, b) => Number(b.pool.exists) - Number(a.pool.exists) || cheaperFirst(a, b));
}

function candidateOf(fit: Fit, best: Fit): Candidate {
  const { size, priority, shape, memory, hours, startUpMinutes, usdPerHour, usd, quota } = fit;
  return { size, priority, shape, memory, hours, startUpMinutes, usdPerHour, usd, quota, why: whyNot(fit, best) };
}

function nothingFits(search: Search, refused: readonly Refusal[]): Problem {
  const { method, model, sequenceLength } = search.recipe;
  const ways = waysOut(search, (loosened) => fitting(candidatePools(loosened.constraints), loosened));
  return {
    code: "AKSFT-SIZE-01",
    path: "recipe",
    got: `${method} of ${model.name} at ${sequenceLength} tokens`,
    rule: `fits none of ${refused.length} sizes; nearest: ${nearest(refused).map(({ size, why }) => `${size} ${why}`).join("; ")}`,
    fix: inWords(ways),
  };
}

const NEAREST = 3;

/** Sizes that miss only a limit, then those that lack the least memory, and others where there are none; of several with one reason, the first. */
function nearest(refused: readonly Refusal[]): readonly Refusal[] {
  const reasons = refused.filter(({ why }, index) => refused.findIndex((each) => each.why === why) === index);
  const shortage = ({ neededGiB = 0, availableGiB = 1 }: Refusal) => neededGiB / availableGiB;
  const near = reasons.filter(({ lacks }) => lacks === "limit" || lacks === "memory").sort((a, b) => shortage(a) - shortage(b));
  return (near.length > 0 ? near : reasons).slice(0, NEAREST);
}
