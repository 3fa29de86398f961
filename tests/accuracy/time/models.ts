import { BASE_MODELS, type ModelDimensions } from "../../../components/plan/catalogue/base-models";
import { modelNamed } from "../models";

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

const MPT = { tie_word_embeddings: true, gated_mlp: false };

/** Models of published runs that the catalogue does not list under the names in the file; dimensions from their config.json. */
const UNLISTED: readonly ModelDimensions[] = [
  { ...BASE_MODELS["Llama-3.3-70B-Instruct"], name: "Llama-3.3-70B" },
  // Its shared expert counts as one more that always computes.
  model("Llama-4-Scout-17B-16E", [48, 5120, 8192, 40, 8, 202048], { num_experts: 17, num_experts_per_tok: 2 }),
  model("MPT-7B", [32, 4096, 16384, 32, 32, 50368], MPT),
  model("MPT-13B", [40, 5120, 20480, 40, 40, 50368], MPT),
  model("MPT-30B", [48, 7168, 28672, 64, 64, 50368], MPT),
  model("MPT-70B", [80, 8192, 32768, 64, 64, 50368], MPT),
];

/** A model of a published run, by its name in the file. */
export function benchmarkModel(name: string): ModelDimensions | undefined {
  return UNLISTED.find((each) => each.name === name) ?? modelNamed(name);
}
