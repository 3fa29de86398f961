import * as fc from "fast-check";
import { contains, dotted, parseRange } from "../../../components/plan/network/address-ranges";
import { type AddressDecisions, addressProblems, planAddresses } from "../../../components/plan/cluster/addresses";
import { planCluster } from "../../../components/plan/cluster";
import { describe as line } from "../../../components/plan/refuse";

const problems = (decisions: AddressDecisions, nodeRange?: string, mostNodes = 1): string[] => addressProblems(decisions, nodeRange, mostNodes).map(line);

describe("addressProblems", () => {
  it("refuses pods over services, with the addresses both have", () => {
    expect(problems({ podRange: "10.0.0.0/16", serviceRange: "10.0.128.0/20" })).toEqual([
      'AKSFT-CLUSTER-11 serviceRange: got "10.0.128.0/20"; overlaps podRange 10.0.0.0/16 from 10.0.128.0 to 10.0.143.255; ' +
        'fix: move one of the two, for example serviceRange to "172.20.0.0/20"',
    ]);
    expect(problems({ podRange: "10.0.0.0/16", serviceRange: "172.20.0.0/20" })).toEqual([]);
    expect(problems({ podRange: "10.0.0.0/16", serviceRange: "10.96.0.0/20" })).toEqual([]);
  });

  it("refuses either over the nodes, where their range is known", () => {
    expect(problems({ podRange: "10.100.0.0/16" }, "10.100.0.0/20")[0]).toContain("AKSFT-CLUSTER-11 podRange");
    expect(problems({ serviceRange: "10.100.8.0/22" }, "10.100.0.0/20")[0]).toContain("AKSFT-CLUSTER-11 serviceRange");
    expect(problems({}, "10.100.0.0/20")).toEqual([]);
    expect(problems({ podRange: "10.100.0.0/16" })).toEqual([]);
  });

  it.each(["169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"])("refuses %s, which is AKS's own", (serviceRange) => {
    expect(problems({ serviceRange })[0]).toContain(`AKSFT-CLUSTER-11 serviceRange: got "${serviceRange}"; overlaps AKS's own range ${serviceRange}`);
    expect(problems({ podRange: serviceRange })[0]).toContain("AKSFT-CLUSTER-11 podRange");
  });

  it.each([
    [{ podRange: "10.0.0.0/25" }, 'podRange: got "10.0.0.0/25"; needs a prefix from /8 to /24; fix: use for example "10.0.0.0/24"'],
    [{ podRange: "8.0.0.0/7" }, 'podRange: got "8.0.0.0/7"; needs a prefix from /8 to /24; fix: use for example "8.0.0.0/8"'],
    [{ serviceRange: "10.96.0.0/11" }, 'serviceRange: got "10.96.0.0/11"; needs a prefix from /12 to /28; fix: use for example "10.96.0.0/12"'],
    [{ serviceRange: "10.96.0.16/29" }, 'serviceRange: got "10.96.0.16/29"; needs a prefix from /12 to /28; fix: use for example "10.96.0.16/28"'],
    [{ serviceRange: "10.96.0.1/16" }, 'serviceRange: got "10.96.0.1/16"; needs an IPv4 range whose address is its first, as 10.0.0.0/16; fix: use for example "10.100.0.0/16"'],
  ])("refuses the size or form of %p", (decisions, problem) => {
    expect(problems(decisions).filter((each) => each.startsWith("AKSFT-CLUSTER-10"))).toEqual([`AKSFT-CLUSTER-10 ${problem}`]);
  });

  it("wants a /24 of the pods' range for each node of the cluster's own", () => {
    expect(problems({ podRange: "10.0.0.0/22" }, undefined, 4)).toEqual([]);
    expect(problems({ podRange: "10.0.0.0/22" }, undefined, 6)).toEqual([
      'AKSFT-CLUSTER-10 podRange: got "10.0.0.0/22"; has room for 4 nodes, and the cluster\'s own pools may have 6, before any for GPUs; ' +
        'fix: use a prefix of /21 or less',
    ]);
    expect(problems({}, undefined, 1000)).toEqual([]);
    const small = { podRange: "10.0.0.0/22", asOf: "2026-11-26", privateApiServer: true } as const;
    expect(() => planCluster("ai", small)).toThrow("the cluster's own pools may have 6");
    expect(() => planCluster("ai", { ...small, nodeProvisioning: "node-auto-provisioning" })).not.toThrow();
    expect(() => planCluster("ai", { ...small, workloadPool: false })).not.toThrow();
  });

  it.each([
    ["10.1.0.10", "lies outside serviceRange 10.96.0.0/20, which is 10.96.0.0 to 10.96.15.255"],
    ["10.96.0.0", "10.96.0.0 and 10.96.0.1 are taken: the API server's own service has the first address"],
    ["10.96.0.1", "10.96.0.0 and 10.96.0.1 are taken: the API server's own service has the first address"],
    ["10.96.15.255", "the last address of the range cannot be used"],
    ["10.96.0.256", "is not an IPv4 address"],
  ])("refuses DNS at %s", (dnsServiceIp, rule) => {
    expect(problems({ serviceRange: "10.96.0.0/20", dnsServiceIp })).toEqual([
      `AKSFT-CLUSTER-12 dnsServiceIp: got "${dnsServiceIp}"; ${rule}; fix: use for example "10.96.0.10"`,
    ]);
  });

  it.each(["10.96.0.2", "10.96.0.10", "10.96.15.254"])("accepts DNS at %s", (dnsServiceIp) => {
    expect(problems({ serviceRange: "10.96.0.0/20", dnsServiceIp })).toEqual([]);
  });

  it("leaves DNS alone where the service range is not one", () => {
    expect(problems({ serviceRange: "services", dnsServiceIp: "10.96.0.10" }).map((each) => each.split(" ")[0])).toEqual(["AKSFT-CLUSTER-10"]);
  });
});

describe("planAddresses", () => {
  it("puts DNS at the tenth address of any service range that is accepted", () => {
    const ranges = fc.tuple(fc.integer({ min: 12, max: 28 }), fc.integer({ min: 0, max: 2 ** 20 - 1 }));
    fc.assert(
      fc.property(ranges, ([prefix, index]) => {
        const size = 2 ** (32 - prefix);
        const serviceRange = `${dotted((Math.floor((10 * 2 ** 24) / size) + (index % 16)) * size)}/${prefix}`;
        const { dnsServiceIp } = planAddresses({ serviceRange });
        const [outer, inner] = [parseRange(serviceRange), parseRange(`${dnsServiceIp}/32`)];
        expect(outer && inner && contains(outer, inner)).toBe(true);
        expect(problems({ serviceRange, podRange: "172.16.0.0/16" })).toEqual([]);
      }),
    );
  });
});
