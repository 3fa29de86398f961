import { PrivateDnsZoneGroup } from "@pulumi/azure-native/network/privateDnsZoneGroup";
import { PrivateEndpoint } from "@pulumi/azure-native/network/privateEndpoint";
import type * as pulumi from "@pulumi/pulumi";
import type { PrivateEndpointsRef } from "../network";

/** What gets an address inside a network, and under which of the network's zones. */
export interface EndpointTarget {
  readonly resourceGroupName: pulumi.Input<string>;
  /** @default - the resource group's region */
  readonly location?: pulumi.Input<string>;
  readonly tags: Record<string, pulumi.Input<string>>;
  readonly id: pulumi.Input<string>;
  /** Part of the target: https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource */
  readonly group: string;
  readonly zone: keyof PrivateEndpointsRef["zones"];
  /** @default - the group */
  readonly connection?: string;
  /** What must be finished first. */
  readonly after?: readonly pulumi.Resource[];
}

/**
 * An address of the target inside the network, and its name there unless somebody else, a hub's policy for example, registers it. What is given
 * has to stand, in this order, before the name leads to the target.
 */
export function privateEndpoint(
  parent: pulumi.Resource,
  name: string,
  { subnetId, zones }: PrivateEndpointsRef,
  target: EndpointTarget,
): readonly [pulumi.CustomResource, ...pulumi.CustomResource[]] {
  const { resourceGroupName, location, tags, id, group, connection = group, zone, after = [] } = target;
  const endpoint = new PrivateEndpoint(
    name,
    {
      resourceGroupName,
      location,
      tags,
      subnet: { id: subnetId },
      privateLinkServiceConnections: [{ name: connection, privateLinkServiceId: id, groupIds: [group] }],
    },
    { parent, dependsOn: [...after] },
  );
  const privateDnsZoneId = zones[zone];
  if (privateDnsZoneId === undefined) return [endpoint];
  const names = new PrivateDnsZoneGroup(
    name,
    {
      resourceGroupName,
      privateEndpointName: endpoint.name,
      privateDnsZoneGroupName: "default",
      privateDnsZoneConfigs: [{ name: zone, privateDnsZoneId }],
    },
    { parent },
  );
  return [endpoint, names];
}
