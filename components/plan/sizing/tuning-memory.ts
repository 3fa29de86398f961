import { headLength, type ModelDimensions } from "../catalogue/base-models";
import type { ResolvedRecipe } from "../recipe";
import { blockParameters, linearsOf, parameterCount } from "./parameters";

const GIB = 2 ** 30;

/** Peak memory of one GPU during a tuning run, by part, in GiB. */
export interface MemoryEstimate {
  /** By what it is used for, in GiB. */
  readonly parts: {
    /** Base weights. */
    readonly weights: number;
    /** Adapter weights. */
    readonly adapter: number;
    /** Gradients of the adapter. */
    readonly gradients: number;
    /** States of the optimizer. */
    readonly optimizer: number;
    /** Activations kept for the backward pass. */
    readonly activations: number;
    /** Logits and their gradient. */
    readonly logits: number;
    /** CUDA context and libraries. */
    readonly runtime: number;
    /** Fragmentation and what no formula sees. */
    readonly slack: number;
  };
  /** What torch is expected to allocate at its peak, plus the runtime. */
  readonly expectedGiB: number;
  /** What a size has to offer: the expected peak with room for fragmentation and for the error of this estimate. */
  readonly safeGiB: number;
}

/** How the run is laid out on the card, as far as memory depends on it. */
export interface MemoryShape {
  /** Rows of one forward pass. */
  readonly microBatch: number;
  /** Whether activations are computed again in the backward pass. */
  readonly checkpointing: "none" | "full";
}

/**
 * Peak memory of a LoRA or QLoRA run on one GPU.
 *
 * A first-principles estimate. Weights: 2 bytes each, NF4 with double quantisation 0.516 (QLoRA paper, section 3). Adapter in fp32 with
 * gradients and AdamW states: 4 + 4 + 8 bytes a parameter. Activations: Korthikanti et al., arXiv:2205.05198, counted per tensor for gated
 * MLPs. Logits: 16 bytes an element, as transformers' ForCausalLMLoss upcasts to fp32. Runtime: CUDA context and libraries.
 */
export function estimateTuningMemory(recipe: ResolvedRecipe, shape: MemoryShape): MemoryEstimate {
  const { model } = recipe;
  const tokens = shape.microBatch * recipe.sequenceLength;
  const adapterParameters = loraParameters(model, recipe.lora.rank);
  const weights = weightBytes(model, recipe.method === "qlora") / GIB;
  const adapter = (4 * adapterParameters) / GIB;
  const gradients = (4 * adapterParameters) / GIB;
  const optimizer = (8 * adapterParameters) / GIB;
  const activations = activationBytes(model, tokens, shape.checkpointing) / GIB;
  const logits = (16 * tokens * model.vocab_size) / GIB;
  const runtime = recipe.method === "qlora" ? 1.2 : 0.9;
  const working = adapter + gradients + optimizer + activations + logits;
  const slack = 0.15 * working + 0.05 * weights + 0.3;
  const expectedGiB = weights + working + runtime;
  return {
    parts: { weights, adapter, gradients, optimizer, activations, logits, runtime, slack },
    expectedGiB,
    safeGiB: expectedGiB + slack,
  };
}

/** Trainable parameters of LoRA at `rank` on every linear layer of the blocks. */
export function loraParameters(model: ModelDimensions, rank: number): number {
  const perBlock = linearsOf(model).reduce((sum, { inputs, outputs }) => sum + rank * (inputs + outputs), 0);
  return model.num_hidden_layers * perBlock;
}

function weightBytes(model: ModelDimensions, quantised: boolean): number {
  const linear = model.num_hidden_layers * blockParameters(model);
  const rest = parameterCount(model) - linear;
  return 2 * rest + linear * (quantised ? 0.516 : 2);
}

function activationBytes(model: ModelDimensions, tokens: number, checkpointing: MemoryShape["checkpointing"]): number {
  const query = headLength(model) * model.num_attention_heads;
  const keyValue = headLength(model) * model.num_key_value_heads;
  const perBlock = tokens * 2 * (5 * model.hidden_size + 2 * (query + 2 * keyValue) + 2 * query + 4 * model.intermediate_size);
  if (checkpointing === "none") return model.num_hidden_layers * perBlock;
  return model.num_hidden_layers * tokens * 2 * model.hidden_size + perBlock;
}
