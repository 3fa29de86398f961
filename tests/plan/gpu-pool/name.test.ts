import * as fc from "fast-check";
import { GPU_SIZE_NAMES } from "../../../components/plan/catalogue/gpu-sizes";
import { type GpuPoolContext, type GpuPoolDecisions, planGpuPool } from "../../../components/plan/gpu-pool";

const DEVELOPMENT: GpuPoolContext = { environment: "development" };
const A100: GpuPoolDecisions = { size: "Standard_NC24ads_A100_v4" };
const SPOT_T4: GpuPoolDecisions = { size: "Standard_NC4as_T4_v3", priority: "Spot" };
const named = (decisions: GpuPoolDecisions, context = DEVELOPMENT) => planGpuPool("gpu", decisions, context).agentPoolName;
const RESERVATION = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/capacityReservationGroups/h100";

/** Each sets one thing that AKS fixes when a pool is made. */
const FIXED: readonly Partial<GpuPoolDecisions>[] = [
  { size: "Standard_NC48ads_A100_v4" },
  { priority: "Spot" },
  { priority: "Spot", evictionPolicy: "Deallocate" },
  { priority: "Spot", spotMaxPrice: 1.5 },
  { maxPods: 51 },
  { gpuInstanceProfile: "MIG1g" },
  { driver: "None" },
  { osSku: "AzureLinux3" },
  { osDiskType: "Managed" },
  { osDiskSizeGb: 256 },
  { hostEncryption: true },
  { ultraSsd: true },
  { zones: ["1"] },
  { zones: ["1", "2"] },
  { capacityReservationGroupId: RESERVATION },
];

/** What can change on a pool that exists. */
const free = fc.record(
  {
    minNodes: fc.integer({ min: 0, max: 1 }),
    maxNodes: fc.integer({ min: 1, max: 1000 }),
    labels: fc.dictionary(fc.stringMatching(/^[a-z]{3,8}$/), fc.stringMatching(/^[a-z]{1,8}$/), { maxKeys: 3 }),
    taints: fc.array(fc.record({ key: fc.stringMatching(/^[a-z]{4,8}$/), value: fc.constant("x"), effect: fc.constant("NoSchedule" as const) }), { maxLength: 2 }),
    tags: fc.dictionary(fc.stringMatching(/^[a-z]{3,8}$/), fc.string({ maxLength: 20 }), { maxKeys: 3 }),
    upgrade: fc.constantFrom({ maxUnavailable: "2" }, { maxSurge: "1" }),
    kubernetesVersion: fc.constantFrom("1.35" as const, "1.36" as const),
    migStrategy: fc.constant(undefined),
  },
  { requiredKeys: [] },
);

describe("the name of an agent pool", () => {
  it("is what it was when pools hashed size and priority alone", () => {
    expect(named(A100)).toBe("gpu658f");
    expect(named(SPOT_T4)).toBe("gpu4c94");
    // Every default, spelt out, is the same pool.
    const spelt: GpuPoolDecisions = {
      ...{ ...SPOT_T4, evictionPolicy: "Delete", spotMaxPrice: -1, maxPods: 50, driver: "Install", osSku: "Ubuntu2404" },
      ...{ osDiskType: "Ephemeral", hostEncryption: false, ultraSsd: false, zones: [] },
    };
    expect(named(spelt)).toBe("gpu4c94");
  });

  it("differs in production, whose nodes have encrypted hosts", () => {
    expect([named(A100, {}), named(SPOT_T4, {})]).toEqual(["gpu0556", "gpuc069"]);
  });

  it.each(FIXED)("changes with %j", (change) => {
    expect(named({ ...A100, ...change })).not.toBe(named(A100));
  });

  it("tells all of them and all sizes apart", () => {
    const names = [...FIXED.slice(2).map((change) => named({ ...A100, ...change })), ...GPU_SIZE_NAMES.flatMap((size) => [named({ size }), named({ size, priority: "Spot" })])];
    expect(new Set(names).size).toBe(names.length);
  });

  it("stays whatever else changes, so that nothing is replaced in vain", () => {
    fc.assert(
      fc.property(free, (change) => {
        expect(named({ ...A100, ...change })).toBe("gpu658f");
      }),
    );
  });

  it("does not depend on the order of zones or the case of an id", () => {
    const zones = fc.shuffledSubarray(["1", "2", "3"], { minLength: 1 });
    fc.assert(
      fc.property(zones, (some) => {
        expect(named({ ...A100, zones: some })).toBe(named({ ...A100, zones: [...some].sort() }));
      }),
    );
    const upper = RESERVATION.replace("resourceGroups/rg", "RESOURCEGROUPS/RG");
    expect(named({ ...A100, capacityReservationGroupId: upper })).toBe(named({ ...A100, capacityReservationGroupId: RESERVATION }));
  });

  it("keeps within Azure's twelve characters, and starts with the pool's own", () => {
    const names = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
    fc.assert(
      fc.property(names, fc.constantFrom(...GPU_SIZE_NAMES), (name, size) => {
        expect(planGpuPool(name, { size }).agentPoolName).toMatch(new RegExp(`^${name}[0-9a-f]{4}$`));
      }),
    );
  });
});
