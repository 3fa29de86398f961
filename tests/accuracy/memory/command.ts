import * as path from "node:path";
import { fileIn, optionsOf } from "../command";
import { readMeasured } from "./measured-file";
import { predict } from "./predict";
import { report } from "./report";
import { reportText, rowsText } from "./report-text";
import type { PredictedRow } from "./score";

/** The measurements that are judged when no file is given. */
export const MEASURED_FILE = path.join(__dirname, "..", "sizing-measured.csv");

const HELP = `Accuracy: the memory estimators against published measurements.

  npm run accuracy [-- [FILE.csv] OPTIONS]

  FILE.csv   rows with the columns of tests/accuracy/README.md (default: tests/accuracy/sizing-measured.csv)
  --rows     every row with what was predicted, worst first
  --json     machine-readable
  --help     this text

A prediction sees a row's configuration, never its measured columns.

Exit codes: 0 done, 1 the file cannot be read or is none, 2 wrong usage.
`;

/** What `npm run accuracy` prints. Throws a CommandError where a file or the command line is at fault. */
export function accuracyCommand(args: readonly string[]): string {
  const { values, positionals } = optionsOf(args);
  if (values.help) return HELP;
  const file = fileIn(positionals, MEASURED_FILE);
  const predicted = predictedRows(file);
  const result = report(predicted);
  if (values.json) return `${JSON.stringify(result, undefined, 2)}\n`;
  return (values.rows ? rowsText(predicted) : "") + reportText(path.relative(process.cwd(), file), result);
}

/** The rows of a file, each with its prediction. */
export function predictedRows(file: string): readonly PredictedRow[] {
  return readMeasured(file).map((row) => ({ row, prediction: predict(row.configuration) }));
}
