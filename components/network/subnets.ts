import { NatGateway } from "@pulumi/azure-native/network/natGateway";
import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress";
import { Subnet } from "@pulumi/azure-native/network/subnet";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkPlan } from "../plan/network";
import { endpointRules, nodeRules, type SecurityRule } from "../plan/network/security-rules";

interface Place {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location?: pulumi.Input<string>;
  readonly tags: Record<string, pulumi.Input<string>>;
}

interface SubnetPlace extends Place {
  readonly virtualNetworkName: pulumi.Input<string>;
}

/** One public address that all outgoing traffic leaves from. */
export function natGateway(parent: pulumi.Resource, name: string, place: Place) {
  const address = new PublicIPAddress(
    `${name}-egress`,
    { ...place, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
    { parent },
  );
  const gateway = new NatGateway(
    `${name}-egress`,
    { ...place, sku: { name: "Standard" }, publicIpAddresses: [{ id: address.id }], idleTimeoutInMinutes: 30 },
    { parent },
  );
  return { address, gateway };
}

/** Through the gateway or through a route table, and with a service endpoint for NFS shares. */
export function nodeSubnet(
  parent: pulumi.Resource,
  name: string,
  plan: NetworkPlan,
  place: SubnetPlace & { readonly natGatewayId?: pulumi.Input<string>; readonly routeTableId?: pulumi.Input<string> },
): Subnet {
  const { resourceGroupName, virtualNetworkName, natGatewayId, routeTableId } = place;
  const group = plan.securityGroups ? securityGroup(parent, `${name}-nodes`, nodeRules(plan.nodeRange, plan.podRange), place) : undefined;
  return new Subnet(
    `${name}-nodes`,
    {
      resourceGroupName,
      virtualNetworkName,
      subnetName: "nodes",
      addressPrefix: plan.nodeRange,
      ...(natGatewayId === undefined ? {} : { natGateway: { id: natGatewayId } }),
      ...(routeTableId === undefined ? {} : { routeTable: { id: routeTableId } }),
      ...(group ? { networkSecurityGroup: { id: group.id } } : {}),
      serviceEndpoints: [{ service: "Microsoft.Storage" }],
    },
    { parent },
  );
}

/** Private endpoints only; no node ever lives there. */
export function endpointSubnet(
  parent: pulumi.Resource,
  name: string,
  plan: { readonly range: string; readonly securityGroups: boolean; readonly after: pulumi.Resource },
  place: SubnetPlace,
): Subnet {
  const { resourceGroupName, virtualNetworkName } = place;
  const group = plan.securityGroups ? securityGroup(parent, `${name}-endpoints`, endpointRules(plan.range), place) : undefined;
  return new Subnet(
    `${name}-endpoints`,
    {
      resourceGroupName,
      virtualNetworkName,
      subnetName: "endpoints",
      addressPrefix: plan.range,
      // Without this, rules do not apply to private endpoints: https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
      privateEndpointNetworkPolicies: group ? "NetworkSecurityGroupEnabled" : "Disabled",
      ...(group ? { networkSecurityGroup: { id: group.id } } : {}),
    },
    // Azure writes one subnet of a network at a time: https://github.com/pulumi/pulumi-azure-native/issues/1024
    { parent, dependsOn: [plan.after] },
  );
}

function securityGroup(parent: pulumi.Resource, name: string, rules: readonly SecurityRule[], place: Place): NetworkSecurityGroup {
  const { resourceGroupName, location, tags } = place;
  const securityRules = rules.map((rule) => ({
    ...rule,
    sourceAddressPrefixes: rule.sourceAddressPrefixes && [...rule.sourceAddressPrefixes],
    destinationAddressPrefixes: rule.destinationAddressPrefixes && [...rule.destinationAddressPrefixes],
    destinationPortRanges: rule.destinationPortRanges && [...rule.destinationPortRanges],
  }));
  return new NetworkSecurityGroup(name, { resourceGroupName, location, tags, securityRules }, { parent });
}
