/** One thing that KAITO's webhook refuses, as CEL that is true of what it lets through: https://kubernetes.io/docs/reference/using-api/cel/ */
export interface Rule {
  readonly on: "create" | "update" | "always";
  readonly expression: string;
  readonly message: string;
}

export const onCreate = (message: string, expression: string): Rule => ({ on: "create", expression, message });
export const onUpdate = (message: string, expression: string): Rule => ({ on: "update", expression, message });
export const always = (message: string, expression: string): Rule => ({ on: "always", expression, message });

/** A field that may be absent: `at("object", "resource", "count")` → `object.?resource.?count`. */
export function at(holder: string, ...path: readonly string[]): string {
  return [holder, ...path.map((step) => `?${step}`)].join(".");
}

export const textAt = (holder: string, ...path: readonly string[]) => `${at(holder, ...path)}.orValue("")`;
export const listAt = (holder: string, ...path: readonly string[]) => `${at(holder, ...path)}.orValue([])`;
export const isThere = (holder: string, ...path: readonly string[]) => `${at(holder, ...path)}.hasValue()`;
export const annotationAt = (holder: string, key: string) => `${at(holder, "metadata", "annotations")}[?"${key}"].orValue("")`;

export function unchanged(...path: readonly string[]): string {
  return `${at("object", ...path)} == ${at("oldObject", ...path)}`;
}

export function validation({ on, expression, message }: Rule): object {
  const when = { create: "!variables.creating || ", update: "variables.creating || ", always: "" }[on];
  return { expression: `${when}(${expression})`, message };
}

/** One of them, each as CEL writes a text. */
export function oneOfTexts(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
}

/** A reference as a registry takes one; what is no reference KAITO cannot parse: https://github.com/distribution/reference */
const REFERENCE = "^[a-zA-Z0-9][a-zA-Z0-9.-]*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$";

export function isReference(value: string): string {
  return `(${value} == "" || ${value}.matches(${JSON.stringify(REFERENCE)}))`;
}
