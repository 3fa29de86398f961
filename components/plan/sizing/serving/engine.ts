import { GIB } from "../gib";
import { feedForwardWidth, expertsPerToken, keyWidth, queryWidth } from "../parameters";
import type { ResolvedServingSetup } from "./setup";
import { dequantisedBytes, SIXTEEN_BIT } from "./weights";

/** CUDA context and libraries: the 0.6 GiB of kaito-project/kaito pkg/workspace/estimator/nodesestimator/estimator.go @056b828, "non-torch" (2026-08). */
const CONTEXT_GIB = 0.6;
/** NCCL's buffers and those of vLLM's own all-reduce, on each of several GPUs; older vLLM logs 1.8 (vllm-project/vllm#10511), newer ones take less (2026-11). */
const NCCL_GIB = 1;
/**
 * CUDA graphs of vLLM, kept for each block: 1.5 to 1.9 GiB of models of 60 to 88 blocks on H100 (kaito-project/kaito#2139, 2026-06), more in older
 * engines (2.4 GiB for 60 blocks, vllm-project/vllm#7553).
 */
const GRAPHS_GIB_PER_BLOCK = 0.0235;
/** Sampling keeps, for each sequence and word, the logit in 16 bits and in fp32, a sorted copy and the probability. */
const SAMPLED_BYTES = 2 + 4 + 4 + 4;
/** Plain generate keeps the last token's logit in 16 bits and fp32. */
const LAST_LOGIT_BYTES = 2 + 4;

/** Peak of a forward pass on one GPU, in bytes. Sampling comes when the blocks are done, so that the larger of the two counts. */
export function activationBytes(setup: ResolvedServingSetup): number {
  const { concurrency, engine, maxNumBatchedTokens, maxNumSequences, model, promptTokens } = setup;
  const words = model.vocab_size;
  if (engine === "transformers") {
    return dequantisedBytes(setup) + blockBytes(setup, Math.max(1, promptTokens) * concurrency) + LAST_LOGIT_BYTES * words * concurrency;
  }
  const sampling = SAMPLED_BYTES * words * Math.max(maxNumSequences, concurrency);
  return dequantisedBytes(setup) + Math.max(blockBytes(setup, maxNumBatchedTokens), sampling);
}

/** One block's tensors alive at once: input, residual, norm and output, queries, keys and values, and the feed-forward layer's gate, value and product. */
function blockBytes(setup: ResolvedServingSetup, tokens: number): number {
  const { model, tensorParallel } = setup;
  const split = queryWidth(model) + 2 * keyWidth(model) + 3 * feedForwardWidth(model) * expertsPerToken(model);
  return SIXTEEN_BIT * tokens * (4 * model.hidden_size + split / tensorParallel);
}

/** What an engine takes beside torch's tensors on one GPU, in bytes. */
export function runtimeBytes({ engine, model, pipelineParallel, tensorParallel }: ResolvedServingSetup): number {
  if (engine === "transformers") return CONTEXT_GIB * GIB;
  const nccl = tensorParallel * pipelineParallel > 1 ? NCCL_GIB : 0;
  return (CONTEXT_GIB + nccl + GRAPHS_GIB_PER_BLOCK * Math.ceil(model.num_hidden_layers / pipelineParallel)) * GIB;
}
