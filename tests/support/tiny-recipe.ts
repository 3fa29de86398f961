import type { ModelDimensions, Recipe } from "../../components";
import type { ResolvedRecipe } from "../../components/plan/recipe";
import type { Shape } from "../../components/plan/sizing/shape";

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

/** The same with every default. */
export const TINY_RESOLVED: ResolvedRecipe = {
  model: TINY,
  revision: "",
  method: "lora",
  sequenceLength: 512,
  globalBatch: 16,
  epochs: 3,
  learningRate: 0.0002,
  lora: { rank: 16, alpha: 32, dropout: 0.05, targets: "all-linear", rankStabilized: false },
  loss: "assistant",
  packing: false,
  seed: 42,
};

/** How it is laid out on the smallest T4: the whole batch at once. */
export const TINY_SHAPE: Shape = {
  size: "Standard_NC4as_T4_v3",
  nodes: 1,
  gpusPerNode: 1,
  microBatch: 16,
  sharding: "none",
  checkpointing: "none",
  optimizer: "adamw",
};

/** Key of the rows that the tests train on. */
export const DATASET_KEY = "0123456789abcdef";

/** Image reference by digest, told apart by one hexadecimal digit. */
export function byDigest(repository: string, digit: string): string {
  return `${repository}@sha256:${digit.repeat(64)}`;
}
