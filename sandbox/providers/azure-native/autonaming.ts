import * as crypto from "node:crypto";
import type { CheckRequest } from "../stand-in";
import type { JsonObject } from "../values";
import { nameInput } from "./arm-ids";
import { flagAt, textAt } from "./json";
import type { ResourceType } from "./resource-types";

/**
 * azure-native's mark, among the inputs, that it chose the name itself. Without it a replacement deletes first, because
 * the new resource would have the old one's name (provider.go, Diff).
 */
export const CREATE_BEFORE_DELETE = "__createBeforeDelete";

type Strategy = "random" | "copy" | "uuid";

/**
 * How azure-native names a resource that the program does not name
 * (AutoNamer in pulumi-azure-native/provider/pkg/resources/resources.go): nested resources get the logical name as it
 * is, the others a random suffix.
 */
export function namingStrategy(type: ResourceType): Strategy {
  const name = nameInput(type);
  if (name === "roleAssignmentName" || name === "roleDefinitionId") return "uuid";
  const inProvider = type.path.toLowerCase().split("microsoft.").slice(1).at(-1);
  return inProvider === undefined || inProvider.split("{").length === 2 ? "random" : "copy";
}

export interface ChosenName {
  readonly name: string;
  readonly random: boolean;
}

/**
 * getDefaultName in provider.go: the old name, else what the engine's autonaming configuration says, else a new one.
 */
export function chooseName(type: ResourceType, request: CheckRequest, olds: JsonObject): ChosenName | undefined {
  const old = textAt(olds, nameInput(type));
  if (old !== undefined) return { name: old, random: flagAt(olds, CREATE_BEFORE_DELETE) ?? false };

  const strategy = namingStrategy(type);
  const asked = request.autonaming;
  if (asked?.mode === "disable") return undefined;
  if (asked?.mode === "enforce") return { name: asked.proposedName, random: true };
  if (asked?.mode === "propose" && strategy !== "uuid") return { name: asked.proposedName, random: true };

  if (strategy === "copy") return { name: request.name, random: false };
  if (strategy === "random")
    return { name: request.name + randomHex(request.randomSeed, request.urn, 8), random: true };
  return { name: uuidOf(randomHex(request.randomSeed, request.urn, 32)), random: true };
}

/** From the engine's seed, so that preview and update agree; from chance where an engine sends none. */
function randomHex(seed: Uint8Array, urn: string, length: number): string {
  if (seed.length === 0) return crypto.randomBytes(length / 2).toString("hex");
  return crypto.createHmac("sha256", seed).update(urn).digest("hex").slice(0, length);
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** A GUID that is always the same for the same thing: client ids, tenant, resource GUIDs. */
export function stableGuid(...parts: readonly string[]): string {
  return uuidOf(crypto.createHash("sha256").update(parts.join("\n").toLowerCase()).digest("hex").slice(0, 32));
}

export function stableHex(length: number, ...parts: readonly string[]): string {
  return crypto.createHash("sha256").update(parts.join("\n").toLowerCase()).digest("hex").slice(0, length);
}
