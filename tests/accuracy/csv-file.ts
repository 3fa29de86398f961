import { readFileSync } from "node:fs";
import { CsvError, parse } from "csv-parse/sync";
import { CommandError } from "./command";

/** A row of a file, by column; a short line lacks the last ones. */
export type CsvRow = Readonly<Partial<Record<string, string>>>;

/** Rows of a CSV file that has at least `columns`. Throws a CommandError of one line where it has not, or is none. */
export function readCsv(file: string, columns: readonly string[]): readonly CsvRow[] {
  const { names, rows } = parsed(file);
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0) throw new CommandError(1, `${file} lacks the column${missing.length > 1 ? "s" : ""} ${missing.join(", ")}`);
  if (rows.length === 0) throw new CommandError(1, `${file} has no rows`);
  return rows;
}

function parsed(file: string): { readonly names: readonly string[]; readonly rows: readonly CsvRow[] } {
  let names: readonly string[] = [];
  const columns = (header: string[]): string[] => {
    names = header;
    return header;
  };
  try {
    const rows = parse<CsvRow>(textOf(file), { columns, bom: true, trim: true, skip_empty_lines: true, relax_column_count_less: true });
    return { names, rows };
  } catch (error) {
    if (error instanceof CsvError) throw new CommandError(1, `${file} is not a CSV file: ${error.message}`);
    throw error;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(1, `${file} ${unreadable(error as NodeJS.ErrnoException)}`);
  }
}

function unreadable({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "does not exist";
  return code === "EISDIR" ? "is a folder" : `cannot be read: ${message}`;
}
