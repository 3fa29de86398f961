import { SLOTS, type Slot } from "../addresses";
import type { Pool } from "./azure-state";
import { GPU_RESOURCE, nodeName, type NodeTemplate, nodeTemplate, type Resources, SIMULATED_TAINT } from "./node-template";
import { fitsWithin, isUnschedulable, type Pod, podFits, podRequests, subtract } from "./pod-fit";

/** A node that the agent keeps, as it is remembered between its runs. */
export interface SandboxNode {
  readonly name: string;
  readonly poolId: string;
  readonly index: number;
  /** Which real kubelet plays it; none means that it is simulated. */
  readonly slot?: Slot;
  /** When the last pod left, in milliseconds. */
  readonly idleSince?: number;
}

export interface NodePlanInput {
  readonly pools: readonly Pool[];
  readonly nodes: readonly SandboxNode[];
  /** Names of the nodes that have been Ready for a while: the scheduler has had its say about those. */
  readonly settled: ReadonlySet<string>;
  readonly pods: readonly Pod[];
  /** Whether kubelets can run here; if not, every node is simulated. */
  readonly real: boolean;
  readonly now: number;
  readonly idleMilliseconds: number;
}

export interface NodePlan {
  readonly remove: readonly SandboxNode[];
  readonly keep: readonly SandboxNode[];
  readonly add: readonly SandboxNode[];
  /** What made the scaler add a node: for the event that the cluster autoscaler would write. */
  readonly triggers: readonly { readonly pod: Pod; readonly pool: Pool }[];
}

/** Which nodes to take away and to add, as the scale sets and the cluster autoscaler of AKS would in the end. */
export function planNodes(input: NodePlanInput): NodePlan {
  const aged = input.nodes.map((node) => withIdleTime(node, input));
  const { remove, keep } = partition(aged, input);
  const nodes = [...keep];
  for (const pool of input.pools) {
    const floor = pool.autoscaled ? Math.min(pool.minCount, pool.maxCount) : pool.count;
    while (nodesOf(pool, nodes).length < floor) nodes.push(newNode(pool, nodes, input.real));
  }
  const triggers = scaleUp(input, nodes);
  return { remove, keep, add: nodes.slice(keep.length), triggers };
}

/** What a node with this place offers; simulated ones beside real ones refuse ordinary pods, except in pools that are always simulated. */
export function templateOf(pool: Pool, node: Pick<SandboxNode, "slot">, real: boolean): NodeTemplate {
  const template = nodeTemplate(pool);
  return real && node.slot === undefined && pool.simulated !== true ? { ...template, taints: [...template.taints, SIMULATED_TAINT] } : template;
}

function withIdleTime(node: SandboxNode, { pods, now }: NodePlanInput): SandboxNode {
  const busy = pods.some((pod) => pod.spec.nodeName === node.name && keepsNode(pod));
  const { idleSince, ...rest } = node;
  return busy ? rest : { ...rest, idleSince: idleSince ?? now };
}

/** Pods that an autoscaler moves or ignores do not keep a node: those of daemon sets, mirrors of static pods, finished ones. */
function keepsNode({ metadata, status }: Pod): boolean {
  const finished = status?.phase === "Succeeded" || status?.phase === "Failed";
  const daemon = metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet" || kind === "Node") ?? false;
  return !finished && !daemon;
}

function partition(nodes: readonly SandboxNode[], input: NodePlanInput) {
  const remove: SandboxNode[] = nodes.filter((node) => !input.pools.some(({ id }) => id === node.poolId));
  for (const pool of input.pools) {
    const misplaced = nodesOf(pool, nodes).filter((node) => isMisplaced(node, pool, nodes, input.real));
    remove.push(...misplaced);
    const own = nodesOf(pool, nodes).filter((node) => !misplaced.includes(node));
    const surplus = own.slice(pool.autoscaled ? pool.maxCount : pool.count);
    const idle = own.filter(({ idleSince }) => idleSince !== undefined && input.now - idleSince >= input.idleMilliseconds);
    const spare = pool.autoscaled ? Math.max(0, own.length - surplus.length - pool.minCount) : 0;
    const candidates = idle.filter((node) => !surplus.includes(node));
    remove.push(...surplus, ...candidates.slice(candidates.length - Math.min(spare, candidates.length)));
  }
  return { remove, keep: nodes.filter((node) => !remove.includes(node)) };
}

/** Real where the last start found that nodes are to be simulated, or the other way round: a new one takes its place. */
function isMisplaced(node: SandboxNode, pool: Pool, nodes: readonly SandboxNode[], real: boolean): boolean {
  return real ? node.slot === undefined && freeSlot(pool, nodes) !== undefined : node.slot !== undefined;
}

function nodesOf(pool: Pool, nodes: readonly SandboxNode[]): readonly SandboxNode[] {
  return nodes.filter(({ poolId }) => poolId === pool.id).sort((one, other) => one.index - other.index);
}

function newNode(pool: Pool, nodes: readonly SandboxNode[], real: boolean): SandboxNode {
  const taken = nodesOf(pool, nodes).map(({ index }) => index);
  const index = taken.findIndex((used, place) => used !== place);
  const free = index === -1 ? taken.length : index;
  const slot = real ? freeSlot(pool, nodes) : undefined;
  return { name: nodeName(pool, free), poolId: pool.id, index: free, ...(slot === undefined ? {} : { slot }) };
}

/** The first slot is the system pool's first node, the others are for pools with GPUs. */
function freeSlot(pool: Pool, nodes: readonly SandboxNode[]): Slot | undefined {
  const gpu = (nodeTemplate(pool).capacity[GPU_RESOURCE] ?? 0) > 0;
  if (pool.simulated === true) return undefined;
  const allowed = pool.system ? SLOTS.slice(0, 1) : gpu ? SLOTS.slice(1) : [];
  return allowed.find((slot) => !nodes.some((node) => node.slot === slot));
}

/** Adds nodes to `nodes` for pods that no present or coming node will take. */
function scaleUp(input: NodePlanInput, nodes: SandboxNode[]) {
  const coming = nodes.filter(({ name }) => !input.settled.has(name)).flatMap((node) => comingNode(node, input));
  const triggers: { pod: Pod; pool: Pool }[] = [];
  for (const pod of input.pods.filter(isUnschedulable)) {
    const place = coming.find(({ template, free }) => podFits(pod, template) && fitsWithin(podRequests(pod.spec), free));
    if (place !== undefined) {
      place.free = subtract(place.free, podRequests(pod.spec));
      continue;
    }
    for (const pool of input.pools.filter(({ autoscaled }) => autoscaled)) {
      if (nodesOf(pool, nodes).length >= pool.maxCount) continue;
      const node = newNode(pool, nodes, input.real);
      const [added] = comingNode(node, input);
      if (added === undefined || !podFits(pod, added.template)) continue;
      nodes.push(node);
      coming.push({ ...added, free: subtract(added.free, podRequests(pod.spec)) });
      triggers.push({ pod, pool });
      break;
    }
  }
  return triggers;
}

function comingNode(node: SandboxNode, { pools, pods, real }: NodePlanInput): { template: NodeTemplate; free: Resources }[] {
  const pool = pools.find(({ id }) => id === node.poolId);
  if (pool === undefined) return [];
  const template = templateOf(pool, node, real);
  const bound = pods.filter(({ spec }) => spec.nodeName === node.name).map(({ spec }) => podRequests(spec));
  return [{ template, free: bound.reduce(subtract, template.allocatable) }];
}
