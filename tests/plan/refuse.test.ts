import { RunError } from "@pulumi/pulumi/errors";
import * as fc from "fast-check";
import { describe as line, type Problem, refusal, refuse, within } from "../../components/plan/refuse";
import { COMPLETE_PROBLEM, messageOf } from "../support/refusal";

const RANK: Problem = { code: "AKSFT-TUNE-07", path: "lora.rank", got: 0, rule: "must be a whole number from 1 to 512", fix: "use 1" };
const EPOCHS: Problem = { code: "AKSFT-TUNE-05", path: "epochs", got: -1, rule: "must be above 0", fix: "use for example 3" };
const got = (value: unknown): string => line({ ...RANK, got: value });

describe("refuse", () => {
  it("lists every problem under what cannot be deployed", () => {
    expect(messageOf(() => refuse('TuningJob "tickets"', [RANK, EPOCHS]))).toBe(
      'TuningJob "tickets" cannot be deployed:\n' +
        "- AKSFT-TUNE-07 lora.rank: got 0; must be a whole number from 1 to 512; fix: use 1\n" +
        "- AKSFT-TUNE-05 epochs: got -1; must be above 0; fix: use for example 3",
    );
  });

  it("does nothing without problems", () => {
    expect(() => refuse("TuningJob", [])).not.toThrow();
  });

  it("ends the program with an error that Pulumi prints without a stack", () => {
    expect(RunError.isInstance(refusal("TuningJob", [RANK]))).toBe(true);
  });
});

describe("within", () => {
  it("puts the path of the holder in front", () => {
    expect(within("recipe", [RANK, { ...RANK, path: "" }]).map(({ path }) => path)).toEqual(["recipe.lora.rank", "recipe"]);
  });
});

describe("values", () => {
  it.each<[unknown, string]>([
    [undefined, "got nothing;"],
    [null, "got null;"],
    ["", 'got "";'],
    ["a\nb", 'got "a\\nb";'],
    [[1, "x"], 'got [1,"x"];'],
    [NaN, "got NaN;"],
    [Infinity, "got Infinity;"],
    ["n".repeat(63), `got "${"n".repeat(63)}";`],
    ["n".repeat(64), `got "${"n".repeat(64)}";`],
    ["word ".repeat(40), `got "${"word ".repeat(40).slice(0, 119)}… (202 characters);`],
  ])("are shown as %p", (value, shown) => {
    expect(got(value)).toContain(shown);
  });

  it.each([
    ["hf_abcdefghijklmnopqrst", "under 40"],
    ["ghp_0123456789abcdefghijABCDEFGHIJ012345", "40 or more"],
    ["github_pat_11AAAAAAA0abcdefghij", "under 40"],
    ["sk-proj-abcdefghijklmnop", "under 40"],
    ["AKIAIOSFODNN7EXAMPLE", "under 40"],
    ["xoxb-123456789012", "under 40"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "40 or more"],
    [`${"aB3+".repeat(21)}Qw==`, "40 or more"],
  ])("that look like the token %p are only described", (token, size) => {
    expect(got(token)).toContain(`got a secret value (${size} characters);`);
    expect(got(token)).not.toContain(token);
  });

  it("never show a token, wherever it stands", () => {
    const prefix = fc.constantFrom("hf_", "ghp_", "github_pat_", "sk-", "AKIA", "xoxb-", "eyJ");
    const body = fc.string({ unit: fc.constantFrom(..."abcXYZ0189"), minLength: 20, maxLength: 60 });
    const around = fc.constantFrom("", " ", "https://user:", "token=", '{"key": "');
    fc.assert(
      fc.property(prefix, body, around, fc.boolean(), (start, rest, before, nested) => {
        const value = `${before}${start}${rest}`;
        expect(got(nested ? { list: [value] } : value)).not.toContain(rest);
      }),
    );
  });

  it.each(["helpdesk-tickets", "mlreg.azurecr.io/risk-assessments/data:v1", "my-hf_like"])("that only contain such letters are shown: %p", (value) => {
    expect(got(value)).toContain(`got "${value}";`);
  });

  it("are hidden in the rule and the fix too", () => {
    const token = "hf_abcdefghijklmnopqrst";
    expect(line({ ...RANK, got: token, rule: `differs from ${token}`, fix: `use "${token}-tuned"` })).not.toContain(token);
  });

  it("never break the shape of a line", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => COMPLETE_PROBLEM.test(got(value))));
  });
});
