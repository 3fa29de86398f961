import { isProperties, isValues, type Properties, Secret, type Value } from "../values";

/** One step into an object: a key, or an index into a list. */
export type PathStep = string | number;

export interface GroupVersionKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What the API server is sent: no secret marks, no nulls (both SDK and provider drop them); unknowns stay. */
export function plainObject(properties: Properties): Properties {
  const plain: Record<string, Value> = {};
  for (const [key, value] of Object.entries(properties)) {
    const bare = plainValue(value);
    if (bare !== undefined) plain[key] = bare;
  }
  return plain;
}

function plainValue(value: Value | undefined): Value | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Secret) return plainValue(value.value);
  if (isValues(value)) return value.map((item) => plainValue(item) ?? null);
  return isProperties(value) ? plainObject(value) : value;
}

export function field(value: Value | undefined, ...path: readonly PathStep[]): Value | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") return isValues(value) ? field(value[step], ...rest) : undefined;
  return isProperties(value) ? field(value[step], ...rest) : undefined;
}

export function text(value: Value | undefined, ...path: readonly PathStep[]): string | undefined {
  const found = field(value, ...path);
  return typeof found === "string" ? found : undefined;
}

export function count(value: Value | undefined, ...path: readonly PathStep[]): number | undefined {
  const found = field(value, ...path);
  return typeof found === "number" ? found : undefined;
}

export function items(value: Value | undefined, ...path: readonly PathStep[]): readonly Properties[] {
  const found = field(value, ...path);
  return isValues(found) ? found.filter(isProperties) : [];
}

/** A copy with the field set; objects on the way are made, but nothing that is not an object is overwritten. */
export function withField(object: Properties, path: readonly string[], value: Value): Properties {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  if (rest.length === 0) return { ...object, [key]: value };
  const inner = object[key];
  if (inner !== undefined && !isProperties(inner)) return object;
  return { ...object, [key]: withField(inner ?? {}, rest, value) };
}

export function withoutField(object: Properties, path: readonly string[]): Properties {
  const [key, ...rest] = path;
  if (key === undefined || !(key in object)) return object;
  if (rest.length > 0) {
    const inner = object[key];
    return isProperties(inner) ? { ...object, [key]: withoutField(inner, rest) } : object;
  }
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

export function nameOf(object: Properties): string {
  return text(object, "metadata", "name") ?? "";
}

export function namespaceOf(object: Properties): string {
  return text(object, "metadata", "namespace") ?? "";
}

export function annotation(object: Properties, key: string): string | undefined {
  return text(object, "metadata", "annotations", key);
}

/** pulumi-kubernetes, provider/pkg/metadata/annotations.go: only the text "true" counts. */
export function isAnnotatedTrue(object: Properties, key: string): boolean {
  return annotation(object, key) === "true";
}

/** Resource ids are `namespace/name`, or `name` (provider/pkg/provider/util.go, fqName). */
export function idOf(object: Properties): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

/** Kind and name alone; nothing of an object that has no kind. */
export function identity(object: Properties): Properties {
  if (!kindOf(object)) return {};
  const shape = { apiVersion: true, kind: true, metadata: { name: true, namespace: true } };
  return prune(object, shape);
}

export function parseId(id: string): { readonly namespace: string; readonly name: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: "", name: first } : { namespace: first, name: second };
}

/** Type tokens are `kubernetes:GROUP/VERSION:Kind`, with `core` for the core group (provider.go, gvkFromURN). */
export function kindOfType(type: string): GroupVersionKind {
  const [, module = "", kind = ""] = type.split(":");
  const [group = "", version = ""] = module.split("/");
  return { group: group === "core" ? "" : group, version, kind };
}

export function kindOf(object: Properties): GroupVersionKind | undefined {
  const apiVersion = text(object, "apiVersion");
  const kind = text(object, "kind");
  if (!apiVersion || !kind) return undefined;
  const [first = "", second] = apiVersion.split("/");
  if (second === undefined) return { group: "", version: first, kind };
  return { group: first === "core" ? "" : first, version: second, kind };
}

export function apiVersionOf({ group, version }: GroupVersionKind): string {
  return group === "" ? version : `${group}/${version}`;
}

/**
 * Keeps of `source` only what `shape` has too, so that what the API server filled in is not taken for a change
 * (provider/pkg/provider/util.go, pruneMap and pruneSlice).
 */
export function prune(source: Properties, shape: Properties): Properties {
  const pruned: Record<string, Value> = {};
  for (const [key, value] of Object.entries(source)) {
    const wanted = shape[key];
    if (value !== undefined && wanted !== undefined) pruned[key] = pruneValue(value, wanted);
  }
  return pruned;
}

function pruneValue(value: Value, shape: Value): Value {
  if (isProperties(value) && isProperties(shape)) return prune(value, shape);
  if (!isValues(value) || !isValues(shape)) return value;
  return shape.slice(0, value.length).map((wanted, index) => pruneValue(value[index] ?? null, wanted));
}
