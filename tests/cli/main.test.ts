import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { COMMANDS } from "../../cli/commands";

const ROOT = path.resolve(__dirname, "..", "..");

function run(...args: readonly string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync("node", ["--import", "tsx", "cli/main.ts", ...args], { cwd: ROOT, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

describe("aks-fine-tuning", () => {
  it.each([[[]], [["--help"]], [["-h"]]])("lists its commands and exit codes: %j", (args) => {
    const { code, stdout } = run(...args);
    expect(code).toBe(0);
    for (const [name, { summary }] of Object.entries(COMMANDS)) expect(stdout).toMatch(new RegExp(`^  aks-fine-tuning ${name} +${summary}$`, "m"));
    expect(stdout).toMatch(/^Exit codes: 0 done, 1 refused, behind, missing or no prices, 2 wrong usage, 3 /m);
  });

  it.each(Object.keys(COMMANDS))("%s explains itself with examples and exit codes", (name) => {
    const { code, stdout } = run(name, "--stack", "prod", "--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^aks-fine-tuning ${name}: `));
    expect(stdout).toMatch(new RegExp(`^Examples\\n  aks-fine-tuning ${name} `, "m"));
    expect(stdout).toMatch(/^Exit codes: 0 /m);
    expect(stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
  });

  it.each([
    [["pim"], 2, /^unknown command "pim": did you mean "pin"\?\n$/],
    [["toString"], 2, /^unknown command "toString": use one of size, models, prices, report, doctor, pin\n$/],
    [["pin"], 2, /^give either --stack NAME or --catalogue\n$/],
    [["pin", "--stakc", "prod"], 2, /Unknown option '--stakc'.*; aks-fine-tuning pin --help lists the options\n$/],
    [["models", "--licence", "none"], 2, /^--licence none: use one of apache-2\.0, /],
    [["size", "--model", "none", "--method", "lora", "--sequence-length", "8"], 1, /AKSFT-TUNE-01/],
    [["pin", "--catalogue", "--check", "--timeout-seconds", "1", "--mirror", "http://127.0.0.1:9"], 3, /cannot be reached/],
    [["prices", "--force"], 2, /^--force goes with --refresh\n$/],
    [["doctor", "--location", "eastus"], 2, /^give --stack NAME, or --location REGION and --size SIZE\n$/],
    [["prices", "--refresh", "--output", "/tmp/none.json", "--endpoint", "http://127.0.0.1:9/", "--region", "eastus"], 1, /again in 4 s\n127\.0\.0\.1:9 cannot be reached/],
  ])("%j ends with %i", (args, code, message) => {
    const ended = run(...args);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toMatch(message);
  });
});
