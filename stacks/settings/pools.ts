import type * as pulumi from "@pulumi/pulumi";
import { type GpuSize, type Recipe, rightSize, type RightSize } from "../../components";
import type { AutoProvisionedPoolDecisions } from "../../components/plan/gpu-pool/auto-provisioned";
import type { GpuPoolDecisions } from "../../components/plan/gpu-pool";
import { type Problem, problemsOf } from "../../components/plan/refuse";
import { recipeProblems } from "../../components/plan/recipe";
import { unknownKeyProblems } from "../../components/plan/spelling";
import { needsPools } from "./engines";
import { objectAt, objectProblems } from "./keys";

/** Arguments of a pool, whichever of the three components makes it. */
export interface PoolDecisions
  extends Omit<GpuPoolDecisions, "environment" | "tags">,
    Pick<AutoProvisionedPoolDecisions, "emptyMinutes" | "expireAfterHours" | "onDemandFallback"> {}

export interface PoolSettings {
  readonly name: string;
  readonly decisions: PoolDecisions;
}

/** Arguments of a pool as the configuration holds them; a pool without a size gets the right one for the recipe. */
type ConfiguredPool = Omit<PoolDecisions, "size"> & { readonly size?: GpuSize };

const POOL_KEYS: Readonly<Record<keyof Required<PoolDecisions>, true>> = {
  size: true,
  priority: true,
  onDemandFallback: true,
  maxNodes: true,
  minNodes: true,
  evictionPolicy: true,
  spotMaxPrice: true,
  gpuInstanceProfile: true,
  migStrategy: true,
  osDiskType: true,
  osDiskSizeGb: true,
  osSku: true,
  zones: true,
  capacityReservationGroupId: true,
  kubernetesVersion: true,
  ultraSsd: true,
  upgrade: true,
  driver: true,
  hostEncryption: true,
  maxPods: true,
  labels: true,
  taints: true,
  emptyMinutes: true,
  expireAfterHours: true,
};

/** The pools of a stack that lists none: one of the right size for the recipe. */
const ONLY_POOL = { gpu: {} };

export interface ReadPools {
  readonly pools: readonly PoolSettings[];
  /** Whether one of them names no size. */
  readonly needsRecipe: boolean;
  readonly problems: readonly Problem[];
}

export function readPools(config: pulumi.Config, location: string, recipe: Recipe | undefined): ReadPools {
  const listed = config.getObject<unknown>("pools") ?? ONLY_POOL;
  const configured: Partial<Record<string, ConfiguredPool | null>> = config.get("pools") ? objectAt(config, "pools") : ONLY_POOL;
  const problems = [...objectProblems("pools", listed), ...(needsPools(config) ? emptyProblems(listed) : [])];
  const pools: PoolSettings[] = [];
  for (const [name, given] of Object.entries(configured)) {
    const pool = given ?? {};
    problems.push(...objectProblems(`pools.${name}`, pool), ...unknownKeyProblems("AKSFT-STACK-07", `pools.${name}`, pool, Object.keys(POOL_KEYS)));
    const sized = sizeOf(pool, location, recipe);
    if ("size" in sized) pools.push({ name, decisions: { ...pool, size: sized.size } });
    else problems.push(...sized.problems.filter((problem) => !problems.some((known) => sameProblem(known, problem))));
  }
  return { pools, needsRecipe: Object.values(configured).some((pool) => pool?.size === undefined), problems };
}

type Sized = { readonly size: GpuSize | RightSize } | { readonly problems: readonly Problem[] };

function sizeOf(pool: ConfiguredPool, location: string, recipe: Recipe | undefined): Sized {
  if (pool.size !== undefined) return { size: pool.size };
  if (!recipe) return { problems: [] };
  const faulty = recipeProblems(recipe).map((problem) => inRecipe(problem));
  if (faulty.length > 0) return { problems: faulty };
  let size: RightSize | undefined;
  const problems = problemsOf(() => (size = rightSize(recipe, { location, priority: pool.priority, engine: "job" })));
  return size ? { size } : { problems };
}

/** The model has a key of its own. */
function inRecipe(problem: Problem): Problem {
  return { ...problem, path: problem.path.startsWith("model") ? problem.path : `recipe.${problem.path}` };
}

function sameProblem(a: Problem, b: Problem): boolean {
  return a.code === b.code && a.path === b.path;
}

function emptyProblems(listed: unknown): Problem[] {
  if (typeof listed !== "object" || listed === null || Object.keys(listed).length > 0) return [];
  const rule = "lists no pool, and nothing could be tuned or served";
  return [{ code: "AKSFT-STACK-10", path: "pools", got: listed, rule, fix: "name one, for example gpu: {}" }];
}
