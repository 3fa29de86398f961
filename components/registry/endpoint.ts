import { PrivateDnsZoneGroup } from "@pulumi/azure-native/network/privateDnsZoneGroup";
import { PrivateEndpoint } from "@pulumi/azure-native/network/privateEndpoint";
import type * as pulumi from "@pulumi/pulumi";
import type { PrivateEndpointsRef } from "../network";

export interface EndpointPlace {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location?: pulumi.Input<string>;
  readonly tags: Record<string, pulumi.Input<string>>;
  readonly registryId: pulumi.Input<string>;
  /** What must be finished first: the last replica, as the endpoint takes an address for each. */
  readonly after: pulumi.Resource[];
}

/** The registry's address inside a network, and its name there. Gives what to wait for before the name leads to it. */
export function privateEndpoint(
  parent: pulumi.Resource,
  name: string,
  { subnetId, zones }: PrivateEndpointsRef,
  place: EndpointPlace,
): pulumi.CustomResource {
  const { resourceGroupName, location, tags, registryId, after } = place;
  const endpoint = new PrivateEndpoint(
    name,
    {
      resourceGroupName,
      location,
      tags,
      subnet: { id: subnetId },
      privateLinkServiceConnections: [{ name: "registry", privateLinkServiceId: registryId, groupIds: ["registry"] }],
    },
    { parent, dependsOn: after },
  );
  if (zones.registry === undefined) return endpoint;
  return new PrivateDnsZoneGroup(
    name,
    {
      resourceGroupName,
      privateEndpointName: endpoint.name,
      privateDnsZoneGroupName: "default",
      privateDnsZoneConfigs: [{ name: "registry", privateDnsZoneId: zones.registry }],
    },
    { parent },
  );
}
