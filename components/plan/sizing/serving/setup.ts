import { modelProblems } from "../../base-model";
import { BASE_MODELS, type BaseModelName, findBaseModel, type ModelDimensions } from "../../catalogue/base-models";
import { wholeNumber } from "../../recipe";
import { type Problem, refuse } from "../../refuse";
import { choiceProblems } from "../../spelling";

/**
 * How the matrices of the blocks are stored: not quantised, in bitsandbytes' NF4 without or with double quantisation, in 8-bit integers, in four
 * bits by GPTQ or AWQ, in 8-bit floating point, or in MXFP4, which leaves everything but the experts alone where there are experts.
 */
export type ServingQuantization = "none" | "nf4" | "nf4-dq" | "int8" | "gptq" | "awq" | "fp8" | "mxfp4";
/** All of them, the least memory last. */
export const SERVING_QUANTIZATIONS = ["none", "int8", "fp8", "nf4", "mxfp4", "gptq", "awq", "nf4-dq"] as const satisfies readonly ServingQuantization[];

/** What a server is asked to hold, and how it is spread over GPUs. */
export interface ServingSetup {
  /** Base model: a name of the catalogue, or the dimensions of an unlisted one. */
  readonly model: BaseModelName | ModelDimensions;
  /** Longest prompt and answer together, in tokens. */
  readonly contextLength: number;
  /** Sequences of that length held at once. @default 1 */
  readonly concurrency?: number;
  /** How the matrices of the blocks are stored. @default "none" */
  readonly quantization?: ServingQuantization;
  /** Whether the output head is quantised too, as by a stack that replaces every linear layer; bitsandbytes in transformers and vLLM leave it. @default false */
  readonly quantizesHead?: boolean;
  /** Type of what is not quantised. @default "bf16" */
  readonly weightDtype?: "bf16" | "fp16" | "fp32";
  /** Compute in 16 bits from weights in 32: torch's autocast keeps a 16-bit copy of every matrix beside them. @default false */
  readonly autocast?: boolean;
  /** Type of keys and values in the cache; "auto" is that of the weights. @default "auto" */
  readonly kvCacheDtype?: "auto" | "fp8" | "int8";
  /** Whether blocks with local attention keep their window alone, as vLLM's hybrid cache manager does. @default true */
  readonly hybridCache?: boolean;
  /** Adapters held at once and the rank that each slot is made for, whatever the rank of its adapter. @default - none */
  readonly adapters?: {
    /** Slots, vLLM's `--max-loras`. */
    readonly slots: number;
    /** Rank of a slot, vLLM's `--max-lora-rank`. */
    readonly rank: number;
  };
  /** GPUs that each hold a part of every matrix. @default 1 */
  readonly tensorParallel?: number;
  /** Groups of GPUs that each hold some of the blocks. @default 1 */
  readonly pipelineParallel?: number;
  /** What runs the model: "vllm", or "transformers" with plain generate. @default "vllm" */
  readonly engine?: "vllm" | "transformers";
  /** Tokens that one forward pass of vLLM computes at most, its `--max-num-batched-tokens`. @default 2048 */
  readonly maxNumBatchedTokens?: number;
  /** Sequences that one forward pass of vLLM samples for at most, its `--max-num-seqs`. @default 256 */
  readonly maxNumSequences?: number;
  /** Part of a GPU's memory that vLLM takes, its `--gpu-memory-utilization`. @default 0.92 */
  readonly gpuMemoryUtilization?: number;
  /** Tokens of each prompt, which plain generate computes in one pass. @default contextLength */
  readonly promptTokens?: number;
}

/** A setup with every default. */
export interface ResolvedServingSetup extends Required<Omit<ServingSetup, "model">> {
  readonly model: ModelDimensions;
}

/**
 * Fills every default. Those of vLLM are its own: https://docs.vllm.ai/en/latest/configuration/engine_args/ (0.92 of the memory as
 * kaito-project/kaito#2302 of 2026-08-26 quotes it).
 *
 * @throws RunError for numbers out of range.
 */
export function resolveServingSetup(setup: ServingSetup): ResolvedServingSetup {
  refuse("The serving setup", setupProblems(setup));
  const { model, ...given } = setup;
  return {
    model: servedModel(model),
    contextLength: given.contextLength,
    concurrency: given.concurrency ?? 1,
    quantization: given.quantization ?? "none",
    quantizesHead: given.quantizesHead ?? false,
    weightDtype: given.weightDtype ?? "bf16",
    autocast: given.autocast ?? false,
    kvCacheDtype: given.kvCacheDtype ?? "auto",
    hybridCache: given.hybridCache ?? true,
    adapters: given.adapters ?? { slots: 0, rank: 0 },
    tensorParallel: given.tensorParallel ?? 1,
    pipelineParallel: given.pipelineParallel ?? 1,
    engine: given.engine ?? "vllm",
    maxNumBatchedTokens: given.maxNumBatchedTokens ?? 2048,
    maxNumSequences: given.maxNumSequences ?? 256,
    gpuMemoryUtilization: given.gpuMemoryUtilization ?? 0.92,
    promptTokens: Math.min(given.promptTokens ?? given.contextLength, given.contextLength),
  };
}

/** All dimensions of a model, those that only serving asks for included. */
export function servedModel(model: BaseModelName | ModelDimensions): ModelDimensions {
  return typeof model === "string" ? BASE_MODELS[findBaseModel(model) ?? model] : model;
}

const MOST_TOKENS = 16_777_216;
const MOST_SEQUENCES = 1_000_000;
const MOST_GPUS = 1024;

function setupProblems(setup: ServingSetup): Problem[] {
  const whole = (path: string, value: number | undefined, least: number, most: number) =>
    value === undefined ? [] : wholeNumber("AKSFT-SERVE-11", path, value, least, most);
  return [
    ...modelProblems(setup.model),
    ...whole("contextLength", setup.contextLength, 0, MOST_TOKENS),
    ...whole("concurrency", setup.concurrency, 0, MOST_SEQUENCES),
    ...whole("tensorParallel", setup.tensorParallel, 1, MOST_GPUS),
    ...whole("pipelineParallel", setup.pipelineParallel, 1, MOST_GPUS),
    ...whole("adapters.slots", setup.adapters?.slots, 0, MOST_SEQUENCES),
    ...whole("adapters.rank", setup.adapters?.rank, 0, 65_536),
    ...whole("maxNumBatchedTokens", setup.maxNumBatchedTokens, 1, MOST_TOKENS),
    ...whole("maxNumSequences", setup.maxNumSequences, 1, MOST_SEQUENCES),
    ...whole("promptTokens", setup.promptTokens, 0, MOST_TOKENS),
    ...utilizationProblems(setup.gpuMemoryUtilization),
    ...choiceProblems("AKSFT-SERVE-11", "quantization", setup.quantization, SERVING_QUANTIZATIONS),
  ];
}

function utilizationProblems(part: number | undefined): Problem[] {
  if (part === undefined || (part > 0 && part <= 1)) return [];
  return [{ code: "AKSFT-SERVE-11", path: "gpuMemoryUtilization", got: part, rule: "must be above 0 and at most 1", fix: "use 0.92" }];
}
