import { parseRange } from "../../components/plan/address-ranges";
import { DNS_ADDRESS, planNetwork, POD_RANGE, SERVICE_RANGE } from "../../components/plan/network";
import { problemsOf } from "../support/refusal";

describe("the cluster's own ranges", () => {
  it("are disjoint, and the DNS address is a service address that is not the first", () => {
    expect([POD_RANGE, SERVICE_RANGE, DNS_ADDRESS]).toEqual(["10.244.0.0/16", "10.96.0.0/16", "10.96.0.10"]);
  });
});

describe("planNetwork", () => {
  it("has faultless defaults", () => {
    expect(planNetwork("ai", {})).toEqual({ addressSpace: "10.100.0.0/16", nodeRange: "10.100.0.0/20" });
  });

  it("keeps what was decided", () => {
    const decisions = { addressSpace: "172.20.0.0/16", nodeRange: "172.20.16.0/20" };
    expect(planNetwork("ai", decisions)).toEqual(decisions);
  });

  it("puts the nodes' range at the start of a network that comes alone", () => {
    expect(planNetwork("ai", { addressSpace: "172.20.0.0/16" }).nodeRange).toBe("172.20.0.0/20");
    expect(planNetwork("ai", { addressSpace: "172.20.0.0/24" }).nodeRange).toBe("172.20.0.0/24");
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
    for (const addressSpace of ["10.0.0.0/8", "10.96.0.0/12", "10.244.0.0/24", "0.0.0.0/0"]) {
      const nodeRange = `${addressSpace.split("/")[0] ?? ""}/24`;
      for (const problem of problemsOf(() => planNetwork("ai", { addressSpace, nodeRange }))) {
        const moved = /addressSpace to "([^"]*)"/.exec(problem)?.[1] ?? "";
        expect(parseRange(moved)).toBeDefined();
        expect(planNetwork("ai", { addressSpace: moved }).addressSpace).toBe(moved);
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
