import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { ended } from "../command";
import { textFile } from "../written-csv";
import { accuracyCommand, MEASURED_FILE } from "./command";

const ROOT = path.resolve(__dirname, "..", "..", "..");

describe("npm run accuracy", () => {
  it("judges the published rows, and ends a wrong command line with one line", () => {
    const run = (...args: readonly string[]) => spawnSync("node", ["--import", "tsx", "tests/accuracy/main.ts", ...args], { cwd: ROOT, encoding: "utf8" });
    const { status, stdout, stderr } = run("--json");
    expect({ status, stderr, printed: JSON.parse(stdout) as unknown }).toEqual({ status: 0, stderr: "", printed: JSON.parse(accuracyCommand([MEASURED_FILE, "--json"])) });
    expect(run("nowhere.csv")).toMatchObject({ status: 1, stdout: "", stderr: "nowhere.csv does not exist\n" });
  });

  it("explains itself with its exit codes", () => {
    const { exitCode, stdout } = ended(accuracyCommand, ["-h"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}npm run accuracy \[-- \[FILE\.csv\] OPTIONS\]$/m);
    expect(stdout).toMatch(/^Exit codes: 0 done, 1 the file cannot be read or is none, 2 wrong usage\.$/m);
  });

  it.each([
    [["--jsno"], 2, /^Unknown option '--jsno'.*; --help lists the options\n$/],
    [["--json=yes"], 2, /^Option '--json' does not take an argument; --help lists the options\n$/],
    [["a.csv", "b.csv"], 2, /^give one file, not 2; --help lists the options\n$/],
    [["/nowhere/a.csv"], 1, /^\/nowhere\/a\.csv does not exist\n$/],
    [[ROOT], 1, /^\S+ is a folder\n$/],
    [[path.join(ROOT, "package.json")], 1, /^\S+package\.json is not a CSV file: .*\n$/],
    [[textFile("id,source,model\nA,b,c\n")], 1, /^\S+rows\.csv lacks the columns task, method, metric, measured_gib\n$/],
    [[textFile("source,model,task,method,metric,measured_gib\n")], 1, /^\S+rows\.csv has no rows\n$/],
  ])("%j ends with %i", (args, exitCode, message) => {
    expect(ended(accuracyCommand, args)).toEqual({ exitCode, stdout: "", stderr: expect.stringMatching(message) });
  });

  it("does not hide a fault of its own", () => {
    const broken = (): string => {
      throw new RangeError("of ours");
    };
    expect(() => ended(broken, [])).toThrow("of ours");
  });
});
