import { GPU_PRICES, GPU_SIZES, type GpuSizeFacts } from "../catalogue/gpu-sizes";
import { devicesOf, isSliced, type PoolDevices } from "../gpu-pool/devices";
import { type Recipe, type ResolvedRecipe, resolveRecipe } from "../recipe";
import { type Problem, problemsOf } from "../refuse";
import { rightSize, type RightSize } from "../sizing/right-size";
import type { Priority } from "../sizing/shape";
import { estimateTuningMemory, type MemoryEstimate } from "../sizing/tuning-memory";

type RunPool = PoolDevices & { readonly priority: Priority };

/** What the image of images/trainer does: LoRA on a base in 16 bit, and on one in NF4 with double quantisation. */
const TRAINER_METHODS: readonly string[] = ["lora", "qlora"];

/** What can be sized but not tuned by the trainer. */
export function trainerProblems({ method, quantization, kbitPreparation }: Recipe): Problem[] {
  const code = "AKSFT-TUNE-26";
  const problems: Problem[] = [];
  if (method === "dora" || method === "full") {
    const rule = `is sized, but not tuned by this trainer, which does ${TRAINER_METHODS.join(" and ")}`;
    problems.push({ code, path: "method", got: method, rule, fix: 'use method "lora"' });
  }
  if (method === "qlora" && quantization !== undefined && quantization !== "nf4-dq" && quantization !== "none") {
    const rule = "is sized, but not tuned by this trainer, whose base is NF4 with double quantisation";
    problems.push({ code, path: "quantization", got: quantization, rule, fix: 'leave it out, or use "nf4-dq"' });
  }
  if (kbitPreparation === true) {
    const rule = "is sized, but not done by this trainer, which leaves norms, embedding and head in 16 bit";
    problems.push({ code, path: "kbitPreparation", got: true, rule, fix: "leave it out" });
  }
  return problems;
}

/** A pool that cannot hold the run at its smallest, with the numbers and a size that can. */
export function roomProblems(recipe: Recipe, pool: RunPool): Problem[] {
  const { size } = pool;
  const facts: GpuSizeFacts = GPU_SIZES[size];
  const { gpusPerNode, gpuMemoryGiB, gpuResource } = devicesOf(pool);
  // Slices are there to be shared: other pods get the others.
  if (gpusPerNode > 1 && !isSliced(pool)) {
    const rule = `has ${gpusPerNode} GPUs, the run uses one and the others would be paid idle`;
    return [{ code: "AKSFT-SIZE-03", path: "pool.size", got: size, rule, fix: "use a size with 1 GPU" }];
  }
  const least = smallest(recipe);
  if (least.safeGiB <= gpuMemoryGiB) return [];
  const one = isSliced(pool) ? `one slice (${gpuResource}) of the ${facts.gpuModel}` : `one ${facts.gpuModel}`;
  const { model } = resolveRecipe(recipe);
  return [
    {
      code: "AKSFT-SIZE-02",
      path: "pool.size",
      got: size,
      rule: `${recipe.method} of ${model.name} needs ${least.safeGiB.toFixed(1)} GiB at its smallest (weights ${least.parts.weights.toFixed(1)}), ${one} has ${Number(gpuMemoryGiB.toFixed(2))} GiB`,
      fix: roomier(recipe, pool),
    },
  ];
}

/** What can be changed: the method where that is enough, and the size. */
function roomier(recipe: Recipe, pool: RunPool): string {
  const quantised = recipe.method === "lora" && smallest({ ...recipe, method: "qlora" }).safeGiB <= devicesOf(pool).gpuMemoryGiB;
  let size: RightSize | undefined;
  problemsOf(() => (size = rightSize(recipe, { location: GPU_PRICES.region, priority: pool.priority, engine: "job" })));
  const ways = [...(quantised ? ['method "qlora"'] : []), ...(size ? [`size ${size.shape.size}`] : [])];
  return ways.length > 0 ? `use ${ways.join(" or ")}` : "use a smaller model or shorter rows: no size with one GPU holds this run";
}

function smallest(recipe: Recipe): MemoryEstimate {
  return estimateTuningMemory(resolveRecipe(recipe), { microBatch: 1, checkpointing: "full" });
}

/** A layout that was found for something else. */
export function sizingProblems(recipe: ResolvedRecipe, pool: RunPool, { shape }: RightSize): Problem[] {
  const [code, path] = ["AKSFT-SIZE-09", "sizing"] as const;
  const fix = "size the recipe of this run for the size of this pool, or leave it out";
  if (shape.size !== pool.size) return [{ code, path, got: shape.size, rule: `was found for another size than the pool's ${pool.size}`, fix }];
  const gpus = shape.nodes * shape.gpusPerNode;
  if (gpus > 1) return [{ code, path, got: gpus, rule: `has ${gpus} GPUs, and the trainer is 1 process on 1 GPU`, fix: 'size it with engine "job"' }];
  if (recipe.globalBatch % shape.microBatch !== 0) {
    return [{ code, path, got: shape.microBatch, rule: `has a micro-batch that does not divide the ${recipe.globalBatch} rows of a step`, fix }];
  }
  const { safeGiB } = estimateTuningMemory(recipe, shape);
  const { gpuMemoryGiB } = devicesOf(pool);
  if (safeGiB <= gpuMemoryGiB) return [];
  const rule = `has a layout that needs ${safeGiB.toFixed(1)} GiB, and the GPU has ${Number(gpuMemoryGiB.toFixed(2))}`;
  return [{ code, path, got: shape, rule, fix }];
}
