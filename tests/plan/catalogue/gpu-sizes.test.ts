import { GPU_PRICES, GPU_SIZE_NAMES, GPU_SIZES, type GpuSizeFacts, hourlyUsd, isGpuSize } from "../../../components/plan/catalogue/gpu-sizes";

const ROWS: (readonly [string, GpuSizeFacts])[] = GPU_SIZE_NAMES.map((name) => [name, GPU_SIZES[name]]);
/** Memory on the label, which no process can use whole. */
const LABEL_GIB: Record<GpuSizeFacts["family"], number> = { T4: 16, A10: 24, A100: 80, H100: 94 };

describe("GPU sizes", () => {
  it.each(ROWS)("%s says in its name how many vCPUs and which card it has", (name, { vcpus, family }) => {
    expect(name).toMatch(new RegExp(`^Standard_N[CDV]${vcpus}[a-z]+_${family}_v[345]$`));
  });

  it.each(ROWS)("%s offers a little less memory than its label, and only families since Ampere compute in bf16", (_, facts) => {
    expect(facts.memoryGiB).toBeLessThan(LABEL_GIB[facts.family]);
    expect(facts.memoryGiB).toBeGreaterThan(0.8 * LABEL_GIB[facts.family]);
    expect(facts.bf16).toBe(facts.family !== "T4");
  });

  it.each(ROWS)("%s has whole GPUs, memory for the host, and a spot price below its price", (_, facts) => {
    expect([1, 2, 4, 8]).toContain(facts.gpus);
    expect(facts.ramGiB).toBeGreaterThan(facts.vcpus);
    expect(facts.usdPerHour).toBeGreaterThan(facts.spotUsdPerHour ?? 0);
    expect(facts.quotaFamily).toMatch(/^Standard N.* vCPUs$/);
  });

  it("cost at least as much with more GPUs of one family", () => {
    const costs = ROWS.filter(([name]) => name.startsWith("Standard_NC") && name.includes("A100")).map(([, { gpus, usdPerHour }]) => usdPerHour / gpus);
    expect(new Set(costs)).toEqual(new Set([3.673]));
  });

  it("are priced by priority, where a price is known", () => {
    expect(hourlyUsd("Standard_NC4as_T4_v3", "Regular")).toBe(0.526);
    expect(hourlyUsd("Standard_NC4as_T4_v3", "Spot")).toBe(0.062699);
    expect(hourlyUsd("Standard_NC40ads_H100_v5", "Spot")).toBeUndefined();
    expect(GPU_PRICES).toEqual({ region: "eastus", date: "2026-06-18", spot: "undated" });
  });

  it("are told from other strings", () => {
    expect(isGpuSize("Standard_NC4as_T4_v3")).toBe(true);
    expect(["Standard_D4s_v5", "toString", ""].filter(isGpuSize)).toEqual([]);
    expect(GPU_SIZE_NAMES).toEqual(Object.keys(GPU_SIZES));
  });
});
