import type { NodeTemplate, Resources, Taint } from "./node-template";
import { quantity } from "../../quantity";

/** The parts of a pod that placing depends on, as the API server returns them. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid?: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind: string }[];
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
    readonly containerStatuses?: readonly {
      readonly ready?: boolean;
      readonly state?: { readonly running?: { readonly startedAt?: string } };
    }[];
  };
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] };
    };
  };
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly overhead?: Readonly<Record<string, string>>;
}

interface Container {
  readonly restartPolicy?: string;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string | number>>;
    readonly limits?: Readonly<Record<string, string | number>>;
  };
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** Whether the scheduler found no node for the pod, the one thing that makes an autoscaler act. */
export function isUnschedulable({ metadata, spec, status }: Pod): boolean {
  const refused = status?.conditions?.some(
    ({ type, status: value, reason }) => type === "PodScheduled" && value === "False" && reason === "Unschedulable",
  );
  return metadata.deletionTimestamp === undefined && spec.nodeName === undefined && refused === true;
}

/** Whether an empty node made of the template would take the pod. */
export function podFits(pod: Pod, node: NodeTemplate): boolean {
  return (
    selects(pod.spec, node.labels) &&
    node.taints.every((taint) => isTolerated(taint, pod.spec.tolerations ?? [])) &&
    fitsWithin(podRequests(pod.spec), node.allocatable)
  );
}

export function fitsWithin(requests: Resources, free: Resources): boolean {
  return Object.entries(requests).every(([resource, amount]) => amount <= (free[resource] ?? 0));
}

export function subtract(free: Resources, requests: Resources): Resources {
  return Object.fromEntries(Object.entries(free).map(([resource, amount]) => [resource, amount - (requests[resource] ?? 0)]));
}

function selects(spec: PodSpec, labels: NodeTemplate["labels"]): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value) &&
    (required === undefined || required.some((term) => matchesTerm(term, labels)))
  );
}

/** A term without expressions matches nothing, and one that names a node never matches a node that is not there yet. */
function matchesTerm(term: NodeSelectorTerm, labels: NodeTemplate["labels"]): boolean {
  const expressions = term.matchExpressions ?? [];
  if ((term.matchFields ?? []).length > 0 || expressions.length === 0) return false;
  return expressions.every((expression) => matches(expression, labels[expression.key]));
}

function matches({ operator, values = [] }: Requirement, label: string | undefined): boolean {
  switch (operator) {
    case "In":
      return label !== undefined && values.includes(label);
    case "NotIn":
      return label === undefined || !values.includes(label);
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    case "Gt":
      return Number(label) > Number(values[0]);
    case "Lt":
      return Number(label) < Number(values[0]);
    default:
      return false;
  }
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  if (taint.effect === "PreferNoSchedule") return true;
  return tolerations.some(
    ({ key = "", operator = "Equal", value = "", effect = "" }) =>
      (effect === "" || effect === taint.effect) &&
      (key === "" ? operator === "Exists" : key === taint.key) &&
      (operator === "Exists" || value === (taint.value ?? "")),
  );
}

/** Containers run together, init containers one by one before them, except sidecars, which stay. */
export function podRequests(spec: PodSpec): Resources {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const first = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy !== "Always");
  const together = [...spec.containers, ...sidecars].map(containerRequests).reduce(add, { pods: 1 });
  const atOnce = first.map(containerRequests).reduce(larger, together);
  return add(atOnce, amounts(spec.overhead ?? {}));
}

/** A limit without a request is a request too. */
function containerRequests({ resources }: Container): Resources {
  return amounts({ ...resources?.limits, ...resources?.requests });
}

function amounts(quantities: Readonly<Record<string, string | number>>): Resources {
  return Object.fromEntries(Object.entries(quantities).map(([resource, text]) => [resource, quantity(text)]));
}

function add(one: Resources, other: Resources): Resources {
  return combine(one, other, (a, b) => a + b);
}

function larger(one: Resources, other: Resources): Resources {
  return combine(one, other, Math.max);
}

function combine(one: Resources, other: Resources, join: (a: number, b: number) => number): Resources {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, join(one[name] ?? 0, other[name] ?? 0)]));
}
