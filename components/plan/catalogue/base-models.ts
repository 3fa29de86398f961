import type { ModelDimensions } from "./base-models/dimensions";
import { findBaseModel } from "./base-models/names";
import { BASE_MODELS, type BaseModelName } from "./base-models/sized";

export { headLength, type ModelDimensions } from "./base-models/dimensions";
export type { BaseModelFacts, ModelOrigin } from "./base-models/facts";
export { findBaseModel, findUnsizedBaseModel, KNOWN_NAMES } from "./base-models/names";
export { BASE_MODEL_NAMES, BASE_MODELS, type BaseModelName, isBaseModelName } from "./base-models/sized";
export { UNSIZED_BASE_MODEL_NAMES, UNSIZED_BASE_MODELS, type UnsizedBaseModelFacts, type UnsizedBaseModelName } from "./base-models/unsized";

/** The dimensions behind a recipe's model, listed or given, and nothing else: they are part of a run's identity. */
export function dimensionsOf(model: BaseModelName | ModelDimensions): ModelDimensions {
  // Configuration and JavaScript may name a model by an alias, whatever the type says; the run is the same.
  const given: ModelDimensions = typeof model === "string" ? BASE_MODELS[findBaseModel(model) ?? model] : model;
  return {
    name: given.name,
    hidden_size: given.hidden_size,
    intermediate_size: given.intermediate_size,
    num_hidden_layers: given.num_hidden_layers,
    num_attention_heads: given.num_attention_heads,
    num_key_value_heads: given.num_key_value_heads,
    head_dim: given.head_dim ?? given.hidden_size / given.num_attention_heads,
    vocab_size: given.vocab_size,
    tie_word_embeddings: given.tie_word_embeddings ?? false,
    max_position_embeddings: given.max_position_embeddings,
    ...(given.gated_mlp === false ? { gated_mlp: false } : {}),
    ...definedOf(given),
  };
}

/** Members that most models have not; one that is absent leaves no trace, so that ids given before there was such a member stay. */
function definedOf(given: ModelDimensions): Partial<ModelDimensions> {
  const rare = ["num_experts", "num_experts_per_tok", "moe_intermediate_size", "kv_lora_rank", "qk_rope_head_dim"] as const;
  return Object.fromEntries(rare.flatMap((member) => (given[member] === undefined ? [] : [[member, given[member]]])));
}
