import { type PathStep } from "./objects";
import { type Value } from "../values";

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
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

/** Fields that hold quantities, or maps of them: container resources, volumes, quotas, limit ranges. */
const QUANTITY_FIELDS = new Set([
  "capacity",
  "default",
  "defaultRequest",
  "divisor",
  "hard",
  "limits",
  "max",
  "maxLimitRequestRatio",
  "min",
  "overhead",
  "podFixed",
  "requests",
  "sizeLimit",
]);

/** `500m`, `4Gi`, `1e3` or a plain number; undefined for anything else. */
export function quantity(value: Value | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const [, digits, suffix = ""] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(value) ?? [];
  const factor = SUFFIXES[suffix];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/**
 * The API server keeps quantities in canonical form (`1000m` comes back as `1`); the official provider sends inputs
 * through the typed API objects first, which has the same effect (provider/pkg/clients, Normalize).
 */
export function sameQuantity(path: readonly PathStep[], left: Value, right: Value): boolean {
  if (!path.slice(-2).some((step) => typeof step === "string" && QUANTITY_FIELDS.has(step))) return false;
  const amount = quantity(left);
  return amount !== undefined && amount === quantity(right);
}
