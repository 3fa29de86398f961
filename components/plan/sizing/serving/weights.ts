import { QUANTISED_BYTES } from "../memory/quantization";
import { embeddingParameters, type Linear, linearsOf, parameterCount } from "../parameters";
import type { ResolvedServingSetup, ServingQuantization } from "./setup";

/** Bytes of a parameter in 16 bits. */
export const SIXTEEN_BIT = 2;

/** GPTQ and AWQ share a format of 4 bits; the others are as a tuned base has them. */
const QUANTISED: Readonly<Record<Exclude<ServingQuantization, "none">, number>> = { ...QUANTISED_BYTES, gptq: QUANTISED_BYTES.gptq4, awq: QUANTISED_BYTES.gptq4 };

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
  return setup.quantization === "none" ? plainBytes(setup) : QUANTISED[setup.quantization];
}

/** bitsandbytes multiplies with a 16-bit copy of the matrix at hand: the largest one that is quantised, in bytes. */
export function dequantisedBytes(setup: ResolvedServingSetup): number {
  if (setup.quantization !== "nf4" && setup.quantization !== "nf4-dq") return 0;
  const largest = Math.max(...linearsOf(setup.model).map(({ inputs, outputs }) => inputs * outputs));
  return (SIXTEEN_BIT * Math.max(largest, setup.quantizesHead ? embeddingParameters(setup.model) : 0)) / setup.tensorParallel;
}
