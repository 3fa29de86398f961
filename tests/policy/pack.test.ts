import { readFileSync } from "node:fs";
import * as path from "node:path";
import { PARAMETERS, policies } from "../../policy/policies";
import { RULE_NAMES, RULES } from "../../policy/rules";

const ROOT = path.resolve(__dirname, "..", "..");
const versionOf = (file: string): unknown => (JSON.parse(readFileSync(path.join(ROOT, file), "utf8")) as { readonly version?: unknown }).version;

describe("the policy pack", () => {
  it("is of the package's version", () => {
    expect(versionOf("policy/package.json")).toBe(versionOf("package.json"));
  });

  it("has the policy of parameters before those of the rules, whose names are all different", () => {
    expect(policies().map(({ name }) => name)).toEqual([PARAMETERS, ...RULE_NAMES]);
    expect(new Set(RULE_NAMES).size).toBe(RULE_NAMES.length);
  });

  it("stops a deployment for what is critical or high, and advises of the rest", () => {
    const [, ...rules] = policies();
    expect(rules.map(({ enforcementLevel }) => enforcementLevel)).toEqual(
      RULES.map(({ severity }) => (["critical", "high"].includes(severity) ? "mandatory" : "advisory")),
    );
  });

  it("says of every rule what must hold, what to change and who asks for it", () => {
    for (const { description, remediation, url } of RULES) {
      expect(description).toMatch(/^[A-Z].*[^.]$/);
      expect(remediation).toMatch(/^[a-z].*[^.]$/);
      expect(url).toMatch(/^https:\/\/\S+$/);
    }
  });

  it("takes a program's parameters as the defaults of the configuration", () => {
    const [parameters] = policies({ maxHourlyUsd: 20 });
    expect(parameters?.configSchema?.properties["maxHourlyUsd"]?.default).toBe(20);
  });
});
