import * as path from "node:path";

/** What the stand-in can build: files on top of nothing. */
export interface DataImage {
  readonly copies: readonly Copy[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface Copy {
  /** Relative to the build context. */
  readonly sources: readonly string[];
  /** Absolute in the image. */
  readonly destination: string;
  /** A trailing slash or several sources: the destination is a folder. */
  readonly intoFolder: boolean;
}

export class DockerfileProblem extends Error {}

const STAND_IN =
  "this is a stand-in for the Docker provider, which only copies files into an image FROM scratch; " +
  "with the official provider and a Docker daemon any Dockerfile builds";

/** Instructions and flags of https://docs.docker.com/reference/dockerfile/ that need no container to run in. */
export function parseDockerfile(text: string): DataImage {
  const copies: Copy[] = [];
  const labels: Record<string, string> = {};
  let based = false;
  for (const { line, number } of instructions(text)) {
    const [word, rest] = splitOnce(line);
    const where = `line ${number}: ${line}`;
    if (word.toUpperCase() === "FROM") {
      if (based || rest.trim() !== "scratch") throw refused(where);
      based = true;
    } else if (!based) {
      throw refused(where);
    } else if (word.toUpperCase() === "COPY") {
      copies.push(parseCopy(rest, where));
    } else if (word.toUpperCase() === "LABEL") {
      Object.assign(labels, parseLabels(rest, where));
    } else {
      throw refused(where);
    }
  }
  if (!based) throw new DockerfileProblem("the Dockerfile has no FROM");
  return { copies, labels };
}

function refused(where: string): DockerfileProblem {
  return new DockerfileProblem(`${where}\n${STAND_IN}`);
}

function splitOnce(line: string): readonly [string, string] {
  const space = line.search(/\s/);
  return space < 0 ? [line, ""] : [line.slice(0, space), line.slice(space + 1)];
}

/** Without comments, with continued lines joined. */
function instructions(text: string): readonly { readonly line: string; readonly number: number }[] {
  const found: { line: string; number: number }[] = [];
  let open: { line: string; number: number } | undefined;
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return;
    const continued = line.endsWith("\\");
    const part = continued ? line.slice(0, -1).trim() : line;
    open = open ? { ...open, line: `${open.line} ${part}` } : { line: part, number: index + 1 };
    if (continued) return;
    found.push(open);
    open = undefined;
  });
  return open ? [...found, open] : found;
}

function parseCopy(rest: string, where: string): Copy {
  const words = rest.trim().startsWith("[") ? jsonWords(rest, where) : rest.trim().split(/\s+/);
  const flags = words.filter((word) => word.startsWith("--"));
  const paths = words.filter((word) => !word.startsWith("--"));
  const target = paths.at(-1);
  // `--link` only says that the layer stands by itself, which the one layer does.
  if (flags.some((flag) => flag !== "--link") || paths.some((item) => /[*?$]/.test(item))) throw refused(where);
  if (target === undefined || paths.length < 2) {
    throw new DockerfileProblem(`${where}\nCOPY needs a source and a destination`);
  }
  const sources = paths.slice(0, -1);
  return {
    sources,
    destination: path.posix.resolve("/", target),
    intoFolder: sources.length > 1 || target.endsWith("/") || target === ".",
  };
}

function jsonWords(text: string, where: string): readonly string[] {
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words)) return words.map(String);
  } catch {
    // Told below.
  }
  throw new DockerfileProblem(`${where}\nnot a list of words`);
}

function parseLabels(rest: string, where: string): Record<string, string> {
  const pairs = [...rest.matchAll(/([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)];
  if (pairs.length === 0) throw new DockerfileProblem(`${where}\nLABEL needs key=value`);
  const unescaped = (quoted: string | undefined): string | undefined => quoted?.replace(/\\(.)/g, "$1");
  return Object.fromEntries(pairs.map(([, key = "", quoted, bare]) => [key, unescaped(quoted) ?? bare ?? ""]));
}
