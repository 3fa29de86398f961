import { estimateTuningMemory, type ModelDimensions, type MemoryRecipe, type MemoryShape } from "../../components";
import { type Configuration, numberIn } from "./measured-file";
import { modelOf } from "./models";
import { notCovered, type Prediction } from "./prediction";

/** What the estimator says of a tuning run, from its configuration alone. */
export function predictTuning(row: Configuration): Prediction {
  const method = oneOf(row, "method", ["full", "lora", "qlora", "dora"]);
  if (!method) return notCovered(`method ${row["method"] ?? ""} is not estimated`);
  const model = modelOf(row);
  if (!model) return notCovered(`the dimensions of ${row["model"] ?? "the model"} are not known`);
  const sequenceLength = numberIn(row["sequence_length"]);
  const microBatch = numberIn(row["micro_batch"]);
  if (!sequenceLength || !microBatch) return notCovered("sequence_length or micro_batch is empty");
  const gpus = numberIn(row["gpus"]) ?? 1;
  const { expectedGiB, reservedGiB, driverGiB, safeGiB } = estimateTuningMemory(recipeOf(row, method, model, sequenceLength), {
    ...shapeOf(row),
    microBatch,
    gpusPerNode: gpus,
  });
  const counted = row["scope"] === "sum-of-gpus" ? gpus : 1;
  return {
    covered: true,
    allocatedGiB: counted * expectedGiB,
    reservedGiB: counted * reservedGiB,
    driverGiB: counted * driverGiB,
    safeGiB: counted * safeGiB,
  };
}

function recipeOf(row: Configuration, method: MemoryRecipe["method"], model: ModelDimensions, sequenceLength: number): MemoryRecipe {
  const weightType = oneOf(row, "weight_dtype", ["bf16", "fp16", "fp32"]);
  return {
    model,
    method,
    sequenceLength,
    lora: { rank: numberIn(row["lora_rank"]), targets: TARGETS[row["lora_targets"] ?? ""] },
    quantization: quantizationOf(row),
    // Beside a quantised base, fp32 is what k-bit preparation makes of the rest.
    ...(method === "qlora" && weightType === "fp32" ? { kbitPreparation: true } : { weightType }),
    trainableType: oneOf(row, "trainable_dtype", ["bf16", "fp16", "fp32"]),
    precision: oneOf(row, "precision", ["pure-16bit", "mixed", "fp32"]),
    trainsEmbeddings: row["trains_embeddings"] === "yes",
  };
}

function quantizationOf(row: Configuration): MemoryRecipe["quantization"] {
  if (row["quantization"] === "4bit-unknown") return "nf4";
  return oneOf(row, "quantization", ["none", "nf4", "nf4-dq", "int8", "gptq4", "fp8", "mxfp4"]);
}

function shapeOf(row: Configuration): MemoryShape {
  return {
    checkpointing: oneOf(row, "gradient_checkpointing", ["none", "full", "offloaded"]),
    sharding: SHARDING[row["sharding"] ?? ""],
    offload: oneOf(row, "offload", ["none", "optimizer", "parameters"]),
    optimizer: row["optimizer"] === "adam" ? "adamw" : oneOf(row, "optimizer", OPTIMIZERS),
    optimizerInBackward: row["optimizer_in_backward"] === "yes",
    attention: oneOf(row, "attention", ["eager", "sdpa", "flash"]),
    lossKernel: oneOf(row, "loss_kernel", ["plain-fp32", "plain-16bit", "chunked", "fused"]),
    compiled: row["torch_compile"] === "yes",
    variableLength: row["batch_shape"] === "variable",
  };
}

/** The cell where it is one of the known words; an empty one leaves the estimator's default. */
function oneOf<Word extends string>(row: Configuration, column: string, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === row[column]);
}

const OPTIMIZERS = ["adamw", "adamw-fused", "adamw-8bit", "adamw-4bit", "paged-adamw", "paged-adamw-8bit", "sgd"] as const;

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
