import { published } from "./facts";

/**
 * The models they are distilled into, as DeepSeek-R1's card names them: Lightning-AI/litgpt litgpt/config.py @bd2a0fc,
 * kaito-project/kaito presets model_catalog.yaml @056b828; Qwen-1.5B: copies of its config.json, whose head is not tied; 2026-11.
 */
export const DEEPSEEK_R1_DISTILL = published({ owner: "deepseek-ai", family: "DeepSeek", licence: "mit", gated: false }, {
  "DeepSeek-R1-Distill-Qwen-1.5B": { layers: 28, hidden: 1536, inner: 8960, heads: 12, kvHeads: 2, headDim: 128, vocab: 151936, context: 131072 },
  "DeepSeek-R1-Distill-Qwen-7B": { layers: 28, hidden: 3584, inner: 18944, heads: 28, kvHeads: 4, headDim: 128, vocab: 152064, context: 131072 },
  "DeepSeek-R1-Distill-Qwen-14B": { layers: 48, hidden: 5120, inner: 13824, heads: 40, kvHeads: 8, headDim: 128, vocab: 152064, context: 131072 },
  "DeepSeek-R1-Distill-Qwen-32B": { layers: 64, hidden: 5120, inner: 27648, heads: 40, kvHeads: 8, headDim: 128, vocab: 152064, context: 131072 },
  "DeepSeek-R1-Distill-Llama-8B": {
    ...{ layers: 32, hidden: 4096, inner: 14336, heads: 32, kvHeads: 8, headDim: 128, vocab: 128256, context: 131072 },
    ...{ aliases: ["R1-Distill-Llama-8B"], note: "derived from a model under Llama's licence" },
  },
  "DeepSeek-R1-Distill-Llama-70B": {
    ...{ layers: 80, hidden: 8192, inner: 28672, heads: 64, kvHeads: 8, headDim: 128, vocab: 128256, context: 131072 },
    ...{ aliases: ["R1-Distill-Llama-70B"], note: "derived from a model under Llama's licence" },
  },
});
