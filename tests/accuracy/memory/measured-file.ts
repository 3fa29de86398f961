import { type CsvRow, readCsv } from "../csv-file";

/** Without these there is nothing to predict or to compare with; every other column has a default. */
const NEEDED_COLUMNS = ["source", "model", "task", "method", "metric", "measured_gib"];
/** What was measured, and what says something of the measurement; a prediction never sees it. */
export const MEASURED_COLUMNS = ["measured_gib", "unit_note", "fits", "fits_gpu_gib", "scored"] as const;

/** A row's configuration: every column but the measured ones. */
export type Configuration = CsvRow;

/** A row of a file with the columns that README.md describes. */
export interface MeasuredRow {
  readonly id: string;
  /** First word of the source's column, by which rows are grouped. */
  readonly source: string;
  /** Rows that are not of serving count as tuning. */
  readonly task: "tune" | "serve";
  readonly method: string;
  /** "unknown" where the source does not say. */
  readonly metric: string;
  /** Whether the row counts; it does unless it says "no". */
  readonly scored: boolean;
  /** The peak or component, in GiB; undefined for a fit test. */
  readonly measuredGiB: number | undefined;
  /** Whether the run fitted a card, and what that card offers. */
  readonly fitTest: { readonly fits: boolean; readonly cardGiB: number } | undefined;
  readonly configuration: Configuration;
}

/** Reads a file of measurements. Throws a CommandError where it is none. */
export function readMeasured(file: string): readonly MeasuredRow[] {
  return readCsv(file, NEEDED_COLUMNS).map((record, index) => measuredRow(record, `row ${index + 1}`));
}

function measuredRow(record: CsvRow, place: string): MeasuredRow {
  const text = (column: string, empty: string): string => (record[column] ?? "") || empty;
  const metric = text("metric", "unknown");
  return {
    id: text("id", place),
    source: text("source", "unnamed").split(/\s/)[0] ?? "",
    task: record["task"] === "serve" ? "serve" : "tune",
    method: text("method", "unnamed"),
    metric,
    scored: text("scored", "yes") === "yes",
    measuredGiB: metric === "fits" ? undefined : positive(record["measured_gib"]),
    fitTest: metric === "fits" ? fitTestOf(record) : undefined,
    configuration: withoutMeasured(record),
  };
}

function fitTestOf({ fits, fits_gpu_gib }: CsvRow): MeasuredRow["fitTest"] {
  const cardGiB = positive(fits_gpu_gib);
  return cardGiB === undefined || (fits !== "yes" && fits !== "no") ? undefined : { fits: fits === "yes", cardGiB };
}

/** The part of a row that a prediction sees. */
export function withoutMeasured(record: CsvRow): Configuration {
  return Object.fromEntries(Object.entries(record).filter(([column]) => !MEASURED_COLUMNS.some((measured) => measured === column)));
}

function positive(cell: string | undefined): number | undefined {
  return Number(cell) > 0 && Number.isFinite(Number(cell)) ? Number(cell) : undefined;
}
