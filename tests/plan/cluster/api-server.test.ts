import { apiServerProblems } from "../../../components/plan/cluster/api-server";
import { describe as line } from "../../../components/plan/refuse";

type Access = Parameters<typeof apiServerProblems>[0];
const problems = (changes: Partial<Access>): string[] =>
  apiServerProblems({ environment: "production", privateApiServer: false, authorizedIpRanges: [], ...changes }).map(line);
const OPEN =
  "AKSFT-CLUSTER-06 authorizedIpRanges: got []; in production the API server is reached from at least 1 listed range, or from inside the network only; " +
  'fix: list the addresses you come from, for example ["203.0.113.8/32"], or set privateApiServer: true; environment "development" leaves it open';
const LIST = 'fix: list the addresses you come from, for example "203.0.113.8/32"';

describe("apiServerProblems", () => {
  it("wants ranges or a private API server in production, neither in development", () => {
    expect(problems({})).toEqual([OPEN]);
    expect(problems({ authorizedIpRanges: ["203.0.113.8/32"] })).toEqual([]);
    expect(problems({ privateApiServer: true })).toEqual([]);
    expect(problems({ environment: "development" })).toEqual([]);
  });

  it("refuses both together", () => {
    expect(problems({ privateApiServer: true, authorizedIpRanges: ["203.0.113.8/32"] })).toEqual([
      'AKSFT-CLUSTER-07 authorizedIpRanges: got ["203.0.113.8/32"]; a private API server has no public address that ranges could guard, and Azure refuses ' +
        "both together; fix: remove authorizedIpRanges, or privateApiServer",
    ]);
  });

  it.each([
    ["0.0.0.0/0", "the whole Internet is not a restriction"],
    ["0.0.0.0/1", "no network is wider than /8, so this lets strangers in"],
    ["10.0.0.0/7", "no network is wider than /8, so this lets strangers in"],
    ["10.0.0.300/24", "is not an IPv4 address or range"],
    ["203.0.113.8/24", "is not an IPv4 address or range"],
    ["nowhere", "is not an IPv4 address or range"],
  ])("refuses %s in both environments", (range, rule) => {
    for (const environment of ["production", "development"] as const) {
      expect(problems({ environment, authorizedIpRanges: ["203.0.113.8/32", range] })).toEqual([
        `AKSFT-CLUSTER-03 authorizedIpRanges[1]: got "${range}"; ${rule}; ${LIST}`,
      ]);
    }
  });

  it.each(["10.0.0.0/8", "203.0.113.0/24", "198.51.100.4", "0.0.0.0/32"])("accepts %s alone", (range) => {
    expect(problems({ authorizedIpRanges: [range] })).toEqual([]);
  });

  it.each(["0.0.0.0/32", "0.0.0.0"])("refuses the cluster's own address %s among others", (own) => {
    expect(problems({ authorizedIpRanges: ["203.0.113.8/32", own] })).toEqual([
      `AKSFT-CLUSTER-03 authorizedIpRanges[1]: got "${own}"; 0.0.0.0/32 stands for the cluster's own outgoing address and AKS takes it alone only; ` +
        "fix: remove it, or the other ranges",
    ]);
  });

  it("takes two hundred ranges and not one more", () => {
    const ranges = Array.from({ length: 201 }, (_, index) => `203.0.113.${index}`);
    expect(problems({ authorizedIpRanges: ranges.slice(0, 200) })).toEqual([]);
    expect(problems({ authorizedIpRanges: ranges })).toEqual([
      'AKSFT-CLUSTER-03 authorizedIpRanges: got "201 ranges"; AKS takes at most 200 ranges; fix: merge neighbours, or remove 1',
    ]);
  });
});
