import type { JsonObject } from "../../values";
import { addressRange, contains, overlaps } from "./address-ranges";
import { parentId } from "../arm-ids";
import { ArmError } from "../arm-error";
import { stableGuid } from "../autonaming";
import { objectsAt, textAt, textsAt } from "../json";
import type { TypeRules, Write } from "../rules";
import type { ResourceRecord } from "../state";

const SUBNET = "azure-native:network:Subnet";

export const virtualNetworkRules: TypeRules = {
  validate: (write) => {
    const subnets = objectsAt(write.inputs, "subnets");
    subnets.forEach((subnet, index) => {
      validateSubnet(
        { name: textAt(subnet, "name") ?? "", prefixes: prefixesOf(subnet) },
        { name: write.name, prefixes: textsAt(write.inputs, "addressSpace.addressPrefixes") },
        subnets.slice(0, index).map((other) => ({ name: textAt(other, "name") ?? "", prefixes: prefixesOf(other) })),
      );
    });
  },
  outputs: ({ id, inputs }) => ({
    resourceGuid: stableGuid(id),
    enableDdosProtection: inputs["enableDdosProtection"] ?? false,
    virtualNetworkPeerings: inputs["virtualNetworkPeerings"] ?? [],
    // Inline subnets only. Those declared on their own show in Azure's answer too, but azure-native takes them out
    // again (removeUnsetSubResourceProperties in provider.go).
    subnets: objectsAt(inputs, "subnets").map((subnet) =>
      subnetOutputs(subnet, `${id}/subnets/${textAt(subnet, "name") ?? ""}`),
    ),
  }),
};

function subnetOutputs(subnet: JsonObject, id: string): JsonObject {
  return {
    privateEndpointNetworkPolicies: "Disabled",
    privateLinkServiceNetworkPolicies: "Enabled",
    ...subnet,
    id,
    provisioningState: "Succeeded",
  };
}

/** Subnets are written into their network one after another. Wording: pulumi/pulumi-azure-native issue 1024. */
export const subnetRules: TypeRules = {
  milliseconds: 100,
  exclusive: (id) => ({
    id: parentId(id) ?? id,
    refusal: () =>
      new ArmError(
        409,
        "AnotherOperationInProgress",
        `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: ${id}.`,
      ),
  }),
  validate: (write) => {
    requireReferences(write);
    const network = write.world.state.get(parentId(write.id) ?? "");
    const siblings = write.world.state
      .inside(network?.id ?? "")
      .filter((other) => other.type === SUBNET && other.id.toLowerCase() !== write.id.toLowerCase())
      .map((other) => ({ name: other.name, prefixes: prefixesOf(other.outputs) }));
    validateSubnet(
      { name: write.name, prefixes: prefixesOf(write.inputs) },
      { name: network?.name ?? "", prefixes: textsAt(network?.outputs, "addressSpace.addressPrefixes") },
      siblings,
    );
  },
  validateDelete: (record, world) => {
    const user = world.state.all().find((other) => usesSubnet(other, record.id));
    if (user) {
      throw new ArmError(
        400,
        "InUseSubnetCannotBeDeleted",
        `Subnet ${record.name} is in use by ${user.id} and cannot be deleted. ` +
          "In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
      );
    }
  },
};

function usesSubnet(record: ResourceRecord, subnetId: string): boolean {
  const used = [
    textAt(record.outputs, "vnetSubnetID"),
    textAt(record.outputs, "podSubnetID"),
    textAt(record.outputs, "apiServerAccessProfile.subnetId"),
    ...objectsAt(record.outputs, "agentPoolProfiles").map((pool) => textAt(pool, "vnetSubnetID")),
    ...(record.type === "azure-native:network:PrivateEndpoint" ? [textAt(record.outputs, "subnet.id")] : []),
  ];
  return used.some((id) => id?.toLowerCase() === subnetId.toLowerCase());
}

/** What a subnet names must be there, if it is in this subscription. */
function requireReferences({ id, inputs, world }: Write): void {
  const missing = ["natGateway", "networkSecurityGroup", "routeTable"]
    .map((property) => textAt(inputs, `${property}.id`))
    .find((other) => other?.startsWith(`/subscriptions/${world.subscriptionId}/`) && !world.state.get(other));
  if (missing === undefined) return;
  throw new ArmError(
    400,
    "InvalidResourceReference",
    `Resource ${missing} referenced by resource ${id} was not found. Please make sure that the referenced resource exists.`,
  );
}

interface Prefixed {
  readonly name: string;
  readonly prefixes: readonly string[];
}

function prefixesOf(subnet: JsonObject): readonly string[] {
  const single = textAt(subnet, "addressPrefix");
  return single === undefined ? textsAt(subnet, "addressPrefixes") : [single];
}

function validateSubnet(subnet: Prefixed, network: Prefixed, siblings: readonly Prefixed[]): void {
  const space = network.prefixes.map(addressRange).filter((range) => range !== undefined);
  for (const prefix of subnet.prefixes) {
    const range = addressRange(prefix);
    if (!range) throw new ArmError(400, "InvalidCIDRNotation", `The address prefix ${prefix} is not in CIDR notation.`);
    // learn.microsoft.com/azure/virtual-network/virtual-networks-faq: /29 is the smallest.
    if (range.last - range.first < 7) {
      throw new ArmError(400, "InvalidRequestFormat", `Subnet '${subnet.name}' is smaller than /29, the smallest that Azure takes.`);
    }
    if (!space.some((outer) => contains(outer, range))) {
      throw new ArmError(
        400,
        "NetcfgSubnetRangeOutsideVnet",
        `Subnet '${subnet.name}' is not valid because its IP address range is outside the IP address range of ` +
          `virtual network '${network.name}'.`,
      );
    }
    const others = siblings.flatMap((sibling) => sibling.prefixes.map(addressRange));
    if (others.some((other) => other && overlaps(other, range))) {
      throw new ArmError(
        400,
        "NetcfgSubnetRangesOverlap",
        `Subnet '${subnet.name}' is not valid because its IP address range overlaps with that of an existing subnet in ` +
          `virtual network '${network.name}'.`,
      );
    }
  }
}

export const natGatewayRules: TypeRules = {
  outputs: ({ id, inputs }) => ({
    resourceGuid: stableGuid(id),
    idleTimeoutInMinutes: inputs["idleTimeoutInMinutes"] ?? 4,
  }),
  validateDelete: (record, world) => {
    const subnet = world.state
      .ofType(SUBNET)
      .find((other) => sameId(textAt(other.outputs, "natGateway.id"), record.id));
    if (subnet) {
      throw new ArmError(
        400,
        "InUseNatGatewayCannotBeDeleted",
        `NAT gateway ${record.name} is in use by subnet ${subnet.id} and cannot be deleted.`,
      );
    }
  },
};

export const publicAddressRules: TypeRules = {
  validate: ({ inputs }) => {
    const basic = textAt(inputs, "sku.name") !== "Standard";
    if (!basic && textAt(inputs, "publicIPAllocationMethod") !== "Static") {
      throw new ArmError(
        400,
        "StandardSkuPublicIPAddressesMustBeStatic",
        "Standard sku public IP addresses must have allocation method set to Static.",
      );
    }
  },
  // 203.0.113.0/24 is reserved for documentation: no such address leads anywhere.
  outputs: ({ id, inputs }) => ({
    resourceGuid: stableGuid(id),
    idleTimeoutInMinutes: inputs["idleTimeoutInMinutes"] ?? 4,
    publicIPAddressVersion: inputs["publicIPAddressVersion"] ?? "IPv4",
    ipAddress: `203.0.113.${1 + (parseInt(stableGuid(id).slice(0, 6), 16) % 253)}`,
  }),
  validateDelete: (record, world) => {
    const user = world.state
      .ofType("azure-native:network:NatGateway")
      .find((gateway) =>
        objectsAt(gateway.outputs, "publicIpAddresses").some((ip) => sameId(textAt(ip, "id"), record.id)),
      );
    if (user) {
      throw new ArmError(
        400,
        "PublicIPAddressCannotBeDeleted",
        `Public IP address ${record.id} can not be deleted since it is still allocated to resource ${user.id}.`,
      );
    }
  },
};

export function sameId(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
