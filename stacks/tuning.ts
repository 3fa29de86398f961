import { DatasetImage, type PoolRef, Team, TrainerImage, TuningJob } from "../components";
import { kaitoOf, kaitoPlace } from "./kaito";
import type { Platform } from "./platform";
import type { Settings, TuningSettings } from "./settings";

/** One team, its data and its run. */
export function tuning(base: Platform, settings: TuningSettings, { environment, tags, protect, retainData }: Settings) {
  const { cluster, datasets, adapters } = base;
  const team = new Team(settings.team, { cluster, adapters, environment, tags, protect, retainOnDelete: retainData, ...settings.teamArguments });
  const dataset = new DatasetImage(settings.run, { registry: datasets, file: settings.dataset });
  const trainer = new TrainerImage("trainer", { image: settings.trainerImage });
  const weights = { image: settings.weightsImage };
  const common = { team, recipe: settings.recipe, dataset, trainer };
  const run =
    settings.engine === "kaito"
      ? new TuningJob(settings.run, { engine: "kaito", ...common, ...onKaito(base, settings) })
      : new TuningJob(settings.run, { ...common, pool: poolNamed(base, settings.pool), weights });
  return { team, dataset, run, weights };
}

/** KAITO and the place of its run; the registry comes with the repository that a secret has to open. */
function onKaito({ cluster, datasets, pools, ...base }: Platform, settings: TuningSettings) {
  const kaito = kaitoOf(base);
  const { repository, ...place } = kaitoPlace(settings, { kaito, kubernetesVersion: cluster.kubernetesVersion, pools });
  return { kaito, ...place, ...(repository === undefined ? {} : { datasets: { registry: datasets, repository } }) };
}

/** The pool that a layer was given, else the platform's first. */
export function poolNamed({ pools }: Platform, name: string | undefined): PoolRef {
  const [first] = Object.values(pools);
  const pool = name === undefined ? first : pools[name];
  // The configuration was checked before anything was registered.
  if (!pool) throw new Error(`the platform has no GPU pool ${name ?? ""}`);
  return pool;
}
