import * as network from "@pulumi/azure-native/network";
import * as pulumi from "@pulumi/pulumi";
import { type NetworkDecisions, planNetwork } from "./plan/network";

/** Where nodes live. An existing network, a hub's for example, is an object literal with its subnets' ids. */
export interface NetworkRef {
  readonly nodeSubnetId: pulumi.Input<string>;
  /** IPv4 range of the nodes' subnet. Plain: network policies name it where the API server is private. @default - not known */
  readonly nodeRange?: string;
  /** Where private endpoints go. @default - none can be made in this network */
  readonly privateEndpoints?: PrivateEndpointsRef;
}

/** A subnet for private endpoints and the private DNS zones that give them their names. */
export interface PrivateEndpointsRef {
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
    /** `privatelink.REGION.azmk8s.io`, for the API server of a private cluster. */
    readonly cluster?: pulumi.Input<string>;
  };
}

export interface NetworkArgs extends NetworkDecisions {
  readonly resourceGroupName: pulumi.Input<string>;
  /** @default - the resource group's region */
  readonly location?: pulumi.Input<string>;
}

/**
 * The virtual network of a cluster: a subnet for nodes, and a NAT gateway so that outgoing traffic has one known address.
 *
 * The subnet has a service endpoint for Azure Storage, which NFS checkpoints need. Idle it costs the gateway, about 0.045 USD per hour.
 *
 * @example
 * const network = new Network("ai", { resourceGroupName });
 */
export class Network extends pulumi.ComponentResource implements NetworkRef {
  readonly nodeSubnetId: pulumi.Output<string>;
  /** The address that the cluster's traffic leaves from, for other people's allow lists. */
  readonly egressAddress: pulumi.Output<string | undefined>;
  readonly virtualNetwork: network.VirtualNetwork;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planNetwork(name, args);
    super("aks-fine-tuning:index:Network", name, { ...plan }, opts);
    const parent = { parent: this };
    const { resourceGroupName, location } = args;

    const address = new network.PublicIPAddress(
      `${name}-egress`,
      { resourceGroupName, location, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
      parent,
    );
    const gateway = new network.NatGateway(
      `${name}-egress`,
      { resourceGroupName, location, sku: { name: "Standard" }, publicIpAddresses: [{ id: address.id }], idleTimeoutInMinutes: 30 },
      parent,
    );
    this.virtualNetwork = new network.VirtualNetwork(
      name,
      { resourceGroupName, location, addressSpace: { addressPrefixes: [plan.addressSpace] } },
      // Subnets are resources of their own; the network's own list would fight with them.
      { parent: this, ignoreChanges: ["subnets"] },
    );
    const subnet = new network.Subnet(
      `${name}-nodes`,
      {
        resourceGroupName,
        virtualNetworkName: this.virtualNetwork.name,
        subnetName: "nodes",
        addressPrefix: plan.nodeRange,
        natGateway: { id: gateway.id },
        serviceEndpoints: [{ service: "Microsoft.Storage" }],
      },
      parent,
    );

    this.nodeSubnetId = subnet.id;
    this.egressAddress = address.ipAddress;
    this.registerOutputs({ nodeSubnetId: this.nodeSubnetId, egressAddress: this.egressAddress });
  }
}
