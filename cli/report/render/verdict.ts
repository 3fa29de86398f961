import type { Report } from "../model/report";
import type { Sum } from "../model/cost";
import { isLacking, lackLine } from "./live";
import { counted, type Document, type Line, strong } from "./parts";
import { hourly, usd } from "./words";

/** What a reader should know who reads nothing else. */
export function verdictOf(report: Report): readonly Line[] {
  const lack = report.live && lackLine(report.live);
  return [[strong(headline(report)), ...countsOf(report)], ...moneyOf(report), ...(lack ? [lack] : [])];
}

export function alarmOf(report: Report): Document["alarm"] {
  if (report.outcome !== "complete" || takenAlong(report).length > 0) return "caution";
  return report.cost.overBudget === true || (report.live && isLacking(report.live)) || report.endings.length > 0 ? "warning" : "note";
}

function headline(report: Report): string {
  const errors = report.messages.filter(({ severity }) => severity === "error").length;
  switch (report.outcome) {
    case "empty":
      return "No preview: there was nothing to read. What pulumi preview --json says on standard error tells why.";
    case "not a preview":
      return "No preview: what was read is none. pulumi preview --json prints one.";
    case "failed":
      return errors === 0 ? "The preview failed." : `The preview failed with ${counted(errors, "error")}.`;
    case "cut off":
      return "The preview was cut off: this is what was read of it.";
    case "complete":
      return judged(report);
  }
}

function judged(report: Report): string {
  const { counts, losses } = report;
  const changing = counts.create + counts.update + counts.replace + counts.delete;
  if (changing === 0) return "No changes.";
  const taken = takenAlong(report);
  if (taken.length > 0) return `${sentence(taken)}.`;
  if (losses.length === 0) return "Nothing that holds data, GPUs or traffic is replaced or deleted.";
  const told = [
    ...(losses.some(({ retained }) => retained) ? ["some of it is left in Azure"] : []),
    ...(losses.some(({ takenOver }) => takenOver) ? ["services get a second set before the first one goes"] : []),
  ];
  return `Nothing that holds data, GPUs or traffic is lost; ${told.join(", and ")}.`;
}

/** Losses that are no intention. */
function takenAlong({ losses }: Report): Report["losses"] {
  return losses.filter(({ retained, takenOver }) => !retained && takenOver !== true);
}

/** "Replaces 1 cluster, 1 GPU pool and 3 more; deletes 1 run": the worst of each by kind. */
function sentence(losses: Report["losses"]): string {
  const clauses = (["replace", "delete"] as const).flatMap((action) => {
    const own = losses.filter((loss) => loss.action === action);
    return own.length === 0 ? [] : [`${action}s ${listed(own.map(({ what }) => what))}`];
  });
  const text = clauses.join("; ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const MOST_KINDS = 3;

function listed(kinds: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const named = [...counts].slice(0, MOST_KINDS).map(([kind, count]) => `${count} ${inSentence(kind)}${count === 1 ? "" : "s"}`);
  const more = kinds.length - [...counts.values()].slice(0, MOST_KINDS).reduce((sum, count) => sum + count, 0);
  const all = more > 0 ? [...named, `${more} more`] : named;
  return all.length === 1 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1) ?? ""}`;
}

function inSentence(kind: string): string {
  return /^[A-Z]{2}/.test(kind) ? kind : kind.charAt(0).toLowerCase() + kind.slice(1);
}

function countsOf({ counts, outcome }: Report): Line {
  const { create, update, replace, same } = counts;
  const parts = [
    [create, "to create"],
    [update, "to change"],
    [replace, "to replace"],
    [counts.delete, "to delete"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const stays = same > 0 ? `${same} ${same === 1 ? "stays" : "stay"} as ${same === 1 ? "it is" : "they are"}` : undefined;
  const all = [said.join(", "), stays].filter((each) => each !== undefined && each !== "").join("; ");
  return all === "" || outcome === "empty" || outcome === "not a preview" ? [] : [` ${all}.`];
}

function moneyOf({ cost }: Report): readonly Line[] {
  const { pools, now, after, mostNow, mostAfter, budgetUsdPerHour, overBudget } = cost;
  if (pools.length === 0) return [];
  const most = same(mostNow, mostAfter) || mostNow.usdPerHour + mostNow.unpricedNodes === 0 ? hourly(mostAfter) : `${hourly(mostAfter)} instead of ${hourly(mostNow)}`;
  const money: Line = [`GPUs in USD per hour: ${hourly(now)} now, ${hourly(after)} after, at most ${most}.`];
  if (budgetUsdPerHour === undefined) return [money];
  const judged = overBudget === undefined ? "may be kept: prices are missing" : overBudget ? "can be exceeded" : "is kept";
  return [[...money, " ", strong(`The budget of ${usd(budgetUsdPerHour)} ${judged}.`)]];
}

function same(one: Sum, other: Sum): boolean {
  return hourly(one) === hourly(other);
}
