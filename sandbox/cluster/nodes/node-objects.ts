import { hostname } from "node:os";
import { SIMULATED } from "../../kaito/marks";
import { type NodeTemplate, type Resources, sameTaint, type Taint } from "./node-template";
import { formatQuantity, quantity } from "../../quantity";

/** The parts of a node that the agent reads and keeps as its pool says. */
export interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly taints?: readonly Taint[] };
  readonly status?: {
    readonly capacity?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastHeartbeatTime?: string;
    }[];
  };
}

export function isReady(node: NodeObject | undefined): boolean {
  return node?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

/** Merge patch that gives the node its pool's labels and taints; undefined when it has them. */
export function nodePatch(node: NodeObject, template: NodeTemplate): object | undefined {
  const labels = Object.entries(template.labels).filter(([key, value]) => node.metadata.labels?.[key] !== value);
  const present = node.spec?.taints ?? [];
  // Those of Kubernetes' own controllers (not ready, unreachable, under pressure) and of a cordon stay.
  const wanted = [...present.filter(({ key }) => key.startsWith("node.kubernetes.io/")), ...template.taints];
  const same = present.length === wanted.length && wanted.every((taint) => present.some((one) => sameTaint(one, taint)));
  if (labels.length === 0 && same) return undefined;
  return {
    ...(labels.length > 0 ? { metadata: { labels: Object.fromEntries(labels) } } : {}),
    ...(same ? {} : { spec: { taints: wanted } }),
  };
}

/** What a kubelet cannot know or gets from this machine instead of the Azure size. */
const PATCHED = ["cpu", "memory", "nvidia.com/gpu"];

/** Merge patch of the status that makes the node as large as its Azure size; undefined when it is. */
export function statusPatch(node: NodeObject, template: NodeTemplate): object | undefined {
  const capacity = missing(node.status?.capacity, template.capacity);
  const allocatable = missing(node.status?.allocatable, template.allocatable);
  if (capacity === undefined && allocatable === undefined) return undefined;
  return { status: { capacity: capacity ?? {}, allocatable: allocatable ?? {} } };
}

function missing(present: Readonly<Record<string, string>> = {}, wanted: Resources): Record<string, string> | undefined {
  const different = PATCHED.filter((resource) => wanted[resource] !== undefined).flatMap((resource) => {
    const text = formatQuantity(resource, wanted[resource] ?? 0);
    const current = present[resource];
    return current !== undefined && quantity(current) === quantity(text) ? [] : [[resource, text] as const];
  });
  return different.length > 0 ? Object.fromEntries(different) : undefined;
}

/** A node that nobody runs: kwok keeps it Ready and plays its pods. */
export function simulatedNode(name: string, template: NodeTemplate): object {
  const amounts = (resources: Resources) =>
    Object.fromEntries(Object.entries(resources).map(([resource, amount]) => [resource, formatQuantity(resource, amount)]));
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { ...template.labels, "kubernetes.io/hostname": name, [SIMULATED]: "true" },
      // https://kwok.sigs.k8s.io/docs/user/kwok-manage-nodes-and-pods/
      annotations: { "kwok.x-k8s.io/node": "fake" },
    },
    spec: { taints: template.taints },
    status: { capacity: amounts(template.capacity), allocatable: amounts(template.allocatable) },
  };
}

/** The event that the cluster autoscaler writes, so that `kubectl describe pod` tells what is going on. */
export function scaleUpEvent(pod: { readonly name: string; readonly namespace: string; readonly uid?: string }, message: string): object {
  const now = new Date().toISOString();
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { generateName: `${pod.name}.`, namespace: pod.namespace },
    involvedObject: { apiVersion: "v1", kind: "Pod", ...pod },
    reason: "TriggeredScaleUp",
    message,
    type: "Normal",
    source: { component: "cluster-autoscaler", host: hostname() },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
}
