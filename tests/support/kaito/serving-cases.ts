import { isGated, kaitoPresets, type ListedModelName, oldPreset } from "../../../components/plan/catalogue/kaito-served-models";
import { type DrivenKaitoVersion, KAITO_VERSION_FACTS } from "../../../components/plan/catalogue/kaito-versions";
import { type KaitoServingPlan, planKaitoServing } from "../../../components/plan/kaito/serving";
import { problemsOf } from "../../../components/plan/refuse";
import { KAITO_SERVING, rendered } from "../kaito-serving";
import { VERSIONS } from "./tuning-cases";

/** A model that a version serves, alone or with two adapters. */
export interface ServingCase {
  readonly version: DrivenKaitoVersion;
  readonly model: ListedModelName;
  readonly adapters: 0 | 2;
}

/** One preset of 0.6 takes no adapters. */
const adaptersOf = (version: DrivenKaitoVersion, model: ListedModelName) => (version === "0.6" && oldPreset(model)?.disallowsLora === true ? [0 as const] : [0 as const, 2 as const]);

export const SERVING_CASES: readonly ServingCase[] = VERSIONS.flatMap((version) =>
  kaitoPresets(version).flatMap((model) => adaptersOf(version, model).map((adapters) => ({ version, model, adapters }))),
);

/** The object of a service on the first size of the version's table that holds it. */
export function serverOf(served: ServingCase) {
  const plan = KAITO_VERSION_FACTS[served.version].sizes.map((size) => () => planOn(served, size)).find((attempt) => problemsOf(attempt).length === 0)?.();
  const manifest = plan && rendered(plan).manifest;
  if (manifest === undefined) throw new Error(`no size holds ${served.model} with KAITO ${served.version}`);
  return manifest;
}

function planOn({ version, model, adapters }: ServingCase, size: KaitoServingPlan["size"]): KaitoServingPlan {
  return planKaitoServing("tickets", {
    ...KAITO_SERVING,
    kaito: { version, nodeProvisioner: "azure-gpu-provisioner" },
    model,
    size,
    adapters: ["returns", "tickets"].slice(0, adapters).map((name) => ({ name, baseModel: model, rank: 16 })),
    ...(isGated(model) ? { accessSecret: "hugging-face" } : {}),
  });
}
