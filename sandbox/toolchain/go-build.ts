import * as fs from "node:fs/promises";
import * as path from "node:path";
import { fillFolder, isFolder, toolFolder } from "./cache";
import { run } from "./commands";
import type { ToolName } from "./names";
import { findExecutable, type Located, onPath, type PathRule } from "./on-path";
import type { Recipe } from "./recipe";
import { atLeast, versionIn } from "./versions";

export interface GoBuild {
  /** Folder beside this file with the go.mod and go.sum that fix every version, and any source of our own. */
  readonly module: string;
  readonly packages: readonly string[];
  /** String variables set by the linker: versions that official builds set in the same way. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface GoRecipeArgs {
  readonly title: string;
  readonly name: string;
  readonly version: string;
  readonly tools: readonly ToolName[];
  readonly builds: readonly GoBuild[];
  readonly onPath?: PathRule;
  /** Last touches in the folder of the built programs. */
  readonly finish?: (folder: string) => Promise<void>;
  /** @default a file of the tool's own name */
  readonly fileOf?: (tool: ToolName) => string;
}

/** Programs compiled from modules of the Go proxy. */
export function goRecipe(args: GoRecipeArgs): Recipe {
  const folder = async () => toolFolder(args.name, args.version, await recipeTexts(args.builds));
  const located = (where: string): Located =>
    Object.fromEntries(args.tools.map((tool) => [tool, path.join(where, args.fileOf?.(tool) ?? tool)]));
  return {
    title: `${args.title} ${args.version}, built from source`,
    tools: args.tools,
    existing: async () => (args.onPath === undefined ? undefined : onPath(args.onPath)),
    cached: async () => {
      const where = await folder();
      return (await isFolder(where)) ? located(where) : undefined;
    },
    obtain: async (report) => {
      const where = await folder();
      const make = async (temporary: string) => {
        for (const build of args.builds) await goBuild(build, temporary, report);
        await args.finish?.(temporary);
      };
      await fillFolder(where, make, report);
      return located(where);
    },
  };
}

/** All that decides what comes out, but for the machine's Go. */
async function recipeTexts(builds: readonly GoBuild[]): Promise<readonly string[]> {
  const texts = [process.platform, process.arch, JSON.stringify(builds)];
  for (const { module, packages } of builds) {
    // Packages of the module itself are `.` or `./folder`; their sources count too, those of other packages do not.
    const own = packages.filter((name) => name.startsWith(".")).map((name) => path.join(module, name));
    const folders = own.length === 0 ? [module] : [module, ...own];
    for (const folder of new Set(folders)) {
      const names = (await fs.readdir(path.join(__dirname, folder))).sort();
      const sources = names.filter((name) => name.startsWith("go.") || (name.endsWith(".go") && own.includes(folder)));
      for (const name of sources) texts.push(name, await fs.readFile(path.join(__dirname, folder, name), "utf8"));
    }
  }
  return texts;
}

async function goBuild(build: GoBuild, output: string, report: (detail: string) => void): Promise<void> {
  const cwd = path.join(__dirname, build.module);
  const go = await suitableGo(cwd);
  const options = { cwd, env: GO_ENVIRONMENT };
  report("resolving packages");
  const listed = await run(go, ["list", "-deps", ...build.packages], { ...options, onLine: reportDownload(report) });
  const total = listed.split("\n").filter((line) => !line.startsWith("go: ")).length;

  let compiled = 0;
  const variables = Object.entries(build.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const flags = ["-v", "-ldflags", ["-s", "-w", ...variables].join(" "), "-o", `${output}${path.sep}`];
  await run(go, ["build", ...flags, ...build.packages], {
    ...options,
    onLine: () => {
      compiled += 1;
      report(`${compiled} of ${total} packages compiled`);
    },
  });
}

const GO_ENVIRONMENT = {
  // Reproducible and static: nothing of the machine (paths, C library, version control, other modules) gets in.
  CGO_ENABLED: "0",
  GOFLAGS: "-mod=readonly -trimpath -buildvcs=false",
  GOWORK: "off",
  GOTOOLCHAIN: "local",
  // The compiler runs once a package: collecting garbage only when memory is short saves a fifth of the time.
  GOGC: "off",
  GOMEMLIMIT: "1500MiB",
};

function reportDownload(report: (detail: string) => void): (line: string) => void {
  return (line) => {
    const module = /^go: downloading (\S+)/.exec(line)?.[1];
    if (module !== undefined) report(`downloading ${module}`);
  };
}

/** The machine's Go, if it is as new as the module says it needs. */
async function suitableGo(moduleFolder: string): Promise<string> {
  const declared = /^go (\S+)$/m.exec(await fs.readFile(path.join(moduleFolder, "go.mod"), "utf8"))?.[1] ?? "";
  const need = `not on the PATH, and building it needs Go ${declared} or newer`;
  const go = await findExecutable("go");
  if (go === undefined) throw new Error(`${need}: there is no "go" on the PATH`);
  const printed = await run(go, ["env", "GOVERSION"], { env: GO_ENVIRONMENT });
  const [wanted, found] = [versionIn(declared), versionIn(printed)];
  if (wanted !== undefined && (found === undefined || !atLeast(found, wanted))) {
    throw new Error(`${need}: ${go} is ${printed.trim()}`);
  }
  return go;
}
