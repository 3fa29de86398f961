import { parseQuantity } from "../../../sandbox/quantity";
import { isLabel, isSubdomain, labelFaults } from "./labels";
import { podFaults, type PodTemplate } from "./pod";

interface Metadata {
  readonly name?: unknown;
  readonly namespace?: unknown;
  readonly labels?: unknown;
  readonly annotations?: unknown;
}

interface Specification {
  readonly template?: PodTemplate;
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, unknown>> };
  readonly capacity?: Readonly<Record<string, unknown>>;
  readonly hard?: Readonly<Record<string, unknown>>;
}

/** Kinds whose objects are not in a namespace. */
const CLUSTER_WIDE = ["Namespace", "PersistentVolume", "StorageClass", "PriorityClass", "ClusterRole", "ClusterRoleBinding", "NodePool", "AKSNodeClass"];
/** Kinds whose template is of pods; Karpenter's NodePool has one of nodes. */
const OF_PODS = ["Deployment", "DaemonSet", "Job"];
/** Kinds whose names become host names or labels, and so are shorter. */
const LABEL_NAMED = ["Namespace", "Service", "Job", "CronJob"];

/** What the API server would refuse of an object, as far as that shows without it; nothing of what is no Kubernetes object, as a Helm release. */
export function objectProblems(type: string, inputs: Readonly<Record<string, unknown>>): string[] {
  if (!type.startsWith("kubernetes:") || type.startsWith("kubernetes:helm.sh/")) return [];
  const kind = type.split(":").at(-1) ?? "";
  const metadata: Metadata = inputs["metadata"] ?? {};
  const spec: Specification = inputs["spec"] ?? {};
  return [
    ...metadataProblems(kind, metadata),
    ...(spec.template && OF_PODS.includes(kind) ? [...podFaults(spec.template), ...selectorProblems(kind, spec)] : []),
    ...quantityProblems("spec.capacity", spec.capacity),
    ...quantityProblems("spec.hard", spec.hard),
    ...(kind === "ConfigMap" ? dataProblems(inputs["data"]) : []),
  ];
}

function metadataProblems(kind: string, { name, namespace, labels, annotations }: Metadata): string[] {
  const named = LABEL_NAMED.includes(kind) ? isLabel(name) : isSubdomain(name);
  const placed = CLUSTER_WIDE.includes(kind) ? namespace === undefined : isLabel(namespace);
  return [
    ...(named ? [] : [`the name is ${JSON.stringify(name)}`]),
    ...(placed ? [] : [`the namespace is ${JSON.stringify(namespace)}`]),
    ...labelFaults("labels", labels),
    ...labelFaults("annotations", annotations, false),
  ];
}

function selectorProblems(kind: string, { selector, template }: Specification): string[] {
  if (kind === "Job") return [];
  const labels = template?.metadata?.labels ?? {};
  const chosen = Object.entries(selector?.matchLabels ?? {});
  if (chosen.length === 0) return ["the selector chooses nothing"];
  return chosen.filter(([key, value]) => labels[key] !== value).map(([key]) => `the selector wants ${key}, which the template has not`);
}

function quantityProblems(where: string, amounts: Readonly<Record<string, unknown>> = {}): string[] {
  const bad = Object.entries(amounts).filter(([, amount]) => parseQuantity(amount) === undefined);
  return bad.map(([resource, amount]) => `${where}.${resource} is ${JSON.stringify(amount)}`);
}

function dataProblems(data: unknown): string[] {
  const bad = Object.entries(Object(data) as object).filter(([, value]: [string, unknown]) => typeof value !== "string");
  return bad.map(([key]) => `data.${key} is no text`);
}
