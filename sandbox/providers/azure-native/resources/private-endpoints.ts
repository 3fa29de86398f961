import { armType, lastSegment, parentId } from "../arm-ids";
import { ArmError } from "../arm-error";
import { stableGuid } from "../autonaming";
import { objectsAt, textAt, textsAt } from "../json";
import { sameId } from "./network";
import type { TypeRules, World, Write } from "../rules";
import type { ResourceRecord, StateStore } from "../state";
import { missing } from "../surroundings";

const ENDPOINT = "azure-native:network:PrivateEndpoint";
const ZONE_GROUP = "azure-native:network:PrivateDnsZoneGroup";
const CLUSTER = "azure-native:containerservice:ManagedCluster";
const LINK = "azure-native:privatedns:VirtualNetworkLink";

/** Private endpoints that lead to a resource. */
export function privateEndpointsOf(id: string, state: StateStore): readonly ResourceRecord[] {
  const leads = (endpoint: ResourceRecord) =>
    objectsAt(endpoint.outputs, "privateLinkServiceConnections").some((link) => sameId(textAt(link, "privateLinkServiceId"), id));
  return state.ofType(ENDPOINT).filter(leads);
}

export const privateEndpointRules: TypeRules = {
  milliseconds: 100,
  validate: (write) => {
    requirePresent(textAt(write.inputs, "subnet.id"), write);
    for (const connection of objectsAt(write.inputs, "privateLinkServiceConnections")) {
      const target = textAt(connection, "privateLinkServiceId");
      requirePresent(target, write);
      validateTarget(target ?? "", textsAt(connection, "groupIds"), write.world);
    }
  },
  outputs: ({ id, inputs, name }) => ({
    customDnsConfigs: [],
    networkInterfaces: [
      { id: `${parentGroup(id)}/providers/Microsoft.Network/networkInterfaces/${name}.nic.${stableGuid(id)}` },
    ],
    privateLinkServiceConnections: objectsAt(inputs, "privateLinkServiceConnections").map((connection) => ({
      ...connection,
      provisioningState: "Succeeded",
      privateLinkServiceConnectionState: { status: "Approved", description: "Auto-Approved", actionsRequired: "None" },
    })),
  }),
};

/** learn.microsoft.com/azure/container-registry/container-registry-private-link: Premium, and the one group "registry". */
function validateTarget(target: string, groups: readonly string[], { state }: World): void {
  if (armType(target).toLowerCase() !== "microsoft.containerregistry/registries") return;
  if (textAt(state.get(target)?.outputs, "sku.name") !== "Premium") {
    throw new ArmError(
      400,
      "LinkedServiceOperationFailed",
      `Private endpoints are not supported by the SKU of the registry ${lastSegment(target)}: it needs Premium.`,
    );
  }
  if (groups.length !== 1 || groups[0] !== "registry") {
    throw new ArmError(
      400,
      "GroupIdInvalid",
      `The group ids ${groups.join(", ")} are not those of ${lastSegment(target)}: it has registry.`,
    );
  }
}

/** What a resource names must be there, if it is in this subscription. Subnets may be declared with their network. */
function requirePresent(id: string | undefined, { world }: Write): void {
  if (id === undefined || !id.startsWith(`/subscriptions/${world.subscriptionId}/`) || world.state.get(id)) return;
  const inline = (record: ResourceRecord) => objectsAt(record.outputs, "subnets").some((subnet) => sameId(textAt(subnet, "id"), id));
  if (!world.state.all().some(inline)) throw missing(id);
}

function parentGroup(id: string): string {
  return id.slice(0, id.toLowerCase().indexOf("/providers/"));
}

/** learn.microsoft.com/azure/private-link/private-endpoint-dns-integration: one group an endpoint, with zones that exist. */
export const zoneGroupRules: TypeRules = {
  validate: (write) => {
    const { id, inputs, world } = write;
    const other = world.state
      .inside(parentId(id) ?? "")
      .find((record) => record.type === ZONE_GROUP && !sameId(record.id, id));
    if (other) {
      throw new ArmError(
        400,
        "MultiplePrivateDnsZoneGroupsNotAllowed",
        `The private endpoint ${lastSegment(parentId(id) ?? "")} has the DNS zone group ${other.name}, the one that it can have.`,
      );
    }
    for (const config of objectsAt(inputs, "privateDnsZoneConfigs")) requirePresent(textAt(config, "privateDnsZoneId"), write);
  },
};

/** learn.microsoft.com/azure/dns/private-dns-virtual-network-links: a network is linked once to a zone of one name. */
export const privateLinkRules: TypeRules = {
  validate: ({ id, inputs, before, world }) => {
    const zoneId = parentId(id) ?? "";
    const zone = lastSegment(zoneId).toLowerCase();
    const networkId = textAt(inputs, "virtualNetwork.id") ?? "";
    if (!before && isLinkedByCluster(zoneId, networkId, world.state)) throw alreadyLinked(zone, "the link that AKS made for its cluster");
    const same = world.state
      .ofType(LINK)
      .filter((other) => !sameId(other.id, id) && sameId(textAt(other.outputs, "virtualNetwork.id"), networkId))
      .find((other) => lastSegment(parentId(other.id) ?? "").toLowerCase() === zone);
    if (same) throw alreadyLinked(zone, `'${same.name}'`);
  },
  outputs: ({ inputs }) => ({
    registrationEnabled: inputs["registrationEnabled"] ?? false,
    virtualNetworkLinkState: "Completed",
  }),
};

function alreadyLinked(zone: string, by: string): ArmError {
  return new ArmError(409, "Conflict", `The virtual network is already linked to a private DNS zone '${zone}' by ${by}.`);
}

/** AKS links the zone of a private cluster to the network of its nodes where nobody has before (Azure/AKS issues 2711 and 4841). */
function isLinkedByCluster(zoneId: string, networkId: string, state: StateStore): boolean {
  return state.ofType(CLUSTER).some(
    ({ outputs }) =>
      sameId(textAt(outputs, "apiServerAccessProfile.privateDNSZone"), zoneId) &&
      objectsAt(outputs, "agentPoolProfiles").some((pool) => sameId(parentId(textAt(pool, "vnetSubnetID") ?? ""), networkId)),
  );
}

/** learn.microsoft.com/azure/dns/private-dns-privatednszone: links go first. */
export const privateZoneRules: TypeRules = {
  outputs: () => ({ maxNumberOfRecordSets: 25_000, maxNumberOfVirtualNetworkLinks: 1000 }),
  validateDelete: (record, { state }) => {
    const link = state.inside(record.id).find((other) => other.type === LINK);
    if (link) {
      throw new ArmError(
        409,
        "CannotDeleteResource",
        `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${link.id}'.`,
      );
    }
  },
};
