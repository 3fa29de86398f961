import type { Recorded } from "./by-hand/recording";
import type { Measurement } from "./measurement";

/**
 * AKS takes a burst of 20 PUTs of a cluster, and 20 of each of its pools, then one a minute:
 * https://learn.microsoft.com/azure/aks/quotas-skus-regions#throttling-limits-on-aks-resource-provider-apis
 */
const BURST = 20;
const CLUSTER_PARTS = "azure-native:containerservice:";

/** Writes that bringing up a stack from nothing asks of Azure, one for each resource. */
export function azureWrites(recorded: readonly Recorded[], stack: string): readonly Measurement[] {
  const written = recorded.flatMap((each) => (each.kind === "resource" && each.type.startsWith("azure-native:") ? [each] : []));
  const inClusters = countBy(written.filter(({ type }) => type.startsWith(CLUSTER_PARTS)).map(({ inputs, name }) => textOf(inputs["resourceName"]) ?? name));
  const pools = countBy(written.filter(({ type }) => type === `${CLUSTER_PARTS}AgentPool`).map(({ inputs, name }) => `${textOf(inputs["resourceName"]) ?? ""}/${textOf(inputs["agentPoolName"]) ?? name}`));
  return [
    { name: `writes to a cluster of ${stack}`, value: most(inClusters), unit: "writes", budget: BURST, note: "pools and all else under the cluster counted with it" },
    { name: `writes to a pool of ${stack}`, value: most(pools), unit: "writes", budget: BURST, note: `${pools.size} pools beside the system pool` },
    { name: `writes to Azure of ${stack}`, value: written.length, unit: "writes", note: "from nothing, without repetitions" },
  ];
}

function countBy(keys: readonly string[]): ReadonlyMap<string, number> {
  return keys.reduce((counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1), new Map<string, number>());
}

function most(counts: ReadonlyMap<string, number>): number {
  return Math.max(0, ...counts.values());
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
