import { ANY_MODEL, modelProblems } from "../../base-model";
import { BASE_MODELS, type BaseModelName, findBaseModel, type ModelDimensions, UNSIZED_BASE_MODELS, type UnsizedBaseModelName } from "../../catalogue/base-models";
import { findListedModel, huggingFaceIdOf, isGated, kaitoPresets, type ListedModelName, oldPreset, weightFilesGiB } from "../../catalogue/kaito-served-models";
import { type DrivenKaitoVersion, KAITO_VERSION_FACTS } from "../../catalogue/kaito-versions";
import { nearest } from "../../spelling";
import type { Problem } from "../../refuse";
import { GIB } from "../../sizing/gib";
import { parameterCount } from "../../sizing/parameters";
import type { ServingQuantization } from "../../sizing/serving/setup";

/** A model that KAITO can be asked for: listed with dimensions or without, or given with them. */
export type KaitoServedModel = BaseModelName | UnsizedBaseModelName | ModelDimensions;

/** A model as one version of KAITO serves it. */
export interface KaitoModel {
  /** What clients call it, the same with every engine. */
  readonly name: string;
  /** What the object calls it. */
  readonly preset: string;
  /** What memory is estimated by; undefined where the dimensions are not known. */
  readonly sized: BaseModelName | ModelDimensions | undefined;
  /** Dimensions of which the cache's alone are meant where the others are not known. */
  readonly cached: BaseModelName | ModelDimensions;
  readonly heads: number;
  readonly tokenLimit: number;
  readonly filesGiB: number;
  readonly quantization: ServingQuantization;
  readonly gated: boolean;
  /** It runs on one GPU of a node, whatever there are. */
  readonly oneGpu: boolean;
  readonly disallowsLora: boolean;
  /** GPU memory that 0.6 counts by. */
  readonly presetGiB: number | undefined;
}

/** KAITO fetches any other model by its Hugging Face id: https://kaito-project.github.io/kaito/docs/presets */
const HUGGING_FACE_ID = /^[\w.-]+\/[\w.-]+$/;

/** Faults of a model for a version of KAITO; none of them says anything of sizes. */
export function kaitoModelProblems(model: KaitoServedModel, version: DrivenKaitoVersion): Problem[] {
  const listed = findListedModel(typeof model === "string" ? model : model.name);
  if (listed === undefined) return unlistedProblems(model, version);
  if (servesAny(version) || oldPreset(listed) !== undefined) return [];
  const rule = `is no preset of KAITO ${version} that is known: ${kaitoPresets(version).join(", ")}`;
  return [{ code: "AKSFT-KAITO-42", path: "model", got: listed, rule, fix: 'use KAITO 0.12, which is a Helm chart, or engine "vllm"' }];
}

function unlistedProblems(model: KaitoServedModel, version: DrivenKaitoVersion): Problem[] {
  const faults = modelProblems(model);
  if (typeof model === "string" || faults.length > 0) return faults;
  const { name } = model;
  const any = servesAny(version);
  if (any && HUGGING_FACE_ID.test(name)) return [];
  const rule = any ? "is neither in KAITO's catalogue nor a Hugging Face id, by which it fetches other models" : `is no preset of KAITO ${version}, which takes no other models`;
  const near = nearest(name, kaitoPresets(version));
  const otherwise = any ? 'name it as its page does, for example "org/model"' : 'use KAITO 0.12, or engine "vllm"';
  const fix = near === undefined ? otherwise : `did you mean "${near}"?`;
  return [{ code: "AKSFT-KAITO-42", path: "model.name", got: name, rule, fix }];
}

function servesAny(version: DrivenKaitoVersion): boolean {
  return KAITO_VERSION_FACTS[version].serves === "any-model";
}

/** The model of a faultless argument; of a faulty one something that limits nothing, so that the other faults are listed with it. */
export function resolveKaitoModel(model: KaitoServedModel, version: DrivenKaitoVersion): KaitoModel {
  if (kaitoModelProblems(model, version).length > 0) return unlisted({ ...ANY_MODEL, num_attention_heads: 128 });
  const listed = findListedModel(typeof model === "string" ? model : model.name);
  if (listed !== undefined) return fromCatalogue(listed, version);
  // A name that is not listed is a fault.
  return unlisted(typeof model === "string" ? ANY_MODEL : model);
}

function unlisted(model: ModelDimensions): KaitoModel {
  return {
    name: model.name,
    preset: model.name,
    sized: model,
    cached: model,
    heads: model.num_attention_heads,
    tokenLimit: model.max_position_embeddings,
    filesGiB: (2 * parameterCount(model)) / GIB,
    quantization: "none",
    gated: false,
    oneGpu: false,
    disallowsLora: false,
    presetGiB: undefined,
  };
}

function fromCatalogue(name: ListedModelName, version: DrivenKaitoVersion): KaitoModel {
  const old = servesAny(version) ? undefined : oldPreset(name);
  const sized = findBaseModel(name);
  const facts = sized === undefined ? cachedAlike(UNSIZED_BASE_MODELS[name as UnsizedBaseModelName]) : BASE_MODELS[sized];
  return {
    ...unlisted(facts),
    preset: old?.preset ?? huggingFaceIdOf(name),
    sized,
    cached: sized ?? facts,
    filesGiB: weightFilesGiB(name) ?? (2 * parameterCount(facts)) / GIB,
    quantization: name.startsWith("gpt-oss-") ? "mxfp4" : "none",
    gated: isGated(name),
    oneGpu: old?.oneGpu === true,
    disallowsLora: old?.disallowsLora === true,
    presetGiB: old?.presetGiB,
  };
}

/** The dimensions that are known of a model; those that only weights follow from are 1, and nothing asks for them. */
function cachedAlike(facts: (typeof UNSIZED_BASE_MODELS)[UnsizedBaseModelName]): ModelDimensions {
  return { ...facts, intermediate_size: 1, vocab_size: 1 };
}

/** A gated model without a token ends when its pod first asks the hub, on a GPU that is paid for; KAITO does not know of its catalogue's. */
export function accessProblems(model: KaitoModel, accessSecret: string | undefined, version: DrivenKaitoVersion): Problem[] {
  if (accessSecret !== undefined) return version === "0.6" && !model.gated ? [needlessSecret(model, accessSecret)] : secretNameProblems(accessSecret);
  if (!model.gated) return [];
  const rule = `"${model.name}" is handed out by the hub to those who accepted its terms alone, and KAITO does not ask for a token before the pod runs`;
  return [{ code: "AKSFT-KAITO-43", path: "accessSecret", got: undefined, rule, fix: "name a Secret of the team's namespace that has the key HF_TOKEN" }];
}

/** Weights of all but gated presets are in their images: https://github.com/kaito-project/kaito/blob/v0.6.0/api/v1beta1/workspace_validation.go */
function needlessSecret({ name }: KaitoModel, got: string): Problem {
  const rule = `is refused by KAITO 0.6 for "${name}", whose weights are in its image, so that no token is needed`;
  return { code: "AKSFT-KAITO-43", path: "accessSecret", got, rule, fix: "leave it out" };
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
function secretNameProblems(name: string): Problem[] {
  if (name.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) return [];
  const rule = "must be the name of a Secret, in lower-case letters, digits, hyphens and periods; the token itself belongs into it, under HF_TOKEN";
  return [{ code: "AKSFT-KAITO-43", path: "accessSecret", got: name, rule, fix: 'use for example "hugging-face"' }];
}
