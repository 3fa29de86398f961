import { parseRange } from "../network/address-ranges";
import type { Environment } from "../environment";
import type { Problem } from "../refuse";

interface ApiServerAccess {
  readonly environment: Environment;
  readonly privateApiServer: boolean;
  readonly authorizedIpRanges: readonly string[];
}

/** https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges */
const MOST_RANGES = 200;
/** AKS's word for "the cluster's own outgoing address", which it takes alone only (Azure/terraform-azurerm-aks#378). */
const OWN_EGRESS = "0.0.0.0/32";
/** Nobody holds more than IANA gives out at once: https://www.iana.org/assignments/ipv4-address-space */
const WIDEST_PREFIX = 8;
const EXAMPLE = "203.0.113.8/32";

/** Who may reach the API server: PSRule Azure.AKS.AuthorizedIPs, CKV_AZURE_6 and CKV_AZURE_115. */
export function apiServerProblems(access: ApiServerAccess): Problem[] {
  const { authorizedIpRanges, privateApiServer } = access;
  return [
    ...authorizedIpRanges.flatMap((range, index) => rangeProblems(range, index)),
    ...countProblems(authorizedIpRanges),
    ...aloneProblems(authorizedIpRanges),
    ...(privateApiServer ? exclusiveProblems(authorizedIpRanges) : openProblems(access)),
  ];
}

function rangeProblems(range: string, index: number): Problem[] {
  const path = `authorizedIpRanges[${index}]`;
  const parsed = parseRange(range.includes("/") ? range : `${range}/32`);
  const fix = `list the addresses you come from, for example "${EXAMPLE}"`;
  if (!parsed) return [{ code: "AKSFT-CLUSTER-03", path, got: range, rule: "is not an IPv4 address or range", fix }];
  if (parsed.prefix === 0) return [{ code: "AKSFT-CLUSTER-03", path, got: range, rule: "the whole Internet is not a restriction", fix }];
  if (parsed.prefix >= WIDEST_PREFIX) return [];
  const rule = `no network is wider than /${WIDEST_PREFIX}, so this lets strangers in`;
  return [{ code: "AKSFT-CLUSTER-03", path, got: range, rule, fix }];
}

function countProblems({ length }: readonly string[]): Problem[] {
  if (length <= MOST_RANGES) return [];
  const rule = `AKS takes at most ${MOST_RANGES} ranges`;
  return [{ code: "AKSFT-CLUSTER-03", path: "authorizedIpRanges", got: `${length} ranges`, rule, fix: `merge neighbours, or remove ${length - MOST_RANGES}` }];
}

function aloneProblems(ranges: readonly string[]): Problem[] {
  const index = ranges.findIndex((range) => range === OWN_EGRESS || range === "0.0.0.0");
  if (index < 0 || ranges.length === 1) return [];
  const rule = `${OWN_EGRESS} stands for the cluster's own outgoing address and AKS takes it alone only`;
  return [{ code: "AKSFT-CLUSTER-03", path: `authorizedIpRanges[${index}]`, got: ranges[index], rule, fix: "remove it, or the other ranges" }];
}

/** Azure answers "Private cluster cannot be enabled with AuthorizedIPRanges" (aquasecurity/tfsec#571). */
function exclusiveProblems(ranges: readonly string[]): Problem[] {
  if (ranges.length === 0) return [];
  const rule = "a private API server has no public address that ranges could guard, and Azure refuses both together";
  return [{ code: "AKSFT-CLUSTER-07", path: "authorizedIpRanges", got: ranges, rule, fix: "remove authorizedIpRanges, or privateApiServer" }];
}

function openProblems({ environment, authorizedIpRanges }: ApiServerAccess): Problem[] {
  if (environment !== "production" || authorizedIpRanges.length > 0) return [];
  return [
    {
      code: "AKSFT-CLUSTER-06",
      path: "authorizedIpRanges",
      got: authorizedIpRanges,
      rule: "in production the API server is reached from at least 1 listed range, or from inside the network only",
      fix: `list the addresses you come from, for example ["${EXAMPLE}"], or set privateApiServer: true; environment "development" leaves it open`,
    },
  ];
}
