import { blockParameters, embeddingParameters, linearsOf } from "../parameters";
import type { MemorySetup } from "./setup";
import { isTarget, type TrainableBytes } from "./trainable";
import { embeddingCopies, type WeightBytes } from "./weights";

/** DeepSpeed's `reduce_bucket_size`, in parameters: https://www.deepspeed.ai/docs/config-json/#zero-optimizations-for-fp16-training */
const DEEPSPEED_BUCKET = 5e8;

/** What is there besides weights, adapter, gradients, states and activations while a block is at work, in bytes. */
export function bufferBytes(setup: MemorySetup, weights: WeightBytes, trainable: TrainableBytes): number {
  return dequantised(setup) + weightNorms(setup) + autocastAdapter(setup, trainable) + gathered(setup, weights) + reduced(setup, trainable);
}

/** A quantised matrix in 16 bit, and the one before it that is not freed yet. */
function dequantised({ model, quantization }: MemorySetup): number {
  return quantization === "none" ? 0 : 2 * 2 * largest(model, () => true);
}

/** DoRA norms the whole adapted matrix: the weight, the product of the adapter's two, and their sum. Not measured by anybody yet. */
function weightNorms({ model, method, targets, trainableBytes }: MemorySetup): number {
  return method === "dora" ? 3 * trainableBytes * largest(model, (module) => isTarget(targets, module)) : 0;
}

function largest(model: MemorySetup["model"], of: (module: string) => boolean): number {
  return linearsOf(model).reduce((most, { module, inputs, outputs }) => (of(module) ? Math.max(most, inputs * outputs) : most), 0);
}

/** 16-bit copies of an fp32 adapter. */
function autocastAdapter({ method, trainableBytes }: MemorySetup, trainable: TrainableBytes): number {
  return method !== "full" && trainableBytes === 4 ? trainable.adapter / 2 : 0;
}

/**
 * Shards put together: FSDP has the block at work and the next, and one of frozen weights that is being freed; embedding and head are one unit
 * that stays. Trained blocks have their whole gradients until these are reduced, in fp32. ZeRO-3 gathers by parameter, two blocks' worth.
 */
function gathered(setup: MemorySetup, weights: WeightBytes): number {
  const { model, sharding, method } = setup;
  if (sharding !== "fsdp" && sharding !== "zero3") return 0;
  if (setup.gpus === 1 && setup.offload !== "parameters") return 0;
  const block = setup.quantization === "none" ? 2 * blockParameters(model) : weights.block;
  const embedding = 2 * embeddingParameters(model);
  if (sharding === "zero3") return 2 * block + embedding;
  const root = embeddingCopies(setup) * embedding;
  return method === "full" ? 2 * block + root + 4 * block + 3 * root : 3 * block + root;
}

/** Gradients on their way to the other GPUs: DDP's buckets hold all of them again, DeepSpeed's two buckets up to their size. */
function reduced({ sharding }: MemorySetup, trainable: TrainableBytes): number {
  if (sharding === "ddp") return trainable.gradients;
  if (sharding === "zero2" || sharding === "zero3") return 2 * 2 * Math.min(DEEPSPEED_BUCKET, trainable.parameters);
  return 0;
}
