import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { ROOT } from "../sandbox-project";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A resource as the component program asked the engine for it. Other resources are named by their URN. */
export interface RecordedResource {
  readonly kind: "resource";
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly provider?: string;
  readonly dependsOn: readonly string[];
  /** Resources whose outputs an input was made of, by input. */
  readonly madeOf: Readonly<Record<string, readonly string[]>>;
  readonly options: Readonly<Record<string, Json>>;
}

/** An existing object that it read. */
export interface RecordedRead {
  readonly kind: "read";
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly provider?: string;
  readonly dependsOn: readonly string[];
}

/** A lookup that it made. */
export interface RecordedInvoke {
  readonly kind: "invoke";
  readonly token: string;
  readonly inputs: Readonly<Record<string, Json>>;
}

export type Recorded = RecordedResource | RecordedRead | RecordedInvoke;

/** Runs the program of a stack against mocks in a process of its own, as mocks are one for a process, and tells what it registered. */
export function record(configuration: string, folder: string): readonly Recorded[] {
  const { status, stdout, stderr } = spawnSync("node", ["--import", require.resolve("tsx"), path.join(ROOT, "bench", "by-hand", "record.ts"), configuration], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`the program could not be recorded:\n${stderr}`);
  return JSON.parse(stdout) as readonly Recorded[];
}
