import { published } from "./facts";

const LLAMA = { owner: "meta-llama", family: "Llama", gated: true };

/** Lightning-AI/litgpt litgpt/config.py @bd2a0fc, NVIDIA-NeMo/NeMo nemo/collections/llm/gpt/model/llama.py, 2026-11. */
export const LLAMA_3 = published({ ...LLAMA, licence: "llama3.1" }, {
  "Meta-Llama-3-8B": {
    ...{ layers: 32, hidden: 4096, inner: 14336, heads: 32, kvHeads: 8, headDim: 128, vocab: 128256, context: 8192 },
    ...{ licence: "llama3", aliases: ["Llama-3-8B"] },
  },
  "Llama-3.1-8B-Instruct": {
    ...{ layers: 32, hidden: 4096, inner: 14336, heads: 32, kvHeads: 8, headDim: 128, vocab: 128256, context: 131072 },
    aliases: ["Llama-3.1-8B"],
  },
  "Llama-3.1-70B-Instruct": {
    ...{ layers: 80, hidden: 8192, inner: 28672, heads: 64, kvHeads: 8, headDim: 128, vocab: 128256, context: 131072 },
    aliases: ["Llama-3.1-70B"],
  },
  "Llama-3.1-405B": {
    ...{ layers: 126, hidden: 16384, inner: 53248, heads: 128, kvHeads: 8, headDim: 128, vocab: 128256, context: 131072 },
    note: "its first release had 16 key and value heads",
  },
  "Llama-3.2-1B": {
    ...{ layers: 16, hidden: 2048, inner: 8192, heads: 32, kvHeads: 8, headDim: 64, vocab: 128256, context: 131072 },
    ...{ tied: true, licence: "llama3.2" },
  },
  "Llama-3.2-3B": {
    ...{ layers: 28, hidden: 3072, inner: 8192, heads: 24, kvHeads: 8, headDim: 128, vocab: 128256, context: 131072 },
    ...{ tied: true, licence: "llama3.2" },
  },
  "Llama-3.3-70B-Instruct": {
    ...{ layers: 80, hidden: 8192, inner: 28672, heads: 64, kvHeads: 8, headDim: 128, vocab: 128256, context: 131072 },
    licence: "llama3.3",
  },
});

/** Lightning-AI/litgpt litgpt/config.py @bd2a0fc. */
export const LLAMA_2 = published({ ...LLAMA, licence: "llama2" }, {
  "Llama-2-7b-hf": {
    ...{ layers: 32, hidden: 4096, inner: 11008, heads: 32, kvHeads: 32, headDim: 128, vocab: 32000, context: 4096 },
    aliases: ["Llama-2-7b"],
  },
  "Llama-2-13b-hf": {
    ...{ layers: 40, hidden: 5120, inner: 13824, heads: 40, kvHeads: 40, headDim: 128, vocab: 32000, context: 4096 },
    aliases: ["Llama-2-13b"],
  },
  "Llama-2-70b-hf": {
    ...{ layers: 80, hidden: 8192, inner: 28672, heads: 64, kvHeads: 8, headDim: 128, vocab: 32000, context: 4096 },
    aliases: ["Llama-2-70b"],
  },
});

/** Lightning-AI/litgpt litgpt/config.py @bd2a0fc. */
export const CODE_LLAMA = published({ owner: "codellama", family: "Llama", licence: "llama2" }, {
  "CodeLlama-34b-hf": {
    ...{ layers: 48, hidden: 8192, inner: 22016, heads: 64, kvHeads: 8, headDim: 128, vocab: 32000, context: 16384 },
    aliases: ["CodeLlama-34b"],
  },
});

/** Lightning-AI/litgpt litgpt/config.py @bd2a0fc. */
export const TINY_LLAMA = published({ owner: "TinyLlama", family: "Llama", licence: "apache-2.0", gated: false }, {
  "TinyLlama-1.1B-intermediate-step-1431k-3T": {
    ...{ layers: 22, hidden: 2048, inner: 5632, heads: 32, kvHeads: 4, headDim: 64, vocab: 32000, context: 2048 },
    aliases: ["tiny-llama-1.1b"],
  },
});
