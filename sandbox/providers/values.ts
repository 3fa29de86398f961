import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A property whose value the engine does not know yet; only previews send them. */
export class Unknown {
  readonly kind = "unknown";
}

export const UNKNOWN = new Unknown();

/** A property that the engine encrypts in its state and hides in its output. */
export class Secret {
  readonly kind = "secret";
  constructor(readonly value: Value) {}
}

export type Value = null | boolean | number | string | Unknown | Secret | readonly Value[] | Properties;

export interface Properties {
  readonly [key: string]: Value | undefined;
}

/** Neither unknown nor secret: what can be kept in a file or sent to an API. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

// The magic strings of Pulumi's wire format: @pulumi/pulumi/runtime/rpc.js (specialSigKey, specialSecretSig,
// unknownValue).
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN_VALUES = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string, and what the Node SDK sends for every kind
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // bool
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);
const UNKNOWN_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isValues(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !isValues(value) && !isWrapped(value);
}

function isWrapped(value: object): value is Unknown | Secret {
  return value instanceof Unknown || value instanceof Secret;
}

function fromWire(wire: unknown): Value {
  if (wire === null || wire === undefined) return null;
  if (typeof wire === "string") return UNKNOWN_VALUES.has(wire) ? UNKNOWN : wire;
  if (typeof wire === "number" || typeof wire === "boolean") return wire;
  if (Array.isArray(wire)) return wire.map(fromWire);
  if (typeof wire !== "object") throw new Error(`a ${typeof wire} cannot come from the engine`);
  const entries = Object.entries(wire);
  const fields = new Map(entries);
  if (fields.get(SIGNATURE_KEY) === SECRET_SIGNATURE) return new Secret(fromWire(fields.get("value")));
  return Object.fromEntries(entries.map(([key, value]) => [key, fromWire(value)]));
}

function toWire(value: Value): JavaScriptValue {
  if (value instanceof Unknown) return UNKNOWN_WIRE;
  if (value instanceof Secret) return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: toWire(value.value) };
  if (isValues(value)) return value.map(toWire);
  if (isProperties(value)) return propertiesToWire(value);
  return value;
}

function propertiesToWire(properties: Properties): Record<string, JavaScriptValue> {
  const wire: Record<string, JavaScriptValue> = {};
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined) wire[key] = toWire(value);
  }
  return wire;
}

export function decodeProperties(struct: Struct | undefined): Properties {
  const value = fromWire(struct?.toJavaScript() ?? {});
  return isProperties(value) ? value : {};
}

export function encodeProperties(properties: Properties): Struct {
  return Struct.fromJavaScript(propertiesToWire(properties));
}

export function containsUnknown(value: Value | undefined): boolean {
  if (value instanceof Unknown) return true;
  if (value instanceof Secret) return containsUnknown(value.value);
  if (isValues(value)) return value.some(containsUnknown);
  return isProperties(value) && Object.values(value).some(containsUnknown);
}

/** The value without its secret marks; what is unknown is left out. */
export function known(value: Value): Json | undefined {
  if (value instanceof Unknown) return undefined;
  if (value instanceof Secret) return known(value.value);
  if (isValues(value)) return value.map(known).filter((item) => item !== undefined);
  if (isProperties(value)) return knownProperties(value);
  return value;
}

export function knownProperties(properties: Properties): JsonObject {
  const plain: Record<string, Json> = {};
  for (const [key, value] of Object.entries(properties)) {
    const kept = value === undefined ? undefined : known(value);
    if (kept !== undefined) plain[key] = kept;
  }
  return plain;
}

/**
 * Marks as secret in `value` everything that is secret at the same place in `like`: inputs that come back as outputs.
 */
export function keepSecrets(value: Value, like: Value | undefined): Value {
  if (like instanceof Secret) return value instanceof Secret ? value : new Secret(value);
  if (isValues(value) && isValues(like)) return value.map((item, index) => keepSecrets(item, like[index]));
  if (isProperties(value) && isProperties(like)) return keepSecretProperties(value, like);
  return value;
}

export function keepSecretProperties(properties: Properties, like: Properties): Properties {
  const marked: Record<string, Value> = {};
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined) marked[key] = keepSecrets(value, like[key]);
  }
  return marked;
}
