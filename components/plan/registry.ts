import { derivedRegistryName, nameProblems } from "./names";
import { refuse } from "./refuse";

export interface RegistryDecisions {
  /** Name in Azure, unique worldwide. @default - the logical name and a hash of project, stack and name */
  readonly registryName?: string;
  /** Premium has private endpoints, zones and retention. @default "Standard" */
  readonly sku?: "Standard" | "Premium";
}

export interface RegistryPlan {
  readonly registryName: string;
  readonly sku: "Standard" | "Premium";
}

export function planRegistry(name: string, project: string, stack: string, decisions: RegistryDecisions): RegistryPlan {
  const { registryName = derivedRegistryName(project, stack, name), sku = "Standard" } = decisions;
  refuse(`Registry "${name}"`, nameProblems("registry", "registryName", registryName));
  return { registryName, sku };
}
