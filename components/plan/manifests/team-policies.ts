import type { AllowedEgress, TeamNetworkPlan } from "../team/network";

/** As much of a NetworkPolicy as ours say. */
export interface PolicySpec {
  podSelector: LabelSelector;
  policyTypes: string[];
  egress?: EgressRule[];
}

interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
}

interface EgressRule {
  to: { ipBlock?: { cidr: string; except?: string[] }; namespaceSelector?: LabelSelector; podSelector?: LabelSelector }[];
  ports: { protocol: string; port: number }[];
}

/**
 * Addresses that are not the Internet: where the node's identity and configuration are handed out, and everything private, so that no pod
 * reaches a neighbour in the network. 100.64.0.0/10 is shared space (RFC 6598), which AKS and carriers use inside;
 * 168.63.129.16 is Azure's: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const NOT_THE_INTERNET = ["169.254.0.0/16", "168.63.129.16/32", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

const EVERY_POD = {};
const COMPONENT = "app.kubernetes.io/component";
/** The parts of a run, which write its record. */
const RUNS = { matchExpressions: [{ key: COMPONENT, operator: "In", values: ["preflight", "tuning"] }] };
/** All but servers: theirs are mounted, so a server that opens a connection outwards is not one that we sent. */
const ALL_BUT_SERVERS = { matchExpressions: [{ key: COMPONENT, operator: "NotIn", values: ["serving"] }] };

/** The policies of a team's namespace by their names. None speaks of the share: it is mounted by the node's kernel, whose traffic is no pod's. */
export function teamNetworkPolicies(network: TeamNetworkPlan): Record<string, PolicySpec> {
  const { allowedEgress } = network;
  return {
    "default-deny": { podSelector: EVERY_POD, policyTypes: ["Ingress", "Egress"] },
    dns: egressPolicy(EVERY_POD, [DNS]),
    "api-server": egressPolicy(RUNS, [{ to: network.apiServerRanges.map(ipBlock), ports: tcp([443]) }]),
    egress: egressPolicy(ALL_BUT_SERVERS, https(network)),
    ...(allowedEgress.length > 0 ? { "allowed-egress": egressPolicy(EVERY_POD, allowedEgress.map(allowed)) } : {}),
  };
}

const DNS = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

/** HTTPS to the Internet, where registries and Entra are, unless names say where; and to what has a private endpoint. */
function https({ egressNames, privateEndpointsRange }: TeamNetworkPlan): EgressRule[] {
  const internet = { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: NOT_THE_INTERNET } }], ports: tcp([443]) };
  return [
    ...(egressNames.length === 0 ? [internet] : []),
    ...(privateEndpointsRange ? [{ to: [ipBlock(privateEndpointsRange)], ports: tcp([443]) }] : []),
  ];
}

function allowed({ range, ports }: AllowedEgress): EgressRule {
  return { to: [ipBlock(range)], ports: tcp(ports) };
}

function egressPolicy(podSelector: LabelSelector, egress: EgressRule[]): PolicySpec {
  return { podSelector, policyTypes: ["Egress"], egress };
}

function ipBlock(cidr: string): EgressRule["to"][number] {
  return { ipBlock: { cidr } };
}

function tcp(ports: readonly number[]): EgressRule["ports"] {
  return ports.map((port) => ({ protocol: "TCP", port }));
}
