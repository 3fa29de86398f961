import { published } from "./facts";

const MISTRAL = { owner: "mistralai", family: "Mistral", licence: "apache-2.0" };

/**
 * Lightning-AI/litgpt litgpt/config.py @bd2a0fc, kaito-project/kaito presets model_catalog.yaml @056b828; Nemo: copies of its config.json;
 * 2026-11. Whether Mistral's repositories are gated has changed over time.
 */
export const MISTRALS = published(MISTRAL, {
  "Mistral-7B-v0.1": {
    ...{ layers: 32, hidden: 4096, inner: 14336, heads: 32, kvHeads: 8, headDim: 128, vocab: 32000, context: 32768 },
    window: [4096],
  },
  "Mistral-7B-v0.3": {
    ...{ layers: 32, hidden: 4096, inner: 14336, heads: 32, kvHeads: 8, headDim: 128, vocab: 32768, context: 32768 },
    aliases: ["mistral-7b"],
  },
  "Mistral-7B-Instruct-v0.3": {
    ...{ layers: 32, hidden: 4096, inner: 14336, heads: 32, kvHeads: 8, headDim: 128, vocab: 32768, context: 32768 },
    aliases: ["mistral-7b-instruct"],
  },
  "Mistral-Nemo-Instruct-2407": {
    ...{ layers: 40, hidden: 5120, inner: 14336, heads: 32, kvHeads: 8, headDim: 128, vocab: 131072, context: 131072 },
    aliases: ["Mistral-Nemo-12B"],
  },
  "Mixtral-8x7B-v0.1": {
    ...{ layers: 32, hidden: 4096, inner: 14336, heads: 32, kvHeads: 8, headDim: 128, vocab: 32000, context: 32768 },
    experts: [8, 2, 14336],
  },
});
