import { type BaseModelName, dimensionsOf, type ModelDimensions } from "../../catalogue/base-models";
import type { LoraSettings, LoraTargets, Method } from "../../recipe";
import { modelProblems } from "../../base-model";
import { refuse } from "../../refuse";
import { wholeNumber } from "../../whole-number";
import { impliedQuantization, type Quantization } from "./quantization";

/** A floating-point type of weights. */
export type FloatType = "bf16" | "fp16" | "fp32";
/** How trained parameters are kept: all in 16 bit, in fp32 with 16-bit arithmetic, or all in fp32. */
export type Precision = "pure-16bit" | "mixed" | "fp32";
/** Optimizer and how it keeps its states. `adamw` is PyTorch's default on CUDA (foreach); `paged` states move to the host under pressure. */
export type OptimizerKind = "adamw" | "adamw-fused" | "adamw-8bit" | "adamw-4bit" | "paged-adamw" | "paged-adamw-8bit" | "sgd";
/**
 * What the loss keeps of the logits: all in fp32 (transformers' ForCausalLMLoss), all in 16 bit, a chunk at a time in fp32, or
 * nothing (Liger, Cut Cross-Entropy).
 */
export type LossKernel = "plain-fp32" | "plain-16bit" | "chunked" | "fused";
/** How attention is computed; `eager` stores the scores of every pair of tokens. */
export type AttentionKernel = "eager" | "sdpa" | "flash";
/** How GPUs share a run; `layers` spreads the blocks over them, one GPU at work at a time (`device_map`). */
export type Sharding = "none" | "ddp" | "zero2" | "zero3" | "fsdp" | "layers";
/** What is kept in host memory: the optimizer's states, or parameters, gradients and states. */
export type Offload = "none" | "optimizer" | "parameters";
/** Whether activations are kept, computed again block by block, or computed again from checkpoints that are kept in host memory. */
export type Checkpointing = "none" | "full" | "offloaded";

/** What a run computes, as far as memory depends on it. A `Recipe` is one. */
export interface MemoryRecipe {
  /** Base model, listed or by its dimensions. */
  readonly model: BaseModelName | ModelDimensions;
  /** How weights are tuned. */
  readonly method: Method;
  /** Longest row, in tokens. */
  readonly sequenceLength: number;
  /** The adapter. @default - rank 16 on all linear layers, dropout 0.05 */
  readonly lora?: Pick<LoraSettings, "rank" | "dropout" | "targets">;
  /** How the frozen linear layers are stored. @default "nf4-dq" for qlora, else "none" */
  readonly quantization?: Quantization;
  /** Type of the weights that are not quantised. @default "bf16" */
  readonly weightType?: FloatType;
  /** Type of what is trained: the adapter, or the master copy in full tuning. @default "fp32" for adapters, as PEFT casts them; else `weightType` */
  readonly trainableType?: FloatType;
  /** How trained parameters are kept. @default "mixed" where `trainableType` is fp32, else "pure-16bit" */
  readonly precision?: Precision;
  /** Whether the embedding and the output head are trained whole beside an adapter. @default false */
  readonly trainsEmbeddings?: boolean;
  /** Whether weights that are not quantised are raised to fp32 first (PEFT's `prepare_model_for_kbit_training`). @default false */
  readonly kbitPreparation?: boolean;
}

/** How a run is laid out, as far as memory depends on it. A `Shape` is one. */
export interface MemoryShape {
  /** Rows per GPU and step. @default 1 */
  readonly microBatch?: number;
  /** Whether activations are computed again in the backward pass. @default "full" */
  readonly checkpointing?: Checkpointing;
  /** Nodes of the run. @default 1 */
  readonly nodes?: number;
  /** GPUs used on each node. @default 1 */
  readonly gpusPerNode?: number;
  /** How GPUs share the run. @default "none" */
  readonly sharding?: Sharding;
  /** What is kept in host memory. @default "none" */
  readonly offload?: Offload;
  /** Optimizer. @default "adamw" */
  readonly optimizer?: OptimizerKind;
  /** Whether each parameter is updated as soon as its gradient is there. @default false */
  readonly optimizerInBackward?: boolean;
  /** How attention is computed. @default "sdpa" */
  readonly attention?: AttentionKernel;
  /** What the loss keeps of the logits. @default "plain-fp32" */
  readonly lossKernel?: LossKernel;
  /** Whether torch.compile fuses the element-wise operations. @default false */
  readonly compiled?: boolean;
  /** Whether norms and feed-forward activations are fused kernels (Liger, Unsloth, torch.compile). @default - with a fused loss or `compiled` */
  readonly fusedKernels?: boolean;
  /** Whether rows differ in length, which breaks up the allocator's blocks. @default false */
  readonly variableLength?: boolean;
}

/** Recipe and shape with every default filled in. */
export interface MemorySetup {
  readonly model: ModelDimensions;
  readonly method: Method;
  readonly sequenceLength: number;
  readonly rank: number;
  readonly dropout: boolean;
  readonly targets: LoraTargets;
  readonly quantization: Quantization;
  readonly weightBytes: number;
  readonly restBytes: number;
  readonly trainableBytes: number;
  readonly precision: Precision;
  readonly trainsEmbeddings: boolean;
  readonly microBatch: number;
  readonly checkpointing: Checkpointing;
  readonly gpus: number;
  readonly sharding: Sharding;
  readonly offload: Offload;
  readonly optimizer: OptimizerKind;
  readonly optimizerInBackward: boolean;
  readonly attention: AttentionKernel;
  readonly lossKernel: LossKernel;
  readonly compiled: boolean;
  readonly fusedKernels: boolean;
  readonly variableLength: boolean;
}

const BYTES: Readonly<Record<FloatType, number>> = { bf16: 2, fp16: 2, fp32: 4 };

/** Fills in the defaults, which are those of the library's own trainer. */
export function memorySetup(recipe: MemoryRecipe, shape: MemoryShape): MemorySetup {
  refuseImpossible(recipe, shape);
  const weightType = recipe.weightType ?? "bf16";
  const trainableType = recipe.trainableType ?? (recipe.method === "full" ? weightType : "fp32");
  const weightBytes = BYTES[weightType];
  return {
    model: typeof recipe.model === "string" ? dimensionsOf(recipe.model) : recipe.model,
    method: recipe.method,
    sequenceLength: recipe.sequenceLength,
    rank: recipe.lora?.rank ?? 16,
    dropout: (recipe.lora?.dropout ?? 0.05) > 0,
    targets: recipe.lora?.targets ?? "all-linear",
    quantization: recipe.quantization ?? impliedQuantization(recipe.method),
    weightBytes,
    restBytes: recipe.kbitPreparation ? 4 : weightBytes,
    trainableBytes: BYTES[trainableType],
    precision: recipe.precision ?? (trainableType === "fp32" ? "mixed" : "pure-16bit"),
    trainsEmbeddings: recipe.trainsEmbeddings ?? false,
    ...laidOut(shape),
  };
}

/** What no run has; a recipe's own rules are stricter and are checked where there is one. */
function refuseImpossible(recipe: MemoryRecipe, shape: MemoryShape): void {
  // Dimensions are taken as they are, so that many estimates of one model check it once.
  if (typeof recipe.model === "string") refuse("The recipe", modelProblems(recipe.model));
  const { nodes = 1, gpusPerNode = 1, microBatch = 1 } = shape;
  const { rank = 1 } = recipe.lora ?? {};
  if ([recipe.sequenceLength, microBatch, nodes, gpusPerNode, rank].every(isCount)) return;
  const counts = Object.entries({ sequenceLength: recipe.sequenceLength, microBatch, nodes, gpusPerNode, "lora.rank": rank });
  refuse("The estimate", counts.flatMap(([path, count]) => wholeNumber("AKSFT-SIZE-10", path, count, 1, MOST)));
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MOST;
}

/** Above any sequence, batch, rank or cluster. */
const MOST = 10_000_000;

function laidOut(shape: MemoryShape) {
  const gpus = (shape.nodes ?? 1) * (shape.gpusPerNode ?? 1);
  return {
    microBatch: shape.microBatch ?? 1,
    checkpointing: shape.checkpointing ?? "full",
    gpus,
    // Parameters come from the host block by block, as from other GPUs.
    sharding: shape.offload === "parameters" && (shape.sharding ?? "none") === "none" ? "zero3" : (shape.sharding ?? "none"),
    offload: shape.offload ?? "none",
    optimizer: shape.optimizer ?? "adamw",
    optimizerInBackward: shape.optimizerInBackward ?? false,
    attention: shape.attention ?? "sdpa",
    lossKernel: shape.lossKernel ?? "plain-fp32",
    compiled: shape.compiled ?? false,
    fusedKernels: shape.fusedKernels ?? (shape.compiled === true || shape.lossKernel === "fused"),
    variableLength: shape.variableLength ?? false,
  } as const;
}
