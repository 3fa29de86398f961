import { type Problem, refusal, refuse } from "./refuse";
import type { ModelDimensions } from "./catalogue/base-models";
import { TIED, UNGATED } from "./model-config/architectures";
import { countProblems, countsOf, otherProblems } from "./model-config/counts";
import { expertsOf } from "./model-config/experts";
import { headProblems, headsOf } from "./model-config/heads";
import { kindProblems } from "./model-config/kinds";
import { isObject, type TextPart, textPartOf } from "./model-config/text-part";
import { windowOf } from "./model-config/windows";

/**
 * The dimensions in a Hugging Face `config.json`, of any decoder-only architecture: keys in whichever spelling, defaults of its class in
 * transformers, and the language model of one that sees or hears as well. Experts shared by all tokens count as so many of the others'
 * width, and blocks without experts lower the mean.
 *
 * @param json What the file holds, parsed.
 * @param name What the model is called in runs and services. Default: the file's `_name_or_path`.
 *
 * @example
 * const model = readModelConfig(JSON.parse(readFileSync("config.json", "utf8")), "our-model");
 */
export function readModelConfig(json: unknown, name?: string): ModelDimensions {
  if (!isObject(json)) throw refusal("The model", [notAnObject(json)]);
  const text = textPartOf(json);
  const called = name ?? nameOf(json);
  const counts = countsOf(text);
  const heads = headsOf(text, counts);
  refuse(`The model ${called === undefined ? "" : `"${called}" `}of config.json`, [
    ...(called === undefined ? [NAMELESS] : []),
    ...kindProblems(text, json["architectures"]),
    ...countProblems(text, counts),
    ...otherProblems(text),
    ...headProblems(text, counts, heads),
  ]);
  const { hidden_size, intermediate_size, num_hidden_layers, num_attention_heads, vocab_size, max_position_embeddings } = counts;
  const { kv_lora_rank, qk_rope_head_dim } = text.values;
  return {
    name: called ?? "",
    ...{ hidden_size, intermediate_size, num_hidden_layers, num_attention_heads, ...heads, vocab_size },
    tie_word_embeddings: tied(text),
    max_position_embeddings,
    ...(UNGATED.has(text.type) ? { gated_mlp: false } : {}),
    ...expertsOf(text, num_hidden_layers, intermediate_size),
    ...windowOf(text, num_hidden_layers, max_position_embeddings),
    ...(typeof kv_lora_rank === "number" ? { kv_lora_rank } : {}),
    ...(typeof kv_lora_rank === "number" && typeof qk_rope_head_dim === "number" ? { qk_rope_head_dim } : {}),
  };
}

/** What a `config.json` calls its model; undefined where it has no name. */
export function nameOf(json: unknown): string | undefined {
  const name: unknown = isObject(json) ? json["_name_or_path"] : undefined;
  return typeof name === "string" && name !== "" ? name : undefined;
}

function notAnObject(got: unknown): Problem {
  return { code: "AKSFT-TUNE-19", path: "config.json", got, rule: "must be an object", fix: "give the parsed config.json of a model" };
}

const NAMELESS: Problem = {
  code: "AKSFT-TUNE-24",
  path: "_name_or_path",
  got: undefined,
  rule: "is not there, and a model needs a name",
  fix: "give the name as the second argument",
};

function tied(text: TextPart): boolean {
  const given: unknown = text.values["tie_word_embeddings"];
  return typeof given === "boolean" ? given : TIED.has(text.type);
}
