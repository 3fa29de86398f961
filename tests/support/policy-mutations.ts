import type { Policy } from "./network-policies";

export interface Mutant {
  /** What was dropped, as a path into the policy. */
  readonly what: string;
  readonly policies: readonly Policy[];
}

/** The same policies without one part each time: a whole policy, or one member of one list or selector, at any depth. */
export function withoutOnePart(policies: readonly Policy[]): Mutant[] {
  const whole = policies.map((policy) => ({ what: policy.name, policies: policies.filter((other) => other !== policy) }));
  const parts = policies.flatMap((policy) =>
    droppable(policy.spec, "").map(({ path, without }) => ({
      what: `${policy.name}${path}`,
      policies: policies.map((other) => (other === policy ? { ...policy, spec: without as Policy["spec"] } : other)),
    })),
  );
  return [...whole, ...parts];
}

interface Dropped {
  readonly path: string;
  readonly without: unknown;
}

/** Kubernetes needs these, so nobody can drop them. */
const REQUIRED = new Set(["podSelector", "policyTypes", "cidr", "key", "operator", "values", "protocol", "ipBlock", "egress", "ingress", "to", "from", "ports"]);

function droppable(value: unknown, path: string): Dropped[] {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.flatMap((item, index) => [
      { path: `${path}[${index}]`, without: items.filter((_, other) => other !== index) },
      ...droppable(item, `${path}[${index}]`).map((inner) => ({ path: inner.path, without: items.with(index, inner.without) })),
    ]);
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    ...(REQUIRED.has(key) ? [] : [{ path: `${path}.${key}`, without: omit(value, key) }]),
    ...droppable(member, `${path}.${key}`).map((inner) => ({ path: inner.path, without: { ...value, [key]: inner.without } })),
  ]);
}

function omit(value: object, key: string): object {
  return Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
}
