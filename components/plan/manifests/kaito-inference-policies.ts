import type { KaitoServingPlan } from "../kaito/serving";
import { KAITO_PORT, type KaitoServer } from "./kaito-inference";

/** Who may call the server, how Ray's pods reach each other, and how the team's own pods get out to it. */
export type KaitoPolicy = "ingress" | "ray" | "clients";

const PORTS = [{ protocol: "TCP", port: KAITO_PORT }];
const COMPONENT = "app.kubernetes.io/component";
/** Neither runs nor servers call, of which KAITO's have a label of their own. */
const CALLERS = {
  matchExpressions: [
    { key: COMPONENT, operator: "NotIn", values: ["preflight", "tuning", "serving"] },
    { key: "kaito.sh/workspace", operator: "DoesNotExist" },
  ],
};

/** The policies of each set, by the end of their names. */
export function kaitoPolicies({ clients, namespace, nodes }: KaitoServingPlan): readonly KaitoPolicy[] {
  const own = clients === "any" || clients.includes(namespace);
  return ["ingress", ...(nodes > 1 ? ["ray" as const] : []), ...(own ? ["clients" as const] : [])];
}

/**
 * What a policy of one set says. They go with the set, so that the one it replaces can be called until the last moment.
 *
 * Ray's pods of several nodes talk on ports 6379 and 8265 and on any others that their processes are given, and ask nobody for a key; so they may on every
 * port, and nobody else on one: https://docs.ray.io/en/latest/ray-core/configure.html#ports-configurations
 */
export function kaitoPolicySpec(policy: KaitoPolicy, plan: KaitoServingPlan, { podLabels }: Pick<KaitoServer, "podLabels">) {
  const podSelector = { matchLabels: { ...podLabels } };
  switch (policy) {
    case "ingress":
      return { podSelector, policyTypes: ["Ingress"], ingress: [{ from: callers(plan), ports: PORTS }, ...(plan.nodes > 1 ? [{ from: [{ podSelector }] }] : [])] };
    case "ray":
      return { podSelector, policyTypes: ["Egress"], egress: [{ to: [{ podSelector }] }] };
    case "clients":
      return { podSelector: CALLERS, policyTypes: ["Egress"], egress: [{ to: [{ podSelector }], ports: PORTS }] };
  }
}

function callers({ clients, publicLoadBalancer }: KaitoServingPlan) {
  const named = { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: clients === "any" ? [] : [...clients] }] };
  const pods = { namespaceSelector: clients === "any" ? {} : named };
  return publicLoadBalancer ? [pods, { ipBlock: { cidr: "0.0.0.0/0" } }] : [pods];
}
