import { BASE_MODELS, type BaseModelName, findBaseModel, findUnsizedBaseModel, UNSIZED_BASE_MODELS, type UnsizedBaseModelName } from "./base-models";
import { type DrivenKaitoVersion, KAITO_VERSION_FACTS } from "./kaito-versions";
import { isRetiringKaitoPreset } from "./retiring-kaito-presets";

/** A model with an entry in the catalogue, with dimensions or without. */
export type ListedModelName = BaseModelName | UnsizedBaseModelName;

/**
 * Weight files of KAITO's catalogue, in GiB, of the models that have dimensions here; it has all the others too, whose entries here are from it:
 * https://github.com/kaito-project/kaito/blob/v0.12.0/presets/workspace/models/model_catalog.yaml
 */
const FILES_GIB: Readonly<Partial<Record<BaseModelName, number>>> = {
  "phi-4": 27.31,
  "Phi-4-mini-instruct": 7.15,
  "DeepSeek-R1-Distill-Llama-8B": 14.96,
  "DeepSeek-R1-Distill-Qwen-14B": 27.51,
  "Phi-3-mini-4k-instruct": 7.12,
  "Phi-3-mini-128k-instruct": 7.12,
  "Phi-3-medium-4k-instruct": 26,
  "Phi-3-medium-128k-instruct": 26,
  "Phi-3.5-mini-instruct": 7.12,
  "Qwen2.5-Coder-7B-Instruct": 14.19,
  "Qwen2.5-Coder-32B-Instruct": 61.03,
  "gpt-oss-20b": 25.63,
  "gpt-oss-120b": 121.54,
  "Llama-3.1-8B-Instruct": 14.96,
  "Llama-3.3-70B-Instruct": 131.42,
  "Mistral-7B-v0.3": 13.5,
  "Mistral-7B-Instruct-v0.3": 13.5,
  "gemma-3-4b-it": 8.01,
  "gemma-3-27b-it": 51.1,
};

/** A preset of 0.6: its name there and the GPU memory that it asks for in all, in GiB. */
export interface OldPreset {
  readonly preset: string;
  readonly presetGiB: number;
  /** vLLM runs it without adapters, `DisallowLoRA`. */
  readonly disallowsLora?: true;
  /** It runs on one GPU whatever the node has, `DisableTensorParallelism`. */
  readonly oneGpu?: true;
}

/**
 * Presets of 0.6 whose parameters were read, by the models they serve. None of them runs on several nodes, `SupportDistributedInference`:
 * https://github.com/kaito-project/kaito/tree/v0.6.0/presets/workspace/models
 */
const OLD_PRESETS: Readonly<Partial<Record<BaseModelName, OldPreset>>> = {
  "falcon-7b": { preset: "falcon-7b", presetGiB: 14, disallowsLora: true, oneGpu: true },
  "falcon-40b": { preset: "falcon-40b", presetGiB: 90 },
  "Mistral-7B-v0.3": { preset: "mistral-7b", presetGiB: 14 },
  "Mistral-7B-Instruct-v0.3": { preset: "mistral-7b-instruct", presetGiB: 16 },
  "phi-2": { preset: "phi-2", presetGiB: 12 },
  "Phi-3-mini-4k-instruct": { preset: "phi-3-mini-4k-instruct", presetGiB: 9 },
  "Phi-3-mini-128k-instruct": { preset: "phi-3-mini-128k-instruct", presetGiB: 9 },
  "Phi-3-medium-4k-instruct": { preset: "phi-3-medium-4k-instruct", presetGiB: 28 },
  "Phi-3-medium-128k-instruct": { preset: "phi-3-medium-128k-instruct", presetGiB: 28 },
  "Phi-3.5-mini-instruct": { preset: "phi-3.5-mini-instruct", presetGiB: 8 },
  "Phi-4-mini-instruct": { preset: "phi-4-mini-instruct", presetGiB: 8 },
  "phi-4": { preset: "phi-4", presetGiB: 40 },
  "Qwen2.5-Coder-7B-Instruct": { preset: "qwen2.5-coder-7b-instruct", presetGiB: 24 },
  "Qwen2.5-Coder-32B-Instruct": { preset: "qwen2.5-coder-32b-instruct", presetGiB: 70 },
  "Llama-3.1-8B-Instruct": { preset: "llama-3.1-8b-instruct", presetGiB: 22 },
};

/**
 * Models with parameters for the transformers runtime; any other preset has none, and is refused with it:
 * https://github.com/kaito-project/kaito/blob/v0.12.0/presets/workspace/models/transformer_runtime_inference_parameters.go
 */
const WITH_TRANSFORMERS: ReadonlySet<string> = new Set<ListedModelName>([
  "phi-4",
  "Phi-3-mini-4k-instruct",
  "Phi-3-mini-128k-instruct",
  "Phi-3-medium-4k-instruct",
  "Phi-3-medium-128k-instruct",
  "Phi-3.5-mini-instruct",
  "Mistral-7B-v0.3",
  "Mistral-7B-Instruct-v0.3",
  "gemma-3-4b-it",
  "gemma-3-27b-it",
  "Qwen2.5-Coder-7B-Instruct",
  "Qwen2.5-Coder-32B-Instruct",
  "Llama-3.1-8B-Instruct",
  "Llama-3.3-70B-Instruct",
  "gpt-oss-20b",
  "gpt-oss-120b",
  "DeepSeek-R1-Distill-Llama-8B",
  "DeepSeek-R1-Distill-Qwen-14B",
  "DeepSeek-R1-0528",
  "DeepSeek-V3-0324",
]);

/** The listed model that a text names, in any letter case. */
export function findListedModel(text: string): ListedModelName | undefined {
  return findBaseModel(text) ?? findUnsizedBaseModel(text);
}

/** The preset of 0.6 for a model, if it has one that is known. */
export function oldPreset(model: string): OldPreset | undefined {
  const name = findBaseModel(model);
  return name && OLD_PRESETS[name];
}

/** Models that a version has presets for. Later ones serve others too, by their Hugging Face id, as best they can. */
export function kaitoPresets(version: DrivenKaitoVersion): readonly ListedModelName[] {
  const { serves, hasRetiringPresets } = KAITO_VERSION_FACTS[version];
  if (serves === "presets") return Object.keys(OLD_PRESETS) as BaseModelName[];
  const all = [...Object.keys(FILES_GIB), ...Object.keys(UNSIZED_BASE_MODELS)] as ListedModelName[];
  return hasRetiringPresets ? all : all.filter((name) => !isRetiringKaitoPreset(name));
}

/** Hugging Face id of a listed model. */
export function huggingFaceIdOf(model: ListedModelName): string {
  const name = findBaseModel(model);
  return name === undefined ? UNSIZED_BASE_MODELS[model as UnsizedBaseModelName].huggingFaceId : BASE_MODELS[name].huggingFaceId;
}

/** Size of a listed model's weight files, in GiB, where KAITO's catalogue says. */
export function weightFilesGiB(model: ListedModelName): number | undefined {
  const name = findBaseModel(model);
  return name === undefined ? UNSIZED_BASE_MODELS[model as UnsizedBaseModelName].fileGiB : FILES_GIB[name];
}

/** Whether the hub hands out a model's weights to those who accepted its terms alone, which KAITO does not know of its catalogue's. */
export function isGated(model: ListedModelName): boolean {
  const name = findBaseModel(model);
  return name !== undefined && BASE_MODELS[name].gated === true;
}

/** Whether a version can run a model with transformers instead of vLLM. */
export function runsWithTransformers(model: string, version: DrivenKaitoVersion): boolean {
  return KAITO_VERSION_FACTS[version].serves === "presets" ? oldPreset(model) !== undefined : WITH_TRANSFORMERS.has(model);
}
