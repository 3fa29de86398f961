import { CLASS_DEFAULTS, NESTED_DEFAULTS } from "./architectures";

/** What the keys of a JSON object hold; a key that holds null is none. */
export type Values = Readonly<Record<string, unknown>>;

/** The part of a `config.json` that describes the language model. */
export interface TextPart {
  /** Where it stands, to be put before a key: "" or for example "text_config.". */
  readonly path: string;
  /** Its `model_type`, in lower case; "" where it has none. */
  readonly type: string;
  /** What its keys hold, the defaults of its class in transformers and what it inherits from the top filled in. */
  readonly values: Values;
}

/** Keys that hold the language model of one that sees or hears as well. */
const NESTED = ["text_config", "llm_config", "language_config", "thinker_config"];
/** Keys of the top that hold for the language model where it has none of its own. */
const INHERITED = ["vocab_size", "tie_word_embeddings", "max_position_embeddings"];
/** Parts of a language model that MPT and DBRX write as objects. */
const FLATTENED = ["attn_config", "ffn_config"];

/** Whether a value is an object with keys. */
export function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Finds the language model in a `config.json`, at its top or inside. */
export function textPartOf(top: Values): TextPart {
  let [path, own]: [string, Values] = ["", top];
  let inherited: Values = {};
  for (let key = nestedKey(own); key !== undefined; key = nestedKey(own)) {
    inherited = { ...inherited, ...present(own, INHERITED) };
    path = `${path}${key}.`;
    const inner = own[key];
    own = isObject(inner) ? inner : {};
  }
  const type = typeof own["model_type"] === "string" ? own["model_type"].toLowerCase() : "";
  const defaults = { ...(path === "" ? {} : NESTED_DEFAULTS[type]), ...CLASS_DEFAULTS[type] };
  const flattened = Object.assign({}, ...FLATTENED.map((key) => own[key]).filter(isObject)) as Values;
  return { path, type, values: { ...defaults, ...inherited, ...present(flattened), ...present(own) } };
}

/** The count under the first of these keys that holds anything; undefined where none does, or holds no number. */
export function numberAt(text: TextPart, keys: readonly string[]): number | undefined {
  const key = keyOf(text, keys);
  const held = key === undefined ? undefined : text.values[key];
  return typeof held === "number" ? held : undefined;
}

/** The first of these keys that holds anything. */
export function keyOf({ values }: TextPart, keys: readonly string[]): string | undefined {
  return keys.find((key) => values[key] !== undefined);
}

/** The list under a key; undefined where it holds none, or an empty one. */
export function listAt({ values }: TextPart, key: string): readonly unknown[] | undefined {
  const held: unknown = values[key];
  return Array.isArray(held) && held.length > 0 ? held : undefined;
}

function nestedKey(values: Values): string | undefined {
  return NESTED.find((key) => isObject(values[key]));
}

function present(values: Values, keys: readonly string[] = Object.keys(values)): Values {
  return Object.fromEntries(keys.flatMap((key) => (values[key] === undefined || values[key] === null ? [] : [[key, values[key]]])));
}
