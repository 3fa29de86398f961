import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { report } from "../../../cli/report/report";
import { digestOf, eventsOf } from "../../support/composed-preview";
import { COMPOSED } from "../../support/composed-situations";

const PRINTED = eventsOf(COMPOSED["pool-size"] ?? { steps: [] });
const REVIEWED = readFileSync(path.join(__dirname, "reviewed", "pool-size.md"), "utf8");

function folder(): string {
  return mkdtempSync(path.join(os.tmpdir(), "aksft-report-"));
}

function file(text: string, name = "preview.json"): string {
  const made = path.join(folder(), name);
  writeFileSync(made, text);
  return made;
}

// eslint-disable-next-line @typescript-eslint/require-await -- standard input comes in its own time
async function* input(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const GITHUB = ["--format", "github", "--budget-usd-per-hour", "15"];

describe("aks-fine-tuning report", () => {
  it("reads a file, or standard input where there is none", async () => {
    expect(await report([file(PRINTED), ...GITHUB])).toEqual({ text: REVIEWED, code: 0 });
    expect(await report(GITHUB, input(PRINTED))).toEqual({ text: REVIEWED, code: 0 });
    expect(await report(["-", ...GITHUB], input(PRINTED))).toEqual({ text: REVIEWED, code: 0 });
  });

  it("prints plain text unless it is asked", async () => {
    expect(await report([], input(PRINTED))).toMatchObject({ text: expect.stringMatching(/^Preview of prod\n\nReplaces 1 GPU pool\. /), code: 0 });
  });

  it("writes the report to a file", async () => {
    const output = path.join(folder(), "comment.md");
    expect(await report([file(PRINTED), ...GITHUB, "--output", output])).toEqual({ text: "", code: 0 });
    expect(readFileSync(output, "utf8")).toBe(REVIEWED);
  });

  it("marks and names the stack as it is asked", async () => {
    const { text } = (await report([...GITHUB, "--stack", "bot/prod"], input(PRINTED))) as { readonly text: string };
    expect(text).toMatch(/^<!-- aks-fine-tuning report: bot\/prod -->\n### Preview of `bot\/prod`\n/);
  });

  it("takes prices from a file, and a bound", async () => {
    const prices = file(JSON.stringify({ Standard_NV36ads_A10_v5: { eastus: { Regular: { usdPerHour: 1.25, date: "2026-11-01" } } } }), "gpu-prices.json");
    const { text } = (await report([...GITHUB, "--prices", prices, "--max-characters", "2000"], input(PRINTED))) as { readonly text: string };
    expect(text).toContain("GPUs in USD per hour: 2.50 now,");
    expect(text.length).toBeLessThanOrEqual(2000);
  });

  it.each([
    ["", /\*\*No preview: there was nothing to read\. What pulumi preview --json says on standard error tells why\.\*\*/],
    ["error: no stack selected\n", /\*\*No preview: what was read is none\.[^]*#### What was read\n\n````text\nerror: no stack selected\n````/],
  ])("reports %j too, and ends with 1", async (printed, expected) => {
    expect(await report(GITHUB, input(printed))).toEqual({ text: expect.stringMatching(expected), code: 1 });
  });

  it("reports a preview that failed or was cut off, and ends with 0", async () => {
    expect(await report(GITHUB, input(digestOf(COMPOSED["failed"] ?? { steps: [] })))).toMatchObject({ text: expect.stringContaining("**The preview failed with 1 error.**"), code: 0 });
    expect(await report(GITHUB, input(PRINTED.slice(0, 20_000)))).toMatchObject({ text: expect.stringContaining("**The preview was cut off: this is what was read of it.**"), code: 0 });
  });

  it.each([
    [["--format", "githup"], /^--format githup: did you mean "github"\?$/],
    [["--max-characters", "1999"], /^--max-characters 1999: is no whole number from 2000$/],
    [["--max-characters", ""], /^--max-characters : is no whole number from 2000$/],
    [["--budget-usd-per-hour", "much"], /^--budget-usd-per-hour much: is no number of USD from 0$/],
    [["--budget-usd-per-hour=-1"], /^--budget-usd-per-hour -1: is no number of USD from 0$/],
    [["--stack", " "], /^--stack : is empty; leave it out to take the preview's own$/],
    [["--prices", "nowhere.json"], /^--prices nowhere\.json: no such file$/],
    [["--output", "nowhere/comment.md"], /^--output nowhere\/comment\.md: .*\/nowhere does not exist$/],
    [["nowhere.json"], /^nowhere\.json: no such file$/],
    [[os.tmpdir()], /: is a folder; give the file that pulumi preview --json was written to$/],
    [["one.json", "two.json"], /^one FILE at most, got 2: one\.json, two\.json$/],
    [["--formt", "text"], /Unknown option '--formt'/],
  ])("refuses %j with a way out", async (args, message) => {
    await expect(report(args, input(PRINTED))).rejects.toThrow(message);
    expect(existsSync("nowhere")).toBe(false);
  });

  it("refuses the short form of a preview, and prices that are none", async () => {
    await expect(report([], input('{"result":"succeeded","resources":[]}'))).rejects.toThrow(/pulumi preview --json/);
    await expect(report(["--prices", file('{"Standard_X":{}}')], input(PRINTED))).rejects.toThrow(/AKSFT-PRICE-02/);
  });
});
