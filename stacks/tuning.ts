import { DatasetImage, Team, TrainerImage, TuningJob } from "../components";
import type { Platform } from "./platform";
import type { TuningSettings } from "./settings";

/** One team, its data and its run. */
export function tuning({ cluster, pool, datasets, adapters }: Platform, settings: TuningSettings, protect: boolean) {
  const team = new Team(settings.team, { cluster, adapters, environment: "development", protect });
  const dataset = new DatasetImage(settings.run, { registry: datasets, file: settings.dataset });
  const trainer = new TrainerImage("trainer", { image: settings.trainerImage });
  const weights = { image: settings.weightsImage };
  const run = new TuningJob(settings.run, { team, pool, recipe: settings.recipe, dataset, trainer, weights });
  return { team, dataset, run, weights };
}
