import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/** Where build contexts are staged, from the project's folder, so that the path is the same on every machine. */
const STAGING = ".aks-fine-tuning";

/**
 * Writes the folder that an image is built from and returns its path. The path contains the content's key, so writing it twice
 * changes nothing, and two datasets never share a context.
 */
export function stageBuildContext(kind: string, contentKey: string, files: Readonly<Record<string, string>>): string {
  const context = path.posix.join(STAGING, kind, contentKey);
  for (const [name, content] of Object.entries({ ...files, Dockerfile: "FROM scratch\nCOPY data /data\n" })) {
    const target = path.join(context, name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  return context;
}
