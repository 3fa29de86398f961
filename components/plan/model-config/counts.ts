import type { Problem } from "../refuse";
import type { ModelDimensions } from "../catalogue/base-models";
import { FOUR_TIMES, HALVED } from "./architectures";
import { keyOf, numberAt, type TextPart } from "./text-part";

/** The keys of each count, as the architectures spell it. */
const KEYS = {
  hidden_size: ["hidden_size", "n_embd", "n_embed", "d_model"],
  intermediate_size: ["intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim", "inner_dim", "ff_intermediate_size"],
  num_hidden_layers: ["num_hidden_layers", "n_layer", "n_layers", "num_layers"],
  num_attention_heads: ["num_attention_heads", "n_head", "n_heads", "num_heads"],
  vocab_size: ["vocab_size", "padded_vocab_size"],
  max_position_embeddings: ["max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "model_max_length", "n_ctx"],
} as const satisfies Partial<Record<keyof ModelDimensions, readonly string[]>>;
/** A number that every decoder has. */
export type Count = keyof typeof KEYS;
const COUNTS = Object.keys(KEYS) as Count[];
const MOST = 100_000_000;

/** Each of them; NaN where it is missing or no number, which `countProblems` tells. */
export type Counts = Readonly<Record<Count, number>>;

/** Reads every count, in whichever spelling. */
export function countsOf(text: TextPart): Counts {
  const read = Object.fromEntries(COUNTS.map((count) => [count, numberAt(text, KEYS[count]) ?? NaN])) as Record<Count, number>;
  return { ...read, intermediate_size: feedForwardOf(text, read) };
}

function feedForwardOf(text: TextPart, read: Counts): number {
  if (keyOf(text, KEYS.intermediate_size) !== undefined) return HALVED.has(text.type) ? read.intermediate_size / 2 : read.intermediate_size;
  if (FOUR_TIMES.has(text.type)) return (numberAt(text, ["expansion_ratio"]) ?? 4) * read.hidden_size;
  return numberAt(text, ["moe_intermediate_size"]) ?? NaN;
}

/** The counts that are missing or none. */
export function countProblems(text: TextPart, counts: Counts): Problem[] {
  return COUNTS.filter((count) => !isCount(counts[count])).map((count) => {
    const [usual, ...others] = KEYS[count];
    const key = keyOf(text, KEYS[count]);
    const missing = `neither it nor ${others.join(", ")} is there`;
    return {
      code: "AKSFT-TUNE-20",
      path: `${text.path}${key ?? usual}`,
      got: key === undefined ? undefined : text.values[key],
      rule: `must be a whole number from 1 to ${MOST}${key === undefined ? `; ${missing}` : ""}`,
      fix: "take it from the config.json that the model is published with",
    };
  });
}

/** Keys that have a default or belong to some architectures only, whose values are counts where they are given. */
const OTHERS = [
  ...["num_key_value_heads", "num_kv_heads", "n_head_kv", "kv_n_heads", "multi_query_group_num", "head_dim", "kv_channels", "attention_head_dim"],
  ...["num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts", "num_moe_experts", "num_experts_per_tok", "num_experts_per_token"],
  ...["top_k_experts", "moe_top_k", "moe_topk", "moe_k", "moe_intermediate_size", "expert_ffn_hidden_size", "intermediate_size_mlp"],
  ...["n_shared_experts", "num_shared_experts", "moe_num_shared_experts", "shared_expert_intermediate_size", "shared_intermediate_size"],
  ...["first_k_dense_replace", "num_dense_layers", "decoder_sparse_step", "interleave_moe_layer_step", "moe_layer_interval"],
  ...["sliding_window", "attention_chunk_size", "max_window_layers", "kv_lora_rank", "qk_rope_head_dim", "v_head_dim"],
];

/** Those among them that hold something else. */
export function otherProblems({ path, values }: TextPart): Problem[] {
  const fix = "take it from the config.json that the model is published with";
  return OTHERS.filter((key) => values[key] !== undefined && !isWhole(values[key])).map((key) => {
    return { code: "AKSFT-TUNE-20", path: `${path}${key}`, got: values[key], rule: "must be a whole number", fix };
  });
}

/** Whether a value is a whole number, none included. */
export function isWhole(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

/** Whether a number can count anything of a model. */
export function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MOST;
}
