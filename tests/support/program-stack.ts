import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";
import type { Finished, StateResource, TestSandbox, TestStack } from "./sandbox";

/** An operation on one resource as the engine told of it; numbers are the order of what was told. */
export interface Operation {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly started: number;
  readonly ended: number;
}

/** A stack of a program that a test has of its own. */
export interface ProgramStack extends TestStack {
  /** Runs a command beside the test, which may look at the cluster meanwhile. */
  start(...args: readonly string[]): Promise<Finished>;
  output(name: string): string;
  /** Operations of the last command with the log of events. */
  operations(): readonly Operation[];
  /** Flags that write that log. */
  readonly logged: readonly string[];
}

/** A command that waits for what never comes is ended, so that a test fails and leaves no process behind. */
const PATIENCE_MS = 270_000;

interface EngineEvent {
  readonly sequence: number;
  readonly resourcePreEvent?: { readonly metadata: EventMetadata };
  readonly resOutputsEvent?: { readonly metadata: EventMetadata };
}

interface EventMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
}

/** A stack of the program in a folder, with an empty configuration, which is kept in the sandbox. */
export function programStack(sandbox: TestSandbox, folder: string, name: string): ProgramStack {
  const project = path.basename(folder);
  const configuration = path.join(sandbox.home, `Pulumi.${name}.yaml`);
  const log = path.join(sandbox.home, `${name}-events.json`);
  const variables = { PULUMI_STACK: name, PULUMI_OPTION_CONFIG_FILE: configuration, PULUMI_DEBUG_COMMANDS: "1" };
  const pulumi: TestStack["pulumi"] = (...args) => sandbox.run(["pulumi", ...args, "--non-interactive"], { cwd: folder, variables });
  writeFileSync(configuration, "{}\n");
  // `stack init` writes a file beside the project's, so it runs in a folder that has nothing else.
  const scratch = path.join(sandbox.home, project);
  mkdirSync(scratch, { recursive: true });
  copyFileSync(path.join(folder, "Pulumi.yaml"), path.join(scratch, "Pulumi.yaml"));
  const { code, output } = pulumi("stack", "init", name, "--no-select", "-C", scratch);
  if (code !== 0) throw new Error(output);
  const projectName = /^name: (\S+)/m.exec(readFileSync(path.join(folder, "Pulumi.yaml"), "utf8"))?.[1] ?? "";
  return {
    pulumi,
    logged: ["--event-log", log],
    set: (key, value) => {
      // Read each time, as Pulumi keeps the salt of the secrets there.
      const document = parseDocument(existsSync(configuration) ? readFileSync(configuration, "utf8") : "{}");
      if (value === undefined) document.deleteIn(["config", `${projectName}:${key}`]);
      else document.setIn(["config", `${projectName}:${key}`], value);
      writeFileSync(configuration, document.toString());
    },
    start: (...args) => started(["pulumi", ...args, "--non-interactive"], folder, { ...sandbox.environment, ...variables }),
    output: (key) => pulumi("stack", "output", key).output.trim(),
    operations: () => operationsIn(readFileSync(log, "utf8")),
    resources: () => {
      const state = JSON.parse(pulumi("stack", "export").output) as { readonly deployment: { readonly resources?: readonly StateResource[] } };
      return state.deployment.resources ?? [];
    },
  };
}

function started([program = "", ...args]: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE_MS, killSignal: "SIGKILL" });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => said.push(text));
    child.once("close", (code) => {
      resolve({ code: code ?? 1, output: said.join("") });
    });
  });
}

function operationsIn(log: string): readonly Operation[] {
  const events = log.split("\n").filter(Boolean).map((line) => JSON.parse(line) as EngineEvent);
  const ends = new Map<string, number>();
  for (const { sequence, resOutputsEvent } of events) {
    if (resOutputsEvent) ends.set(keyOf(resOutputsEvent.metadata), sequence);
  }
  return events.flatMap(({ sequence, resourcePreEvent }) => {
    if (!resourcePreEvent) return [];
    const { op, urn, type } = resourcePreEvent.metadata;
    return [{ op, type, name: urn.split("::").at(-1) ?? "", started: sequence, ended: ends.get(keyOf(resourcePreEvent.metadata)) ?? Infinity }];
  });
}

const keyOf = ({ op, urn }: EventMetadata): string => `${op} ${urn}`;
