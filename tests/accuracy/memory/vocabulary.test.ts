import { csvFile } from "../written-csv";
import { predictedRows } from "./command";
import type { Configuration } from "./measured-file";

/** Every column that a row may leave empty. */
const EMPTY: Configuration = Object.fromEntries(
  [
    ...["id", "hf_config_json", "quantization", "weight_dtype", "trainable_dtype", "lora_rank", "lora_targets", "trains_embeddings", "batch_shape"],
    ...["gradient_checkpointing", "attention", "loss_kernel", "optimizer", "optimizer_in_backward", "precision", "torch_compile", "gpu", "gpus"],
    ...["sharding", "offload", "trainer", "scope", "unit_note", "fits", "fits_gpu_gib", "context_length", "concurrency", "scored", "note", "inferred"],
  ].map((column) => [column, ""]),
);
const TUNE: Configuration = { source: "elsewhere", model: "Qwen2.5-7B-Instruct", task: "tune", method: "qlora", metric: "driver", measured_gib: "1", sequence_length: "4096", micro_batch: "2" };
const SERVE: Configuration = { source: "elsewhere", model: "Qwen2.5-7B-Instruct", task: "serve", method: "none", metric: "driver", measured_gib: "1", context_length: "8192" };
const sharded = (sharding: string): Configuration => ({ sharding, gpus: "4" });

/** Rows with every word of the columns, above all those that the published rows lack. */
const ROWS: readonly (readonly [string, Configuration])[] = [
  ["nothing but what has no default", { ...TUNE, ...EMPTY, method: "lora" }],
  ["nothing but what has no default, quantised", { ...TUNE, ...EMPTY }],
  ["nothing but what has no default, served", { ...SERVE, ...EMPTY, context_length: "8192" }],
  ...["full", "lora", "qlora", "dora"].map((method) => [`method ${method}`, { ...TUNE, method }] as const),
  ...["none", "nf4", "nf4-dq", "int8", "gptq4", "fp8", "mxfp4", "4bit-unknown"].flatMap((quantization) => [
    [`${quantization} tuned`, { ...TUNE, quantization }] as const,
    [`${quantization} served`, { ...SERVE, quantization }] as const,
  ]),
  ...["bf16", "fp16", "fp32"].flatMap((type) => [
    [`weights in ${type}`, { ...TUNE, weight_dtype: type, method: "lora" }] as const,
    [`${type} trained`, { ...TUNE, trainable_dtype: type }] as const,
    [`${type} served`, { ...SERVE, weight_dtype: type, precision: "mixed" }] as const,
  ]),
  ...["qv", "qkv", "qkvo", "mlp", "qvo+mlp", "all-linear", "all-linear+head"].map((targets) => [`targets ${targets}`, { ...TUNE, lora_targets: targets, lora_rank: "256" }] as const),
  ...["fixed", "variable", "packed", "unknown"].map((shape) => [`batches ${shape}`, { ...TUNE, batch_shape: shape }] as const),
  ...["none", "full", "offloaded"].map((kind) => [`checkpointing ${kind}`, { ...TUNE, gradient_checkpointing: kind }] as const),
  ...["eager", "sdpa", "flash"].map((attention) => [`attention ${attention}`, { ...TUNE, attention, gradient_checkpointing: "none" }] as const),
  ...["plain-fp32", "plain-16bit", "chunked", "fused"].map((kernel) => [`loss ${kernel}`, { ...TUNE, loss_kernel: kernel, torch_compile: "yes" }] as const),
  ...["adamw", "adamw-fused", "adamw-8bit", "paged-adamw-8bit", "adamw-4bit", "adam"].map((optimizer) => [`optimizer ${optimizer}`, { ...TUNE, method: "full", optimizer }] as const),
  ...["pure-16bit", "mixed", "fp32"].map((precision) => [`precision ${precision}`, { ...TUNE, method: "full", precision, weight_dtype: "fp32" }] as const),
  ...["none", "ddp", "zero2", "zero3", "fsdp", "layer-split", "tensor-parallel", "pipeline"].flatMap((sharding) => [
    [`${sharding} of 4 GPUs`, { ...TUNE, ...sharded(sharding), scope: "sum-of-gpus" }] as const,
    [`${sharding} of 4 GPUs, tuned whole`, { ...TUNE, ...sharded(sharding), method: "full" }] as const,
  ]),
  ...["none", "tensor-parallel", "layer-split", "pipeline"].map((sharding) => [`served ${sharding}`, { ...SERVE, ...sharded(sharding), trainer: "vLLM" }] as const),
  ...["optimizer", "parameters", "activations"].flatMap((offload) => [
    [`${offload} on the host, zero2`, { ...TUNE, ...sharded("zero2"), offload, method: "full" }] as const,
    [`${offload} on the host, zero3`, { ...TUNE, ...sharded("zero3"), offload, method: "full" }] as const,
  ]),
  ...["allocated", "reserved", "driver", "unknown", ""].map((metric) => [`metric ${metric}`, { ...TUNE, metric }] as const),
  ...["weights", "activation", "non-torch"].flatMap((metric) => [
    [`${metric} tuned`, { ...TUNE, metric }] as const,
    [`${metric} served`, { ...SERVE, metric, trainer: "vllm", context_length: "" }] as const,
  ]),
  ["the room for a cache", { ...SERVE, metric: "kv-available", trainer: "vllm", note: "gpu_visible_gib=79.22; kv_cache_dtype=fp8" }],
  ["embeddings trained, the step in the backward pass", { ...TUNE, trains_embeddings: "yes", optimizer_in_backward: "yes" }],
  ["100,000 tokens", { ...TUNE, sequence_length: "100000", micro_batch: "1" }],
  ["100,000 tokens with every score stored", { ...TUNE, sequence_length: "100000", attention: "eager" }],
  ["100,000 tokens served", { ...SERVE, context_length: "100000", concurrency: "64" }],
  ["512 tokens of a 72B on 8 GPUs", { ...TUNE, model: "Qwen2.5-72B-Instruct", sequence_length: "512", sharding: "fsdp", gpus: "8", gpu: "H100" }],
  ["experts", { ...TUNE, model: "gpt-oss-20b", quantization: "mxfp4" }],
  ["experts served", { ...SERVE, model: "gpt-oss-20b", quantization: "mxfp4" }],
];

describe("a file of somebody else", () => {
  const predicted = predictedRows(csvFile(ROWS.map(([id, row]) => ({ ...row, id }))));

  it.each(predicted.map((each, index) => [ROWS[index]?.[0] ?? "", each.prediction] as const))("covers %s", (_, prediction) => {
    if (!prediction.covered) throw new Error(prediction.why);
    const { allocatedGiB, reservedGiB, driverGiB, safeGiB, componentGiB = 1 } = prediction;
    expect([allocatedGiB, componentGiB].filter((gib) => gib > 0 && Number.isFinite(gib))).toHaveLength(2);
    expect(reservedGiB).toBeGreaterThanOrEqual(allocatedGiB);
    expect(driverGiB).toBeGreaterThanOrEqual(reservedGiB);
    expect(safeGiB).toBeGreaterThanOrEqual(driverGiB);
    expect(safeGiB).toBeLessThan(Infinity);
  });

  it("gives different words different memory", () => {
    const peakOf = (name: string): number => {
      const prediction = predicted[ROWS.findIndex(([id]) => id === name)]?.prediction;
      return prediction?.covered ? prediction.driverGiB : NaN;
    };
    expect(peakOf("method dora")).toBeGreaterThan(peakOf("method qlora"));
    expect(peakOf("attention eager")).toBeGreaterThan(peakOf("attention flash"));
    expect(peakOf("checkpointing none")).toBeGreaterThan(peakOf("checkpointing full"));
    expect(peakOf("checkpointing full")).toBeGreaterThan(peakOf("checkpointing offloaded"));
    expect(peakOf("optimizer adamw")).toBeGreaterThan(peakOf("optimizer adamw-8bit"));
    expect(peakOf("optimizer adamw-8bit")).toBeGreaterThan(peakOf("optimizer paged-adamw-8bit"));
    expect(peakOf("zero2 of 4 GPUs, tuned whole")).toBeGreaterThan(peakOf("optimizer on the host, zero2"));
    expect(peakOf("optimizer on the host, zero3")).toBeGreaterThan(peakOf("parameters on the host, zero3"));
    expect(peakOf("int8 served")).toBeGreaterThan(peakOf("nf4-dq served"));
    expect(peakOf("100,000 tokens with every score stored")).toBeGreaterThan(peakOf("100,000 tokens"));
  });
});
