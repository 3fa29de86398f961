import { BASE_MODELS, type BaseModelName, isBaseModelName } from "../../catalogue/base-models";

/** What KAITO reckons the GPUs of a preset with, where it reckons. Memory in GiB. */
export interface KaitoFormula {
  /** Where the formula stands in kaito-project/kaito. */
  readonly source: string;
  /** Loaded weights by the size of their files. */
  readonly weightExpansion: number;
  /** Part of a GPU's memory that KAITO launches vLLM with. */
  readonly utilization: number;
  /** What each GPU keeps back for activations, graphs and CUDA. */
  readonly baseGiB: number;
  /** The same on A10. */
  readonly a10: { readonly utilization: number; readonly baseGiB: number };
  /** What a GPU keeps back besides, by its share of the weights. */
  readonly weightOverhead: number;
  /** Sequences whose recurrent state is counted, for models with Mamba layers. */
  readonly stateSequences: number;
}

/** Tokens whose cache is counted where the Workspace's configuration names no max-model-len. */
export const KAITO_CONTEXT = 2048;

const BEFORE_A10 = { utilization: 0.84, baseGiB: 2.3 };

/**
 * Formulas by version. 0.10: before kaito-project/kaito#2139 (2026-06-22), which brought the part by weights. 0.12: 2026-08-21. main: after
 * kaito-project/kaito#2302 (2026-08-26), which is in no release yet.
 */
export const KAITO_FORMULAS = {
  "0.10": {
    source: "pkg/workspace/estimator/advancednodesestimator/estimator.go @18b678c",
    weightExpansion: 1.02,
    ...BEFORE_A10,
    a10: BEFORE_A10,
    weightOverhead: 0,
    stateSequences: 0,
  },
  "0.12": {
    source: "pkg/workspace/estimator/nodesestimator/estimator.go @056b828",
    weightExpansion: 1.02,
    ...BEFORE_A10,
    a10: BEFORE_A10,
    weightOverhead: 0.05,
    stateSequences: 0,
  },
  main: {
    source: "pkg/workspace/estimator/nodesestimator/estimator.go @0a69b1b",
    weightExpansion: 1.02,
    utilization: 0.92,
    baseGiB: 2.3,
    a10: { utilization: 0.82, baseGiB: 1.5 },
    weightOverhead: 0.05,
    stateSequences: 64,
  },
} as const satisfies Record<string, KaitoFormula>;

/** Until its estimator of 2025-08-21 (kaito-project/kaito#1414) KAITO divided a preset's figure by a node's memory: 0.6, which the AKS add-on has. */
export const KAITO_FIGURES_SOURCE = "pkg/workspace/inference/preset_inferences.go and presets/workspace/models/*/model.go @14a1f5d (mistral @e4b255b)";

/** GPU memory that presets ask for in all, in GiB: `TotalGPUMemoryRequirement` of their inference parameters. */
export const KAITO_FIGURES: Readonly<Record<string, number>> = {
  "phi-4": 40,
  "phi-4-mini-instruct": 8,
  "llama-3.1-8b-instruct": 22,
  "mistral-7b": 14,
  "mistral-7b-instruct": 16,
  "qwen2.5-coder-7b-instruct": 24,
  "qwen2.5-coder-32b-instruct": 70,
};

/** Name of KAITO's preset for a model: the last part of its Hugging Face id in lower case, without Mistral's version. */
export function presetName(model: BaseModelName | { readonly name: string }): string {
  const name = typeof model === "string" ? model : model.name;
  const id = isBaseModelName(name) ? BASE_MODELS[name].huggingFaceId : name;
  return (id.split("/").at(-1) ?? id).toLowerCase().replace(/^(mistral-7b(?:-instruct)?)-v0\.3$/, "$1");
}
