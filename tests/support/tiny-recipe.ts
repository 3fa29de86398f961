import type { ModelDimensions, Recipe } from "../../components";

/** A model small enough to reckon with. */
export const TINY: ModelDimensions = {
  name: "tiny",
  hidden_size: 192,
  intermediate_size: 512,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  head_dim: 48,
  vocab_size: 320,
  max_position_embeddings: 1024,
  tie_word_embeddings: true,
};

/** A faultless recipe that leaves every default open. */
export const TINY_RECIPE: Recipe = { model: TINY, method: "lora", sequenceLength: 512 };

/** Key of the rows that the tests train on. */
export const DATASET_KEY = "0123456789abcdef";

/** Image reference by digest, told apart by one hexadecimal digit. */
export function byDigest(repository: string, digit: string): string {
  return `${repository}@sha256:${digit.repeat(64)}`;
}
