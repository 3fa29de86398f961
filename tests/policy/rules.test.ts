import * as fc from "fast-check";
import { RULES } from "../../policy/rules";
import { GOOD_IN_AZURE, IN_AZURE } from "./planted/in-azure";
import { GOOD_IN_KUBERNETES, IN_KUBERNETES } from "./planted/in-kubernetes";
import { reported, reportedOfStack } from "./planted/report";
import { STACKS } from "./planted/stacks";

const ROWS = [...IN_AZURE, ...IN_KUBERNETES];
const GOOD = [...GOOD_IN_AZURE, ...GOOD_IN_KUBERNETES].map((good, index) => ({ good, title: `${good.type.split(":").at(-1) ?? ""} ${good.name} (${index})` }));

describe("the rules", () => {
  it("each have a planted violation", () => {
    const planted = new Set([...ROWS, ...STACKS].map(({ rule }) => rule));
    expect(RULES.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
  });

  it.each(ROWS)("$rule reports $says, and nothing of the nearest good resource", ({ rule, good, bad, says, also = [], parameters }) => {
    const found = reported([bad], parameters);
    expect(found.filter((each) => each.rule === rule).map(({ fault }) => fault)).toEqual(says);
    expect([...new Set(found.map((each) => each.rule))].sort()).toEqual([rule, ...also].sort());
    expect(reported([good], parameters)).toEqual([]);
  });

  it.each(STACKS)("$rule reports $says, and nothing of the nearest good stack", ({ rule, good, bad, says, parameters }) => {
    const found = reportedOfStack(bad, parameters).filter((each) => each.rule === rule);
    expect(found.map(({ fault }) => fault)).toEqual(says);
    expect(reportedOfStack(good, parameters).filter((each) => each.rule === rule)).toEqual([]);
  });

  it.each(GOOD)("report nothing of another good resource: $title", ({ good }) => {
    expect(reported([good])).toEqual([]);
  });

  it("look at a resource whatever API version or local package its token names", () => {
    const [{ bad, rule } = { bad: undefined, rule: "" }] = IN_AZURE;
    const tokens = ["azure-native:containerservice/v20250101:ManagedCluster", "azure-native_containerservice_v20250101:containerservice:ManagedCluster"];
    for (const type of tokens) expect(reported(bad ? [{ ...bad, type }] : []).map((each) => each.rule)).toEqual([rule]);
    expect(reported(bad ? [{ ...bad, type: "azure-native:compute:ManagedCluster" }] : [])).toEqual([]);
  });

  it("hold development to no rule that is production's", () => {
    const strict = RULES.filter(({ production }) => production).map(({ name }) => name);
    const rows = ROWS.filter(({ rule }) => strict.includes(rule));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.flatMap(({ bad, parameters }) => reported([bad], { ...parameters, environment: "development" }))).toEqual([]);
  });

  it("never show what looks like a credential", () => {
    const credential = /hf_a{5}|ghp_a{5}|AKIAA{5}|BEGIN RSA/;
    const rows = ROWS.filter(({ rule }) => rule.includes("secret"));
    expect(rows.flatMap(({ bad }) => reported([bad])).filter(({ fault }) => credential.test(fault))).toEqual([]);
  });

  it("take any input for what it may be, and never fail", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ROWS), fc.jsonValue(), fc.nat(), (row, value, place) => {
        const paths = Object.keys(row.bad.props);
        const key = paths[place % paths.length] ?? "";
        const props = JSON.parse(JSON.stringify({ ...row.bad.props, [key]: value })) as typeof row.bad.props;
        expect(reported([{ ...row.bad, props }], row.parameters)).toEqual(expect.any(Array));
        expect(reportedOfStack([{ ...row.bad, props }], row.parameters)).toEqual(expect.any(Array));
      }),
      { numRuns: 300 },
    );
  });
});
