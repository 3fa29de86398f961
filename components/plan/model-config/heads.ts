import type { Problem } from "../refuse";
import { type Counts, isCount, isWhole } from "./counts";
import { keyOf, numberAt, type TextPart, type Values } from "./text-part";

const KEY_VALUE_HEADS = ["num_key_value_heads", "num_kv_heads", "n_head_kv", "kv_n_heads"];
const HEAD_LENGTH = ["head_dim", "kv_channels", "attention_head_dim"];

/** How a block's attention is divided. */
interface Heads {
  readonly num_key_value_heads: number;
  readonly head_dim: number;
}

/** Reads the heads of keys and values, and the length of a head. */
export function headsOf(text: TextPart, counts: Counts): Heads {
  const heads = counts.num_attention_heads;
  const shared = counts.hidden_size / heads;
  // With latent attention, head_dim is missing or the length of the part with the position; the values' is what the output has.
  const latent = numberAt(text, ["kv_lora_rank"]) === undefined ? undefined : numberAt(text, ["v_head_dim"]);
  return { num_key_value_heads: keyValueHeadsOf(text.values, heads, numberAt(text, KEY_VALUE_HEADS)), head_dim: latent ?? numberAt(text, HEAD_LENGTH) ?? shared };
}

/** ChatGLM groups its heads, Falcon's first models and StarCoder share one; see FalconAttention in transformers. */
function keyValueHeadsOf(values: Values, heads: number, given: number | undefined): number {
  const grouped: unknown = values["multi_query_group_num"];
  if (values["multi_query_attention"] === true && typeof grouped === "number") return grouped;
  if (values["new_decoder_architecture"] === true || values["multi_query"] !== true) return given ?? heads;
  return 1;
}

/** Heads that do not go into one another. */
export function headProblems(text: TextPart, counts: Counts, heads: Heads): Problem[] {
  const { num_attention_heads: queries, hidden_size: hidden } = counts;
  if (!isCount(queries)) return [];
  const { num_key_value_heads: shared, head_dim: length } = heads;
  const sharedKey = `${text.path}${keyOf(text, KEY_VALUE_HEADS) ?? "num_key_value_heads"}`;
  const lengthKey = `${text.path}head_dim`;
  const code: Problem["code"] = "AKSFT-TUNE-21";
  // What is no whole number in the file is told of with the other counts.
  const divides = !isWhole(shared) || (shared > 0 && queries % shared === 0);
  const fits = isCount(length) || !isCount(hidden) || keyOf(text, HEAD_LENGTH) !== undefined;
  return [
    ...(divides ? [] : [{ code, path: sharedKey, got: shared, rule: `must divide the ${queries} query heads`, fix: `use for example ${queries}` }]),
    ...(fits ? [] : [{ code, path: lengthKey, got: undefined, rule: `is needed where ${queries} heads do not divide the width ${hidden}`, fix: "add the length of a head" }]),
  ];
}
