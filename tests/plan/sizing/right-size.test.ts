import { RunError } from "@pulumi/pulumi/errors";
import * as fc from "fast-check";
import { type Constraints, GPU_SIZES, type GpuSize, type Method, type Recipe, rightSize, type RightSize } from "../../../components";
import { BASE_MODEL_NAMES } from "../../../components/plan/catalogue/base-models";
import { GPU_PRICES, GPU_SIZE_NAMES, type GpuSizeFacts, priceSource } from "../../../components/plan/catalogue/gpu-sizes";
import { messageOf } from "../../support/refusal";
import { TINY_RECIPE, TINY_SHAPE } from "../../support/tiny-recipe";

const QWEN: Recipe = { model: "Qwen2.5-7B-Instruct", method: "lora", sequenceLength: 2048 };
const choose = (recipe: Recipe, constraints: Partial<Constraints> = {}) => rightSize(recipe, { location: "eastus", ...constraints });

/** The choice, or undefined where nothing fits. */
function attempt(recipe: Recipe, constraints: Partial<Constraints>): RightSize | undefined {
  try {
    return choose(recipe, constraints);
  } catch (error) {
    if (RunError.isInstance(error)) return undefined;
    throw error;
  }
}

const recipes: fc.Arbitrary<Recipe> = fc.record({
  model: fc.constantFrom(...BASE_MODEL_NAMES),
  method: fc.constantFrom<Method>("lora", "qlora"),
  sequenceLength: fc.integer({ min: 64, max: 16384 }),
  globalBatch: fc.constantFrom(1, 3, 4, 8, 16, 64),
  lora: fc.record({ rank: fc.integer({ min: 1, max: 256 }) }),
});
const priorities = fc.constantFrom("Regular", "Spot");

describe("rightSize", () => {
  it("takes the smallest T4 for a tiny model, the whole batch at once", () => {
    const choice = choose(TINY_RECIPE, { priority: "Spot" });
    expect(choice.shape).toEqual(TINY_SHAPE);
    expect(choice.priority).toBe("Spot");
    expect(choice.quota).toEqual({ family: "Standard NCASv3_T4 Family vCPUs", vcpus: 4, spot: true });
    expect(choice.candidates.map(({ size }) => size)).toEqual(["Standard_NC8as_T4_v3", "Standard_NC24ads_A100_v4", "Standard_NC16as_T4_v3"]);
  });

  it("says in one sentence what was chosen, why, and what comes next", () => {
    expect(choose(TINY_RECIPE).reason).toBe(
      "Standard_NC4as_T4_v3 (1 × Tesla T4) is the cheapest run that fits: lora of tiny at 512 tokens × 16 needs 1.57 GiB of 14.8 GiB, " +
        "0.526 USD per hour pay-as-you-go (eastus, 2026-06-18); next is Standard_NC40ads_H100_v5",
    );
    expect(choose(TINY_RECIPE, { priority: "Spot", sizes: ["Standard_NV36ads_A10_v5"] }).reason).toBe(
      "Standard_NV36ads_A10_v5 (1 × A10) is the cheapest run that fits: lora of tiny at 512 tokens × 16 needs 1.57 GiB of 22.0 GiB, " +
        "0.8 USD per hour as spot (eastus, undated)",
    );
  });

  it("reckons hours from FLOPs and the card's peak, and cost from hours", () => {
    const { hours, usd } = choose(TINY_RECIPE, { rows: 1000 });
    const flops = 1000 * 3 * 512 * 1_832_640 * 4;
    expect(hours.low).toBeCloseTo(flops / (65e12 * 0.45) / 3600, 10);
    expect(hours.high).toBeCloseTo(flops / (65e12 * 0.2) / 3600, 10);
    expect(usd).toEqual({ low: hours.low * 0.526, high: hours.high * 0.526 });
    expect(choose(TINY_RECIPE, { rows: 2000 }).hours.high).toBeCloseTo(2 * hours.high, 10);
  });

  it("gives every size that was passed over its reason", () => {
    const refused = (constraints: Partial<Constraints>, size: GpuSize) =>
      choose(QWEN, constraints).refused.find((refusal) => refusal.size === size)?.why;
    expect(refused({ families: ["A100", "H100"] }, "Standard_NC4as_T4_v3")).toBe("family T4 is not among A100, H100");
    expect(refused({ sizes: ["Standard_NC24ads_A100_v4"] }, "Standard_NC40ads_H100_v5")).toBe("is not among Standard_NC24ads_A100_v4");
    expect(refused({}, "Standard_NC48ads_A100_v4")).toBe("has 2 GPUs, the run uses one");
    expect(refused({ priority: "Spot" }, "Standard_NC40ads_H100_v5")).toBe("no spot price is known");
    expect(refused({ priority: "Spot" }, "Standard_NV12ads_A10_v5")).toBe("its spot price is known in centralus only");
    expect(refused({}, "Standard_NC8ads_A10_v4")).toBe("its regular price is known in westus3 only");
    expect(refused({ maxHourlyUsd: 3.7 }, "Standard_NC40ads_H100_v5")).toBe("costs 6.98 USD per hour, above 3.7");
    expect(refused({}, "Standard_NC4as_T4_v3")).toMatch(/^needs \d+\.\d GiB at its smallest, the GPU has 14\.8 GiB$/);
  });

  it("accepts a size whose price is unknown when it is named, as that of a pool that exists", () => {
    const choice = choose(TINY_RECIPE, { priority: "Spot", sizes: ["Standard_NC40ads_H100_v5"] });
    expect(choice.shape.size).toBe("Standard_NC40ads_H100_v5");
    expect(choice.usd).toBeUndefined();
    expect(choice.reason).not.toContain("undefined");
  });

  it("takes a part of a card as one GPU, and prices one of another region when it is named", () => {
    const part = choose(TINY_RECIPE, { sizes: ["Standard_NV6ads_A10_v5"] });
    expect(part.shape).toMatchObject({ size: "Standard_NV6ads_A10_v5", gpusPerNode: 1, nodes: 1 });
    expect(part.memory.safeGiB).toBeLessThanOrEqual(3.6);
    expect(choose(TINY_RECIPE, { priority: "Spot", sizes: ["Standard_NV12ads_A10_v5"] }).reason).toContain(
      "0.167798 USD per hour as spot (centralus, 2026-11-18)",
    );
  });

  it("splits the global batch evenly, so that no step is ragged", () => {
    expect(choose({ ...TINY_RECIPE, globalBatch: 12 }).shape.microBatch).toBe(4);
    expect(choose({ ...TINY_RECIPE, globalBatch: 3 }).shape.microBatch).toBe(1);
  });

  it("refuses a faulty recipe before it judges sizes", () => {
    expect(messageOf(() => choose({ ...TINY_RECIPE, epochs: 0 }))).toBe(
      "The recipe cannot be deployed:\n- AKSFT-TUNE-05 epochs: got 0; must be above 0 (nothing would be trained); fix: use for example 3",
    );
  });

  it("gives every size's reason when none fits, and a way out", () => {
    const lines = messageOf(() => choose({ ...QWEN, model: "phi-4" }, { families: ["T4"] })).split("\n");
    expect(lines[0]).toBe("AKSFT-SIZE-01 recipe: no size fits lora of phi-4 at 2048 tokens:");
    expect(lines.slice(1, -1).map((each) => each.split(":")[0])).toEqual(GPU_SIZE_NAMES.map((size) => `- ${size}`));
    expect(lines.at(-1)).toMatch(/^fix: use qlora \(\d+\.\d GiB\) or half the sequence length \(\d+\.\d GiB\)$/);
  });

  it("never chooses a layout that does not safely fit, nor one that the batch does not divide by", () => {
    fc.assert(
      fc.property(recipes, priorities, (recipe, priority) => {
        const choice = attempt(recipe, { priority });
        if (!choice) return;
        for (const { size, memory, shape } of [{ size: choice.shape.size, ...choice }, ...choice.candidates]) {
          expect(memory.safeGiB).toBeLessThanOrEqual(GPU_SIZES[size].memoryGiB);
          expect((recipe.globalBatch ?? 16) % shape.microBatch).toBe(0);
        }
      }),
    );
  });

  it("chooses the cheapest run of all sizes that fit and whose price is of the catalogue's region", () => {
    fc.assert(
      fc.property(recipes, priorities, (recipe, priority) => {
        const here = GPU_SIZE_NAMES.filter((size) => priceSource(size, priority).region === GPU_PRICES.region);
        const costs = here.flatMap((size) => attempt(recipe, { priority, sizes: [size] })?.usd?.high ?? []);
        expect(attempt(recipe, { priority })?.usd?.high).toBe(costs.length === 0 ? undefined : Math.min(...costs));
      }),
    );
  });

  it("accounts for every size, as chosen, candidate or refused", () => {
    fc.assert(
      fc.property(recipes, priorities, (recipe, priority) => {
        const choice = attempt(recipe, { priority });
        if (!choice) return;
        const fitting = GPU_SIZE_NAMES.length - choice.refused.length;
        expect(choice.candidates).toHaveLength(Math.min(3, fitting - 1));
        const single = (size: GpuSize): boolean => (GPU_SIZES[size] satisfies GpuSizeFacts).gpus === 1;
        expect(single(choice.shape.size) && choice.candidates.every(({ size }) => single(size))).toBe(true);
      }),
    );
  });
});
