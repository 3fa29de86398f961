import type { PoolRef } from "../../components";
import type { KubernetesVersion } from "../../components/plan/catalogue/kubernetes-versions";
import { planDatasetImage } from "../../components/plan/dataset-image";
import { recipeProblems } from "../../components/plan/recipe";
import type { Problem } from "../../components/plan/refuse";
import { planServing } from "../../components/plan/serving";
import { choiceProblems } from "../../components/plan/spelling";
import { planTeam, type TeamFoundation } from "../../components/plan/team";
import { checkTrainerImage } from "../../components/plan/trainer-image";
import { planTuningRun } from "../../components/plan/tuning-run";
import type { ServingSettings, Settings, TuningSettings } from "../settings";
import { ask, under } from "./ask";
import { type KaitoFoundation, kaitoServingProblems, kaitoTuningProblems } from "./kaito-workloads";

/** What the plans of runs and services need of a pool, made here or read from another stack. */
export type PoolFacts = PoolRef;
export type Pools = Readonly<Record<string, PoolFacts>>;

/** What workloads stand on, planned or read. */
export interface Foundation extends KaitoFoundation {
  readonly cluster: NonNullable<TeamFoundation["cluster"]>;
  readonly kubernetesVersion: KubernetesVersion;
  readonly pools: Pools;
  readonly project: string;
  readonly stack: string;
}

export function tuningProblems(tuning: TuningSettings, settings: Settings, base: Foundation): Problem[] {
  const { team, run, dataset } = tuning;
  const { cluster, project, stack } = base;
  const decisions = { ...tuning.teamArguments, environment: settings.environment, tags: settings.tags, cluster };
  const byKaito = tuning.engine === "kaito";
  const { pool, problems } = byKaito ? { problems: [] } : poolOf("tuning", tuning.pool, base);
  return [
    ...problems,
    ...ask(() => planTeam(team, project, stack, decisions), (path) => (path === "name" ? "team" : under("teamArguments")(path))),
    ...ask(() => planDatasetImage(run, { file: dataset }), runKey),
    ...ask(() => checkTrainerImage("trainer", tuning.trainerImage), () => "trainerImage"),
    ...(byKaito ? kaitoTuningProblems(tuning, base) : []),
    ...(pool ? ask(() => planTuningRun(run, { recipe: tuning.recipe, namespace: team, dataset: { contentKey: "" }, pool }), runKey) : []),
  ];
}

const RUN_KEYS: Readonly<Record<string, string>> = { name: "run", "pool.size": "tuningPool", pool: "tuningPool", file: "dataset" };

function runKey(path: string): string {
  return RUN_KEYS[path] ?? (path.startsWith("recipe.model") ? path.slice("recipe.".length) : path);
}

export function servingProblems(serving: ServingSettings, tuning: TuningSettings, base: Foundation): Problem[] {
  const { team, run, recipe } = tuning;
  if (serving.engine === "kaito") return recipeProblems(recipe).length > 0 ? [] : kaitoServingProblems(serving, tuning, base);
  const { pool, problems } = poolOf("serving", serving.pool, base);
  const { replicas, serveBase, maxModelLength, clients } = serving;
  const keyOf = (path: string): string => ({ name: "run", pool: "servingPool" })[path] ?? under("service")(path);
  if (!pool || recipeProblems(recipe).length > 0) return problems;
  return [...problems, ...ask(() => planServing(run, { namespace: team, model: recipe.model, adapters: [], replicas, serveBase, maxModelLength, clients, pool }), keyOf)];
}

interface FoundPool {
  readonly pool?: PoolFacts;
  readonly problems: Problem[];
}

/** The pool that a layer uses: the named one, else the first. */
function poolOf(layer: "tuning" | "serving", name: string | undefined, { pools, kaitoKey }: Foundation): FoundPool {
  const known = Object.keys(pools);
  const pool = pools[name ?? known[0] ?? ""];
  if (known.length === 0 && kaitoKey === "platformStack") return { problems: [noPool(layer)] };
  // Without a pool that is right in itself there is nothing to say of the choice.
  if (pool || known.length === 0) return { pool, problems: [] };
  return { problems: choiceProblems("AKSFT-STACK-13", `${layer}Pool`, name, known) };
}

/** A platform whose nodes KAITO makes may have none. */
function noPool(layer: "tuning" | "serving"): Problem {
  const rule = "needs a GPU pool, and the platform that platformStack names has none";
  return { code: "AKSFT-STACK-19", path: `${layer}Pool`, got: undefined, rule, fix: `set ${layer}Engine to "kaito", or add a pool to that stack` };
}
