import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { TestSandbox } from "../sandbox";

/** Something that happened to an object, in the order in which it happened. */
export interface Seen {
  readonly event: string;
  readonly name: string;
  readonly uid: string;
  /** Grows with every write to the cluster, whatever the kind. */
  readonly version: number;
  /** Of a run's record. */
  readonly state: string;
}

export interface Watching {
  readonly seen: readonly Seen[];
  readonly stop: () => void;
}

const FIELDS = ["type", "object.metadata.name", "object.metadata.uid", "object.metadata.resourceVersion", "object.data.state"];

/** Follows one kind of a namespace until it is stopped: what is soon over is seen too. */
export function watch(sandbox: TestSandbox, kind: string, namespace: string): Watching {
  const line = `${FIELDS.map((field) => `{.${field}}`).join("|")}{"\\n"}`;
  const child = spawn("kubectl", ["get", kind, "-n", namespace, "--watch", "--output-watch-events", "-o", `jsonpath=${line}`], {
    env: sandbox.environment,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const seen: Seen[] = [];
  createInterface({ input: child.stdout }).on("line", (text) => {
    const [event = "", name = "", uid = "", version = "", state = ""] = text.split("|");
    seen.push({ event, name, uid, version: Number(version), state });
  });
  return { seen, stop: () => void child.kill() };
}
