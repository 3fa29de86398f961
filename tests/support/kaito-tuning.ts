import type { KaitoTuningJobArgs, Recipe, RegistryRef, TeamRef } from "../../components";
import type { KaitoTuningDecisions } from "../../components/plan/kaito/tuning";
import { DATASET, TRAINER } from "./expected-tuning-run";
import { DATASET_KEY } from "./tiny-recipe";

/** A recipe that KAITO can do as it stands. */
export const KAITO_RECIPE: Recipe = { model: "Phi-4-mini-instruct", method: "lora", sequenceLength: 1024, loss: "all" };

/** A registry with an id as Azure has it: tokens are made in it. */
export const KAITO_REGISTRY: RegistryRef = {
  id: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ml/providers/Microsoft.ContainerRegistry/registries/mlreg",
  loginServer: "mlreg.azurecr.io",
};

/** What every test of a run of KAITO's starts from: faultless, on a node that KAITO buys. */
export const KAITO_DECISIONS: KaitoTuningDecisions = {
  recipe: KAITO_RECIPE,
  kaito: { version: "0.12", nodeProvisioner: "azure-gpu-provisioner" },
  team: { namespace: "support", podSecurity: "baseline" },
  kubernetesVersion: "1.36",
  dataset: { contentKey: DATASET_KEY, rows: 120, image: DATASET },
  adapters: KAITO_REGISTRY,
  size: "Standard_NC24ads_A100_v4",
};

/** A pool of one's own for the job "tickets" in the namespace "support". */
export const OWN_POOL = {
  size: "Standard_NC24ads_A100_v4",
  priority: "Regular",
  maxNodes: 1,
  minNodes: 1,
  nodeSelector: { "aks-fine-tuning.dev/pool": "a100" },
  labels: { "aks-fine-tuning.dev/pool": "a100", "kaito.sh/workspace": "tickets", "kaito.sh/workspacenamespace": "support" },
  tolerations: [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }],
  kubernetesVersion: "1.36",
  osSku: "Ubuntu2404",
} as const;

/** The same as arguments of the component. */
export function kaitoArgs(team: TeamRef): KaitoTuningJobArgs {
  const { recipe, kaito, dataset } = KAITO_DECISIONS;
  return {
    engine: "kaito",
    kaito,
    team: { ...team, adapters: KAITO_REGISTRY, podSecurity: "baseline" },
    recipe,
    dataset,
    trainer: { image: TRAINER },
    size: "Standard_NC24ads_A100_v4",
  };
}
