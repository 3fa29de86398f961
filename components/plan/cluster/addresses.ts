import { contains, dotted, overlapProblems, parseRange, rangeProblems } from "../network/address-ranges";
import { DNS_ADDRESS, POD_RANGE, SERVICE_RANGE } from "../network";
import type { Problem } from "../refuse";

/** Addresses inside the cluster. All are fixed at its creation. */
export interface AddressDecisions {
  /** IPv4 range of the pods, of which each node takes a /24. @default "10.244.0.0/16" */
  readonly podRange?: string;
  /** IPv4 range of the services. @default "10.96.0.0/16" */
  readonly serviceRange?: string;
  /** Address of the cluster's DNS, inside the service range. @default - the tenth of the service range */
  readonly dnsServiceIp?: string;
}

export interface AddressPlan {
  readonly podRange: string;
  readonly serviceRange: string;
  readonly dnsServiceIp: string;
}

/** Ranges that AKS keeps for itself: https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning */
const RESERVED = ["169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"];
/** https://learn.microsoft.com/azure/aks/configure-azure-cni: the service range is smaller than /12; each node takes a /24 of the pods'. */
const PREFIXES = { podRange: { widest: 8, narrowest: 24 }, serviceRange: { widest: 12, narrowest: 28 } } as const;

export function planAddresses({ podRange = POD_RANGE, serviceRange = SERVICE_RANGE, dnsServiceIp }: AddressDecisions): AddressPlan {
  return { podRange, serviceRange, dnsServiceIp: dnsServiceIp ?? tenth(serviceRange) };
}

function tenth(serviceRange: string): string {
  const range = parseRange(serviceRange);
  return range ? dotted(range.first + 10) : DNS_ADDRESS;
}

/** `nodeRange` is that of the nodes' subnet, where it is known; `mostNodes` what the cluster's own pools may grow to. */
export function addressProblems(decisions: AddressDecisions, nodeRange: string | undefined, mostNodes: number): Problem[] {
  const { podRange, serviceRange, dnsServiceIp } = planAddresses(decisions);
  const named = { ...(nodeRange === undefined ? {} : { "network.nodeRange": nodeRange }), podRange, serviceRange };
  return [
    ...rangeProblems("AKSFT-CLUSTER-10", "podRange", podRange),
    ...rangeProblems("AKSFT-CLUSTER-10", "serviceRange", serviceRange),
    ...sizeProblems("podRange", podRange),
    ...sizeProblems("serviceRange", serviceRange),
    ...(decisions.podRange === undefined ? [] : roomProblems(podRange, mostNodes)),
    ...overlapProblems("AKSFT-CLUSTER-11", named),
    ...RESERVED.flatMap((range) => [
      ...overlapProblems("AKSFT-CLUSTER-11", { "AKS's own range": range, podRange }),
      ...overlapProblems("AKSFT-CLUSTER-11", { "AKS's own range": range, serviceRange }),
    ]),
    ...dnsProblems(serviceRange, dnsServiceIp),
  ];
}

function sizeProblems(path: keyof typeof PREFIXES, text: string): Problem[] {
  const { widest, narrowest } = PREFIXES[path];
  const range = parseRange(text);
  if (!range || (range.prefix >= widest && range.prefix <= narrowest)) return [];
  const prefix = Math.min(Math.max(range.prefix, widest), narrowest);
  const first = dotted(Math.floor(range.first / 2 ** (32 - prefix)) * 2 ** (32 - prefix));
  return [{ code: "AKSFT-CLUSTER-10", path, got: text, rule: `needs a prefix from /${widest} to /${narrowest}`, fix: `use for example "${first}/${prefix}"` }];
}

/** Overlay networking gives each node a /24 of the pods' range, for good: https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay */
function roomProblems(podRange: string, mostNodes: number): Problem[] {
  const prefix = parseRange(podRange)?.prefix ?? 0;
  const nodes = 2 ** (24 - prefix);
  if (prefix > 24 || nodes >= mostNodes) return [];
  const rule = `has room for ${nodes} nodes, and the cluster's own pools may have ${mostNodes}, before any for GPUs`;
  return [{ code: "AKSFT-CLUSTER-10", path: "podRange", got: podRange, rule, fix: `use a prefix of /${24 - Math.ceil(Math.log2(mostNodes))} or less` }];
}

function dnsProblems(serviceRange: string, dnsServiceIp: string): Problem[] {
  const outer = parseRange(serviceRange);
  const address = parseRange(`${dnsServiceIp}/32`);
  const problem = (rule: string): Problem[] => [
    { code: "AKSFT-CLUSTER-12", path: "dnsServiceIp", got: dnsServiceIp, rule, fix: `use for example "${tenth(serviceRange)}"` },
  ];
  if (!address) return problem("is not an IPv4 address");
  if (!outer) return [];
  if (!contains(outer, address)) return problem(`lies outside serviceRange ${serviceRange}, which is ${dotted(outer.first)} to ${dotted(outer.last)}`);
  // https://learn.microsoft.com/azure/aks/configure-azure-cni: the first address belongs to the service of the API server.
  if (address.first === outer.first || address.first === outer.first + 1) return problem(`${dotted(outer.first)} and ${dotted(outer.first + 1)} are taken: the API server's own service has the first address`);
  return address.first === outer.last ? problem("the last address of the range cannot be used") : [];
}
