import { mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { oneOf } from "../components/plan/spelling";
import { startSandbox, type TestSandbox } from "../tests/support/sandbox";
import { azureWrites } from "./azure-writes";
import { componentOverhead } from "./by-hand/compare";
import { record } from "./by-hand/recording";
import { growth } from "./growth";
import { machine, type Measurement, missed, table } from "./measurement";
import { programStart } from "./program-start";
import { report } from "./report";
import { stackConfiguration } from "./sandbox-project";
import { sizing } from "./sizing";
import { stackPreview } from "./stack-preview";

const HELP = `Benchmarks: what the library costs, against what it may cost.

  npm run bench [-- OPTIONS]

  --only NAME      start, preview, overhead, growth, writes, sizing or
                   report; can be given more than once
  --stack NAME     stack of the Pulumi.NAME.yaml here (default: dev for preview and overhead, prod for writes)
  --json           machine-readable
  --help           this text

preview, overhead and growth start a sandbox with simulated nodes in a folder of its own; start and sizing pack the package and install it.

Exit codes: 0 every budget met, 1 a budget missed, 2 wrong usage.
`;

interface Context {
  /** The stack to look at instead of a benchmark's own. */
  readonly stack: string | undefined;
  /** Started when first asked for. */
  readonly sandbox: () => TestSandbox;
}

const BENCHMARKS: Readonly<Record<string, (context: Context) => readonly Measurement[]>> = {
  start: () => programStart(),
  preview: ({ sandbox, stack = "dev" }) => stackPreview(sandbox(), stack),
  overhead: ({ sandbox, stack = "dev" }) => componentOverhead(sandbox(), stack),
  growth: ({ sandbox }) => growth(sandbox()),
  writes: ({ stack = "prod" }) => recordedWrites(stack),
  sizing: () => sizing(),
  report: () => report(),
};

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: Object.keys(BENCHMARKS) },
      stack: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return print(HELP, 0);
  const unknown = values.only.find((name) => !Object.hasOwn(BENCHMARKS, name));
  if (unknown !== undefined) throw new TypeError(`--only ${unknown}: ${oneOf(unknown, Object.keys(BENCHMARKS))}`);

  const on = machine();
  const measurements = measure(values.only, values.stack);
  const text = values.json ? `${JSON.stringify({ machine: on, measurements }, undefined, 2)}\n` : table(measurements, on);
  return print(text, measurements.some(missed) ? 1 : 0);
}

function measure(names: readonly string[], stack: string | undefined): readonly Measurement[] {
  let started: TestSandbox | undefined;
  const sandbox = (): TestSandbox => (started ??= startSandbox("simulated"));
  try {
    return names.flatMap((name) => {
      process.stderr.write(`… ${name}\n`);
      return BENCHMARKS[name]?.({ stack, sandbox }) ?? [];
    });
  } finally {
    started?.down();
  }
}

/** Needs no sandbox: what is registered is known without an engine. */
function recordedWrites(stack: string): readonly Measurement[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), "aksft-bench-"));
  try {
    return azureWrites(record(stackConfiguration(folder, stack), folder), stack);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
