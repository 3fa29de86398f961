import { published } from "./facts";

const MXFP4 = "ships its experts in MXFP4, 4.25 bits a weight; 16-bit weights are what tuning it dequantised takes";

/** NVIDIA-NeMo/NeMo nemo/collections/llm/gpt/model/gpt_oss.py, defaults of transformers 4.57.6; 2026-11. Every other block has local attention. */
export const GPT_OSS = published({ owner: "openai", family: "gpt-oss", licence: "apache-2.0", gated: false }, {
  "gpt-oss-20b": {
    ...{ layers: 24, hidden: 2880, inner: 2880, heads: 64, kvHeads: 8, headDim: 64, vocab: 201088, context: 131072 },
    ...{ experts: [32, 4, 2880], window: [128, 12], note: MXFP4 },
  },
  "gpt-oss-120b": {
    ...{ layers: 36, hidden: 2880, inner: 2880, heads: 64, kvHeads: 8, headDim: 64, vocab: 201088, context: 131072 },
    ...{ experts: [128, 4, 2880], window: [128, 18], note: MXFP4 },
  },
});

/** Lightning-AI/litgpt litgpt/config.py @bd2a0fc; SmolLM3: copies of its config.json, tied by the default of its class in transformers. */
export const SMOL_LM = published({ owner: "HuggingFaceTB", family: "SmolLM", licence: "apache-2.0", gated: false }, {
  "SmolLM2-135M": { layers: 30, hidden: 576, inner: 1536, heads: 9, kvHeads: 3, headDim: 64, vocab: 49152, context: 8192, tied: true },
  "SmolLM2-360M": { layers: 32, hidden: 960, inner: 2560, heads: 15, kvHeads: 5, headDim: 64, vocab: 49152, context: 8192, tied: true },
  "SmolLM2-1.7B": { layers: 24, hidden: 2048, inner: 8192, heads: 32, kvHeads: 32, headDim: 64, vocab: 49152, context: 8192, tied: true },
  "SmolLM3-3B": { layers: 36, hidden: 2048, inner: 11008, heads: 16, kvHeads: 4, headDim: 128, vocab: 128256, context: 65536, tied: true },
});

/** Lightning-AI/litgpt litgpt/config.py @bd2a0fc; tied by the default of their class in transformers. */
export const FALCON = published({ owner: "tiiuae", family: "Falcon", licence: "apache-2.0", gated: false }, {
  "falcon-7b": {
    ...{ layers: 32, hidden: 4544, inner: 18176, heads: 71, kvHeads: 1, headDim: 64, vocab: 65024, context: 2048 },
    ...{ tied: true, gate: false },
  },
  "falcon-40b": {
    ...{ layers: 60, hidden: 8192, inner: 32768, heads: 128, kvHeads: 8, headDim: 64, vocab: 65024, context: 2048 },
    ...{ tied: true, gate: false },
  },
});

/** Lightning-AI/litgpt litgpt/config.py @bd2a0fc. */
export const STABLE_LM = published({ owner: "stabilityai", family: "StableLM", licence: "cc-by-sa-4.0", gated: false }, {
  "stablelm-base-alpha-3b": { layers: 16, hidden: 4096, inner: 16384, heads: 32, kvHeads: 32, headDim: 128, vocab: 50688, context: 4096, gate: false },
});

/** NVIDIA-NeMo/NeMo nemo/collections/llm/gpt/model/chatglm.py; GLM-4: defaults of transformers 4.57.6. Licences of their own, which have no tag. */
export const GLM = published({ owner: "THUDM", family: "GLM", licence: "other", gated: false }, {
  "chatglm3-6b": { layers: 28, hidden: 4096, inner: 13696, heads: 32, kvHeads: 2, headDim: 128, vocab: 65024, context: 8192 },
  "glm-4-9b-chat": { layers: 40, hidden: 4096, inner: 13696, heads: 32, kvHeads: 2, headDim: 128, vocab: 151552, context: 131072 },
});

/** Their config.json; Yi-34B: copies of it. */
export const YI = published({ owner: "01-ai", family: "Yi", licence: "apache-2.0", gated: false }, {
  "Yi-6B": { layers: 32, hidden: 4096, inner: 11008, heads: 32, kvHeads: 4, headDim: 128, vocab: 64000, context: 4096 },
  "Yi-34B": { layers: 60, hidden: 7168, inner: 20480, heads: 56, kvHeads: 8, headDim: 128, vocab: 64000, context: 4096 },
});

/** NVIDIA-NeMo/NeMo nemo/collections/llm/gpt/model/baichuan.py. A licence of its own, which has no tag. */
export const BAICHUAN = published({ owner: "baichuan-inc", family: "Baichuan", licence: "other", gated: false }, {
  "Baichuan2-7B-Chat": {
    ...{ layers: 32, hidden: 4096, inner: 11008, heads: 32, kvHeads: 32, headDim: 128, vocab: 125696, context: 4096 },
    aliases: ["Baichuan2-7B"],
  },
});
