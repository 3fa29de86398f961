import * as fs from "node:fs";
import * as path from "node:path";

/** The value in a JSON file, or undefined if there is none or it is not JSON (a writer that was killed). */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as T;
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

/** Replaces the file at once: a reader sees the old text or the new one, whatever is killed when. */
export function writeAtomically(file: string, text: string, mode = 0o644): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  fs.writeFileSync(part, text, { mode });
  fs.renameSync(part, file);
}

/** Writes only what differs, so that watchers and modification times stay quiet. */
export function writeIfChanged(file: string, text: string, mode = 0o644): boolean {
  if (readText(file) === text) return false;
  writeAtomically(file, text, mode);
  return true;
}

export function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR";
}

/** By shape: errors of Node's own modules are of another realm's class under a test runner. */
export function errorCode(error: unknown): string | undefined {
  const coded = typeof error === "object" && error !== null && "code" in error;
  return coded && typeof error.code === "string" ? error.code : undefined;
}
