import { overlap, parseRange } from "../network/address-ranges";
import type { Problem } from "../refuse";

/** Who reaches the registry: everybody who may log in, those at listed addresses too, or private endpoints alone. */
export type Reach = "everywhere" | "listed" | "private";

export interface ReachDecisions {
  /** Whether the registry answers on the Internet, to logins alone. @default - false in production, unless `allowedIpRanges` is given */
  readonly publicNetwork?: boolean;
  /**
   * Public IPv4 addresses and ranges from which the registry answers on the Internet, while it refuses all others. Needs Premium.
   * @default - none
   */
  readonly allowedIpRanges?: readonly string[];
}

export function reachOf({ publicNetwork, allowedIpRanges = [] }: ReachDecisions, production: boolean): Reach {
  if (allowedIpRanges.length > 0) return "listed";
  return (publicNetwork ?? !production) ? "everywhere" : "private";
}

/** https://learn.microsoft.com/azure/container-registry/container-registry-skus */
const MOST_RULES = 200;
/** https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks */
const NOT_PUBLIC = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"];

export function reachProblems(decisions: ReachDecisions, reach: Reach, privateEndpoints: boolean): Problem[] {
  const { publicNetwork, allowedIpRanges = [] } = decisions;
  return [
    ...(reach === "private" && !privateEndpoints ? [unreachable(publicNetwork)] : []),
    ...(publicNetwork === false && reach === "listed" ? [contradiction(allowedIpRanges)] : []),
    ...(allowedIpRanges.length > MOST_RULES ? [tooMany(allowedIpRanges.length)] : []),
    ...allowedIpRanges.flatMap((range, index) => allowedRangeProblems(range, index)),
  ];
}

function unreachable(publicNetwork: boolean | undefined): Problem {
  const because = publicNetwork === undefined ? "a production registry does not answer on the Internet unless it is told to" : "it does not answer on the Internet";
  return {
    code: "AKSFT-REG-02",
    path: "network",
    got: undefined,
    rule: `${because}, and there is no private endpoint to reach it by`,
    fix: "give network: a Network with private endpoints, list addresses in allowedIpRanges, or set publicNetwork: true",
  };
}

function contradiction(allowed: readonly string[]): Problem {
  const rule = "has no effect while publicNetwork is false";
  return { code: "AKSFT-REG-03", path: "allowedIpRanges", got: allowed, rule, fix: "remove one of the two; allowedIpRanges alone refuses every other address" };
}

function tooMany(count: number): Problem {
  return {
    code: "AKSFT-REG-06",
    path: "allowedIpRanges",
    got: `${count} ranges`,
    rule: `a registry takes at most ${MOST_RULES}`,
    fix: `remove ${count - MOST_RULES}, or join neighbours into larger ranges`,
  };
}

function allowedRangeProblems(text: string, index: number): Problem[] {
  const range = parseRange(text.includes("/") ? text : `${text}/32`);
  const inside = range && NOT_PUBLIC.find((block) => touches(block, text));
  const rule =
    range === undefined
      ? "is not an IPv4 address, or a range whose address is its first"
      : range.prefix === 0
        ? "the whole Internet is not a restriction; publicNetwork: true says so"
        : inside && `is not an address on the Internet, as ${inside} is private; private networks come in through a private endpoint`;
  if (rule === undefined) return [];
  return [{ code: "AKSFT-REG-06", path: `allowedIpRanges[${index}]`, got: text, rule, fix: 'list the public addresses you come from, for example "203.0.113.8/32"' }];
}

function touches(block: string, text: string): boolean {
  const [outer, inner] = [parseRange(block), parseRange(text.includes("/") ? text : `${text}/32`)];
  return outer !== undefined && inner !== undefined && overlap(outer, inner);
}
