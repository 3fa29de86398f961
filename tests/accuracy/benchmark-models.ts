import type { ModelDimensions } from "../../components/plan/catalogue/base-models";

/** Layers, width, width of the feed-forward layers, query heads, key heads, vocabulary. */
type Row = readonly [number, number, number, number, number, number];

function model(name: string, [layers, hidden, intermediate, heads, keyHeads, vocabulary]: Row, more: Partial<ModelDimensions> = {}): ModelDimensions {
  return {
    name,
    num_hidden_layers: layers,
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_attention_heads: heads,
    num_key_value_heads: keyHeads,
    vocab_size: vocabulary,
    max_position_embeddings: 131072,
    ...more,
  };
}

const TIED = { tie_word_embeddings: true };
const MPT = { tie_word_embeddings: true, gated_mlp: false };

/** Models of published throughput runs, by the names in the file: dimensions from their config.json; Llama 4 Scout's shared expert counts as one more that always computes. */
export const BENCHMARK_MODELS: readonly ModelDimensions[] = [
  model("Llama-2-7B", [32, 4096, 11008, 32, 32, 32000]),
  model("Llama-2-13B", [40, 5120, 13824, 40, 40, 32000]),
  model("Llama-2-70B", [80, 8192, 28672, 64, 8, 32000]),
  model("Llama-3-8B", [32, 4096, 14336, 32, 8, 128256]),
  model("Llama-3.1-8B", [32, 4096, 14336, 32, 8, 128256]),
  model("Llama-3.2-3B", [28, 3072, 8192, 24, 8, 128256], TIED),
  model("Llama-3.1-70B", [80, 8192, 28672, 64, 8, 128256]),
  model("Llama-3.3-70B", [80, 8192, 28672, 64, 8, 128256]),
  model("Llama-3.1-405B", [126, 16384, 53248, 128, 8, 128256]),
  model("Llama-4-Scout-17B-16E", [48, 5120, 8192, 40, 8, 202048], { num_experts: 17, num_experts_per_tok: 2 }),
  model("Qwen-1_8B", [24, 2048, 5504, 16, 16, 151936]),
  model("Qwen-7B", [32, 4096, 11008, 32, 32, 151936]),
  model("Qwen-14B", [40, 5120, 13696, 40, 40, 152064]),
  model("Qwen-72B", [80, 8192, 24576, 64, 64, 152064]),
  model("Qwen2.5-7B", [28, 3584, 18944, 28, 4, 152064]),
  model("Qwen2.5-32B", [64, 5120, 27648, 40, 8, 152064]),
  model("MPT-7B", [32, 4096, 16384, 32, 32, 50368], MPT),
  model("MPT-13B", [40, 5120, 20480, 40, 40, 50368], MPT),
  model("MPT-30B", [48, 7168, 28672, 64, 64, 50368], MPT),
  model("MPT-70B", [80, 8192, 32768, 64, 64, 50368], MPT),
];
