import { expertsPerToken, feedForwardWidth, keyWidth, linearsOf, queryWidth } from "../parameters";
import { ATTENTION_COPIES, QUANTISED_INPUT_COPIES } from "./constants";
import type { LossKernel, MemorySetup } from "./setup";
import { isTarget } from "./trainable";

/**
 * What one block keeps for its backward pass, in bytes, counted tensor by tensor as transformers' and litgpt's blocks run in eager PyTorch
 * (after Korthikanti et al., arXiv:2205.05198, who count a block with a GELU of four times the width).
 */
export function blockActivations(setup: MemorySetup): number {
  const { model, microBatch, sequenceLength, attention } = setup;
  const tokens = microBatch * sequenceLength;
  const scores = attention === "eager" ? microBatch * model.num_attention_heads * sequenceLength ** 2 * (2 * activationBytes(setup) + 4) : 0;
  const perToken = norms(setup) + attentionStates(setup) + feedForward(setup) + adapterInputs(setup) + quantisedInputs(setup);
  return tokens * perToken + scores;
}

/** Gradients in flight through one block, in bytes; fused kernels write those of gate and up over their values. */
export function backwardTransient(setup: MemorySetup): number {
  const { model, microBatch, sequenceLength, fusedKernels } = setup;
  const widths = (fusedKernels ? 1 : 2) * feedForwardWidth(model) * expertsPerToken(model) + 2 * model.hidden_size;
  return activationBytes(setup) * widths * microBatch * sequenceLength;
}

/** The input of every block, which is all that checkpointing keeps, in bytes. */
export function checkpointBytes(setup: MemorySetup): number {
  const { model, microBatch, sequenceLength } = setup;
  const onGpu = setup.sharding === "layers" ? setup.gpus : 1;
  return (model.num_hidden_layers * microBatch * sequenceLength * model.hidden_size * residualBytes(setup)) / onGpu;
}

/** Arithmetic is in 16 bit, unless all of it is in fp32. */
function activationBytes({ precision }: MemorySetup): number {
  return precision === "fp32" ? 4 : 2;
}

/** Between blocks the states have the type of the embedding: fp32 under autocast of fp32 weights and after k-bit preparation. */
function residualBytes(setup: MemorySetup): number {
  return setup.restBytes === 4 || setup.precision === "fp32" ? 4 : 2;
}

/** RMSNorm keeps its input in fp32, LayerNorm and fused kernels as it comes; where the norm is trained also what it scales. */
function norms({ model, fusedKernels, method }: MemorySetup): number {
  const input = model.gated_mlp === false || fusedKernels ? 2 : 4;
  const scaled = method === "full" ? 2 : 0;
  return 2 * (input + scaled) * model.hidden_size;
}

/** Flash attention takes keys and values as they are; others are given one for each query head. */
function attentionStates(setup: MemorySetup): number {
  const query = queryWidth(setup.model);
  const grouped = setup.attention === "flash" ? 2 * (query - keyWidth(setup.model)) : 0;
  return wide(setup) * activationBytes(setup) * (ATTENTION_COPIES * query - grouped);
}

/** Gate, its activation (fused kernels do it again), and the other half; their product where the last matrix is trained and wants its input. */
function feedForward(setup: MemorySetup): number {
  const { model, fusedKernels, method } = setup;
  const gated = model.gated_mlp !== false;
  const kept = (gated ? (fusedKernels ? 2 : 3) : 1) + (method === "full" ? 1 : 0);
  const inputs = method === "full" ? 2 * model.hidden_size : 0;
  return wide(setup) * activationBytes(setup) * (kept * feedForwardWidth(model) * expertsPerToken(model) + inputs);
}

/** Under autocast of fp32 weights every tensor is there in both types. */
function wide({ weightBytes, precision, quantization }: MemorySetup): number {
  return weightBytes === 4 && precision === "mixed" && quantization === "none" ? 2 : 1;
}

/** The adapter's own inputs: a copy after dropout with its mask, else the layer's input itself; what is between its two matrices; DoRA's outputs. */
function adapterInputs(setup: MemorySetup): number {
  const { model, method, targets, rank, dropout, trainableBytes, quantization } = setup;
  if (method === "full") return 0;
  const used = expertsPerToken(model);
  return linearsOf(model).reduce((sum, { module, inputs, outputs, copies }) => {
    if (!isTarget(targets, module)) return sum;
    // Without dropout it is the tensor that a quantised layer keeps anyway.
    const input = (dropout ? 3 : sharesInput(module) || quantization !== "none" ? 0 : 2) * inputs;
    const output = method === "dora" ? 2 * outputs : 0;
    return sum + (copies > 1 ? used : 1) * (input + output + rank * trainableBytes);
  }, 0);
}

/** Of the matrices that read one tensor, one counts for all. */
function sharesInput(module: string): boolean {
  return module === "k_proj" || module === "v_proj" || module === "up_proj";
}

function quantisedInputs(setup: MemorySetup): number {
  const { model, quantization } = setup;
  if (quantization === "none" || model.num_experts !== undefined) return 0;
  const widths = 2 * model.hidden_size + queryWidth(model) + feedForwardWidth(model);
  return QUANTISED_INPUT_COPIES * activationBytes(setup) * widths;
}

/**
 * Bytes a logit. fp32: the 16-bit logits, their fp32 copy and its shifted copy, log-softmax, and the gradients of the last three on the way
 * back (transformers loss/loss_utils.py). 16 bit: logits, log-softmax and both gradients. Chunked: logits and their gradient in 16 bit, one chunk
 * in fp32. Compiled: the copies are one.
 */
const LOGIT_BYTES: Readonly<Record<Exclude<LossKernel, "fused">, { readonly eager: number; readonly compiled: number }>> = {
  "plain-fp32": { eager: 18, compiled: 10 },
  "plain-16bit": { eager: 8, compiled: 6 },
  chunked: { eager: 7, compiled: 3 },
};
/** Fused kernels make chunks of as many logits as the hidden states have numbers, and hold those, their gradient and its sum in fp32. */
const FUSED_BYTES_OF_HIDDEN_STATE = 16;

/** Logits, their copies and gradients at the loss, in bytes. */
export function logitBytes(setup: MemorySetup): number {
  const { model, microBatch, sequenceLength, lossKernel, compiled } = setup;
  const tokens = microBatch * sequenceLength;
  const of = (kernel: keyof typeof LOGIT_BYTES) => tokens * model.vocab_size * LOGIT_BYTES[kernel][compiled ? "compiled" : "eager"];
  if (lossKernel !== "fused") return of(lossKernel);
  return Math.min(FUSED_BYTES_OF_HIDDEN_STATE * tokens * model.hidden_size, of("chunked"));
}
