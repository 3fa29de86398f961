import { InferenceService } from "../components";
import type { Platform } from "./platform";
import type { ServingSettings, TuningSettings } from "./settings";
import type { tuning } from "./tuning";

/** The tuned model behind an endpoint: base and adapter, on the pool that tuned it. */
export function serving(
  { pool }: Platform,
  { team, run, weights }: ReturnType<typeof tuning>,
  settings: ServingSettings & Pick<TuningSettings, "recipe" | "run">,
) {
  return new InferenceService(settings.run, {
    team,
    pool,
    model: settings.recipe.model,
    weights,
    adapters: [run.adapter],
    image: settings.servingImage,
  });
}
