import { shortHash } from "../digest";
import type { Problem } from "../refuse";

/** What azure-native adds to a name that it chooses: eight hexadecimal characters. */
const ADDED = 8;
const LONGEST_CLUSTER = 63;
/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules, and 44 for data collection endpoints */
const LONGEST_CHILD = 44;
/** PSRule Azure.AKS.DNSPrefix */
const LONGEST_PREFIX = 54;
const PREFIX = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/;

/** The cluster's name in Azure where the program has to choose it: none while azure-native's addition fits. */
export function chosenClusterName(name: string): string | undefined {
  return name.length + ADDED > LONGEST_CLUSTER ? name : undefined;
}

/** First part of the API server's address, where none is given: the name without what DNS does not know. */
export function defaultDnsPrefix(name: string): string {
  const trimmed = name.replace(/[^a-zA-Z0-9-]/g, "-").slice(0, LONGEST_PREFIX);
  return trimmed.replace(/^-+|-+$/g, "");
}

export function dnsPrefixProblems(prefix: string | undefined): Problem[] {
  if (prefix === undefined || (prefix.length <= LONGEST_PREFIX && PREFIX.test(prefix))) return [];
  const rule = `needs 1 to ${LONGEST_PREFIX} letters, digits and hyphens, with a letter or digit at both ends, has ${prefix.length} characters`;
  return [{ code: "AKSFT-CLUSTER-28", path: "dnsPrefix", got: prefix, rule, fix: `use for example "${defaultDnsPrefix(prefix) || "cluster"}"` }];
}

/** Name in Azure of a resource beside the cluster where azure-native's own choice would not be allowed: underscores, or too long. */
export function chosenChildName(logicalName: string): string | undefined {
  if (logicalName.length + ADDED <= LONGEST_CHILD && !logicalName.includes("_")) return undefined;
  return `${logicalName.replaceAll("_", "-").slice(0, LONGEST_CHILD - ADDED - 1)}-${shortHash(logicalName, ADDED)}`;
}
