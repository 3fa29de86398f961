/** What stands at a path of a document that somebody else wrote; undefined where it holds something else there. */
function at(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key) as unknown;
  }
  return value;
}

/** A text that says something. */
export function textAt(document: unknown, ...path: readonly string[]): string | undefined {
  const value = at(document, path);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number; Azure writes some as texts. */
export function numberAt(document: unknown, ...path: readonly string[]): number | undefined {
  const value = at(document, path);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The members of a list; none where there is no list. */
export function listAt(document: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = at(document, path);
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The texts of a list. */
export function textsAt(document: unknown, ...path: readonly string[]): readonly string[] {
  return listAt(document, ...path).filter((member) => typeof member === "string");
}

/** The keys of an object; none where there is no object. */
export function keysAt(document: unknown, ...path: readonly string[]): readonly string[] {
  const value = at(document, path);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
