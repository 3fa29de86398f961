import { DEFAULT_PARAMETERS, parametersOf } from "../../policy/parameters";
import { RULE_NAMES } from "../../policy/rules";
import { schema } from "../../policy/schema";
import { messageOf } from "../support/refusal";
import { CLUSTER } from "./planted/azure";
import { changed } from "./planted/declared";
import { reported, reportedOfStack } from "./planted/report";
import { STACKS } from "./planted/stacks";

const bad = changed(CLUSTER, { disableLocalAccounts: false, "sku.tier": "Free" });
const rules = (...exempt: readonly { readonly rule: string; readonly resource: string; readonly reason: string }[]): readonly string[] =>
  reported([bad], { exempt }).map(({ rule }) => rule);
const reason = "a reviewer agreed";

describe("exemptions", () => {
  it.each([
    { rule: "cluster-paid-tier", resource: "ai", left: ["cluster-local-accounts-off"] },
    { rule: "cluster-paid-tier", resource: "a*", left: ["cluster-local-accounts-off"] },
    { rule: "cluster-paid-tier", resource: "a", left: ["cluster-local-accounts-off", "cluster-paid-tier"] },
    { rule: "cluster-paid-tier", resource: "a.", left: ["cluster-local-accounts-off", "cluster-paid-tier"] },
    { rule: "all", resource: "*", left: [] },
    { rule: "pool-name", resource: "*", left: ["cluster-local-accounts-off", "cluster-paid-tier"] },
  ])("of $rule for $resource leave $left", ({ rule, resource, left }) => {
    expect(rules({ rule, resource, reason })).toEqual(left);
  });

  it("reach rules on stacks, by the resource that they report", () => {
    const [row] = STACKS.filter(({ rule }) => rule === "namespace-quota");
    const left = reportedOfStack(row?.bad ?? [], { exempt: [{ rule: "namespace-quota", resource: "support", reason }] });
    expect(left.map(({ rule }) => rule)).not.toContain("namespace-quota");
  });
});

describe("parameters", () => {
  it("are strict and allow every place, size and registry where nothing is said", () => {
    expect(parametersOf({}, RULE_NAMES)).toEqual(DEFAULT_PARAMETERS);
    expect(DEFAULT_PARAMETERS).toMatchObject({ environment: "production", allowedLocations: [], exempt: [] });
  });

  it.each([
    { given: { enviroment: "production" }, says: 'AKSFT-POLICY-01 enviroment: got "enviroment"; is no argument there; fix: did you mean "environment"?' },
    { given: { environment: "prod" }, says: 'AKSFT-POLICY-02 environment: got "prod"; is none of production, development; fix: use one of production, development' },
    { given: { environment: 1 }, says: 'AKSFT-POLICY-02 environment: got 1; is none of production, development; fix: use "production"' },
    { given: { allowedLocations: "eastus" }, says: 'AKSFT-POLICY-03 allowedLocations: got "eastus"; must be a list of texts that are not empty; fix: use a list, as ["eastus"]' },
    { given: { maxHourlyUsd: -1 }, says: "AKSFT-POLICY-04 maxHourlyUsd: got -1; must be a number of USD per hour, 0 or more; fix: use 0 for no limit" },
    { given: { asOf: "today" }, says: 'AKSFT-POLICY-05 asOf: got "today"; must be a day as YYYY-MM-DD; fix: leave it out for today' },
    { given: { exempt: {} }, says: "AKSFT-POLICY-06 exempt: got {}; must be a list of exemptions; fix: use a list" },
    { given: { exempt: ["ai"] }, says: 'AKSFT-POLICY-06 exempt[0]: got "ai"; must name a rule, a resource and a reason; fix: use an object with all three' },
    {
      given: { exempt: [{ rule: "pool-name", resource: "gpu", reason: " " }] },
      says: 'AKSFT-POLICY-07 exempt[0].reason: got " "; must be a text that is not empty; fix: say the reason: an exemption without one cannot be reviewed',
    },
    {
      given: { exempt: [{ rule: "pool-names", resource: "gpu", reason }] },
      says: `AKSFT-POLICY-08 exempt[0].rule: got "pool-names"; is none of ${[...RULE_NAMES, "all"].join(", ")}; fix: did you mean "pool-name"?`,
    },
  ])("refuse $given", ({ given, says }) => {
    expect(messageOf(() => parametersOf(given, RULE_NAMES))).toBe(`The policy pack's parameters cannot be deployed:\n- ${says}`);
  });

  it("refuse every fault at once", () => {
    const faults = messageOf(() => parametersOf({ environment: "prod", maxHourlyUsd: "9", exempt: [{ rule: "pool-name" }] }, RULE_NAMES));
    expect([...faults.matchAll(/^- (AKSFT-POLICY-\d\d) (\S+):/gm)].map(([, code, path]) => `${code ?? ""} ${path ?? ""}`)).toEqual([
      "AKSFT-POLICY-02 environment",
      "AKSFT-POLICY-04 maxHourlyUsd",
      "AKSFT-POLICY-07 exempt[0].resource",
      "AKSFT-POLICY-07 exempt[0].reason",
    ]);
  });

  it("take the nearest good ones", () => {
    const given = { environment: "development", allowedLocations: ["eastus"], maxHourlyUsd: 0, asOf: "2026-12-31", exempt: [{ rule: "all", resource: "gpu*", reason }] };
    expect(parametersOf(given, RULE_NAMES)).toEqual({ ...DEFAULT_PARAMETERS, ...given });
  });

  it("are all in the schema that the engine checks, with their defaults", () => {
    const { properties } = schema({ ...DEFAULT_PARAMETERS, maxHourlyUsd: 20 });
    expect(Object.fromEntries(Object.entries(properties).map(([name, { default: fallback }]) => [name, fallback]))).toEqual({ ...DEFAULT_PARAMETERS, maxHourlyUsd: 20 });
  });
});
