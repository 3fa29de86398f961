import * as fc from "fast-check";
import { type GpuSize, type PoolRef, type Recipe, estimateTuningMemory } from "../../../components";
import { GPU_SIZE_NAMES, GPU_SIZES } from "../../../components/plan/catalogue/gpu-sizes";
import { resolveRecipe } from "../../../components/plan/recipe";
import { TINY } from "../../support/tiny-recipe";
import { optional, recentVersions, workloadNames } from "./common";

export interface RunGiven {
  readonly recipe: Recipe;
  readonly size: GpuSize;
  readonly priority: PoolRef["priority"];
  readonly kubernetesVersion: PoolRef["kubernetesVersion"];
  readonly osSku: string;
  readonly rows?: number;
  readonly maximumPaidHours?: number;
  /** What pods are to prefer and request on the pool. */
  readonly partition?: Pick<PoolRef, "preference" | "gpusPerNode" | "gpuResource" | "gpuMemoryGiB">;
  /** Another claim than the team's. */
  readonly checkpointsClaim?: string;
}

export const partitions = fc.constantFrom<NonNullable<RunGiven["partition"]>>(
  {},
  { preference: [{ key: "kubernetes.azure.com/scalesetpriority", values: ["spot"], weight: 100 }] },
  { gpuResource: "nvidia.com/gpu" },
);

/** Sizes with one GPU: a run uses one. */
const singles = GPU_SIZE_NAMES.filter((size) => GPU_SIZES[size].gpus === 1);

const lora = fc.record(
  {
    rank: fc.integer({ min: 1, max: 128 }),
    alpha: fc.integer({ min: 1, max: 256 }),
    dropout: fc.double({ min: 0, max: 0.99, noNaN: true }),
    targets: fc.oneof(fc.constant("all-linear" as const), fc.subarray(["q_proj", "k_proj", "v_proj", "o_proj"], { minLength: 1 })),
    rankStabilized: fc.boolean(),
  },
  { requiredKeys: [] },
);

export const recipes = fc.record<Recipe, "model" | "method" | "sequenceLength">(
  {
    model: fc.constantFrom<Recipe["model"][]>(TINY, "Qwen2.5-0.5B-Instruct", "Qwen2.5-7B-Instruct", "Mistral-7B-Instruct-v0.3"),
    method: fc.constantFrom("lora", "qlora"),
    sequenceLength: fc.integer({ min: 8, max: 1024 }),
    revision: fc.stringMatching(/^[0-9a-f]{40}$/),
    globalBatch: fc.integer({ min: 1, max: 256 }),
    epochs: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0.1, max: 5, noNaN: true })),
    learningRate: fc.double({ min: 1e-6, max: 0.1, noNaN: true }),
    lora,
    loss: fc.constantFrom("assistant", "last-turn", "all"),
    packing: fc.boolean(),
    seed: fc.nat(),
  },
  { requiredKeys: ["model", "method", "sequenceLength"] },
);

/** Runs on a card that holds them at their smallest. */
export const runGiven = fc.record({
  name: workloadNames,
  args: fc
    .record<RunGiven, "recipe" | "size" | "priority" | "kubernetesVersion" | "osSku">(
      {
        recipe: recipes,
        size: fc.constantFrom(...singles),
        priority: fc.constantFrom("Regular", "Spot"),
        kubernetesVersion: recentVersions,
        osSku: fc.constant("Ubuntu2404"),
        rows: optional(fc.integer({ min: 1, max: 100_000 })),
        maximumPaidHours: fc.oneof(fc.double({ min: 0.1, max: 720, noNaN: true }), fc.constant(720)),
        partition: partitions,
      },
      { requiredKeys: ["recipe", "size", "priority", "kubernetesVersion", "osSku"] },
    )
    .filter(({ recipe, size }) => estimateTuningMemory(resolveRecipe(recipe), { microBatch: 1, checkpointing: "full" }).safeGiB <= GPU_SIZES[size].memoryGiB),
});
