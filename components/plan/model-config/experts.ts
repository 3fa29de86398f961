import type { ModelDimensions } from "../catalogue/base-models";
import { DENSE_BESIDE_EXPERTS } from "./architectures";
import { listAt, numberAt, type TextPart } from "./text-part";

const COUNT = ["num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts", "num_moe_experts"];
const PER_TOKEN = ["num_experts_per_tok", "num_experts_per_token", "top_k_experts", "moe_top_k", "moe_topk", "moe_k"];
const WIDTH = ["moe_intermediate_size", "expert_ffn_hidden_size"];
const SHARED_COUNT = ["n_shared_experts", "num_shared_experts", "moe_num_shared_experts"];
const SHARED_WIDTH = ["shared_expert_intermediate_size", "shared_intermediate_size"];

/**
 * The experts of a model whose feed-forward layers are `intermediate` wide.
 *
 * `ModelDimensions` knows experts of one width in every block. A shared expert counts as so many of that width as it is wide, which every token
 * uses; where some blocks have one feed-forward layer instead, the counts are the mean over all blocks. Parameters, in all and per token, come
 * out right but for rounding up.
 */
export function expertsOf(text: TextPart, blocks: number, intermediate: number): Partial<ModelDimensions> {
  const count = numberAt(text, COUNT) ?? 0;
  if (count < 2) return {};
  const width = numberAt(text, WIDTH) ?? intermediate;
  const perToken = numberAt(text, PER_TOKEN) ?? count;
  const shared = sharedWidth(text, width, intermediate) / width;
  const dense = (numberAt(text, ["intermediate_size_mlp"]) ?? intermediate) / width;
  const sparse = Array.from({ length: blocks }, (_, block) => block).filter((block) => hasExperts(text, block)).length / blocks;
  return {
    num_experts: Math.ceil(mean(count + shared, dense, sparse)),
    num_experts_per_tok: Math.ceil(mean(perToken + shared, dense, sparse)),
    moe_intermediate_size: width,
  };
}

/** Rounded to a millionth, so that a whole number stays one. */
function mean(withExperts: number, without: number, share: number): number {
  return Math.round((withExperts * share + without * (1 - share)) * 1e6) / 1e6;
}

function sharedWidth(text: TextPart, width: number, intermediate: number): number {
  const beside = DENSE_BESIDE_EXPERTS.has(text.type) ? intermediate : 0;
  return beside + (numberAt(text, SHARED_WIDTH) ?? (numberAt(text, SHARED_COUNT) ?? 0) * width);
}

/** Whether a block has experts, from 0: the first few may not, or only each so many may, or only those that are listed. */
function hasExperts(text: TextPart, block: number): boolean {
  const frequencies = listAt(text, "moe_layer_freq");
  if (frequencies) return frequencies[block] === 1;
  const kinds = listAt(text, "mlp_layer_types");
  if (kinds) return kinds[block] === "sparse";
  const listed = listAt(text, "moe_layers");
  if (listed) return listed.includes(block);
  const first = numberAt(text, ["first_k_dense_replace", "num_dense_layers", "moe_layer_start_index"]) ?? 0;
  const step = numberAt(text, ["decoder_sparse_step", "interleave_moe_layer_step", "moe_layer_interval"]) ?? 1;
  const frequency = numberAt(text, ["moe_layer_freq"]) ?? 1;
  const exceptions = listAt(text, "mlp_only_layers") ?? [];
  return block >= first && (block + 1) % step === 0 && block % frequency === 0 && !exceptions.includes(block);
}
