import type { ModelDimensions } from "./dimensions";
import type { ModelOrigin, Terms } from "./facts";

/** A model that is known, but not by all the dimensions that sizing needs. */
export interface UnsizedBaseModelFacts
  extends ModelOrigin,
    Pick<ModelDimensions, "hidden_size" | "num_hidden_layers" | "num_attention_heads" | "num_key_value_heads" | "head_dim" | "max_position_embeddings">,
    Pick<ModelDimensions, "kv_lora_rank" | "qk_rope_head_dim"> {
  /** Last part of its Hugging Face id. */
  readonly name: string;
  /** Its repository's weight files together, in GiB. */
  readonly fileGiB: number;
  /** How those are quantised, as its config.json says. @default - 16-bit weights */
  readonly quantization?: string;
}

interface Row extends Partial<Pick<ModelOrigin, "licence" | "aliases">>, Pick<UnsizedBaseModelFacts, "fileGiB" | "quantization"> {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim?: number;
  readonly context: number;
  /** Width of the latent and of the position's part of it, with multi-head latent attention. */
  readonly latent?: readonly [rank: number, rope: number];
}

function listed<Name extends string>(terms: Terms, rows: Readonly<Record<Name, Row>>): Readonly<Record<Name, UnsizedBaseModelFacts>> {
  return Object.fromEntries(Object.entries<Row>(rows).map(([name, row]) => [name, factsOf(name, terms, row)])) as Record<Name, UnsizedBaseModelFacts>;
}

function factsOf(name: string, { owner, family, licence }: Terms, row: Row): UnsizedBaseModelFacts {
  const { layers, hidden, heads, kvHeads, headDim, context, latent, ...others } = row;
  return {
    name,
    num_hidden_layers: layers,
    hidden_size: hidden,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    ...(headDim === undefined ? {} : { head_dim: headDim }),
    max_position_embeddings: context,
    ...(latent ? { kv_lora_rank: latent[0], qk_rope_head_dim: latent[1] } : {}),
    huggingFaceId: `${owner}/${name}`,
    family,
    licence,
    ...others,
  };
}

/** kaito-project/kaito presets model_catalog.yaml @056b828, read 2026-11, which has no more of them; it does not say which are gated. */
const CATALOGUE = {
  ...listed({ owner: "deepseek-ai", family: "DeepSeek", licence: "mit" }, {
    "DeepSeek-R1-0528": {
      ...{ layers: 61, hidden: 7168, heads: 128, kvHeads: 128, context: 163840, fileGiB: 641.3 },
      ...{ quantization: "fp8", latent: [512, 64] },
    },
    "DeepSeek-V3-0324": {
      ...{ layers: 61, hidden: 7168, heads: 128, kvHeads: 128, context: 163840, fileGiB: 641.3 },
      ...{ quantization: "fp8", latent: [512, 64] },
    },
    "DeepSeek-V4-Flash-0731": {
      ...{ layers: 43, hidden: 4096, heads: 64, kvHeads: 1, headDim: 512, context: 1048576, fileGiB: 155.43 },
      quantization: "fp8",
    },
    "DeepSeek-V4-Pro": { layers: 61, hidden: 7168, heads: 128, kvHeads: 1, headDim: 512, context: 1048576, fileGiB: 805.34, quantization: "fp8" },
    "DeepSeek-V3.2": { layers: 61, hidden: 7168, heads: 128, kvHeads: 128, context: 163840, fileGiB: 642.14, quantization: "fp8", latent: [512, 64] },
  }),
  ...listed({ owner: "google", family: "Gemma", licence: "apache-2.0" }, {
    "gemma-4-31B-it": { layers: 60, hidden: 5376, heads: 32, kvHeads: 16, headDim: 256, context: 262144, fileGiB: 58.25 },
    "gemma-4-26B-A4B-it": { layers: 30, hidden: 2816, heads: 16, kvHeads: 8, headDim: 256, context: 262144, fileGiB: 48.07 },
    "gemma-4-E4B-it": { layers: 42, hidden: 2560, heads: 8, kvHeads: 2, headDim: 256, context: 131072, fileGiB: 14.89 },
    "gemma-4-E2B-it": { layers: 35, hidden: 1536, heads: 8, kvHeads: 1, headDim: 256, context: 131072, fileGiB: 9.54 },
    "gemma-4-12B-it": { layers: 48, hidden: 3840, heads: 16, kvHeads: 8, headDim: 256, context: 262144, fileGiB: 22.28 },
  }),
  ...listed({ owner: "zai-org", family: "GLM", licence: "mit" }, {
    "GLM-5.2-FP8": {
      ...{ layers: 78, hidden: 6144, heads: 64, kvHeads: 64, headDim: 192, context: 1048576, fileGiB: 703.75 },
      ...{ quantization: "fp8", latent: [512, 64] },
    },
  }),
  ...listed({ owner: "ibm-granite", family: "Granite", licence: "apache-2.0" }, {
    "granite-4.1-8b": { layers: 40, hidden: 4096, heads: 32, kvHeads: 8, context: 131072, fileGiB: 16.38 },
  }),
  ...listed({ owner: "moonshotai", family: "Kimi", licence: "modified-mit" }, {
    "Kimi-K2.5": {
      ...{ layers: 61, hidden: 7168, heads: 64, kvHeads: 64, context: 262144, fileGiB: 554.32 },
      ...{ quantization: "pack-quantized", latent: [512, 64] },
    },
    "Kimi-K2.6": {
      ...{ layers: 61, hidden: 7168, heads: 64, kvHeads: 64, context: 262144, fileGiB: 554.32 },
      ...{ quantization: "pack-quantized", latent: [512, 64] },
    },
    "Kimi-K2.7-Code": {
      ...{ layers: 61, hidden: 7168, heads: 64, kvHeads: 64, context: 262144, fileGiB: 554.32 },
      ...{ quantization: "pack-quantized", latent: [512, 64] },
    },
  }),
  ...listed({ owner: "MiniMaxAI", family: "MiniMax", licence: "other" }, {
    "MiniMax-M2.7": { layers: 62, hidden: 3072, heads: 48, kvHeads: 8, headDim: 128, context: 204800, fileGiB: 214.34, quantization: "fp8" },
  }),
  ...listed({ owner: "mistralai", family: "Mistral", licence: "apache-2.0" }, {
    "Ministral-3-3B-Instruct-2512": {
      ...{ layers: 26, hidden: 3072, heads: 32, kvHeads: 8, headDim: 128, context: 262144, fileGiB: 4.35 },
      ...{ quantization: "fp8", aliases: ["ministral-3-3b-instruct"] },
    },
    "Ministral-3-8B-Instruct-2512": {
      ...{ layers: 34, hidden: 4096, heads: 32, kvHeads: 8, context: 262144, fileGiB: 9.7 },
      ...{ quantization: "fp8", aliases: ["ministral-3-8b-instruct"] },
    },
    "Ministral-3-14B-Instruct-2512": {
      ...{ layers: 40, hidden: 5120, heads: 32, kvHeads: 8, headDim: 128, context: 262144, fileGiB: 14.65 },
      ...{ quantization: "fp8", aliases: ["ministral-3-14b-instruct"] },
    },
    "Mistral-Large-3-675B-Instruct-2512": {
      ...{ layers: 61, hidden: 7168, heads: 128, kvHeads: 128, headDim: 192, context: 294912, fileGiB: 634.7 },
      ...{ quantization: "float-quantized", latent: [512, 64], aliases: ["mistral-large-3-675b-instruct"] },
    },
    "Mistral-Small-4-119B-2603": {
      ...{ layers: 36, hidden: 4096, heads: 32, kvHeads: 32, context: 1048576, fileGiB: 112.63 },
      ...{ quantization: "fp8", latent: [256, 64] },
    },
    "Mistral-Small-4-119B-2603-NVFP4": {
      ...{ layers: 36, hidden: 4096, heads: 32, kvHeads: 32, context: 1048576, fileGiB: 65.95 },
      ...{ quantization: "nvfp4-pack-quantized", latent: [256, 64] },
    },
    "Mistral-Medium-3.5-128B": {
      ...{ layers: 88, hidden: 12288, heads: 96, kvHeads: 8, context: 262144, fileGiB: 124.43 },
      ...{ quantization: "fp8", licence: "other" },
    },
  }),
  ...listed({ owner: "nvidia", family: "Nemotron", licence: "nvidia-open-model-license" }, {
    "NVIDIA-Nemotron-3-Super-120B-A12B-BF16": {
      ...{ layers: 88, hidden: 4096, heads: 32, kvHeads: 2, context: 262144, fileGiB: 230.25 },
      licence: "nvidia-nemotron-open-model-license",
    },
    "Nemotron-Cascade-2-30B-A3B": { layers: 52, hidden: 2688, heads: 32, kvHeads: 2, headDim: 128, context: 262144, fileGiB: 58.82 },
    "NVIDIA-Nemotron-3-Nano-30B-A3B-BF16": {
      ...{ layers: 52, hidden: 2688, heads: 32, kvHeads: 2, headDim: 128, context: 262144, fileGiB: 58.82 },
      licence: "nvidia-nemotron-open-model-license",
    },
    "NVIDIA-Nemotron-Nano-12B-v2-VL-BF16": { layers: 62, hidden: 5120, heads: 40, kvHeads: 8, context: 131072, fileGiB: 24.55 },
    "NVIDIA-Nemotron-Nano-9B-v2": { layers: 56, hidden: 4480, heads: 40, kvHeads: 8, headDim: 128, context: 131072, fileGiB: 16.56 },
    "NVIDIA-Nemotron-3-Nano-4B-BF16": {
      ...{ layers: 42, hidden: 3136, heads: 40, kvHeads: 8, headDim: 128, context: 262144, fileGiB: 7.4 },
      licence: "nvidia-nemotron-open-model-license",
    },
    "NVIDIA-Nemotron-3-Ultra-550B-A55B-NVFP4": {
      ...{ layers: 108, hidden: 8192, heads: 64, kvHeads: 2, context: 262144, fileGiB: 328.13 },
      ...{ quantization: "MIXED_PRECISION", licence: "openmdw-1.1" },
    },
  }),
  ...listed({ owner: "Qwen", family: "Qwen", licence: "apache-2.0" }, {
    "Qwen3-8B-AWQ": { layers: 36, hidden: 4096, heads: 32, kvHeads: 8, context: 40960, fileGiB: 5.68, quantization: "awq" },
    "Qwen3.5-2B": { layers: 24, hidden: 2048, heads: 8, kvHeads: 2, context: 262144, fileGiB: 4.24 },
    "Qwen3.5-4B": { layers: 32, hidden: 2560, heads: 16, kvHeads: 4, headDim: 256, context: 262144, fileGiB: 8.68 },
    "Qwen3.5-9B": { layers: 32, hidden: 4096, heads: 16, kvHeads: 4, context: 262144, fileGiB: 17.98 },
    "Qwen3.5-122B-A10B-GPTQ-Int4": {
      ...{ layers: 48, hidden: 3072, heads: 32, kvHeads: 2, headDim: 256, context: 262144, fileGiB: 73.47 },
      quantization: "gptq",
    },
    "Qwen3.5-122B-A10B": { layers: 48, hidden: 3072, heads: 32, kvHeads: 2, headDim: 256, context: 262144, fileGiB: 232.99 },
    "Qwen3.6-35B-A3B-FP8": { layers: 40, hidden: 2048, heads: 16, kvHeads: 2, headDim: 256, context: 262144, fileGiB: 34.9, quantization: "fp8" },
    "Qwen3.6-35B-A3B": { layers: 40, hidden: 2048, heads: 16, kvHeads: 2, headDim: 256, context: 262144, fileGiB: 66.97 },
    "Qwen3.6-27B": { layers: 64, hidden: 5120, heads: 24, kvHeads: 4, headDim: 256, context: 262144, fileGiB: 51.75 },
    "Qwen3.5-397B-A17B-GPTQ-Int4": {
      ...{ layers: 60, hidden: 4096, heads: 32, kvHeads: 2, headDim: 256, context: 262144, fileGiB: 219.56 },
      quantization: "gptq",
    },
    "Qwen3.8-27B": { layers: 64, hidden: 5120, heads: 24, kvHeads: 4, headDim: 256, context: 262144, fileGiB: 51.75 },
  }),
};

/**
 * Name of a model that is listed without dimensions.
 * @useDeclaredType
 */
export type UnsizedBaseModelName = keyof typeof CATALOGUE;

/** Models that are listed without the dimensions that sizing needs, by the last part of their Hugging Face id. */
export const UNSIZED_BASE_MODELS: Readonly<Record<UnsizedBaseModelName, UnsizedBaseModelFacts>> = CATALOGUE;

/** Whether a string names a model that is listed without dimensions. */
export function isUnsizedBaseModelName(name: string): name is UnsizedBaseModelName {
  return Object.hasOwn(UNSIZED_BASE_MODELS, name);
}

/** Every model without dimensions, in the catalogue's order. */
export const UNSIZED_BASE_MODEL_NAMES = Object.keys(UNSIZED_BASE_MODELS).filter(isUnsizedBaseModelName);
