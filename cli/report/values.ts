import { clean, clipped, SECRET, SECRET_SHOWN, SPECIAL } from "./clean";
import { isObject, type Json, member } from "./read/json";

/** What stands for values that only the update will know, by their type: sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi. */
const UNKNOWN = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
export const UNKNOWN_SHOWN = "known after the update";
/** Names of properties whose text nobody should read in a comment, whether the program marked it or not. */
const SECRET_NAME = /passw|secret|token|credential|connectionstring|kubeconfig|private_?key|access_?key|api_?key|account_?key|client-key|sas_?url|\bauth\b/i;
const LONGEST = 90;
const DEEPEST = 6;

export function isUnknown(value: Json | undefined): boolean {
  if (typeof value === "string") return UNKNOWN.has(value);
  return isObject(value) && typeof value[SPECIAL] === "string" && value[SPECIAL] === "d0e6a833031e9bbcd3f4e8bde6ca49a4" && value["value"] === undefined;
}

export function isSecret(value: Json | undefined): boolean {
  return isObject(value) && (value[SPECIAL] === SECRET || (SPECIAL in value && value["secret"] === true));
}

/** A value for people: short, on one line, and never a secret. */
export function shown(value: Json | undefined, path: readonly string[] = []): string {
  if (value === undefined) return "nothing";
  if (isUnknown(value)) return UNKNOWN_SHOWN;
  if (isSecret(value)) return SECRET_SHOWN;
  if (typeof value === "string") return text(value, path);
  if (value === null || typeof value !== "object") return String(value);
  const written = JSON.stringify(plain(value, path, 0));
  if (written.length <= LONGEST) return clean(written, LONGEST);
  if (Array.isArray(value)) return `list of ${value.length}`;
  const keys = Object.keys(value);
  return clean(`${keys.length} fields: ${keys.slice(0, 5).join(", ")}${keys.length > 5 ? ", …" : ""}`, LONGEST);
}

function text(value: string, path: readonly string[]): string {
  if (value === "") return "empty";
  if (value === SECRET_SHOWN || path.some((key) => SECRET_NAME.test(key))) return SECRET_SHOWN;
  const lines = value.slice(0, 100_000).split("\n").length;
  if (lines > 2) return `text of ${lines}${value.length > 100_000 ? " or more" : ""} lines`;
  return clean(value, LONGEST);
}

/** The value without secrets and unknowns; the deepest parts left out. */
function plain(value: Json | undefined, path: readonly string[], depth: number): Json {
  if (value === undefined) return null;
  if (isUnknown(value)) return UNKNOWN_SHOWN;
  if (isSecret(value)) return SECRET_SHOWN;
  if (typeof value === "string") return clipped(text(value, path), LONGEST);
  if (value === null || typeof value !== "object") return value;
  if (depth >= DEEPEST) return "…";
  if (Array.isArray(value)) return value.slice(0, 30).map((each: Json) => plain(each, path, depth + 1));
  const entries = Object.entries(value).slice(0, 30);
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each, [...path, key], depth + 1)]));
}

/** The value at a path; what is unknown as a whole is unknown in each part, and what is a secret likewise. */
export function valueWithin(value: Json | undefined, keys: readonly string[]): Json | undefined {
  let at: Json | undefined = value;
  for (const key of keys) {
    if (isUnknown(at) || isSecret(at)) return at;
    at = member(at, key);
  }
  return at;
}
