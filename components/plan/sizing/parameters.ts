import { headLength, type ModelDimensions } from "../catalogue/base-models";

/** Name of a weight matrix of a block, as Hugging Face's Llama and PEFT's `target_modules` spell it. */
export type LinearModule = "q_proj" | "k_proj" | "v_proj" | "o_proj" | "gate_proj" | "up_proj" | "down_proj";

/** A weight matrix of a block. */
export interface Linear {
  /** Which one. */
  readonly module: LinearModule;
  /** Width of what it takes. */
  readonly inputs: number;
  /** Width of what it gives. */
  readonly outputs: number;
  /** How many a block has of it: one, or one for each expert. */
  readonly copies: number;
}

/** Width of a block's queries. */
export function queryWidth(model: ModelDimensions): number {
  return headLength(model) * model.num_attention_heads;
}

/** Width of a block's keys, and of its values. */
export function keyWidth(model: ModelDimensions): number {
  return headLength(model) * model.num_key_value_heads;
}

/** Width of the feed-forward layer, or of one expert. */
export function feedForwardWidth(model: ModelDimensions): number {
  return model.num_experts === undefined ? model.intermediate_size : (model.moe_intermediate_size ?? model.intermediate_size);
}

/** Counts of a model that many estimates of it go by: made once for each object, which nobody changes. */
function once<Count extends object | number>(count: (model: ModelDimensions) => Count): (model: ModelDimensions) => Count {
  const known = new WeakMap<ModelDimensions, Count>();
  return (model) => {
    const counted = known.get(model);
    if (counted !== undefined) return counted;
    const fresh = count(model);
    known.set(model, fresh);
    return fresh;
  };
}

/** The weight matrices of one block. */
export const linearsOf = once(matrices);

function matrices(model: ModelDimensions): readonly Linear[] {
  const hidden = model.hidden_size;
  const [query, key, inner] = [queryWidth(model), keyWidth(model), feedForwardWidth(model)];
  const copies = model.num_experts ?? 1;
  const gate: Linear = { module: "gate_proj", inputs: hidden, outputs: inner, copies };
  return [
    { module: "q_proj", inputs: hidden, outputs: query, copies: 1 },
    { module: "k_proj", inputs: hidden, outputs: key, copies: 1 },
    { module: "v_proj", inputs: hidden, outputs: key, copies: 1 },
    { module: "o_proj", inputs: query, outputs: hidden, copies: 1 },
    ...(model.gated_mlp === false ? [] : [gate]),
    { module: "up_proj", inputs: hidden, outputs: inner, copies },
    { module: "down_proj", inputs: inner, outputs: hidden, copies },
  ];
}

/** Parameters of one block's matrices, every expert counted. */
export const blockParameters = once((model) => linearsOf(model).reduce((sum, { inputs, outputs, copies }) => sum + inputs * outputs * copies, 0));

/** Parameters of the embedding, and of the output head, which is as large. */
export function embeddingParameters(model: ModelDimensions): number {
  return model.vocab_size * model.hidden_size;
}

/** Parameters of the whole model; biases, which are below a thousandth, are left out. */
export const parameterCount = once((model) => {
  const embeddings = embeddingParameters(model) * (model.tie_word_embeddings ? 1 : 2);
  return embeddings + model.num_hidden_layers * (blockParameters(model) + routerParameters(model) + 2 * model.hidden_size) + model.hidden_size;
});

/** Parameters that compute one token: of the experts, only those that the router picks. */
export const activeParameterCount = once((model) => {
  const idle = (model.num_experts ?? 1) - expertsPerToken(model);
  const expert = linearsOf(model).reduce((sum, { inputs, outputs, copies }) => sum + (copies > 1 ? inputs * outputs : 0), 0);
  return parameterCount(model) - model.num_hidden_layers * idle * expert;
});

/** Experts that compute a token; one, where there are none to choose from. */
export function expertsPerToken(model: ModelDimensions): number {
  return model.num_experts === undefined ? 1 : (model.num_experts_per_tok ?? model.num_experts);
}

/** The matrix that picks the experts of a token. */
export function routerParameters(model: ModelDimensions): number {
  return model.num_experts === undefined ? 0 : model.hidden_size * model.num_experts;
}
