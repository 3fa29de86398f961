import type { KubernetesVersion } from "../../components";
import { type ClusterDecisions, planCluster } from "../../components/plan/cluster";
import { messageOf, problemsOf } from "../support/refusal";

const version = (text: string): ClusterDecisions => ({ kubernetesVersion: text as KubernetesVersion });
const ranges = (...authorizedIpRanges: string[]): ClusterDecisions => ({ authorizedIpRanges });

describe("planCluster", () => {
  it("fills every default", () => {
    expect(planCluster("ai", {})).toEqual({
      kubernetesVersion: "1.36",
      systemVmSize: "Standard_D4s_v5",
      systemNodes: 1,
      tier: "Free",
      authorizedIpRanges: [],
    });
  });

  it("keeps what was decided", () => {
    const systemPool = { vmSize: "Standard_D8s_v5", nodes: 3 };
    const authorizedIpRanges = ["203.0.113.8/32", "198.51.100.4"];
    expect(planCluster("ai", { kubernetesVersion: "1.37", systemPool, tier: "Standard", authorizedIpRanges })).toEqual({
      kubernetesVersion: "1.37",
      systemVmSize: "Standard_D8s_v5",
      systemNodes: 3,
      tier: "Standard",
      authorizedIpRanges,
    });
  });

  it.each([
    ["1.30", 'did you mean "1.34"?'],
    ["latest", "use one of 1.34, 1.35, 1.36, 1.37"],
    ["v1.35", 'use "1.35"'],
    ["1.36.3", 'use "1.36"'],
    ["", "use one of 1.34, 1.35, 1.36, 1.37"],
  ])("refuses Kubernetes %p with: %s", (text, fix) => {
    expect(problemsOf(() => planCluster("ai", version(text)))).toEqual([
      `AKSFT-CLUSTER-01 kubernetesVersion: got "${text}"; AKS supports 1.34, 1.35, 1.36, 1.37 and wants the form 1.36; fix: ${fix}`,
    ]);
  });

  it.each(["1.34", "1.35", "1.36", "1.37"])("accepts Kubernetes %p", (text) => {
    expect(planCluster("ai", version(text)).kubernetesVersion).toBe(text);
  });

  it.each([[-1, 1], [0, 1], [1001, 1000], [1.5, 2]])("refuses %p system nodes and proposes %p", (nodes, proposedNodes) => {
    expect(problemsOf(() => planCluster("ai", { systemPool: { nodes } }))).toEqual([
      `AKSFT-CLUSTER-02 systemPool.nodes: got ${nodes}; must be a whole number from 1 to 1000; fix: use ${proposedNodes}`,
    ]);
    expect(planCluster("ai", { systemPool: { nodes: proposedNodes } }).systemNodes).toBe(proposedNodes);
  });

  it("refuses the whole Internet and malformed ranges, each by its index", () => {
    const fix = 'fix: list the addresses you come from, for example "203.0.113.8/32"';
    expect(problemsOf(() => planCluster("ai", ranges("0.0.0.0/0", "203.0.113.8/32", "10.0.0.300/24")))).toEqual([
      `AKSFT-CLUSTER-03 authorizedIpRanges[0]: got "0.0.0.0/0"; the whole Internet is not a restriction; ${fix}`,
      `AKSFT-CLUSTER-03 authorizedIpRanges[2]: got "10.0.0.300/24"; is not an IPv4 address or range; ${fix}`,
    ]);
  });

  it("lists all problems at once", () => {
    const bad = { ...version("1.30"), ...ranges("nowhere"), systemPool: { nodes: 0 } };
    expect(messageOf(() => planCluster("train-", bad)).split("\n").map((each) => each.split(" ").slice(0, 2).join(" "))).toEqual([
      'Cluster "train-"',
      "- AKSFT-NAME-02",
      "- AKSFT-CLUSTER-01",
      "- AKSFT-CLUSTER-02",
      "- AKSFT-CLUSTER-03",
    ]);
  });
});
