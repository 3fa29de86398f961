import { DEEPSEEK_R1_DISTILL } from "./deepseek";
import type { BaseModelFacts } from "./facts";
import { GEMMA_1_AND_2, GEMMA_3 } from "./gemma";
import { CODE_LLAMA, LLAMA_2, LLAMA_3, TINY_LLAMA } from "./llama";
import { MISTRALS } from "./mistral";
import { BAICHUAN, FALCON, GLM, GPT_OSS, SMOL_LM, STABLE_LM, YI } from "./others";
import { PHI_1_AND_2, PHI_3_AND_LATER } from "./phi";
import { QWEN_1, QWEN_2_5, QWEN_2_5_CODER, QWEN_3 } from "./qwen";

const CATALOGUE = {
  ...QWEN_3,
  ...QWEN_2_5,
  ...QWEN_2_5_CODER,
  ...QWEN_1,
  ...LLAMA_3,
  ...LLAMA_2,
  ...CODE_LLAMA,
  ...TINY_LLAMA,
  ...PHI_3_AND_LATER,
  ...PHI_1_AND_2,
  ...MISTRALS,
  ...GEMMA_3,
  ...GEMMA_1_AND_2,
  ...DEEPSEEK_R1_DISTILL,
  ...GPT_OSS,
  ...SMOL_LM,
  ...FALCON,
  ...GLM,
  ...YI,
  ...BAICHUAN,
  ...STABLE_LM,
};

/**
 * Name of a listed base model.
 * @useDeclaredType
 */
export type BaseModelName = keyof typeof CATALOGUE;

/** Listed base models with the dimensions that sizing needs, by the last part of their Hugging Face id. */
export const BASE_MODELS: Readonly<Record<BaseModelName, BaseModelFacts>> = CATALOGUE;

/** Every model with dimensions, in the catalogue's order. */
export const BASE_MODEL_NAMES = Object.keys(BASE_MODELS).filter(isBaseModelName);

/** Whether a string from configuration is the key of a model with dimensions. */
export function isBaseModelName(name: string): name is BaseModelName {
  return Object.hasOwn(BASE_MODELS, name);
}
