import { BASE_MODELS, type ModelDimensions } from "../../components";
import { findBaseModel } from "../../components/plan/catalogue/base-models";
import { type Configuration, numberIn } from "./measured-file";

/** The dimensions of a row's model: those of its `hf_config_json` column, else the catalogue's; undefined where neither has them. */
export function modelOf(row: Configuration): ModelDimensions | undefined {
  const given = row["hf_config_json"] ? fromColumns(row["model"] ?? "", row["hf_config_json"]) : undefined;
  const listed = findBaseModel(row["model"] ?? "");
  const model = given ?? (listed === undefined ? undefined : BASE_MODELS[listed]);
  // Some trainers keep a head of their own where the model shares the embedding.
  return model && row["note"]?.includes("untied_head=yes") ? { ...model, tie_word_embeddings: false } : model;
}

/** A configuration in the names of the measured file: `layers`, `hidden`, `kv_heads`, …; undefined where a dimension is missing. */
function fromColumns(name: string, json: string): ModelDimensions | undefined {
  const columns = JSON.parse(json) as Readonly<Record<string, string | number | undefined>>;
  const number = (column: string) => numberIn(String(columns[column] ?? ""));
  const [layers, hidden, intermediate] = [number("layers"), number("hidden"), number("intermediate")];
  const [heads, vocabulary] = [number("heads"), number("vocab")];
  if (!layers || !hidden || !intermediate || !heads || !vocabulary) return undefined;
  return {
    name,
    num_hidden_layers: layers,
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_attention_heads: heads,
    num_key_value_heads: number("kv_heads") ?? heads,
    head_dim: number("head_dim") ?? hidden / heads,
    vocab_size: vocabulary,
    tie_word_embeddings: columns["tied_embeddings"] !== "no",
    max_position_embeddings: number("max_context") ?? 131_072,
    gated_mlp: number("mlp_matrices") !== 2,
    num_experts: number("experts"),
    num_experts_per_tok: number("experts_per_token"),
    moe_intermediate_size: number("moe_intermediate"),
  };
}
