import type { Json, JsonObject } from "../../../sandbox/providers/values";

/** A resource as a program declares it. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly props: JsonObject;
}

/** The same resource with other inputs, by path as in `spec.template.spec.containers.0.image`; undefined takes one away. */
export function changed<T extends Declared>(good: T, changes: Readonly<Record<string, Json | undefined>>): T {
  // Not structuredClone, whose objects are none of this realm's: the framework's guard lets those through.
  const props = JSON.parse(JSON.stringify(good.props)) as JsonObject;
  for (const [path, value] of Object.entries(changes)) set(props, path.split("."), value);
  return { ...good, props };
}

function set(holder: object, [key = "", ...rest]: readonly string[], value: Json | undefined): void {
  if (rest.length > 0) {
    if (Reflect.get(holder, key) === undefined) Reflect.set(holder, key, {});
    set(Reflect.get(holder, key) as object, rest, value);
  } else if (value === undefined) Reflect.deleteProperty(holder, key);
  else Reflect.set(holder, key, value);
}
