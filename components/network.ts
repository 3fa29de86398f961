import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork";
import * as pulumi from "@pulumi/pulumi";
import { checked } from "./checked";
import { type Egress, groupProblems, type NetworkDecisions, planNetwork } from "./plan/network";
import { tagged } from "./plan/tags";
import { privateZones } from "./network/private-zones";
import { endpointSubnet, natGateway, nodeSubnet } from "./network/subnets";

/** Where nodes live. An existing network, a hub's for example, is an object literal with its subnets' ids. */
export interface NetworkRef {
  /** Subnet of the nodes. */
  readonly nodeSubnetId: pulumi.Input<string>;
  /** IPv4 range of the nodes' subnet. Plain: network policies name it where the API server is private. @default - not known */
  readonly nodeRange?: string;
  /**
   * How nodes reach the Internet. Plain: it decides the cluster's outbound type, which is fixed at creation. "user-defined-routing" needs a
   * default route on the nodes' subnet beforehand. @default "nat-gateway"
   */
  readonly egress?: Egress;
  /** The one address that outgoing traffic leaves from, where there is one: an API server that answers listed addresses lists it too. @default - not known */
  readonly egressAddress?: pulumi.Input<string | undefined>;
  /** Where private endpoints go. @default - none can be made in this network */
  readonly privateEndpoints?: PrivateEndpointsRef;
}

/** A subnet for private endpoints and the private DNS zones that give them their names. */
export interface PrivateEndpointsRef {
  /** Subnet that the endpoints get their addresses from. */
  readonly subnetId: pulumi.Input<string>;
  /** IPv4 range of the subnet. Plain: network policies let pods reach it. */
  readonly range: string;
  /** Ids of the private DNS zones by what they name; one that is absent is registered by somebody else, a hub's policy for example. */
  readonly zones: {
    /** `privatelink.azurecr.io` */
    readonly registry?: pulumi.Input<string>;
    /** `privatelink.file.core.windows.net` */
    readonly files?: pulumi.Input<string>;
    /** `privatelink.vaultcore.azure.net` */
    readonly vault?: pulumi.Input<string>;
    /** `privatelink.REGION.azmk8s.io`, for the API server of a private cluster. One that is not linked to the network yet is linked by AKS. */
    readonly cluster?: pulumi.Input<string>;
  };
}

/** Arguments of a Network. */
export interface NetworkArgs extends NetworkDecisions {
  /** Resource group that the network is made in. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Region; plain where `privateZones` holds "cluster". @default - the resource group's region */
  readonly location?: pulumi.Input<string>;
  /**
   * Route table of the nodes' subnet, with a default route to a hub's firewall, instead of the NAT gateway. Whether it is given decides how
   * nodes reach the Internet. @default - a NAT gateway with one public address
   */
  readonly routeTableId?: pulumi.Input<string>;
}

/**
 * The virtual network of a cluster: a subnet for nodes, a NAT gateway so that outgoing traffic has one known address, and in production a
 * subnet for private endpoints with the private DNS zones that lead to them.
 *
 * Creates the network, its subnets and their security groups, the gateway with its address, and zones with links. The nodes' subnet has a
 * service endpoint for Azure Storage, which NFS checkpoints need. In production the nodes' security group drops what comes from the Internet:
 * publish a service through an internal load balancer and a gateway in front of it. Whoever runs `pulumi preview` against a private cluster
 * or a private registry, CI included, needs a machine inside this network or a peered one. Costs the gateway, about 0.045 USD per hour plus
 * 0.045 USD per GiB that goes through it, and 0.50 USD per month and zone.
 *
 * @example
 * const network = new Network("ai", { resourceGroupName, location: "westeurope", peerRanges: { hub: "10.0.0.0/16" } });
 *
 * @example
 * // An existing network of a hub, whose policy registers the private names.
 * const hub: NetworkRef = { nodeSubnetId, egress: "user-defined-routing", privateEndpoints: { subnetId, range: "10.0.8.0/24", zones: {} } };
 */
export class Network extends pulumi.ComponentResource implements NetworkRef {
  readonly nodeSubnetId: pulumi.Output<string>;
  readonly nodeRange: string;
  readonly egress: Egress;
  /** The address that the cluster's traffic leaves from, for other people's allow lists; undefined behind a route table. */
  readonly egressAddress: pulumi.Output<string | undefined>;
  readonly privateEndpoints?: PrivateEndpointsRef;
  /** The virtual network itself, for whatever this component does not expose. */
  readonly virtualNetwork: VirtualNetwork;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planNetwork(name, args, args);
    super("aks-fine-tuning:index:Network", name, { ...plan }, opts);
    const { location } = args;
    const resourceGroupName = checked(`Network "${name}"`, args.resourceGroupName, groupProblems);
    const tags = tagged("Network", name, args.tags);

    const egress = plan.egress === "nat-gateway" ? natGateway(this, name, { resourceGroupName, location, tags }) : undefined;
    this.virtualNetwork = new VirtualNetwork(
      name,
      { resourceGroupName, location, addressSpace: { addressPrefixes: [plan.addressSpace] }, tags },
      // Subnets are resources of their own; the network's own list would fight with them.
      { parent: this, ignoreChanges: ["subnets"] },
    );
    const subnets = { resourceGroupName, location, tags, virtualNetworkName: this.virtualNetwork.name };
    const nodes = nodeSubnet(this, name, plan, { ...subnets, natGatewayId: egress?.gateway.id, routeTableId: args.routeTableId });

    this.nodeSubnetId = nodes.id;
    this.nodeRange = plan.nodeRange;
    this.egress = plan.egress;
    this.egressAddress = egress ? egress.address.ipAddress : pulumi.output(undefined);
    if (plan.endpoints) {
      const { range } = plan.endpoints;
      const subnet = endpointSubnet(this, name, { range, securityGroups: plan.securityGroups, after: nodes }, subnets);
      const zones = privateZones(this, name, plan.endpoints.zones, { resourceGroupName, tags, networkId: this.virtualNetwork.id });
      this.privateEndpoints = { subnetId: subnet.id, range, zones };
    }
    this.registerOutputs({ nodeSubnetId: this.nodeSubnetId, egressAddress: this.egressAddress });
  }
}
