import type { ModelOrigin } from "./facts";
import { BASE_MODEL_NAMES, BASE_MODELS, type BaseModelName, isBaseModelName } from "./sized";
import { isUnsizedBaseModelName, UNSIZED_BASE_MODEL_NAMES, UNSIZED_BASE_MODELS, type UnsizedBaseModelName } from "./unsized";

/** Names of a model besides its key. */
function otherNames({ huggingFaceId, aliases = [] }: ModelOrigin): readonly string[] {
  return [huggingFaceId, ...aliases];
}

/** The key behind each name, in lower case. */
function keysByName<Key extends string>(keys: readonly Key[], models: Readonly<Record<Key, ModelOrigin>>): ReadonlyMap<string, Key> {
  return new Map(keys.flatMap((key) => [key, ...otherNames(models[key])].map((name) => [name.toLowerCase(), key] as const)));
}

const SIZED = keysByName(BASE_MODEL_NAMES, BASE_MODELS);
const UNSIZED = keysByName(UNSIZED_BASE_MODEL_NAMES, UNSIZED_BASE_MODELS);

/** Every name that a model with dimensions is found by, keys first. */
export const KNOWN_NAMES: readonly string[] = [...BASE_MODEL_NAMES, ...BASE_MODEL_NAMES.flatMap((key) => otherNames(BASE_MODELS[key]))];

/**
 * The listed model that a text names, in any letter case: by its key, its Hugging Face id, a short name or KAITO's preset; undefined of any
 * other text, and of a model that is listed without dimensions.
 */
export function findBaseModel(text: string): BaseModelName | undefined {
  return isBaseModelName(text) ? text : SIZED.get(text.toLowerCase());
}

/** The model listed without dimensions that a text names, likewise. */
export function findUnsizedBaseModel(text: string): UnsizedBaseModelName | undefined {
  return isUnsizedBaseModelName(text) ? text : UNSIZED.get(text.toLowerCase());
}
