import { findBaseModel } from "../../components/plan/catalogue/base-models";
import type { NodeProvisioning } from "../../components/plan/cluster/node-provisioning";
import type { Environment } from "../../components/plan/environment";
import type { GpuPoolDecisions } from "../../components/plan/gpu-pool";
import { sizeProblems } from "../../components/plan/gpu-pool/hardware";
import type { LivePool } from "../../components/plan/live/sizes";
import { type Recipe, recipeProblems } from "../../components/plan/recipe";
import { problemsOf } from "../../components/plan/refuse";
import { rightSize, type RightSize } from "../../components/plan/sizing/right-size";
import { objectOf, type StackFile } from "../stack-file";
import { type ConfigurationProblem, configurationProblem } from "./deployment";

export interface StackPools {
  readonly pools: readonly LivePool[];
  readonly hostEncryption: boolean;
  readonly problems: readonly ConfigurationProblem[];
}

interface Surroundings {
  readonly environment: Environment;
  readonly location: string;
  readonly nodeProvisioning?: NodeProvisioning;
}

/** What decides quota in a pool as the configuration holds it. */
type ConfiguredPool = Partial<Omit<GpuPoolDecisions, "size">> & { readonly size?: string; readonly onDemandFallback?: boolean };

/** The GPU pools of a stack; one without a size gets the right one for the recipe, as the stack's own program gives it. */
export function poolsOf(file: StackFile, surroundings: Surroundings): StackPools {
  const configured = Object.entries(objectOf(file.value("pools") ?? { gpu: {} }));
  const pools: LivePool[] = [];
  const problems: ConfigurationProblem[] = [];
  let hostEncryption = false;
  for (const [name, given] of configured) {
    const pool: ConfiguredPool = objectOf(given);
    const sized = sizeOf(pool, file, surroundings.location);
    hostEncryption ||= pool.hostEncryption ?? surroundings.environment === "production";
    if ("problems" in sized) problems.push(...sized.problems.map((problem) => ({ ...problem, path: problem.path === "size" ? `pools.${name}.size` : problem.path })));
    else pools.push(...prioritiesOf({ ...pool, priority: pool.priority ?? sized.priority }, surroundings).map((priority) => livePool(name, sized.size, priority, pool)));
  }
  return { pools, hostEncryption, problems };
}

/** Spot pools that fall back need quota of both kinds. A pair of pools does so when asked to, node auto-provisioning unless told not to. */
function prioritiesOf({ priority, onDemandFallback }: ConfiguredPool, { nodeProvisioning }: Surroundings): readonly LivePool["priority"][] {
  if (priority !== "Spot") return ["Regular"];
  const falls = nodeProvisioning === "node-auto-provisioning" ? onDemandFallback !== false : onDemandFallback === true;
  return falls ? ["Spot", "Regular"] : ["Spot"];
}

function livePool(name: string, size: string, priority: LivePool["priority"], { maxNodes, zones }: ConfiguredPool): LivePool {
  return { name, size, priority, nodes: typeof maxNodes === "number" ? maxNodes : 1, zones: zones ?? [] };
}

type Sized = { readonly size: string; readonly priority?: LivePool["priority"] } | { readonly problems: readonly ConfigurationProblem[] };

function sizeOf(pool: ConfiguredPool, file: StackFile, location: string): Sized {
  if (pool.size !== undefined) {
    const problems = sizeProblems(pool.size);
    return problems.length > 0 ? { problems: problems.map((problem) => configurationProblem(problem)) } : { size: pool.size };
  }
  const recipe = recipeOf(file);
  if (recipe === undefined) return { problems: [{ path: "size", rule: "is not set, and there is no model and recipe to size the pool by", fix: "set it, or model and recipe" }] };
  const faulty = recipeProblems(recipe);
  if (faulty.length > 0) return { problems: faulty.map((problem) => configurationProblem(problem, problem.path.startsWith("model") ? "" : "recipe")) };
  let size: RightSize | undefined;
  const problems = problemsOf(() => (size = rightSize(recipe, { location, priority: pool.priority, engine: "job" })));
  return size ? { size: size.shape.size, priority: size.priority } : { problems: problems.map((problem) => configurationProblem(problem)) };
}

/** The recipe with its model; a name alone is one of the catalogue's. */
function recipeOf(file: StackFile): Recipe | undefined {
  const model = objectOf(file.value("model"));
  const recipe = objectOf(file.value("recipe"));
  if (Object.keys(recipe).length === 0 || typeof model["name"] !== "string") return undefined;
  const known = Object.keys(model).length === 1 ? findBaseModel(model["name"]) : undefined;
  return { ...recipe, model: known ?? model } as unknown as Recipe;
}
