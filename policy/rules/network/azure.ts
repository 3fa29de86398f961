import type { Parameters } from "../../parameters";
import type { Resource } from "../../resources/resource";
import { at, hasUnknown, is, isEmpty, isNot, list, shown, textOf, type Value } from "../../resources/value";
import type { Rule } from "../../rule";
import { rule } from "../settings";
import { psrule } from "../sources";

const GROUP = "azure-native:network:NetworkSecurityGroup";
const SECURITY_RULE = "azure-native:network:SecurityRule";
const SUBNET = "azure-native:network:Subnet";
/** Subnets of Azure's own services, which take no group: https://learn.microsoft.com/azure/virtual-network/virtual-network-for-azure-services */
const OWN_SUBNETS = ["GatewaySubnet", "AzureFirewallSubnet", "AzureFirewallManagementSubnet", "RouteServerSubnet"];
const EVERYWHERE = ["*", "Internet", "Any", "0.0.0.0/0", "::/0"];
/** Ports of administration, which are never for everybody. */
const ADMINISTRATION = [22, 3389, 5985, 5986];

/** Networks and places. */
export const AZURE_NETWORK_RULES: readonly Rule[] = [
  rule([GROUP, SECURITY_RULE], openFaults, {
    ...{ name: "security-rule-not-open", severity: "critical", ids: ["Azure.NSG.AnyInboundSource", "CKV_AZURE_9", "CKV_AZURE_10"] },
    description: "No security rule lets the whole Internet reach every port, or a port of administration",
    remediation: "name sources in sourceAddressPrefix and ports in destinationPortRanges, as Network's groups do (Network: securityGroups)",
    url: psrule("NSG.AnyInboundSource"),
  }),
  rule([SUBNET], ({ props }) => groupFaults(props), {
    ...{ name: "subnet-security-group", severity: "medium", production: true, ids: ["Azure.VNET.UseNSGs", "CKV2_AZURE_31"] },
    description: "A production subnet has a security group",
    remediation: "set networkSecurityGroup (Network: securityGroups)",
    url: psrule("VNET.UseNSGs"),
  }),
  rule(["azure-native:*"], ({ props }, { allowedLocations }: Parameters) => placeFaults(at(props, "location"), allowedLocations), {
    ...{ name: "allowed-location", severity: "high", ids: ["Azure.Resource.AllowedRegions"] },
    description: "Azure resources are in regions of the parameter allowedLocations; an empty list allows any",
    remediation: "set location to an allowed region, or have the list extended",
    url: psrule("Resource.AllowedRegions"),
  }),
];

function openFaults({ kind, props }: Resource): readonly string[] {
  if (kind === SECURITY_RULE) return isOpen(props) ? [`it allows ${portsOf(props)} from everywhere`] : [];
  return list(at(props, "securityRules")).flatMap((each) => (isOpen(each) ? [`the rule ${shown(at(each, "name"))} allows ${portsOf(each)} from everywhere`] : []));
}

function isOpen(each: Value): boolean {
  const inbound = is(at(each, "access"), "Allow") && is(at(each, "direction"), "Inbound");
  const sources: readonly Value[] = [at(each, "sourceAddressPrefix"), ...list(at(each, "sourceAddressPrefixes"))];
  const everywhere = sources.some((source) => is(source, ...EVERYWHERE));
  return inbound && everywhere && ports(each).some((port) => isForNobody(textOf(port) ?? ""));
}

function ports(each: Value): readonly Value[] {
  return [at(each, "destinationPortRange"), ...list(at(each, "destinationPortRanges"))];
}

function portsOf(each: Value): string {
  return `ports ${ports(each).flatMap((port) => (hasUnknown(port) ? [] : textOf(port) ?? [])).join(", ")}`;
}

function isForNobody(range: string): boolean {
  if (range === "*") return true;
  const [first = Number.NaN, last = first] = range.split("-").map(Number);
  return ADMINISTRATION.some((port) => first <= port && port <= last);
}

function groupFaults(props: Value): readonly string[] {
  const name = at(props, "subnetName");
  const free = is(name, ...OWN_SUBNETS) || hasUnknown(name);
  return !free && isEmpty(at(props, "networkSecurityGroup")) ? ["networkSecurityGroup is not set"] : [];
}

function placeFaults(location: Value, allowed: readonly string[]): readonly string[] {
  const known = textOf(location)?.toLowerCase().replaceAll(" ", "");
  // Names of services that are everywhere: https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-group-location-alignment
  if (allowed.length === 0 || known === undefined || known === "global") return [];
  return isNot(known, ...allowed.map((each) => each.toLowerCase().replaceAll(" ", ""))) ? [`location is ${shown(location)}`] : [];
}

