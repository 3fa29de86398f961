import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { sandboxHome } from "../../../sandbox/home";

const CLUSTER = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ai/providers/Microsoft.ContainerService/managedClusters/ai";

/** What a sandbox's Azure has, without a program that made it: a cluster with one system node, and what a test adds to it. */
export function azureHas(home: string, more: object, ...pools: readonly object[]): void {
  const system = { name: "system", mode: "System", count: 1, vmSize: "Standard_D4s_v5" };
  const outputs = { location: "eastus", agentPoolProfiles: [system, ...pools], ...more };
  const cluster = { id: CLUSTER, type: "azure-native:containerservice:ManagedCluster", name: "ai", inputs: {}, outputs };
  const file = sandboxHome(home).azureState;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ resources: { [CLUSTER]: cluster } }));
}
