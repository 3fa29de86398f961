import { median } from "../../../bench/measurement";
import type { CsvRow } from "../csv-file";
import { judged, type Judged, throughputRuns, type Uncovered } from "./runs";

/** How a group of runs is predicted. */
export interface Score {
  /** Runs with a measured speed. */
  readonly rows: number;
  /** Those that could be predicted. */
  readonly covered: number;
  /** Middle of the absolute errors, as a part of the measured speed. */
  readonly medianAbsError: number;
  /** Part of the covered runs whose speed lies between the estimate's bounds. */
  readonly insideRange: number;
  /** Middle of the quotients of upper and lower bound. */
  readonly medianWidth: number;
}

export interface Report {
  readonly all: Score;
  readonly byUse: Readonly<Record<string, Score>>;
  readonly bySource: Readonly<Record<string, Score>>;
}

export function report(rows: readonly CsvRow[]): Report & { readonly runs: readonly Judged[]; readonly uncovered: readonly Uncovered[] } {
  const { runs: read, uncovered } = throughputRuns(rows);
  const runs = read.map(judged);
  const sources = [...new Set([...runs, ...uncovered].map(({ source }) => source))];
  const of = (source: string): Score => score(runs.filter((run) => run.source === source), uncovered.filter((row) => row.source === source).length);
  return {
    runs,
    uncovered,
    all: score(runs, uncovered.length),
    byUse: Object.fromEntries((["calibration", "check"] as const).map((use) => [use, score(runs.filter((run) => run.use === use), 0)])),
    bySource: Object.fromEntries(sources.map((source) => [source, of(source)])),
  };
}

function score(runs: readonly Judged[], uncovered: number): Score {
  const middle = (values: readonly number[]): number => (values.length === 0 ? NaN : median(values));
  return {
    rows: runs.length + uncovered,
    covered: runs.length,
    medianAbsError: middle(runs.map(({ error }) => Math.abs(error))),
    insideRange: runs.filter(({ inside }) => inside).length / runs.length,
    medianWidth: middle(runs.map(({ estimate: { tokensPerSecond } }) => tokensPerSecond.high / tokensPerSecond.low)),
  };
}
