import { InferenceService } from "../components";
import { kaitoOf } from "./kaito";
import type { Platform } from "./platform";
import type { ServingSettings, TuningSettings } from "./settings";
import { poolNamed, type tuning } from "./tuning";

/** The tuned model behind an endpoint: base and adapter. */
export function serving(
  base: Platform,
  { team, run, weights }: ReturnType<typeof tuning>,
  { engine, pool, size, servingImage, ...service }: ServingSettings,
  { recipe, run: name }: TuningSettings,
) {
  const common = { team, model: recipe.model, adapters: [run.adapter] };
  if (engine === "kaito") {
    const own = pool === undefined ? undefined : base.pools[pool];
    return new InferenceService(name, { engine, kaito: kaitoOf(base), ...common, size, pool: own, ...service });
  }
  const { replicas, serveBase, maxModelLength, clients } = service;
  return new InferenceService(name, { ...common, pool: poolNamed(base, pool), weights, replicas, serveBase, maxModelLength, clients, image: servingImage });
}
