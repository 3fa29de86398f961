import * as fc from "fast-check";
import { BASE_MODELS, estimateTuningMemory, type ModelDimensions, type Recipe } from "../../../components";
import { BASE_MODEL_NAMES } from "../../../components/plan/catalogue/base-models";
import { resolveRecipe } from "../../../components/plan/recipe";
import { parameterCount } from "../../../components/plan/sizing/parameters";
import { loraParameters } from "../../../components/plan/sizing/tuning-memory";

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
const recipe = (changes: Partial<Recipe> = {}) =>
  resolveRecipe({ model: PAPER, method: "lora", sequenceLength: 16, lora: { rank: 2 }, ...changes });
const TWO_ROWS = { microBatch: 2, checkpointing: "none" } as const;

describe("parameters", () => {
  it("are those counted by hand", () => {
    expect(parameterCount(PAPER)).toBe(2 * (576 + 16) + 512 + 8);
    expect(parameterCount({ ...PAPER, tie_word_embeddings: true })).toBe(2 * (576 + 16) + 256 + 8);
    expect(loraParameters(PAPER, 2)).toBe(2 * 2 * (16 + 12 + 12 + 16 + 3 * 24));
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

  it("that PEFT trains at rank 16 on Llama 3.1 8B are the 41,943,040 it prints", () => {
    expect(loraParameters(BASE_MODELS["Llama-3.1-8B-Instruct"], 16)).toBe(41_943_040);
  });
});

describe("estimateTuningMemory", () => {
  it("adds up what was counted by hand, for LoRA in 16 bits", () => {
    const bytes = { weights: 3408, adapter: 2048, gradients: 2048, optimizer: 4096, activations: 19456, logits: 16384 };
    const { parts, expectedGiB, safeGiB } = estimateTuningMemory(recipe(), TWO_ROWS);
    for (const [part, size] of Object.entries(bytes)) expect(parts).toHaveProperty(part, size / GIB);
    expect(parts.runtime).toBe(0.9);
    expect(parts.slack).toBeCloseTo(0.15 * (44032 / GIB) + 0.05 * (3408 / GIB) + 0.3, 12);
    expect(expectedGiB).toBeCloseTo(47440 / GIB + 0.9, 12);
    expect(safeGiB).toBeCloseTo(expectedGiB + parts.slack, 12);
  });

  it("stores the blocks in NF4 for QLoRA and the rest in 16 bits", () => {
    const { parts } = estimateTuningMemory(recipe({ method: "qlora" }), TWO_ROWS);
    expect(parts.weights).toBeCloseTo((2 * 552 + 0.516 * 1152) / GIB, 15);
    expect(parts.runtime).toBe(1.2);
  });

  it("keeps one block's activations and every block's input under checkpointing", () => {
    const { parts } = estimateTuningMemory(recipe(), { microBatch: 2, checkpointing: "full" });
    expect(parts.activations).toBe((2 * 32 * 2 * 8 + 9728) / GIB);
  });

  it("needs over 27 GiB for the weights of phi-4 in 16 bits", () => {
    const { parts } = estimateTuningMemory(recipe({ model: "phi-4", sequenceLength: 1024 }), TWO_ROWS);
    expect(parts.weights).toBeCloseTo(27.3, 1);
  });

  it("never shrinks with a longer sequence, a larger batch or a higher rank", () => {
    const size = { sequence: fc.integer({ min: 8, max: 8192 }), batch: fc.integer({ min: 1, max: 16 }), rank: fc.integer({ min: 1, max: 256 }) };
    const more = fc.record({ sequence: fc.nat({ max: 1000 }), batch: fc.nat({ max: 8 }), rank: fc.nat({ max: 64 }) });
    const memory = (model: Recipe["model"], method: Recipe["method"], sequenceLength: number, rank: number, microBatch: number, checkpointing: "none" | "full") =>
      estimateTuningMemory(recipe({ model, method, sequenceLength, lora: { rank } }), { microBatch, checkpointing }).safeGiB;
    fc.assert(
      fc.property(
        fc.constantFrom(...BASE_MODEL_NAMES),
        fc.constantFrom("lora", "qlora"),
        fc.constantFrom("none", "full"),
        fc.record(size),
        more,
        (model, method, checkpointing, { sequence, batch, rank }, plus) => {
          const least = memory(model, method, sequence, rank, batch, checkpointing);
          expect(memory(model, method, sequence + plus.sequence, rank, batch, checkpointing)).toBeGreaterThanOrEqual(least);
          expect(memory(model, method, sequence, rank + plus.rank, batch, checkpointing)).toBeGreaterThanOrEqual(least);
          expect(memory(model, method, sequence, rank, batch + plus.batch, checkpointing)).toBeGreaterThanOrEqual(least);
          expect(memory(model, method, sequence, rank, batch, "none")).toBeGreaterThanOrEqual(memory(model, method, sequence, rank, batch, "full"));
        },
      ),
    );
  });
});
