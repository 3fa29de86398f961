import { published } from "./facts";

const QWEN = { owner: "Qwen", family: "Qwen", licence: "apache-2.0", gated: false };
const BY_YARN = "131072 tokens with YaRN, which its config.json leaves off";

/** Lightning-AI/litgpt litgpt/config.py @bd2a0fc; tied embeddings: pytorch/torchtune's model builders @2685705; 2026-11. */
export const QWEN_2_5 = published(QWEN, {
  "Qwen2.5-0.5B-Instruct": {
    ...{ layers: 24, hidden: 896, inner: 4864, heads: 14, kvHeads: 2, headDim: 64, vocab: 151936, context: 32768 },
    ...{ tied: true, aliases: ["Qwen2.5-0.5B"] },
  },
  "Qwen2.5-1.5B-Instruct": {
    ...{ layers: 28, hidden: 1536, inner: 8960, heads: 12, kvHeads: 2, headDim: 128, vocab: 151936, context: 32768 },
    ...{ tied: true, aliases: ["Qwen2.5-1.5B"] },
  },
  "Qwen2.5-3B-Instruct": {
    ...{ layers: 36, hidden: 2048, inner: 11008, heads: 16, kvHeads: 2, headDim: 128, vocab: 151936, context: 32768 },
    ...{ tied: true, licence: "qwen-research", aliases: ["Qwen2.5-3B"] },
  },
  "Qwen2.5-7B-Instruct": {
    ...{ layers: 28, hidden: 3584, inner: 18944, heads: 28, kvHeads: 4, headDim: 128, vocab: 152064, context: 32768 },
    ...{ aliases: ["Qwen2.5-7B"], note: BY_YARN },
  },
  "Qwen2.5-14B-Instruct": {
    ...{ layers: 48, hidden: 5120, inner: 13824, heads: 40, kvHeads: 8, headDim: 128, vocab: 152064, context: 32768 },
    ...{ aliases: ["Qwen2.5-14B"], note: BY_YARN },
  },
  "Qwen2.5-32B-Instruct": {
    ...{ layers: 64, hidden: 5120, inner: 27648, heads: 40, kvHeads: 8, headDim: 128, vocab: 152064, context: 32768 },
    ...{ aliases: ["Qwen2.5-32B"], note: BY_YARN },
  },
  "Qwen2.5-72B-Instruct": {
    ...{ layers: 80, hidden: 8192, inner: 29568, heads: 64, kvHeads: 8, headDim: 128, vocab: 152064, context: 32768 },
    ...{ licence: "qwen", aliases: ["Qwen2.5-72B"], note: BY_YARN },
  },
});

/** Names, widths and heads: kaito-project/kaito presets model_catalog.yaml @056b828; the rest is that of Qwen2.5, on which they are trained. */
export const QWEN_2_5_CODER = published({ ...QWEN, gated: undefined }, {
  "Qwen2.5-Coder-7B-Instruct": { layers: 28, hidden: 3584, inner: 18944, heads: 28, kvHeads: 4, headDim: 128, vocab: 152064, context: 32768 },
  "Qwen2.5-Coder-32B-Instruct": { layers: 64, hidden: 5120, inner: 27648, heads: 40, kvHeads: 8, headDim: 128, vocab: 152064, context: 32768 },
});

/** As Qwen2.5; experts: NVIDIA-NeMo/NeMo nemo/collections/llm/gpt/model/qwen3.py. */
export const QWEN_3 = published(QWEN, {
  "Qwen3-0.6B": { layers: 28, hidden: 1024, inner: 3072, heads: 16, kvHeads: 8, headDim: 128, vocab: 151936, context: 40960, tied: true },
  "Qwen3-1.7B": { layers: 28, hidden: 2048, inner: 6144, heads: 16, kvHeads: 8, headDim: 128, vocab: 151936, context: 40960, tied: true },
  "Qwen3-4B": { layers: 36, hidden: 2560, inner: 9728, heads: 32, kvHeads: 8, headDim: 128, vocab: 151936, context: 40960, tied: true },
  "Qwen3-8B": { layers: 36, hidden: 4096, inner: 12288, heads: 32, kvHeads: 8, headDim: 128, vocab: 151936, context: 40960 },
  "Qwen3-14B": { layers: 40, hidden: 5120, inner: 17408, heads: 40, kvHeads: 8, headDim: 128, vocab: 151936, context: 40960 },
  "Qwen3-32B": { layers: 64, hidden: 5120, inner: 25600, heads: 64, kvHeads: 8, headDim: 128, vocab: 151936, context: 40960 },
  "Qwen3-30B-A3B": {
    ...{ layers: 48, hidden: 2048, inner: 6144, heads: 32, kvHeads: 4, headDim: 128, vocab: 151936, context: 40960 },
    experts: [128, 8, 768],
  },
});

/** Their config.json, which prints twice the real width of the feed-forward layers; 2026-11. */
export const QWEN_1 = published({ ...QWEN, licence: "tongyi-qianwen" }, {
  "Qwen-1_8B": { layers: 24, hidden: 2048, inner: 5504, heads: 16, kvHeads: 16, headDim: 128, vocab: 151936, context: 8192 },
  "Qwen-7B": { layers: 32, hidden: 4096, inner: 11008, heads: 32, kvHeads: 32, headDim: 128, vocab: 151936, context: 32768 },
  "Qwen-14B": { layers: 40, hidden: 5120, inner: 13696, heads: 40, kvHeads: 40, headDim: 128, vocab: 152064, context: 8192 },
  "Qwen-72B": { layers: 80, hidden: 8192, inner: 24576, heads: 64, kvHeads: 64, headDim: 128, vocab: 152064, context: 32768 },
});
