import { blockParameters, embeddingParameters, linearsOf, routerParameters } from "../parameters";
import { QUANTISED_BYTES } from "./quantization";
import type { MemorySetup } from "./setup";

/** The base model's weights before sharding, and what casts of them hold, in bytes. */
export interface WeightBytes {
  /** Matrices of one block. */
  readonly block: number;
  /** Embedding, output head, norms and routers. */
  readonly rest: number;
  /** 16-bit copies of fp32 weights that autocast keeps for the backward pass. */
  readonly casts: number;
}

export function weightBytes(setup: MemorySetup): WeightBytes {
  const { model, quantization, restBytes } = setup;
  const layers = model.num_hidden_layers;
  const outside = embeddingCopies(setup) * embeddingParameters(model) + layers * (2 * model.hidden_size + routerParameters(model)) + model.hidden_size;
  const casts = setup.weightBytes === 4 && setup.precision === "mixed" && quantization === "none" ? 2 * layers * blockParameters(model) : 0;
  return { block: blockBytes(setup), rest: restBytes * outside, casts };
}

/** bitsandbytes and GPTQ do not touch experts that are stored as one tensor; MXFP4 and fp8 checkpoints are made of them. */
function blockBytes({ model, quantization, weightBytes: plain }: MemorySetup): number {
  if (quantization === "none") return plain * blockParameters(model);
  const each = QUANTISED_BYTES[quantization];
  const keepsExperts = quantization !== "mxfp4" && quantization !== "fp8";
  return linearsOf(model).reduce(
    (sum, { inputs, outputs, copies }) => sum + inputs * outputs * copies * (copies > 1 && keepsExperts ? plain : each),
    0,
  );
}

/** One matrix where the head is the embedding, else two. */
export function embeddingCopies({ model }: Pick<MemorySetup, "model">): 1 | 2 {
  return model.tie_word_embeddings ? 1 : 2;
}
