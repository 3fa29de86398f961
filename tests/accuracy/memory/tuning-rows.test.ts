import type { MemoryRecipe, MemoryShape } from "../../../components/plan/sizing/memory/setup";
import { estimateTuningMemory } from "../../../components/plan/sizing/tuning-memory";
import type { Configuration } from "./measured-file";
import { predict } from "./predict";

const LEAST = { task: "tune", model: "Llama-3.1-8B", method: "lora", metric: "allocated", sequence_length: "2048", micro_batch: "2" };
const predicted = (changes: Configuration = {}) => {
  const prediction = predict({ ...LEAST, ...changes });
  if (!prediction.covered) throw new Error(prediction.why);
  return prediction;
};
const LORA: MemoryRecipe = { model: "Llama-3.1-8B-Instruct", method: "lora", sequenceLength: 2048 };

describe("a tuning row", () => {
  it.each<[string, Configuration, Partial<MemoryRecipe>, MemoryShape]>([
    ["nothing besides", {}, {}, {}],
    ["a method", { method: "dora" }, { method: "dora" }, {}],
    ["a quantised base", { method: "qlora", quantization: "gptq4" }, { method: "qlora", quantization: "gptq4" }, {}],
    ["4 bits of an unknown kind", { method: "qlora", quantization: "4bit-unknown" }, { method: "qlora", quantization: "nf4" }, {}],
    ["k-bit preparation", { method: "qlora", weight_dtype: "fp32" }, { method: "qlora", kbitPreparation: true }, {}],
    ["weights in fp32", { weight_dtype: "fp32", precision: "mixed" }, { weightType: "fp32", precision: "mixed" }, {}],
    ["an adapter", { trainable_dtype: "bf16", lora_rank: "64", lora_targets: "qkv" }, { trainableType: "bf16", lora: { rank: 64, targets: ["q_proj", "k_proj", "v_proj"] } }, {}],
    ["trained embeddings", { trains_embeddings: "yes" }, { trainsEmbeddings: true }, {}],
    ["GPUs", { gpus: "4", sharding: "zero2" }, {}, { gpusPerNode: 4, sharding: "zero2" }],
    ["a split by layers", { gpus: "4", sharding: "layer-split" }, {}, { gpusPerNode: 4, sharding: "layers" }],
    ["the host", { gpus: "2", sharding: "zero3", offload: "optimizer" }, {}, { gpusPerNode: 2, sharding: "zero3", offload: "optimizer" }],
    ["activations on the host", { offload: "activations", gradient_checkpointing: "full" }, {}, { checkpointing: "offloaded" }],
    ["no checkpoints", { gradient_checkpointing: "none", attention: "eager" }, {}, { checkpointing: "none", attention: "eager" }],
    ["an optimizer", { method: "full", optimizer: "paged-adamw-8bit", optimizer_in_backward: "yes" }, { method: "full" }, { optimizer: "paged-adamw-8bit", optimizerInBackward: true }],
    ["a loss", { loss_kernel: "fused", torch_compile: "yes" }, {}, { lossKernel: "fused", compiled: true }],
    ["rows of many lengths", { batch_shape: "variable" }, {}, { variableLength: true }],
  ])("with %s is the estimate of the same recipe and shape", (_, changes, recipe, shape) => {
    const { expectedGiB, reservedGiB, driverGiB, safeGiB } = estimateTuningMemory({ ...LORA, ...recipe }, { microBatch: 2, ...shape });
    expect(predicted(changes)).toEqual({ covered: true, allocatedGiB: expectedGiB, reservedGiB, driverGiB, safeGiB });
  });

  it("of all GPUs is the sum of theirs, but a card is one GPU's", () => {
    const sharded = { gpus: "4", sharding: "fsdp" };
    const [one, four] = [predicted(sharded), predicted({ ...sharded, scope: "sum-of-gpus" })];
    expect(four).toEqual({
      ...{ covered: true, allocatedGiB: 4 * one.allocatedGiB, reservedGiB: 4 * one.reservedGiB },
      ...{ driverGiB: 4 * one.driverGiB, safeGiB: 4 * one.safeGiB },
    });
    expect(predicted({ ...sharded, scope: "sum-of-gpus", metric: "fits" })).toEqual(one);
  });

  it("has the components of its peak", () => {
    const { parts } = estimateTuningMemory(LORA, { microBatch: 2 });
    expect(predicted({ metric: "weights" }).componentGiB).toBe(parts.weights);
    expect(predicted({ metric: "activation" }).componentGiB).toBe(parts.activations + parts.logits);
    expect(predicted({ metric: "non-torch" }).componentGiB).toBe(parts.runtime);
    expect(predicted({ metric: "weights", gpus: "2", sharding: "ddp", scope: "sum-of-gpus" }).componentGiB).toBe(2 * parts.weights);
  });

  it.each<[string, Configuration, string]>([
    ["another task", { task: "evaluate" }, 'task "evaluate" is none of tune, serve'],
    ["another metric", { metric: "power" }, 'metric "power" is none of allocated, reserved, driver, unknown, weights, kv-available, non-torch, activation, fits'],
    ["a cache", { metric: "kv-available" }, "tuning has no cache of keys and values"],
    ["another method", { method: "adapter" }, 'method "adapter" is none of full, lora, qlora, dora'],
    ["no method", { method: "" }, "method is empty"],
    ["no length", { sequence_length: "" }, "sequence_length is empty"],
    ["no batch", { micro_batch: undefined }, "micro_batch is empty"],
    ["a length that is none", { sequence_length: "long" }, 'sequence_length "long" is no whole number of 1 or more'],
    ["half a row", { micro_batch: "0.5" }, 'micro_batch "0.5" is no whole number of 1 or more'],
    ["no GPU", { gpus: "0" }, 'gpus "0" is no whole number of 1 or more'],
    ["a sum over unknown GPUs", { scope: "sum-of-gpus" }, "gpus is empty"],
    ["a list of matrices", { lora_targets: "q_proj" }, 'lora_targets "q_proj" is none of qv, qkv, qkvo, mlp, qvo+mlp, all-linear, all-linear+head'],
    ["an optimizer that is none", { optimizer: "none" }, 'optimizer "none" is none of adamw, adam, adamw-fused, adamw-8bit, adamw-4bit, paged-adamw, paged-adamw-8bit, sgd'],
    ["a word of JavaScript", { lora_targets: "constructor" }, 'lora_targets "constructor" is none of qv, qkv, qkvo, mlp, qvo+mlp, all-linear, all-linear+head'],
    ["neither yes nor no", { torch_compile: "maybe" }, 'torch_compile "maybe" is none of yes, no'],
    ["activations on the host without checkpoints", { offload: "activations", gradient_checkpointing: "none" }, "activations on the host without checkpointing are not estimated"],
  ])("is not covered with %s", (_, changes, why) => {
    expect(predict({ ...LEAST, ...changes })).toEqual({ covered: false, why });
  });
});
