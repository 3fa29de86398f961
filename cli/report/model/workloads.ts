import { clean } from "../clean";
import { type JsonObject, member, numberOf } from "../read/json";
import type { State } from "../read/preview";
import { isUnknown } from "../values";
import { type ByKaito, byKaito, kaitoPoolName } from "./by-kaito";
import type { Action, Change } from "./change";
import { componentClass, inputAt, isKeeperJob, isTuningJob, poolLabelOf } from "./things";

/** What a TuningJob says of its run. */
export interface RunState {
  readonly runId: string;
  readonly model: string | undefined;
  readonly method: string | undefined;
  readonly size: string | undefined;
  readonly priority: string | undefined;
  readonly nodes: number;
  readonly gpusPerNode: number;
  readonly rows: number | undefined;
  readonly reason: string | undefined;
  readonly hours: Range | undefined;
  readonly usd: Range | undefined;
  readonly pool: string | undefined;
  /** What the run's record says: declared, preflight, queued, tuning, pushing, pushed, failed, … */
  readonly recorded: string | undefined;
  /** Absent of the library's own trainer. */
  readonly kaito?: ByKaito;
}

export interface Range {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export interface Run {
  readonly name: string;
  readonly action: Action;
  readonly old: RunState | undefined;
  readonly new: RunState | undefined;
}

/** A server, by its component and its Deployment, or KAITO's object in its place, together. */
export interface ServiceState {
  readonly model: string | undefined;
  readonly replicas: number | undefined;
  /** Adapters with what tells their images apart; undefined where that is not known yet. */
  readonly adapters: readonly { readonly name: string; readonly digest: string | undefined }[];
  readonly pool: string | undefined;
  readonly size: string | undefined;
  /** Absent of the library's own server. */
  readonly kaito?: ByKaito;
}

export interface Service {
  readonly name: string;
  readonly action: Action;
  readonly old: ServiceState | undefined;
  readonly new: ServiceState | undefined;
}

/** Runs by their components; one whose Job is replaced starts anew, though the component stays. */
export function runsOf(changes: readonly Change[]): readonly Run[] {
  const replaced = new Set(changes.filter((change) => change.action === "replace" && (isTuningJob(change) || isKeeperJob(change))).map(({ parent }) => parent));
  return changes.filter(({ type }) => componentClass(type) === "TuningJob").map((change) => runOf(change, replaced.has(change.urn)));
}

function runOf({ name, action: own, old, new: after }: Change, replaced: boolean): Run {
  const action = replaced && (own === "same" || own === "update") ? "replace" : own;
  return { name, action, old: action === "create" ? undefined : runState(name, old), new: action === "delete" ? undefined : runState(name, after) };
}

function runState(name: string, state: State | undefined): RunState | undefined {
  if (!state) return undefined;
  const { inputs, outputs } = state;
  const kaito = byKaito(inputs);
  const reason = toldText(inputs["reason"], 400);
  // Before inputs named model and method, the reason did.
  const told = /: (\w+) of (\S+) at \d+ tokens/.exec(reason ?? "");
  return {
    runId: toldText(inputs["runId"], 20) ?? "unknown",
    model: toldText(inputs["model"], 80) ?? told?.[2],
    method: toldText(inputs["method"], 20) ?? told?.[1],
    size: toldText(inputAt(inputs, "shape", "size"), 60),
    priority: toldText(inputs["priority"], 10),
    nodes: numberOf(inputAt(inputs, "shape", "nodes")) ?? 1,
    gpusPerNode: numberOf(inputAt(inputs, "shape", "gpusPerNode")) ?? 1,
    rows: numberOf(inputs["rows"]),
    reason,
    hours: rangeOf(inputs["hours"]),
    usd: rangeOf(inputs["usd"]),
    pool: kaito?.makesNodes === true ? kaitoPoolName("run", name) : poolLabelOf(inputs["nodeSelector"]),
    recorded: toldText(inputAt(outputs["record"], "state"), 20),
    ...(kaito ? { kaito } : {}),
  };
}

function rangeOf(value: JsonObject[string]): Range | undefined {
  const [low, expected, high] = ["low", "expected", "high"].map((key) => numberOf(member(value, key)));
  return low === undefined || expected === undefined || high === undefined ? undefined : { low, expected, high };
}

/** A text of a component's, where it is known. */
export function toldText(value: JsonObject[string], longest: number): string | undefined {
  return typeof value === "string" && value !== "" && !isUnknown(value) ? clean(value, longest) : undefined;
}
