/** Stands for what only the deployment will know. No rule reports on it. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** An input of a resource as rules read it. */
export type Value = null | undefined | boolean | number | string | typeof UNKNOWN | readonly Value[] | Properties;

/** Inputs of a resource by name. */
export interface Properties {
  readonly [name: string]: Value;
}

/** The value at a path such as `networkProfile.networkPolicy`; unknown where anything on the way is, undefined where anything is missing. */
export function at(value: Value, path: string): Value {
  return path.split(".").reduce<Value>((inner, key) => member(inner, key), value);
}

/** One member, for keys that have dots. */
export function member(value: Value, key: string): Value {
  if (value === UNKNOWN) return UNKNOWN;
  if (!isProperties(value) || !Object.hasOwn(value, key)) return undefined;
  return value[key] ?? undefined;
}

/** Elements of a list; none of anything else. */
export function list(value: Value): readonly Value[] {
  return isList(value) ? value : [];
}

/** Members of an object; none of anything else. */
export function entries(value: Value): readonly (readonly [string, Value])[] {
  return isProperties(value) ? Object.entries(value) : [];
}

export function isProperties(value: Value): value is Properties {
  return typeof value === "object" && value !== null && !isList(value);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function textOf(value: Value): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A number, also one written as text. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

/** Whether a value is known and none of the accepted ones; text is compared without regard to case, as Azure does. */
export function isNot(value: Value, ...accepted: readonly Value[]): boolean {
  return value !== UNKNOWN && !accepted.some((each) => same(each, value));
}

/** Whether a value is known and one of these. */
export function is(value: Value, ...wanted: readonly Value[]): boolean {
  return wanted.some((each) => same(each, value));
}

/** Whether nothing is given, for sure: missing, empty text, an empty list. */
export function isEmpty(value: Value): boolean {
  return value === undefined || value === null || value === "" || (isList(value) && value.length === 0);
}

/** Whether anything in it is unknown, at any depth. */
export function hasUnknown(value: Value): boolean {
  if (isList(value)) return value.some(hasUnknown);
  return isProperties(value) ? Object.values(value).some(hasUnknown) : value === UNKNOWN;
}

/** Whether a list surely holds no element that passes; one with unknown elements may. */
export function holdsNone(value: Value, passes: (element: Value) => boolean): boolean {
  return value !== UNKNOWN && !list(value).some((element) => hasUnknown(element) || passes(element));
}

/** A value as a message shows it. */
export function shown(value: Value): string {
  if (value === undefined || value === null) return "not set";
  return typeof value === "symbol" ? "unknown" : JSON.stringify(value);
}

function same(one: Value, other: Value): boolean {
  return typeof one === "string" && typeof other === "string" ? one.toLowerCase() === other.toLowerCase() : one === other;
}
