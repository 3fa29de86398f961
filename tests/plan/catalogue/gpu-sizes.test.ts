import { GPU_CARDS, GPU_INSTANCE_PROFILES, type GpuCard } from "../../../components/plan/catalogue/gpu-cards";
import {
  GPU_PRICES,
  GPU_SIZE_NAMES,
  GPU_SIZES,
  type GpuSizeFacts,
  hourlyUsd,
  isGpuSize,
  priceSource,
} from "../../../components/plan/catalogue/gpu-sizes";
import { UNUSABLE_GPU_SIZES, unusableReason } from "../../../components/plan/catalogue/unusable-gpu-sizes";

const ROWS: (readonly [string, GpuSizeFacts])[] = GPU_SIZE_NAMES.map((name) => [name, GPU_SIZES[name]]);
const CARDS: (readonly [string, GpuCard])[] = Object.entries(GPU_CARDS);

describe("GPU cards", () => {
  it.each(CARDS)("%s offers less memory than its label, by a tenth where nobody read it", (_, { memoryGiB, nominalGB, memoryMeasured }) => {
    expect(memoryGiB).toBeLessThan(nominalGB);
    expect(memoryGiB).toBeGreaterThanOrEqual(0.89 * nominalGB);
    expect(memoryMeasured || memoryGiB === 0.9 * nominalGB).toBe(true);
  });

  it.each(CARDS)("%s computes in bf16 since Ampere", (_, { bf16, computeCapability }) => {
    expect(bf16).toBe(computeCapability >= 8);
  });

  it.each(CARDS.filter(([, { slices }]) => slices))("%s names its slices by a part of the memory on its label", (_, { slices, nominalGB }) => {
    for (const [profile, { memory }] of Object.entries(GPU_INSTANCE_PROFILES)) {
      const [, parts, gb] = /^(\d)g\.(\d+)gb$/.exec(slices?.[profile as keyof typeof GPU_INSTANCE_PROFILES] ?? "") ?? [];
      expect(profile).toBe(`MIG${parts ?? ""}g`);
      expect(Math.abs(Number(gb) - memory * nominalGB)).toBeLessThan(1);
    }
  });
});

describe("GPU sizes", () => {
  it("hold all that Azure has, the usable ones apart from the others", () => {
    expect([GPU_SIZE_NAMES.length, Object.keys(UNUSABLE_GPU_SIZES).length]).toEqual([23, 22]);
    expect(GPU_SIZE_NAMES.filter((name) => unusableReason(name) !== undefined)).toEqual([]);
  });

  it.each(ROWS)("%s says in its name how many vCPUs it has, and which card unless it is the oldest A100", (name, { vcpus, family }) => {
    expect(name).toMatch(new RegExp(`^Standard_N(?:C|CC|D|V)${vcpus}[a-z]+_${name === "Standard_ND96asr_v4" ? "" : `${family}_`}v[345]$`));
  });

  it.each(ROWS)("%s has whole GPUs or one part of one, memory for the host, and a spot price below its price", (_, facts) => {
    expect([1, 2, 4, 8]).toContain(facts.gpus);
    expect(facts.share === undefined || (facts.share < 1 && facts.gpus === 1 && !facts.kaito && !facts.slices)).toBe(true);
    expect(facts.ramGiB).toBeGreaterThan(facts.vcpus);
    expect(facts.usdPerHour).toBeGreaterThan(facts.spotUsdPerHour ?? 0);
    expect(facts.quotaFamily).toMatch(/^Standard N.* vCPUs$/);
  });

  it.each(ROWS)("%s has a region for each of its prices, a meter for its spot price, and a day of this year if any", (_, facts) => {
    expect(facts.priceRegion).toMatch(/^[a-z]+\d?$/);
    expect(facts.spotRegion !== undefined).toBe(facts.spotUsdPerHour !== undefined);
    expect(facts.spotMeter || facts.spotUsdPerHour === undefined).toBe(true);
    expect(facts.spotDate ?? "2026-01-01").toMatch(/^2026-\d\d-\d\d$/);
  });

  it.each(ROWS)("%s is partitioned where its card has slices, joined by InfiniBand if it has eight GPUs, and KAITO's from Ampere on", (_, facts) => {
    expect(facts.slices !== undefined).toBe(["A100", "H100", "H200"].includes(facts.family) && !facts.confidential);
    expect(facts.infiniBand).toBe(facts.gpus === 8);
    expect(facts.kaito && facts.computeCapability < 8).toBe(false);
    expect(facts.driver).toBe(facts.family === "A10" ? "GRID" : "CUDA");
  });

  it("cost the same per GPU within a series", () => {
    const costs = ROWS.filter(([name]) => name.startsWith("Standard_NC") && name.includes("A100")).map(([, { gpus, usdPerHour }]) => usdPerHour / gpus);
    expect(new Set(costs)).toEqual(new Set([3.673]));
  });

  it("are priced by priority, where a price is known, with its region and day", () => {
    expect(hourlyUsd("Standard_NC4as_T4_v3", "Regular")).toBe(0.526);
    expect(hourlyUsd("Standard_NC4as_T4_v3", "Spot")).toBe(0.062699);
    expect(hourlyUsd("Standard_NC40ads_H100_v5", "Spot")).toBeUndefined();
    expect(GPU_PRICES).toEqual({ region: "eastus", date: "2026-06-18", spot: "undated" });
    expect(priceSource("Standard_NV12ads_A10_v5", "Regular")).toEqual({ region: "eastus", date: "2026-06-18" });
    expect(priceSource("Standard_NV12ads_A10_v5", "Spot")).toEqual({ region: "centralus", date: "2026-11-18" });
    expect(priceSource("Standard_ND96isr_H200_v5", "Spot")).toEqual({ region: "eastus2", date: "undated" });
  });

  it("are told from other strings", () => {
    expect(isGpuSize("Standard_NC4as_T4_v3")).toBe(true);
    expect(["Standard_D4s_v5", "Standard_NC6s_v3", "toString", ""].filter(isGpuSize)).toEqual([]);
    expect(GPU_SIZE_NAMES).toEqual(Object.keys(GPU_SIZES));
  });
});

describe("GPU sizes that no pool can have", () => {
  it.each(Object.entries(UNUSABLE_GPU_SIZES))("%s says why, as the rest of a sentence", (name, { reason }) => {
    expect(reason).toMatch(/^(?:has|is|was) /);
    expect(unusableReason(name)).toBe(reason);
  });

  it.each([
    ["Standard_NV8as_v4", true],
    ["Standard_NG32adms_V620_v1", true],
    ["Standard_NV12ads_A10_v5", false],
    ["toString", false],
  ])("of %s knows a reason: %p", (name, known) => {
    expect(unusableReason(name) !== undefined).toBe(known);
  });
});
