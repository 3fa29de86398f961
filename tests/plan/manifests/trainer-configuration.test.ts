import { trainerConfiguration } from "../../../components/plan/manifests/trainer-configuration";
import { planTuningRun, type TuningRunDecisions } from "../../../components/plan/tuning-run";
import { DATASET, TRAINER, TRAINER_CONFIGURATION } from "../../support/expected-tuning-run";
import { DATASET_KEY, TINY_RECIPE } from "../../support/tiny-recipe";

const POOL: TuningRunDecisions["pool"] = { size: "Standard_NC4as_T4_v3", priority: "Spot", kubernetesVersion: "1.36", osSku: "Ubuntu2404" };
const LINEAGE = { registry: "mlreg.azurecr.io", trainerImage: TRAINER, datasetImage: DATASET };
const configuration = (changes: Partial<TuningRunDecisions> = {}) =>
  trainerConfiguration(
    planTuningRun("tickets", { recipe: TINY_RECIPE, namespace: "support", dataset: { contentKey: DATASET_KEY, rows: 120 }, pool: POOL, ...changes }),
    LINEAGE,
  );

describe("trainerConfiguration", () => {
  it("tells the trainer everything, and where everything is mounted", () => {
    expect(configuration()).toEqual(TRAINER_CONFIGURATION);
  });

  it("computes in bf16 at the price of the priority where the card allows", () => {
    expect(configuration({ pool: { ...POOL, size: "Standard_NV36ads_A10_v5", priority: "Regular" } })).toMatchObject({
      precision: "bf16",
      usdPerHour: 3.2,
      lineage: { size: "Standard_NV36ads_A10_v5" },
    });
  });

  it("leaves out a number of rows that nobody knows", () => {
    const text = JSON.stringify(configuration({ dataset: { contentKey: DATASET_KEY } }));
    expect(text).toContain(`"dataset":{"path":"/dataset/data/train.jsonl","contentKey":"${DATASET_KEY}"}`);
  });

  it("says null for a price that nobody knows", () => {
    expect(configuration({ pool: { ...POOL, size: "Standard_NC40ads_H100_v5" } })).toMatchObject({ usdPerHour: null });
  });
});
