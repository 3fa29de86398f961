import { PrivateZone as DnsZone } from "@pulumi/azure-native/privatedns/privateZone";
import { VirtualNetworkLink } from "@pulumi/azure-native/privatedns/virtualNetworkLink";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateEndpointsRef } from "../network";
import { type PrivateZone, PRIVATE_ZONES } from "../plan/network/private-zones";

export interface ZonePlace {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Record<string, pulumi.Input<string>>;
  /** Network that asks these zones for names. */
  readonly networkId: pulumi.Input<string>;
}

/** Private DNS zones and their links to the network. A network can be linked to one zone of a name only. */
export function privateZones(
  parent: pulumi.Resource,
  name: string,
  names: Readonly<Partial<Record<PrivateZone, string>>>,
  place: ZonePlace,
): PrivateEndpointsRef["zones"] {
  const made = PRIVATE_ZONES.flatMap((kind) => {
    const privateZoneName = names[kind];
    return privateZoneName === undefined ? [] : [[kind, linkedZone(parent, `${name}-${kind}`, privateZoneName, place)] as const];
  });
  return Object.fromEntries(made);
}

/**
 * The zone's id once the network asks it: AKS links a private cluster's zone to the cluster's network itself where nobody has (Azure/AKS#4841),
 * and a second link of the two is refused, so ours stands before any cluster of the zone.
 */
function linkedZone(parent: pulumi.Resource, name: string, privateZoneName: string, place: ZonePlace): pulumi.Output<string> {
  const { resourceGroupName, tags, networkId } = place;
  const common = { resourceGroupName, location: "Global", tags };
  const zone = new DnsZone(name, { ...common, privateZoneName }, { parent });
  const link = new VirtualNetworkLink(
    name,
    { ...common, privateZoneName: zone.name, virtualNetwork: { id: networkId }, registrationEnabled: false },
    { parent },
  );
  return pulumi.all([zone.id, link.id]).apply(([id]) => id);
}
