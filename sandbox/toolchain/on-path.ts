import * as fs from "node:fs/promises";
import * as path from "node:path";
import { run } from "./commands";
import type { ToolName } from "./names";
import { atLeast, type Version, versionIn } from "./versions";

/** When tools that the machine already has may be used: all of them there, and the first one new enough. */
export interface PathRule {
  readonly executables: readonly [ToolName, ...ToolName[]];
  /** Arguments that make the first one print its version. */
  readonly versionArgs: readonly string[];
  readonly minimum: Version;
  /** First version known not to work. */
  readonly below?: Version;
}

export type Located = Partial<Record<ToolName, string>>;

/** Where system tools are on Debian; an ordinary user's PATH leaves them out. */
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

export function searchFolders(pathVariable: string | undefined): readonly string[] {
  const folders = (pathVariable ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return [...new Set([...folders, ...SYSTEM_FOLDERS])];
}

export function newEnough(printed: string, rule: Pick<PathRule, "minimum" | "below">): boolean {
  const version = versionIn(printed);
  if (version === undefined || !atLeast(version, rule.minimum)) return false;
  return rule.below === undefined || !atLeast(version, rule.below);
}

/** The executables of `rule` from the PATH, or nothing if one is missing or the version does not fit. */
export async function onPath(rule: PathRule, pathVariable = process.env["PATH"]): Promise<Located | undefined> {
  const located: Located = {};
  for (const name of rule.executables) {
    const file = await findExecutable(name, pathVariable);
    if (file === undefined) return undefined;
    located[name] = file;
  }
  const first = located[rule.executables[0]];
  if (first === undefined) return undefined;
  // The folder's own name may hold something that looks like a version.
  const printed = await run(first, rule.versionArgs, VERSION_OPTIONS).catch(() => "");
  return newEnough(printed.replaceAll(first, ""), rule) ? located : undefined;
}

const VERSION_OPTIONS = { timeoutMs: 20_000, env: { PULUMI_SKIP_UPDATE_CHECK: "true" } };

export async function findExecutable(name: string, pathVariable = process.env["PATH"]): Promise<string | undefined> {
  for (const folder of searchFolders(pathVariable)) {
    const file = path.join(folder, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

export async function isExecutable(file: string): Promise<boolean> {
  try {
    await fs.access(file, fs.constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}
