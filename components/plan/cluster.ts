import { parseRange } from "./address-ranges";
import { DEFAULT_KUBERNETES_VERSION, KUBERNETES_VERSIONS, type KubernetesVersion } from "./catalogue/kubernetes-versions";
import { nameProblems } from "./names";
import { wholeNumber } from "./recipe";
import { type Problem, refuse } from "./refuse";
import { oneOf } from "./spelling";

export interface ClusterDecisions {
  /** @default "1.36" */
  readonly kubernetesVersion?: KubernetesVersion;
  /** The system pool, fixed at creation: editing it later puts every pool of the cluster into Scaling. */
  readonly systemPool?: {
    /** @default "Standard_D4s_v5" */
    readonly vmSize?: string;
    /** Nodes; 3 in production. @default 1 */
    readonly nodes?: number;
  };
  /** "Standard" buys the uptime agreement, about 0.10 USD per hour. @default "Free" */
  readonly tier?: "Free" | "Standard";
  /** IPv4 ranges from which the API server may be reached. @default - from everywhere, with an Entra login */
  readonly authorizedIpRanges?: readonly string[];
}

export interface ClusterPlan {
  readonly kubernetesVersion: KubernetesVersion;
  readonly systemVmSize: string;
  readonly systemNodes: number;
  readonly tier: "Free" | "Standard";
  readonly authorizedIpRanges: readonly string[];
}

export function planCluster(name: string, decisions: ClusterDecisions): ClusterPlan {
  const { kubernetesVersion = DEFAULT_KUBERNETES_VERSION, tier = "Free", authorizedIpRanges = [] } = decisions;
  const { vmSize = "Standard_D4s_v5", nodes = 1 } = decisions.systemPool ?? {};
  refuse(`Cluster "${name}"`, [
    ...nameProblems("cluster", "name", name),
    ...versionProblems(kubernetesVersion),
    ...wholeNumber("AKSFT-CLUSTER-02", "systemPool.nodes", nodes, 1, 1000),
    ...authorizedIpRanges.flatMap((range, index) => authorizedRangeProblems(range, index)),
  ]);
  return { kubernetesVersion, systemVmSize: vmSize, systemNodes: nodes, tier, authorizedIpRanges };
}

function versionProblems(version: string): Problem[] {
  const known = Object.keys(KUBERNETES_VERSIONS);
  if (known.includes(version)) return [];
  const stripped = version.replace(/^v/, "").split(".").slice(0, 2).join(".");
  return [
    {
      code: "AKSFT-CLUSTER-01",
      path: "kubernetesVersion",
      got: version,
      rule: `AKS supports ${known.join(", ")} and wants the form 1.36`,
      fix: known.includes(stripped) ? `use "${stripped}"` : oneOf(stripped, known),
    },
  ];
}

function authorizedRangeProblems(range: string, index: number): Problem[] {
  const path = `authorizedIpRanges[${index}]`;
  const parsed = parseRange(range.includes("/") ? range : `${range}/32`);
  if (parsed && parsed.prefix > 0) return [];
  const rule = parsed ? "the whole Internet is not a restriction" : "is not an IPv4 address or range";
  return [{ code: "AKSFT-CLUSTER-03", path, got: range, rule, fix: 'list the addresses you come from, for example "203.0.113.8/32"' }];
}
