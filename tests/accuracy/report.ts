import { aligned } from "../../cli/columns";
import { isFitRow, type MeasuredRow } from "./measured-file";
import { fitsRight, macro, type PredictedRow, score, type Score } from "./score";

/** How the estimators do: on all rows, averaged over sources, and by group. Fit tests are counted, everything else is a share or an error. */
export interface Accuracy {
  readonly all: Score;
  readonly macro: Score;
  readonly bySource: Readonly<Record<string, Score>>;
  readonly byMethod: Readonly<Record<string, Score>>;
  /** The rows whose source does not say what it measured, which are in the others as well. */
  readonly unknownMetric: Score;
}

export interface Report extends Accuracy {
  readonly serving: Accuracy;
  /** Rows that no estimator can express, and fit tests that went wrong, each with the reason. */
  readonly notCovered: readonly { readonly id: string; readonly why: string }[];
  readonly fitsWrong: readonly string[];
}

export function report(predicted: readonly PredictedRow[]): Report {
  const scored = predicted.filter(({ row }) => row.scored && (row.measuredGiB !== undefined || isFitRow(row)));
  return {
    ...accuracy(scored.filter(({ row }) => row.task === "tune")),
    serving: accuracy(scored.filter(({ row }) => row.task === "serve")),
    notCovered: scored.flatMap(({ row, prediction }) => (prediction.covered ? [] : [{ id: row.id, why: prediction.why }])),
    fitsWrong: scored.filter((each) => isFitRow(each.row) && !fitsRight(each)).map(({ row }) => row.id),
  };
}

function accuracy(rows: readonly PredictedRow[]): Accuracy {
  const bySource = grouped(rows, ({ source }) => source);
  return {
    all: score(rows),
    macro: macro(Object.values(bySource)),
    bySource,
    byMethod: grouped(rows, ({ method }) => method),
    unknownMetric: score(rows.filter(({ row }) => row.metric === "unknown")),
  };
}

function grouped(rows: readonly PredictedRow[], by: (row: MeasuredRow) => string): Record<string, Score> {
  const names = [...new Set(rows.map(({ row }) => by(row)))];
  return Object.fromEntries(names.map((name) => [name, score(rows.filter(({ row }) => by(row) === name))]));
}

const HEADS = ["", "rows", "covered", "median", "within 20 %", "under by 10 %", "above safe", "safe over 60 %", "fits wrong"];

/** The report for people. */
export function text(file: string, result: Report): string {
  const { serving } = result;
  const table = aligned([
    HEADS,
    ...lines(result),
    ...(serving.all.rows + serving.all.fitRows === 0 ? [] : [[], ["Serving"], ...lines(serving)]),
  ]);
  const reasons = [...new Set(result.notCovered.map(({ why }) => why))];
  const uncovered = reasons.map((why) => `not covered, ${why}: ${result.notCovered.filter((each) => each.why === why).map(({ id }) => id).join(", ")}`);
  const wrong = result.fitsWrong.length === 0 ? [] : [`fit tests that went wrong: ${result.fitsWrong.join(", ")}`];
  return [`Predicted against measured memory, ${file}`, "", ...table, "", NOTE, ...uncovered, ...wrong, ""].join("\n");
}

const NOTE =
  "median: absolute error. under by 10 %: predicted more than a tenth too low. above safe: measured more than the size must have.\n" +
  "safe over 60 %: the size must have more than 1.6 times what was measured. macro: the mean over sources.";

function lines({ all, macro: mean, bySource, byMethod, unknownMetric }: Accuracy): string[][] {
  return [
    ...Object.entries(bySource).map(([name, each]) => line(name, each)),
    ...Object.entries(byMethod).map(([name, each]) => line(`method ${name}`, each)),
    line("metric not said", unknownMetric),
    line("all", all),
    line("macro", mean),
  ];
}

function line(name: string, each: Score): string[] {
  const percent = (value: number | null) => (value === null ? "–" : `${(100 * value).toFixed(1)} %`);
  const count = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(1));
  const figures = [each.medianAbsError, each.within20, each.underBy10, each.aboveSafe, each.safeOver60].map(percent);
  return [name, count(each.rows), count(each.covered), ...figures, each.fitRows === 0 ? "–" : `${count(each.fitWrong)} of ${count(each.fitRows)}`];
}
