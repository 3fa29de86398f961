import { headLength } from "../../catalogue/base-models";
import type { ResolvedServingSetup } from "./setup";

/** Tokens of a block of vLLM's cache: https://docs.vllm.ai/en/latest/configuration/engine_args/#cacheconfig */
const BLOCK_TOKENS = 16;
/** Width of a key's positional part with multi-head latent attention, where a model does not give it: that of DeepSeek-V3. */
const ROPE_WIDTH = 64;
/** An 8-bit integer vector has a scale and a zero point of 16 bits each: QwenLM/Qwen README, "KV cache quantization". */
const INT8_VECTOR_BYTES = 4;
/**
 * Plain generate appends each token by copying a block's keys and values into a tensor one token longer. What the old ones leave is always a token too
 * short for the next copy, so torch's allocator comes to hold as much again as is alive. (2026-11: at twice the cache QwenLM/Qwen's README
 * is met within 4 % from 512 to 8,192 tokens in 16 bits. No other source went into it.)
 */
const GROWING_CACHE_COPIES = 2;

/** The cache of one GPU, in bytes. */
export interface CacheBytes {
  /** Keys and values alive. */
  readonly live: number;
  /** What the allocator holds for them. */
  readonly held: number;
}

/** Keys and values of one token on one GPU, in bytes, where every block sees the whole sequence. */
export function tokenBytes(setup: ResolvedServingSetup): number {
  return blocksHeld(setup) * layerTokenBytes(setup);
}

/** The cache of `concurrency` sequences of `contextLength` tokens on one GPU. */
export function cacheBytes(setup: ResolvedServingSetup): CacheBytes {
  const { concurrency, contextLength, engine, model } = setup;
  const paged = (tokens: number): number => (engine === "vllm" ? Math.ceil(tokens / BLOCK_TOKENS) * BLOCK_TOKENS : tokens);
  const window = setup.hybridCache ? (model.sliding_window ?? contextLength) : contextLength;
  const kept = concurrency * paged(Math.min(contextLength, window));
  // While vLLM reads a prompt in pieces, a window holds the piece at hand as well; one piece is read at a time.
  const reading = engine === "vllm" && concurrency > 0 ? paged(Math.max(0, Math.min(contextLength - window, setup.maxNumBatchedTokens))) : 0;
  const local = localBlocks(setup) * layerTokenBytes(setup) * (kept + reading);
  const global = (blocksHeld(setup) - localBlocks(setup)) * layerTokenBytes(setup) * concurrency * paged(contextLength);
  const live = local + global;
  return { live, held: engine === "transformers" ? GROWING_CACHE_COPIES * live : live };
}

/** Blocks of the model that a GPU holds. */
function blocksHeld({ model, pipelineParallel }: ResolvedServingSetup): number {
  return Math.ceil(model.num_hidden_layers / pipelineParallel);
}

/** Of these, those with local attention; a stage of a pipeline has its share. */
function localBlocks(setup: ResolvedServingSetup): number {
  const { model } = setup;
  if (model.sliding_window === undefined) return 0;
  const local = Math.min(model.sliding_window_layers ?? model.num_hidden_layers, model.num_hidden_layers);
  return (blocksHeld(setup) * local) / model.num_hidden_layers;
}

/**
 * Keys and values of one token in one block. Tensor parallelism spreads the heads down to one each and then repeats them; a latent (DeepSeek-V2,
 * arXiv:2405.04434, section 2.1) has no heads to spread, so every GPU has all of it.
 */
function layerTokenBytes(setup: ResolvedServingSetup): number {
  const { model, tensorParallel } = setup;
  if (model.kv_lora_rank !== undefined) return vectorBytes(setup, model.kv_lora_rank + (model.qk_rope_head_dim ?? ROPE_WIDTH));
  return 2 * Math.ceil(model.num_key_value_heads / tensorParallel) * vectorBytes(setup, headLength(model));
}

function vectorBytes({ kvCacheDtype, weightDtype, autocast }: ResolvedServingSetup, width: number): number {
  if (kvCacheDtype === "fp8") return width;
  if (kvCacheDtype === "int8") return width + INT8_VECTOR_BYTES;
  return width * (weightDtype === "fp32" && !autocast ? 4 : 2);
}
