import { GIB } from "./gib";
import { slotBytes } from "./serving/adapter-slots";
import { activationBytes, runtimeBytes } from "./serving/engine";
import { cacheBytes, tokenBytes } from "./serving/kv-cache";
import { type ResolvedServingSetup, resolveServingSetup, type ServingSetup } from "./serving/setup";
import { weightBytes } from "./serving/weights";

/** Memory that a server needs of each of its GPUs, in GiB; of the one with the most where they differ. */
export interface ServingEstimate {
  /** By what it is used for, in GiB. */
  readonly parts: {
    /** Base weights, quantised or not. */
    readonly weights: number;
    /** Keys and values of all sequences, with what the allocator holds beside them. */
    readonly kvCache: number;
    /** Adapter slots. */
    readonly adapters: number;
    /** Peak of a forward pass. */
    readonly activations: number;
    /** CUDA context, NCCL and CUDA graphs. */
    readonly runtime: number;
  };
  /** What the engine must have to serve the sequences of the setup: all parts together. */
  readonly expectedGiB: number;
  /** The same with room for the error of this estimate. */
  readonly safeGiB: number;
  /** Peak of torch's live tensors, `torch.cuda.max_memory_allocated`. */
  readonly allocatedGiB: number;
  /** Peak of what torch's allocator holds, `torch.cuda.max_memory_reserved`. */
  readonly reservedGiB: number;
  /** Memory that a GPU must offer for it: vLLM takes only its `--gpu-memory-utilization`. */
  readonly gpuMemoryGiB: number;
  /** Keys and values of one token on one GPU, in bytes, where every block sees the whole sequence. */
  readonly kvBytesPerToken: number;
}

/**
 * Memory of each GPU of a server.
 *
 * A first-principles estimate: weights as stored, keys and values by kind of attention (grouped, local, latent), slots for adapters at the rank they are
 * made for, the peak of one forward pass, and what the engine takes for itself. Its few calibrated constants have their source and date beside them.
 *
 * @throws RunError for numbers out of range.
 */
export function estimateServingMemory(setup: ServingSetup): ServingEstimate {
  return estimate(resolveServingSetup(setup));
}

/** Most sequences of the setup's `contextLength` that GPUs of `gpuMemoryGiB` each hold; 0 where not one fits. */
export function servingConcurrency(setup: ServingSetup, gpuMemoryGiB: number): number {
  const resolved = resolveServingSetup(setup);
  return largest(1_000_000, (concurrency) => fits({ ...resolved, concurrency }, gpuMemoryGiB));
}

/** Longest sequences, up to the model's own limit, of which GPUs of `gpuMemoryGiB` each hold the setup's `concurrency`; 0 where none fit. */
export function servingContextLength(setup: ServingSetup, gpuMemoryGiB: number): number {
  const resolved = resolveServingSetup(setup);
  const prompt = (length: number): number => (setup.promptTokens === undefined ? length : Math.min(setup.promptTokens, length));
  return largest(resolved.model.max_position_embeddings, (contextLength) =>
    fits({ ...resolved, contextLength, promptTokens: prompt(contextLength) }, gpuMemoryGiB),
  );
}

/** Memory left for keys and values on a GPU of `gpuMemoryGiB`, in GiB, as vLLM logs it when it starts. */
export function servingCacheRoomGiB(setup: ServingSetup, gpuMemoryGiB: number): number {
  const resolved = resolveServingSetup(setup);
  const { expectedGiB, parts } = estimate(resolved);
  return Math.max(0, usable(resolved, gpuMemoryGiB) - (expectedGiB - parts.kvCache));
}

function estimate(setup: ResolvedServingSetup): ServingEstimate {
  const cache = cacheBytes(setup);
  const parts = {
    weights: weightBytes(setup) / GIB,
    kvCache: cache.held / GIB,
    adapters: slotBytes(setup) / GIB,
    activations: activationBytes(setup) / GIB,
    runtime: runtimeBytes(setup) / GIB,
  };
  const reservedGiB = parts.weights + parts.kvCache + parts.adapters + parts.activations;
  const expectedGiB = reservedGiB + parts.runtime;
  return {
    parts,
    expectedGiB,
    safeGiB: expectedGiB + slackGiB(setup, parts),
    allocatedGiB: reservedGiB - (cache.held - cache.live) / GIB,
    reservedGiB,
    gpuMemoryGiB: expectedGiB / usable(setup, 1),
    kvBytesPerToken: tokenBytes(setup),
  };
}

/** Weights are known to 2 %, a cache made of blocks exactly; activations and runtime differ by a quarter between versions of an engine. */
function slackGiB({ engine }: ResolvedServingSetup, { weights, kvCache, activations, runtime }: ServingEstimate["parts"]): number {
  return 0.02 * weights + (engine === "vllm" ? 0 : 0.1 * kvCache) + 0.25 * (activations + runtime);
}

function usable({ engine, gpuMemoryUtilization }: ResolvedServingSetup, gpuMemoryGiB: number): number {
  return engine === "vllm" ? gpuMemoryUtilization * gpuMemoryGiB : gpuMemoryGiB;
}

function fits(setup: ResolvedServingSetup, gpuMemoryGiB: number): boolean {
  return estimate(setup).gpuMemoryGiB <= gpuMemoryGiB;
}

/** The largest number up to `most` that fits, given that less always fits where more does; 0 where 1 does not. */
function largest(most: number, fitting: (value: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fitting(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
