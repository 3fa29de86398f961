import type { Answers } from "./completions";
import type { Run, RunRecord } from "./follow";

export interface DemoResult {
  readonly run: Run;
  readonly record: RunRecord;
  readonly datasetImage: string;
  readonly adapterImage?: string;
  readonly gpuSizeReason: string;
  readonly endpoint: string;
  readonly models: readonly string[];
  /** Pods and the nodes they were put on. */
  readonly placements: readonly (readonly [string, string])[];
  readonly answers?: Answers;
  /** Resources by what happened to them, for each update. */
  readonly changes: readonly Readonly<Record<string, number>>[];
  /** What is not the real thing on this machine. */
  readonly simulated: readonly string[];
  /** When the demo began, in milliseconds. */
  readonly started: number;
}

/** What a newcomer reads at the end: what was made, what it says, and where to look next. */
export function summary(result: DemoResult): string {
  const { run, record, answers } = result;
  const sections = [
    ["", [changesLine(result.changes)]],
    ["dataset", [result.datasetImage]],
    ["GPU size", [result.gpuSizeReason]],
    ["run", [`${run.runId} in namespace ${run.namespace}: ${record.state ?? "not started"}`, ...lossLine(record)]],
    ["adapter", [result.adapterImage ?? "none yet: no pod of this sandbox can train"]],
    ["pods", result.placements.map(([pod, node]) => `${pod} on ${node}`)],
    ["endpoint", [`${result.endpoint}${result.models.length > 0 ? ` serves ${result.models.join(", ")}` : ""}`]],
    ["", answers ? answerLines(answers) : []],
    ["simulated", result.simulated],
    ["look around", LOOK_AROUND],
    ["tear down", TEAR_DOWN],
  ] as const;
  const text = sections.flatMap(([title, lines]) => section(title, lines)).join("\n");
  return `\n${text}\n\nDone in ${Math.round((Date.now() - result.started) / 1000)} s.\n`;
}

const LOOK_AROUND = [
  "npm run sandbox -- pulumi preview",
  "npm run sandbox -- kubectl get nodes,pods -A",
  "npm run sandbox -- sh -c 'curl -s $(pulumi stack output endpoint)/v1/models'",
];
const TEAR_DOWN = [
  "npm run sandbox -- pulumi destroy --yes",
  "npm run sandbox:down     stops the sandbox's processes",
  "npm run sandbox:reset    forgets its state",
];

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return lines.map((line, index) => `${(index === 0 ? title : "").padEnd(12)} ${line}`.trimEnd());
}

function changesLine(changes: DemoResult["changes"]): string {
  const total: Record<string, number> = {};
  for (const update of changes) {
    for (const [kind, count] of Object.entries(update)) if (!UNCHANGED.includes(kind)) total[kind] = (total[kind] ?? 0) + count;
  }
  const parts = Object.entries(total).map(([kind, count]) => `${count} ${PAST[kind] ?? kind}`);
  return parts.length > 0 ? `Resources: ${parts.join(", ")}.` : "No changes: everything is as declared, and nothing was trained.";
}

/** What the engine counts beside changes. */
const UNCHANGED = ["same", "read"];
const PAST: Readonly<Record<string, string>> = { create: "created", update: "updated", delete: "deleted", replace: "replaced" };

function lossLine({ lossBefore, lossAfter, steps, resumes, usd }: RunRecord): string[] {
  if (lossBefore === undefined || lossAfter === undefined) return [];
  const cost = usd === undefined ? "" : `, ${usd} USD at the size's price (not charged here)`;
  return [`loss ${lossBefore} before, ${lossAfter} after ${steps ?? "?"} steps, resumed ${resumes ?? 0} ×${cost}`];
}

function answerLines({ question, base, adapter }: Answers): string[] {
  return [`asked:   ${question}`, `base:    ${oneLine(base)}`, `adapter: ${oneLine(adapter)}`];
}

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, " ");
  return flat.length > 200 ? `${flat.slice(0, 200)}…` : flat;
}
