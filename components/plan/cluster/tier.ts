import type { Problem } from "../refuse";
import { choiceProblems } from "./choice";

export const TIERS = ["Free", "Standard", "Premium"] as const;
/**
 * What Azure promises and bills of the control plane: https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers
 * @useDeclaredType
 */
export type Tier = (typeof TIERS)[number];

export const SUPPORT_PLANS = ["KubernetesOfficial", "AKSLongTermSupport"] as const;
/**
 * How long a Kubernetes version is mended: about one year, or two.
 * @useDeclaredType
 */
export type SupportPlan = (typeof SUPPORT_PLANS)[number];

/** Long-term support is a part of the Premium tier: https://learn.microsoft.com/azure/aks/long-term-support */
export function tierProblems(tier: string, supportPlan: string): Problem[] {
  const words = [
    ...choiceProblems("AKSFT-CLUSTER-05", "tier", tier, TIERS),
    ...choiceProblems("AKSFT-CLUSTER-05", "supportPlan", supportPlan, SUPPORT_PLANS),
  ];
  if (words.length > 0 || supportPlan !== "AKSLongTermSupport" || tier === "Premium") return words;
  const rule = 'supportPlan "AKSLongTermSupport" needs tier "Premium"';
  return [{ code: "AKSFT-CLUSTER-05", path: "tier", got: tier, rule, fix: 'use "Premium"' }];
}
