import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { median } from "../../bench/measurement";
import { aligned } from "../../cli/columns";
import { judged, type Judged, throughputRuns, type Uncovered } from "./throughput-runs";

export const THROUGHPUT_FILE = path.join(__dirname, "throughput.csv");

const HELP = `How far the estimated speed of tuning is from published runs.

  npm run accuracy:time [-- FILE.csv] [-- OPTIONS]

  --rows           each run too
  --json           machine-readable
  --help           this text

FILE has the columns of tests/accuracy/throughput.csv, which README-throughput.md describes and which is used when none is given.
`;

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

export function report(text: string): Report & { readonly runs: readonly Judged[]; readonly uncovered: readonly Uncovered[] } {
  const { runs: read, uncovered } = throughputRuns(text);
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

function main(args: readonly string[]): string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { rows: { type: "boolean", default: false }, json: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
  });
  if (values.help) return HELP;
  const { runs, uncovered, ...scores } = report(readFileSync(positionals[0] ?? THROUGHPUT_FILE, "utf8"));
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
  return named.map(([name, each]) => [name, String(each.rows), String(each.covered), percent(each.medianAbsError), percent(each.insideRange), each.medianWidth.toFixed(1)]);
}

function runRow({ id, measured, estimate: { tokensPerSecond }, error, inside, setup }: Judged): string[] {
  const { low, expected, high } = tokensPerSecond;
  const shape = `${setup.model.name} ${setup.method} ${setup.sequenceLength} × ${setup.microBatch} on ${setup.gpusPerNode * setup.nodes} ${setup.gpu.name}${inside ? "" : " OUTSIDE"}`;
  return [id, ...[measured, low, expected, high].map((rate) => rate.toFixed(0)), percent(error), shape];
}

function percent(part: number): string {
  return Number.isNaN(part) ? "–" : `${(100 * part).toFixed(0)} %`;
}

if (require.main === module) process.stdout.write(main(process.argv.slice(2)));
