import * as fc from "fast-check";
import { chosenChildName, defaultDnsPrefix, dnsPrefixProblems } from "../../../components/plan/cluster/azure-names";
import { describe as line } from "../../../components/plan/refuse";

const problems = (prefix: string | undefined): string[] => dnsPrefixProblems(prefix).map(line);

describe("a DNS prefix", () => {
  it.each([
    ["prod_cluster", "prod-cluster"],
    ["-ai-", "ai"],
    ["a".repeat(55), "a".repeat(54)],
    ["", "cluster"],
    ["___", "cluster"],
  ])("%p is refused, and %p proposed", (prefix, proposed) => {
    expect(problems(prefix)).toEqual([
      `AKSFT-CLUSTER-28 dnsPrefix: got "${prefix}"; needs 1 to 54 letters, digits and hyphens, with a letter or digit at both ends, has ${prefix.length} characters; ` +
        `fix: use for example "${proposed}"`,
    ]);
    expect(problems(proposed)).toEqual([]);
  });

  it("need not be given", () => {
    expect(problems(undefined)).toEqual([]);
  });

  it("made of a cluster's name is always a valid one, and the name itself where that is", () => {
    const names = fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?$/);
    fc.assert(fc.property(names, (name) => expect(problems(defaultDnsPrefix(name))).toEqual([])));
    expect(defaultDnsPrefix("prod-cluster")).toBe("prod-cluster");
    expect(defaultDnsPrefix(`${"a".repeat(53)}-b`)).toBe("a".repeat(53));
  });
});

describe("a name beside the cluster", () => {
  it("is azure-native's to choose where that will be allowed", () => {
    expect(chosenChildName("ai-metrics")).toBeUndefined();
    expect(chosenChildName("a".repeat(36))).toBeUndefined();
  });

  it("is chosen for it where that would be too long or has underscores, and tells clusters apart", () => {
    expect(chosenChildName("my_ai-metrics")).toMatch(/^my-ai-metrics-[0-9a-f]{8}$/);
    expect(chosenChildName("a".repeat(37))).toMatch(/^a{35}-[0-9a-f]{8}$/);
    expect(chosenChildName(`${"a".repeat(63)}-metrics`)).not.toBe(chosenChildName(`${"a".repeat(62)}b-metrics`));
  });
});
