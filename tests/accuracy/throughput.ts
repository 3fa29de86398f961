import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { aligned } from "../../cli/columns";
import type { Judged } from "./throughput-runs";
import { type Report, report, THROUGHPUT_FILE } from "./throughput-score";

const HELP = `How far the estimated speed of tuning is from published runs.

  npm run accuracy:time [-- [FILE.csv] OPTIONS]

  --rows           each run too
  --json           machine-readable
  --help           this text

FILE has the columns of tests/accuracy/throughput.csv, which README-throughput.md describes and which is used when none is given.
`;

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

process.stdout.write(main(process.argv.slice(2)));
