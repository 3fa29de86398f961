import { embeddingParameters, type Linear, linearsOf, parameterCount } from "../parameters";
import type { ResolvedServingSetup, ServingQuantization } from "./setup";

/** Bytes of a parameter in 16 bits. */
export const SIXTEEN_BIT = 2;

/**
 * Bytes of a quantised parameter, its scales included. NF4: an fp32 scale for 64, or one of 8 bits and an fp32 one for 64 × 256 of those (QLoRA,
 * arXiv:2305.14314, section 3). GPTQ and AWQ: a 16-bit scale and a 4-bit zero point for 128 (AutoGPTQ's default group). MXFP4: an 8-bit scale for 32
 * (OCP Microscaling Formats 1.0). The scales of 8-bit formats are one for a row, which vanishes.
 */
const QUANTISED_BYTES: Readonly<Record<Exclude<ServingQuantization, "none">, number>> = {
  int8: 1,
  fp8: 1,
  nf4: (4 + 32 / 64) / 8,
  mxfp4: (4 + 8 / 32) / 8,
  gptq: (4 + 20 / 128) / 8,
  awq: (4 + 20 / 128) / 8,
  "nf4-dq": (4 + 8 / 64 + 32 / (64 * 256)) / 8,
};

/** Bytes of a parameter that is not quantised. */
export function plainBytes({ weightDtype }: ResolvedServingSetup): number {
  return weightDtype === "fp32" ? 4 : SIXTEEN_BIT;
}

/** Weights of the GPU with the most of them, in bytes: its share of every matrix of its blocks, and of embedding, head or both. */
export function weightBytes(setup: ResolvedServingSetup): number {
  const { model, pipelineParallel, tensorParallel } = setup;
  const linears = linearsOf(model);
  const perBlock = linears.reduce((sum, linear) => sum + linear.inputs * linear.outputs * linear.copies * storedBytes(setup, linear), 0);
  const matrices = linears.reduce((sum, { inputs, outputs, copies }) => sum + inputs * outputs * copies, 0);
  const words = embeddingParameters(model);
  const vocabularies = model.tie_word_embeddings ? 1 : 2;
  const rest = parameterCount(model) - model.num_hidden_layers * matrices - vocabularies * words;
  const blocks = Math.ceil(model.num_hidden_layers / pipelineParallel) * perBlock + (rest * plainBytes(setup)) / pipelineParallel;
  return (blocks + vocabularyBytes(setup, words)) / tensorParallel + autocastBytes(setup, matrices) / tensorParallel;
}

/** Embedding and head; with pipeline stages the first has the one and the last the other. */
function vocabularyBytes(setup: ResolvedServingSetup, words: number): number {
  const plain = words * plainBytes(setup);
  if (setup.model.tie_word_embeddings || setup.pipelineParallel > 1) return plain;
  return plain + words * (setup.quantizesHead ? quantisedBytes(setup) : plainBytes(setup));
}

/** Autocast's 16-bit copies of the matrices that multiply: all but the embedding. */
function autocastBytes({ autocast, model, pipelineParallel }: ResolvedServingSetup, matrices: number): number {
  if (!autocast) return 0;
  return SIXTEEN_BIT * (Math.ceil(model.num_hidden_layers / pipelineParallel) * matrices + embeddingParameters(model));
}

function storedBytes(setup: ResolvedServingSetup, { copies }: Linear): number {
  const expert = setup.model.num_experts !== undefined && copies > 1;
  const hasExperts = setup.model.num_experts !== undefined;
  if (setup.quantization === "mxfp4" && hasExperts && !expert) return plainBytes(setup);
  // In transformers, experts are one tensor of three dimensions, which bitsandbytes passes over: huggingface/transformers, integrations/bitsandbytes.py.
  const bitsandbytes = setup.quantization === "nf4" || setup.quantization === "nf4-dq" || setup.quantization === "int8";
  if (bitsandbytes && expert && setup.engine === "transformers") return plainBytes(setup);
  return quantisedBytes(setup);
}

function quantisedBytes(setup: ResolvedServingSetup): number {
  return setup.quantization === "none" ? plainBytes(setup) : QUANTISED_BYTES[setup.quantization];
}

/** bitsandbytes multiplies with a 16-bit copy of the matrix at hand: the largest one that is quantised, in bytes. */
export function dequantisedBytes(setup: ResolvedServingSetup): number {
  if (setup.quantization !== "nf4" && setup.quantization !== "nf4-dq") return 0;
  const largest = Math.max(...linearsOf(setup.model).map(({ inputs, outputs }) => inputs * outputs));
  return (SIXTEEN_BIT * Math.max(largest, setup.quantizesHead ? embeddingParameters(setup.model) : 0)) / setup.tensorParallel;
}
