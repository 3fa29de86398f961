import { median } from "../../../bench/measurement";
import type { MeasuredRow } from "./measured-file";
import { type CoveredPrediction, PEAKS, type Prediction } from "./prediction";

/** How an estimator does on a group of rows: counts, and errors and shares as fractions; null where there is no row to take them of. */
export interface Score {
  /** Rows with a number. */
  readonly rows: number;
  /** Of these, rows that the estimator can express; errors and shares are of them. */
  readonly covered: number;
  /** Middle of the absolute errors of the metric that each row measured. */
  readonly medianAbsError: number | null;
  /** Share with an error of at most a fifth. */
  readonly within20: number | null;
  /** Share whose metric was predicted more than a tenth too low. */
  readonly underBy10: number | null;
  /** Share of the peaks that are above *safe*. */
  readonly aboveSafe: number | null;
  /** Share of the peaks of which *safe* is more than 1.6 times as much. */
  readonly safeOver60: number | null;
  /** Fit tests with another outcome than predicted, or without a prediction. */
  readonly fitWrong: number;
  /** Rows that say whether a run fits a card; it is said to where what nvidia-smi would show does. */
  readonly fitRows: number;
}

/** A row beside its prediction. */
export interface PredictedRow {
  readonly row: MeasuredRow;
  readonly prediction: Prediction;
}

/** Rounding of decimal numbers, so that 24 is a fifth more than 20 and not a little above. */
const EPSILON = 1e-9;

/** Relative error of the metric that a row measured; a row that does not say which has none within the range from allocated to driver. */
export function errorOf(measuredGiB: number, metric: string, prediction: CoveredPrediction): number {
  const { allocatedGiB, reservedGiB, driverGiB, componentGiB } = prediction;
  if (metric === "unknown") return Math.min(Math.max(measuredGiB, allocatedGiB), driverGiB) / measuredGiB - 1;
  const peaks: Readonly<Record<string, number>> = { allocated: allocatedGiB, reserved: reservedGiB, driver: driverGiB };
  return (peaks[metric] ?? componentGiB ?? NaN) / measuredGiB - 1;
}

/** Whether a fit test ended as predicted. */
export function fitsRight({ row: { fitTest }, prediction }: PredictedRow): boolean {
  return prediction.covered && fitTest !== undefined && prediction.driverGiB <= fitTest.cardGiB === fitTest.fits;
}

export function score(rows: readonly PredictedRow[]): Score {
  const judged = rows.flatMap(judgements);
  const errors = judged.map(({ error }) => error);
  const overs = judged.flatMap(({ safeOver }) => (safeOver === undefined ? [] : [safeOver]));
  const tests = rows.filter(({ row }) => row.fitTest !== undefined);
  return {
    rows: rows.filter(({ row }) => row.measuredGiB !== undefined).length,
    covered: judged.length,
    medianAbsError: middle(errors.map(Math.abs)),
    within20: share(errors, (error) => Math.abs(error) <= 0.2 + EPSILON),
    underBy10: share(errors, (error) => error < -0.1 - EPSILON),
    aboveSafe: share(overs, (over) => over < -EPSILON),
    safeOver60: share(overs, (over) => over > 0.6 + EPSILON),
    fitWrong: tests.filter((each) => !fitsRight(each)).length,
    fitRows: tests.length,
  };
}

interface Judgement {
  readonly error: number;
  /** How far *safe* is over what was measured, as a part of that; undefined for a component, which *safe* says nothing of. */
  readonly safeOver: number | undefined;
}

function judgements({ row: { measuredGiB, metric }, prediction }: PredictedRow): readonly Judgement[] {
  if (!prediction.covered || measuredGiB === undefined) return [];
  const isPeak = PEAKS.some((peak) => peak === metric);
  return [{ error: errorOf(measuredGiB, metric, prediction), safeOver: isPeak ? prediction.safeGiB / measuredGiB - 1 : undefined }];
}

/** The same figures averaged over sources, so that none outvotes the others; a source without a figure is left out of that figure. */
export function macro(scores: readonly Score[]): Score {
  const figure = (of: (each: Score) => number | null): number | null => mean(scores.map(of).filter((value) => value !== null));
  const count = (of: (each: Score) => number): number => mean(scores.map(of)) ?? 0;
  return {
    rows: count(({ rows }) => rows),
    covered: count(({ covered }) => covered),
    medianAbsError: figure(({ medianAbsError }) => medianAbsError),
    within20: figure(({ within20 }) => within20),
    underBy10: figure(({ underBy10 }) => underBy10),
    aboveSafe: figure(({ aboveSafe }) => aboveSafe),
    safeOver60: figure(({ safeOver60 }) => safeOver60),
    fitWrong: count(({ fitWrong }) => fitWrong),
    fitRows: count(({ fitRows }) => fitRows),
  };
}

function share(values: readonly number[], of: (value: number) => boolean): number | null {
  return values.length === 0 ? null : values.filter(of).length / values.length;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function middle(values: readonly number[]): number | null {
  return values.length === 0 ? null : median(values);
}
