import { readFileSync } from "node:fs";
import * as path from "node:path";
import { reportOf } from "../../cli/report/model/report";
import { previewOf } from "../../cli/report/read/read";
import { rendered } from "../../cli/report/render/render";
import { markdownFaults } from "../support/markdown-balance";
import { previewManyRuns, previewSituations, SITUATIONS } from "../support/real-previews";
import { startSandbox, type TestSandbox } from "../support/sandbox";

const REVIEWED = path.join(__dirname, "reviewed-reports");

/** A report of what the engine printed. Where the registry listens, what names in Azure end in and object ids differ from sandbox to sandbox. */
function reported(printed: string): string {
  return rendered(reportOf(previewOf(printed), { budgetUsdPerHour: 1 }), "github")
    .replace(/127\.0\.0\.1:\d+/gu, "REGISTRY")
    .replace(/\bai[0-9a-f]{8}\b/gu, "ai-HASH")
    .replace(/\b[0-9a-f]{8}…/gu, "GUID…");
}

function reviewed(name: string): string {
  return readFileSync(path.join(REVIEWED, `${name}.md`), "utf8");
}

describe("the report of real previews", () => {
  let sandbox: TestSandbox;
  const reports = new Map<string, string>();

  beforeAll(() => {
    sandbox = startSandbox("simulated");
    reports.set("200-runs", reported(previewManyRuns(sandbox)));
    previewSituations(sandbox, (name, printed) => reports.set(name, reported(printed)));
  }, 900_000);
  afterAll(() => {
    sandbox.down();
  }, 120_000);

  it.each([...SITUATIONS.map(({ name }) => name), "200-runs"])("of %s reads as it was reviewed", (name) => {
    expect(reports.get(name)).toBe(reviewed(name));
    expect(markdownFaults(reviewed(name))).toEqual([]);
  });
});
