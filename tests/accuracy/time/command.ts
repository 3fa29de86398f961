import * as path from "node:path";
import { aligned } from "../../../cli/columns";
import { fileIn, optionsOf } from "../command";
import { readCsv } from "../csv-file";
import { type Report, report } from "./report";
import type { Judged } from "./runs";

/** The runs that are judged when no file is given. */
export const THROUGHPUT_FILE = path.join(__dirname, "throughput.csv");

/** Without these no run can be predicted or compared. */
export const THROUGHPUT_COLUMNS = ["source", "model", "method", "seq_len", "micro_batch", "gpu", "gpus", "tokens_per_s_total"];

const HELP = `How far the estimated speed of tuning is from published runs.

  npm run accuracy:time [-- [FILE.csv] OPTIONS]

  FILE.csv   runs with the columns of tests/accuracy/time/README.md (default: tests/accuracy/time/throughput.csv)
  --rows     each run too
  --json     machine-readable
  --help     this text

Exit codes: 0 done, 1 the file cannot be read or is none, 2 wrong usage.
`;

/** What `npm run accuracy:time` prints. Throws a CommandError where a file or the command line is at fault. */
export function timeCommand(args: readonly string[]): string {
  const { values, positionals } = optionsOf(args);
  if (values.help) return HELP;
  const { runs, uncovered, ...scores } = report(readCsv(fileIn(positionals, THROUGHPUT_FILE), THROUGHPUT_COLUMNS));
  if (values.json) return `${JSON.stringify(scores, undefined, 2)}\n`;
  const lines = [
    ...aligned([["Source", "Rows", "Covered", "Median error", "In range", "High ÷ low"], ...scoreRows(scores)]),
    ...(values.rows ? ["", ...aligned([["Run", "Measured", "Low", "Expected", "High", "Error", ""], ...runs.map(runRow)], [0, 6])] : []),
    ...uncovered.map(({ id, source, why }) => `${id} of ${source}: ${why}`),
  ];
  return `${lines.join("\n")}\n`;
}

function scoreRows({ bySource, byUse, all }: Report): string[][] {
  const named = [...Object.entries(bySource), ...Object.entries(byUse), ["all", all] as const];
  return named.map(([name, each]) => [name, String(each.rows), String(each.covered), percent(each.medianAbsError), percent(each.insideRange), Number.isNaN(each.medianWidth) ? "–" : each.medianWidth.toFixed(1)]);
}

function runRow({ id, measured, estimate: { tokensPerSecond }, error, inside, setup }: Judged): string[] {
  const { low, expected, high } = tokensPerSecond;
  const shape = `${setup.model.name} ${setup.method} ${setup.sequenceLength} × ${setup.microBatch} on ${setup.gpusPerNode * setup.nodes} ${setup.gpu.name}${inside ? "" : " OUTSIDE"}`;
  return [id, ...[measured, low, expected, high].map((rate) => rate.toFixed(0)), percent(error), shape];
}

function percent(part: number): string {
  return Number.isNaN(part) ? "–" : `${(100 * part).toFixed(0)} %`;
}
