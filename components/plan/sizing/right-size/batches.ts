import { GPU_SIZES, type GpuSize } from "../../catalogue/gpu-sizes";
import type { ResolvedRecipe } from "../../recipe";
import type { MemoryRecipe, Precision } from "../memory/setup";
import type { Shape } from "../shape";
import { estimateTuningMemory, type MemoryEstimate } from "../tuning-memory";
import type { Constraints, TrainerFeatures } from "./constraints";

/** GPUs that take part, and how they share the model. */
export type Ranks = Pick<Shape, "nodes" | "gpusPerNode" | "sharding">;

/** Rows per GPU and step, whether their activations are computed again, and what that needs of one GPU. */
export interface Batch extends Pick<Shape, "microBatch" | "checkpointing"> {
  readonly memory: MemoryEstimate;
}

/** The batches of some ranks, the largest first, with and without checkpointing; estimated when first asked for. */
export interface RankBatches {
  readonly all: () => { readonly none: readonly Batch[]; readonly full: readonly Batch[] };
  /** One row with checkpointing where there may be, which needs the least: whatever fits, it does. */
  readonly leanest: Batch;
}

/** Sizes ask for the same: what a card computes in and who takes part decides, not how much memory the card has. */
export type Batches = (size: GpuSize, ranks: Ranks) => RankBatches;

/** Larger steps are no more efficient. */
const LARGEST = 16;

/** The batches of one recipe, each estimated once. */
export function batchesOf(recipe: ResolvedRecipe, { trainer = {} }: Constraints): Batches {
  const inBf16: MemoryRecipe = { ...recipe, ...OF_PRECISION[trainer.precision ?? "as usual"] };
  const inFp16 = withoutBf16(inBf16, trainer);
  const known = new Map<string, RankBatches>();
  return (size, ranks) => {
    const computed = GPU_SIZES[size].bf16 ? inBf16 : inFp16;
    const gpus = ranks.nodes * ranks.gpusPerNode;
    const key = `${computed === inBf16 ? "bf16" : "fp16"} ${gpus} ${ranks.sharding}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const fresh = rankBatches(computed, recipe.globalBatch / gpus, { ...trainer, ...ranks });
    known.set(key, fresh);
    return fresh;
  };
}

function rankBatches(recipe: MemoryRecipe, rows: number, { checkpointing: only, ...shape }: TrainerFeatures & Ranks): RankBatches {
  const batch = (microBatch: number, checkpointing: Batch["checkpointing"]): Batch => ({
    microBatch,
    checkpointing,
    memory: estimateTuningMemory(recipe, { ...shape, microBatch, checkpointing }),
  });
  const leanest = batch(1, only ?? "full");
  let known: ReturnType<RankBatches["all"]> | undefined;
  const estimated = (sizes: readonly number[]) => ({
    none: only === "full" ? [] : sizes.map((each) => batch(each, "none")),
    full: only === "none" ? [] : sizes.map((each) => (each === 1 ? leanest : batch(each, "full"))),
  });
  return { all: () => (known ??= estimated(microBatches(rows))), leanest };
}

/** What the rows of a GPU divide by, so that no step is ragged. */
function microBatches(rows: number): number[] {
  return Array.from({ length: Math.min(rows, LARGEST) }, (_, index) => Math.min(rows, LARGEST) - index).filter((each) => rows % each === 0);
}

/** A card without bf16 trains in fp16, whose range is too small for weights that are trained: these are kept in fp32, as adapters are anyway. */
function withoutBf16(recipe: MemoryRecipe, { precision }: TrainerFeatures): MemoryRecipe {
  if (precision === "fp32" || (precision === undefined && recipe.method !== "full")) return recipe;
  return { ...recipe, trainableType: "fp32", precision: "mixed" };
}

const OF_PRECISION: Readonly<Record<Precision | "as usual", Pick<MemoryRecipe, "trainableType" | "weightType" | "precision">>> = {
  "as usual": {},
  "pure-16bit": { trainableType: "bf16", precision: "pure-16bit" },
  mixed: { trainableType: "fp32", precision: "mixed" },
  fp32: { trainableType: "fp32", weightType: "fp32", precision: "fp32" },
};
