import type { GpuPrices } from "../../../components/plan/prices";
import { clean } from "../clean";
import { type Message, type Outcome, type Preview } from "../read/preview";
import { nameOf, stackOf, typeOf } from "../read/states";
import { type Change, changesOf } from "./change";
import { type Cost, costOf, starts } from "./cost";
import { type Ending, endingsOf } from "./ending";
import { kaitoPoolsOf } from "./kaito";
import type { Live } from "./live";
import { type Loss, lossesOf } from "./losses";
import { inOrder } from "./order";
import { poolsOf } from "./pools";
import { type Quota, quotaOf } from "./quota";
import { regionsOf } from "./regions";
import { type RestGroup, restOf } from "./rest";
import { servicesOf } from "./services";
import { bareType } from "./things";
import { type Unpinned, unpinnedOf } from "./unpinned";
import { type Run, runsOf, type Service } from "./workloads";

/** What the reader of a preview asks for beside it. */
export interface ReportOptions {
  /** Name to show, and to mark the comment with. @default - the stack of the preview's resources */
  readonly stack?: string;
  readonly budgetUsdPerHour?: number;
  readonly prices?: GpuPrices;
}

export interface Counts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly same: number;
}

/** Something that was said, by whom. */
export interface Said {
  readonly severity: Message["severity"];
  readonly resource: string | undefined;
  readonly text: string;
}

/** Everything that a report says, in the order in which it says it. Also what `--format json` prints. */
export interface Report {
  readonly schema: 1;
  readonly stack: string | undefined;
  readonly outcome: Outcome;
  readonly counts: Counts;
  readonly losses: readonly Loss[];
  readonly messages: readonly Said[];
  /** Runs that start, change or go. */
  readonly runs: readonly (Run & { readonly starts: boolean })[];
  readonly services: readonly Service[];
  readonly cost: Cost;
  readonly quota: Quota;
  readonly endings: readonly Ending[];
  /** Images that are named by a tag, which someone may move. */
  readonly unpinned: readonly Unpinned[];
  /** Whether resources that stay, and may cost, are not in what was read. */
  readonly leavesOutUnchanged: boolean;
  readonly resources: readonly RestGroup[];
  /** What was read where it is no preview. */
  readonly lines: readonly string[];
  /** What Azure says of the pools as they will be, where it was asked. */
  readonly live?: Live;
}

/** The report of a preview. The same preview and options give the same report. */
export function reportOf(preview: Preview, { stack, budgetUsdPerHour, prices }: ReportOptions = {}): Report {
  const changes = changesOf(preview);
  // What a preview that failed would come to is not known.
  const region = regionsOf(changes, preview.config);
  const runs = [...runsOf(changes)].sort(byName);
  const services = [...servicesOf(changes)].sort(byName);
  const pools = preview.outcome === "failed" ? [] : [...poolsOf(changes, region), ...kaitoPoolsOf(changes, runs, services, region)].sort(byName);
  const named = stack ?? preview.steps.map(({ urn }) => stackOf(urn)).find((each) => each !== undefined);
  return {
    schema: 1,
    stack: named === undefined ? undefined : clean(named, 100),
    outcome: preview.outcome,
    counts: countsOf(changes, preview.same),
    losses: lossesOf(changes),
    messages: preview.messages.map(said).sort((one, other) => Number(other.severity === "error") - Number(one.severity === "error")),
    runs: runs.filter(tellsOfRun).map((run) => ({ ...run, starts: starts(run) })),
    services: services.filter(tellsOfService),
    cost: costOf(pools, runs, services, prices, budgetUsdPerHour),
    quota: quotaOf(pools),
    endings: endingsOf(changes),
    unpinned: unpinnedOf(changes),
    leavesOutUnchanged: !preview.toldSame && preview.same > 1,
    resources: restOf(changes),
    lines: preview.outcome === "not a preview" || preview.outcome === "empty" ? preview.lines.map((line) => clean(line, 200)) : [],
  };
}

function countsOf(changes: readonly Change[], same: number): Counts {
  const count = (action: Change["action"]) => changes.filter((change) => change.action === action && change.type !== "pulumi:pulumi:Stack").length;
  // The engine counts the stack itself among what stays.
  const stack = changes.some(({ action, type }) => action === "same" && type === "pulumi:pulumi:Stack") ? 1 : 0;
  return { create: count("create"), update: count("update"), replace: count("replace"), delete: count("delete"), same: Math.max(0, same - stack) };
}

function said({ severity, text, urn }: Message): Said {
  const resource = urn === undefined || urn === "" ? undefined : clean(`${bareType(typeOf(urn))} ${nameOf(urn)}`, 120);
  // Lines stay lines; what draws them shows each of them apart.
  return { severity, resource, text: text.slice(0, 20_000).split(/\r?\n/u).slice(0, 60).map((line) => clean(line, 500)).join("\n") };
}

/** A run whose reason alone is worded anew tells nothing. */
function tellsOfRun({ action, old, new: after }: Run): boolean {
  if (action === "create" || action === "delete" || action === "replace") return true;
  if (action !== "update" || !old || !after) return false;
  return (["runId", "model", "method", "size", "priority", "nodes", "gpusPerNode", "pool"] as const).some((key) => old[key] !== undefined && old[key] !== after[key]);
}

function tellsOfService({ action, old, new: after }: Service): boolean {
  if (action === "create" || action === "delete" || action === "replace") return true;
  return action === "update" && JSON.stringify([old?.model, old?.replicas, old?.adapters]) !== JSON.stringify([after?.model, after?.replicas, after?.adapters]);
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return inOrder(one.name, other.name);
}
