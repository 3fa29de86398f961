import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "..", "..");

/** What `npm pack` makes of this checkout. */
export interface Tarball {
  readonly file: string;
  /** Paths inside the package, sorted. */
  readonly contents: readonly string[];
  readonly bytes: number;
}

interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Builds and packs this checkout as a release would; npm runs the build itself, before it packs. */
export function pack(): Tarball {
  const folder = mkdtempSync(path.join(os.tmpdir(), "aksft-pack-"));
  const printed = npm(ROOT, "pack", "--json", "--pack-destination", folder);
  const { filename, size, files } = report(printed);
  return { file: path.join(folder, filename), contents: files.map((file) => file.path).sort(), bytes: size };
}

/** An otherwise empty folder with the tarball installed the way a user installs it. */
export function install({ file }: Tarball): string {
  // macOS hands out a link here; Node resolves modules by the real path.
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "aksft-user-")));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "user", version: "1.0.0", private: true }));
  mkdirSync(path.join(folder, "node_modules"), { recursive: true });
  npm(folder, "install", file, "--prefer-offline", "--no-audit", "--no-fund");
  return folder;
}

/** The build prints to the same stream; npm's report is the JSON after it. It is a list, or from npm 11 on an object by name. */
function report(printed: string): PackReport {
  const start = printed.search(/^[[{]/m);
  const parsed = JSON.parse(printed.slice(start)) as readonly PackReport[] | Readonly<Record<string, PackReport>>;
  const [first] = Object.values(parsed);
  if (!first) throw new Error(`npm pack reported nothing: ${printed}`);
  return first;
}

function npm(cwd: string, ...args: readonly string[]): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], shell: process.platform === "win32" });
}
