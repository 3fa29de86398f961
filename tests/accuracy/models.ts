import { BASE_MODELS, findBaseModel, type ModelDimensions } from "../../components/plan/catalogue/base-models";
import { readModelConfig } from "../../components/plan/model-config";
import type { CsvRow } from "./csv-file";
import { NotCovered } from "./memory/prediction";

/** The dimensions of a row's model: those of its `hf_config_json` column, else the catalogue's. Throws NotCovered where neither has them. */
export function modelOf(row: CsvRow): ModelDimensions {
  const name = row["model"] ?? "";
  const json = row["hf_config_json"] ?? "";
  const model = json === "" ? modelNamed(name) : modelGiven(name, json);
  if (!model) throw new NotCovered(`the dimensions of ${name === "" ? "the model" : name} are not known`);
  // Some trainers keep a head of their own where the model shares the embedding.
  return row["note"]?.includes("untied_head=yes") ? { ...model, tie_word_embeddings: false } : model;
}

/** A model of the catalogue, by any of its names. */
export function modelNamed(name: string): ModelDimensions | undefined {
  const listed = findBaseModel(name);
  return listed === undefined ? undefined : BASE_MODELS[listed];
}

/** A configuration in the names that README.md lists, or in those of Hugging Face. */
function modelGiven(name: string, json: string): ModelDimensions | undefined {
  const given = parsed(name, json);
  return "hidden_size" in given ? readModelConfig(given, name) : fromColumns(name, given);
}

function parsed(name: string, json: string): Readonly<Record<string, unknown>> {
  try {
    const given: unknown = JSON.parse(json);
    if (typeof given === "object" && given !== null) return given as Readonly<Record<string, unknown>>;
  } catch {
    // Said below.
  }
  throw new NotCovered(`hf_config_json of ${name} is no JSON object`);
}

/** `layers`, `hidden`, `kv_heads`, …; undefined where a dimension is missing. */
function fromColumns(name: string, columns: Readonly<Record<string, unknown>>): ModelDimensions | undefined {
  const number = (column: string): number | undefined => (Number(columns[column]) > 0 ? Number(columns[column]) : undefined);
  const [layers, hidden, heads, vocabulary] = [number("layers"), number("hidden"), number("heads"), number("vocab")];
  const intermediate = number("intermediate") ?? number("moe_intermediate");
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
    tie_word_embeddings: columns["tied_embeddings"] === "yes" || columns["tied_embeddings"] === true,
    max_position_embeddings: number("max_context") ?? 131_072,
    gated_mlp: number("mlp_matrices") !== 2,
    num_experts: number("experts"),
    num_experts_per_tok: number("experts_per_token"),
    moe_intermediate_size: number("moe_intermediate"),
    ...windowOf(columns["sliding_window"], layers),
  };
}

/** 4096, "4096 on alternate layers" or "1024 on 5 of 6 layers". */
function windowOf(given: unknown, layers: number): Pick<ModelDimensions, "sliding_window" | "sliding_window_layers"> {
  const text = typeof given === "number" || typeof given === "string" ? String(given) : "";
  const [, window, alternate, part, whole] = /^(\d+)(?: on (?:(alternate)|(\d+) of (\d+)) layers)?$/.exec(text) ?? [];
  if (window === undefined) return {};
  if (alternate) return { sliding_window: Number(window), sliding_window_layers: Math.round(layers / 2) };
  if (part) return { sliding_window: Number(window), sliding_window_layers: Math.round((layers * Number(part)) / Number(whole)) };
  return { sliding_window: Number(window) };
}
