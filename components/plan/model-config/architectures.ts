/**
 * What the classes of transformers 5.24 know of an architecture and a `config.json` need not say, by its `model_type`:
 * src/transformers/models/NAME/configuration_NAME.py of https://github.com/huggingface/transformers.
 */
type Defaults = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const FALCON = { multi_query: true, max_position_embeddings: 2048 };
const GEMMA_3 = {
  ...{ num_attention_heads: 8, num_key_value_heads: 4, head_dim: 256, vocab_size: 262_208, max_position_embeddings: 131_072 },
  ...{ sliding_window: 4096, sliding_window_pattern: 6 },
};
const BY_SIX = { head_dim: 256, vocab_size: 262_144, max_position_embeddings: 131_072, sliding_window_pattern: 6 };

/** Keys that a `config.json` leaves out where they hold the default of their class. */
export const CLASS_DEFAULTS: Defaults = {
  bloom: { seq_length: 2048 },
  cohere2: { sliding_window_pattern: 4 },
  falcon: FALCON,
  gemma: { head_dim: 256 },
  gemma2: { head_dim: 256, sliding_window_pattern: 2 },
  gemma3_text: GEMMA_3,
  gemma4_text: BY_SIX,
  gemma4_unified_text: BY_SIX,
  glm: { head_dim: 128, num_key_value_heads: 2 },
  gpt_bigcode: { multi_query: true },
  gpt_oss: { head_dim: 64, sliding_window_pattern: 2 },
  llama4_text: { head_dim: 128, num_key_value_heads: 8, num_experts_per_tok: 1, sliding_window_pattern: 4 },
  mistral: { num_key_value_heads: 8 },
  mixtral: { num_key_value_heads: 8, num_local_experts: 8, num_experts_per_tok: 2 },
  mpt: { expansion_ratio: 4, max_seq_len: 2048 },
  olmo3: { sliding_window_pattern: 4 },
  qwen3: { head_dim: 128 },
  refinedweb: { max_position_embeddings: 2048 },
  refinedwebmodel: FALCON,
};

/** The same for a language model inside another, of which transformers writes only what differs from its class. */
export const NESTED_DEFAULTS: Defaults = {
  llama: {
    ...{ hidden_size: 4096, intermediate_size: 11008, num_hidden_layers: 32, num_attention_heads: 32 },
    ...{ vocab_size: 32_000, max_position_embeddings: 2048 },
  },
  mistral: {
    ...{ hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32, num_attention_heads: 32 },
    ...{ vocab_size: 32_000, max_position_embeddings: 131_072 },
  },
};

/** Output heads that are the embedding unless `tie_word_embeddings` says otherwise; before transformers 5 it was so of unknown classes too. */
export const TIED: ReadonlySet<string> = new Set([
  ...["biogpt", "bloom", "cohere", "cohere2", "cohere2_moe", "ctrl", "ernie4_5", "ernie4_5_moe", "falcon", "gemma", "gemma2", "gemma3_text"],
  ...["gemma4_text", "gemma4_unified_text", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox_japanese", "jetmoe", "minicpm", "minicpm3", "mpt"],
  ...["openai-gpt", "opt", "phi3small", "qwen2_5_omni_text", "qwen3_vl_moe_text", "refinedweb", "refinedwebmodel", "smollm3", "starcoder2"],
  ...["vaultgemma", "xglm", "youtu"],
]);

/** Feed-forward layers of two matrices, by the modules that modeling_NAME.py makes. */
export const UNGATED: ReadonlySet<string> = new Set([
  ...["apertus", "arcee", "biogpt", "bloom", "codegen", "ctrl", "falcon", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "gpt_neox_japanese", "gptj"],
  ...["jais2", "mpt", "nanochat", "nemotron", "openai-gpt", "opt", "persimmon", "phi", "phi-msft", "refinedweb", "refinedwebmodel", "starcoder2", "xglm"],
]);

/** Feed-forward layers four times as wide as the hidden states, where no key says their width. */
export const FOUR_TIMES: ReadonlySet<string> = new Set([
  ...["bloom", "codegen", "falcon", "gpt2", "gpt_bigcode", "gpt_neo", "gptj", "mpt", "openai-gpt", "phi-msft", "refinedweb", "refinedwebmodel"],
]);

/** Feed-forward layers half as wide as `intermediate_size` says: Qwen's first generation gives both halves of the gated layer one number. */
export const HALVED: ReadonlySet<string> = new Set(["qwen"]);

/** Windows that count only where `use_sliding_window` is set, and then in the blocks from `max_window_layers` on. */
export const WINDOW_OFF: ReadonlySet<string> = new Set(["qwen2", "qwen2_moe", "qwen3", "qwen3_moe", "qwen2_vl", "qwen2_5_vl", "qwen2_vl_text", "qwen2_5_vl_text"]);

/** Blocks whose dense feed-forward layer, of `intermediate_size`, computes every token beside the experts. */
export const DENSE_BESIDE_EXPERTS: ReadonlySet<string> = new Set(["gemma4_text", "gemma4_unified_text", "llama4_text"]);
