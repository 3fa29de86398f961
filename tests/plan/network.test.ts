import * as fc from "fast-check";
import { contains, dotted, overlap, parseRange } from "../../components/plan/network/address-ranges";
import { DNS_ADDRESS, planNetwork, POD_RANGE, SERVICE_RANGE } from "../../components/plan/network";
import { problemsOf } from "../support/refusal";

describe("the cluster's own ranges", () => {
  it("are disjoint, and the DNS address is a service address that is not the first", () => {
    expect([POD_RANGE, SERVICE_RANGE, DNS_ADDRESS]).toEqual(["10.244.0.0/16", "10.96.0.0/16", "10.96.0.10"]);
  });
});

describe("planNetwork", () => {
  it("has faultless defaults", () => {
    expect(planNetwork("ai", {})).toEqual({
      addressSpace: "10.100.0.0/16",
      nodeRange: "10.100.0.0/20",
      podRange: "10.244.0.0/16",
      egress: "nat-gateway",
      securityGroups: true,
      endpoints: {
        range: "10.100.16.0/24",
        zones: {
          registry: "privatelink.azurecr.io",
          files: "privatelink.file.core.windows.net",
          vault: "privatelink.vaultcore.azure.net",
        },
      },
    });
    expect(planNetwork("ai", { environment: "development" })).toEqual({
      addressSpace: "10.100.0.0/16",
      nodeRange: "10.100.0.0/20",
      podRange: "10.244.0.0/16",
      egress: "nat-gateway",
      securityGroups: false,
    });
  });

  it("keeps what was decided", () => {
    const decisions = { addressSpace: "172.20.0.0/16", nodeRange: "172.20.16.0/20" };
    expect(planNetwork("ai", decisions)).toMatchObject(decisions);
  });

  it("puts the nodes' range at the start of a network that comes alone", () => {
    expect(planNetwork("ai", { addressSpace: "172.20.0.0/16" }).nodeRange).toBe("172.20.0.0/20");
    expect(planNetwork("ai", { environment: "development", addressSpace: "172.20.0.0/24" }).nodeRange).toBe("172.20.0.0/24");
  });

  it("refuses a network that overlaps the pods' range and says where", () => {
    expect(problemsOf(() => planNetwork("ai", { addressSpace: "10.244.128.0/17", nodeRange: "10.244.128.0/20" }))).toEqual([
      'AKSFT-NET-03 addressSpace: got "10.244.128.0/17"; overlaps the pod range 10.244.0.0/16 from 10.244.128.0 to 10.244.255.255; ' +
        'fix: move one of the two, for example addressSpace to "172.20.0.0/17"',
    ]);
  });

  it("refuses a network that overlaps the services' range, and both where it holds both", () => {
    const codes = problemsOf(() => planNetwork("ai", { addressSpace: "10.0.0.0/8", nodeRange: "10.100.0.0/20" }));
    expect(codes.map((problem) => problem.slice(0, 65))).toEqual([
      'AKSFT-NET-03 addressSpace: got "10.0.0.0/8"; overlaps the pod ran',
      'AKSFT-NET-03 addressSpace: got "10.0.0.0/8"; overlaps the service',
    ]);
  });

  it("refuses a nodes' range outside the network, and proposes one inside", () => {
    expect(problemsOf(() => planNetwork("ai", { nodeRange: "10.101.0.0/20" }))).toEqual([
      'AKSFT-NET-02 nodeRange: got "10.101.0.0/20"; must lie inside addressSpace 10.100.0.0/16; fix: use for example "10.100.0.0/20"',
    ]);
  });

  it("accepts every network that a message proposes", () => {
    for (const addressSpace of ["10.0.0.0/8", "10.96.0.0/12", "10.244.0.0/24"]) {
      const nodeRange = `${addressSpace.split("/")[0] ?? ""}/24`;
      const problems = problemsOf(() => planNetwork("ai", { environment: "development", addressSpace, nodeRange }));
      for (const problem of problems) {
        const moved = /addressSpace to "([^"]*)"/.exec(problem)?.[1] ?? "";
        expect(parseRange(moved)).toBeDefined();
        expect(planNetwork("ai", { environment: "development", addressSpace: moved }).addressSpace).toBe(moved);
      }
    }
  });

  it("lists malformed ranges together", () => {
    const problems = problemsOf(() => planNetwork("ai", { addressSpace: "10.100.0.0", nodeRange: "10.100.0.1/20" }));
    expect(problems.map((problem) => problem.split(";")[0])).toEqual([
      'AKSFT-NET-01 addressSpace: got "10.100.0.0"',
      'AKSFT-NET-01 nodeRange: got "10.100.0.1/20"',
    ]);
  });
});

describe("the private endpoints' range", () => {
  it.each([
    [{ addressSpace: "172.20.0.0/24" }, "172.20.0.0/25", "172.20.0.128/25"],
    [{ addressSpace: "172.20.0.0/20" }, "172.20.0.0/21", "172.20.8.0/24"],
    [{ nodeRange: "10.100.64.0/18" }, "10.100.64.0/18", "10.100.0.0/24"],
    [{ privateEndpointRange: "10.100.255.240/28" }, "10.100.0.0/20", "10.100.255.240/28"],
  ])("of %p is beside the nodes' %p: %p", (decisions, nodeRange, range) => {
    const plan = planNetwork("ai", decisions);
    expect([plan.nodeRange, plan.endpoints?.range]).toEqual([nodeRange, range]);
  });

  it("lies in the network, apart from the nodes, whatever the size of the two", () => {
    const sizes = fc.tuple(fc.integer({ min: 12, max: 26 }), fc.integer({ min: 0, max: 20 }), fc.nat());
    fc.assert(
      fc.property(sizes, ([prefix, more, place]) => {
        const addressSpace = `172.16.0.0/${Math.max(prefix, 13)}`;
        const outer = parseRange(addressSpace);
        if (!outer) throw new Error("malformed");
        const length = Math.min(outer.prefix + 1 + more, 28);
        const nodeRange = `${dotted(outer.first + (place % 2 ** (length - outer.prefix)) * 2 ** (32 - length))}/${length}`;
        const { endpoints } = planNetwork("ai", { addressSpace, nodeRange });
        const [nodes, range] = [parseRange(nodeRange), parseRange(endpoints?.range ?? "")];
        expect(nodes && range && contains(outer, range) && !overlap(nodes, range)).toBe(true);
      }),
    );
  });

  it.each([
    [
      { nodeRange: "10.100.0.0/16" },
      'AKSFT-NET-06 nodeRange: got "10.100.0.0/16"; leaves no /28 of addressSpace 10.100.0.0/16 free for private endpoints; ' +
        "fix: make nodeRange smaller, addressSpace larger, or set privateEndpoints: false",
    ],
    [
      { privateEndpointRange: "10.100.1.0/24" },
      'AKSFT-NET-03 privateEndpointRange: got "10.100.1.0/24"; overlaps nodeRange 10.100.0.0/20 from 10.100.1.0 to 10.100.1.255; ' +
        'fix: use for example "10.100.16.0/24"',
    ],
    [
      { privateEndpointRange: "10.101.0.0/24" },
      'AKSFT-NET-02 privateEndpointRange: got "10.101.0.0/24"; must lie inside addressSpace 10.100.0.0/16; fix: use for example "10.100.16.0/24"',
    ],
    [
      { privateEndpointRange: "10.100.16.0/29" },
      'AKSFT-NET-05 privateEndpointRange: got "10.100.16.0/29"; has 3 usable addresses, as Azure keeps 5 of each subnet; ' +
        "at least 11 are needed; fix: use /28 or larger",
    ],
    [
      { environment: "development", privateZones: ["files"] } as const,
      'AKSFT-NET-07 privateZones: got ["files"]; has no effect while private endpoints are off, as by default with environment "development"; ' +
        "fix: set privateEndpoints: true, or remove privateZones",
    ],
    [
      { privateEndpoints: false, privateEndpointRange: "10.100.16.0/24" },
      'AKSFT-NET-07 privateEndpointRange: got "10.100.16.0/24"; has no effect while private endpoints are off; ' +
        "fix: set privateEndpoints: true, or remove privateEndpointRange",
    ],
  ])("is refused in %p", (decisions, problem) => {
    expect(problemsOf(() => planNetwork("ai", decisions))).toEqual([problem]);
  });
});

describe("private zones", () => {
  it("are those asked for, the API server's named after the region", () => {
    const inputs = { resourceGroupName: "group", location: "West Europe" };
    const { endpoints } = planNetwork("ai", { privateZones: ["cluster", "registry"] }, inputs);
    expect(endpoints?.zones).toEqual({ registry: "privatelink.azurecr.io", cluster: "privatelink.westeurope.azmk8s.io" });
    expect(planNetwork("ai", { privateZones: [] }).endpoints?.zones).toEqual({});
  });

  it.each([
    [undefined, "nothing"],
    [Promise.resolve("westeurope"), '"a value that is known only during the deployment"'],
  ])("of the API server need the region beforehand, not %p", (location, got) => {
    expect(problemsOf(() => planNetwork("ai", { privateZones: ["cluster"] }, { resourceGroupName: "group", location }))).toEqual([
      `AKSFT-NET-09 location: got ${got}; the zone of a private API server is named after its region, so the region must be known beforehand; ` +
        'fix: give it as text, for example "westeurope"',
    ]);
  });

  it("are refused under an unknown name, with the nearest", () => {
    const decisions: object = { privateZones: ["registry", "file"] };
    expect(problemsOf(() => planNetwork("ai", decisions))).toEqual([
      'AKSFT-NET-08 privateZones[1]: got "file"; is none of registry, files, vault, cluster; fix: did you mean "files"?',
    ]);
  });
});

describe("other people's ranges", () => {
  it("are accepted beside this network", () => {
    const peerRanges = { hub: "10.0.0.0/16", office: "192.168.0.0/16" };
    expect(planNetwork("ai", { peerRanges }).addressSpace).toBe("10.100.0.0/16");
  });

  it("are refused where they overlap the network, the pods or the services, and what is proposed is accepted", () => {
    const peerRanges = { hub: "10.100.0.0/17", far: "10.244.8.0/24", near: "10.96.0.0/24", broken: "10.0.0.1/8" };
    const problems = problemsOf(() => planNetwork("ai", { peerRanges }));
    expect(problems).toEqual([
      'AKSFT-NET-01 peerRanges.broken: got "10.0.0.1/8"; needs an IPv4 range whose address is its first, as 10.0.0.0/16; ' +
        'fix: use for example "10.100.0.0/16"',
      'AKSFT-NET-03 addressSpace: got "10.100.0.0/16"; overlaps peerRanges.hub 10.100.0.0/17 from 10.100.0.0 to 10.100.127.255; ' +
        'fix: move one of the two, for example addressSpace to "172.20.0.0/16"',
      'AKSFT-NET-03 peerRanges.far: got "10.244.8.0/24"; overlaps the pod range 10.244.0.0/16 from 10.244.8.0 to 10.244.8.255; ' +
        'fix: move one of the two, for example peerRanges.far to "172.20.0.0/24"',
      'AKSFT-NET-03 peerRanges.near: got "10.96.0.0/24"; overlaps the service range 10.96.0.0/16 from 10.96.0.0 to 10.96.0.255; ' +
        'fix: move one of the two, for example peerRanges.near to "172.20.0.0/24"',
    ]);
    expect(planNetwork("ai", { addressSpace: "172.20.0.0/16", peerRanges: { hub: "10.100.0.0/17" } }).nodeRange).toBe("172.20.0.0/20");
  });

  it("are kept away from in what is proposed", () => {
    const peerRanges = { hub: "172.20.0.0/14" };
    const [problem = ""] = problemsOf(() => planNetwork("ai", { addressSpace: "10.244.0.0/16", nodeRange: "10.244.0.0/20", peerRanges }));
    expect(problem).toMatch(/for example addressSpace to "172\.16\.0\.0\/16"$/);
  });
});

describe("the cluster's ranges", () => {
  it("may be others, and make room for a peer's", () => {
    const decisions = { podRange: "100.64.0.0/16", serviceRange: "100.65.0.0/16", addressSpace: "172.20.0.0/16" };
    expect(planNetwork("ai", { ...decisions, peerRanges: { office: "10.0.0.0/8" } }).podRange).toBe("100.64.0.0/16");
  });

  it("are refused where they are malformed or overlap each other or the network", () => {
    expect(problemsOf(() => planNetwork("ai", { podRange: "pods", serviceRange: "10.100.0.0/24" })).map((line) => line.split("; fix")[0])).toEqual([
      'AKSFT-NET-01 podRange: got "pods"; needs an IPv4 range whose address is its first, as 10.0.0.0/16',
      'AKSFT-NET-03 addressSpace: got "10.100.0.0/16"; overlaps serviceRange 10.100.0.0/24 from 10.100.0.0 to 10.100.0.255',
    ]);
    expect(problemsOf(() => planNetwork("ai", { podRange: "10.96.0.0/12" }))).toContain(
      'AKSFT-NET-03 the service range: got "10.96.0.0/16"; overlaps podRange 10.96.0.0/12 from 10.96.0.0 to 10.96.255.255; ' +
        'fix: move one of the two, for example the service range to "172.20.0.0/16"',
    );
  });
});

describe("reserved ranges and sizes", () => {
  it.each([
    ["172.30.0.0/16", "overlaps 172.30.0.0/16, which is kept for AKS"],
    ["172.31.128.0/17", "overlaps 172.31.0.0/16, which is kept for AKS"],
    ["169.254.0.0/24", "overlaps 169.254.0.0/16, which is kept for link-local addresses, where nodes ask for their identity"],
    ["168.63.129.0/24", "overlaps 168.63.129.16/32, which is kept for Azure's own DNS and health probes"],
    ["239.0.0.0/16", "overlaps 224.0.0.0/4, which is kept for multicast"],
    ["127.0.0.0/16", "overlaps 127.0.0.0/8, which is kept for loopback"],
    ["52.0.0.0/16", "is not inside one of the private blocks 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10"],
  ])("refuse the network %p", (addressSpace, rule) => {
    expect(problemsOf(() => planNetwork("ai", { addressSpace }))).toEqual([
      `AKSFT-NET-04 addressSpace: got "${addressSpace}"; ${rule}; fix: use a private range, for example "10.100.0.0/16"`,
    ]);
  });

  it.each(["172.29.0.0/16", "100.64.0.0/16", "192.168.0.0/16", "10.0.0.0/16", "172.16.0.0/16"])("accept the network %p", (addressSpace) => {
    expect(planNetwork("ai", { addressSpace }).addressSpace).toBe(addressSpace);
  });

  it("refuse a nodes' subnet without room for nodes, and accept the smallest that has it", () => {
    expect(problemsOf(() => planNetwork("ai", { nodeRange: "10.100.0.0/29" }))).toEqual([
      'AKSFT-NET-05 nodeRange: got "10.100.0.0/29"; has 3 usable addresses, as Azure keeps 5 of each subnet; at least 11 are needed; ' +
        "fix: use /28 or larger",
    ]);
    expect(planNetwork("ai", { nodeRange: "10.100.0.0/28" }).nodeRange).toBe("10.100.0.0/28");
  });
});

describe("what is passed on", () => {
  it("goes out through a route table where one is given", () => {
    expect(planNetwork("ai", {}, { resourceGroupName: "group", routeTableId: "id" }).egress).toBe("user-defined-routing");
  });

  it("is checked where it is plain", () => {
    expect(problemsOf(() => planNetwork("ai", { tags: { component: "mine" } }, { resourceGroupName: "ml." })).map((line) => line.split(": got")[0])).toEqual([
      "AKSFT-NAME-06 resourceGroupName",
      "AKSFT-TAG-02 tags.component",
    ]);
  });
});
