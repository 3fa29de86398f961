/** Page of a rule of PSRule for Azure. */
export function psrule(id: string): string {
  return `https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.${id}/`;
}

/** Where Checkov lists its checks, each with a link to its code. */
export const CHECKOV = "https://www.checkov.io/5.Policy%20Index/all.html";
export const POD_SECURITY = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";
export const SPOT_POOLS = "https://learn.microsoft.com/azure/aks/spot-node-pool";
export const SAFEGUARDS = "https://learn.microsoft.com/azure/aks/deployment-safeguards";
