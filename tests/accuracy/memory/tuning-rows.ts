import type { MemoryRecipe, MemoryShape } from "../../../components/plan/sizing/memory/setup";
import { estimateTuningMemory, type MemoryEstimate } from "../../../components/plan/sizing/tuning-memory";
import { modelOf } from "../models";
import { countIn, gpusCovered, meaningIn, needed, wordIn, yesIn } from "./cells";
import type { Configuration } from "./measured-file";
import { COMPONENTS, type CoveredPrediction, NotCovered } from "./prediction";

/** What the estimator says of a tuning run. Throws NotCovered where it cannot express it. */
export function predictTuning(row: Configuration): CoveredPrediction {
  const estimate = estimateTuningMemory(recipeOf(row), shapeOf(row));
  const { expectedGiB, reservedGiB, driverGiB, safeGiB } = estimate;
  const gpus = gpusCovered(row);
  return {
    covered: true,
    allocatedGiB: gpus * expectedGiB,
    reservedGiB: gpus * reservedGiB,
    driverGiB: gpus * driverGiB,
    safeGiB: gpus * safeGiB,
    ...componentOf(row, estimate, gpus),
  };
}

function componentOf(row: Configuration, { parts }: MemoryEstimate, gpus: number): { componentGiB?: number } {
  switch (COMPONENTS.find((each) => each === row["metric"])) {
    case "weights":
      return { componentGiB: gpus * parts.weights };
    case "activation":
      return { componentGiB: gpus * (parts.activations + parts.logits) };
    case "non-torch":
      return { componentGiB: gpus * parts.runtime };
    case "kv-available":
      throw new NotCovered("tuning has no cache of keys and values");
    case undefined:
      return {};
  }
}

function recipeOf(row: Configuration): MemoryRecipe {
  const method = needed("method", wordIn(row, "method", METHODS));
  const weightType = wordIn(row, "weight_dtype", FLOAT_TYPES);
  return {
    method,
    model: modelOf(row),
    sequenceLength: needed("sequence_length", countIn(row, "sequence_length")),
    lora: { rank: countIn(row, "lora_rank"), targets: meaningIn(row, "lora_targets", TARGETS) },
    quantization: meaningIn(row, "quantization", QUANTIZATIONS),
    // Beside a quantised base, fp32 is what k-bit preparation makes of the rest.
    ...(method === "qlora" && weightType === "fp32" ? { kbitPreparation: true } : { weightType }),
    trainableType: wordIn(row, "trainable_dtype", FLOAT_TYPES),
    precision: wordIn(row, "precision", ["pure-16bit", "mixed", "fp32"]),
    trainsEmbeddings: yesIn(row, "trains_embeddings"),
  };
}

function shapeOf(row: Configuration): MemoryShape {
  return {
    ...hostOf(row),
    microBatch: needed("micro_batch", countIn(row, "micro_batch")),
    gpusPerNode: countIn(row, "gpus") ?? 1,
    sharding: meaningIn(row, "sharding", SHARDING),
    optimizer: meaningIn(row, "optimizer", OPTIMIZERS),
    optimizerInBackward: yesIn(row, "optimizer_in_backward"),
    attention: wordIn(row, "attention", ["eager", "sdpa", "flash"]),
    lossKernel: wordIn(row, "loss_kernel", ["plain-fp32", "plain-16bit", "chunked", "fused"]),
    compiled: yesIn(row, "torch_compile"),
    variableLength: wordIn(row, "batch_shape", ["fixed", "packed", "variable", "unknown"]) === "variable",
  };
}

/** What is kept of activations and on the host: of activations, only checkpoints are. */
function hostOf(row: Configuration): Pick<MemoryShape, "checkpointing" | "offload"> {
  const checkpointing = wordIn(row, "gradient_checkpointing", ["none", "full", "offloaded"]);
  const offload = wordIn(row, "offload", ["none", "optimizer", "parameters", "activations"]);
  if (offload !== "activations") return { checkpointing, offload };
  if (checkpointing === "none") throw new NotCovered("activations on the host without checkpointing are not estimated");
  return { checkpointing: "offloaded", offload: "none" };
}

const METHODS = ["full", "lora", "qlora", "dora"] as const;
const FLOAT_TYPES = ["bf16", "fp16", "fp32"] as const;

const QUANTIZATIONS: Readonly<Record<string, MemoryRecipe["quantization"]>> = {
  none: "none",
  nf4: "nf4",
  "nf4-dq": "nf4-dq",
  int8: "int8",
  gptq4: "gptq4",
  fp8: "fp8",
  mxfp4: "mxfp4",
  // What tuning in 4 bits loads where nothing else is said.
  "4bit-unknown": "nf4",
};

const OPTIMIZERS: Readonly<Record<string, MemoryShape["optimizer"]>> = {
  adamw: "adamw",
  adam: "adamw",
  "adamw-fused": "adamw-fused",
  "adamw-8bit": "adamw-8bit",
  "adamw-4bit": "adamw-4bit",
  "paged-adamw": "paged-adamw",
  "paged-adamw-8bit": "paged-adamw-8bit",
  sgd: "sgd",
};

/** Splitting matrices leaves each GPU the same share as splitting layers does. */
const SHARDING: Readonly<Record<string, MemoryShape["sharding"]>> = {
  none: "none",
  ddp: "ddp",
  zero2: "zero2",
  zero3: "zero3",
  fsdp: "fsdp",
  "layer-split": "layers",
  pipeline: "layers",
  "tensor-parallel": "layers",
};

const ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj"];
const FEED_FORWARD = ["gate_proj", "up_proj", "down_proj"];
const TARGETS: Readonly<Record<string, "all-linear" | readonly string[]>> = {
  qv: ["q_proj", "v_proj"],
  qkv: ["q_proj", "k_proj", "v_proj"],
  qkvo: ATTENTION,
  mlp: FEED_FORWARD,
  "qvo+mlp": ["q_proj", "v_proj", "o_proj", ...FEED_FORWARD],
  "all-linear": "all-linear",
  "all-linear+head": [...ATTENTION, ...FEED_FORWARD, "lm_head"],
};
