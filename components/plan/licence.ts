import { BASE_MODELS, findBaseModel } from "./catalogue/base-models";

/** Licences that ask for no more than their own text to be kept. */
const PERMISSIVE: readonly string[] = ["mit", "apache-2.0"];

/**
 * What to know of the licence before a model is used, on one line; undefined of a model under MIT or Apache 2.0, and of one that is not listed.
 *
 * @param modelName Its key, its Hugging Face id or another of its names.
 */
export function licenceNotice(modelName: string): string | undefined {
  const found = findBaseModel(modelName);
  if (found === undefined) return undefined;
  const { licence, gated, huggingFaceId } = BASE_MODELS[found];
  if (PERMISSIVE.includes(licence)) return undefined;
  const terms = licence === "other" ? "a licence of its own" : `the licence ${licence}`;
  return `${found} is under ${terms}${gated === true ? ", and gated" : ""}: read the terms at https://huggingface.co/${huggingFaceId}`;
}
