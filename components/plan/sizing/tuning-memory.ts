import { GIB } from "./gib";
import { backwardTransient, blockActivations, checkpointBytes, logitBytes } from "./memory/activations";
import { bufferBytes } from "./memory/buffers";
import {
  COMMUNICATION_GIB,
  CONTEXT_GIB,
  FRAGMENTATION,
  FRAGMENTATION_OF_LOADING,
  FRAGMENTATION_OF_VARIABLE_LENGTHS,
  ROUNDING_GIB,
  SAFETY,
} from "./memory/constants";
import { type MemoryRecipe, type MemorySetup, memorySetup, type MemoryShape } from "./memory/setup";
import { trainableBytes } from "./memory/trainable";
import { weightBytes } from "./memory/weights";

/** Memory of one GPU by what it is used for at the peak, in GiB. */
export interface MemoryParts {
  /** Base weights, and casts of them. */
  readonly weights: number;
  /** Adapter, and copies of embedding and head that are trained whole. */
  readonly adapter: number;
  /** Gradients of what is trained. */
  readonly gradients: number;
  /** States and master weights of the optimizer, and what its step takes where that is the peak. */
  readonly optimizer: number;
  /** Activations kept for the backward pass, and gradients in flight. */
  readonly activations: number;
  /** Logits, their copies and gradients; 0 where the peak is elsewhere. */
  readonly logits: number;
  /** Dequantised matrices, gathered shards, buckets, and casts of the adapter. */
  readonly buffers: number;
  /** CUDA context, libraries and communication. */
  readonly runtime: number;
  /** What torch's allocator holds without using it. */
  readonly slack: number;
}

/** Peak memory of one GPU during a tuning run, in GiB. */
export interface MemoryEstimate {
  /** By what it is used for at the peak. */
  readonly parts: MemoryParts;
  /** When the peak is: at the loss, in the backward pass of a block, or in the optimizer's step. */
  readonly peak: "loss" | "backward" | "step";
  /** What tensors take (`torch.cuda.max_memory_allocated`): all parts but runtime and slack. */
  readonly expectedGiB: number;
  /** What torch holds (`torch.cuda.max_memory_reserved`): slack included. */
  readonly reservedGiB: number;
  /** What nvidia-smi shows: all parts. */
  readonly driverGiB: number;
  /** What a GPU has to offer: what nvidia-smi would show, and a fifth for the error of this estimate. */
  readonly safeGiB: number;
}

/**
 * Peak memory of a tuning run, per GPU, from first principles: bytes are counted tensor by tensor, what cannot be counted is one of the
 * constants of `memory/constants.ts`. `npm run accuracy` compares it with published measurements.
 *
 * A `Recipe` and a `Shape` can be given as they are; what they leave out is as in the library's own trainer: NF4 with double quantisation, adapters
 * in fp32, scaled-dot-product attention, the loss in fp32. Accumulation changes nothing: gradients are there throughout.
 */
export function estimateTuningMemory(recipe: MemoryRecipe, shape: MemoryShape = {}): MemoryEstimate {
  return peakOf(memorySetup(recipe, shape));
}

function peakOf(setup: MemorySetup): MemoryEstimate {
  const resident = residentBytes(setup);
  const { gradients, base } = resident;
  const activations = setup.checkpointing === "none" ? setup.model.num_hidden_layers * blockActivations(setup) : 0;
  const checkpoints = setup.checkpointing === "full" ? checkpointBytes(setup) : 0;
  const backward = backwardTransient(setup) + (setup.checkpointing === "none" ? 0 : blockActivations(setup));
  const logits = logitBytes(setup);
  const forward = gradients + resident.buffers + activations + checkpoints + Math.max(logits, backward);
  if (gradients + resident.step > forward) {
    return estimate(setup, "step", { ...base, optimizer: base.optimizer + resident.step, gradients, activations: 0, logits: 0, buffers: 0 });
  }
  const kept = activations + checkpoints;
  return logits > backward
    ? estimate(setup, "loss", { ...base, gradients, activations: kept, logits, buffers: resident.buffers })
    : estimate(setup, "backward", { ...base, gradients, activations: kept + backward, logits: 0, buffers: resident.buffers });
}

/** What is there all the time or at the step, on one GPU, after sharding and offloading, in bytes. */
function residentBytes(setup: MemorySetup) {
  const weights = weightBytes(setup);
  const trainable = trainableBytes(setup);
  const share = sharesOf(setup);
  const whole = setup.model.num_hidden_layers * weights.block + weights.rest + weights.casts;
  return {
    base: { weights: whole * share.weights, adapter: trainable.adapter * share.weights, optimizer: trainable.states * share.states },
    gradients: trainable.gradients * (setup.optimizerInBackward ? 1 : share.gradients),
    step: trainable.step * share.states,
    buffers: bufferBytes(setup, weights, trainable),
  };
}

/** Parts of weights, gradients and states that one GPU has: ZeRO's stages (arXiv:1910.02054), FSDP's full shard is the third. */
function sharesOf({ sharding, offload, gpus }: MemorySetup) {
  if (offload === "parameters") return { weights: 0, gradients: 0, states: 0 };
  const part = 1 / gpus;
  const all = sharding === "zero3" || sharding === "fsdp" || sharding === "layers";
  const states = all || sharding === "zero2" ? part : 1;
  return { weights: all ? part : 1, gradients: states, states: offload === "optimizer" ? 0 : states };
}

type Tensors = Omit<MemoryParts, "runtime" | "slack">;

function estimate(setup: MemorySetup, peak: MemoryEstimate["peak"], tensors: Tensors): MemoryEstimate {
  const { weights, adapter, gradients, optimizer, activations, logits, buffers } = tensors;
  const expected = weights + adapter + gradients + optimizer + activations + logits + buffers;
  const fragmentation = setup.variableLength ? FRAGMENTATION_OF_VARIABLE_LENGTHS : FRAGMENTATION;
  const slack = Math.max(fragmentation * (expected - weights), FRAGMENTATION_OF_LOADING * weights) / GIB + ROUNDING_GIB;
  const runtime = CONTEXT_GIB + (isAlone(setup) ? 0 : COMMUNICATION_GIB);
  const driverGiB = expected / GIB + slack + runtime;
  return {
    parts: {
      weights: weights / GIB,
      adapter: adapter / GIB,
      gradients: gradients / GIB,
      optimizer: optimizer / GIB,
      activations: activations / GIB,
      logits: logits / GIB,
      buffers: buffers / GIB,
      runtime,
      slack,
    },
    peak,
    expectedGiB: expected / GIB,
    reservedGiB: expected / GIB + slack,
    driverGiB,
    safeGiB: SAFETY * driverGiB,
  };
}

/** One process without an engine for several. */
function isAlone({ gpus, sharding }: MemorySetup): boolean {
  return sharding === "layers" || (gpus === 1 && (sharding === "none" || sharding === "ddp"));
}
