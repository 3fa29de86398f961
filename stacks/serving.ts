import { InferenceService } from "../components";
import type { Platform } from "./platform";
import type { ServingSettings, TuningSettings } from "./settings";
import { poolNamed, type tuning } from "./tuning";

/** The tuned model behind an endpoint: base and adapter. */
export function serving(
  base: Platform,
  { team, run, weights }: ReturnType<typeof tuning>,
  { replicas, serveBase, maxModelLength, clients, servingImage, pool }: ServingSettings,
  { recipe, run: name }: TuningSettings,
) {
  return new InferenceService(name, {
    team,
    pool: poolNamed(base, pool),
    model: recipe.model,
    weights,
    adapters: [run.adapter],
    replicas,
    serveBase,
    maxModelLength,
    clients,
    image: servingImage,
  });
}
