import { servingEgress, servingIngress } from "../../components/plan/manifests/serving";
import { teamNetworkPolicies } from "../../components/plan/manifests/team-policies";
import { planServing } from "../../components/plan/serving";
import type { Clients } from "../../components/plan/serving/clients";
import { planTeam, type TeamDecisions, type TeamFoundation } from "../../components/plan/team";
import type { End, Pod, Policy } from "./network-policies";
import { EXISTING_POOL } from "./references";
import { TINY } from "./tiny-recipe";

const pod = (namespace: string, labels: Record<string, string> = {}): Pod => ({ namespace, labels });
const component = (part: string) => pod("support", { "app.kubernetes.io/component": part });

/** Everybody the tables speak of. Addresses outside are examples of their range. */
export const ENDS: Readonly<Record<string, End>> = {
  preflight: component("preflight"),
  tuning: component("tuning"),
  server: pod("support", { "app.kubernetes.io/component": "serving", "app.kubernetes.io/name": "tickets" }),
  "other server": pod("support", { "app.kubernetes.io/component": "serving", "app.kubernetes.io/name": "returns" }),
  // A run and the service of its adapter bear one name.
  "run of the server's name": pod("support", { "app.kubernetes.io/component": "tuning", "app.kubernetes.io/name": "tickets" }),
  "unnamed pod": pod("support"),
  "pod elsewhere": pod("billing"),
  "cluster DNS": pod("kube-system", { "k8s-app": "kube-dns" }),
  "system pod": pod("kube-system", { "k8s-app": "metrics-server" }),
  "false DNS": pod("billing", { "k8s-app": "kube-dns" }),
  // No service's own: a packet to one of those is sent on before a policy sees it.
  "API service": { address: "10.96.128.1" },
  "private API server": { address: "10.100.0.4" },
  Internet: { address: "20.42.65.90" },
  "node metadata": { address: "169.254.169.254" },
  "Azure platform": { address: "168.63.129.16" },
  "private 10": { address: "10.20.0.9" },
  "private 172.16": { address: "172.16.0.9" },
  "private 192.168": { address: "192.168.1.9" },
  "shared 100.64": { address: "100.64.0.9" },
  "private endpoint": { address: "10.100.16.4" },
  mirror: { address: "10.30.0.7" },
  "mirror's neighbour": { address: "10.30.0.8" },
};

export type Row = readonly [source: string, destination: string, port: string, allowed: "yes" | "no"];

/** A public cluster, nothing opened: what a team has unless it says otherwise. */
const BY_DEFAULT: readonly Row[] = [
  ["tuning", "cluster DNS", "UDP 53", "yes"],
  ["server", "cluster DNS", "TCP 53", "yes"],
  ["tuning", "cluster DNS", "TCP 443", "no"],
  ["tuning", "cluster DNS", "UDP 5353", "no"],
  ["tuning", "false DNS", "UDP 53", "no"],
  ["tuning", "system pod", "UDP 53", "no"],
  ["tuning", "Internet", "UDP 53", "no"],
  ["preflight", "API service", "TCP 443", "yes"],
  ["tuning", "API service", "TCP 443", "yes"],
  ["tuning", "API service", "TCP 80", "no"],
  ["server", "API service", "TCP 443", "no"],
  ["unnamed pod", "API service", "TCP 443", "no"],
  ["preflight", "Internet", "TCP 443", "yes"],
  ["tuning", "Internet", "TCP 443", "yes"],
  ["unnamed pod", "Internet", "TCP 443", "yes"],
  ["server", "Internet", "TCP 443", "no"],
  ["tuning", "Internet", "TCP 80", "no"],
  ["tuning", "node metadata", "TCP 443", "no"],
  ["tuning", "node metadata", "TCP 80", "no"],
  ["tuning", "Azure platform", "TCP 443", "no"],
  ["tuning", "private 10", "TCP 443", "no"],
  ["tuning", "private 172.16", "TCP 443", "no"],
  ["tuning", "private 192.168", "TCP 443", "no"],
  ["tuning", "shared 100.64", "TCP 443", "no"],
  ["tuning", "private API server", "TCP 443", "no"],
  ["tuning", "private endpoint", "TCP 443", "no"],
  ["tuning", "mirror", "TCP 8443", "no"],
  ["tuning", "pod elsewhere", "TCP 443", "no"],
  ["tuning", "unnamed pod", "TCP 443", "no"],
  ["unnamed pod", "server", "TCP 8000", "yes"],
  ["unnamed pod", "server", "TCP 8001", "no"],
  ["unnamed pod", "other server", "TCP 8000", "no"],
  ["unnamed pod", "Internet", "TCP 8000", "no"],
  ["preflight", "server", "TCP 8000", "no"],
  ["tuning", "server", "TCP 8000", "no"],
  ["other server", "server", "TCP 8000", "no"],
  ["pod elsewhere", "tuning", "TCP 443", "no"],
  ["pod elsewhere", "unnamed pod", "TCP 8000", "no"],
  ["pod elsewhere", "server", "TCP 8000", "no"],
  ["system pod", "server", "TCP 8000", "no"],
  ["pod elsewhere", "server", "TCP 8001", "no"],
  ["pod elsewhere", "server", "UDP 8000", "no"],
  ["pod elsewhere", "other server", "TCP 8000", "no"],
  ["pod elsewhere", "run of the server's name", "TCP 8000", "no"],
  ["Internet", "server", "TCP 8000", "no"],
  ["pod elsewhere", "Internet", "TCP 443", "yes"],
];

/** A cluster for development: whoever is in it may call the server, and nobody outside. */
const DEVELOPMENT: readonly Row[] = [
  ["pod elsewhere", "server", "TCP 8000", "yes"],
  ["system pod", "server", "TCP 8000", "yes"],
  ["unnamed pod", "server", "TCP 8000", "yes"],
  ["tuning", "server", "TCP 8000", "no"],
  ["pod elsewhere", "server", "TCP 8001", "no"],
  ["pod elsewhere", "server", "UDP 8000", "no"],
  ["pod elsewhere", "other server", "TCP 8000", "no"],
  ["pod elsewhere", "run of the server's name", "TCP 8000", "no"],
  ["Internet", "server", "TCP 8000", "no"],
];

/** A service for one other namespace, the team itself left out. */
const FOR_OTHERS: readonly Row[] = [
  ["pod elsewhere", "server", "TCP 8000", "yes"],
  ["pod elsewhere", "server", "TCP 8001", "no"],
  ["pod elsewhere", "other server", "TCP 8000", "no"],
  ["system pod", "server", "TCP 8000", "no"],
  ["unnamed pod", "server", "TCP 8000", "no"],
  ["Internet", "server", "TCP 8000", "no"],
];

/** A private cluster with private endpoints, and a mirror that the team was allowed. */
const PRIVATE: readonly Row[] = [
  ["preflight", "private API server", "TCP 443", "yes"],
  ["tuning", "private API server", "TCP 443", "yes"],
  ["tuning", "API service", "TCP 443", "yes"],
  ["server", "private API server", "TCP 443", "no"],
  ["tuning", "private API server", "TCP 22", "no"],
  ["tuning", "private endpoint", "TCP 443", "yes"],
  ["unnamed pod", "private endpoint", "TCP 443", "yes"],
  ["server", "private endpoint", "TCP 443", "no"],
  ["tuning", "private endpoint", "TCP 445", "no"],
  ["tuning", "mirror", "TCP 8443", "yes"],
  ["server", "mirror", "TCP 5000", "yes"],
  ["tuning", "mirror", "TCP 22", "no"],
  ["tuning", "mirror's neighbour", "TCP 8443", "no"],
  ["tuning", "private 10", "TCP 443", "no"],
  ["tuning", "Internet", "TCP 443", "yes"],
];

/** Where names say what is meant, ranges open nothing; the names are Cilium's to enforce. */
const BY_NAME: readonly Row[] = [
  ["tuning", "Internet", "TCP 443", "no"],
  ["tuning", "cluster DNS", "UDP 53", "yes"],
  ["tuning", "API service", "TCP 443", "yes"],
];

const network = { nodeRange: "10.100.0.0/20", privateEndpoints: { range: "10.100.16.0/24" } };
/** What a team says of itself and of its service. */
type Said = TeamDecisions & TeamFoundation & { readonly clients?: Clients };

/** What a team says, and who may then talk to whom. */
export const CASES: readonly (readonly [string, Said, readonly Row[]])[] = [
  ["a team that says nothing", {}, BY_DEFAULT],
  [
    "a team in a private cluster, with a mirror",
    { cluster: { network, privateApiServer: true }, allowedEgress: [{ range: "10.30.0.7/32", ports: [8443, 5000] }] },
    PRIVATE,
  ],
  ["a team in a cluster for development", { cluster: { environment: "development" } }, DEVELOPMENT],
  ["a team that serves others", { clients: ["billing"] }, FOR_OTHERS],
  ["a team with names", { egressNames: ["huggingface.co"] }, BY_NAME],
];

/** Every NetworkPolicy in the team's namespace: its own, and that of its service. */
export function policiesOf({ clients, ...decisions }: Said): Policy[] {
  const own = teamNetworkPolicies(planTeam("support", "ai", "dev", decisions).network);
  const { environment } = decisions.cluster ?? {};
  const service = planServing("tickets", { namespace: "support", environment, model: TINY, adapters: [], clients, pool: EXISTING_POOL });
  const egress = servingEgress(service);
  const all: Record<string, Policy["spec"]> = { ...own, tickets: servingIngress(service), ...(egress ? { "tickets-clients": egress } : {}) };
  return Object.entries(all).map(([name, spec]) => ({ namespace: "support", name, spec }));
}

export function end(name: string): End {
  const known = ENDS[name];
  if (!known) throw new Error(`nobody is called ${name}`);
  return known;
}
