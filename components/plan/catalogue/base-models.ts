/** The numbers of a decoder-only transformer that decide its memory, named as in a Hugging Face `config.json`. */
export interface ModelDimensions {
  /** What people call it; part of a run's identity, of lineage and of the served model's name. */
  readonly name: string;
  /** Width of the hidden states. */
  readonly hidden_size: number;
  /** Width of the feed-forward layers. */
  readonly intermediate_size: number;
  /** Transformer blocks. */
  readonly num_hidden_layers: number;
  /** Query heads of a block. */
  readonly num_attention_heads: number;
  /** Key and value heads of a block, fewer than query heads where queries share them. */
  readonly num_key_value_heads: number;
  /** Width of one attention head. @default hidden_size / num_attention_heads */
  readonly head_dim?: number;
  /** Tokens of the vocabulary. */
  readonly vocab_size: number;
  /** Whether the output head is the embedding. @default false */
  readonly tie_word_embeddings?: boolean;
  /** Longest sequence, in tokens. */
  readonly max_position_embeddings: number;
  /** Whether the feed-forward layers have a gate, which makes three matrices of two. @default true */
  readonly gated_mlp?: boolean;
  /** Experts of a block, of which each token uses some; all of them are in memory. @default - no experts, one feed-forward layer */
  readonly num_experts?: number;
  /** Experts that compute a token. @default - all of them */
  readonly num_experts_per_tok?: number;
  /** Width of one expert. @default intermediate_size */
  readonly moe_intermediate_size?: number;
  /** Tokens that a block with local attention looks back. @default - every block looks at the whole sequence */
  readonly sliding_window?: number;
  /** Blocks with local attention. @default - all, where there is a sliding_window */
  readonly sliding_window_layers?: number;
  /** Width of the latent that stands in for keys and values (multi-head latent attention). @default - keys and values themselves */
  readonly kv_lora_rank?: number;
  /** Width of the part of a key that carries the position, with multi-head latent attention. @default 64 */
  readonly qk_rope_head_dim?: number;
}

/** A listed model: its dimensions, and where and on which terms its weights are to be had. */
export interface BaseModelFacts extends ModelDimensions {
  /** Where the weights are published. */
  readonly huggingFaceId: string;
  /** Licence of the weights. */
  readonly licence: string;
  /** Whether the hub asks for accepted terms and a token. */
  readonly gated: boolean;
}

/**
 * Base models by the last part of their Hugging Face id.
 * Dimensions: their `config.json` as collected in Lightning-AI/litgpt litgpt/config.py at commit bd2a0fc and
 * kaito-project/kaito presets model_catalog.yaml @056b828; licences and gating from the same.
 */
const CATALOGUE = {
  "Qwen2.5-0.5B-Instruct": {
    ...dense("Qwen2.5-0.5B-Instruct", 24, 896, 4864, 14, 2, 64, 151936, 32768),
    tie_word_embeddings: true,
    huggingFaceId: "Qwen/Qwen2.5-0.5B-Instruct",
    licence: "apache-2.0",
    gated: false,
  },
  "Qwen2.5-1.5B-Instruct": {
    ...dense("Qwen2.5-1.5B-Instruct", 28, 1536, 8960, 12, 2, 128, 151936, 32768),
    tie_word_embeddings: true,
    huggingFaceId: "Qwen/Qwen2.5-1.5B-Instruct",
    licence: "apache-2.0",
    gated: false,
  },
  "Qwen2.5-7B-Instruct": {
    ...dense("Qwen2.5-7B-Instruct", 28, 3584, 18944, 28, 4, 128, 152064, 32768),
    huggingFaceId: "Qwen/Qwen2.5-7B-Instruct",
    licence: "apache-2.0",
    gated: false,
  },
  "phi-4": {
    ...dense("phi-4", 40, 5120, 17920, 40, 10, 128, 100352, 16384),
    huggingFaceId: "microsoft/phi-4",
    licence: "mit",
    gated: false,
  },
  "Phi-4-mini-instruct": {
    ...dense("Phi-4-mini-instruct", 32, 3072, 8192, 24, 8, 128, 200064, 131072),
    tie_word_embeddings: true,
    huggingFaceId: "microsoft/Phi-4-mini-instruct",
    licence: "mit",
    gated: false,
  },
  "Llama-3.1-8B-Instruct": {
    ...dense("Llama-3.1-8B-Instruct", 32, 4096, 14336, 32, 8, 128, 128256, 131072),
    huggingFaceId: "meta-llama/Llama-3.1-8B-Instruct",
    licence: "llama3.1",
    gated: true,
  },
  "Mistral-7B-Instruct-v0.3": {
    ...dense("Mistral-7B-Instruct-v0.3", 32, 4096, 14336, 32, 8, 128, 32768, 32768),
    huggingFaceId: "mistralai/Mistral-7B-Instruct-v0.3",
    licence: "apache-2.0",
    gated: false,
  },
} as const satisfies Record<string, BaseModelFacts>;

/**
 * Name of a listed base model.
 * @useDeclaredType
 */
export type BaseModelName = keyof typeof CATALOGUE;

/** Listed base models, by the last part of their Hugging Face id. */
export const BASE_MODELS: Readonly<Record<BaseModelName, BaseModelFacts>> = CATALOGUE;

export const BASE_MODEL_NAMES = Object.keys(BASE_MODELS).filter(isBaseModelName);

/** Whether a string from configuration names a model of the catalogue. */
export function isBaseModelName(name: string): name is BaseModelName {
  return Object.hasOwn(BASE_MODELS, name);
}

/** The dimensions behind a recipe's model, listed or given, and nothing else: they are part of a run's identity. */
export function dimensionsOf(model: BaseModelName | ModelDimensions): ModelDimensions {
  const given: ModelDimensions = typeof model === "string" ? BASE_MODELS[model] : model;
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
  };
}

/** Length of one attention head. */
export function headLength(model: ModelDimensions): number {
  return model.head_dim ?? model.hidden_size / model.num_attention_heads;
}

function dense(
  name: string,
  layers: number,
  hidden: number,
  intermediate: number,
  heads: number,
  keyValueHeads: number,
  headDimension: number,
  vocabulary: number,
  longest: number,
): ModelDimensions {
  return {
    name,
    num_hidden_layers: layers,
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    head_dim: headDimension,
    vocab_size: vocabulary,
    max_position_embeddings: longest,
  };
}
