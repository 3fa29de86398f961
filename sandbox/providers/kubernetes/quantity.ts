import { parseQuantity } from "../../quantity";
import type { Value } from "../values";
import type { PathStep } from "./objects";

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

/**
 * The API server keeps quantities in canonical form (`1000m` comes back as `1`); the official provider sends inputs
 * through the typed API objects first, which has the same effect (provider/pkg/clients, Normalize).
 */
export function sameQuantity(path: readonly PathStep[], left: Value, right: Value): boolean {
  if (!path.slice(-2).some((step) => typeof step === "string" && QUANTITY_FIELDS.has(step))) return false;
  const amount = parseQuantity(left);
  return amount !== undefined && amount === parseQuantity(right);
}
