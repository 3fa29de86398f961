import { isFitRow, type MeasuredRow } from "./measured-file";
import type { Prediction } from "./prediction";

/** How an estimator does on a group of rows: counts, and shares and errors as fractions of the rows that it covers. */
export interface Score {
  /** Scored rows with a number. */
  readonly rows: number;
  /** Of these, rows that the estimator can express. */
  readonly covered: number;
  readonly medianAbsError: number | null;
  readonly within20: number | null;
  /** Share whose metric was predicted more than a tenth too low. */
  readonly underBy10: number | null;
  readonly aboveSafe: number | null;
  /** Share where *safe* is more than 1.6 times what was measured. */
  readonly safeOver60: number | null;
  readonly fitWrong: number;
  /** Scored rows that say whether a run fits a card; a run is said to fit where what nvidia-smi would show does. */
  readonly fitRows: number;
}

export interface PredictedRow {
  readonly row: MeasuredRow;
  readonly prediction: Prediction;
}

type Covered = Extract<Prediction, { covered: true }>;

/** Relative error of the metric that a row measured; a row that does not say which has none within the range from allocated to driver. */
export function errorOf(measuredGiB: number, metric: string, prediction: Covered): number {
  const { allocatedGiB, reservedGiB, driverGiB, componentGiB } = prediction;
  if (metric === "unknown") {
    const nearer = Math.min(Math.max(measuredGiB, allocatedGiB), driverGiB);
    return nearer / measuredGiB - 1;
  }
  const of: Readonly<Record<string, number>> = { allocated: allocatedGiB, reserved: reservedGiB, driver: driverGiB };
  return (of[metric] ?? componentGiB ?? driverGiB) / measuredGiB - 1;
}

export function fitsRight({ row, prediction }: PredictedRow): boolean {
  return prediction.covered && row.cardGiB !== undefined && prediction.driverGiB <= row.cardGiB === row.fits;
}

export function score(rows: readonly PredictedRow[]): Score {
  const numbered = rows.filter(({ row }) => row.measuredGiB !== undefined && row.metric !== "fits");
  const judged = numbered.flatMap(({ row, prediction }) =>
    prediction.covered && row.measuredGiB !== undefined ? [judgement(row.measuredGiB, row.metric, prediction)] : [],
  );
  const share = (of: (each: Judgement) => boolean) => (judged.length === 0 ? null : judged.filter(of).length / judged.length);
  const fits = rows.filter(({ row }) => isFitRow(row));
  return {
    rows: numbered.length,
    covered: judged.length,
    medianAbsError: median(judged.map(({ error }) => Math.abs(error))),
    within20: share(({ error }) => Math.abs(error) <= 0.2),
    underBy10: share(({ error }) => error < -0.1),
    aboveSafe: share(({ ofSafe }) => ofSafe > 1),
    safeOver60: share(({ ofSafe }) => 1 / ofSafe > 1.6),
    fitWrong: fits.filter((each) => !fitsRight(each)).length,
    fitRows: fits.length,
  };
}

interface Judgement {
  readonly error: number;
  /** What was measured, as a part of *safe*. */
  readonly ofSafe: number;
}

function judgement(measuredGiB: number, metric: string, prediction: Covered): Judgement {
  return { error: errorOf(measuredGiB, metric, prediction), ofSafe: measuredGiB / prediction.safeGiB };
}

/** The same figures averaged over sources, so that none outvotes the others; a source without a figure is left out of it. */
export function macro(scores: readonly Score[]): Score {
  const mean = (of: (each: Score) => number | null) => {
    const known = scores.map(of).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  return {
    rows: mean(({ rows }) => rows) ?? 0,
    covered: mean(({ covered }) => covered) ?? 0,
    medianAbsError: mean(({ medianAbsError }) => medianAbsError),
    within20: mean(({ within20 }) => within20),
    underBy10: mean(({ underBy10 }) => underBy10),
    aboveSafe: mean(({ aboveSafe }) => aboveSafe),
    safeOver60: mean(({ safeOver60 }) => safeOver60),
    fitWrong: mean(({ fitWrong }) => fitWrong) ?? 0,
    fitRows: mean(({ fitRows }) => fitRows) ?? 0,
  };
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return below === undefined || above === undefined ? null : (below + above) / 2;
}
