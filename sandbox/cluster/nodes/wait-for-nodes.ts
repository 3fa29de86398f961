import { readJson } from "../../files";
import type { Home } from "../../home";
import { logTail, processRecords } from "../../processes";
import { until } from "../../until";
import { SLOTS } from "../addresses";
import { type AzureState, poolsOf } from "./azure-state";
import { KubernetesClient } from "../client";
import type { ClusterSettings } from "../cluster-settings";
import { shimsOf } from "../machine/containerd";
import { isReady, type NodeObject } from "./node-objects";
import { nodePaths } from "../machine/node-paths";
import { rememberedNodes } from "./node-reconciler";
import type { SandboxNode } from "./plan-nodes";
import type { Pod } from "./pod-fit";

/** Waits for the nodes that the pools have without any pod asking for them, and those that were there before. */
export async function waitForNodes(home: Home, { server }: ClusterSettings): Promise<void> {
  const client = KubernetesClient.of(home, server, "admin");
  try {
    await until(() => nodesAreReady(home, client), {
      timeoutMs: 60_000,
      late: () => `nodes are not ready after a minute; ${logTail(home, "agent")}`,
    });
  } finally {
    client.close();
  }
}

async function nodesAreReady(home: Home, client: KubernetesClient): Promise<true | undefined> {
  const nodes = rememberedNodes(home);
  const pools = poolsOf(readJson<AzureState>(home.azureState));
  const least = pools.map((pool) => (pool.autoscaled ? pool.minCount : pool.count)).reduce((sum, count) => sum + count, 0);
  if (nodes.length < least) return undefined;
  if (nodes.length === 0) return true;
  const { items } = await client.get<{ items: readonly NodeObject[] }>("/api/v1/nodes");
  const objectOf = (node: SandboxNode) => items.find(({ metadata }) => metadata.name === node.name);
  return nodes.every((node) => isReady(objectOf(node)) && hasReported(home, node, objectOf(node))) ? true : undefined;
}

/**
 * What the last start left in etcd says Ready too: only a report since tells that this kubelet is at work. Its lease would not do:
 * the first renewal fails as the node is not registered yet, and the next one is ten seconds later.
 */
function hasReported(home: Home, { slot }: SandboxNode, object: NodeObject | undefined): boolean {
  if (slot === undefined) return true;
  const kubelet = processRecords(home).find(({ name }) => name === `node${slot}-kubelet`);
  const ready = object?.status?.conditions?.find(({ type }) => type === "Ready");
  const reported = Date.parse(ready?.lastHeartbeatTime ?? "") + 1000; // told in whole seconds
  return kubelet !== undefined && reported >= kubelet.startedAt;
}

/** Whether no container of a real node is running: then the pods that the API server calls running are memories. */
export function hasNoContainers(home: Home): boolean {
  return SLOTS.every((slot) => shimsOf(nodePaths(home, slot)).length === 0);
}

/** How long services may take to come back; what takes longer is not waited for. */
const PODS_PATIENCE_MS = 60_000;

/** Waits until the pods that ran on real nodes before a stop run again, so that services answer. */
export async function waitForPods(home: Home, { server }: ClusterSettings, since: number): Promise<void> {
  const real = new Set(rememberedNodes(home).flatMap(({ name, slot }) => (slot === undefined ? [] : [name])));
  if (real.size === 0) return;
  const client = KubernetesClient.of(home, server, "admin");
  const allBack = async () => {
    const { items } = await client.get<{ items: readonly Pod[] }>("/api/v1/pods");
    return items.filter(({ spec }) => real.has(spec.nodeName ?? "")).every((pod) => isBack(pod, since)) ? true : undefined;
  };
  try {
    await until(allBack, { timeoutMs: PODS_PATIENCE_MS, everyMs: 200, late: () => "" }).catch(() => undefined);
  } finally {
    client.close();
  }
}

/** Runs of Jobs go on by themselves and may take hours; only pods that serve are waited for. */
function isBack({ metadata, status }: Pod, since: number): boolean {
  const ofJob = metadata.ownerReferences?.some(({ kind }) => kind === "Job") ?? false;
  if (ofJob || status?.phase !== "Running") return true;
  return (status.containerStatuses ?? []).every(
    ({ ready, state }) => ready === true && Date.parse(state?.running?.startedAt ?? "") >= since - 1000,
  );
}
