import { planCluster } from "../../../components/plan/cluster";
import { minorOf, today, versionProblems } from "../../../components/plan/cluster/version";
import { describe as line } from "../../../components/plan/refuse";

const on = (asOf: string, version: string, longTerm = false): string[] => versionProblems(version, asOf, longTerm).map(line);
const RULE = "AKS supports 1.34, 1.35, 1.36, 1.37 on 2026-11-26";

describe("versionProblems", () => {
  it.each([
    ["1.30", `1.30 left community support at the end of 2025-08; ${RULE}`, 'use "1.36"'],
    ["1.30.4", `1.30 left community support at the end of 2025-08; ${RULE}`, 'use "1.36"'],
    ["1.99", RULE, 'use "1.36"'],
    ["latest", `${RULE} and wants the form 1.36 or 1.36.2`, 'use "1.36"'],
    ["v1.35", `${RULE} and wants the form 1.36 or 1.36.2`, 'use "1.35"'],
    ["V1.36.2", `${RULE} and wants the form 1.36 or 1.36.2`, 'use "1.36.2"'],
    ["1.36.2-rc1", `${RULE} and wants the form 1.36 or 1.36.2`, 'use "1.36"'],
    ["", `${RULE} and wants the form 1.36 or 1.36.2`, 'use "1.36"'],
  ])("refuses %p", (version, rule, fix) => {
    expect(on("2026-11-26", version)).toEqual([`AKSFT-CLUSTER-01 kubernetesVersion: got "${version}"; ${rule}; fix: ${fix}`]);
  });

  it.each(["1.34", "1.35", "1.36", "1.37", "1.36.2"])("accepts %p", (version) => {
    expect(on("2026-11-26", version)).toEqual([]);
  });

  it("stops with the month in which support ends, and offers a second year", () => {
    expect(on("2026-11-30", "1.34")).toEqual([]);
    expect(on("2026-12-01", "1.34")).toEqual([
      'AKSFT-CLUSTER-01 kubernetesVersion: got "1.34"; 1.34 left community support at the end of 2026-11; AKS supports 1.35, 1.36, 1.37 on 2026-12-01; ' +
        'fix: use "1.36", or tier "Premium" with supportPlan "AKSLongTermSupport" for one more year',
    ]);
  });

  it("stops a year later with long-term support", () => {
    expect(on("2027-11-30", "1.34", true)).toEqual([]);
    expect(on("2027-12-01", "1.34", true)).toEqual([
      'AKSFT-CLUSTER-01 kubernetesVersion: got "1.34"; 1.34 left long-term support at the end of 2027-11; AKS supports 1.35, 1.36, 1.37 on 2027-12-01; fix: use "1.36"',
    ]);
  });

  it("proposes what is left when the default has ended, and a release when nothing is", () => {
    expect(on("2027-07-01", "1.36")[0]).toContain('fix: use "1.37", or tier');
    expect(on("2029-01-01", "latest")[0]).toContain("fix: use a newer release of this library");
  });

  it.each(["26.11.2026", "2026-13-01", "2026-11", "2026-11-32"])("refuses the day %p", (asOf) => {
    expect(on(asOf, "1.36")).toEqual([`AKSFT-CLUSTER-04 asOf: got "${asOf}"; needs a day as year-month-day; fix: use for example "2026-11-26"`]);
  });
});

describe("a version", () => {
  it.each([["1.36", "1.36"], ["1.37.2", "1.37"]])("%s is of the minor %s", (version, minor) => {
    expect(minorOf(version)).toBe(minor);
  });

  it("is judged by today unless the program names a day", () => {
    expect(today()).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(() => planCluster("ai", { environment: "development", kubernetesVersion: "1.34", asOf: "2026-12-01" })).toThrow("left community support");
  });

  it("keeps its patch for the nodes, and its minor for what depends on features", () => {
    const { kubernetesVersion, givenVersion } = planCluster("ai", { environment: "development", kubernetesVersion: "1.36.2", asOf: "2026-11-26" });
    expect({ kubernetesVersion, givenVersion }).toEqual({ kubernetesVersion: "1.36", givenVersion: "1.36.2" });
  });
});
