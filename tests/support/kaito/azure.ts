import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { sandboxHome } from "../../../sandbox/home";

const GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ai";
const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/ai`;
const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/mlreg`;

/** What the Azure of a sandbox has: a cluster with one system node, and what a test adds to it. */
export function azureHas(home: string, more: object, ...pools: readonly object[]): void {
  write(home, { [CLUSTER]: cluster(more, pools) });
}

/** The same with a registry, which the sandbox then serves at that address. */
export function azureWithRegistry(home: string, loginServer: string, more: object, ...pools: readonly object[]): void {
  const registry = { id: REGISTRY, type: "azure-native:containerregistry:Registry", name: "mlreg", inputs: {}, outputs: { loginServer } };
  write(home, { [CLUSTER]: cluster(more, pools), [REGISTRY]: registry });
}

function cluster(more: object, pools: readonly object[]) {
  const system = { name: "system", mode: "System", count: 1, vmSize: "Standard_D4s_v5" };
  const outputs = { location: "eastus", agentPoolProfiles: [system, ...pools], ...more };
  return { id: CLUSTER, type: "azure-native:containerservice:ManagedCluster", name: "ai", inputs: {}, outputs };
}

function write(home: string, resources: Readonly<Record<string, object>>): void {
  const file = sandboxHome(home).azureState;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ resources }));
}
