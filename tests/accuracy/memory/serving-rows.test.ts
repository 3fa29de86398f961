import type { Configuration } from "./measured-file";
import { predict } from "./predict";

const LLAMA = { layers: 32, hidden: 4096, intermediate: 14336, heads: 32, kv_heads: 8, head_dim: 128, vocab: 128256, tied_embeddings: "no", mlp_matrices: 3 };
const row = (changes: Configuration = {}): Configuration => ({
  model: "Llama-3-8B",
  hf_config_json: JSON.stringify(LLAMA),
  task: "serve",
  quantization: "none",
  weight_dtype: "bf16",
  gpus: "1",
  sharding: "none",
  offload: "none",
  trainer: "vllm",
  metric: "weights",
  scope: "per-gpu",
  note: "gpu_memory_utilization=0.90; gpu_visible_gib=79.22",
  ...changes,
});
const predicted = (changes: Configuration = {}) => {
  const prediction = predict(row(changes));
  if (!prediction.covered) throw new Error(prediction.why);
  return prediction;
};
const PEAK = { trainer: "transformers", metric: "unknown", context_length: "8192", concurrency: "4", note: "context_length is the number of generated tokens" };

describe("a serving row", () => {
  it.each<[string, Configuration, number]>([
    ["weights", {}, 14.96],
    ["weights of one of two GPUs", { gpus: "2", sharding: "tensor-parallel" }, 7.48],
    ["weights of both", { gpus: "2", sharding: "tensor-parallel", scope: "sum-of-gpus" }, 14.96],
    ["weights of 8 bits, its embedding and head of 16", { quantization: "int8" }, 14.96 / 2 + 0.98],
    ["runtime", { metric: "non-torch" }, 1.35],
    ["activations", { metric: "activation" }, 0.43],
    ["room for the cache", { metric: "kv-available" }, 0.9 * 79.22 - 14.96 - 1.35 - 0.43],
  ])("has the %s that an engine logs", (_, changes, gib) => {
    expect(predicted(changes).componentGiB).toBeCloseTo(gib, 1);
  });

  it("has a range for a peak, which a smaller cache lowers", () => {
    const wide = predicted(PEAK);
    expect(wide.allocatedGiB).toBeCloseTo(14.96 + 4, 1);
    expect(wide.driverGiB).toBeCloseTo(14.96 + 8 + 0.6, 1);
    expect(wide).not.toHaveProperty("componentGiB");
    const narrow = predicted({ ...PEAK, note: `${PEAK.note}; kv_cache_dtype=int8` });
    expect(narrow.driverGiB).toBeCloseTo(14.96 + 8 * (66 / 128) + 0.6, 1);
    expect(predicted({ ...PEAK, gpus: "2", sharding: "layer-split", scope: "sum-of-gpus" }).driverGiB).toBeCloseTo(14.96 + 8 + 1.2, 1);
  });

  it("has the same whoever quantised the model", () => {
    const quantised = { ...PEAK, quantization: "nf4" };
    expect(predicted({ ...quantised, trainer: "litgpt" })).toEqual(predicted(quantised));
  });

  it("keeps of a listed model with windows no more than those", () => {
    const listed = { ...PEAK, trainer: "vllm", hf_config_json: "", context_length: "65536" };
    const cache = (model: string): number => predicted({ ...listed, model }).driverGiB - predicted({ ...listed, model, context_length: "1024" }).driverGiB;
    // 5 of 6 blocks of Gemma 3 look back 1,024 tokens.
    expect(cache("gemma-3-12b-it")).toBeLessThan(cache("Qwen2.5-14B-Instruct") / 2);
  });

  it("compares a card with one GPU, whatever the scope", () => {
    const fits = { ...PEAK, metric: "fits", gpus: "2", sharding: "layer-split" };
    expect(predicted({ ...fits, scope: "sum-of-gpus" })).toEqual(predicted(fits));
  });

  it("takes vLLM's own limit of the context where the length is not given", () => {
    const limited = predicted({ metric: "driver", note: "max_model_len=4096" });
    expect(limited).toEqual(predicted({ metric: "driver", context_length: "4096", note: "" }));
  });

  it.each<[string, Configuration, string]>([
    ["a model without dimensions", { model: "Elsewhere", hf_config_json: "" }, "the dimensions of Elsewhere are not known"],
    ["a quantization of its own", { quantization: "exl2" }, 'quantization "exl2" is none of none, nf4, nf4-dq, int8, gptq4, 4bit-unknown, fp8, mxfp4'],
    ["a split of training", { sharding: "fsdp" }, 'sharding "fsdp" is none of none, ddp, tensor-parallel, layer-split, pipeline'],
    ["weights on the host", { offload: "parameters" }, "serving with parameters on the host is not estimated"],
    ["a peak at no stated length", { metric: "unknown" }, "context_length is empty"],
    ["a cache on a card of unknown size", { metric: "kv-available", note: "" }, "the note has no gpu_visible_gib"],
    ["a sum over unknown GPUs", { scope: "sum-of-gpus", gpus: "" }, "gpus is empty"],
  ])("is not covered with %s", (_, changes, why) => {
    expect(predict(row(changes))).toEqual({ covered: false, why });
  });

  it("is not covered, in one line, where the estimator refuses its numbers", () => {
    const refused = predict(row({ note: "gpu_memory_utilization=90" }));
    expect(refused).toMatchObject({ covered: false, why: expect.stringMatching(/^The serving setup .*gpuMemoryUtilization.*90.*must be above 0 and at most 1.*/) });
  });
});
