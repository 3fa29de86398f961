import type { Problem } from "../refuse";

/** An IPv4 range by its first and last address as numbers. */
export interface AddressRange {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

/** Decimal without leading zeros, which some parsers read as octal. */
const DOTTED_RANGE = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\/(0|[1-9]\d?)$/;

/** Reads `10.0.0.0/16`; undefined when it is malformed or its address is not the first of the range. */
export function parseRange(text: string): AddressRange | undefined {
  const match = DOTTED_RANGE.exec(text);
  if (!match) return undefined;
  const [prefix = 0, ...octets] = [match[5], ...match.slice(1, 5)].map(Number);
  if (prefix > 32 || octets.some((octet) => octet > 255)) return undefined;
  const first = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { text, first, last: first + size - 1, prefix } : undefined;
}

export function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** Dotted text of an address given as a number. */
export function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

/** The first range of the size inside `outer` that overlaps none of the taken ones; undefined where there is no room. */
export function freeRange(outer: AddressRange, taken: readonly AddressRange[], prefix: number): string | undefined {
  if (prefix < outer.prefix || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  // A free range that starts anywhere can be moved down until it touches the start or the end of a taken one.
  const starts = [outer.first, ...taken.map((range) => Math.ceil((range.last + 1) / size) * size)].sort((a, b) => a - b);
  const fits = starts.find((first) => {
    const candidate = { text: "", first, last: first + size - 1, prefix };
    return contains(outer, candidate) && !taken.some((range) => overlap(range, candidate));
  });
  return fits === undefined ? undefined : `${dotted(fits)}/${prefix}`;
}

/** Blocks to move a range to, the least used ones first; none holds what AKS keeps for itself. */
const ELSEWHERE = ["172.20.0.0/14", "172.16.0.0/13", "172.24.0.0/14", "172.28.0.0/15", "10.100.0.0/14", "10.0.0.0/8", "192.168.0.0/16"];

/** A private range of the size, or as near as private space allows, that overlaps none of the taken ones. */
function elsewhere(prefix: number, taken: readonly AddressRange[]): string {
  const blocks = ELSEWHERE.flatMap((text) => parseRange(text) ?? []);
  for (let length = prefix; length <= 32; length += 1) {
    const free = blocks.flatMap((block) => freeRange(block, taken, length) ?? [])[0];
    if (free !== undefined) return free;
  }
  return "172.20.0.0/16";
}

/** Problems of one range: malformed, or its address is not the first of the range. */
export function rangeProblems(code: Problem["code"], path: string, text: string): Problem[] {
  if (parseRange(text)) return [];
  return [
    { code, path, got: text, rule: "needs an IPv4 range whose address is its first, as 10.0.0.0/16", fix: "use for example \"10.100.0.0/16\"" },
  ];
}

/**
 * Ranges that must be disjoint, each with the argument it came from; malformed ones are left to `rangeProblems`. What a problem proposes
 * keeps away from all of them and from the ranges in `avoid`.
 */
export function overlapProblems(
  code: Problem["code"],
  named: Readonly<Record<string, string>>,
  avoid: readonly string[] = [],
): Problem[] {
  const ranges = Object.entries(named).flatMap(([path, text]) => {
    const range = parseRange(text);
    return range ? [{ path, range }] : [];
  });
  const taken = [...ranges.map(({ range }) => range), ...avoid.flatMap((text) => parseRange(text) ?? [])];
  return ranges.flatMap((one, index) =>
    ranges
      .slice(index + 1)
      .filter((other) => overlap(one.range, other.range))
      .map((other): Problem => {
        const first = dotted(Math.max(one.range.first, other.range.first));
        const last = dotted(Math.min(one.range.last, other.range.last));
        return {
          code,
          path: other.path,
          got: other.range.text,
          rule: `overlaps ${one.path} ${one.range.text} from ${first} to ${last}`,
          fix: `move one of the two, for example ${other.path} to "${elsewhere(other.range.prefix, taken)}"`,
        };
      }),
  );
}
