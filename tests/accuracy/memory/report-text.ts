import { aligned } from "../../../cli/columns";
import type { Accuracy, Report } from "./report";
import { errorOf, type PredictedRow, type Score } from "./score";

const HEADS = ["", "rows", "covered", "median", "within 20 %", "under by 10 %", "above safe", "safe over 60 %", "fits wrong"];
const NOTE = [
  "median: absolute error. under by 10 %: predicted more than a tenth too low. above safe: measured more than the estimate says a GPU should have.",
  "safe over 60 %: that is more than 1.6 times what was measured. macro: the mean over sources.",
];

/** The report for people. */
export function reportText(file: string, { notCovered, fitsWrong, serving, ...tuning }: Report): string {
  const sections = [["Tuning", tuning] as const, ["Serving", serving] as const].filter(([, { bySource }]) => Object.keys(bySource).length > 0);
  const table = aligned([HEADS, ...sections.flatMap(([title, accuracy], index) => [...(index === 0 ? [] : [[]]), [title], ...lines(accuracy)])]);
  const reasons = [...new Set(notCovered.map(({ why }) => why))];
  const idsOf = (reason: string): string => notCovered.flatMap(({ id, why }) => (why === reason ? [id] : [])).join(", ");
  return [
    ...[`Predicted against measured memory, ${file}`, "", ...table, "", ...NOTE],
    ...reasons.map((reason) => `not covered, ${reason}: ${idsOf(reason)}`),
    ...(fitsWrong.length === 0 ? [] : [`fit tests that went wrong: ${fitsWrong.join(", ")}`]),
    "",
  ].join("\n");
}

function lines({ all, macro: mean, bySource, byMethod, unknownMetric }: Accuracy): string[][] {
  return [
    ...Object.entries(bySource).map(([name, each]) => line(name, each)),
    ...Object.entries(byMethod).map(([name, each]) => line(`method ${name}`, each)),
    ...(unknownMetric.rows === 0 ? [] : [line("metric not said", unknownMetric)]),
    line("all", all),
    line("macro", mean),
  ];
}

function line(name: string, each: Score): string[] {
  const percent = (value: number | null): string => (value === null ? "–" : `${(100 * value).toFixed(1)} %`);
  const count = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));
  const figures = [each.medianAbsError, each.within20, each.underBy10, each.aboveSafe, each.safeOver60].map(percent);
  return [name, count(each.rows), count(each.covered), ...figures, each.fitRows === 0 ? "–" : `${count(each.fitWrong)} of ${count(each.fitRows)}`];
}

/** Every row that counts with what was predicted, worst first. */
export function rowsText(predicted: readonly PredictedRow[]): string {
  const judged = predicted.flatMap(({ row, prediction }) => {
    if (!row.scored || !prediction.covered || row.measuredGiB === undefined) return [];
    return [{ row, prediction, measuredGiB: row.measuredGiB, error: errorOf(row.measuredGiB, row.metric, prediction) }];
  });
  judged.sort((a, b) => Math.abs(b.error) - Math.abs(a.error));
  const cells = judged.map(({ row, prediction, measuredGiB, error }) => [
    ...[row.id, row.source, row.configuration["model"] ?? "", row.method, row.metric],
    ...[measuredGiB, prediction.componentGiB ?? prediction.allocatedGiB, prediction.driverGiB, prediction.safeGiB].map((gib) => gib.toFixed(1)),
    `${error < 0 ? "" : "+"}${(100 * error).toFixed(1)} %`,
  ]);
  const heads = ["row", "source", "model", "method", "metric", "measured", "allocated", "driver", "safe", "error"];
  return [...aligned([heads, ...cells], [0, 1, 2, 3, 4]), "", ""].join("\n");
}
