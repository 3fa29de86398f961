import { type AddressRange, contains, overlap, parseRange } from "./address-ranges";
import type { Problem } from "../refuse";

/** Ranges that no network of a cluster may touch, and whose they are. */
const RESERVED: Readonly<Record<string, string>> = {
  // https://learn.microsoft.com/azure/aks/azure-cni-overview#prerequisites
  "169.254.0.0/16": "link-local addresses, where nodes ask for their identity",
  "172.30.0.0/16": "AKS",
  "172.31.0.0/16": "AKS",
  "192.0.2.0/24": "AKS",
  // https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
  "168.63.129.16/32": "Azure's own DNS and health probes",
  "224.0.0.0/4": "multicast",
  "255.255.255.255/32": "broadcast",
  "127.0.0.0/8": "loopback",
};

/** RFC 1918, and RFC 6598 between carriers and their customers, which Azure routes privately too. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** A range that Azure keeps or that belongs to somebody on the Internet, none or one problem; a malformed one is left to `rangeProblems`. */
export function reservedProblems(code: Problem["code"], path: string, text: string): Problem[] {
  const range = parseRange(text);
  if (!range) return [];
  const fix = 'use a private range, for example "10.100.0.0/16"';
  const taken = Object.keys(RESERVED).find((reserved) => touches(reserved, range));
  if (taken !== undefined) {
    return [{ code, path, got: text, rule: `overlaps ${taken}, which is kept for ${RESERVED[taken] ?? "others"}`, fix }];
  }
  if (PRIVATE.some((block) => holds(block, range))) return [];
  return [{ code, path, got: text, rule: `is not inside one of the private blocks ${PRIVATE.join(", ")}`, fix }];
}

function touches(block: string, range: AddressRange): boolean {
  const parsed = parseRange(block);
  return parsed !== undefined && overlap(parsed, range);
}

function holds(block: string, range: AddressRange): boolean {
  const parsed = parseRange(block);
  return parsed !== undefined && contains(parsed, range);
}

/** Azure keeps the first four addresses and the last one of each subnet: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
export const AZURE_KEEPS = 5;

/** A subnet too small for what must fit, none or one problem. */
export function sizeProblems(code: Problem["code"], path: string, text: string, longestPrefix: number): Problem[] {
  const range = parseRange(text);
  if (!range || range.prefix <= longestPrefix) return [];
  const usable = (prefix: number): number => Math.max(2 ** (32 - prefix) - AZURE_KEEPS, 0);
  const rule = `has ${usable(range.prefix)} usable addresses, as Azure keeps ${AZURE_KEEPS} of each subnet; at least ${usable(longestPrefix)} are needed`;
  return [{ code, path, got: text, rule, fix: `use /${longestPrefix} or larger` }];
}
