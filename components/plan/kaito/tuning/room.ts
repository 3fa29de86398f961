import { GPU_SIZES, type GpuSize, type GpuSizeFacts, isGpuSize } from "../../catalogue/gpu-sizes";
import { type Recipe, resolveRecipe } from "../../recipe";
import type { Problem } from "../../refuse";
import { gib } from "../../sizing/gib";
import { type RightSize, rightSizeOn } from "../../sizing/right-size";
import { estimateTuningMemory, type MemoryEstimate } from "../../sizing/tuning-memory";
import { oneOf } from "../../spelling";
import type { KaitoVersion } from "./preset";

/**
 * Sizes that KAITO would buy in vain: its webhook takes any name that starts with Standard_N, and never compares memory.
 * https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/workspace_validation.go
 */
export function kaitoSizeProblems(path: string, size: GpuSize, { version, facts }: KaitoVersion): Problem[] {
  const usable = usableSizes({ version, facts });
  if (!isGpuSize(size) || !facts.sizes.includes(size)) {
    const rule = `is not in the table of KAITO ${version}, which admits it and then fails on the paid node: ${facts.sizes.join(", ")}`;
    return [{ code: "AKSFT-KAITO-20", path, got: size, rule, fix: oneOf(size, usable) }];
  }
  const { gpus, computeCapability, gpuModel }: GpuSizeFacts = GPU_SIZES[size];
  const fix = `use one of ${usable.join(", ")}`;
  if (gpus > 1) {
    const rule = `has ${gpus} GPUs, and every one of KAITO's ${gpus} processes writes the adapter to the same place, which may be pushed half written`;
    return [{ code: "AKSFT-KAITO-21", path, got: size, rule, fix }];
  }
  if (computeCapability >= 8) return [];
  const rule = `has compute capability ${computeCapability.toFixed(1)} (${gpuModel}), and KAITO tunes in bfloat16, which needs 8.0`;
  return [{ code: "AKSFT-KAITO-22", path, got: size, rule, fix: `${fix}, or engine "job"` }];
}

/** Sizes of one GPU that can tune. */
function usableSizes({ facts }: KaitoVersion): readonly GpuSize[] {
  return facts.sizes.filter((size) => GPU_SIZES[size].gpus === 1 && GPU_SIZES[size].computeCapability >= 8);
}

/** What KAITO's program does to memory: qlora prepares its base and always computes activations again; see KaitoTrainerFacts for lora. */
function asKaitoRuns(recipe: Recipe, { facts }: KaitoVersion) {
  if (recipe.method === "qlora") return { recipe: { ...recipe, kbitPreparation: true }, checkpointing: "full" } as const;
  return { recipe, checkpointing: facts.trainer.checkpointsLora ? undefined : "none" } as const;
}

function smallest(recipe: Recipe, kaito: KaitoVersion): MemoryEstimate {
  const run = asKaitoRuns(recipe, kaito);
  return estimateTuningMemory(resolveRecipe(run.recipe), { microBatch: 1, checkpointing: run.checkpointing ?? "full" });
}

/** A GPU that cannot hold the run at its smallest, with the numbers and what can. KAITO has no such check for tuning. */
export function kaitoRoomProblems(path: string, recipe: Recipe, size: GpuSize, kaito: KaitoVersion): Problem[] {
  const { memoryGiB, gpuModel }: GpuSizeFacts = GPU_SIZES[size];
  const least = smallest(recipe, kaito);
  if (least.safeGiB <= memoryGiB) return [];
  const holding = (tried: Recipe) => usableSizes(kaito).filter((each) => smallest(tried, kaito).safeGiB <= GPU_SIZES[each].memoryGiB);
  const quantised: Recipe = { ...recipe, method: "qlora" };
  const sizes = holding(recipe);
  const ways = [
    ...(recipe.method === "lora" && holding(quantised).includes(size) ? ['method "qlora"'] : []),
    ...(sizes.length > 0 ? [sizes.length === 1 ? sizes.join("") : `one of ${sizes.join(", ")}`] : []),
  ];
  const needs = `${gib(least.safeGiB)} at its smallest (weights ${gib(least.parts.weights)})`;
  const rule = `${recipe.method} of ${resolveRecipe(recipe).model.name} needs ${needs}, one ${gpuModel} has ${gib(memoryGiB)}`;
  const fix = ways.length > 0 ? `use ${ways.join(" or ")}` : "use a smaller model or shorter rows: no size with 1 GPU that KAITO takes holds this run";
  return [{ code: "AKSFT-KAITO-23", path, got: size, rule, fix }];
}

/** The layout on one GPU of the size, with what it takes in time and money. */
export function kaitoLayout(recipe: Recipe, size: GpuSize, rows: number | undefined, kaito: KaitoVersion): RightSize {
  const run = asKaitoRuns(recipe, kaito);
  const trainer = run.checkpointing === undefined ? undefined : { checkpointing: run.checkpointing };
  return rightSizeOn({ size, priority: "Regular" }, run.recipe, rows, { engine: "kaito", trainer });
}
