import { contains, overlap, parseRange, rangeProblems } from "../network/address-ranges";
import { POD_RANGE, SERVICE_RANGE } from "../network";
import { wholeNumber } from "../recipe";
import type { Problem } from "../refuse";

/** One more place that the team's pods may connect to by TCP. */
export interface AllowedEgress {
  /** IPv4 range, for example "10.20.0.0/24"; "10.20.0.7/32" is one address. */
  readonly range: string;
  /** TCP ports. */
  readonly ports: readonly number[];
}

/** What network policies need to know of the cluster; a `ClusterRef` has it. */
export interface TeamSurroundings {
  /** @default "10.96.0.0/16" */
  readonly serviceRange?: string;
  readonly privateApiServer?: boolean;
  readonly network?: { readonly nodeRange?: string; readonly privateEndpoints?: { readonly range: string } };
}

export interface TeamNetworkPlan {
  /** Where the API server answers: its service, and its private address where it has one. */
  readonly apiServerRanges: readonly string[];
  readonly privateEndpointsRange?: string;
  readonly allowedEgress: readonly AllowedEgress[];
  /** Names instead of the whole Internet; none means the Internet. */
  readonly egressNames: readonly string[];
}

export interface TeamNetworkDecisions {
  /**
   * Places that the team's pods may connect to beyond names, HTTPS on the Internet and private endpoints: a mirror in the network, for example.
   * @default - none
   */
  readonly allowedEgress?: readonly AllowedEgress[];
  /**
   * The only names on the Internet that the team's pods may reach by HTTPS, besides the registry of adapters and Entra; "*.example.com" is any
   * name under that one. The cluster needs Advanced Container Networking Services, whose Cilium knows names:
   * https://learn.microsoft.com/azure/aks/container-network-security-fqdn-filtering-concepts
   * @default - the whole Internet
   */
  readonly egressNames?: readonly string[];
}

/** Azure's addresses on every node, which hand out the node's identity and configuration: no rule may open them. */
const NEVER = { "the node's metadata service": "169.254.169.254/32", "Azure's platform address": "168.63.129.16/32" };

export function planTeamNetwork(
  { privateApiServer = false, network = {}, serviceRange = SERVICE_RANGE }: TeamSurroundings,
  { allowedEgress = [], egressNames = [] }: TeamNetworkDecisions,
): TeamNetworkPlan {
  const { nodeRange, privateEndpoints } = network;
  return {
    apiServerRanges: [serviceRange, ...(privateApiServer && nodeRange ? [nodeRange] : [])],
    ...(privateEndpoints ? { privateEndpointsRange: privateEndpoints.range } : {}),
    allowedEgress,
    egressNames,
  };
}

export function teamNetworkProblems(cluster: TeamSurroundings, decisions: TeamNetworkDecisions): Problem[] {
  const { allowedEgress = [], egressNames = [] } = decisions;
  return [
    ...surroundingProblems(cluster),
    ...allowedEgress.flatMap((egress, index) => egressProblems(`allowedEgress[${index}]`, egress, cluster.serviceRange)),
    ...egressNames.flatMap((name, index) => egressNameProblems(`egressNames[${index}]`, name)),
  ];
}

function surroundingProblems({ privateApiServer, network = {} }: TeamSurroundings): Problem[] {
  const { nodeRange, privateEndpoints } = network;
  const unknown: Problem = {
    code: "AKSFT-TEAM-06",
    path: "cluster.network.nodeRange",
    got: undefined,
    rule: "is needed where the API server is private: the policy that lets runs reach it names the range it is in",
    fix: 'give the nodes\' range, for example "10.100.0.0/20"',
  };
  return [
    ...(privateApiServer && nodeRange === undefined ? [unknown] : []),
    ...(nodeRange === undefined ? [] : rangeProblems("AKSFT-TEAM-07", "cluster.network.nodeRange", nodeRange)),
    ...(privateEndpoints ? rangeProblems("AKSFT-TEAM-07", "cluster.network.privateEndpoints.range", privateEndpoints.range) : []),
  ];
}

function egressProblems(path: string, { range, ports }: AllowedEgress, serviceRange?: string): Problem[] {
  return [
    ...rangeProblems("AKSFT-TEAM-07", `${path}.range`, range),
    ...closedProblems(`${path}.range`, range, serviceRange),
    ...portProblems(`${path}.ports`, ports),
  ];
}

function closedProblems(path: string, text: string, services = SERVICE_RANGE): Problem[] {
  const range = parseRange(text);
  if (!range) return [];
  const covered = Object.entries(NEVER).filter(([, closed]) => {
    const address = parseRange(closed);
    return address !== undefined && contains(range, address);
  });
  const inside = Object.entries({ pods: POD_RANGE, services }).filter(([, own]) => {
    const parsed = parseRange(own);
    return parsed !== undefined && overlap(range, parsed);
  });
  return [
    ...covered.map(([what, address]) => ({
      code: "AKSFT-TEAM-08" as const,
      path,
      got: text,
      rule: `covers ${address.split("/")[0] ?? address}, ${what}, which no pod of a team may reach`,
      fix: "give the range of what is meant alone, for example \"10.20.0.0/24\"",
    })),
    ...inside.map(([what, own]) => ({
      code: "AKSFT-TEAM-09" as const,
      path,
      got: text,
      rule: `overlaps the range of the cluster's ${what}, ${own}, which policies select by labels and never by address`,
      fix: "leave it out, and add a NetworkPolicy that selects pods",
    })),
  ];
}

function portProblems(path: string, ports: readonly number[]): Problem[] {
  if (ports.length > 0) return ports.flatMap((port, index) => wholeNumber("AKSFT-TEAM-10", `${path}[${index}]`, port, 1, 65_535));
  return [{ code: "AKSFT-TEAM-10", path, got: ports, rule: "needs one port or more, for none would mean all of them", fix: "use for example [443]" }];
}

/** What Cilium matches: https://docs.cilium.io/en/stable/security/policy/language/#dns-based */
const NAME = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;

function egressNameProblems(path: string, name: string): Problem[] {
  if (NAME.test(name) && name.length <= 253) return [];
  const mended = name.toLowerCase().replace(/^[a-z]+:\/\//, "").replace(/[/:].*$/, "");
  const fix = NAME.test(mended) ? `use "${mended}"` : 'use for example "huggingface.co" or "*.huggingface.co"';
  return [{ code: "AKSFT-TEAM-11", path, got: name, rule: 'needs a DNS name in lower case, with "*." in front for any name under it', fix }];
}
