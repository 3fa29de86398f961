import type { JsonObject } from "../../values";
import { addressRange, overlaps } from "./address-ranges";
import { ArmError } from "../arm-error";
import { flagAt, numberAt, objectAt, objectsAt, textAt } from "../json";
import { privateEndpointsOf } from "./private-endpoints";
import type { World } from "../rules";
import type { ResourceRecord } from "../state";

/** What each SKU has: learn.microsoft.com/azure/container-registry/container-registry-skus */
export function validateSku(sku: string, properties: JsonObject): void {
  const premium = {
    "disabled public network access": textAt(properties, "publicNetworkAccess") === "Disabled",
    "network rules": objectAt(properties, "networkRuleSet") !== undefined,
    "dedicated data endpoints": flagAt(properties, "dataEndpointEnabled") === true,
    "a retention policy": textAt(properties, "policies.retentionPolicy.status") === "enabled",
    "customer-managed keys": textAt(properties, "encryption.status") === "enabled",
  };
  const needed = Object.entries(premium).find(([, used]) => used && sku !== "Premium");
  if (needed)
    throw new ArmError(
      400,
      "SkuNotSupported",
      `The registry SKU ${sku} does not support ${needed[0]}: it needs Premium.`,
    );
  if (sku === "Basic" && flagAt(properties, "anonymousPullEnabled") === true) {
    throw new ArmError(400, "SkuNotSupported", "The registry SKU Basic does not support anonymous pull.");
  }
}

/** learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks: public addresses only. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Policies that exclude each other, or that Azure takes no more. */
export function validatePolicies(properties: JsonObject): void {
  const on = (policy: string) => textAt(properties, `policies.${policy}.status`) === "enabled";
  if (on("trustPolicy")) {
    // learn.microsoft.com/azure/container-registry/container-registry-content-trust-deprecation
    throw invalid("Docker content trust is retired and cannot be enabled. See https://aka.ms/acr/dctdeprecation.");
  }
  if (on("softDeletePolicy") && on("retentionPolicy")) {
    // learn.microsoft.com/azure/container-registry/container-registry-soft-delete-policy
    throw invalid("The soft delete policy and the retention policy cannot be enabled together.");
  }
  const closed = textAt(properties, "publicNetworkAccess") === "Disabled";
  if (textAt(properties, "policies.exportPolicy.status") === "disabled" && !closed) {
    // learn.microsoft.com/azure/container-registry/data-loss-prevention
    throw invalid("The export policy can be disabled only when public network access is disabled.");
  }
  const days = numberAt(properties, "policies.retentionPolicy.days");
  if (days !== undefined && (days < 0 || days > 365)) throw invalid("The retention days must be from 0 to 365.");
  for (const rule of objectsAt(properties, "networkRuleSet.ipRules")) validateAddress(textAt(rule, "value") ?? "");
}

function validateAddress(value: string): void {
  const range = addressRange(value.includes("/") ? value : `${value}/32`);
  const inside = (block: string) => {
    const outer = addressRange(block);
    return outer !== undefined && range !== undefined && overlaps(outer, range);
  };
  if (range === undefined || PRIVATE.some(inside)) throw invalid(`The IP rule '${value}' is not a public IPv4 address.`);
}

/** learn.microsoft.com/azure/container-registry/zone-redundancy: fixed when the registry is made. */
export function validateChange(name: string, before: JsonObject, now: JsonObject): void {
  const asked = textAt(now, "zoneRedundancy");
  if (asked !== undefined && asked !== textAt(before, "zoneRedundancy")) {
    throw invalid(`The zone redundancy of the registry ${name} cannot be changed after it was created.`);
  }
}

/** learn.microsoft.com/azure/container-registry/container-registry-skus#change-tiers: what only Premium has must go first. */
export function validateDowngrade(sku: string, registry: ResourceRecord, { state }: World): void {
  if (sku === "Premium") return;
  const copies = state.inside(registry.id).some((other) => other.type === "azure-native:containerregistry:Replication");
  const used = copies ? "replications" : privateEndpointsOf(registry.id, state).length > 0 ? "private endpoints" : undefined;
  if (used === undefined) return;
  throw new ArmError(400, "SkuNotSupported", `The registry SKU cannot become ${sku} while the registry has ${used}.`);
}

function invalid(message: string): ArmError {
  return new ArmError(400, "InvalidRequestParameter", message);
}
