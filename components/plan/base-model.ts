import {
  BASE_MODEL_NAMES,
  findBaseModel,
  findUnsizedBaseModel,
  KNOWN_NAMES,
  type ModelDimensions,
  UNSIZED_BASE_MODELS,
} from "./catalogue/base-models";
import type { Problem } from "./refuse";
import { closest, nearest } from "./spelling";
import { wholeNumber } from "./whole-number";

/** In place of a model that is faulty itself, so that the other faults are listed with it: it limits nothing. */
export const ANY_MODEL: ModelDimensions = {
  name: "any",
  hidden_size: 1,
  intermediate_size: 1,
  num_hidden_layers: 1,
  num_attention_heads: 1,
  num_key_value_heads: 1,
  vocab_size: 1,
  max_position_embeddings: 100_000_000,
};

const COUNTS = [
  "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "vocab_size", "max_position_embeddings",
] as const satisfies readonly (keyof ModelDimensions)[];
/** Checked where they are given. */
const OPTIONAL_COUNTS = [
  "head_dim", "num_experts", "num_experts_per_tok", "moe_intermediate_size", "sliding_window", "sliding_window_layers", "kv_lora_rank",
  "qk_rope_head_dim",
] as const satisfies readonly (keyof ModelDimensions)[];
const MOST = 100_000_000;

/** How an unlisted model is given; the command line has an option for it. */
const GIVE_DIMENSIONS = "give the dimensions of its config.json";

/** Every fault of a model, listed or given. */
export function modelProblems(model: string | ModelDimensions, instead = GIVE_DIMENSIONS): Problem[] {
  if (typeof model === "string") return nameProblems(model, instead);
  // Configuration writes a listed model as an object that holds its name.
  if (Object.keys(model).length === 1 && findUnsizedBaseModel(model.name) !== undefined) return nameProblems(model.name, instead);
  const given = OPTIONAL_COUNTS.flatMap((field) => (model[field] === undefined ? [] : [[field, model[field]] as const]));
  const counts = [...COUNTS.map((field) => [field, model[field]] as const), ...given];
  return counts.flatMap(([field, count]) => wholeNumber("AKSFT-TUNE-10", `model.${field}`, count, 1, MOST));
}

function nameProblems(name: string, instead: string): Problem[] {
  if (findBaseModel(name) !== undefined) return [];
  const unsized = findUnsizedBaseModel(name);
  if (unsized !== undefined) {
    const page = `https://huggingface.co/${UNSIZED_BASE_MODELS[unsized].huggingFaceId}`;
    const rule = "is listed without the dimensions that sizing and tuning need";
    return [{ code: "AKSFT-TUNE-18", path: "model", got: name, rule, fix: `${instead}, from ${page}` }];
  }
  const rule = `is none of the ${BASE_MODEL_NAMES.length} models of the catalogue`;
  return [{ code: "AKSFT-TUNE-01", path: "model", got: name, rule, fix: `${nearestModels(name)}, or ${instead}` }];
}

/** The near miss if there is one, else the few most alike, and where all are. */
function nearestModels(name: string): string {
  const missed = nearest(name, KNOWN_NAMES);
  if (missed !== undefined) return `did you mean "${missed}"?`;
  const alike = closest(name, BASE_MODEL_NAMES, 3);
  return `use ${alike.length === 0 ? "one" : `${alike.join(", ")} or another`} that aks-fine-tuning models lists`;
}
