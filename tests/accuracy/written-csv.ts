import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { CsvRow } from "./csv-file";

/** A file with a text, in a folder of its own. */
export function textFile(text: string): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "accuracy-")), "rows.csv");
  writeFileSync(file, text);
  return file;
}

/** A CSV file with rows, and the columns that any of them has. */
export function csvFile(rows: readonly CsvRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const quoted = (cell = ""): string => `"${cell.replaceAll('"', '""')}"`;
  return textFile([columns, ...rows.map((row) => columns.map((column) => row[column]))].map((cells) => cells.map(quoted).join(",")).join("\n"));
}
