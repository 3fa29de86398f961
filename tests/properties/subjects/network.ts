import { Network } from "../../../components";
import { type NetworkGiven, networkGiven } from "../arbitraries/network";
import type { Mutation, Subject } from "../subject";
import { groupMutations, tagMutations } from "./shared";

/** A route table of somebody else's subscription. */
const ROUTE_TABLE = "/subscriptions/hub/resourceGroups/hub/providers/Microsoft.Network/routeTables/egress";

/** All ranges and what hangs on them, so that one of them alone is at fault. */
const ROOM = {
  args: {
    ...{ environment: "production", privateEndpoints: true, privateEndpointRange: "10.100.16.0/24", privateZones: undefined },
    ...{ addressSpace: "10.100.0.0/16", nodeRange: "10.100.0.0/20", podRange: undefined, serviceRange: undefined, peerRanges: undefined },
  },
};

const ofRanges: readonly Mutation<NetworkGiven>[] = [
  { fault: "a network that is no range", code: "AKSFT-NET-01", argument: "addressSpace", on: ROOM, args: { addressSpace: "10.100.0.0/33" }, nearest: {} },
  { fault: "a network whose address is not its first", code: "AKSFT-NET-01", argument: "addressSpace", on: ROOM, args: { addressSpace: "10.100.0.1/16" }, nearest: {} },
  { fault: "a range of nodes with an octet above 255", code: "AKSFT-NET-01", argument: "nodeRange", on: ROOM, args: { nodeRange: "10.100.300.0/24" }, nearest: { args: { nodeRange: "10.100.200.0/24" } } },
  { fault: "a range of a peer with a leading zero", code: "AKSFT-NET-01", argument: "peerRanges.hub", on: ROOM, args: { peerRanges: { hub: "10.0.0.0/08" } }, nearest: { args: { peerRanges: { hub: "10.8.0.0/16" } } } },
  { fault: "a range of nodes outside the network", code: "AKSFT-NET-02", argument: "nodeRange", on: ROOM, args: { nodeRange: "172.20.0.0/20" }, nearest: {}, alone: true },
  { fault: "private endpoints outside the network", code: "AKSFT-NET-02", argument: "privateEndpointRange", on: ROOM, args: { privateEndpointRange: "10.101.0.0/24" }, nearest: {}, alone: true },
  { fault: "private endpoints among the nodes", code: "AKSFT-NET-03", argument: "privateEndpointRange", on: ROOM, args: { privateEndpointRange: "10.100.15.0/24" }, nearest: {}, alone: true },
  {
    fault: "pods with addresses of the services",
    code: "AKSFT-NET-03",
    argument: "serviceRange",
    rule: "pods and services have addresses of their own",
    on: ROOM, args: { podRange: "10.0.0.0/16", serviceRange: "10.0.128.0/20" },
    nearest: { args: { podRange: "10.0.0.0/16", serviceRange: "10.96.0.0/20" } },
    alone: true,
  },
  { fault: "a peer with addresses of the network", code: "AKSFT-NET-03", argument: "addressSpace", on: ROOM, args: { peerRanges: { hub: "10.100.64.0/18" } }, nearest: { args: { peerRanges: { hub: "10.101.0.0/18" } } }, alone: true },
  { fault: "a network that belongs to AKS", code: "AKSFT-NET-04", argument: "addressSpace", on: ROOM, args: { addressSpace: "172.30.0.0/16", nodeRange: "172.30.0.0/20", privateEndpointRange: "172.30.16.0/24" }, nearest: { args: { addressSpace: "172.29.0.0/16", nodeRange: "172.29.0.0/20", privateEndpointRange: "172.29.16.0/24" } }, alone: true },
  { fault: "a network of strangers' addresses", code: "AKSFT-NET-04", argument: "addressSpace", on: ROOM, args: { addressSpace: "8.8.0.0/16", nodeRange: "8.8.0.0/20", privateEndpointRange: "8.8.16.0/24" }, nearest: {}, alone: true },
  { fault: "nodes on too few addresses", code: "AKSFT-NET-05", argument: "nodeRange", on: ROOM, args: { nodeRange: "10.100.0.0/29" }, nearest: { args: { nodeRange: "10.100.0.0/28" } }, alone: true },
  { fault: "private endpoints on too few addresses", code: "AKSFT-NET-05", argument: "privateEndpointRange", on: ROOM, args: { privateEndpointRange: "10.100.16.0/29" }, nearest: { args: { privateEndpointRange: "10.100.16.0/28" } }, alone: true },
  { fault: "nodes that leave no room for private endpoints", code: "AKSFT-NET-06", argument: "nodeRange", on: ROOM, args: { nodeRange: "10.100.0.0/16", privateEndpointRange: undefined }, nearest: { args: { nodeRange: "10.100.0.0/17", privateEndpointRange: undefined } }, alone: true },
];

const WITHOUT_ENDPOINTS = { args: { environment: "development", privateEndpoints: undefined, privateEndpointRange: undefined } };

export const network: Subject<NetworkGiven> = {
  given: networkGiven,
  register: ({ name, args: { routed, ...args } }, world) =>
    new Network(name, { resourceGroupName: world.resourceGroupName, ...(routed ? { routeTableId: world.passed(ROUTE_TABLE) } : {}), ...args }),
  mutations: [
    ...ofRanges,
    { fault: "zones without private endpoints", code: "AKSFT-NET-07", argument: "privateZones", on: WITHOUT_ENDPOINTS, args: { privateZones: ["registry"] }, nearest: { args: { privateZones: undefined } }, alone: true },
    { fault: "a misspelt zone", code: "AKSFT-NET-08", argument: "privateZones", on: ROOM, args: { privateZones: ["files", "registri"] }, nearest: { args: { privateZones: ["files", "registry"] } } },
    { fault: "the zone of an API server in a region that nobody names", code: "AKSFT-NET-09", argument: "location", on: ROOM, args: { privateZones: ["cluster"], location: undefined }, nearest: { args: { privateZones: ["cluster"], location: "West Europe" } }, alone: true },
    ...groupMutations<NetworkGiven>(),
    ...tagMutations<NetworkGiven>(),
  ],
};
