import { cellsOf, dimensionsFrom, predictServing, predictServingWith, type Row } from "./serving-rows";

const LLAMA = { layers: "32", hidden: "4096", intermediate: "14336", heads: "32", kv_heads: "8", head_dim: "128", vocab: "128256", tied_embeddings: "no", mlp_matrices: "3", max_context: "8192" };
const row = (changes: Row = {}): Row => ({
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
  context_length: "",
  concurrency: "",
  note: "gpu_memory_utilization=0.90; gpu_visible_gib=79.22",
  ...changes,
});
const predicted = (changes: Row = {}) => {
  const prediction = predictServing(row(changes));
  if (!prediction.covered) throw new Error(prediction.why);
  return prediction;
};

describe("predictServing", () => {
  it.each<[string, Row, number]>([
    ["weights", {}, 14.96],
    ["weights of one of two GPUs", { gpus: "2", sharding: "tensor-parallel" }, 7.48],
    ["weights of both", { gpus: "2", sharding: "tensor-parallel", scope: "sum-of-gpus" }, 14.96],
    ["runtime", { metric: "non-torch" }, 1.35],
    ["activations", { metric: "activation" }, 0.43],
    ["room for the cache", { metric: "kv-available" }, 0.9 * 79.22 - 14.96 - 1.35 - 0.43],
  ])("predicts the %s that an engine logs", (_, changes, gib) => {
    expect(predicted(changes).componentGiB).toBeCloseTo(gib, 1);
  });

  it("predicts a range for a peak, which a smaller cache lowers", () => {
    const peak = { trainer: "transformers", metric: "unknown", context_length: "8192", concurrency: "4", note: "context_length is the number of generated tokens" };
    const wide = predicted(peak);
    expect(wide.allocatedGiB).toBeCloseTo(14.96 + 4, 1);
    expect(wide.driverGiB).toBeCloseTo(14.96 + 8 + 0.6, 1);
    expect(wide.componentGiB).toBeUndefined();
    const narrow = predicted({ ...peak, note: `${peak.note}; kv_cache_dtype=int8` });
    expect(narrow.driverGiB).toBeCloseTo(14.96 + 8 * (66 / 128) + 0.6, 1);
    expect(predicted({ ...peak, gpus: "2", sharding: "layer-split", scope: "sum-of-gpus" }).driverGiB).toBeCloseTo(14.96 + 8 + 1.2, 1);
  });

  it("never looks at what was measured", () => {
    const measured = { measured_gib: "1", fits: "no", fits_gpu_gib: "1", unit_note: "GB", scored: "no", id: "X", source: "somebody" };
    expect(predictServing(row(measured))).toEqual(predictServing(row()));
  });

  it.each<[string, Row, string]>([
    ["a model without dimensions", { hf_config_json: "" }, "the dimensions of Llama-3-8B are not known"],
    ["a quantization of its own", { quantization: "exl2" }, "no estimate for quantization exl2"],
    ["weights on the host", { offload: "parameters" }, "no estimate for weights on the host (parameters)"],
    ["a peak at no stated length", { metric: "unknown" }, "the context length is not stated"],
  ])("covers no %s", (_, changes, why) => {
    expect(predictServingWith(row(changes), () => undefined)).toEqual({ covered: false, why });
  });
});

describe("dimensionsFrom", () => {
  it.each([
    ["4096", { sliding_window: 4096 }],
    ["128 on alternate layers", { sliding_window: 128, sliding_window_layers: 16 }],
    ["1024 on 5 of 6 layers", { sliding_window: 1024, sliding_window_layers: 27 }],
  ])("reads a window of %j", (text, window) => {
    expect(dimensionsFrom({ ...LLAMA, sliding_window: text })).toMatchObject(window);
  });

  it("has no window where none is given, and nothing where a dimension is missing", () => {
    expect(dimensionsFrom({ ...LLAMA, sliding_window: "" })).not.toHaveProperty("sliding_window");
    expect(dimensionsFrom({ ...LLAMA, layers: "" })).toBeUndefined();
  });
});

describe("cellsOf", () => {
  it("reads quoted cells", () => {
    expect(cellsOf('a,"b, ""c""",,d')).toEqual(["a", 'b, "c"', "", "d"]);
  });
});
