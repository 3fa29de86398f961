import { RunError } from "@pulumi/pulumi/errors";
import * as fc from "fast-check";
import { type Constraints, type GpuSize, type Recipe, rightSize, type RightSize } from "../../../../components";
import { BASE_MODEL_NAMES } from "../../../../components/plan/catalogue/base-models";
import { METHODS } from "../../../../components/plan/recipe";

export const QWEN: Recipe = { model: "Qwen2.5-7B-Instruct", method: "lora", sequenceLength: 2048 };
export const LLAMA_70B: Recipe = { model: "Llama-3.3-70B-Instruct", method: "lora", sequenceLength: 4096 };

export function choose(recipe: Recipe, constraints: Partial<Constraints> = {}): RightSize {
  return rightSize(recipe, { location: "eastus", ...constraints });
}

/** The choice, or undefined where nothing fits. */
export function attempt(recipe: Recipe, constraints: Partial<Constraints>): RightSize | undefined {
  try {
    return choose(recipe, constraints);
  } catch (error) {
    if (RunError.isInstance(error) && error.message.includes("AKSFT-SIZE-01")) return undefined;
    throw error;
  }
}

/** Why a size was passed over. */
export function refusedFor(size: GpuSize, recipe: Recipe, constraints: Partial<Constraints> = {}): string | undefined {
  return choose(recipe, constraints).refused.find((each) => each.size === size)?.why;
}

export const RECIPES: fc.Arbitrary<Recipe> = fc.record({
  model: fc.constantFrom(...BASE_MODEL_NAMES),
  method: fc.constantFrom(...METHODS),
  sequenceLength: fc.integer({ min: 64, max: 2048 }),
  globalBatch: fc.constantFrom(1, 3, 4, 6, 8, 12, 16, 64),
  lora: fc.record({ rank: fc.integer({ min: 1, max: 256 }) }),
  packing: fc.boolean(),
});
export const PRIORITIES = fc.constantFrom("Regular", "Spot");
