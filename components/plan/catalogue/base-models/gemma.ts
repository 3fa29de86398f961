import { published } from "./facts";

const GEMMA = { owner: "google", family: "Gemma", licence: "gemma", gated: true };
const TEXT_ONLY = "its dimensions leave the vision tower out";

/** Lightning-AI/litgpt litgpt/config.py @bd2a0fc, 2026-11. Every other block looks back 4096 tokens. */
export const GEMMA_1_AND_2 = published(GEMMA, {
  "gemma-2b": { layers: 18, hidden: 2048, inner: 16384, heads: 8, kvHeads: 1, headDim: 256, vocab: 256000, context: 8192, tied: true },
  "gemma-7b": { layers: 28, hidden: 3072, inner: 24576, heads: 16, kvHeads: 16, headDim: 256, vocab: 256000, context: 8192, tied: true },
  "gemma-2-2b-it": {
    ...{ layers: 26, hidden: 2304, inner: 9216, heads: 8, kvHeads: 4, headDim: 256, vocab: 256000, context: 8192, tied: true },
    ...{ window: [4096, 13], aliases: ["gemma-2-2b"] },
  },
  "gemma-2-9b-it": {
    ...{ layers: 42, hidden: 3584, inner: 14336, heads: 16, kvHeads: 8, headDim: 256, vocab: 256000, context: 8192, tied: true },
    ...{ window: [4096, 21], aliases: ["gemma-2-9b"] },
  },
  "gemma-2-27b-it": {
    ...{ layers: 46, hidden: 4608, inner: 36864, heads: 32, kvHeads: 16, headDim: 128, vocab: 256000, context: 8192, tied: true },
    ...{ window: [4096, 23], aliases: ["gemma-2-27b"] },
  },
});

/** As Gemma 2, and NVIDIA-NeMo/NeMo nemo/collections/llm/gpt/model/gemma3.py. Five of six blocks have local attention. */
export const GEMMA_3 = published(GEMMA, {
  "gemma-3-1b-it": {
    ...{ layers: 26, hidden: 1152, inner: 6912, heads: 4, kvHeads: 1, headDim: 256, vocab: 262144, context: 32768, tied: true },
    window: [512, 22],
  },
  "gemma-3-4b-it": {
    ...{ layers: 34, hidden: 2560, inner: 10240, heads: 8, kvHeads: 4, headDim: 256, vocab: 262208, context: 131072, tied: true },
    ...{ window: [1024, 29], aliases: ["gemma-3-4b-instruct"], note: TEXT_ONLY },
  },
  "gemma-3-12b-it": {
    ...{ layers: 48, hidden: 3840, inner: 15360, heads: 16, kvHeads: 8, headDim: 256, vocab: 262208, context: 131072, tied: true },
    ...{ window: [1024, 40], note: TEXT_ONLY },
  },
  "gemma-3-27b-it": {
    ...{ layers: 62, hidden: 5376, inner: 21504, heads: 32, kvHeads: 16, headDim: 128, vocab: 262208, context: 131072, tied: true },
    ...{ window: [1024, 52], aliases: ["gemma-3-27b-instruct"], note: TEXT_ONLY },
  },
});
