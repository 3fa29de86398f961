import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { cacheFolder } from "../home";
import { withLock } from "./lock";

/** Where a tool lands: `tools/NAME-VERSION[-RECIPE]`; the recipe is a digest of whatever else decides what is built. */
export function toolFolder(name: string, version: string, recipe: readonly string[] = []): string {
  const digest = createHash("sha256").update(recipe.join("\0")).digest("hex").slice(0, 8);
  const key = [name, version, ...(recipe.length > 0 ? [digest] : [])].join("-");
  return path.join(cacheFolder(), "tools", key);
}

/**
 * Fills `folder` once. `make` works in a temporary neighbour that is renamed when it is complete, so a process killed
 * half-way leaves nothing that looks finished; of two processes that ask at once, one works and the other waits.
 */
export async function fillFolder(
  folder: string,
  make: (temporary: string) => Promise<void>,
  report: (detail: string) => void,
): Promise<void> {
  await withLock(folder, report, async () => {
    if (await isFolder(folder)) return;
    await removeLeftovers(folder);
    const temporary = `${folder}.part-${process.pid}`;
    await fs.mkdir(temporary, { recursive: true });
    await make(temporary);
    await fs.rename(temporary, folder).catch(async (error: unknown) => {
      // Where there is no lock another process may have been first, and its result is as good.
      if (!(await isFolder(folder))) throw error;
    });
  });
}

export async function isFolder(folder: string): Promise<boolean> {
  return fs.stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function removeLeftovers(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  await fs.mkdir(parent, { recursive: true });
  const prefix = `${path.basename(folder)}.part-`;
  const leftovers = (await fs.readdir(parent)).filter((name) => name.startsWith(prefix));
  await Promise.all(leftovers.map((name) => fs.rm(path.join(parent, name), { recursive: true, force: true })));
}
