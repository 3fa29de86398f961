import { contains, overlapProblems, parseRange, rangeProblems } from "./address-ranges";
import { type Problem, refuse } from "./refuse";

/** Ranges inside the cluster, which no subnet may use. */
export const POD_RANGE = "10.244.0.0/16";
export const SERVICE_RANGE = "10.96.0.0/16";
export const DNS_ADDRESS = "10.96.0.10";

export interface NetworkDecisions {
  /** Range of the whole virtual network. @default "10.100.0.0/16" */
  readonly addressSpace?: string;
  /** Range of the nodes' subnet, inside the network. @default - the first /20 of the network */
  readonly nodeRange?: string;
}

export interface NetworkPlan {
  readonly addressSpace: string;
  readonly nodeRange: string;
}

/** Overlay networking spends one address of the subnet a node, so /20 is 4,091 nodes. */
export function planNetwork(name: string, decisions: NetworkDecisions): NetworkPlan {
  const { addressSpace = "10.100.0.0/16" } = decisions;
  const nodeRange = decisions.nodeRange ?? firstSubnet(addressSpace);
  refuse(`Network "${name}"`, [
    ...rangeProblems("AKSFT-NET-01", "addressSpace", addressSpace),
    ...rangeProblems("AKSFT-NET-01", "nodeRange", nodeRange),
    ...insideProblems(addressSpace, nodeRange),
    ...overlapProblems("AKSFT-NET-03", { "the pod range": POD_RANGE, addressSpace }),
    ...overlapProblems("AKSFT-NET-03", { "the service range": SERVICE_RANGE, addressSpace }),
  ]);
  return { addressSpace, nodeRange };
}

function firstSubnet(addressSpace: string): string {
  const [address = addressSpace, prefix] = addressSpace.split("/");
  return `${address}/${Math.max(Number(prefix ?? 20), 20)}`;
}

function insideProblems(addressSpace: string, nodeRange: string): Problem[] {
  const outer = parseRange(addressSpace);
  const inner = parseRange(nodeRange);
  if (!outer || !inner || contains(outer, inner)) return [];
  return [
    {
      code: "AKSFT-NET-02",
      path: "nodeRange",
      got: nodeRange,
      rule: `must lie inside addressSpace ${addressSpace}`,
      fix: `use for example "${firstSubnet(addressSpace)}"`,
    },
  ];
}
