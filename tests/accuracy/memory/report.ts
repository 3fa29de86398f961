import type { MeasuredRow } from "./measured-file";
import { fitsRight, macro, type PredictedRow, score, type Score } from "./score";

/** How an estimator does on all rows, averaged over sources, and by group. */
export interface Accuracy {
  readonly all: Score;
  readonly macro: Score;
  readonly bySource: Readonly<Record<string, Score>>;
  readonly byMethod: Readonly<Record<string, Score>>;
  /** The rows whose source does not say what it measured, which are in the others as well. */
  readonly unknownMetric: Score;
}

/** Tuning, and serving apart. */
export interface Report extends Accuracy {
  readonly serving: Accuracy;
  /** Rows without a prediction, or without anything to compare it with. */
  readonly notCovered: readonly { readonly id: string; readonly why: string }[];
  /** Fit tests with a prediction that was wrong. */
  readonly fitsWrong: readonly string[];
}

export function report(predicted: readonly PredictedRow[]): Report {
  const scored = predicted.filter(({ row }) => row.scored);
  return {
    ...accuracy(scored.filter(({ row }) => row.task === "tune")),
    serving: accuracy(scored.filter(({ row }) => row.task === "serve")),
    notCovered: scored.flatMap(({ row, prediction }) => {
      if (row.measuredGiB === undefined && row.fitTest === undefined) return [{ id: row.id, why: nothingMeasured(row) }];
      return prediction.covered ? [] : [{ id: row.id, why: prediction.why }];
    }),
    fitsWrong: scored.filter((each) => each.row.fitTest && each.prediction.covered && !fitsRight(each)).map(({ row }) => row.id),
  };
}

function nothingMeasured({ metric }: MeasuredRow): string {
  return metric === "fits" ? "fits is neither yes nor no, or fits_gpu_gib is no number" : "measured_gib is no number above 0";
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
  const comparable = rows.filter(({ row }) => row.measuredGiB !== undefined || row.fitTest !== undefined);
  const names = [...new Set(comparable.map(({ row }) => by(row)))];
  return Object.fromEntries(names.map((name) => [name, score(comparable.filter(({ row }) => by(row) === name))]));
}
