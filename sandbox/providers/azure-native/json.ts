import type { Json, JsonObject } from "../values";

// Reading SDK-shaped properties, whose types nobody has checked: what is not of the asked type counts as absent.

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value at a dotted path. */
export function at(object: JsonObject | undefined, path: string): Json | undefined {
  let value: Json | undefined = object;
  for (const key of path.split(".")) value = isObject(value) ? value[key] : undefined;
  return value;
}

export function textAt(object: JsonObject | undefined, path: string): string | undefined {
  const value = at(object, path);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberAt(object: JsonObject | undefined, path: string): number | undefined {
  const value = at(object, path);
  return typeof value === "number" ? value : undefined;
}

export function flagAt(object: JsonObject | undefined, path: string): boolean | undefined {
  const value = at(object, path);
  return typeof value === "boolean" ? value : undefined;
}

export function objectAt(object: JsonObject | undefined, path: string): JsonObject | undefined {
  const value = at(object, path);
  return isObject(value) ? value : undefined;
}

export function objectsAt(object: JsonObject | undefined, path: string): readonly JsonObject[] {
  const value = at(object, path);
  return isList(value) ? value.filter(isObject) : [];
}

export function textsAt(object: JsonObject | undefined, path: string): readonly string[] {
  const value = at(object, path);
  return isList(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** Nulls mean "absent" to azure-native, which decodes every property with SkipNulls. */
export function withoutNulls(object: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    if (value !== undefined && value !== null) kept[key] = dropNulls(value);
  }
  return kept;
}

function dropNulls(value: Json): Json {
  if (isList(value)) return value.map(dropNulls);
  return isObject(value) ? withoutNulls(value) : value;
}

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameJson(a[key], b[key]));
}
