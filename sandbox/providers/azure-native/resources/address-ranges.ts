/** IPv4 range; `first` and `last` as numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

export function addressRange(cidr: string): AddressRange | undefined {
  const [, a, b, c, d, bits] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr) ?? [];
  const octets = [a, b, c, d].map(Number);
  const length = Number(bits);
  if (octets.some((octet) => !(octet >= 0 && octet <= 255)) || !(length >= 0 && length <= 32)) return undefined;
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - length);
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}
