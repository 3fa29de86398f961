import { fitsLocalDisk, lacksLocalDisk } from "../../../components/plan/cluster/local-disk";
import {
  planSystemPool,
  planWorkloadPool,
  type SystemPoolDecisions,
  systemPoolProblems,
  type WorkloadPoolDecisions,
  workloadPoolProblems,
} from "../../../components/plan/cluster/pools";
import { describe as line } from "../../../components/plan/refuse";

const system = (decisions: unknown): string[] => systemPoolProblems("production", decisions as SystemPoolDecisions).map(line);
const workload = (decisions: unknown): string[] => workloadPoolProblems("production", decisions as WorkloadPoolDecisions).map(line);

describe("systemPoolProblems", () => {
  it.each([[-1, 1], [0, 1], [1001, 1000], [1.5, 2]])("refuses %p nodes and proposes %p", (nodes, proposed) => {
    expect(system({ nodes })).toEqual([`AKSFT-CLUSTER-02 systemPool.nodes: got ${nodes}; must be a whole number from 1 to 1000; fix: use ${proposed}`]);
    expect(system({ nodes: proposed })).toEqual([]);
  });

  it.each([[9, 10], [251, 250]])("refuses %p pods a node and proposes %p", (maxPods, proposed) => {
    expect(system({ maxPods })).toEqual([`AKSFT-CLUSTER-15 systemPool.maxPods: got ${maxPods}; must be a whole number from 10 to 250; fix: use ${proposed}`]);
    expect(system({ maxPods: proposed })).toEqual([]);
  });

  it("refuses zones that there are not, and any twice", () => {
    expect(system({ zones: ["1", "4"] })).toEqual(['AKSFT-CLUSTER-16 systemPool.zones[1]: got "4"; must be one of 1, 2, 3; fix: did you mean "1"?']);
    expect(system({ zones: ["1", "1"] })).toEqual(['AKSFT-CLUSTER-16 systemPool.zones[1]: got "1"; each zone counts once; fix: remove it']);
    expect(system({ zones: ["3"] })).toEqual([]);
  });

  it.each(["priority", "scaleSetPriority"])("refuses spot nodes asked for by %s", (key) => {
    expect(system({ [key]: "Spot" })).toEqual([
      `AKSFT-CLUSTER-13 systemPool.${key}: got "Spot"; 0 system nodes can be spot: Azure takes them back at any time, and the cluster's DNS with them; ` +
        'fix: remove it, and use a GpuNodePool with priority "Spot"',
    ]);
    expect(system({ [key]: "Regular" })).toEqual([]);
  });

  it("refuses a cluster of user pools alone", () => {
    expect(system({ mode: "User" })).toEqual([
      'AKSFT-CLUSTER-13 systemPool.mode: got "User"; the cluster\'s own pool has mode System, of which at least 1 is needed; ' +
        "fix: remove it, and use workloadPool or a GpuNodePool for user nodes",
    ]);
    expect(system({ mode: "System" })).toEqual([]);
    for (const none of [null, false]) {
      expect(system(none)).toEqual([
        `AKSFT-CLUSTER-13 systemPool: got ${none}; a cluster needs 1 pool of mode System at least, 3 nodes in production; fix: leave it out for the default, or give { nodes: 3 }`,
      ]);
    }
  });

  it("refuses an ephemeral disk where there is no local one", () => {
    expect(system({ osDisk: "Ephemeral", vmSize: "Standard_D4s_v5" })).toEqual([
      'AKSFT-CLUSTER-17 systemPool.osDisk: got "Ephemeral"; Standard_D4s_v5 has 0 GiB of local disk, which is where an ephemeral one lies; ' +
        'fix: use "Managed", or a size with a "d", for example vmSize "Standard_D4ds_v5"',
    ]);
    expect(system({ osDisk: "Ephemeral", vmSize: "Standard_D4ds_v5" })).toEqual([]);
    expect(system({ osDisk: "Ephemeral", vmSize: "Standard_DS3_v2" })).toEqual([]);
    expect(system({ osDisk: "Local" })).toEqual(['AKSFT-CLUSTER-17 systemPool.osDisk: got "Local"; must be one of Ephemeral, Managed; fix: use one of Ephemeral, Managed']);
  });

  it.each(["D4s_v5", "", "standard d4"])("refuses the size %p", (vmSize) => {
    expect(system({ vmSize })).toEqual([
      `AKSFT-CLUSTER-30 systemPool.vmSize: got "${vmSize}"; is not written as Azure writes 1 size, "Standard_" first; fix: use for example "Standard_D4ds_v5"`,
    ]);
  });
});

describe("planSystemPool", () => {
  it("is AKS's alone in production as long as other pods have somewhere to run", () => {
    expect(planSystemPool("production", {}, true).dedicated).toBe(true);
    expect(planSystemPool("production", {}, false).dedicated).toBe(false);
    expect(planSystemPool("development", {}, true).dedicated).toBe(false);
    expect(planSystemPool("production", { dedicated: true }, false).dedicated).toBe(true);
    expect(planSystemPool("production", { dedicated: false }, true).dedicated).toBe(false);
  });

  it("takes what is given over every default", () => {
    const given = { vmSize: "Standard_E8ds_v5", nodes: 5, zones: ["2"], maxPods: 60, osDisk: "Managed", dedicated: false } as const;
    expect(planSystemPool("production", given, true)).toEqual(given);
  });
});

describe("workloadPoolProblems", () => {
  it.each([[-1, 0], [1001, 1000]])("refuses %p nodes at least", (minNodes, proposed) => {
    expect(workload({ minNodes, maxNodes: 1000 })).toEqual([
      `AKSFT-CLUSTER-14 workloadPool.minNodes: got ${minNodes}; must be a whole number from 0 to 1000; fix: use ${proposed}`,
    ]);
  });

  it.each([[0, 1], [1001, 1000]])("refuses %p nodes at most", (maxNodes, proposed) => {
    expect(workload({ minNodes: 0, maxNodes })).toEqual([
      `AKSFT-CLUSTER-14 workloadPool.maxNodes: got ${maxNodes}; must be a whole number from 1 to 1000; fix: use ${proposed}`,
    ]);
  });

  it("refuses a least above the most", () => {
    expect(workload({ minNodes: 5, maxNodes: 2 })).toEqual(["AKSFT-CLUSTER-14 workloadPool.minNodes: got 5; must not be above maxNodes 2; fix: use 2"]);
    expect(workload({ minNodes: 2, maxNodes: 5 })).toEqual([]);
    expect(workload({ minNodes: 5 })).toEqual([]);
  });

  it("holds its nodes to the same rules", () => {
    expect(workload({ maxPods: 9, zones: ["4"] }).map((each) => each.split(":")[0])).toEqual([
      "AKSFT-CLUSTER-15 workloadPool.maxPods",
      "AKSFT-CLUSTER-16 workloadPool.zones[0]",
    ]);
  });
});

describe("planWorkloadPool", () => {
  const around = { environment: "production", encryptionAtHost: true, scalesItself: true } as const;

  it("grows to three nodes, or as far as it starts", () => {
    expect(planWorkloadPool({}, around)).toMatchObject({ minNodes: 1, maxNodes: 3 });
    expect(planWorkloadPool({ minNodes: 5 }, around)).toMatchObject({ minNodes: 5, maxNodes: 5 });
    expect(planWorkloadPool({ minNodes: 2 }, { ...around, scalesItself: false })).toMatchObject({ minNodes: 2, maxNodes: 2 });
  });

  it("changes its name in Azure with what cannot be changed, and with nothing else", () => {
    const name = (decisions: WorkloadPoolDecisions, encryptionAtHost = true) => planWorkloadPool(decisions, { ...around, encryptionAtHost }).agentPoolName;
    const fixed: WorkloadPoolDecisions[] = [{ vmSize: "Standard_D8ds_v5" }, { maxPods: 50 }, { zones: ["1"] }, { osDisk: "Managed" }];
    const names = [name({}), name({}, false), ...fixed.map((decisions) => name(decisions))];
    expect(new Set(names).size).toBe(6);
    for (const each of names) expect(each).toMatch(/^[a-z][a-z0-9]{11}$/);
    expect(name({ minNodes: 2, maxNodes: 9 })).toBe(name({}));
  });
});

describe("the local disk", () => {
  it.each([
    ["Standard_D4ds_v5", true, false],
    ["Standard_D2ds_v5", false, false],
    ["Standard_E8ads_v5", true, false],
    ["Standard_D4s_v5", false, true],
    ["Standard_E4as_v5", false, true],
    ["Standard_D4ds_v6", false, false],
    ["Standard_D4s_v6", false, true],
    ["Standard_D4s_v3", false, false],
    ["Standard_DS3_v2", false, false],
    ["Standard_E4-2ds_v5", true, false],
    ["D4", false, false],
  ])("of %s surely holds the system: %p, is surely absent: %p", (size, fits, lacks) => {
    expect([fitsLocalDisk(size), lacksLocalDisk(size)]).toEqual([fits, lacks]);
  });
});
