import { UnknownValueError } from "@pulumi/policy";
import { type Properties, UNKNOWN, type Value } from "./value";

/** Inputs as the framework hands them over, which throws where one is read that only the deployment will know. */
export type Guarded = Readonly<Record<string, unknown>>;

/** The same inputs as plain data, with `UNKNOWN` where the framework would throw. */
export function readProperties(guarded: Guarded): Properties {
  return Object.fromEntries(Object.keys(guarded).map((name) => [name, readMember(guarded, name)]));
}

function readMember(guarded: Guarded | readonly unknown[], name: string): Value {
  try {
    return readValue(Reflect.get(guarded, name));
  } catch (error) {
    if (error instanceof UnknownValueError) return UNKNOWN;
    throw error;
  }
}

function readValue(value: unknown): Value {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => readMember(value, String(index)));
  if (typeof value === "object" && value !== null) return readProperties(value as Guarded);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null ? value : undefined;
}
