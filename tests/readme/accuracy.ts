import { MEASURED_FILE, predictedRows } from "../accuracy/memory/command";
import { report } from "../accuracy/memory/report";
import type { Score } from "../accuracy/memory/score";
import { markdownTable } from "./markdown";

/** What `npm run accuracy` prints of tuning by source, and of serving in all, as a table. */
export function accuracyTable(): string {
  const { bySource, all, macro, serving } = report(predictedRows(MEASURED_FILE));
  const heads = ["Source", "Rows", "Covered", "Median error", "Within 20 %", "Under by 10 %", "Above *safe*", "*Safe* over by 60 %", "Fit tests wrong"];
  return markdownTable(heads, [
    ...Object.entries(bySource).map(([name, score]) => line(name, score)),
    line("all", all),
    line("**mean over sources**", macro),
    line("serving, mean over sources", serving.macro),
  ]);
}

function line(name: string, { rows, covered, medianAbsError, within20, underBy10, aboveSafe, safeOver60, fitWrong, fitRows }: Score): string[] {
  const count = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(1));
  const share = (value: number | null) => (value === null ? "–" : `${(100 * value).toFixed(1)} %`);
  const fits = fitRows === 0 ? "–" : `${count(fitWrong)} of ${count(fitRows)}`;
  return [name, count(rows), count(covered), ...[medianAbsError, within20, underBy10, aboveSafe, safeOver60].map(share), fits];
}
