import { contains, parseRange } from "../../../components/plan/network/address-ranges";
import type { Resource } from "../../resources/resource";
import { at, hasUnknown, isEmpty, list, textOf, type Value } from "../../resources/value";
import type { Rule } from "../../rule";
import { rule } from "../settings";

/** Where nodes answer for their identity and platform: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 */
const PLATFORM = ["169.254.169.254", "168.63.129.16"];

/** What pods may reach. */
export const POLICY_RULES: readonly Rule[] = [
  rule(["kubernetes:networking:NetworkPolicy"], metadataFaults, {
    ...{ name: "egress-spares-metadata", severity: "high" },
    description: "No network policy lets pods reach the addresses from which a node gets its identity: a pod that does acts as the node",
    remediation: `add 169.254.169.254/32 and 168.63.129.16/32 to ipBlock.except, as Team's policies do (Team: network.allowedEgress)`,
    url: "https://learn.microsoft.com/azure/aks/imds-restriction",
  }),
];

function metadataFaults({ props }: Resource): readonly string[] {
  return list(at(props, "spec.egress")).flatMap((egress, index) => {
    const to = at(egress, "to");
    const ports = at(egress, "ports");
    if (hasUnknown(egress) || !reachesHttp(ports)) return [];
    if (isEmpty(to)) return [`spec.egress[${index}] reaches every address`];
    return PLATFORM.filter((address) => list(to).some((peer) => reaches(peer, address))).map((address) => `spec.egress[${index}] reaches ${address}`);
  });
}

/** The platform's addresses answer on port 80 and on 32526; rules of other ports, such as DNS, reach nothing there. */
function reachesHttp(ports: Value): boolean {
  if (isEmpty(ports)) return true;
  return list(ports).some((port) => {
    const first = Number(at(port, "port") ?? 0);
    const last = Number(at(port, "endPort") ?? (at(port, "port") === undefined ? 65_535 : first));
    return [80, 32_526].some((open) => first <= open && open <= last);
  });
}

function reaches(peer: Value, address: string): boolean {
  const target = parseRange(`${address}/32`);
  const inside = (range: Value): boolean => {
    const outer = parseRange(textOf(range) ?? "");
    return outer !== undefined && target !== undefined && contains(outer, target);
  };
  return inside(at(peer, "ipBlock.cidr")) && !list(at(peer, "ipBlock.except")).some(inside);
}
