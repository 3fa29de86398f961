/**
 * Every constant of the memory estimate that is not a count of bytes in somebody's code, each the same for all models, trainers and sources.
 *
 * Set on 2026-11-26 with the rows of two sources in tests/accuracy, QwenLM/Qwen and Lightning-AI/litgpt; the rows of pytorch/torchtune,
 * axolotl-ai-cloud/axolotl and AnswerDotAI/fsdp_qlora were left out of it and are the check. `npm run accuracy` prints the errors of both.
 */

/** CUDA context, cuBLAS and cuDNN workspaces and kernels of one process, in GiB; Unsloth counts 1.4 GB, KAITO 0.6 GiB for serving. */
export const CONTEXT_GIB = 0.8;
/** Buffers of NCCL and of the wrapper around the model, in GiB, where processes talk to each other. */
export const COMMUNICATION_GIB = 0.7;
/** Share of what is allocated and freed in a step that the caching allocator holds on top, with rows of one length. */
export const FRAGMENTATION = 0.12;
/** The same where lengths vary: blocks of one length do not fit the next. */
export const FRAGMENTATION_OF_VARIABLE_LENGTHS = 0.2;
/** Share of the weights that loading them leaves behind as free blocks; activations move in there, so it counts where it is the larger. */
export const FRAGMENTATION_OF_LOADING = 0.08;
/** Rounding of small blocks, in GiB. */
export const ROUNDING_GIB = 0.2;
/**
 * 16-bit copies of the width of the queries that attention keeps a block: queries, keys and values as the kernel takes them, the output as
 * the kernel and as the next layer see it, and what the views on a joint projection keep alive.
 */
export const ATTENTION_COPIES = 6;
/** How often the inputs of quantised layers are kept: bitsandbytes' MatMul4Bit saves them, its casts hold some of them a second time. */
export const QUANTISED_INPUT_COPIES = 1.5;
/** Error of this estimate, as a factor on what the driver will show. */
export const SAFETY = 1.2;
