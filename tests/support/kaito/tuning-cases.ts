import { BASE_MODEL_NAMES } from "../../../components/plan/catalogue/base-models";
import { type DrivenKaitoVersion, KAITO_VERSION_FACTS, type KaitoVersionFacts } from "../../../components/plan/catalogue/kaito-versions";
import { type KaitoTuningPlan, planKaitoTuning } from "../../../components/plan/kaito/tuning";
import { kaitoWorkspaceManifest } from "../../../components/plan/manifests/kaito-workspace";
import { presetName } from "../../../components/plan/sizing/kaito/formulas";
import { DATASET } from "../expected-tuning-run";
import { KAITO_DECISIONS, KAITO_RECIPE } from "../kaito-tuning";

/** A preset that a version tunes, and how. */
export interface TuningCase {
  readonly version: DrivenKaitoVersion;
  readonly preset: string;
  readonly method: "lora" | "qlora";
}

/** How the dataset gets into the pod. */
export type DatasetWay = "pulled" | "mounted";

export const VERSIONS = Object.keys(KAITO_VERSION_FACTS) as readonly DrivenKaitoVersion[];

export const TUNING_CASES: readonly TuningCase[] = VERSIONS.flatMap((version) =>
  KAITO_VERSION_FACTS[version].tunablePresets.flatMap((preset) => (["lora", "qlora"] as const).map((method) => ({ version, preset, method }))),
);

/** Of 32 and 40 billion parameters in 16 bits, no GPU of 94 GB holds the activations too where none are computed again. */
export function isTooLarge({ version, preset, method }: TuningCase): boolean {
  return version === "0.6" && method === "lora" && ["falcon-40b", "qwen2.5-coder-32b-instruct"].includes(preset);
}

/** What is decided about it on the largest size with one GPU. */
export function planOf({ version, preset, method }: TuningCase): KaitoTuningPlan {
  const model = BASE_MODEL_NAMES.find((name) => presetName(name) === preset);
  if (model === undefined) throw new Error(`${preset} is in no catalogue`);
  return planKaitoTuning("tickets", {
    ...KAITO_DECISIONS,
    kaito: { version, nodeProvisioner: "azure-gpu-provisioner" },
    datasets: { repository: "datasets/tickets" },
    size: "Standard_NC40ads_H100_v5",
    recipe: { ...KAITO_RECIPE, model, method, sequenceLength: 1024, globalBatch: 1 },
  });
}

export function waysOf(version: DrivenKaitoVersion): readonly DatasetWay[] {
  const { imageVolumes }: KaitoVersionFacts = KAITO_VERSION_FACTS[version];
  return imageVolumes ? ["pulled", "mounted"] : ["pulled"];
}

/** Its Workspace. What is refused for its memory is rendered too, from the plan of the method that has room: admission asks for no memory. */
export function workspaceOf(tuned: TuningCase, way: DatasetWay) {
  const plan = isTooLarge(tuned) ? planOf({ ...tuned, method: "qlora" }) : planOf(tuned);
  const inputs = {
    adapterImage: `mlreg.azurecr.io/${plan.adapterRepository}:${plan.runId}`,
    datasetImage: DATASET,
    pushSecret: "tickets-push",
    ...(way === "pulled" ? { pullSecret: "tickets-pull" } : {}),
  };
  return kaitoWorkspaceManifest({ ...plan, recipe: { ...plan.recipe, method: tuned.method } }, inputs);
}
