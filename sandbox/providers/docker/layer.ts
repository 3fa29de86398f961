import * as fs from "node:fs";
import * as path from "node:path";
import type { ContextFile } from "./build-context";
import { type Copy, DockerfileProblem } from "./dockerfile";

/** A file of the image: where its bytes are, or what it links to. */
export interface LayerEntry {
  /** Absolute, in the image. */
  readonly target: string;
  readonly source: string;
  readonly executable: boolean;
  readonly link?: string;
}

/** What COPY puts where: a file to its name or into a folder, a folder's content into the folder. Later ones win. */
export function layerEntries(
  copies: readonly Copy[],
  files: readonly ContextFile[],
  context: string,
): readonly LayerEntry[] {
  const entries = new Map<string, LayerEntry>();
  for (const copy of copies) {
    for (const source of copy.sources) {
      const name = path.posix.relative("/", path.posix.resolve("/", source));
      const placed = files.flatMap((file) => place(file, name, copy, context));
      if (placed.length === 0) {
        throw new DockerfileProblem(`COPY ${source}: no such file in the build context ${context}`);
      }
      for (const entry of placed) entries.set(entry.target, entry);
    }
  }
  return [...entries.values()].sort((left, right) => (left.target < right.target ? -1 : 1));
}

function place(file: ContextFile, name: string, copy: Copy, context: string): readonly LayerEntry[] {
  const { destination, intoFolder } = copy;
  const { executable, link } = file;
  const source = path.join(context, file.name);
  if (file.name === name) {
    const target = intoFolder ? path.posix.join(destination, path.posix.basename(name)) : destination;
    return [{ target, source, executable, link }];
  }
  const folder = name === "" ? "" : `${name}/`;
  if (!file.name.startsWith(folder)) return [];
  return [{ target: path.posix.join(destination, file.name.slice(folder.length)), source, executable, link }];
}

/**
 * A tar archive that depends on nothing but the content: folders before files, no times, owner root, mode 644 or 755
 * (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html, "ustar Interchange Format").
 */
export function layerTar(entries: readonly LayerEntry[]): Buffer {
  const folders = new Set(entries.flatMap(({ target }) => parents(target)));
  const headers = [...folders].sort().map((folder) => header({ name: `${folder}/`, mode: 0o755, size: 0, type: "5" }));
  const blocks = entries.flatMap(({ target, source, executable, link }) => {
    const name = target.slice(1);
    if (link !== undefined) return [header({ name, mode: 0o777, size: 0, type: "2", link })];
    const content = fs.readFileSync(source);
    const mode = executable ? 0o755 : 0o644;
    return [header({ name, mode, size: content.length, type: "0" }), content, padding(content)];
  });
  return Buffer.concat([...headers, ...blocks, Buffer.alloc(1024)]);
}

function parents(target: string): readonly string[] {
  const steps = target.slice(1).split("/").slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join("/"));
}

function padding(content: Buffer): Buffer {
  return Buffer.alloc((512 - (content.length % 512)) % 512);
}

interface Header {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly type: "0" | "2" | "5";
  readonly link?: string;
}

function header({ name, mode, size, type, link = "" }: Header): Buffer {
  const block = Buffer.alloc(512);
  const [prefix, rest] = splitName(name);
  if (Buffer.byteLength(link) > 100) throw new DockerfileProblem(`the link target "${link}" is too long for the image`);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  block.write(rest, 0);
  block.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(size, 11)}\0${octal(0, 11)}\0`, 100);
  block.write(`        ${type}`, 148);
  block.write(link, 157);
  block.write("ustar\x0000", 257, "latin1");
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

/** 100 bytes of name, and 155 of folders before it. */
function splitName(name: string): readonly [string, string] {
  if (Buffer.byteLength(name) <= 100) return ["", name];
  for (let slash = name.indexOf("/"); slash > 0; slash = name.indexOf("/", slash + 1)) {
    const [prefix, rest] = [name.slice(0, slash), name.slice(slash + 1)];
    if (rest !== "" && Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(rest) <= 100) return [prefix, rest];
  }
  throw new DockerfileProblem(`the name "${name}" is too long for the image`);
}
