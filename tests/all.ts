import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import * as path from "node:path";

/** Every layer, quick ones first. A layer that fails does not keep the next from running. */
const LAYERS = [
  { name: "plan", arguments: ["tests/plan", "tests/sandbox", "tests/stacks", "tests/trainer", "tests/cli", "tests/bench", "tests/accuracy", "tests/readme", "tests/policy"] },
  { name: "components", arguments: ["tests/components"] },
  { name: "package", arguments: ["tests/package", "--runInBand"] },
  { name: "properties", arguments: ["tests/properties"] },
  { name: "scanners", arguments: ["tests/scanners"] },
  { name: "examples", arguments: ["tests/examples.test.ts", "--runInBand"] },
  { name: "engine", arguments: ["tests/engine", "--runInBand"] },
  { name: "run", arguments: ["tests/run", "--runInBand"] },
] as const;

const REPORTS = path.resolve("reports");

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

function run(command: string, args: readonly string[]): boolean {
  process.stdout.write(`\n> ${command} ${args.join(" ")}\n`);
  return spawnSync(command, args, { stdio: "inherit" }).status === 0;
}

/** Counts of one layer from jest's own report; a layer without one counts as a failure. */
function runLayer({ name, arguments: args }: (typeof LAYERS)[number]): { passed: number; failed: number } {
  const report = path.join(REPORTS, `${name}.json`);
  rmSync(report, { force: true });
  const succeeded = run("jest", [...args, "--json", `--outputFile=${report}`]);
  const counts = readReport(report);
  if (!counts) return { passed: 0, failed: 1 };
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
  return { passed: counts.numPassedTests, failed: succeeded ? failed : Math.max(failed, 1) };
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    return undefined;
  }
}

/** Real pods need Linux and root; elsewhere only the layer of runs is left out, and the output says so. */
function canRun({ name }: (typeof LAYERS)[number]): boolean {
  if (name !== "run" || (process.platform === "linux" && process.getuid?.() === 0)) return true;
  process.stdout.write("\nrun: skipped, real pods need Linux and root\n");
  return false;
}

mkdirSync(REPORTS, { recursive: true });
// In two parts: what the linter remembers of all files at once is more than Node.js lets one process have.
const checked = run("tsc", ["-p", "tsconfig.json"]) && run("eslint", [".", "--ignore-pattern", "tests/**"]) && run("eslint", ["tests"]);
const results = LAYERS.filter(canRun).map((layer) => ({ ...layer, ...runLayer(layer) }));
process.stdout.write("\n");
process.stdout.write(`types and lint: ${checked ? "clean" : "FAILED"}\n`);
for (const { name, passed, failed } of results) process.stdout.write(`${name}: ${passed} passed, ${failed} failed\n`);
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, checked ? 0 : 1);
process.stdout.write(`tests: ${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
