import type { KaitoNodeProvisioner } from "../../catalogue/kaito-versions";

/** What nobody can see from a program. https://github.com/kaito-project/kaito/issues/2295 */
export function karpenterNote(nodeProvisioner: KaitoNodeProvisioner): string | undefined {
  if (nodeProvisioner !== "karpenter") return undefined;
  return (
    "KAITO asks Karpenter for static NodePools, which need its feature gate StaticCapacity; AKS holds it with node auto-provisioning. " +
    "Where quota or capacity is short, Karpenter tries again without end and nothing is bought: check both before a Workspace."
  );
}
