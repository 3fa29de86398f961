import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { PROJECT_ROOT } from "./home";

/** Changes with any source in these folders of the checkout and below, so that daemons made of them are started anew after an update. */
export function sourcesFingerprint(folders: readonly string[]): string {
  const hash = createHash("sha256");
  for (const folder of folders) {
    const files = fs.readdirSync(path.join(PROJECT_ROOT, folder), { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => name.endsWith(".ts")).sort()) {
      const { size, mtimeMs } = fs.statSync(path.join(PROJECT_ROOT, folder, file));
      hash.update(`${folder}/${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}
