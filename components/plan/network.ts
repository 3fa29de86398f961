import type { Input } from "@pulumi/pulumi";
import { contains, freeRange, overlapProblems, parseRange, rangeProblems } from "./network/address-ranges";
import type { Environment } from "./environment";
import { nameProblems } from "./names";
import { type PrivateZone, PRIVATE_ZONES, privateZoneNames, zoneProblems } from "./network/private-zones";
import { type Problem, refuse } from "./refuse";
import { reservedProblems, sizeProblems } from "./network/reserved-ranges";
import { tagProblems, type Tags } from "./tags";

/** Ranges inside the cluster unless it is given others, which no subnet may use. */
export const POD_RANGE = "10.244.0.0/16";
export const SERVICE_RANGE = "10.96.0.0/16";
export const DNS_ADDRESS = "10.96.0.10";

/** How nodes reach the Internet; AKS calls the first `userAssignedNATGateway` and the second `userDefinedRouting`. */
export type Egress = "nat-gateway" | "user-defined-routing";

export interface NetworkDecisions {
  /** Production has private endpoints and security groups. @default "production" */
  readonly environment?: Environment;
  /** Range of the whole virtual network. @default "10.100.0.0/16" */
  readonly addressSpace?: string;
  /** Range of the nodes' subnet, inside the network. @default - the first /20 of the network, or what there is of it, half at most beside private endpoints */
  readonly nodeRange?: string;
  /** Whether there is a subnet for private endpoints, with private DNS zones. @default - true in production */
  readonly privateEndpoints?: boolean;
  /** Range of the private endpoints' subnet, inside the network. @default - the first free /24, or what there is room for */
  readonly privateEndpointRange?: string;
  /**
   * Private DNS zones to create and link: "registry", "files", "vault", and "cluster" for a private API server, which needs `location` plain.
   * Leave one out that a hub's policy registers. @default ["registry", "files", "vault"]
   */
  readonly privateZones?: readonly PrivateZone[];
  /** IPv4 ranges of peered networks and of what lies behind them, by name, which this network must not overlap. @default - none */
  readonly peerRanges?: Readonly<Record<string, string>>;
  /** Range of the cluster's pods, the same as its own `podRange`: security groups let it in. @default "10.244.0.0/16" */
  readonly podRange?: string;
  /** Range of the cluster's services, the same as its own `serviceRange`. @default "10.96.0.0/16" */
  readonly serviceRange?: string;
  /** Whether the subnets have network security groups. @default - true in production */
  readonly securityGroups?: boolean;
  /** Tags of everything created. @default - the library's own two */
  readonly tags?: Tags;
}

/** What is passed on to Azure, and checked where it is plain. */
export interface NetworkInputs {
  readonly resourceGroupName: Input<string>;
  readonly location?: Input<string>;
  readonly routeTableId?: Input<string>;
}

export interface NetworkPlan {
  readonly addressSpace: string;
  readonly nodeRange: string;
  readonly podRange: string;
  readonly egress: Egress;
  readonly securityGroups: boolean;
  readonly endpoints?: { readonly range: string; readonly zones: Readonly<Partial<Record<PrivateZone, string>>> };
}

/** Overlay networking spends one address of the subnet a node, so /20 is 4,091 nodes. */
const NODE_PREFIX = 20;
const SMALLEST_NODE_PREFIX = 28;
/** A registry takes two addresses, a share, a vault and an API server one each. */
const SMALLEST_ENDPOINT_PREFIX = 28;
const ENDPOINT_PREFIX = 24;

export function planNetwork(name: string, decisions: NetworkDecisions, inputs?: NetworkInputs): NetworkPlan {
  const production = decisions.environment !== "development";
  const { addressSpace = "10.100.0.0/16", privateEndpoints = production, securityGroups = production } = decisions;
  const nodeRange = decisions.nodeRange ?? firstSubnet(addressSpace, privateEndpoints);
  const range = privateEndpoints ? (decisions.privateEndpointRange ?? endpointSubnet(addressSpace, nodeRange)) : undefined;
  const kinds = decisions.privateZones ?? PRIVATE_ZONES.filter((zone) => zone !== "cluster");
  refuse(`Network "${name}"`, [
    ...rangeFaults(addressSpace, nodeRange, decisions),
    ...endpointFaults(addressSpace, nodeRange, range, { ...decisions, privateEndpoints }),
    ...zoneProblems(privateEndpoints ? kinds : [], inputs?.location),
    ...groupProblems(inputs?.resourceGroupName),
    ...tagProblems("tags", decisions.tags),
  ]);
  const egress: Egress = inputs?.routeTableId === undefined ? "nat-gateway" : "user-defined-routing";
  const zones = privateZoneNames(kinds, inputs?.location);
  const { podRange = POD_RANGE } = decisions;
  return { addressSpace, nodeRange, podRange, egress, securityGroups, ...(range === undefined ? {} : { endpoints: { range, zones } }) };
}

/** A resource group's name that is known before anything is deployed. */
export function groupProblems(name: Input<string> | undefined): Problem[] {
  return typeof name === "string" ? nameProblems("resourceGroup", "resourceGroupName", name) : [];
}

/** A network that holds private endpoints too keeps at least half of itself for others. */
function firstSubnet(addressSpace: string, withEndpoints: boolean): string {
  const [address = addressSpace, prefix] = addressSpace.split("/");
  const whole = Number(prefix ?? NODE_PREFIX);
  return `${address}/${Math.max(whole + (withEndpoints && whole < 32 ? 1 : 0), NODE_PREFIX)}`;
}

function endpointSubnet(addressSpace: string, nodeRange: string): string | undefined {
  const outer = parseRange(addressSpace);
  const nodes = parseRange(nodeRange);
  if (!outer || !nodes) return undefined;
  for (let prefix = ENDPOINT_PREFIX; prefix <= SMALLEST_ENDPOINT_PREFIX; prefix += 1) {
    const free = freeRange(outer, [nodes], prefix);
    if (free !== undefined) return free;
  }
  return undefined;
}

function rangeFaults(addressSpace: string, nodeRange: string, decisions: NetworkDecisions): Problem[] {
  const { peerRanges = {}, podRange = POD_RANGE, serviceRange = SERVICE_RANGE } = decisions;
  const peers = Object.entries(peerRanges).map(([peer, range]) => [`peerRanges.${peer}`, range] as const);
  const pods = decisions.podRange === undefined ? "the pod range" : "podRange";
  const services = decisions.serviceRange === undefined ? "the service range" : "serviceRange";
  const fixed = { [pods]: podRange, [services]: serviceRange, ...Object.fromEntries(peers) };
  const avoid = Object.values(fixed);
  return [
    ...rangeProblems("AKSFT-NET-01", "addressSpace", addressSpace),
    ...rangeProblems("AKSFT-NET-01", "nodeRange", nodeRange),
    ...Object.entries(fixed).flatMap(([path, range]) => rangeProblems("AKSFT-NET-01", path, range)),
    ...reservedProblems("AKSFT-NET-04", "addressSpace", addressSpace),
    ...sizeProblems("AKSFT-NET-05", "nodeRange", nodeRange, SMALLEST_NODE_PREFIX),
    ...insideProblems("nodeRange", addressSpace, nodeRange, firstSubnet(addressSpace, false)),
    ...Object.entries(fixed).flatMap(([path, range]) => overlapProblems("AKSFT-NET-03", { [path]: range, addressSpace }, avoid)),
    ...overlapProblems("AKSFT-NET-03", { [pods]: podRange, [services]: serviceRange }, [...avoid, addressSpace]),
    // Pods and services reach a peer's address only where it is not one of their own.
    ...peers.flatMap(([path, range]) => [
      ...overlapProblems("AKSFT-NET-03", { [pods]: podRange, [path]: range }, avoid),
      ...overlapProblems("AKSFT-NET-03", { [services]: serviceRange, [path]: range }, avoid),
    ]),
  ];
}

function endpointFaults(addressSpace: string, nodeRange: string, range: string | undefined, decisions: NetworkDecisions): Problem[] {
  if (!decisions.privateEndpoints) return unusedProblems(decisions);
  if (range === undefined) return roomProblems(addressSpace, nodeRange);
  const path = "privateEndpointRange";
  return [
    ...rangeProblems("AKSFT-NET-01", path, range),
    ...sizeProblems("AKSFT-NET-05", path, range, SMALLEST_ENDPOINT_PREFIX),
    ...insideProblems(path, addressSpace, range, endpointSubnet(addressSpace, nodeRange)),
    ...overlapProblems("AKSFT-NET-03", { nodeRange, [path]: range }).map((problem) => {
      const free = endpointSubnet(addressSpace, nodeRange);
      return free === undefined ? problem : { ...problem, fix: `use for example "${free}"` };
    }),
  ];
}

function unusedProblems({ privateEndpointRange, privateZones, environment }: NetworkDecisions): Problem[] {
  const given = Object.entries({ privateEndpointRange, privateZones }).filter(([, value]) => value !== undefined);
  const why = environment === "development" ? 'are off, as by default with environment "development"' : "are off";
  return given.map(([path, got]) => ({
    code: "AKSFT-NET-07",
    path,
    got,
    rule: `has no effect while private endpoints ${why}`,
    fix: `set privateEndpoints: true, or remove ${path}`,
  }));
}

function roomProblems(addressSpace: string, nodeRange: string): Problem[] {
  if (!parseRange(addressSpace) || !parseRange(nodeRange)) return [];
  const rule = `leaves no /${SMALLEST_ENDPOINT_PREFIX} of addressSpace ${addressSpace} free for private endpoints`;
  return [{ code: "AKSFT-NET-06", path: "nodeRange", got: nodeRange, rule, fix: "make nodeRange smaller, addressSpace larger, or set privateEndpoints: false" }];
}

function insideProblems(path: string, addressSpace: string, range: string, proposed: string | undefined): Problem[] {
  const outer = parseRange(addressSpace);
  const inner = parseRange(range);
  if (!outer || !inner || contains(outer, inner)) return [];
  const fix = proposed === undefined ? `make addressSpace large enough for nodeRange and ${path}` : `use for example "${proposed}"`;
  return [{ code: "AKSFT-NET-02", path, got: range, rule: `must lie inside addressSpace ${addressSpace}`, fix }];
}
