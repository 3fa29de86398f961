import * as fc from "fast-check";
import type { Constraints, GpuSize, Recipe } from "../../../../components";
import { GPU_PRICES, GPU_SIZE_NAMES, GPU_SIZES, type GpuSizeFacts } from "../../../../components/plan/catalogue/gpu-sizes";
import { priceOf } from "../../../../components/plan/prices";
import { type ResolvedRecipe, resolveRecipe } from "../../../../components/plan/recipe";
import { tuningGpu } from "../../../../components/plan/sizing/speed/gpu";
import { interconnectOf } from "../../../../components/plan/sizing/speed/interconnect";
import { estimateTuningMemory } from "../../../../components/plan/sizing/tuning-memory";
import { estimateTuningTime } from "../../../../components/plan/sizing/tuning-time";
import { attempt, choose, PRIORITIES, RECIPES } from "./choosing";

interface Try {
  readonly nodes: number;
  readonly gpusPerNode: number;
  readonly sharding: "none" | "ddp" | "fsdp";
  readonly microBatch: number;
  readonly checkpointing: "none" | "full";
}

/** Every layout of so many nodes, of one kind of sharding. */
function tries(recipe: ResolvedRecipe, { gpus }: GpuSizeFacts, nodes: number, shards: boolean): Try[] {
  const dividing = Array.from({ length: gpus }, (_, index) => gpus - index).find((used) => recipe.globalBatch % (used * nodes) === 0);
  if (dividing === undefined) return [];
  const ranks = dividing * nodes;
  if (ranks === 1 && shards) return [];
  const sharding = ranks === 1 ? "none" : shards ? "fsdp" : "ddp";
  const each = Array.from({ length: 16 }, (_, index) => index + 1).filter((rows) => (recipe.globalBatch / ranks) % rows === 0);
  return each.flatMap((microBatch) => (["none", "full"] as const).map((checkpointing) => ({ nodes, gpusPerNode: dividing, sharding, microBatch, checkpointing })));
}

function costOf(size: GpuSize, recipe: ResolvedRecipe, laid: Try, hourly: number): number {
  const { hours, startUpMinutes } = estimateTuningTime({
    ...{ model: recipe.model, method: recipe.method, sequenceLength: recipe.sequenceLength, packing: recipe.packing, ...laid, offload: "none" },
    ...{ accumulation: recipe.globalBatch / (laid.nodes * laid.gpusPerNode * laid.microBatch), gpu: tuningGpu(GPU_SIZES[size]) },
    ...{ interconnect: interconnectOf(size, laid.gpusPerNode), tokens: 1000 * recipe.epochs * recipe.sequenceLength },
  });
  return laid.nodes * hourly * (hours.expected + startUpMinutes.expected / 60);
}

/** Costs of all layouts that fit a size: copies where any of them fits, else shards. */
function costsOn(size: GpuSize, recipe: ResolvedRecipe, priority: "Regular" | "Spot", maxNodes: number): number[] {
  const facts: GpuSizeFacts = GPU_SIZES[size];
  const price = priceOf(size, priority, "eastus");
  if (price?.region !== GPU_PRICES.region) return [];
  const computed = facts.bf16 ? recipe : ({ ...recipe, trainableType: "fp32", precision: "mixed" } as const);
  const safe = (laid: Try) => estimateTuningMemory(computed, laid).safeGiB <= facts.memoryGiB;
  return Array.from({ length: facts.share === undefined ? maxNodes : 1 }, (_, index) => index + 1).flatMap((nodes) => {
    const copies = tries(recipe, facts, nodes, false).filter(safe);
    const fitting = copies.length > 0 ? copies : tries(recipe, facts, nodes, true).filter(safe);
    return fitting.map((laid) => costOf(size, recipe, laid, price.usdPerHour));
  });
}

describe("rightSize, for any recipe", () => {
  it("chooses the cheapest of all sizes and layouts, as trying each of them finds it", () => {
    fc.assert(
      fc.property(RECIPES, PRIORITIES, fc.integer({ min: 1, max: 3 }), (recipe, priority, maxNodes) => {
        const costs = GPU_SIZE_NAMES.flatMap((size) => costsOn(size, resolveRecipe(recipe), priority, maxNodes));
        const chosen = attempt(recipe, { priority, maxNodes });
        expect(chosen?.usd?.expected ?? Infinity).toBeCloseTo(Math.min(...costs), 9);
      }),
    );
  });

  it("never takes a layout above the GPU's memory, nor one that the batch does not divide by", () => {
    fc.assert(
      fc.property(RECIPES, PRIORITIES, fc.integer({ min: 1, max: 4 }), (recipe, priority, maxNodes) => {
        const choice = attempt(recipe, { priority, maxNodes });
        if (!choice) return;
        for (const { memory, shape } of [choice, ...choice.candidates]) {
          expect(memory.safeGiB).toBeLessThanOrEqual(GPU_SIZES[shape.size].memoryGiB);
          expect((recipe.globalBatch ?? 16) % (shape.microBatch * shape.nodes * shape.gpusPerNode)).toBe(0);
        }
      }),
    );
  });

  it("accounts for every size once: chosen, a candidate, fitting too, or refused", () => {
    fc.assert(
      fc.property(RECIPES, PRIORITIES, (recipe, priority) => {
        const choice = attempt(recipe, { priority });
        if (!choice) return;
        const named = [choice.shape.size, ...choice.candidates.map(({ size }) => size), ...choice.refused.map(({ size }) => size)];
        expect(new Set(named).size).toBe(named.length);
        const unnamed = GPU_SIZE_NAMES.filter((size) => !named.includes(size));
        expect(choice.candidates.length === 3 || unnamed.length === 0).toBe(true);
        for (const size of unnamed) expect(choose(recipe, { priority, sizes: [size] }).usd?.expected).toBeGreaterThanOrEqual(choice.usd?.expected ?? Infinity);
      }),
      { numRuns: 30 },
    );
  });

  it("lists candidates by what they cost", () => {
    fc.assert(
      fc.property(RECIPES, PRIORITIES, (recipe, priority) => {
        const choice = attempt(recipe, { priority });
        const costs = choice ? [choice, ...choice.candidates].map(({ usd }) => usd?.expected ?? Infinity) : [];
        expect(costs).toEqual([...costs].sort((a, b) => a - b));
      }),
    );
  });

  const LOOSER: readonly (readonly [string, Partial<Constraints>, Partial<Constraints>])[] = [
    ["maxNodes", { maxNodes: 1 }, { maxNodes: 4 }],
    ["maxGpus", { maxGpus: 2 }, { maxGpus: 8 }],
    ["families", { families: ["A10"] }, { families: ["A10", "A100"] }],
    ["maxHourlyUsd", { maxHourlyUsd: 4 }, { maxHourlyUsd: 20 }],
    ["maxTotalUsd", { maxTotalUsd: 3 }, {}],
    ["deadlineHours", { deadlineHours: 0.7 }, { deadlineHours: 5 }],
    ["engine", { engine: "job" }, {}],
    ["engine kaito", { engine: "kaito" }, {}],
  ];
  it.each(LOOSER)("is never dearer with a looser %s", (_name, tight, loose) => {
    fc.assert(
      fc.property(RECIPES, (recipe: Recipe) => {
        // Engines refuse other methods.
        fc.pre(tight.engine === undefined || recipe.method === "lora" || recipe.method === "qlora");
        const strict = attempt(recipe, tight)?.usd?.expected ?? Infinity;
        expect(attempt(recipe, loose)?.usd?.expected ?? Infinity).toBeLessThanOrEqual(strict);
      }),
    );
  });
});
