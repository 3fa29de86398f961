import * as fc from "fast-check";
import { planGpuPool } from "../../../components/plan/gpu-pool";
import { expanderPriorities, planGpuPools, planPreferredSpot, type PreferredSpotDecisions, spotPreferenceProblems } from "../../../components/plan/gpu-pool/preferred-spot";
import { describe as problemText } from "../../../components/plan/refuse";
import { problemsOf } from "../../support/refusal";

const A100: PreferredSpotDecisions = { size: "Standard_NC24ads_A100_v4", maxNodes: 2 };
const RESERVATION = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/capacityReservationGroups/h100";

describe("planPreferredSpot", () => {
  it("plans two pools of one shape under one label, told apart by their names in Azure", () => {
    const { spot, onDemand, preference } = planPreferredSpot("gpu", A100, { environment: "development" });
    expect([spot.agentPoolName, onDemand.agentPoolName]).toEqual(["gpu57e6", "gpu658f"]);
    expect(spot.nodeSelector).toEqual(onDemand.nodeSelector);
    expect([spot.priority, onDemand.priority, spot.maxNodes, onDemand.maxNodes]).toEqual(["Spot", "Regular", 2, 2]);
    expect(preference).toEqual([{ key: "kubernetes.azure.com/scalesetpriority", values: ["spot"], weight: 100 }]);
  });

  it("has pods tolerate both", () => {
    const { spot, onDemand } = planPreferredSpot("gpu", A100);
    expect(spot.tolerations).toEqual(expect.arrayContaining([...onDemand.tolerations]));
    expect(spot.tolerations.map(({ key }) => key)).toEqual(["sku", "kubernetes.azure.com/scalesetpriority"]);
  });

  it("gives each pool what its priority alone knows", () => {
    const decisions: PreferredSpotDecisions = {
      ...{ ...A100, evictionPolicy: "Deallocate", spotMaxPrice: 2, capacityReservationGroupId: RESERVATION, upgrade: { maxSurge: "1" } },
    };
    const { spot, onDemand } = planPreferredSpot("gpu", decisions);
    expect(spot).toMatchObject({ evictionPolicy: "Deallocate", spotMaxPrice: 2 });
    expect([spot.capacityReservationGroupId, spot.upgrade]).toEqual([undefined, undefined]);
    expect(onDemand).toMatchObject({ capacityReservationGroupId: RESERVATION, upgrade: { maxSurge: "1", maxUnavailable: "0" } });
    expect([onDemand.evictionPolicy, onDemand.spotMaxPrice]).toEqual([undefined, undefined]);
  });

  it("names a fault of both pools once, and one of a single pool too", () => {
    expect(problemsOf(() => planPreferredSpot("GPU", { ...A100, maxPods: 9, spotMaxPrice: 0 }))).toEqual([
      expect.stringMatching(/^AKSFT-NAME-03 name: /),
      expect.stringMatching(/^AKSFT-POOL-08 spotMaxPrice: got 0; /),
      expect.stringMatching(/^AKSFT-POOL-17 maxPods: /),
    ]);
  });
});

describe("planGpuPools", () => {
  it("plans each as if it were alone", () => {
    const pools = [
      { name: "gpu", pool: A100 },
      { name: "gpu2", pool: { ...A100, priority: "Spot" as const } },
    ];
    expect(planGpuPools(pools)).toEqual(pools.map(({ name, pool }) => planGpuPool(name, pool)));
  });

  it("lists every fault of every pool, and a name that two have", () => {
    const pools = [
      { name: "gpu", pool: { ...A100, maxPods: 9 } },
      { name: "gpu", pool: A100 },
      { name: "serve", pool: { ...A100, zones: ["4"] } },
    ];
    expect(problemsOf(() => planGpuPools(pools))).toEqual([
      "AKSFT-POOL-17 pools[0].maxPods: got 9; must be a whole number from 10 to 250; fix: use 10",
      'AKSFT-POOL-21 pools[1].name: got "gpu"; repeats pools[0].name; fix: rename one of them',
      'AKSFT-POOL-14 pools[2].zones[0]: got "4"; is none of "1", "2", "3"; fix: use one of "1", "2", "3"',
    ]);
  });
});

describe("the expander's priorities", () => {
  const pair = (spotPoolName: string, onDemandPoolName: string) => ({ spotPoolName, onDemandPoolName });

  it("prefer every pair's spot pool, then its other one, and keep all other pools in play", () => {
    expect(expanderPriorities([pair("gpu4c94", "gpu658f"), pair("serve1a2b", "serve3c4d")])).toBe(
      "1:\n  - .*\n10:\n  - .*gpu658f.*\n  - .*serve3c4d.*\n100:\n  - .*gpu4c94.*\n  - .*serve1a2b.*\n",
    );
  });

  /** What the expander does: the highest level of which an expression matches the scale set's name. */
  function levelOf(priorities: string, scaleSet: string): number {
    let level = 0;
    const matching: number[] = [];
    for (const line of priorities.split("\n")) {
      const [, number] = /^(\d+):$/.exec(line) ?? [];
      const [, expression] = /^ {2}- (.+)$/.exec(line) ?? [];
      if (number) level = Number(number);
      if (expression && new RegExp(expression).test(scaleSet)) matching.push(level);
    }
    return Math.max(...matching);
  }

  it("match the scale sets that AKS makes of the pools", () => {
    const sizes = fc.constantFrom("Standard_NC24ads_A100_v4" as const, "Standard_NC4as_T4_v3" as const);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/), sizes, fc.integer({ min: 10_000_000, max: 99_999_999 }), (name, size, digits) => {
        const { spot, onDemand } = planPreferredSpot(name, { size });
        const priorities = expanderPriorities([pair(spot.agentPoolName, onDemand.agentPoolName)]);
        const levels = [spot.agentPoolName, onDemand.agentPoolName, "system"].map((pool) => levelOf(priorities, `aks-${pool}-${digits}-vmss`));
        expect(levels).toEqual([100, 10, 1]);
      }),
    );
  });

  it.each([
    [[], false, 'AKSFT-POOL-23 pools: got []; there is nothing to prefer; fix: give the cluster\'s PreferredSpotGpuPools'],
    [
      [pair("a", "b")],
      true,
      'AKSFT-POOL-23 cluster: got "cluster-autoscaler-priority-expander"; the cluster has one ConfigMap of priorities, and it is declared; ' +
        "fix: give all pools to one SpotPreference",
    ],
  ])("are refused for %j, owned already: %p", (pairs, owned, problem) => {
    expect(spotPreferenceProblems(pairs, { owned }).map(problemText)).toEqual([problem]);
  });

  it("are refused where no autoscaler reads them, and taken where one does", () => {
    const pairs = [pair("a", "b")];
    expect(spotPreferenceProblems(pairs, { owned: false, nodeProvisioning: "node-auto-provisioning" }).map(({ code }) => code)).toEqual(["AKSFT-POOL-22"]);
    expect(spotPreferenceProblems(pairs, { owned: false })).toEqual([]);
  });
});
