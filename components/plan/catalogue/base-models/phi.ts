import { published } from "./facts";

const PHI = { owner: "microsoft", family: "Phi", licence: "mit", gated: false };

/** Lightning-AI/litgpt litgpt/config.py @bd2a0fc, kaito-project/kaito presets model_catalog.yaml @056b828, 2026-11; phi-3-medium: its config.json. */
export const PHI_3_AND_LATER = published(PHI, {
  "Phi-3-mini-4k-instruct": {
    ...{ layers: 32, hidden: 3072, inner: 8192, heads: 32, kvHeads: 32, headDim: 96, vocab: 32064, context: 4096 },
    window: [2048],
  },
  "Phi-3-mini-128k-instruct": { layers: 32, hidden: 3072, inner: 8192, heads: 32, kvHeads: 32, headDim: 96, vocab: 32064, context: 131072 },
  "Phi-3-medium-4k-instruct": {
    ...{ layers: 40, hidden: 5120, inner: 17920, heads: 40, kvHeads: 10, headDim: 128, vocab: 32064, context: 4096 },
    window: [2047],
  },
  "Phi-3-medium-128k-instruct": {
    ...{ layers: 40, hidden: 5120, inner: 17920, heads: 40, kvHeads: 10, headDim: 128, vocab: 32064, context: 131072 },
    gated: undefined,
  },
  "Phi-3.5-mini-instruct": { layers: 32, hidden: 3072, inner: 8192, heads: 32, kvHeads: 32, headDim: 96, vocab: 32064, context: 131072 },
  "phi-4": { layers: 40, hidden: 5120, inner: 17920, heads: 40, kvHeads: 10, headDim: 128, vocab: 100352, context: 16384 },
  "Phi-4-mini-instruct": {
    ...{ layers: 32, hidden: 3072, inner: 8192, heads: 24, kvHeads: 8, headDim: 128, vocab: 200064, context: 131072 },
    tied: true,
  },
});

/** Lightning-AI/litgpt litgpt/config.py @bd2a0fc. */
export const PHI_1_AND_2 = published(PHI, {
  "phi-1_5": { layers: 24, hidden: 2048, inner: 8192, heads: 32, kvHeads: 32, headDim: 64, vocab: 51200, context: 2048, gate: false },
  "phi-2": { layers: 32, hidden: 2560, inner: 10240, heads: 32, kvHeads: 32, headDim: 80, vocab: 51200, context: 2048, gate: false },
});
