import { GPU_SIZES, type GpuSizeFacts } from "../../catalogue/gpu-sizes";
import { computeShare, devicesOf, isSliced, type PoolDevices } from "../../gpu-pool/devices";
import type { ResolvedRecipe } from "../../recipe";
import type { MemoryRecipe, Precision } from "../memory/setup";
import type { Shape } from "../shape";
import { interconnectOf } from "../speed/interconnect";
import { tuningGpu } from "../speed/gpu";
import { estimateTuningMemory, type MemoryEstimate } from "../tuning-memory";
import { estimateTuningTime, type TuningTimeEstimate } from "../tuning-time";
import type { Constraints } from "./constraints";

/** A way to lay a run out on a pool that safely fits, and how long it takes. */
export interface Layout {
  readonly shape: Shape;
  readonly memory: MemoryEstimate;
  readonly time: TuningTimeEstimate;
}

/** GPUs that take part, and how they share the model. */
type Ranks = Pick<Shape, "nodes" | "gpusPerNode" | "sharding">;

const MICRO_BATCHES = [16, 8, 4, 2, 1] as const;

/** The memory of the same layout is asked for by several sizes. */
export type MemoryOf = (recipe: MemoryRecipe, shape: Ranks & Pick<Shape, "microBatch" | "checkpointing">) => MemoryEstimate;

/** Estimates of one recipe, each made once. */
export function memoryOf({ trainer }: Constraints): MemoryOf {
  const known = new Map<string, MemoryEstimate>();
  return (recipe, shape) => {
    const { nodes, gpusPerNode, sharding, microBatch, checkpointing } = shape;
    const key = `${recipe.trainableType} ${nodes * gpusPerNode} ${sharding} ${microBatch} ${checkpointing}`;
    const estimate = known.get(key) ?? estimateTuningMemory(recipe, { ...trainer, ...shape });
    known.set(key, estimate);
    return estimate;
  };
}

/** The quickest layout on every number of nodes, as far as it fits; shards only where copies do not fit, as they wait for each other more. */
export function layoutsOn(pool: PoolDevices, recipe: ResolvedRecipe, constraints: Constraints, memory: MemoryOf): Layout[] {
  const layouts: Layout[] = [];
  for (let nodes = 1; nodes <= mostNodes(pool, constraints); nodes++) {
    for (const ranks of ranksOn(pool, recipe, constraints, nodes)) {
      const best = quickest(pool, recipe, constraints, memory, ranks);
      if (best === undefined) continue;
      layouts.push(best);
      break;
    }
  }
  return layouts;
}

/** The layout that needs the least of one GPU, whether it fits or not; undefined where the batch divides by no number of GPUs. */
export function leanest(pool: PoolDevices, recipe: ResolvedRecipe, constraints: Constraints, memory: MemoryOf): MemoryEstimate | undefined {
  const needs: MemoryEstimate[] = [];
  for (let nodes = 1; nodes <= mostNodes(pool, constraints); nodes++) {
    for (const ranks of ranksOn(pool, recipe, constraints, nodes)) {
      needs.push(memory(memoryRecipe(recipe, pool, constraints), { ...ranks, microBatch: 1, checkpointing: "full" }));
    }
  }
  return needs.sort((a, b) => a.safeGiB - b.safeGiB)[0];
}

/** Slices and parts of a card reach no other. */
function mostNodes(pool: PoolDevices, { maxNodes = 1, maxGpus = Infinity }: Constraints): number {
  const facts: GpuSizeFacts = GPU_SIZES[pool.size];
  if (facts.share !== undefined || isSliced(pool)) return 1;
  return Math.max(1, Math.min(maxNodes, Math.floor(maxGpus / facts.gpus)));
}

/** All GPUs of a node are paid, so all are used, as far as the batch divides by them. */
function ranksOn(pool: PoolDevices, { globalBatch }: ResolvedRecipe, { engine }: Constraints, nodes: number): Ranks[] {
  const gpus = isSliced(pool) ? 1 : devicesOf(pool).gpusPerNode;
  let gpusPerNode = gpus;
  while (globalBatch % (gpusPerNode * nodes) !== 0 && gpusPerNode > 1) gpusPerNode -= 1;
  if (globalBatch % (gpusPerNode * nodes) !== 0) return [];
  if (gpusPerNode * nodes === 1) return [{ nodes, gpusPerNode, sharding: "none" }];
  const copies: Ranks = { nodes, gpusPerNode, sharding: "ddp" };
  return engine === "kaito" ? [copies] : [copies, { nodes, gpusPerNode, sharding: "fsdp" }];
}

/** Of the largest micro-batches that fit, with and without checkpointing, the quicker: it costs a third more compute, smaller steps are less efficient. */
function quickest(pool: PoolDevices, recipe: ResolvedRecipe, constraints: Constraints, memory: MemoryOf, ranks: Ranks): Layout | undefined {
  const { gpuMemoryGiB } = devicesOf(pool);
  const rows = recipe.globalBatch / (ranks.nodes * ranks.gpusPerNode);
  let best: Layout | undefined;
  for (const checkpointing of ["none", "full"] as const) {
    const microBatch = MICRO_BATCHES.find(
      (each) => rows % each === 0 && memory(memoryRecipe(recipe, pool, constraints), { ...ranks, microBatch: each, checkpointing }).safeGiB <= gpuMemoryGiB,
    );
    if (microBatch === undefined) continue;
    const shape: Shape = { size: pool.size, ...ranks, microBatch, checkpointing, optimizer: constraints.trainer?.optimizer ?? "adamw" };
    const time = timeOf(pool, recipe, constraints, shape);
    if (best && best.time.hours.expected <= time.hours.expected) continue;
    best = { shape, memory: memory(memoryRecipe(recipe, pool, constraints), { ...ranks, microBatch, checkpointing }), time };
  }
  return best;
}

/** A card without bf16 trains in fp16, whose range is too small for weights that are trained: these are kept in fp32. */
function memoryRecipe(recipe: ResolvedRecipe, { size }: PoolDevices, { trainer }: Constraints): MemoryRecipe {
  if (!GPU_SIZES[size].bf16 && trainer?.precision !== "fp32") return { ...recipe, trainableType: "fp32" };
  return { ...recipe, ...OF_PRECISION[trainer?.precision ?? "as usual"] };
}

const OF_PRECISION: Readonly<Record<Precision | "as usual", Pick<MemoryRecipe, "trainableType" | "weightType" | "precision">>> = {
  "as usual": {},
  "pure-16bit": { trainableType: "bf16", precision: "pure-16bit" },
  mixed: { trainableType: "fp32", precision: "mixed" },
  fp32: { trainableType: "fp32", weightType: "fp32", precision: "fp32" },
};

function timeOf(pool: PoolDevices, recipe: ResolvedRecipe, constraints: Constraints, shape: Shape): TuningTimeEstimate {
  const { model, method, sequenceLength, packing, epochs, globalBatch } = recipe;
  const { rows = DEFAULT_ROWS, tokensPerRow = sequenceLength } = constraints;
  return estimateTuningTime({
    model,
    method,
    sequenceLength,
    packing,
    ...shape,
    accumulation: globalBatch / (shape.microBatch * shape.nodes * shape.gpusPerNode),
    offload: "none",
    gpu: tuningGpu(GPU_SIZES[pool.size], computeShare(pool)),
    interconnect: interconnectOf(pool.size, shape.gpusPerNode),
    tokens: rows * epochs * tokensPerRow,
  });
}

/** Rows that hours and cost are given for where nobody says how many there are. */
export const DEFAULT_ROWS = 1000;
