import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { cacheFolder } from "../home";

export function imagesFolder(): string {
  return path.join(cacheFolder(), "images");
}

/** Names what is made of `words` and of the content of `files`, wherever the checkout is. */
export async function contentKey(words: readonly string[], files: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(words));
  for (const file of files) hash.update(`\0${path.basename(file)}\0`).update(await fs.readFile(file));
  return hash.digest("hex").slice(0, 12);
}

/** The files that make up a Python program, without what running it leaves behind. */
export async function sourcesIn(folder: string): Promise<readonly string[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".pyc"))
    .map((entry) => path.join(folder, entry.name))
    .sort();
}
