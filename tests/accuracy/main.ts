import * as path from "node:path";
import { parseArgs } from "node:util";
import { errorOf } from "./score";
import { type MeasuredRow, readMeasured } from "./measured-file";
import { report, text } from "./report";
import { aligned } from "../../cli/columns";
import type { PredictedRow } from "./score";
import { predictServing } from "./serving-rows";
import { predictTuning } from "./tuning-rows";

const HELP = `Accuracy: the memory estimators against published measurements.

  npm run accuracy [-- FILE.csv] [-- OPTIONS]

  FILE.csv   rows with the columns of tests/accuracy/README.md (default: tests/accuracy/sizing-measured.csv)
  --rows     every row with what was predicted, worst first
  --json     machine-readable
  --help     this text

A prediction sees a row's configuration, never its measured columns.

Exit codes: 0 done, 1 the file cannot be read, 2 wrong usage.
`;

function main(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rows: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return print(HELP);
  const [file = path.join(__dirname, "sizing-measured.csv"), ...more] = positionals;
  if (more.length > 0) throw new TypeError(`one file, not ${positionals.length}`);
  const predicted = readMeasured(file).map(predict);
  const result = report(predicted);
  if (values.json) return print(`${JSON.stringify(result, undefined, 2)}\n`);
  return print((values.rows ? everyRow(predicted) : "") + text(path.relative(process.cwd(), file), result));
}

export function predict(row: MeasuredRow): PredictedRow {
  return { row, prediction: row.task === "serve" ? predictServing(row.configuration) : predictTuning(row.configuration) };
}

function everyRow(predicted: readonly PredictedRow[]): string {
  const judged = predicted.flatMap(({ row, prediction }) => {
    if (!row.scored || !prediction.covered || row.measuredGiB === undefined) return [];
    return [{ row, prediction, error: errorOf(row.measuredGiB, row.metric, prediction) }];
  });
  judged.sort((a, b) => Math.abs(b.error) - Math.abs(a.error));
  const lines = judged.map(({ row, prediction, error }) => [
    ...[row.id, row.source, row.configuration["model"] ?? "", row.method, row.metric],
    ...[row.measuredGiB ?? 0, prediction.allocatedGiB, prediction.driverGiB, prediction.safeGiB].map((gib) => gib.toFixed(1)),
    `${error < 0 ? "" : "+"}${(100 * error).toFixed(1)} %`,
  ]);
  const heads = ["row", "source", "model", "method", "metric", "measured", "allocated", "driver", "safe", "error"];
  return [...aligned([heads, ...lines], [0, 1, 2, 3, 4]), "", ""].join("\n");
}

function print(output: string): number {
  process.stdout.write(output);
  return 0;
}

if (require.main === module) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof TypeError ? 2 : 1;
  }
}
