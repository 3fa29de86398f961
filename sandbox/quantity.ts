const SUFFIXES: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity as a number: `500m` is 0.5, `2Gi` is 2147483648, `1e3` is 1000; undefined for anything else. */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const [, digits, suffix = ""] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(value) ?? [];
  const factor = SUFFIXES[suffix];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** As `parseQuantity`, for text that the API server has accepted as a quantity. */
export function quantity(text: string | number): number {
  const amount = parseQuantity(text);
  if (amount === undefined) throw new Error(`not a quantity: "${text}"`);
  return amount;
}

/** The other way, as nodes report it: whole pieces, millicores for CPU, KiB for bytes. */
export function formatQuantity(resource: string, amount: number): string {
  if (resource === "cpu") return Number.isInteger(amount) ? String(amount) : `${Math.floor(amount * 1000)}m`;
  return resource === "memory" ? `${Math.floor(amount / 1024)}Ki` : String(amount);
}
