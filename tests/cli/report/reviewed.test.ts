import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { reportOf } from "../../../cli/report/model/report";
import { previewOf } from "../../../cli/report/read/read";
import { rendered, type ReportFormat } from "../../../cli/report/render/render";
import { type Composed, digestOf, eventsOf } from "../../support/composed-preview";
import { COMPOSED } from "../../support/composed-situations";

const FOLDER = path.join(__dirname, "reviewed");
const BUDGET = { budgetUsdPerHour: 15 };

function reviewed(file: string): string {
  return readFileSync(path.join(FOLDER, file), "utf8");
}

function reported(printed: string, format: ReportFormat = "github"): string {
  return rendered(reportOf(previewOf(printed), BUDGET), format);
}

describe("the report of", () => {
  it.each(Object.entries(COMPOSED))("%s reads as it was reviewed, from events and from a digest", (name, composed) => {
    expect(reported(eventsOf(composed))).toBe(reviewed(`${name}.md`));
    expect(reported(digestOf(composed))).toBe(reviewed(`${name}.md`));
  });

  it("a change of size reads as it was reviewed in the other formats too", () => {
    const printed = eventsOf(composedOf("pool-size"));
    expect(reported(printed, "azure-devops")).toBe(reviewed("pool-size.azure-devops.md"));
    expect(reported(printed, "text")).toBe(reviewed("pool-size.txt"));
    expect(reported(printed, "json")).toBe(reviewed("pool-size.json"));
  });

  it("every reviewed situation is one that is still composed", () => {
    const names = readdirSync(FOLDER).map((file) => file.split(".")[0]);
    expect([...new Set(names)].sort()).toEqual(Object.keys(COMPOSED).sort());
  });

  it("a digest without what stays says that pools may be missing", () => {
    const composed = composedOf("adapter-promoted");
    const changing = { ...composed, steps: composed.steps.filter(({ op }) => op !== "same") };
    const printed = digestOf(changing).replace('"changeSummary": {', '"changeSummary": { "same": 17,');
    expect(reportOf(previewOf(printed))).toMatchObject({ leavesOutUnchanged: true, counts: { update: 1, same: 17 } });
  });
});

function composedOf(name: string): Composed {
  const composed = COMPOSED[name];
  if (!composed) throw new Error(`nothing is composed as ${name}`);
  return composed;
}
