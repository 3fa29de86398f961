import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type Document, isMap, isScalar, isSeq, parseDocument } from "yaml";
import { oneOf } from "../components/plan/spelling";
import { UsageError } from "./command";
import { withValue } from "./yaml-text";

/** An environment's configuration file: read for its values, written with comments and order as they were. */
export interface StackFile {
  readonly file: string;
  get(key: string): string | undefined;
  /** Whatever a key holds, else its default in `Pulumi.yaml`; undefined where neither says anything. */
  value(key: string): unknown;
  /** A text under a key of another namespace, as `azure-native:location`. */
  foreign(key: string): string | undefined;
  /** Whether secrets of the file are encrypted with a passphrase. */
  readonly passphrase: boolean;
  /** A list under a key, else its default in `Pulumi.yaml`; undefined where the project knows no such list. */
  list(key: string): readonly string[] | undefined;
  set(key: string, value: string): void;
  save(): void;
}

/** `Pulumi.STACK.yaml` in a project's folder; its keys belong to the project that `Pulumi.yaml` there names. */
export function openStackFile(directory: string, stack: string): StackFile {
  const declared = projectFile(directory);
  const project = projectName(declared);
  const file = path.join(directory, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) throw new UsageError(`${file} does not exist: ${known(directory, stack)}`);
  let text = readFileSync(file, "utf8");
  let document = parse(file, text);
  const place = (key: string): readonly [string, string] => ["config", `${project}:${key}`];
  return {
    file,
    get: (key) => {
      const value: unknown = document.getIn(place(key));
      return typeof value === "string" && value !== "" ? value : undefined;
    },
    value: (key) => {
      const value: unknown = plain(document.getIn(place(key)), document);
      return value === undefined || value === null || value === "" ? plain(declared.document.getIn(["config", key, "default"]), declared.document) : value;
    },
    foreign: (key) => {
      const value: unknown = document.getIn(["config", key]);
      return typeof value === "string" && value !== "" ? value : undefined;
    },
    passphrase: document.has("encryptionsalt"),
    list: (key) => textsOf(document.getIn(place(key))) ?? textsOf(declared.document.getIn(["config", key, "default"])),
    set: (key, value) => {
      text = withValue(text, document, place(key), value);
      document = parse(file, text);
    },
    save: () => {
      // Renamed into place, so that an interruption leaves the old file or the new one.
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
    },
  };
}

/** What a key holds where it is an object, an empty one where it is not, which the stack's own program refuses. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}

interface ProjectFile {
  readonly file: string;
  readonly document: Document;
}

function projectFile(directory: string): ProjectFile {
  const file = path.join(directory, "Pulumi.yaml");
  if (!existsSync(file)) throw new UsageError(`${file} does not exist: run in the folder of a Pulumi project, or give it with --cwd`);
  return { file, document: parse(file, readFileSync(file, "utf8")) };
}

function projectName({ file, document }: ProjectFile): string {
  const name: unknown = document.get("name");
  if (typeof name !== "string") throw new UsageError(`${file} names no project`);
  return name;
}

function parse(file: string, text: string): Document {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new UsageError(`${file}: ${error.message}`);
  if (document.contents !== null && !isMap(document.contents)) throw new UsageError(`${file} is no mapping`);
  return document;
}

function plain(value: unknown, document: Document): unknown {
  return isMap(value) || isSeq(value) ? (value.toJS(document) as unknown) : value;
}

function textsOf(value: unknown): readonly string[] | undefined {
  return isSeq(value) ? value.items.flatMap((item) => (isScalar(item) && typeof item.value === "string" ? [item.value] : [])) : undefined;
}

function known(directory: string, stack: string): string {
  const stacks = readdirSync(directory).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  return stacks.length === 0 ? `create it with "pulumi stack init ${stack}"` : oneOf(stack, stacks.sort());
}
