import { kaitoPolicies, kaitoPolicySpec } from "../../../components/plan/manifests/kaito-inference-policies";
import { teamNetworkPolicies } from "../../../components/plan/manifests/team-policies";
import type { KaitoServingDecisions } from "../../../components/plan/kaito/serving";
import { planTeam } from "../../../components/plan/team";
import { planned, rendered } from "../../support/kaito-serving";
import { type End, mayConnect, type Policy } from "../../support/network-policies";
import { withoutOnePart } from "../../support/policy-mutations";

const SEVERAL = { model: "Llama-3.3-70B-Instruct", accessSecret: "hub", clients: ["support", "frontend"] } as const;
const BEFORE = { ...SEVERAL, maxModelLength: 4096 } as const;

function podOf(changes: Partial<KaitoServingDecisions>, index: string): End {
  const { podLabels, name } = rendered(planned(changes));
  return { namespace: "support", labels: { ...podLabels, "kaito.sh/workspace": `${name}-abcde`, "apps.kubernetes.io/pod-index": index } };
}

function policies(...services: readonly Partial<KaitoServingDecisions>[]): Policy[] {
  const own = Object.entries(teamNetworkPolicies(planTeam("support", "ai", "dev", {}).network)).map(([name, spec]) => ({ namespace: "support", name, spec }));
  const ofSets = services.flatMap((changes) => {
    const plan = planned(changes);
    const server = rendered(plan);
    return kaitoPolicies(plan).map((policy) => ({ namespace: "support", name: `${server.name}-${policy}`, spec: kaitoPolicySpec(policy, plan, server) }));
  });
  return [...own, ...ofSets];
}

const ENDS: Readonly<Record<string, End>> = {
  leader: podOf(SEVERAL, "0"),
  worker: podOf(SEVERAL, "1"),
  "leader before": podOf(BEFORE, "0"),
  "worker before": podOf(BEFORE, "1"),
  app: { namespace: "support", labels: {} },
  preflight: { namespace: "support", labels: { "app.kubernetes.io/component": "preflight" } },
  run: { namespace: "support", labels: { "app.kubernetes.io/component": "tuning" } },
  "vLLM's server": { namespace: "support", labels: { "app.kubernetes.io/component": "serving" } },
  "KAITO's tuning": { namespace: "support", labels: { "kaito.sh/workspace": "tickets-run" } },
  frontend: { namespace: "frontend", labels: {} },
  billing: { namespace: "billing", labels: {} },
  DNS: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
  Internet: { address: "20.42.65.90" },
  metadata: { address: "169.254.169.254" },
};

type Row = readonly [from: string, to: string, port: number, allowed: boolean];

/** A model on three nodes, and the set that it takes over from. */
const ROWS: readonly Row[] = [
  ["app", "leader", 5000, true],
  ["app", "leader before", 5000, true],
  ["app", "leader", 6379, false],
  ["app", "leader", 8265, false],
  ["app", "leader", 5557, false],
  ["app", "leader", 31_234, false],
  ["preflight", "leader", 5000, false],
  ["run", "leader", 5000, false],
  ["vLLM's server", "leader", 5000, false],
  ["KAITO's tuning", "leader", 5000, false],
  ["frontend", "leader", 5000, true],
  ["frontend", "leader", 6379, false],
  ["frontend", "leader", 8265, false],
  ["frontend", "app", 5000, false],
  ["billing", "leader", 5000, false],
  ["Internet", "leader", 5000, false],
  ["Internet", "leader", 8265, false],
  ["worker", "leader", 6379, true],
  ["worker", "leader", 31_234, true],
  ["leader", "worker", 31_234, true],
  ["leader", "leader before", 6379, false],
  ["worker", "leader before", 5000, false],
  ["worker before", "leader", 6379, false],
  ["leader", "app", 31_234, false],
  ["leader", "frontend", 31_234, false],
  ["leader", "Internet", 443, true],
  ["leader", "Internet", 80, false],
  ["leader", "metadata", 80, false],
  ["leader", "DNS", 53, true],
];
/** A model on one node, for another namespace, with no other set. */
const ALONE: Partial<KaitoServingDecisions> = { clients: ["frontend"] };
const one = podOf(ALONE, "0");

function allowed(all: readonly Policy[], [from, to, port]: Row): boolean {
  const [source, destination] = [ENDS[from], ENDS[to]];
  if (!source || !destination) throw new Error(`nobody is called ${from} or ${to}`);
  return mayConnect(all, source, destination, "TCP", port);
}

describe("network policies of KAITO's pods in a team's namespace", () => {
  const all = policies(SEVERAL, BEFORE);

  it.each(ROWS)("%s to %s at %i: %s", (...row) => {
    expect(allowed(all, row)).toBe(row[3]);
  });

  it("are needed in every part", () => {
    const { name } = rendered(planned(SEVERAL));
    const dropped = withoutOnePart(all).filter(({ what }) => what.startsWith(name));
    const unnoticed = dropped.filter(({ policies: mutant }) => ROWS.every((row) => allowed(mutant, row) === row[3])).map(({ what }) => what.slice(name.length + 1));
    // Within the team both ends are closed: what a pod may leave for where it arrives, and what Ray takes where it leaves from.
    const labels = (end: string) => [`${end}.podSelector.matchLabels`, `${end}.podSelector.matchLabels.inferenceset.kaito.sh/created-by`];
    expect(unnoticed).toEqual([
      ...labels("ingress.ingress[1].from[0]"),
      "clients.egress[0].to[0]",
      ...labels("clients.egress[0].to[0]"),
      "clients.egress[0].ports[0]",
      "clients.egress[0].ports[0].port",
    ]);
  });

  it("have nothing for Ray on one node, and let the callers in that are named", () => {
    expect(kaitoPolicies(planned(ALONE))).toEqual(["ingress"]);
    expect(kaitoPolicies(planned())).toEqual(["ingress", "clients"]);
    expect(kaitoPolicies(planned(SEVERAL))).toEqual(["ingress", "ray", "clients"]);
    const asked = (from: End, port: number) => mayConnect(policies(ALONE), from, one, "TCP", port);
    const { frontend, app } = ENDS as Record<"frontend" | "app", End>;
    expect([asked(frontend, 5000), asked(frontend, 6379), asked(app, 5000), asked(one, 6379)]).toEqual([true, false, false, false]);
  });

  it("let anybody in where that is said, and the Internet where the address is public, to the server's port alone", () => {
    const open = { environment: "development", publicLoadBalancer: true } as const;
    const pod = podOf(open, "0");
    const asked = (changes: Partial<KaitoServingDecisions>, from: End, port: number) => mayConnect(policies(changes), from, pod, "TCP", port);
    const { frontend, Internet } = ENDS as Record<"frontend" | "Internet", End>;
    expect([asked(open, Internet, 5000), asked(open, Internet, 8265), asked(open, frontend, 5000)]).toEqual([true, false, true]);
  });
});
