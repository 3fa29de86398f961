import type { ModelDimensions } from "../../catalogue/base-models";
import { activeParameterCount, blockParameters, embeddingParameters, parameterCount, queryWidth } from "../parameters";
import { shardsOf, type TuningTimeSetup, tokensPerMicroStep } from "./setup";
import type { SoftwareStack } from "./stacks";

/** Part of the speed of matrix products that attention's kernels reach: FlashAttention-2 (arXiv:2307.08691, section 4), and those without it. */
const ATTENTION = { flash: 0.7, other: 0.25 } as const;
/** Bytes per weight that DoRA moves to find the norm of each column of W + BA: the product written, added, squared and read (arXiv:2402.09353, section 4.3). */
const DORA_BYTES = 10;
/** Bytes per trained parameter: a micro-step's gradient read and added to the sum; the sum, weight and two states read in 32 bits, the last three written. */
const GRADIENT_BYTES = 2 + 4 + 4;
const UPDATE_BYTES = 7 * 4;

/** Seconds that one GPU computes for one micro-step: the kernels one after another, or the host that starts them where they are too small to keep up with. */
export function computeSeconds(setup: TuningTimeSetup, stack: SoftwareStack): number {
  const { products, attention } = microStepFlops(setup);
  const { tflops, attainable, flashAttention } = setup.gpu;
  const flopsPerSecond = tflops * 1e12 * attainable * stack.productEfficiency;
  const attentionPart = flashAttention ? ATTENTION.flash : ATTENTION.other;
  const kernels =
    products / flopsPerSecond + attention / (flopsPerSecond * attentionPart) + trafficBytes(setup, stack) / (setup.gpu.memoryGBps * 1e9) + unpackingSeconds(setup, stack);
  return Math.max(kernels, launchSeconds(setup, stack));
}

/**
 * Floating-point operations of one micro-step, 2 for each weight and token in a forward pass. Backward they are as many again for the gradient of what
 * came in and, in full tuning only, for that of the weights; checkpointing computes forward once more. Attention's scores and sums come on top,
 * 12 × blocks × length × width for each token forward and backward (PaLM, arXiv:2204.02311, appendix B), halved because a token sees only what came before.
 */
export function microStepFlops(setup: TuningTimeSetup): { readonly products: number; readonly attention: number } {
  const { model, method, sequenceLength } = setup;
  const tokens = tokensPerMicroStep(setup);
  const again = recomputes(setup);
  const passes = method === "full" ? 3 + again : 2 + again;
  return {
    products: 2 * passes * multiplied(model) * tokens,
    attention: 2 * (3 + again) * queryWidth(model) * seenByBlocks(model, sequenceLength) * tokens,
  };
}

/** Parameters that each token is multiplied with: a word is looked up in the embedding, not multiplied. */
function multiplied(model: ModelDimensions): number {
  return activeParameterCount(model) - (model.tie_word_embeddings ? 0 : embeddingParameters(model));
}

/** Tokens that attention spans, summed over the blocks. */
function seenByBlocks({ num_hidden_layers: blocks, sliding_window: window, sliding_window_layers }: ModelDimensions, length: number): number {
  const local = window === undefined ? 0 : Math.min(sliding_window_layers ?? blocks, blocks);
  return (blocks - local) * length + local * Math.min(length, window ?? length);
}

function recomputes({ checkpointing }: TuningTimeSetup): 0 | 1 {
  return checkpointing === "none" ? 0 : 1;
}

/** Bytes that move between a GPU and its own memory in one micro-step, besides what its matrix products reuse. */
function trafficBytes(setup: TuningTimeSetup, stack: SoftwareStack): number {
  const { model, method } = setup;
  const again = recomputes(setup);
  const states = stack.blockTraffic + (method === "full" ? 0 : stack.adapterTraffic);
  // Backward costs two forward passes; the numbers of a stack are those of all three.
  const elementWise = 2 * states * model.hidden_size * model.num_hidden_layers * tokensPerMicroStep(setup) * ((3 + again) / 3);
  const weights = 2 * (2 + again) * parameterCount(model);
  const updates = method === "full" ? (parameterCount(model) / shardsOf(setup)) * (GRADIENT_BYTES + UPDATE_BYTES / (setup.accumulation ?? 1)) : 0;
  const norms = method === "dora" ? DORA_BYTES * (2 + again) * quantisable(model) : 0;
  return elementWise + weights + updates + norms;
}

/** A base of 4 bits is unpacked for each pass, whatever the number of tokens: long micro-steps spread that, short ones do not. */
function unpackingSeconds(setup: TuningTimeSetup, { unpackedPerSecond }: SoftwareStack): number {
  if (setup.method !== "qlora") return 0;
  return ((2 + recomputes(setup)) * quantisable(setup.model)) / (unpackedPerSecond * setup.gpu.share);
}

/** Weights of the blocks, all experts counted: what quantisation stores in 4 bits. */
export function quantisable(model: ModelDimensions): number {
  return model.num_hidden_layers * blockParameters(model);
}

function launchSeconds(setup: TuningTimeSetup, stack: SoftwareStack): number {
  const { num_hidden_layers: blocks, num_experts: experts = 0 } = setup.model;
  return blocks * (1 + experts * stack.expertLaunches) * stack.launchSeconds * ((3 + recomputes(setup)) / 3);
}
