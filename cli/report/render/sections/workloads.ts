import type { Report } from "../../model/report";
import type { RunState, ServiceState } from "../../model/workloads";
import { type Cell, cell, code, joined, type Line, type Part, prose, type Section } from "../parts";
import { range } from "../words";

type ReportedRun = Report["runs"][number];

/** Runs that start, change or go, in the words of whoever pays for them. */
export function runSection({ runs }: Report): Section | undefined {
  if (runs.length === 0) return undefined;
  return {
    title: "Tuning runs",
    lead: [],
    body: { kind: "table", heads: ["Run", "", "Model", "Method", "Size", "Hours", "USD"], right: [5, 6], rows: runs.map(runRow) },
    rowsAre: ["run", "runs"],
  };
}

function runRow(run: ReportedRun): readonly Cell[] {
  const state = run.new ?? run.old;
  return [
    cell(code(run.name)),
    cell(...whatHappens(run)),
    cell(...changed(run.old?.model, run.new?.model)),
    cell(...changed(run.old?.method, run.new?.method)),
    cell(...changed(sizeOf(run.old), sizeOf(run.new))),
    cell(state?.hours && run.new ? range(state.hours) : ""),
    cell(run.new ? (state?.usd ? range(state.usd) : "not known") : ""),
  ];
}

function whatHappens({ action, old, new: after, starts }: ReportedRun): Line {
  if (action === "delete" || after === undefined) return ["goes"];
  if (old === undefined) return ["starts as ", code(after.runId)];
  if (!starts) return ["goes on as ", code(after.runId)];
  return old.runId === after.runId ? ["starts anew as ", code(after.runId)] : ["starts as ", code(after.runId), " after ", code(old.runId)];
}

function sizeOf(state: RunState | undefined): string | undefined {
  if (state?.size === undefined) return undefined;
  const spot = state.priority === "Spot" ? " as spot" : "";
  return `${state.nodes === 1 ? "" : `${state.nodes} × `}${state.size}${spot}`;
}

function changed(old: string | undefined, after: string | undefined): Line {
  const shown = (text: string): Part => code(text);
  if (old !== undefined && after !== undefined && old !== after) return [shown(old), " → ", shown(after)];
  const only = after ?? old;
  return only === undefined ? ["not known"] : [shown(only)];
}

/** Servers that come, change or go, with the adapters that they will answer with. */
export function serviceSection({ services }: Report): Section | undefined {
  if (services.length === 0) return undefined;
  const rows = services.map(({ name, action, old, new: after }): readonly Cell[] => [
    cell(code(name)),
    cell(ACTIONS[action]),
    cell(...changed(old?.model, after?.model)),
    cell(...changed(replicasOf(old), replicasOf(after))),
    [adapters(old, after)],
  ]);
  return {
    title: "Inference services",
    lead: [],
    body: { kind: "table", heads: ["Service", "", "Model", "Replicas", "Adapters"], right: [3], rows },
    rowsAre: ["service", "services"],
  };
}

const ACTIONS = { create: "new", update: "changes", replace: "is replaced", delete: "goes", same: "stays", read: "stays" } as const;

function replicasOf(state: ServiceState | undefined): string | undefined {
  return state?.replicas === undefined ? undefined : String(state.replicas);
}

function adapters(old: ServiceState | undefined, after: ServiceState | undefined): Line {
  const before = new Map((old?.adapters ?? []).map(({ name, digest }) => [name, digest]));
  const now = new Map((after?.adapters ?? []).map(({ name, digest }) => [name, digest]));
  const names = [...new Set([...before.keys(), ...now.keys()])].sort();
  if (names.length === 0) return ["none"];
  return joinedLines(names.map((name): Line => {
    const [was, is] = [before.get(name), now.get(name)];
    if (after !== undefined && !now.has(name)) return [code(name), " goes"];
    if (after === undefined) return [code(name), ...(was === undefined ? [] : [" at ", code(was)])];
    if (is === undefined) return [code(name), " once there is one"];
    if (!before.has(name) || was === undefined) return [code(name), old === undefined ? " at " : " comes, at ", code(is)];
    return was === is ? [code(name), " stays at ", code(is)] : [code(name), ": ", code(was), " → ", code(is)];
  }));
}

function joinedLines(lines: readonly Line[]): Line {
  return lines.flatMap((line, index) => (index === 0 ? line : [", ", ...line]));
}

/** Why each run is on its size, runs of one reason together. */
export function reasonSection({ runs }: Report): Section | undefined {
  const reasons = new Map<string, string[]>();
  for (const { name, new: after } of runs) {
    if (after?.reason !== undefined) reasons.set(after.reason, [...(reasons.get(after.reason) ?? []), name]);
  }
  if (reasons.size === 0) return undefined;
  const rows = [...reasons].map(([reason, names]) => ({ depth: 0 as const, line: [...someOf(names), ": ", prose(reason)] }));
  return { title: "Why these sizes", collapsed: true, lead: [], body: { kind: "list", rows }, rowsAre: ["reason", "reasons"] };
}

const MOST_NAMES = 5;

/** A few names, and how many there are beside. */
export function someOf(names: readonly string[]): Line {
  const shown = joined(names.slice(0, MOST_NAMES).map(code), ", ");
  return names.length > MOST_NAMES ? [...shown, ` and ${names.length - MOST_NAMES} more`] : shown;
}
