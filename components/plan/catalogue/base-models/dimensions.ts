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

/** Length of one attention head. */
export function headLength(model: ModelDimensions): number {
  return model.head_dim ?? model.hidden_size / model.num_attention_heads;
}
