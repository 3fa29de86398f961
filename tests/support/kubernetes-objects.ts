import * as pulumi from "@pulumi/pulumi";
import type { Registration } from "./mock-engine";

/** A Kubernetes object as a program registers it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: object;
  readonly immutable?: boolean;
}

/** The Kubernetes objects among registrations, namespaces first, then whatever pods need to be admitted. */
export function kubernetesObjects(registrations: readonly Registration[]): readonly KubernetesObject[] {
  // A Helm release is no object; what its chart makes is its authors'.
  const own = registrations.filter(({ type }) => type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh/"));
  const objects = own.map(({ inputs }) => withoutMarks(inputs) as KubernetesObject);
  return objects.toSorted((a, b) => rank(a) - rank(b));
}

/** Values as the API server gets them: without the mark of those that are secret. */
function withoutMarks(value: unknown): unknown {
  const bare: unknown = pulumi.runtime.unwrapRpcSecret(value);
  if (Array.isArray(bare)) return bare.map(withoutMarks);
  if (typeof bare !== "object" || bare === null) return bare;
  return Object.fromEntries(Object.entries(bare).map(([key, member]) => [key, withoutMarks(member)]));
}

/** What is made in earnest, as pods are judged by it or wait for it: workloads are not. */
const FOUNDATIONS = ["Namespace", "ServiceAccount", "LimitRange", "ResourceQuota", "ConfigMap", "PersistentVolume", "PersistentVolumeClaim"];

export function isFoundation({ kind }: KubernetesObject): boolean {
  return FOUNDATIONS.includes(kind);
}

function rank({ kind }: KubernetesObject): number {
  const place = FOUNDATIONS.indexOf(kind);
  return place < 0 ? FOUNDATIONS.length : place;
}

/** A pod that a workload would make, and what it is called in a list: "Job support/tickets". */
export interface TemplatedPod {
  readonly of: string;
  readonly namespace: string;
  readonly pod: (namespace: string, changes?: object) => KubernetesObject;
}

/** The pod of a workload's template; none of anything else. */
export function podsOf({ kind, metadata, spec }: KubernetesObject): readonly TemplatedPod[] {
  const holder = spec as { readonly template?: PodTemplate; readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } } } | undefined;
  const template = holder?.template ?? holder?.jobTemplate?.spec?.template;
  // Karpenter's NodePool has a template too, of nodes.
  if (!template?.spec || !("containers" in template.spec)) return [];
  const namespace = metadata.namespace ?? "default";
  const name = `${kind}-${metadata.name}`.toLowerCase().slice(0, 63).replace(/-$/, "");
  const pod = (where: string, changes: object = {}): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name, namespace: where },
    spec: { ...template.spec, ...changes },
  });
  return [{ of: `${kind} ${namespace}/${metadata.name}`, namespace, pod }];
}

interface PodTemplate {
  readonly metadata?: object;
  readonly spec?: object;
}
