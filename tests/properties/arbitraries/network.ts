import * as fc from "fast-check";
import type { NetworkArgs, PrivateZone } from "../../../components";
import { freeRange, parseRange } from "../../../components/plan/network/address-ranges";
import type { Placed } from "../subjects/shared";
import { dotted, environments, locations, logicalNames, optional, tags } from "./common";

export type NetworkGiven = Omit<NetworkArgs, "resourceGroupName" | "routeTableId"> & Placed & { readonly routed?: boolean };

/** Second octets of ranges inside 10.0.0.0/8 that clusters use for pods and services. */
const TAKEN = [96, 244];

const addressSpaces = fc
  .tuple(fc.integer({ min: 0, max: 255 }).filter((octet) => !TAKEN.includes(octet)), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 16, max: 22 }))
  .map(([second, third, prefix]) => {
    const size = 2 ** (32 - prefix);
    const address = 10 * 2 ** 24 + second * 2 ** 16 + third * 2 ** 8;
    return `${dotted(Math.floor(address / size) * size)}/${prefix}`;
  });

/** A network, and, in half of them, a range for nodes somewhere inside it that leaves at least half of it free. */
const ranges = fc.tuple(addressSpaces, fc.integer({ min: 1, max: 6 }), fc.nat(), fc.boolean()).map(([addressSpace, longer, where, chosen]) => {
  const space = parseRange(addressSpace);
  if (!chosen || !space) return { addressSpace };
  const prefix = Math.min(space.prefix + longer, 28);
  const first = space.first + (where % 2 ** (prefix - space.prefix)) * 2 ** (32 - prefix);
  return { addressSpace, nodeRange: `${dotted(first)}/${prefix}` };
});

const zones = fc.subarray<PrivateZone>(["registry", "files", "vault", "cluster"]);

type Endpoints = Pick<NetworkArgs, "environment" | "privateEndpoints" | "privateEndpointRange" | "privateZones" | "location">;

/** With private endpoints, by default or explicitly, or without. */
const endpoints: fc.Arbitrary<Endpoints & { readonly prefix?: number }> = fc.oneof(
  fc.record({
    environment: optional(fc.constant("production" as const)),
    privateEndpoints: optional(fc.constant(true)),
    privateZones: optional(zones),
    location: locations,
    prefix: optional(fc.integer({ min: 25, max: 28 })),
  }),
  fc.record({ environment: fc.constant("development" as const), privateEndpoints: optional(fc.constant(false)) }),
  fc.record({ environment: environments, privateEndpoints: fc.constant(false), location: locations }),
);

/** A cluster's own ranges and those of peers, far from where networks are drawn. */
const others = fc.record<Pick<NetworkArgs, "podRange" | "serviceRange" | "peerRanges">, never>(
  {
    podRange: fc.constantFrom("10.244.0.0/16", "172.16.0.0/14"),
    serviceRange: fc.constantFrom("10.96.0.0/16", "172.20.0.0/28"),
    peerRanges: fc.subarray(["192.168.0.0/24", "192.168.128.0/17", "100.64.0.0/10"]).map((peers) => Object.fromEntries(peers.map((range, index) => [`peer${index}`, range]))),
  },
  { requiredKeys: [] },
);

const rest = fc.record<Pick<NetworkGiven, "routed" | "securityGroups" | "tags">, never>(
  { routed: fc.boolean(), securityGroups: fc.boolean(), tags },
  { requiredKeys: [] },
);

/** A range for private endpoints beside the nodes' own. */
function endpointRange({ addressSpace = "10.100.0.0/16", nodeRange = "" }: NetworkArgsRanges, prefix: number | undefined): Endpoints {
  const [space, nodes] = [parseRange(addressSpace), parseRange(nodeRange)];
  const free = space && nodes && prefix !== undefined ? freeRange(space, [nodes], prefix) : undefined;
  return free === undefined ? {} : { privateEndpointRange: free };
}

type NetworkArgsRanges = Pick<NetworkArgs, "addressSpace" | "nodeRange">;
const noRanges: NetworkArgsRanges = {};

export const networkGiven = fc.record({
  name: logicalNames,
  args: fc
    .tuple(fc.oneof({ weight: 9, arbitrary: ranges }, { weight: 1, arbitrary: fc.constant(noRanges) }), endpoints, others, rest)
    .map(([range, { prefix, ...chosen }, other, more]): NetworkGiven => ({ ...range, ...chosen, ...endpointRange(range, prefix), ...other, ...more })),
});
