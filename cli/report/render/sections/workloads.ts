import type { Report } from "../../model/report";
import type { RunState, ServiceState } from "../../model/workloads";
import { type Cell, cell, code, joined, type Line, type Part, prose, type Section } from "../parts";
import { range } from "../words";

type ReportedRun = Report["runs"][number];

/** Runs that start, change or go, in the words of whoever pays for them. Runs that differ in their names alone share a row. */
export function runSection({ runs }: Report): Section | undefined {
  if (runs.length === 0) return undefined;
  const rows = grouped(runs, (run) => JSON.stringify(detailsOf(run))).flatMap((group) => (group.length < LEAST_ALIKE ? group.map((run) => rowOf([run])) : [rowOf(group)]));
  return {
    title: "Tuning runs",
    lead: togetherOf(runs),
    body: { kind: "table", heads: ["Run", "", "Model", "Method", "Size", "Hours", "USD"], right: [5, 6], rows },
    rowsAre: ["row of runs", "rows of runs"],
  };
}

/** Fewer are told apart. */
const LEAST_ALIKE = 4;

/** What the runs that start cost together. */
function togetherOf(runs: readonly ReportedRun[]): readonly Line[] {
  const starting = runs.filter(({ starts }) => starts);
  if (starting.length < 2) return [];
  const costs = starting.flatMap((run) => run.new?.usd ?? []);
  const total = costs.reduce((sum, { low, expected, high }) => ({ low: sum.low + low, expected: sum.expected + expected, high: sum.high + high }), { low: 0, expected: 0, high: 0 });
  const unpriced = starting.length - costs.length;
  const known = costs.length > 0 ? ` They cost ${range(total)} USD together` : "";
  const missing = unpriced > 0 ? `${known === "" ? " The cost of" : ", and the cost of"} ${unpriced === starting.length ? "none" : unpriced} of them is${unpriced === starting.length ? "" : " not"} known` : "";
  return [[`${starting.length} runs start.${known}${missing}${known + missing === "" ? "" : "."}`]];
}

/** All columns but the first two. */
function detailsOf(run: ReportedRun): readonly Cell[] {
  const state = run.new ?? run.old;
  return [
    cell(...changed(run.old?.model, run.new?.model)),
    cell(...changed(run.old?.method, run.new?.method)),
    [sizes(run.old, run.new)],
    cell(state?.hours && run.new ? range(state.hours) : ""),
    cell(run.new ? (state?.usd ? range(state.usd) : "not known") : ""),
    cell(...whatHappens({ ...run, new: run.new && { ...run.new, runId: "" }, old: run.old && { ...run.old, runId: "" } })),
  ];
}

function rowOf(group: readonly ReportedRun[]): readonly Cell[] {
  const [first] = group;
  if (first === undefined) return [];
  const details = detailsOf(first);
  const [model = [], method = [], size = [], hours = [], usd = []] = details;
  const each: Part = group.length > 1 ? " each" : "";
  return [[someOf(group.map(({ name }) => name))], cell(...(group.length > 1 ? shortly(first) : whatHappens(first))), model, method, size, hours, usd.map((line) => [...line, each])];
}

function whatHappens(run: ReportedRun): Line {
  const [verb] = shortly(run);
  const { action, old, new: after } = run;
  if (action === "delete" || after === undefined) return shortly(run);
  const id = [verb ?? "", " as ", code(after.runId)];
  return run.starts && old !== undefined && old.runId !== after.runId ? [...id, " after ", code(old.runId)] : id;
}

function shortly({ action, old, new: after, starts }: ReportedRun): Line {
  if (action === "delete" || after === undefined) return ["goes"];
  if (!starts) return ["goes on"];
  return [old !== undefined && old.runId === after.runId ? "starts anew" : "starts"];
}

function sizes(old: RunState | undefined, after: RunState | undefined): Line {
  if (old && after && (old.size !== after.size || old.priority !== after.priority || old.nodes !== after.nodes)) return [...sizeOf(old), " → ", ...sizeOf(after)];
  return sizeOf(after ?? old);
}

function sizeOf(state: RunState | undefined): Line {
  if (state?.size === undefined) return ["not known"];
  return [state.nodes === 1 ? "" : `${state.nodes} × `, code(state.size), state.priority === "Spot" ? " as spot" : "", ...engineOf(state)];
}

/** Nothing of the library's own engines. */
function engineOf(state: RunState | ServiceState | undefined): Line {
  return state?.kaito === undefined ? [] : [` by KAITO ${state.kaito.version}`];
}

function changed(old: string | undefined, after: string | undefined): Line {
  if (old !== undefined && after !== undefined && old !== after) return [code(old), " → ", code(after)];
  const only = after ?? old;
  return only === undefined ? ["not known"] : [code(only)];
}

/** Servers that come, change or go, with the adapters that they will answer with. */
export function serviceSection({ services }: Report): Section | undefined {
  if (services.length === 0) return undefined;
  const rows = services.map(({ name, action, old, new: after }): readonly Cell[] => [
    cell(code(name)),
    cell(ACTIONS[action]),
    cell(...changed(old?.model, after?.model), ...engineOf(after ?? old)),
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
  const reasons = grouped(runs.filter((run) => run.new?.reason !== undefined), (run) => run.new?.reason ?? "");
  if (reasons.length === 0) return undefined;
  const rows = reasons.map((alike) => ({ depth: 0 as const, line: [...someOf(alike.map(({ name }) => name)), ": ", prose(alike[0]?.new?.reason ?? "")] }));
  return { title: "Why these sizes", collapsed: true, lead: [], body: { kind: "list", rows }, rowsAre: ["reason", "reasons"] };
}

/** Items with the same key together, in the order of their first. */
function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

const MOST_NAMES = 5;

/** A few names, and how many there are beside. */
export function someOf(names: readonly string[]): Line {
  const shown = joined(names.slice(0, MOST_NAMES).map(code), ", ");
  return names.length > MOST_NAMES ? [...shown, ` and ${names.length - MOST_NAMES} more`] : shown;
}
