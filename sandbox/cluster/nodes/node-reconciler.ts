import { readJson, writeIfChanged } from "../../files";
import type { Home } from "../../home";
import type { Slot } from "../addresses";
import type { Pool } from "./azure-state";
import type { KubernetesClient } from "../client";
import type { ClusterSettings } from "../cluster-settings";
import { isReady, nodePatch, type NodeObject, scaleUpEvent, simulatedNode, statusPatch } from "./node-objects";
import { type NodePlan, planNodes, type SandboxNode, templateOf } from "./plan-nodes";
import type { Pod } from "./pod-fit";
import { ensureKubeProxy, ensureRealNode, isRunning } from "../machine/real-node";
import { stopRealNode } from "../machine/stop-node";
import type { NodeTools } from "../tools";

/** How long a node counts as new after it became Ready: until then the scheduler may not have looked at it. */
const SETTLING_MS = 8000;

export interface ReconcilerOptions {
  readonly home: Home;
  readonly settings: ClusterSettings;
  readonly client: KubernetesClient;
  /** Only with real nodes. */
  readonly nodeTools: NodeTools | undefined;
  readonly idleMilliseconds: number;
  readonly log: (line: string) => void;
  /** Makes sure that kwok runs, called when there is a node for it. */
  readonly ensureKwok: () => Promise<void>;
}

/** Nodes that an earlier run of the agent kept. Their idle time starts anew, as after a restart of the autoscaler. */
export function rememberedNodes(home: Home): readonly SandboxNode[] {
  const nodes = readJson<readonly SandboxNode[]>(home.nodes) ?? [];
  return nodes.map(({ name, poolId, index, slot }) => ({ name, poolId, index, ...(slot === undefined ? {} : { slot }) }));
}

/** Makes the cluster's nodes those that the agent pools in the Azure state have. */
export class NodeReconciler {
  private readonly readySince = new Map<string, number>();
  private readonly started = new Set<string>();
  private nodes: readonly SandboxNode[];

  constructor(private readonly options: ReconcilerOptions) {
    this.nodes = rememberedNodes(options.home);
  }

  async reconcile(pools: readonly Pool[]): Promise<void> {
    const { client } = this.options;
    const [pods, objects] = await Promise.all([
      client.get<{ items: readonly Pod[] }>("/api/v1/pods"),
      client.get<{ items: readonly NodeObject[] }>("/api/v1/nodes"),
    ]);
    const plan = this.plan(pools, pods.items, objects.items);
    const wanted = [...plan.keep, ...plan.add];
    this.remember([...wanted, ...plan.remove]);
    await this.announce(plan);
    await this.removeNodes(plan.remove, pods.items);
    this.remember(wanted);
    const present = objects.items.filter(({ metadata }) => !plan.remove.some(({ name }) => name === metadata.name));
    await this.removeStrangers(wanted, present);
    const results = await Promise.allSettled(
      wanted.map((node) => this.keep(node, pools, present.find(({ metadata }) => metadata.name === node.name))),
    );
    await this.keepProxy(wanted, present);
    if (wanted.some(({ slot }) => slot === undefined)) await this.options.ensureKwok();
    const failure = results.find((result) => result.status === "rejected");
    if (failure?.status === "rejected") throw failure.reason;
  }

  private remember(nodes: readonly SandboxNode[]): void {
    this.nodes = nodes;
    writeIfChanged(this.options.home.nodes, `${JSON.stringify(nodes, undefined, 1)}\n`);
  }

  private plan(pools: readonly Pool[], pods: readonly Pod[], objects: readonly NodeObject[]): NodePlan {
    const now = Date.now();
    for (const object of objects) {
      const { name } = object.metadata;
      if (!isReady(object)) this.readySince.delete(name);
      else if (!this.readySince.has(name)) this.readySince.set(name, now);
    }
    const settled = [...this.readySince].filter(([, since]) => now - since >= SETTLING_MS).map(([name]) => name);
    return planNodes({
      pools,
      nodes: this.nodes,
      settled: new Set(settled),
      pods,
      real: this.options.nodeTools !== undefined,
      now,
      idleMilliseconds: this.options.idleMilliseconds,
    });
  }

  private async announce({ add, triggers }: NodePlan): Promise<void> {
    for (const node of add) this.options.log(`adding ${node.name} (${placeOf(node)})`);
    for (const { pod, pool } of triggers) {
      const { name, namespace, uid } = pod.metadata;
      const message = `pod triggered scale-up: [{aks-${pool.name}-vmss (max: ${pool.maxCount})}]`;
      this.options.log(`${namespace}/${name}: ${message}`);
      await this.options.client.create(`/api/v1/namespaces/${namespace}/events`, scaleUpEvent({ name, namespace, uid }, message));
    }
  }

  private async removeNodes(nodes: readonly SandboxNode[], pods: readonly Pod[]): Promise<void> {
    const { client, home, log, nodeTools } = this.options;
    for (const node of nodes) {
      log(`removing ${node.name} (${placeOf(node)})`);
      if (node.slot !== undefined && nodeTools !== undefined) await stopRealNode(home, node.slot, nodeTools.ip);
      await client.delete(`/api/v1/nodes/${node.name}`);
      // Their machine is gone: nobody is left to end them in an orderly way.
      for (const { metadata } of pods.filter(({ spec }) => spec.nodeName === node.name)) {
        await client.delete(`/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`, { gracePeriodSeconds: 0 });
      }
      this.readySince.delete(node.name);
      this.started.delete(node.name);
    }
  }

  /** Nodes of an earlier life of this cluster, under names that no pool has now. */
  private async removeStrangers(wanted: readonly SandboxNode[], objects: readonly NodeObject[]): Promise<void> {
    for (const { metadata } of objects.filter((object) => !wanted.some(({ name }) => name === object.metadata.name))) {
      await this.options.client.delete(`/api/v1/nodes/${metadata.name}`);
    }
  }

  private async keep(node: SandboxNode, pools: readonly Pool[], object: NodeObject | undefined): Promise<void> {
    const { client, home, nodeTools, settings } = this.options;
    const pool = pools.find(({ id }) => id === node.poolId);
    if (pool === undefined) return;
    const template = templateOf(pool, node, nodeTools !== undefined);
    if (node.slot !== undefined && nodeTools !== undefined) {
      // Looking at everything takes several programs: done once, and again when a process of the node has ended.
      if (!this.started.has(node.name) || !isRunning(home, node.slot)) {
        await ensureRealNode(home, { name: node.name, slot: node.slot, template, server: settings.server }, nodeTools);
        this.started.add(node.name);
      }
    } else if (object === undefined) {
      await client.create("/api/v1/nodes", simulatedNode(node.name, template));
    }
    const current = object ?? (await client.find<NodeObject>(`/api/v1/nodes/${node.name}`));
    if (current === undefined) return;
    const patch = nodePatch(current, template);
    if (patch !== undefined) await client.patch(`/api/v1/nodes/${node.name}`, patch);
    const status = statusPatch(current, template);
    if (status !== undefined) await client.patch(`/api/v1/nodes/${node.name}/status`, status);
  }

  private async keepProxy(wanted: readonly SandboxNode[], objects: readonly NodeObject[]): Promise<void> {
    const { home, nodeTools, settings } = this.options;
    const first: Slot = 1;
    const name = (wanted.find(({ slot }) => slot === first) ?? wanted.find(({ slot }) => slot !== undefined))?.name;
    // It asks for its node's addresses once, when it starts.
    const known = objects.find(({ metadata }) => metadata.name === name)?.status?.addresses?.length ?? 0;
    if (nodeTools === undefined || name === undefined || known === 0) return;
    await ensureKubeProxy(home, name, settings.server, nodeTools);
  }
}

function placeOf({ slot }: SandboxNode): string {
  return slot === undefined ? "simulated" : `real, node${slot}`;
}
