import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { RULE_NAMES } from "../../policy/rules";
import type { Declared } from "../policy/planted/declared";
import { IN_AZURE } from "../policy/planted/in-azure";
import { IN_KUBERNETES } from "../policy/planted/in-kubernetes";
import { STACKS } from "../policy/planted/stacks";
import { destroy, failure } from "../support/engine-steps";
import { builtPolicyPack, judged, type Judged, policyConfiguration } from "../support/policy-pack";
import { stackIn, startSandbox, type TestSandbox } from "../support/sandbox";

const ROOT = path.resolve(__dirname, "..", "..");
const STREAM = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
const PARAMETERS = {
  ...{ allowedLocations: ["East US"], allowedGpuSizes: ["Standard_NC24ads_A100_v4"], allowedRegistries: ["mlreg.azurecr.io"], maxHourlyUsd: 9 },
  asOf: "2026-11-24",
};

/** Registers whatever is listed, by its token alone: what the pack judges need be none of this library's. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
for (const { type, name, props } of require("./planted.json")) {
  const [, group = "", kind = ""] = /^kubernetes:(.+):(\\w+)$/.exec(type) ?? [];
  const own = kind === "" ? {} : { apiVersion: group.replace(/^core\\//, ""), kind };
  new pulumi.CustomResource(type, name, { ...own, ...props });
}
`;

/** Names that azure-native itself refuses before any policy sees them; others of the same rules get through. */
const REFUSED = ["adapters-1", "waytoolongname", "-ai"];
const isRefused = ({ props }: Declared): boolean =>
  ["registryName", "agentPoolName", "resourceName"].map((key) => props[key]).some((name) => typeof name === "string" && REFUSED.includes(name));

/** Violations that several resources make together, each in a namespace of its own; one of every rule, as one can mend another's. */
const TOGETHER = STACKS.filter(({ rule }, index) => STACKS.findIndex((other) => other.rule === rule) === index).flatMap(
  ({ bad }, index) => JSON.parse(JSON.stringify(bad).replaceAll('"support"', `"support-${index}"`)) as readonly Declared[],
);

/** Every planted violation of the unit tests, each under a name of its own. */
const PLANTED = [...IN_AZURE, ...IN_KUBERNETES].flatMap(({ bad }) => (isRefused(bad) ? [] : [bad]));
const NAMED = [...PLANTED, ...TOGETHER].map((each, index) => ({ ...each, name: `${each.name}-${index}` }));

describe("the policy pack, run by the engine", () => {
  let sandbox: TestSandbox;
  let pack: string;
  let planted: string;

  beforeAll(() => {
    pack = builtPolicyPack();
    sandbox = startSandbox("simulated");
    planted = project(sandbox, NAMED);
  }, 900_000);
  afterAll(() => {
    sandbox.down();
  }, 120_000);

  function preview(configuration: object): Judged {
    const flags = ["--policy-pack", pack, "--policy-pack-config", policyConfiguration(sandbox, configuration), "--json", "--non-interactive"];
    return judged(sandbox.run(["pulumi", "preview", ...flags], { cwd: planted, variables: { ...STREAM, ...variablesOf(planted) } }));
  }

  it("finds the planted violation of every rule, and lets a stack through that is only advised", () => {
    const { code, violations } = preview({ all: "advisory", parameters: PARAMETERS });
    const found = new Set(violations.map(({ policy }) => policy));
    expect(RULE_NAMES.filter((name) => !found.has(name))).toEqual([]);
    expect([...found].filter((name) => !RULE_NAMES.includes(name))).toEqual([]);
    expect(new Set(violations.map(({ level }) => level))).toEqual(new Set(["advisory"]));
    expect(code).toBe(0);
  }, 300_000);

  it("says what is wrong and what to do about it", () => {
    const { violations } = preview({ all: "disabled", parameters: "mandatory", "gpu-pool-has-maximum": "advisory" });
    expect(violations.map(({ policy, message }) => `${policy}: ${message.trim().split("\n").join(" | ")}`)).toContain(
      "gpu-pool-has-maximum: A GPU pool grows no further than a number that somebody chose | " +
        "maxCount is not set; fix: set enableAutoScaling to true and maxCount (GpuNodePool: maxNodes)",
    );
    expect(new Set(violations.map(({ policy }) => policy))).toEqual(new Set(["gpu-pool-has-maximum"]));
  }, 120_000);

  it("stops what breaks a mandatory rule", () => {
    const { code, violations } = preview({ all: "disabled", parameters: "mandatory", "cluster-kubernetes-rbac": "mandatory" });
    expect(violations.map(({ policy, level }) => `${level} ${policy}`)).toContain("mandatory cluster-kubernetes-rbac");
    expect(code).not.toBe(0);
  }, 120_000);

  it("leaves alone what is exempt", () => {
    const exempt = [{ rule: "all", resource: "*", reason: "a test of exemptions" }];
    expect(preview({ all: "mandatory", parameters: { ...PARAMETERS, exempt } })).toMatchObject({ code: 0, violations: [] });
  }, 120_000);

  it("refuses parameters that are none, before anything runs", () => {
    const { code, output } = preview({ parameters: { environment: "prod" } });
    expect(code).not.toBe(0);
    expect(output).toMatch(/environment.*must be one of the following.*production.*development/s);
  }, 120_000);

  it("finds nothing in the library's own prod stack, nor in the workloads on it, with every rule mandatory", () => {
    const [platform, workloads] = [stackIn(sandbox, "prod"), stackIn(sandbox, "prod-support")];
    for (const stack of [platform, workloads]) stack.set("protect", false);
    const policy = ["--policy-pack", pack, "--policy-pack-config", policyConfiguration(sandbox, { all: "mandatory" })];
    expect(failure(platform.pulumi("up", "--yes", "--skip-preview", ...policy))).toBe("");
    const again = platform.pulumi("preview", ...policy);
    const first = workloads.pulumi("preview", ...policy);
    for (const finished of [again, first]) {
      expect(failure(finished)).toBe("");
      expect(finished.output).toMatch(/aks-fine-tuning@v0\.1\.0/);
      expect(finished.output).not.toMatch(/\[mandatory\]|\[advisory\]/);
    }
    expect(failure(destroy(platform))).toBe("");
  }, 600_000);
});

/** A project beside this checkout's modules, with its stack. */
function project(sandbox: TestSandbox, resources: readonly object[]): string {
  const folder = path.join(sandbox.home, "planted");
  mkdirSync(folder);
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "Pulumi.yaml"), JSON.stringify({ name: "planted", runtime: { name: "nodejs", options: { typescript: false } } }));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "planted", private: true, main: "index.js" }));
  writeFileSync(path.join(folder, "index.js"), PROGRAM);
  writeFileSync(path.join(folder, "planted.json"), JSON.stringify(resources));
  const init = sandbox.run(["pulumi", "stack", "init", "planted", "--no-select", "--non-interactive"], { cwd: folder, variables: variablesOf(folder) });
  if (init.code !== 0) throw new Error(init.output);
  return folder;
}

function variablesOf(folder: string): Readonly<Record<string, string>> {
  return { PULUMI_STACK: "planted", PULUMI_OPTION_CONFIG_FILE: path.join(folder, "Pulumi.planted.yaml") };
}
