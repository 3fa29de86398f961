import { DEFAULT_KUBERNETES_VERSION, NODE_OS_SKU } from "../components/plan/catalogue/kubernetes-versions";
import { planCluster } from "../components/plan/cluster";
import { planDatasetImage } from "../components/plan/dataset-image";
import { planGpuPool } from "../components/plan/gpu-pool";
import { planNetwork } from "../components/plan/network";
import { recipeProblems } from "../components/plan/recipe";
import { type Problem, problemsOf } from "../components/plan/refuse";
import { planRegistry } from "../components/plan/registry";
import { planServing, type ServingDecisions } from "../components/plan/serving";
import { planTeam } from "../components/plan/team";
import { checkTrainerImage } from "../components/plan/trainer-image";
import { planTuningRun, type TuningRunDecisions } from "../components/plan/tuning-run";
import type { ServingSettings, Settings, TuningSettings } from "./settings";
import { choiceProblems } from "./settings/keys";
import type { PlatformSettings } from "./settings/platform";

/** What the plans of runs and services need of a pool, made here or read from another stack. */
export type PoolFacts = TuningRunDecisions["pool"] & ServingDecisions["pool"];
export type Pools = Readonly<Record<string, PoolFacts>>;

/**
 * What every component's plan would refuse, with the keys of the configuration, before the first of them is constructed: a faulty dataset must
 * not leave a cluster behind, and whoever mends one fault should not meet the next at the next `up`.
 */
export function stackProblems(settings: Settings, existing: Pools | undefined, project: string, stack: string): Problem[] {
  const { platform, tuning, serving } = settings;
  const pools = existing ?? (platform ? plannedPools(platform) : {});
  const found = [
    ...settings.problems,
    ...(platform ? platformProblems(platform, project, stack) : []),
    ...(tuning ? tuningProblems(tuning, pools, project, stack) : []),
    ...(tuning && serving ? servingProblems(serving, tuning, pools) : []),
  ];
  // One argument can be checked by two components, and a key that is missing is not also malformed.
  return found.filter((problem, index) => found.findIndex(({ path }) => path === problem.path) === index);
}

function platformProblems(platform: PlatformSettings, project: string, stack: string): Problem[] {
  const keyOf = (pool: string) => (path: string) => (path === "name" ? `pools.${pool}` : `pools.${pool}.${path}`);
  return [
    ...ask(() => planNetwork("ai", platform.network), (path) => `network.${path}`),
    ...ask(() => planCluster("ai", platform.cluster), (path) => `cluster.${path}`),
    ...ask(() => planRegistry("datasets", project, stack, platform.registry), (path) => `registry.${path}`),
    ...platform.pools.flatMap(({ name, decisions }) => ask(() => planGpuPool(name, decisions), keyOf(name))),
  ];
}

function tuningProblems(tuning: TuningSettings, pools: Pools, project: string, stack: string): Problem[] {
  const { team, run, recipe, dataset } = tuning;
  const { pool, problems } = poolOf("tuningPool", tuning.pool, pools);
  const keys: Readonly<Record<string, string>> = { name: "run", "pool.size": "tuningPool", pool: "tuningPool" };
  const runKey = (path: string): string => keys[path] ?? (path.startsWith("recipe.model") ? path.slice("recipe.".length) : path);
  return [
    ...problems,
    ...ask(() => planTeam(team, project, stack, {}), (path) => (path === "name" ? "team" : path)),
    ...ask(() => planDatasetImage(run, { file: dataset }), (path) => (path === "name" ? "run" : path === "file" ? "dataset" : path)),
    ...ask(() => checkTrainerImage("trainer", tuning.trainerImage), () => "trainerImage"),
    ...(pool ? ask(() => planTuningRun(run, { recipe, namespace: team, dataset: { contentKey: "" }, pool }), runKey) : []),
  ];
}

function servingProblems(serving: ServingSettings, { run, recipe }: TuningSettings, pools: Pools): Problem[] {
  const { pool, problems } = poolOf("servingPool", serving.pool, pools);
  const { replicas, serveBase, maxModelLength } = serving;
  const keyOf = (path: string): string => ({ name: "run", pool: "servingPool" })[path] ?? `service.${path}`;
  if (!pool || recipeProblems(recipe).length > 0) return problems;
  return [...problems, ...ask(() => planServing(run, { model: recipe.model, adapters: [], replicas, serveBase, maxModelLength, pool }), keyOf)];
}

/** The problems of one plan, each under the key that its argument came from. */
function ask(plan: () => unknown, keyOf: (path: string) => string): Problem[] {
  return problemsOf(plan).map((problem) => ({ ...problem, path: keyOf(problem.path) }));
}

/** Pools as they will be; one that is refused itself is left out, and said so by its own problems. */
function plannedPools({ pools, cluster }: PlatformSettings): Pools {
  const node = { kubernetesVersion: cluster.kubernetesVersion ?? DEFAULT_KUBERNETES_VERSION, osSku: NODE_OS_SKU };
  return Object.fromEntries(
    pools
      .filter(({ name, decisions }) => problemsOf(() => planGpuPool(name, decisions)).length === 0)
      .map(({ name, decisions }) => [name, { ...planGpuPool(name, decisions), ...node }]),
  );
}

interface FoundPool {
  readonly pool?: PoolFacts;
  readonly problems: Problem[];
}

/** The pool that a layer uses: the named one, else the first. */
function poolOf(key: string, name: string | undefined, pools: Pools): FoundPool {
  const known = Object.keys(pools);
  const pool = pools[name ?? known[0] ?? ""];
  // Without a pool that is right in itself there is nothing to say of the choice.
  if (pool || known.length === 0) return { pool, problems: [] };
  return { problems: choiceProblems("AKSFT-STACK-13", key, name, known) };
}
