import type * as pulumi from "@pulumi/pulumi";
import { type GpuSize, type Priority, type Recipe, rightSize, type RightSize } from "../../components";
import type { GpuPoolDecisions } from "../../components/plan/gpu-pool";
import { type Problem, problemsOf } from "../../components/plan/refuse";
import { recipeProblems } from "../../components/plan/recipe";
import { unknownKeyProblems } from "../../components/plan/spelling";
import { objectAt, objectProblems } from "./keys";

/** One GPU pool: its name, and the arguments of its component. */
export interface PoolSettings {
  readonly name: string;
  readonly decisions: GpuPoolDecisions;
  /** Key of the configuration that an argument came from. */
  readonly keyOf: (path: string) => string;
}

/** Arguments of a pool as the configuration holds them; a pool without a size gets the right one for the recipe. */
type ConfiguredPool = Omit<GpuPoolDecisions, "size"> & { readonly size?: GpuSize };

const POOL_KEYS = ["size", "priority", "maxNodes", "minNodes"] as const satisfies readonly (keyof GpuPoolDecisions)[];

/** The pool of a stack that lists none. */
const ONLY_POOL = "gpu";

export interface ReadPools {
  readonly pools: readonly PoolSettings[];
  /** Whether one of them names no size. */
  readonly needsRecipe: boolean;
  readonly problems: readonly Problem[];
}

/** The GPU pools under `pools`, or the single one that `spot` and `maxGpuNodes` describe. */
export function readPools(config: pulumi.Config, location: string, recipe: Recipe | undefined): ReadPools {
  const listed = config.getObject<unknown>("pools");
  const priority: Priority = (config.getBoolean("spot") ?? true) ? "Spot" : "Regular";
  const single = { [ONLY_POOL]: { priority, maxNodes: config.getNumber("maxGpuNodes") ?? 2 } };
  const configured = listed === undefined ? single : objectAt<Record<string, ConfiguredPool | null>>(config, "pools");
  const problems = [...objectProblems("pools", listed), ...emptyProblems(listed, configured), ...bothProblems(config, listed)];
  const pools: PoolSettings[] = [];
  for (const [name, given] of Object.entries(configured)) {
    const pool = given ?? {};
    problems.push(...objectProblems(`pools.${name}`, pool), ...unknownKeyProblems("AKSFT-STACK-07", `pools.${name}`, pool, POOL_KEYS));
    const sized = sizeOf(pool, location, recipe);
    if ("size" in sized) pools.push({ name, decisions: { ...pool, size: sized.size }, keyOf: listed === undefined ? singleKey : keyIn(name) });
    else problems.push(...sized.problems.filter((problem) => !problems.some((known) => sameProblem(known, problem))));
  }
  return { pools, needsRecipe: Object.values(configured).some((pool) => pool?.size === undefined), problems };
}

/** `name` is the pool's own key. */
const keyIn = (name: string) => (path: string) => (path === "name" ? `pools.${name}` : `pools.${name}.${path}`);
const singleKey = (path: string): string => ({ maxNodes: "maxGpuNodes", priority: "spot" })[path] ?? `pools.${ONLY_POOL}.${path}`;

type Sized = { readonly size: GpuSize | RightSize } | { readonly problems: readonly Problem[] };

function sizeOf(pool: ConfiguredPool, location: string, recipe: Recipe | undefined): Sized {
  if (pool.size !== undefined) return { size: pool.size };
  if (!recipe) return { problems: [] };
  const faulty = recipeProblems(recipe).map((problem) => inRecipe(problem));
  if (faulty.length > 0) return { problems: faulty };
  let size: RightSize | undefined;
  const problems = problemsOf(() => (size = rightSize(recipe, { location, priority: pool.priority })));
  return size ? { size } : { problems };
}

/** The model has a key of its own. */
function inRecipe(problem: Problem): Problem {
  return { ...problem, path: problem.path.startsWith("model") ? problem.path : `recipe.${problem.path}` };
}

function sameProblem(a: Problem, b: Problem): boolean {
  return a.code === b.code && a.path === b.path;
}

function emptyProblems(listed: unknown, configured: object): Problem[] {
  if (listed === undefined || Object.keys(configured).length > 0) return [];
  const rule = "lists no pool, and nothing could be tuned or served";
  return [{ code: "AKSFT-STACK-10", path: "pools", got: listed, rule, fix: "name one, for example gpu, or remove the key" }];
}

function bothProblems(config: pulumi.Config, listed: unknown): Problem[] {
  if (listed === undefined) return [];
  return (["spot", "maxGpuNodes"] as const)
    .filter((key) => config.get(key) !== undefined)
    .map((key) => ({
      code: "AKSFT-STACK-11",
      path: key,
      got: config.get(key),
      rule: "describes the single pool of a stack without pools, and pools is set",
      fix: `remove it and set ${key === "spot" ? "priority" : "maxNodes"} of the pool it was meant for`,
    }));
}
