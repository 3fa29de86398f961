import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type Document, isMap, isScalar, parseDocument } from "yaml";
import { oneOf } from "../components/plan/spelling";
import { UsageError } from "./command";

/** An environment's configuration file: read for its values, written with comments and order as they were. */
export interface StackFile {
  readonly file: string;
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  save(): void;
}

/** `Pulumi.STACK.yaml` in a project's folder; its keys belong to the project that `Pulumi.yaml` there names. */
export function openStackFile(directory: string, stack: string): StackFile {
  const project = projectName(directory);
  const file = path.join(directory, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) throw new UsageError(`${file} does not exist: ${known(directory, stack)}`);
  const document = parse(file);
  const place = (key: string): string[] => ["config", `${project}:${key}`];
  return {
    file,
    get: (key) => {
      const value: unknown = document.getIn(place(key));
      return typeof value === "string" && value !== "" ? value : undefined;
    },
    set: (key, value) => {
      const held = document.getIn(place(key), true);
      // Changing the node in place keeps its quotes and the comment behind it.
      if (isScalar(held)) held.value = value;
      else document.setIn(place(key), value);
    },
    save: () => {
      // Renamed into place, so that an interruption leaves the old file or the new one.
      writeFileSync(`${file}.new`, document.toString({ lineWidth: 0 }));
      renameSync(`${file}.new`, file);
    },
  };
}

function projectName(directory: string): string {
  const file = path.join(directory, "Pulumi.yaml");
  if (!existsSync(file)) throw new UsageError(`${file} does not exist: run in the folder of a Pulumi project, or give it with --cwd`);
  const name: unknown = parse(file).get("name");
  if (typeof name !== "string") throw new UsageError(`${file} names no project`);
  return name;
}

function parse(file: string): Document {
  const document = parseDocument(readFileSync(file, "utf8"));
  const [error] = document.errors;
  if (error) throw new UsageError(`${file}: ${error.message}`);
  if (document.contents !== null && !isMap(document.contents)) throw new UsageError(`${file} is no mapping`);
  return document;
}

function known(directory: string, stack: string): string {
  const stacks = readdirSync(directory).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  return stacks.length === 0 ? `create it with "pulumi stack init ${stack}"` : oneOf(stack, stacks.sort());
}
