import type { KaitoRef } from "../../components";
import { planKaitoServing } from "../../components/plan/kaito/serving";
import { planKaitoTuning } from "../../components/plan/kaito/tuning";
import { resolveRecipe } from "../../components/plan/recipe";
import type { Problem } from "../../components/plan/refuse";
import { choiceProblems } from "../../components/plan/spelling";
import { kaitoPlace } from "../kaito";
import type { ServingSettings, TuningSettings } from "../settings";
import { ask, under } from "./ask";
import type { Foundation } from "./workloads";

/** What a registry says only when it is there. */
const LATER = Promise.resolve("");

/** What KAITO would refuse of the run, and what it would let through and then fail at. */
export function kaitoTuningProblems(tuning: TuningSettings, base: Foundation): Problem[] {
  const { run, recipe, pool: name } = tuning;
  const { kaito, kubernetesVersion, pools } = base;
  if (!kaito) return noKaito("tuningEngine", base);
  const unknown = poolProblems("tuningPool", name, base);
  if (unknown.length > 0) return unknown;
  const { repository, ...place } = kaitoPlace(tuning, { kaito, kubernetesVersion, pools });
  const decisions = {
    ...{ recipe, kaito, kubernetesVersion, ...place, team: teamOf(tuning) },
    dataset: { contentKey: "", image: LATER },
    ...(repository === undefined ? {} : { datasets: { repository } }),
    adapters: { id: LATER, loginServer: LATER },
  };
  const keyOf = keysOf({ size: "tuningSize", pool: "tuningPool", name }, base);
  return ask(() => planKaitoTuning(run, decisions), (path) => (path.startsWith("recipe.model") ? path.slice("recipe.".length) : keyOf(path)));
}

/** The same of the service; the run's adapter is known but for its image. */
export function kaitoServingProblems(serving: ServingSettings, tuning: TuningSettings, base: Foundation): Problem[] {
  const name = serving.pool;
  const { kaito, pools, cluster } = base;
  if (!kaito) return noKaito("servingEngine", base);
  const unknown = poolProblems("servingPool", name, base);
  if (unknown.length > 0) return unknown;
  const { model, lora } = resolveRecipe(tuning.recipe);
  const { namespace, podSecurity } = teamOf(tuning);
  const adapters = [{ name: tuning.run, baseModel: model.name, rank: lora.rank }];
  const where = { namespace, podSecurity, environment: cluster.environment, pool: name === undefined ? undefined : pools[name] };
  const decisions = { ...serving, ...where, kaito, model: tuning.recipe.model, adapters };
  const keyOf = keysOf({ size: "servingSize", pool: "servingPool", name }, base);
  return ask(() => planKaitoServing(tuning.run, decisions), (path) => ADAPTER[path] ?? (path.startsWith("model") ? path : keyOf(path, "service")));
}

/** What an adapter is follows from the run that makes it. */
const ADAPTER: Readonly<Record<string, string>> = { adapters: "servingEngine", "adapters[0].name": "run", "adapters[0].rank": "recipe.lora.rank" };

function teamOf({ team, teamArguments }: TuningSettings) {
  return { namespace: team, podSecurity: teamArguments.podSecurity ?? "restricted" } as const;
}

/** Arguments of a pool that others follow from. */
const POOL_KEYS: Readonly<Record<string, string>> = { tolerations: "taints", nodeSelector: "labels", gpuResource: "gpuInstanceProfile" };

interface Place {
  readonly size: string;
  readonly pool: string;
  /** Of the pool. */
  readonly name: string | undefined;
}

/** The keys that the arguments of a run or service of KAITO's come from; those of another stack's KAITO are all in that stack. */
function keysOf({ size, pool, name }: Place, { kaitoKey }: Foundation) {
  return (path: string, component?: string): string => {
    const [first = "", ...rest] = path.split(".");
    if (path === "name" || first === "datasets") return "run";
    if (path === "size") return size;
    if (path === "pool") return pool;
    if (first === "pool") return ["pools", name, ...[POOL_KEYS[rest[0] ?? ""] ?? rest[0], ...rest.slice(1)]].join(".");
    if (first === "kaito") return kaitoKey === "platformStack" ? kaitoKey : path;
    if (first === "team") return ["teamArguments", ...rest].join(".");
    return component === undefined ? path : under(component)(path);
  };
}

/** A pool is named or there is none: KAITO makes nodes, and takes one's own by the labels of one run. */
function poolProblems(key: string, name: string | undefined, { pools }: Foundation): Problem[] {
  const known = Object.keys(pools);
  // Without a pool that is right in itself there is nothing to say of the choice.
  return known.length === 0 ? [] : choiceProblems("AKSFT-STACK-13", key, name, known);
}

function noKaito(path: string, { kaitoKey }: Foundation): Problem[] {
  // Without a platform that is said already.
  if (kaitoKey === undefined) return [];
  const fix = kaitoKey === "kaito" ? 'set kaito, for example to { channel: "chart" }' : `set kaito in the stack that ${kaitoKey} names, and deploy it first`;
  return [{ code: "AKSFT-STACK-18", path, got: "kaito", rule: "needs KAITO on the platform, which has none", fix }];
}

/** What the platform has of KAITO. */
export interface KaitoFoundation {
  readonly kaito?: KaitoRef;
  /** Key that says what KAITO there is; undefined where there is no platform. */
  readonly kaitoKey?: "kaito" | "platformStack";
}
