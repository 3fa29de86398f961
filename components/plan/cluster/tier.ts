import type { Problem } from "../refuse";
import { choiceProblems } from "./choice";

export const TIERS = ["Free", "Standard", "Premium"] as const;
export type Tier = (typeof TIERS)[number];

export const SUPPORT_PLANS = ["KubernetesOfficial", "AKSLongTermSupport"] as const;
export type SupportPlan = (typeof SUPPORT_PLANS)[number];

/** Long-term support and the Premium tier are bought together: https://learn.microsoft.com/azure/aks/long-term-support */
export function tierProblems(tier: string, supportPlan: string): Problem[] {
  const words = [
    ...choiceProblems("AKSFT-CLUSTER-05", "tier", tier, TIERS),
    ...choiceProblems("AKSFT-CLUSTER-05", "supportPlan", supportPlan, SUPPORT_PLANS),
  ];
  const longTerm = supportPlan === "AKSLongTermSupport";
  if (words.length > 0 || longTerm === (tier === "Premium")) return words;
  return [
    longTerm
      ? { code: "AKSFT-CLUSTER-05", path: "tier", got: tier, rule: 'supportPlan "AKSLongTermSupport" needs tier "Premium"', fix: 'use "Premium"' }
      : {
          code: "AKSFT-CLUSTER-05",
          path: "supportPlan",
          got: supportPlan,
          rule: 'tier "Premium" buys long-term support, which has to be chosen with it',
          fix: 'use "AKSLongTermSupport", or tier "Standard"',
        },
  ];
}
