import * as fc from "fast-check";
import { BASE_MODELS, type BaseModelName, estimateTuningMemory, type MemoryRecipe, type MemoryShape, type ModelDimensions } from "../../../components";
import { BASE_MODEL_NAMES } from "../../../components/plan/catalogue/base-models";
import { memorySetup } from "../../../components/plan/sizing/memory/setup";
import { adapterParameters } from "../../../components/plan/sizing/memory/trainable";
import { parameterCount } from "../../../components/plan/sizing/parameters";
import { problemsOf } from "../../support/refusal";

const GIB = 2 ** 30;
/** Small enough to count by hand: blocks of 64 + 32 + 32 + 64 + 3 × 128 weights and two norms of 8, 2 × 256 for words, 8 at the end. */
const PAPER: ModelDimensions = {
  name: "paper",
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  vocab_size: 32,
  max_position_embeddings: 64,
};
const LORA: MemoryRecipe = { model: PAPER, method: "lora", sequenceLength: 16, lora: { rank: 2 } };
const TWO_ROWS: MemoryShape = { microBatch: 2, checkpointing: "none", optimizer: "adamw-fused" };
const PARAMETERS = 2 * (576 + 16) + 512 + 8;

/** Parts of a peak in bytes, to compare with what was counted. */
function bytes(recipe: MemoryRecipe, shape: MemoryShape): Record<string, number> {
  const { parts } = estimateTuningMemory(recipe, shape);
  const tensors = Object.entries<number>({ ...parts }).filter(([part]) => part !== "runtime" && part !== "slack");
  return Object.fromEntries(tensors.map(([part, gib]) => [part, Math.round(gib * GIB)]));
}

describe("parameters", () => {
  it("are those counted by hand", () => {
    expect(parameterCount(PAPER)).toBe(PARAMETERS);
    expect(parameterCount({ ...PAPER, tie_word_embeddings: true })).toBe(PARAMETERS - 256);
    expect(parameterCount({ ...PAPER, gated_mlp: false })).toBe(PARAMETERS - 2 * 128);
    expect(parameterCount({ ...PAPER, num_experts: 4, moe_intermediate_size: 4 })).toBe(PARAMETERS + 2 * (4 * 3 * 32 - 3 * 128 + 8 * 4));
  });

  it.each([
    ["Llama-3.1-8B-Instruct", 8_030_261_248],
    ["Mistral-7B-Instruct-v0.3", 7_248_023_552],
    ["phi-4", 14_659_507_200],
    ["Phi-4-mini-instruct", 3_836_021_760],
    // Qwen2.5 has biases besides, a ten-thousandth of its size.
    ["Qwen2.5-7B-Instruct", 7_615_616_512],
    ["Qwen2.5-1.5B-Instruct", 1_543_714_304],
    ["Qwen2.5-0.5B-Instruct", 494_032_768],
  ] as const)("of %s are the published %p", (model, published) => {
    expect(Math.abs(parameterCount(BASE_MODELS[model]) / published - 1)).toBeLessThan(0.0002);
  });

  const adapter = (model: ModelDimensions, rank: number, targets: "all-linear" | readonly string[] = "all-linear", method: MemoryRecipe["method"] = "lora") =>
    adapterParameters(memorySetup({ model, method, sequenceLength: 8, lora: { rank, targets } }, {}));

  it("of an adapter are those that PEFT and litgpt print", () => {
    expect(adapter(BASE_MODELS["Llama-3.1-8B-Instruct"], 16)).toBe(41_943_040);
    expect(adapter(BASE_MODELS["Llama-3.1-8B-Instruct"], 8, ["q_proj", "v_proj"])).toBe(3_407_872);
  });

  it("of an adapter follow its targets, by their own names and by those of joint layers", () => {
    expect(adapter(PAPER, 2)).toBe(2 * 2 * (16 + 12 + 12 + 16 + 3 * 24));
    expect(adapter(PAPER, 2, ["q_proj", "v_proj"])).toBe(2 * 2 * (16 + 12));
    expect(adapter(PAPER, 2, ["qkv_proj"])).toBe(2 * 2 * (16 + 12 + 12));
    expect(adapter(PAPER, 2, ["down_proj", "lm_head"])).toBe(2 * 2 * 24 + 2 * (8 + 32));
    expect(adapter(PAPER, 2, ["q_proj"], "dora")).toBe(2 * (2 * 16 + 8));
    expect(adapter({ ...PAPER, num_experts: 4 }, 2, ["up_proj"])).toBe(4 * 2 * 2 * 24);
  });
});

describe("estimateTuningMemory", () => {
  // Per token: norms 2 × 4 × 8, attention 2 × 6 × 8, feed-forward 2 × 3 × 16, adapter inputs 3 × (6 × 8 + 16), and 7 × 2 × 4 between its matrices.
  const blockPerToken = 64 + 96 + 96 + 192 + 56;

  it("adds up what was counted by hand, for LoRA in 16 bits without checkpointing", () => {
    expect(bytes(LORA, TWO_ROWS)).toEqual({
      weights: 2 * PARAMETERS,
      adapter: 4 * 512,
      gradients: 4 * 512,
      optimizer: 8 * 512,
      activations: 2 * 32 * blockPerToken,
      logits: 32 * 32 * 18,
      buffers: 2 * 512,
    });
  });

  it("has its peak in the backward pass where the vocabulary is small", () => {
    const small = { ...LORA, model: { ...PAPER, vocab_size: 4 } };
    expect(estimateTuningMemory(small, TWO_ROWS).peak).toBe("backward");
    expect(bytes(small, TWO_ROWS)).toMatchObject({ activations: 2 * 32 * blockPerToken + 32 * 2 * (2 * 16 + 2 * 8), logits: 0 });
  });

  it("keeps one block's activations and every block's input under checkpointing, and no input where those are on the host", () => {
    expect(estimateTuningMemory(LORA, { ...TWO_ROWS, checkpointing: "full", lossKernel: "plain-16bit" }).peak).toBe("backward");
    const oneBlock = 32 * blockPerToken + 32 * 2 * (2 * 16 + 2 * 8);
    expect(bytes(LORA, { ...TWO_ROWS, checkpointing: "full" })).toMatchObject({ activations: 2 * 32 * 8 * 2 + oneBlock, logits: 0 });
    expect(bytes(LORA, { ...TWO_ROWS, checkpointing: "offloaded" })).toMatchObject({ activations: oneBlock, logits: 0 });
  });

  it("stores the blocks as they are quantised and the rest in 16 bits, or in 32 after k-bit preparation", () => {
    const weights = (changes: Partial<MemoryRecipe>) => estimateTuningMemory({ ...LORA, method: "qlora", ...changes }, TWO_ROWS).parts.weights * GIB;
    expect(weights({})).toBeCloseTo(2 * 552 + (4.126953125 / 8) * 1152, 6);
    expect(weights({ quantization: "nf4" })).toBeCloseTo(2 * 552 + 0.5625 * 1152, 6);
    expect(weights({ quantization: "int8" })).toBeCloseTo(2 * 552 + 1152, 6);
    expect(weights({ quantization: "gptq4" })).toBeCloseTo(2 * 552 + 0.51953125 * 1152, 6);
    expect(weights({ kbitPreparation: true })).toBeCloseTo(4 * 552 + (4.126953125 / 8) * 1152, 6);
  });

  it("leaves experts in 16 bits beside quantised attention, but for formats that are made of them", () => {
    const experts = { ...PAPER, num_experts: 4, moe_intermediate_size: 4 };
    const weights = (quantization: MemoryRecipe["quantization"]) =>
      estimateTuningMemory({ ...LORA, model: experts, method: "qlora", quantization }, TWO_ROWS).parts.weights * GIB;
    const rest = 2 * (512 + 8 + 2 * (16 + 32));
    expect(weights("nf4")).toBeCloseTo(rest + 2 * (0.5625 * 192 + 2 * 384), 6);
    expect(weights("mxfp4")).toBeCloseTo(rest + 2 * 0.53125 * (192 + 384), 6);
  });

  it("takes 16 to 22 bytes a parameter for full tuning in mixed precision and 8 in pure 16 bit", () => {
    const full = (changes: Partial<MemoryRecipe>, shape: MemoryShape) => {
      const { weights, gradients, optimizer } = bytes({ model: PAPER, method: "full", sequenceLength: 8, ...changes }, { optimizer: "adamw-fused", ...shape });
      return ((weights ?? 0) + (gradients ?? 0) + (optimizer ?? 0)) / PARAMETERS;
    };
    expect(full({}, {})).toBe(8);
    expect(full({}, { optimizer: "adamw-8bit" })).toBeCloseTo(2 + 2 + 2 * (1 + 4 / 256), 3);
    expect(full({ trainableType: "fp32" }, {})).toBe(2 + 4 + 4 + 8);
    expect(full({ trainableType: "fp32" }, { sharding: "zero2", gpusPerNode: 1 })).toBe(16);
    expect(full({ weightType: "fp32", precision: "fp32" }, {})).toBe(16);
  });

  it("has the optimizer's step as its peak where PyTorch copies every parameter for it", () => {
    const { peak, parts } = estimateTuningMemory({ model: PAPER, method: "full", sequenceLength: 1 }, {});
    expect(peak).toBe("step");
    expect(Math.round(parts.optimizer * GIB)).toBe((4 + 2) * PARAMETERS);
    expect(parts.activations).toBe(0);
  });

  it("divides by the GPUs what the sharding divides", () => {
    const on = (sharding: MemoryShape["sharding"], more: MemoryShape = {}) => bytes(LORA, { ...TWO_ROWS, gpusPerNode: 4, sharding, ...more });
    expect(on("ddp")).toMatchObject({ weights: 2 * PARAMETERS, gradients: 2048, optimizer: 4096, buffers: 1024 + 2048 });
    expect(on("zero2")).toMatchObject({ weights: 2 * PARAMETERS, gradients: 512, optimizer: 1024 });
    expect(on("zero2", { offload: "optimizer" })).toMatchObject({ weights: 2 * PARAMETERS, gradients: 512, optimizer: 0 });
    expect(on("fsdp")).toMatchObject({ weights: PARAMETERS / 2, adapter: 512, gradients: 512, optimizer: 1024 });
    expect(on("fsdp", { nodes: 2 })).toMatchObject({ weights: PARAMETERS / 4 });
    expect(on("fsdp", { offload: "parameters" })).toMatchObject({ weights: 0, adapter: 0, gradients: 0, optimizer: 0 });
    // Three blocks and the two embeddings are gathered.
    expect(on("fsdp")["buffers"]).toBe(1024 + 3 * 2 * 576 + 2 * 2 * 256);
  });

  it.each<[Partial<MemoryRecipe>, MemoryShape, string]>([
    [{ sequenceLength: 0 }, {}, "AKSFT-SIZE-10 sequenceLength: got 0; must be a whole number from 1 to 10000000; fix: use 1"],
    [{}, { microBatch: 1.5 }, "AKSFT-SIZE-10 microBatch: got 1.5; must be a whole number from 1 to 10000000; fix: use 2"],
    [{}, { gpusPerNode: -8 }, "AKSFT-SIZE-10 gpusPerNode: got -8; must be a whole number from 1 to 10000000; fix: use 1"],
    [{ lora: { rank: NaN } }, {}, "AKSFT-SIZE-10 lora.rank: got NaN; must be a whole number from 1 to 10000000; fix: use 1"],
  ])("refuses %j laid out as %j, which no run has", (recipe, shape, problem) => {
    expect(problemsOf(() => estimateTuningMemory({ ...LORA, ...recipe }, shape))).toEqual([problem]);
    expect(problemsOf(() => estimateTuningMemory({ ...LORA, model: "fi-4" as BaseModelName }))).toEqual([expect.stringMatching(/^AKSFT-TUNE-01 model: got "fi-4"/)]);
  });

  it("adds what the allocator keeps, the runtime, and a fifth for its own error", () => {
    const { expectedGiB, reservedGiB, driverGiB, safeGiB, parts } = estimateTuningMemory({ ...LORA, model: "phi-4", sequenceLength: 1024 }, TWO_ROWS);
    expect(parts.weights).toBeCloseTo(27.31, 2);
    expect(reservedGiB).toBeCloseTo(expectedGiB + parts.slack, 10);
    expect(parts.slack).toBeCloseTo(Math.max(0.12 * (expectedGiB - parts.weights), 0.08 * parts.weights) + 0.2, 10);
    expect(driverGiB).toBeCloseTo(reservedGiB + 0.8, 10);
    expect(safeGiB).toBeCloseTo(1.2 * driverGiB, 10);
    expect(Object.values<number>({ ...parts }).reduce((sum, part) => sum + part, 0)).toBeCloseTo(driverGiB, 10);
    const variable = estimateTuningMemory({ ...LORA, model: "phi-4", sequenceLength: 16384 }, { ...TWO_ROWS, variableLength: true });
    expect(variable.parts.slack).toBeCloseTo(0.2 * (variable.expectedGiB - variable.parts.weights) + 0.2, 10);
  });
});

describe("the estimate", () => {
  const recipes: fc.Arbitrary<MemoryRecipe> = fc.record({
    model: fc.constantFrom(...BASE_MODEL_NAMES),
    method: fc.constantFrom<MemoryRecipe["method"]>("full", "lora", "qlora", "dora"),
    sequenceLength: fc.integer({ min: 8, max: 100_000 }),
    lora: fc.record({ rank: fc.integer({ min: 1, max: 256 }), dropout: fc.constantFrom(0, 0.05) }),
    trainsEmbeddings: fc.boolean(),
  });
  const shapes: fc.Arbitrary<MemoryShape> = fc.record({
    microBatch: fc.integer({ min: 1, max: 16 }),
    gpusPerNode: fc.constantFrom(2, 4, 8),
    checkpointing: fc.constantFrom<MemoryShape["checkpointing"]>("none", "full", "offloaded"),
    sharding: fc.constantFrom<MemoryShape["sharding"]>("none", "ddp", "zero2", "zero3", "fsdp", "layers"),
    offload: fc.constantFrom<MemoryShape["offload"]>("none", "optimizer", "parameters"),
    optimizer: fc.constantFrom<MemoryShape["optimizer"]>("adamw", "adamw-fused", "adamw-8bit", "paged-adamw-8bit"),
    attention: fc.constantFrom<MemoryShape["attention"]>("eager", "sdpa", "flash"),
    lossKernel: fc.constantFrom<MemoryShape["lossKernel"]>("plain-fp32", "plain-16bit", "chunked", "fused"),
    compiled: fc.boolean(),
  });

  /** Every one of the four figures, so that none falls while another grows. */
  function expectNoLess(more: readonly [MemoryRecipe, MemoryShape], less: readonly [MemoryRecipe, MemoryShape]): void {
    const [high, low] = [estimateTuningMemory(...more), estimateTuningMemory(...less)];
    for (const figure of ["expectedGiB", "reservedGiB", "driverGiB", "safeGiB"] as const) {
      expect(high[figure]).toBeGreaterThanOrEqual(low[figure] * (1 - 1e-12));
    }
  }

  it("never falls with a longer sequence, a larger batch, a higher rank or more layers", () => {
    fc.assert(
      fc.property(recipes, shapes, fc.integer({ min: 1, max: 8 }), (recipe, shape, more) => {
        const model = BASE_MODELS[recipe.model as keyof typeof BASE_MODELS];
        const dimensions = { ...recipe, model };
        const least = [dimensions, shape] as const;
        expectNoLess([{ ...dimensions, sequenceLength: recipe.sequenceLength + 100 * more }, shape], least);
        expectNoLess([dimensions, { ...shape, microBatch: (shape.microBatch ?? 1) + more }], least);
        expectNoLess([{ ...dimensions, lora: { ...recipe.lora, rank: (recipe.lora?.rank ?? 1) + more } }, shape], least);
        expectNoLess([{ ...dimensions, model: { ...model, num_hidden_layers: model.num_hidden_layers + more } }, shape], least);
      }),
    );
  });

  it("never falls with more bits", () => {
    fc.assert(
      fc.property(recipes, shapes, (recipe, shape) => {
        const of = (changes: Partial<MemoryRecipe>) => [{ ...recipe, ...changes }, shape] as const;
        expectNoLess(of({ weightType: "fp32" }), of({ weightType: "bf16" }));
        expectNoLess(of({ trainableType: "fp32" }), of({ trainableType: "bf16" }));
        expectNoLess(of({ kbitPreparation: true }), of({ kbitPreparation: false }));
        const quantised = { ...recipe, method: "qlora" } as const;
        expectNoLess([{ ...quantised, quantization: "nf4" }, shape], [{ ...quantised, quantization: "nf4-dq" }, shape]);
        expectNoLess([{ ...quantised, quantization: "int8" }, shape], [{ ...quantised, quantization: "nf4" }, shape]);
      }),
    );
  });

  it("never rises with checkpointing, a loss that keeps less, a leaner optimizer or more shards", () => {
    fc.assert(
      fc.property(recipes, shapes, (recipe, shape) => {
        const of = (changes: Partial<MemoryShape>) => [recipe, { ...shape, ...changes }] as const;
        expectNoLess(of({ checkpointing: "none" }), of({ checkpointing: "full" }));
        expectNoLess(of({ checkpointing: "full" }), of({ checkpointing: "offloaded" }));
        expectNoLess(of({ lossKernel: "plain-fp32" }), of({ lossKernel: "plain-16bit" }));
        expectNoLess(of({ lossKernel: "plain-16bit" }), of({ lossKernel: "chunked" }));
        expectNoLess(of({ lossKernel: "chunked" }), of({ lossKernel: "fused" }));
        expectNoLess(of({ attention: "eager" }), of({ attention: "sdpa" }));
        expectNoLess(of({ attention: "sdpa" }), of({ attention: "flash" }));
        expectNoLess(of({ optimizer: "adamw" }), of({ optimizer: "adamw-fused" }));
        expectNoLess(of({ optimizer: "adamw-fused" }), of({ optimizer: "adamw-8bit" }));
        expectNoLess(of({}), of({ gpusPerNode: 2 * (shape.gpusPerNode ?? 1) }));
        expectNoLess(of({ offload: "none" }), of({ offload: "optimizer" }));
      }),
    );
  });
});
