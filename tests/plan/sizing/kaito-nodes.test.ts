import * as fc from "fast-check";
import { compareWithKaito, type GpuSize, kaitoNodeCount, type KaitoSetup, type ModelDimensions } from "../../../components";
import { KAITO_SIZES } from "../../../components/plan/catalogue/kaito-sizes";
import { KAITO_VERSIONS } from "../../../components/plan/sizing/kaito/setup";
import { messageOf, problemsOf } from "../../support/refusal";

const [A10, TWO_A10, A100, TWO_A100, FOUR_A100] = [
  "Standard_NV36ads_A10_v5",
  "Standard_NV72ads_A10_v5",
  "Standard_NC24ads_A100_v4",
  "Standard_NC48ads_A100_v4",
  "Standard_NC96ads_A100_v4",
] as const;
const [H100, TWO_H100, EIGHT_H100, EIGHT_H200] = [
  "Standard_NC40ads_H100_v5",
  "Standard_NC80adis_H100_v5",
  "Standard_ND96isr_H100_v5",
  "Standard_ND96isr_H200_v5",
] as const;
const SIZES = [A10, TWO_A10, A100, TWO_A100, FOUR_A100, H100, TWO_H100, EIGHT_H100, EIGHT_H200];

/** A model of a known cache a token: one block whose only key and value head is as wide as it takes. */
function withCache(kib: number): ModelDimensions {
  return {
    name: "model",
    hidden_size: 64,
    intermediate_size: 64,
    num_hidden_layers: 1,
    num_attention_heads: 1,
    num_key_value_heads: 1,
    head_dim: kib * 256,
    vocab_size: 64,
    max_position_embeddings: 131072,
  };
}
const nodes = (setup: Omit<KaitoSetup, "size">, version: string) => SIZES.map((size) => kaitoNodeCount({ ...setup, size }, version).nodes);
const DEEPSEEK: ModelDimensions = { ...withCache(1), num_hidden_layers: 61, kv_lora_rank: 512, qk_rope_head_dim: 64 };

describe("kaitoNodeCount", () => {
  // Weight files and cache a token as in kaito-project/kaito presets/workspace/models/model_catalog.yaml @056b828.
  it.each<[string, number, number, number[]]>([
    ["phi-4", 27.31, 200, [2, 1, 1, 1, 1, 1, 1, 1, 1]],
    ["Phi-4-mini-instruct", 7.15, 128, [1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ["Llama-3.1-8B-Instruct", 14.96, 128, [1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ["granite-4.1-8b", 16.38, 160, [1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ["NVIDIA-Nemotron-Nano-9B-v2", 16.56, 224, [2, 1, 1, 1, 1, 1, 1, 1, 1]],
    ["Qwen2.5-Coder-32B-Instruct", 61.03, 256, [4, 2, 2, 1, 1, 1, 1, 1, 1]],
    ["gpt-oss-120b", 121.54, 72, [8, 4, 3, 2, 1, 2, 1, 1, 1]],
    ["Llama-3.3-70B-Instruct", 131.42, 320, [9, 5, 3, 2, 1, 2, 1, 1, 1]],
    ["Mistral-Medium-3.5-128B", 124.43, 352, [8, 4, 3, 2, 1, 2, 1, 1, 1]],
    ["Qwen3.5-122B-A10B", 232.99, 96, [15, 8, 4, 2, 1, 4, 2, 1, 1]],
  ])("of 0.12 for %s (%p GiB, %p KiB a token) is as KAITO's catalogue works out", (_, weightFilesGiB, kib, counts) => {
    expect(nodes({ model: withCache(kib), weightFilesGiB }, "0.12")).toEqual(counts);
  });

  it("of 0.12 divides a latent cache over the GPUs of a node", () => {
    expect(nodes({ model: DEEPSEEK, weightFilesGiB: 641.3 }, "0.12")).toEqual([39, 20, 11, 6, 3, 9, 5, 2, 1]);
    const { terms } = kaitoNodeCount({ model: DEEPSEEK, weightFilesGiB: 641.3, size: EIGHT_H200 }, "0.12");
    expect(terms).toHaveProperty("cacheGiB", (2048 * 61 * 576 * 2) / 8 / 2 ** 30);
  });

  it("prints its terms", () => {
    const { terms, reckoning, ...rest } = kaitoNodeCount({ model: "phi-4", weightFilesGiB: 27.31, size: A10 }, "0.12.0");
    expect(rest).toEqual({
      version: "0.12",
      nodes: 2,
      minGpus: 2,
      gpusPerNode: 1,
      source: "pkg/workspace/estimator/nodesestimator/estimator.go @056b828",
    });
    const cacheGiB = (2048 * 204800) / 2 ** 30;
    expect(terms).toEqual({
      weightsGiB: 1.02 * 27.31,
      stateGiB: 0,
      labelGiB: 24,
      utilization: 0.84,
      usableGiB: 0.84 * 24,
      baseGiB: 2.3,
      cacheGiB,
      roomGiB: (0.84 * 24 - 2.3 - cacheGiB) / 1.05,
    });
    expect(reckoning).toBe("floor(27.86 GiB of weights ÷ 16.64 GiB a GPU) + 1 = 2 GPUs, 1 a node; a GPU has (0.84 × 24 − 2.3 − 0.39) ÷ 1.05");
  });

  it.each<[string, string, Omit<KaitoSetup, "size">, GpuSize, number]>([
    // 1.02 × 17.1 = 17.44; a GPU has 17.47 in 0.10, 16.64 in 0.12, and after it 16.94.
    ["0.10", "keeps nothing back by weights", { model: "phi-4", weightFilesGiB: 17.1 }, A10, 1],
    ["0.12", "keeps a twentieth of the weights back", { model: "phi-4", weightFilesGiB: 17.1 }, A10, 2],
    // 1.02 × 16.5 = 16.83.
    ["0.12", "keeps 2.3 GiB of an A10 back", { model: "phi-4", weightFilesGiB: 16.5 }, A10, 2],
    ["main", "keeps 1.5 GiB of an A10 back, and takes 0.82 of it", { model: "phi-4", weightFilesGiB: 16.5 }, A10, 1],
    // 123.97 GiB; two A100s have 2 × 61.74 in 0.12 and 2 × 67.84 after it.
    ["0.12", "takes 0.84 of an A100", { model: withCache(72), weightFilesGiB: 121.54 }, TWO_A100, 2],
    ["main", "takes 0.92 of an A100", { model: withCache(72), weightFilesGiB: 121.54 }, TWO_A100, 1],
    // 64 × 2^24 bytes are 1 GiB.
    ["main", "counts the state of 64 sequences", { model: "phi-4", weightFilesGiB: 16.5, stateBytesPerSequence: 2 ** 24 }, A10, 2],
    ["0.12", "counts no state", { model: "phi-4", weightFilesGiB: 15, stateBytesPerSequence: 2 ** 30 }, A10, 1],
    // 12.5 GiB for 65,536 tokens, half of it on each of two GPUs.
    ["0.12", "counts the cache of a longer context", { model: "phi-4", maxModelLength: 65536 }, TWO_A10, 2],
    ["0.6", "divides the preset's 40 GiB by a node's 24", { model: "phi-4" }, A10, 2],
    ["0.6", "divides the preset's 40 GiB by a node's 48", { model: "phi-4" }, TWO_A10, 1],
    ["0.6", "takes a T4", { model: "Mistral-7B-Instruct-v0.3" }, "Standard_NC4as_T4_v3", 1],
    ["0.10", "takes four of them", { model: "phi-4" }, "Standard_NC64as_T4_v3", 1],
    ["0.6", "takes no more nodes than it needs", { model: "phi-4", count: 3 }, A10, 2],
    ["0.6", "goes by a figure that is given", { model: withCache(1), presetGiB: 140 }, A100, 2],
  ])("of %s %s", (version, _, setup, size, count) => {
    expect(kaitoNodeCount({ ...setup, size }, version).nodes).toBe(count);
  });

  it("takes 16 bits a parameter where no size of the files is given", () => {
    expect(kaitoNodeCount({ model: "phi-4", size: A10 }, "0.12").terms).toHaveProperty("weightsGiB", (1.02 * 2 * 14_659_507_200) / 2 ** 30);
  });

  it.each([
    ["v0.12.1", "0.12"],
    ["0.6.0", "0.6"],
    ["main", "main"],
  ])("reads %s as %s", (version, known) => {
    expect(kaitoNodeCount({ model: "phi-4", size: A100 }, version).version).toBe(known);
  });

  it.each<[string, Partial<KaitoSetup>, string, string]>([
    ["an unknown version", {}, "0.9", 'AKSFT-KAITO-01 version: got "0.9"; is no version of KAITO whose node count is known: 0.6, 0.10, 0.12, main; fix: use the one of these that the cluster runs'],
    [
      "a size that KAITO lacks",
      { size: "Standard_NC4as_T4_v3" },
      "0.12",
      'AKSFT-KAITO-02 size: got "Standard_NC4as_T4_v3"; is not in the table of KAITO 0.12, which takes whole GPUs of compute capability 8.0 or newer ' +
        '(Tesla T4); fix: use for example "Standard_NC24ads_A100_v4"',
    ],
    [
      "a part of a card",
      { size: "Standard_NV12ads_A10_v5" },
      "0.6",
      'AKSFT-KAITO-02 size: got "Standard_NV12ads_A10_v5"; is not in the table of KAITO 0.6, which takes whole GPUs of compute capability 8.0 or newer ' +
        '(A10 (vGPU slice)); fix: use for example "Standard_NC24ads_A100_v4"',
    ],
    [
      "a size that KAITO spells otherwise than Azure",
      { size: "Standard_ND96asr_v4" },
      "0.10",
      'AKSFT-KAITO-02 size: got "Standard_ND96asr_v4"; is not in the table of KAITO 0.10, which spells it Standard_ND96asr_A100_v4; ' +
        'fix: use for example "Standard_NC24ads_A100_v4"',
    ],
    [
      "a model without a preset",
      { model: withCache(1) },
      "0.6",
      'AKSFT-KAITO-02 model: got "model"; is no preset of KAITO 0.6 whose figure is known: phi-4, phi-4-mini-instruct, llama-3.1-8b-instruct, mistral-7b, ' +
        "mistral-7b-instruct, qwen2.5-coder-7b-instruct, qwen2.5-coder-32b-instruct; fix: give presetGiB",
    ],
    ["no context", { maxModelLength: 0 }, "0.12", "AKSFT-KAITO-03 maxModelLength: got 0; must be a whole number from 1 to 16777216; fix: use 1"],
    ["no nodes", { count: 0 }, "0.6", "AKSFT-KAITO-03 count: got 0; must be a whole number from 1 to 1000; fix: use 1"],
    ["half a byte", { stateBytesPerSequence: 0.5 }, "main", "AKSFT-KAITO-03 stateBytesPerSequence: got 0.5; must be a whole number from 0 to 1099511627776; fix: use 1"],
    ["files of nothing", { weightFilesGiB: 0 }, "0.12", "AKSFT-KAITO-03 weightFilesGiB: got 0; must be above 0; fix: leave it out"],
    ["a figure of nothing", { presetGiB: -1 }, "0.6", "AKSFT-KAITO-03 presetGiB: got -1; must be above 0; fix: leave it out"],
    [
      "fewer nodes than the preset's figure takes",
      { count: 1, size: A10 },
      "0.6",
      "AKSFT-KAITO-04 count: got 1; is refused by KAITO 0.6: ceil(40 GiB for the preset ÷ 24 GiB a node) = 2; fix: use 2",
    ],
    [
      "a cache that leaves no room",
      { size: A10, maxModelLength: 131072 },
      "0.12",
      'AKSFT-KAITO-04 size: got "Standard_NV36ads_A10_v5"; KAITO refuses it: a GPU keeps back 27.3 GiB of the 20.2 GiB it may use; ' +
        "fix: use a size with larger GPUs, or a smaller maxModelLength",
    ],
  ])("refuses %s", (_, changes, version, problem) => {
    expect(problemsOf(() => kaitoNodeCount({ model: "phi-4", size: A100, ...changes }, version))).toEqual([problem]);
  });

  it("lists all problems at once", () => {
    expect(messageOf(() => kaitoNodeCount({ model: "phi-4", size: "Standard_NC4as_T4_v3", maxModelLength: 0, weightFilesGiB: NaN }, "0.12")).split("\n")).toHaveLength(4);
  });

  it("never falls with the weights, and its GPUs make up its nodes", () => {
    const sizes = KAITO_SIZES;
    const versions = KAITO_VERSIONS.filter((version) => version !== "0.6");
    fc.assert(
      fc.property(fc.constantFrom(...sizes), fc.constantFrom(...versions), fc.integer({ min: 1, max: 900 }), fc.nat({ max: 100 }), (size, version, weights, more) => {
        const count = (weightFilesGiB: number) => kaitoNodeCount({ model: "phi-4", size, weightFilesGiB }, version);
        const { nodes: few, minGpus = 0, gpusPerNode } = count(weights);
        expect(count(weights + more).nodes).toBeGreaterThanOrEqual(few);
        expect(few * gpusPerNode).toBeGreaterThanOrEqual(minGpus);
        expect((few - 1) * gpusPerNode).toBeLessThan(minGpus);
      }),
    );
  });
});

describe("compareWithKaito", () => {
  it("explains by the label, the utilisation, the cache and the adapters", () => {
    const comparison = compareWithKaito({ model: "phi-4", contextLength: 8192, concurrency: 8, adapters: { slots: 4, rank: 16 } }, TWO_A10);
    expect(comparison).toMatchObject({ nodes: 2, kaito: { version: "0.12", nodes: 1, minGpus: 2 } });
    expect(comparison.explanation).toBe(
      "KAITO 0.12 takes 1 node of Standard_NV72ads_A10_v5, this estimate 2: KAITO reads the label's 24 GB as GiB where a process gets 21.99; plans with 0.84 " +
        "of it where this setup has 0.92; counts the cache of one sequence of 2048 tokens (0.20 GiB a GPU), this setup 8 of 8192 (6.25 GiB); leaves out " +
        "4 adapter slots of rank 16 (0.33 GiB a GPU).",
    );
  });

  it("needs at its own count what a GPU has, and at one less what it has not", () => {
    const setup = { model: "phi-4", contextLength: 8192, concurrency: 8 } as const;
    const { nodes: count = 0, estimate } = compareWithKaito(setup, A10);
    expect(count).toBe(3);
    expect(estimate.gpuMemoryGiB).toBeLessThanOrEqual(21.99);
    expect(estimate.parts.weights).toBeCloseTo((2 * (14 * 340.8e6 + 513.8e6)) / 2 ** 30, 0);
  });

  it("has no reason but the label where the setup is KAITO's", () => {
    const setup = { model: "phi-4", contextLength: 2048, gpuMemoryUtilization: 0.84 } as const;
    expect(compareWithKaito(setup, A100).explanation).toBe(
      "KAITO 0.12 takes 1 node of Standard_NC24ads_A100_v4, this estimate 1: KAITO reads the label's 80 GB as GiB where a process gets 79.25.",
    );
  });

  it("names the figure that 0.6 goes by", () => {
    expect(compareWithKaito({ model: "phi-4", contextLength: 8192, concurrency: 8 }, A10, { version: "0.6" }).explanation).toBe(
      "KAITO 0.6 takes 2 nodes of Standard_NV36ads_A10_v5, this estimate 3: KAITO goes by a fixed figure of 40 GiB for the preset, whatever is served; " +
        "reads the label's 24 GB as GiB where a process gets 21.99.",
    );
  });

  it("names a latent cache that is divided, and weights that are counted otherwise", () => {
    const { explanation } = compareWithKaito({ model: DEEPSEEK, contextLength: 4096, quantization: "fp8" }, EIGHT_H200, { weightFilesGiB: 641.3, maxModelLength: 4096 });
    expect(explanation).toContain("divides the latent cache by 8 GPUs, of which each holds all of it");
    expect(explanation).toMatch(/counts 81\.8 GiB of weights a GPU, this estimate 0\.00 GiB\.$/);
    expect(explanation).not.toContain("counts the cache");
  });

  it("knows no count for what 64 nodes do not hold", () => {
    const { nodes: count, explanation } = compareWithKaito({ model: "phi-4", contextLength: 2048, concurrency: 100_000 }, A10);
    expect(count).toBeUndefined();
    expect(explanation).toContain("this estimate more than 64:");
  });
});
