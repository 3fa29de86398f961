import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

export interface ContextFile {
  /** With forward slashes, from the context's folder. */
  readonly name: string;
  readonly executable: boolean;
  /** Target of a symbolic link. */
  readonly link?: string;
  readonly mode: string;
}

type Ignore = (name: string) => boolean;

/** Everything in the context that a build may see, sorted by name. */
export function contextFiles(context: string, dockerfile: string): readonly ContextFile[] {
  const ignored = ignoreRules(context, dockerfile);
  const walk = (folder: string): readonly ContextFile[] =>
    fs.readdirSync(path.join(context, folder), { withFileTypes: true }).flatMap((found) => {
      const name = folder === "" ? found.name : `${folder}/${found.name}`;
      if (found.isDirectory()) return walk(name);
      return ignored(name) ? [] : [describe(context, name)];
    });
  return [...walk("")].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function describe(context: string, name: string): ContextFile {
  const file = path.join(context, name);
  const stat = fs.lstatSync(file);
  const bits = "rwxrwxrwx".split("").map((letter, index) => (stat.mode & (0o400 >> index) ? letter : "-"));
  const executable = (stat.mode & 0o100) !== 0;
  if (!stat.isSymbolicLink()) return { name, executable, mode: `-${bits.join("")}` };
  return { name, executable, link: fs.readlinkSync(file), mode: `L${bits.join("")}` };
}

/** `<Dockerfile>.dockerignore` goes before `.dockerignore` of the context. */
function ignoreRules(context: string, dockerfile: string): Ignore {
  const file = [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")].find((name) => fs.existsSync(name));
  return file === undefined ? () => false : parseIgnore(fs.readFileSync(file, "utf8"));
}

/** https://docs.docker.com/build/concepts/context/#dockerignore-files: the last line that matches decides. */
export function parseIgnore(text: string): Ignore {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ keep: line.startsWith("!"), pattern: globPattern(line.replace(/^!/, "")) }));
  return (name) => rules.reduce((ignored, { keep, pattern }) => (pattern.test(name) ? !keep : ignored), false);
}

/** A pattern matches what is below it too. */
function globPattern(glob: string): RegExp {
  const clean = path.posix.normalize(glob).replace(/^\//, "").replace(/\/$/, "");
  const source = clean.replace(/\*\*\/?|\*|\?|[.+^${}()|[\]\\]/g, (token) => {
    if (token.startsWith("**")) return token.endsWith("/") ? "(?:.*/)?" : ".*";
    if (token === "*") return "[^/]*";
    return token === "?" ? "[^/]" : `\\${token}`;
  });
  return new RegExp(`^${source}(?:/.*)?$`);
}

/**
 * The digest that makes a changed file a change of the resource: name, mode and content of the Dockerfile (always named
 * so, without a mode) and of each file (pulumi-docker, provider/provider.go, hashContext and hashPath).
 */
export function contextDigest(context: string, dockerfile: string): string {
  const total = crypto.createHash("sha256");
  const add = (name: string, mode: string, content: Buffer | string): void => {
    total.update(name).update(mode).update(crypto.createHash("sha256").update(content).digest()).update("\0");
  };
  add("Dockerfile", "----------", fs.readFileSync(dockerfile));
  for (const { name, mode, link } of contextFiles(context, dockerfile)) {
    add(name, mode, link ?? fs.readFileSync(path.join(context, name)));
  }
  return total.digest("hex");
}
