import * as pulumi from "@pulumi/pulumi";
import { checked, held } from "../../components/checked";
import { groupProblems } from "../../components/plan/network";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";

const REFUSAL =
  'AKSFT-NAME-06 resourceGroupName: got "ml."; needs 1 to 90 letters, digits, underscores, hyphens, periods and parentheses, without a period at the end, has 3 characters; fix: use for example "ml"';

describe("checked", () => {
  it("leaves a plain value to the plan, which has refused it before", () => {
    expect(checked('Network "ai"', "ml.", groupProblems)).toBe("ml.");
  });

  it("passes on what is known later and has no fault", async () => {
    expect(await resolved(checked('Network "ai"', pulumi.output(Promise.resolve("ml")), groupProblems))).toBe("ml");
  });

  it("refuses what turns out to have one", () => {
    expect(problemsOf(() => held('Network "ai"', groupProblems)("ml."))).toEqual([REFUSAL]);
  });
});
