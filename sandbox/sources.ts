import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { PROJECT_ROOT } from "./home";

/** Changes with any source that the sandbox's own daemons are made of, so that they are started anew after an update. */
export function sourcesFingerprint(): string {
  const hash = createHash("sha256");
  for (const folder of ["sandbox", "components/plan"]) {
    const files = fs.readdirSync(path.join(PROJECT_ROOT, folder), { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => name.endsWith(".ts")).sort()) {
      const { size, mtimeMs } = fs.statSync(path.join(PROJECT_ROOT, folder, file));
      hash.update(`${folder}/${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}
