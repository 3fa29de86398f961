import type { Home } from "../home";
import { knownPorts, type Ports } from "../ports";
import { processRecords } from "../processes";
import { isAlive } from "../process-identity";
import { clusterSettings, type ClusterSettings } from "./cluster-settings";
import { rememberedNodes } from "./nodes/node-reconciler";
import type { SandboxNode } from "./nodes/plan-nodes";

export interface SandboxStatus {
  /** What the last start decided; undefined if there was none. */
  readonly cluster: ClusterSettings | undefined;
  readonly ports: Ports;
  readonly nodes: readonly SandboxNode[];
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly alive: boolean }[];
}

/** What is known of the home without asking any server. */
export function sandboxStatus(home: Home): SandboxStatus {
  return {
    cluster: clusterSettings(home),
    ports: knownPorts(home),
    nodes: rememberedNodes(home),
    processes: processRecords(home).map((record) => ({ name: record.name, pid: record.pid, alive: isAlive(record) })),
  };
}
