import * as fs from "node:fs";
import * as path from "node:path";
import { writeIfChanged } from "../files";
import { type Home, PROJECT_ROOT } from "../home";

/**
 * Pulumi's process for dynamic providers comes with its releases, beside the command; a command that was built here lacks it, and the SDK has it
 * too. It loads the SDK of whatever program it serves.
 */
export function writeDynamicProviders(home: Home, pulumi: string): void {
  const name = "pulumi-resource-pulumi-nodejs";
  if (!pulumi.startsWith(home.cache)) return;
  const script = fs.readFileSync(path.join(PROJECT_ROOT, "node_modules", "@pulumi", "pulumi", name), "utf8");
  writeIfChanged(path.join(path.dirname(pulumi), name), script, 0o755);
}
