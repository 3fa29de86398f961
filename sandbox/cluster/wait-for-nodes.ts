import { readJson } from "../files";
import type { Home } from "../home";
import { logTail } from "../processes";
import { until } from "../until";
import { type AzureState, poolsOf } from "./azure-state";
import { KubernetesClient } from "./client";
import { isReady, type NodeObject } from "./node-objects";
import { rememberedNodes } from "./node-reconciler";

/** Waits for the nodes that the pools have without any pod asking for them, and those that were there before. */
export async function waitForNodes(home: Home, server: string): Promise<void> {
  const client = KubernetesClient.of(home, server, "admin");
  const pools = poolsOf(readJson<AzureState>(home.azureState));
  const least = pools.map((pool) => (pool.autoscaled ? pool.minCount : pool.count)).reduce((sum, count) => sum + count, 0);
  const allReady = async () => {
    const names = rememberedNodes(home).map(({ name }) => name);
    if (names.length < least) return undefined;
    if (names.length === 0) return true;
    const { items } = await client.get<{ items: readonly NodeObject[] }>("/api/v1/nodes");
    return names.every((name) => isReady(items.find(({ metadata }) => metadata.name === name))) ? true : undefined;
  };
  try {
    await until(allReady, { timeoutMs: 60_000, late: () => `nodes are not ready after a minute; ${logTail(home, "agent")}` });
  } finally {
    client.close();
  }
}
