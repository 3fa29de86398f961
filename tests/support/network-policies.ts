import { contains, parseRange } from "../../components/plan/network/address-ranges";

/** A rendered NetworkPolicy, as much of it as policies of ours may use. */
export interface Policy {
  readonly namespace: string;
  readonly name: string;
  readonly spec: PolicySpec;
}

export interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly Port[] }[];
  readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }[];
}

export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

export interface Peer {
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
}

export interface Port {
  readonly protocol?: string;
  readonly port?: number;
}

export interface Pod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A pod, or an address outside the cluster, services included. */
export type End = Pod | { readonly address: string };

/**
 * Whether a connection is let through: by what its source may do and by what its destination takes. Policies add up, and a pod that none
 * selects is open. https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation
 */
export function mayConnect(policies: readonly Policy[], from: End, to: End, protocol: string, port: number): boolean {
  const leaves = isPod(from) ? passes(policies, "Egress", from, to, { protocol, port }) : true;
  const enters = isPod(to) ? passes(policies, "Ingress", to, from, { protocol, port }) : true;
  return leaves && enters;
}

function isPod(end: End): end is Pod {
  return "namespace" in end;
}

function passes(policies: readonly Policy[], direction: "Ingress" | "Egress", pod: Pod, other: End, asked: Required<Port>): boolean {
  const selecting = policies.filter(
    ({ namespace, spec }) => namespace === pod.namespace && spec.policyTypes.includes(direction) && selects(spec.podSelector, pod.labels),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ namespace, spec }) =>
    rulesOf(spec, direction).some(({ peers, ports }) => anyOf(ports, (one) => isPort(one, asked)) && anyOf(peers, (peer) => isPeer(peer, other, namespace))),
  );
}

function rulesOf(spec: PolicySpec, direction: "Ingress" | "Egress") {
  return direction === "Egress"
    ? (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }))
    : (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }));
}

/** A list that is absent or empty stands for everything. */
function anyOf<Item>(items: readonly Item[] = [], matches: (item: Item) => boolean): boolean {
  return items.length === 0 || items.some(matches);
}

function isPort({ protocol = "TCP", port }: Port, asked: Required<Port>): boolean {
  return protocol === asked.protocol && (port === undefined || port === asked.port);
}

/** Ranges match what is outside the cluster alone, as Cilium has it: https://docs.cilium.io/en/stable/security/policy/language/#ip-cidr-based */
function isPeer({ ipBlock, namespaceSelector, podSelector }: Peer, other: End, policyNamespace: string): boolean {
  if (ipBlock) return !isPod(other) && inside(ipBlock.cidr, other.address) && !(ipBlock.except ?? []).some((range) => inside(range, other.address));
  if (!isPod(other)) return false;
  // Kubernetes labels each namespace with its name.
  const named = namespaceSelector
    ? selects(namespaceSelector, { "kubernetes.io/metadata.name": other.namespace })
    : other.namespace === policyNamespace;
  return named && selects(podSelector ?? {}, other.labels);
}

function inside(range: string, address: string): boolean {
  const [outer, inner] = [parseRange(range), parseRange(`${address}/32`)];
  if (!outer || !inner) throw new Error(`not an address and its range: ${address}, ${range}`);
  return contains(outer, inner);
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Readonly<Record<string, string>>): boolean {
  const exact = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return exact && matchExpressions.every((expression) => holds(expression, labels[expression.key]));
}

function holds({ operator, values = [] }: { readonly operator: string; readonly values?: readonly string[] }, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      throw new Error(`unknown operator ${operator}`);
  }
}
