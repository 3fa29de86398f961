import * as fc from "fast-check";
import {
  estimateServingMemory,
  type ModelDimensions,
  servingCacheRoomGiB,
  servingConcurrency,
  servingContextLength,
  type ServingQuantization,
  type ServingSetup,
} from "../../../components";
import { problemsOf } from "../../support/refusal";

const GIB = 2 ** 30;
const KIB = 1024;

function dense(name: string, layers: number, hidden: number, intermediate: number, heads: number, keyValueHeads: number, words: number): ModelDimensions {
  return {
    name,
    num_hidden_layers: layers,
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    vocab_size: words,
    max_position_embeddings: 131072,
  };
}

const LLAMA_8B = dense("Llama-3-8B", 32, 4096, 14336, 32, 8, 128256);
const LLAMA_70B = dense("Llama-3-70B", 80, 8192, 28672, 64, 8, 128256);
const PHI_3_MINI = dense("Phi-3-mini", 32, 3072, 8192, 32, 32, 32064);
const QWEN_7B = dense("Qwen2.5-7B", 28, 3584, 18944, 28, 4, 152064);
/** Small enough to count by hand: per block 64 + 32 + 32 + 64 + 3 × 128 weights and two norms of 8; 2 × 256 for words, 8 at the end. */
const PAPER = dense("paper", 2, 8, 16, 2, 1, 32);
const LATENT: ModelDimensions = { ...PAPER, kv_lora_rank: 512, qk_rope_head_dim: 64 };
const setup = (changes: Partial<ServingSetup> = {}): ServingSetup => ({ model: PAPER, contextLength: 64, ...changes });
const parts = (changes: Partial<ServingSetup> = {}) => estimateServingMemory(setup(changes)).parts;
const cacheBytes = (changes: Partial<ServingSetup>) => Math.round(parts(changes).kvCache * GIB);

describe("keys and values of a token", () => {
  it.each([
    ["Llama 3 8B, 2 × 8 heads × 128 × 32 blocks × 2 bytes", { model: LLAMA_8B }, 128 * KIB],
    ["Phi-3 mini, which shares no heads: 2 × 32 × 96 × 32 × 2", { model: PHI_3_MINI }, 384 * KIB],
    ["Qwen2.5 7B, 2 × 4 × 128 × 28 × 2", { model: QWEN_7B }, 56 * KIB],
    ["Llama 3 70B, 2 × 8 × 128 × 80 × 2", { model: LLAMA_70B }, 320 * KIB],
    ["Llama 3 8B in fp8", { model: LLAMA_8B, kvCacheDtype: "fp8" }, 64 * KIB],
    ["Llama 3 8B in int8, 4 bytes of scale a vector of 128", { model: LLAMA_8B, kvCacheDtype: "int8" }, 66 * KIB],
    ["Llama 3 8B in fp32", { model: LLAMA_8B, weightDtype: "fp32" }, 256 * KIB],
    ["Llama 3 8B in fp32 under autocast", { model: LLAMA_8B, weightDtype: "fp32", autocast: true }, 128 * KIB],
    ["Llama 3 70B on each of 4 GPUs", { model: LLAMA_70B, tensorParallel: 4 }, 80 * KIB],
    ["Llama 3 70B on each of 16 GPUs, heads repeated", { model: LLAMA_70B, tensorParallel: 16 }, 40 * KIB],
    ["Llama 3 70B on each of 2 stages", { model: LLAMA_70B, pipelineParallel: 2 }, 160 * KIB],
    ["a latent of 512 + 64, whole on every GPU", { model: { ...LATENT, num_hidden_layers: 61 }, tensorParallel: 8 }, 61 * 576 * 2],
    ["a latent whose positional width is not given", { model: { ...PAPER, kv_lora_rank: 512 } }, 2 * 576 * 2],
  ] as const)("of %s", (_, changes, bytes) => {
    expect(estimateServingMemory(setup(changes)).kvBytesPerToken).toBe(bytes);
  });
});

describe("the cache", () => {
  it.each<[string, Partial<ServingSetup>, number]>([
    ["fills blocks of 16 tokens", { contextLength: 17 }, 32 * 32],
    ["of each sequence", { contextLength: 17, concurrency: 3 }, 3 * 32 * 32],
    ["of plain generate holds what appending leaves behind", { contextLength: 17, engine: "transformers" }, 2 * 17 * 32],
    ["keeps a window on every block, and the piece of the prompt at hand", { contextLength: 64, model: { ...PAPER, sliding_window: 16 }, maxNumBatchedTokens: 16 }, 32 * 32],
    ["keeps a window on some blocks", { contextLength: 64, model: { ...PAPER, sliding_window: 16, sliding_window_layers: 1 }, maxNumBatchedTokens: 16 }, 16 * (64 + 32)],
    ["reads one prompt at a time", { contextLength: 64, concurrency: 4, model: { ...PAPER, sliding_window: 16 }, maxNumBatchedTokens: 16 }, 32 * (4 * 16 + 16)],
    ["is not cut where the window is wider", { contextLength: 64, model: { ...PAPER, sliding_window: 128 } }, 64 * 32],
    ["is not cut without a hybrid cache", { contextLength: 64, model: { ...PAPER, sliding_window: 16 }, hybridCache: false }, 64 * 32],
    ["keeps a window alone with plain generate", { contextLength: 64, model: { ...PAPER, sliding_window: 16 }, engine: "transformers" }, 2 * 16 * 32],
    ["of no sequence is empty", { concurrency: 0, model: { ...PAPER, sliding_window: 16 } }, 0],
  ])("%s", (_, changes, bytes) => {
    expect(cacheBytes(changes)).toBe(bytes);
  });
});

describe("weights", () => {
  it.each<[string, Partial<ServingSetup>, number]>([
    ["16 bits", {}, 2 * 1704],
    ["32 bits", { weightDtype: "fp32" }, 4 * 1704],
    ["32 bits with 16-bit copies of matrices and head", { weightDtype: "fp32", autocast: true }, 4 * 1704 + 2 * (1152 + 256)],
    ["int8", { quantization: "int8" }, 1152 + 2 * 552],
    ["fp8", { quantization: "fp8" }, 1152 + 2 * 552],
    ["NF4", { quantization: "nf4" }, 0.5625 * 1152 + 2 * 552],
    ["NF4, the head too", { quantization: "nf4", quantizesHead: true }, 0.5625 * (1152 + 256) + 2 * 296],
    ["MXFP4", { quantization: "mxfp4" }, 0.53125 * 1152 + 2 * 552],
    ["GPTQ", { quantization: "gptq" }, 0.51953125 * 1152 + 2 * 552],
    ["AWQ", { quantization: "awq" }, 0.51953125 * 1152 + 2 * 552],
    ["NF4 with double quantisation", { quantization: "nf4-dq" }, (4.126953125 / 8) * 1152 + 2 * 552],
    ["a head that is the embedding", { model: { ...PAPER, tie_word_embeddings: true } }, 2 * 1448],
    ["half of it on each of two GPUs", { tensorParallel: 2 }, 1704],
    ["a block and a vocabulary on each of two stages", { pipelineParallel: 2 }, 2 * (576 + 20 + 256)],
  ])("in %s", (_, changes, bytes) => {
    expect(parts(changes).weights * GIB).toBeCloseTo(bytes, 6);
  });

  const EXPERTS: ModelDimensions = { ...PAPER, num_experts: 4, num_experts_per_tok: 2, moe_intermediate_size: 16 };
  // Two blocks of 192 for attention, 4 × 384 for experts, 32 for the router, 16 for norms; 520 for words and the end.
  it.each<[ServingQuantization, "vllm" | "transformers", number]>([
    ["none", "vllm", 2 * (2 * (192 + 1536 + 48) + 520)],
    ["mxfp4", "vllm", 2 * (2 * (192 + 48) + 520) + 0.53125 * 2 * 1536],
    ["nf4", "vllm", 2 * (2 * 48 + 520) + 0.5625 * 2 * (192 + 1536)],
    ["nf4", "transformers", 2 * (2 * (1536 + 48) + 520) + 0.5625 * 2 * 192],
    ["int8", "transformers", 2 * (2 * (1536 + 48) + 520) + 2 * 192],
    ["fp8", "transformers", 2 * (2 * 48 + 520) + 2 * (192 + 1536)],
  ])("of experts in %s with %s", (quantization, engine, bytes) => {
    expect(parts({ model: EXPERTS, quantization, engine }).weights * GIB).toBeCloseTo(bytes, 6);
  });

  it("of Llama 3 8B are the 14.96 GiB that vLLM logs", () => {
    expect(parts({ model: LLAMA_8B }).weights).toBeCloseTo(14.96, 2);
    expect(parts({ model: LLAMA_8B, tensorParallel: 2 }).weights).toBeCloseTo(7.48, 2);
  });
});

describe("the rest", () => {
  it.each<[string, Partial<ServingSetup>, number]>([
    ["pairs of matrices for each slot", { adapters: { slots: 3, rank: 4 } }, 2 * 3 * 4 * 2 * (16 + 12 + 12 + 16 + 3 * 24)],
    ["none for no slot", { adapters: { slots: 0, rank: 64 } }, 0],
    ["the half that is split, on two GPUs", { adapters: { slots: 1, rank: 1 }, tensorParallel: 2 }, 2 * 2 * (12 + 10 + 10 + 12 + 16 + 16 + 16)],
    // Query 8 + 32/2, key and value 8 + 16/2, output 32/2 + 8.
    ["on the side where a matrix is split", { model: { ...PAPER, head_dim: 16 }, adapters: { slots: 1, rank: 1 }, tensorParallel: 2 }, 2 * 2 * (24 + 16 + 16 + 24 + 16 + 16 + 16)],
    ["those of a stage's blocks", { adapters: { slots: 1, rank: 1 }, pipelineParallel: 2 }, 2 * 128],
  ])("adapters: %s", (_, changes, bytes) => {
    expect(parts(changes).adapters * GIB).toBeCloseTo(bytes, 6);
  });

  const block = (tokens: number, gpus = 1) => 2 * tokens * (32 + (8 + 8 + 48) / gpus);
  it.each<[string, Partial<ServingSetup>, number]>([
    ["the blocks' peak", { maxNumBatchedTokens: 1000, maxNumSequences: 1 }, block(1000)],
    ["the blocks' peak, split", { maxNumBatchedTokens: 1000, maxNumSequences: 1, tensorParallel: 2 }, block(1000, 2)],
    ["sampling where it is more", { maxNumBatchedTokens: 1, maxNumSequences: 100 }, 14 * 32 * 100],
    ["sampling for all that are held", { maxNumBatchedTokens: 1, maxNumSequences: 100, concurrency: 200 }, 14 * 32 * 200],
    ["one matrix in 16 bits besides", { maxNumBatchedTokens: 1000, maxNumSequences: 1, quantization: "nf4" }, block(1000) + 2 * 128],
    ["the head, where that is quantised", { maxNumBatchedTokens: 1000, maxNumSequences: 1, quantization: "nf4-dq", quantizesHead: true }, block(1000) + 2 * 256],
    ["whole prompts with plain generate, and their last logits", { engine: "transformers", concurrency: 3 }, block(192) + 6 * 32 * 3],
    ["short prompts with plain generate", { engine: "transformers", concurrency: 3, promptTokens: 2 }, block(6) + 6 * 32 * 3],
    ["no longer prompts than the context", { engine: "transformers", promptTokens: 1000 }, block(64) + 6 * 32],
    ["the experts of a token", { model: { ...PAPER, num_experts: 4, num_experts_per_tok: 2 }, maxNumBatchedTokens: 1000, maxNumSequences: 1 }, 2000 * (32 + 16 + 96)],
  ])("activations: %s", (_, changes, bytes) => {
    expect(parts(changes).activations * GIB).toBeCloseTo(bytes, 6);
  });

  it.each<[string, Partial<ServingSetup>, number]>([
    ["the context and two blocks' graphs", {}, 0.647],
    ["NCCL, with several GPUs", { tensorParallel: 2 }, 1.647],
    ["NCCL and one block's graphs, with stages", { pipelineParallel: 2 }, 1.6235],
    ["the context alone with plain generate", { engine: "transformers", pipelineParallel: 2 }, 0.6],
  ])("runtime: %s", (_, changes, gib) => {
    expect(parts(changes).runtime).toBeCloseTo(gib, 10);
  });

  it("adds up", () => {
    const estimate = estimateServingMemory(setup({ engine: "transformers", adapters: { slots: 2, rank: 8 } }));
    const { weights, kvCache, adapters, activations, runtime } = estimate.parts;
    expect(estimate.expectedGiB).toBe(weights + kvCache + adapters + activations + runtime);
    expect(estimate.reservedGiB).toBeCloseTo(estimate.expectedGiB - 0.6, 12);
    expect(estimate.allocatedGiB).toBeCloseTo(estimate.reservedGiB - kvCache / 2, 12);
    expect(estimate.safeGiB).toBeCloseTo(estimate.expectedGiB + 0.02 * weights + 0.1 * kvCache + 0.25 * (activations + runtime), 12);
    expect(estimate.gpuMemoryGiB).toBe(estimate.expectedGiB);
  });

  it("asks for the memory of which vLLM takes its part", () => {
    const { expectedGiB, gpuMemoryGiB, safeGiB, parts: of } = estimateServingMemory(setup());
    expect(gpuMemoryGiB).toBeCloseTo(expectedGiB / 0.92, 12);
    expect(safeGiB).toBeCloseTo(expectedGiB + 0.02 * of.weights + 0.25 * (of.activations + of.runtime), 12);
    expect(estimateServingMemory(setup({ gpuMemoryUtilization: 0.5 })).gpuMemoryGiB).toBeCloseTo(2 * expectedGiB, 12);
  });
});

describe("what fits", () => {
  const llama = setup({ model: LLAMA_8B, contextLength: 8192 });

  it("is what the room holds: Llama 3 8B on 80 GB has 56 GiB for sequences of 1 GiB each", () => {
    expect(servingCacheRoomGiB(llama, 79.25)).toBeCloseTo(0.92 * 79.25 - 14.958 - 0.6 - 32 * 0.0235 - 0.428, 2);
    expect(servingConcurrency(llama, 79.25)).toBe(56);
    expect(servingContextLength({ ...llama, concurrency: 56 }, 79.25)).toBe(8208);
  });

  it("is nothing where the weights do not fit", () => {
    expect([servingConcurrency(llama, 14.75), servingContextLength(llama, 14.75), servingCacheRoomGiB(llama, 14.75)]).toEqual([0, 0, 0]);
  });

  it("is no longer than the model's limit", () => {
    expect(servingContextLength(llama, 79.25)).toBe(131072);
  });

  it("counts whole prompts with plain generate, or those that are given", () => {
    const generate = setup({ model: LLAMA_8B, contextLength: 8192, engine: "transformers" });
    expect(servingContextLength(generate, 24)).toBeLessThan(servingContextLength({ ...generate, promptTokens: 1 }, 24));
  });

  it("fits, and one more does not", () => {
    fc.assert(
      fc.property(setups, fc.double({ min: 1, max: 200, noNaN: true }), (given, memory) => {
        const fits = (changes: Partial<ServingSetup>) => estimateServingMemory({ ...given, ...changes }).gpuMemoryGiB <= memory;
        const concurrency = servingConcurrency(given, memory);
        // More sequences than any setup may have are not asked for.
        fc.pre(concurrency < 1_000_000);
        expect([concurrency === 0 || fits({ concurrency }), fits({ concurrency: concurrency + 1 })]).toEqual([true, false]);
        const contextLength = servingContextLength(given, memory);
        const longer = contextLength < given.model.max_position_embeddings && fits({ contextLength: contextLength + 1 });
        expect([contextLength === 0 || fits({ contextLength }), longer]).toEqual([true, false]);
      }),
    );
  });
});

const models = fc
  .record({
    layers: fc.integer({ min: 8, max: 64 }),
    heads: fc.constantFrom(8, 16, 32),
    groups: fc.constantFrom(1, 2, 8),
    words: fc.integer({ min: 1000, max: 200000 }),
    window: fc.option(fc.integer({ min: 16, max: 4096 }), { nil: undefined }),
    latent: fc.option(fc.constant(512), { nil: undefined }),
    tied: fc.boolean(),
  })
  .map(({ layers, heads, groups, words, window, latent, tied }): ModelDimensions => {
    const model = dense("drawn", layers, 128 * heads, 448 * heads, heads, heads / groups, words);
    return { ...model, sliding_window: window, kv_lora_rank: latent, tie_word_embeddings: tied };
  });
const setups = fc.record({
  model: models,
  contextLength: fc.integer({ min: 16, max: 32768 }),
  concurrency: fc.integer({ min: 1, max: 64 }),
  adapters: fc.record({ slots: fc.integer({ min: 0, max: 8 }), rank: fc.integer({ min: 1, max: 256 }) }),
  engine: fc.constantFrom("vllm" as const, "transformers" as const),
  quantization: fc.constantFrom<ServingQuantization>("none", "int8", "fp8", "nf4", "mxfp4", "gptq", "awq", "nf4-dq"),
  kvCacheDtype: fc.constantFrom("auto" as const, "fp8" as const, "int8" as const),
});
const more = fc.record({ context: fc.nat({ max: 4096 }), sequences: fc.nat({ max: 8 }), slots: fc.nat({ max: 4 }), rank: fc.nat({ max: 64 }), layers: fc.nat({ max: 16 }) });

describe("estimateServingMemory", () => {
  it("never shrinks with a longer context, more sequences, more or larger slots, or more blocks", () => {
    fc.assert(
      fc.property(setups, more, (given, added) => {
        const { model, contextLength, concurrency, adapters } = given;
        const larger: ServingSetup[] = [
          { ...given, contextLength: contextLength + added.context },
          { ...given, concurrency: concurrency + added.sequences },
          { ...given, adapters: { ...adapters, slots: adapters.slots + added.slots } },
          { ...given, adapters: { ...adapters, rank: adapters.rank + added.rank } },
          { ...given, model: { ...model, num_hidden_layers: model.num_hidden_layers + added.layers } },
        ];
        const before = estimateServingMemory(given);
        for (const each of larger.map(estimateServingMemory)) {
          expect(each.expectedGiB).toBeGreaterThanOrEqual(before.expectedGiB - 1e-9);
          expect(each.safeGiB).toBeGreaterThanOrEqual(before.safeGiB - 1e-9);
          expect(each.allocatedGiB).toBeGreaterThanOrEqual(before.allocatedGiB - 1e-9);
        }
      }),
    );
  });

  it("never takes more of a GPU for anything but the runtime when more of them share the model", () => {
    fc.assert(
      fc.property(setups, fc.constantFrom(1, 2, 4), (given, gpus) => {
        const [few, many] = [gpus, 2 * gpus].map((tensorParallel) => estimateServingMemory({ ...given, tensorParallel }).parts);
        for (const part of ["weights", "kvCache", "adapters", "activations"] as const) expect(many?.[part]).toBeLessThanOrEqual((few?.[part] ?? 0) + 1e-12);
      }),
    );
  });

  it("never takes more with fewer bits", () => {
    const order = ["none", "fp8", "nf4", "mxfp4", "gptq", "nf4-dq"] as const;
    fc.assert(
      fc.property(setups, (given) => {
        const memory = order.map((quantization) => estimateServingMemory({ ...given, quantization }));
        for (const [index, { parts: of }] of memory.entries()) expect(of.weights).toBeLessThanOrEqual((memory[index - 1]?.parts.weights ?? Infinity) + 1e-12);
        for (const { expectedGiB } of memory.slice(1)) expect(expectedGiB).toBeLessThanOrEqual((memory[0]?.expectedGiB ?? 0) + 1e-12);
      }),
    );
  });

  it.each<[Partial<ServingSetup>, string]>([
    [{ contextLength: -1 }, "contextLength: got -1; must be a whole number from 0 to 16777216; fix: use 0"],
    [{ concurrency: 0.5 }, "concurrency: got 0.5; must be a whole number from 0 to 1000000; fix: use 1"],
    [{ tensorParallel: 0 }, "tensorParallel: got 0; must be a whole number from 1 to 1024; fix: use 1"],
    [{ pipelineParallel: 2000 }, "pipelineParallel: got 2000; must be a whole number from 1 to 1024; fix: use 1024"],
    [{ adapters: { slots: -1, rank: 8 } }, "adapters.slots: got -1; must be a whole number from 0 to 1000000; fix: use 0"],
    [{ adapters: { slots: 1, rank: -8 } }, "adapters.rank: got -8; must be a whole number from 0 to 65536; fix: use 0"],
    [{ maxNumBatchedTokens: 0 }, "maxNumBatchedTokens: got 0; must be a whole number from 1 to 16777216; fix: use 1"],
    [{ maxNumSequences: 0 }, "maxNumSequences: got 0; must be a whole number from 1 to 1000000; fix: use 1"],
    [{ promptTokens: -1 }, "promptTokens: got -1; must be a whole number from 0 to 16777216; fix: use 0"],
    [{ gpuMemoryUtilization: 0 }, "gpuMemoryUtilization: got 0; must be above 0 and at most 1; fix: use 0.92"],
    [{ gpuMemoryUtilization: 1.1 }, "gpuMemoryUtilization: got 1.1; must be above 0 and at most 1; fix: use 0.92"],
    // As an untyped configuration has it.
    [{ quantization: "gpt" as ServingQuantization }, 'quantization: got "gpt"; is none of none, int8, fp8, nf4, mxfp4, gptq, awq, nf4-dq; fix: did you mean "gptq"?'],
  ])("refuses %j", (changes, problem) => {
    expect(problemsOf(() => estimateServingMemory(setup(changes)))).toEqual([`AKSFT-SERVE-11 ${problem}`]);
  });

  it("lists all problems at once, and accepts both bounds", () => {
    expect(problemsOf(() => estimateServingMemory(setup({ contextLength: NaN, concurrency: -1 })))).toHaveLength(2);
    expect(estimateServingMemory(setup({ contextLength: 16777216, concurrency: 1, gpuMemoryUtilization: 1 })).expectedGiB).toBeGreaterThan(0);
  });
});
