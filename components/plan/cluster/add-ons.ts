import type { Environment } from "../environment";
import { wholeNumber } from "../recipe";
import type { Problem } from "../refuse";

/** What AKS runs in the cluster beside Kubernetes itself. */
export interface AddOnDecisions {
  /** Azure Policy inside the cluster. Policies that deny pods must exempt the namespaces of KAITO and of the GPU support. @default true; false in development */
  readonly azurePolicy?: boolean;
  /** Secrets of a Key Vault as volumes, refreshed every two minutes. @default true; false in development */
  readonly keyVaultSecrets?: boolean;
  /** KAITO, run by AKS. @default false */
  readonly kaito?: boolean;
  /** Hours between two removals of images that nothing uses, from 24 to 2160 (three months). @default 48 */
  readonly imageCleanerHours?: number;
  /** What each namespace costs, in Cost Management; needs a paid tier and an enterprise or customer agreement. @default false */
  readonly costAnalysis?: boolean;
}

export type AddOnPlan = Required<AddOnDecisions>;

export function planAddOns(environment: Environment, decisions: AddOnDecisions): AddOnPlan {
  const production = environment === "production";
  const { azurePolicy = production, keyVaultSecrets = production, kaito = false } = decisions;
  const { imageCleanerHours = 48, costAnalysis = false } = decisions;
  return { azurePolicy, keyVaultSecrets, kaito, imageCleanerHours, costAnalysis };
}

export function addOnProblems({ imageCleanerHours = 48, costAnalysis }: AddOnDecisions, tier: string): Problem[] {
  // https://learn.microsoft.com/azure/aks/image-cleaner
  const problems = wholeNumber("AKSFT-CLUSTER-23", "addOns.imageCleanerHours", imageCleanerHours, 24, 2160);
  if (costAnalysis === true && tier === "Free") {
    // https://learn.microsoft.com/azure/aks/cost-analysis
    const rule = 'needs tier "Standard" or "Premium", and tier is "Free"';
    problems.push({ code: "AKSFT-CLUSTER-24", path: "addOns.costAnalysis", got: true, rule, fix: 'remove it, or use tier "Standard"' });
  }
  return problems;
}
