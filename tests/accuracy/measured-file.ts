import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";

/** What was measured; a prediction never sees it. */
const MEASURED_COLUMNS = ["measured_gib", "fits", "unit_note"] as const;

/** A row's configuration: every column but the measured ones. */
export type Configuration = Readonly<Record<string, string>>;

/** A row of a file with the columns that README.md describes. */
export interface MeasuredRow {
  readonly id: string;
  /** First word of the source's column, by which rows are grouped. */
  readonly source: string;
  readonly task: string;
  readonly method: string;
  readonly metric: string;
  readonly scored: boolean;
  /** The peak or component, in GiB; undefined for a fit test. */
  readonly measuredGiB: number | undefined;
  /** Whether the run fitted a card of `cardGiB`; undefined where none was tried. */
  readonly fits: boolean | undefined;
  readonly cardGiB: number | undefined;
  readonly configuration: Configuration;
}

/** Reads a file of measurements. Throws Error with what is missing. */
export function readMeasured(file: string): readonly MeasuredRow[] {
  const records: readonly Record<string, string>[] = parse(readFileSync(file, "utf8"), { columns: true, bom: true, skip_empty_lines: true });
  const [first] = records;
  const missing = ["id", "source", "model", "task", "method", "metric", "measured_gib"].filter((column) => first?.[column] === undefined);
  if (missing.length > 0) throw new Error(`${file}: the column${missing.length > 1 ? "s" : ""} ${missing.join(", ")} of tests/accuracy/README.md are missing`);
  return records.map(measuredRow);
}

function measuredRow(record: Record<string, string>): MeasuredRow {
  const text = (column: string) => (record[column] ?? "").trim();
  return {
    id: text("id"),
    source: text("source").split(/\s/)[0] ?? "",
    task: text("task"),
    method: text("method"),
    metric: text("metric"),
    scored: text("scored") === "yes",
    measuredGiB: numberIn(text("measured_gib")),
    fits: text("fits") === "" ? undefined : text("fits") === "yes",
    cardGiB: numberIn(text("fits_gpu_gib")),
    configuration: withoutMeasured(record),
  };
}

export function withoutMeasured(record: Configuration): Configuration {
  return Object.fromEntries(Object.entries(record).filter(([column]) => !MEASURED_COLUMNS.some((measured) => measured === column)));
}

/** Whether a row says only if a run fits a card. */
export function isFitRow({ metric, fits }: MeasuredRow): boolean {
  return metric === "fits" && fits !== undefined;
}

/** A number of a cell; undefined where it is empty or none. */
export function numberIn(text: string | undefined): number | undefined {
  return text === undefined || text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
}
