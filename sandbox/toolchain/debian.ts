import * as fs from "node:fs/promises";
import * as path from "node:path";
import { cacheFolder } from "../home";
import { fillFolder, isFolder, toolFolder } from "./cache";
import { run } from "./commands";
import { withLock } from "./lock";
import type { ToolName } from "./names";
import { findExecutable, type Located, onPath, type PathRule } from "./on-path";
import type { Recipe } from "./recipe";

export interface UnpackedArgs {
  readonly debianPackage: string;
  readonly tool: ToolName;
  /** Path inside the package. */
  readonly file: string;
  /** What the machine already has and can be used. */
  readonly existing: PathRule | (() => Promise<Located | undefined>);
}

/**
 * A tool out of a Debian package that is unpacked into the cache and not installed: no root needed, nothing on the
 * machine changes, and no service is started (etcd-server and docker-registry start one each when they are installed).
 */
export function unpackedRecipe(args: UnpackedArgs): Recipe {
  const { debianPackage, tool, file, existing } = args;
  const located = (folder: string): Located => ({ [tool]: path.join(folder, file) });
  const folder = async () => toolFolder(debianPackage, await release());
  return {
    title: `${tool} from the Debian package ${debianPackage}`,
    tools: [tool],
    existing: async () => (typeof existing === "function" ? existing() : onPath(existing)),
    cached: async () => {
      const where = await folder();
      return (await isFolder(where)) ? located(where) : undefined;
    },
    obtain: async (report) => {
      const where = await folder();
      const make = async (temporary: string) => {
        await downloadAndUnpack(debianPackage, temporary, report);
        // A package is unpacked without those it depends on: try whether this machine has the libraries.
        if (typeof existing !== "function") await run(path.join(temporary, file), existing.versionArgs, TRIAL);
      };
      await fillFolder(where, make, report);
      return located(where);
    },
  };
}

/** A tool that has to be installed, for it looks for its own parts in fixed places. */
export function installedRecipe(tool: ToolName, debianPackage: string): Recipe {
  const existing = async (): Promise<Located | undefined> => {
    const file = await findExecutable(tool);
    return file === undefined ? undefined : { [tool]: file };
  };
  return {
    title: `${tool} installed from the Debian package ${debianPackage}`,
    tools: [tool],
    existing,
    cached: () => Promise.resolve(undefined),
    obtain: async (report) => {
      await aptGet();
      if (process.getuid?.() !== 0) throw new Error(`not on the PATH; sudo apt-get install ${debianPackage} brings it`);
      const install = ["install", "--yes", "--no-install-recommends", debianPackage];
      await withLock("apt-get", report, () => apt(install, {}, report));
      const located = await existing();
      if (located === undefined) throw new Error(`the package ${debianPackage} was installed, but holds no ${tool}`);
      return located;
    },
  };
}

const TRIAL = { timeoutMs: 20_000 };

async function downloadAndUnpack(name: string, folder: string, report: (detail: string) => void): Promise<void> {
  const dpkg = await findExecutable("dpkg-deb");
  if (dpkg === undefined) throw new Error(NOT_DEBIAN);
  await withLock("apt-get", report, () => apt(["download", name], { cwd: folder }, report));
  for (const deb of (await fs.readdir(folder)).filter((file) => file.endsWith(".deb"))) {
    await run(dpkg, ["--extract", path.join(folder, deb), folder]);
    await fs.rm(path.join(folder, deb));
  }
}

/** Fresh containers have no package lists, old machines stale ones: when the first try fails they are fetched. */
async function apt(
  args: readonly string[],
  options: { readonly cwd?: string },
  report: (detail: string) => void,
): Promise<void> {
  const program = await aptGet();
  const settings = [...(await aptSettings()), "--quiet"];
  const environment = { ...options, env: APT_ENVIRONMENT };
  const attempt = (words: readonly string[]) => run(program, [...settings, ...words], environment);
  try {
    await attempt(args);
  } catch {
    report("fetching the package lists");
    await attempt(["update"]);
    await attempt(args);
  }
}

const APT_ENVIRONMENT = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };

/** An ordinary user may not write to the machine's package lists and gets their own. */
async function aptSettings(): Promise<readonly string[]> {
  const settings = ["-o", "DPkg::Lock::Timeout=300", "-o", "APT::Sandbox::User=root"];
  if (process.getuid?.() === 0) return settings;
  const lists = path.join(cacheFolder(), "apt", "lists");
  const cache = path.join(cacheFolder(), "apt", "cache");
  await fs.mkdir(path.join(lists, "partial"), { recursive: true });
  await fs.mkdir(path.join(cache, "archives", "partial"), { recursive: true });
  return [...settings, "-o", `Dir::State::lists=${lists}`, "-o", `Dir::Cache=${cache}`];
}

const NOT_DEBIAN = "not on the PATH, and this machine has no apt-get and dpkg-deb to get it with";

async function aptGet(): Promise<string> {
  const program = await findExecutable("apt-get");
  if (program === undefined) throw new Error(NOT_DEBIAN);
  return program;
}

/** What packages are made for: `bookworm`. */
async function release(): Promise<string> {
  const text = await fs.readFile("/etc/os-release", "utf8").catch(() => "");
  return /^VERSION_CODENAME="?([\w.-]+)/m.exec(text)?.[1] ?? "unknown";
}
