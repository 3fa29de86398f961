import * as fc from "fast-check";
import { BASE_MODELS, estimateTuningTime, GPU_SIZES, interconnectOf, type ModelDimensions, tuningGpu, type TuningTimeSetup } from "../../../components";
import { GPU_CARDS } from "../../../components/plan/catalogue/gpu-cards";
import { GPU_SIZE_NAMES } from "../../../components/plan/catalogue/gpu-sizes";

const QWEN = BASE_MODELS["Qwen2.5-7B-Instruct"];
const SETUP: TuningTimeSetup = {
  ...{ model: QWEN, method: "lora", sequenceLength: 2048, microBatch: 2, checkpointing: "full", packing: true, tokens: 10_000_000 },
  ...{ gpu: tuningGpu(GPU_SIZES.Standard_NC24ads_A100_v4), gpusPerNode: 1, nodes: 1, sharding: "none", offload: "none" },
  interconnect: interconnectOf("Standard_NC24ads_A100_v4", 1),
};
const estimate = (changes: Partial<TuningTimeSetup> = {}) => estimateTuningTime({ ...SETUP, ...changes });
const hours = (changes: Partial<TuningTimeSetup> = {}) => estimate(changes).hours;
/** Two nodes of eight, sharded. */
const onNodes = (size: "Standard_ND96isr_H100_v5" | "Standard_NC96ads_A100_v4", nodes: number): Partial<TuningTimeSetup> => {
  const { gpus: gpusPerNode } = GPU_SIZES[size];
  return { gpu: tuningGpu(GPU_SIZES[size]), gpusPerNode, nodes, sharding: "fsdp", interconnect: interconnectOf(size, gpusPerNode) };
};

const MODEL = fc
  .record({ layers: fc.integer({ min: 1, max: 100 }), heads: fc.integer({ min: 1, max: 64 }), inner: fc.integer({ min: 64, max: 60000 }), vocabulary: fc.integer({ min: 100, max: 260000 }) })
  .map(({ layers, heads, inner, vocabulary }): ModelDimensions => ({
    ...{ name: "drawn", hidden_size: 128 * heads, intermediate_size: inner, num_hidden_layers: layers, num_attention_heads: heads },
    ...{ num_key_value_heads: heads, vocab_size: vocabulary, max_position_embeddings: 131072 },
  }));
const SETUPS = fc.record({
  model: MODEL,
  method: fc.constantFrom("lora", "qlora", "dora", "full"),
  sequenceLength: fc.integer({ min: 1, max: 100_000 }),
  microBatch: fc.integer({ min: 1, max: 32 }),
  accumulation: fc.integer({ min: 1, max: 64 }),
  checkpointing: fc.constantFrom("none", "full", "offloaded"),
  gpu: fc.constantFrom(...Object.values(GPU_CARDS)).map((card) => tuningGpu(card)),
  gpusPerNode: fc.integer({ min: 2, max: 8 }),
  nodes: fc.integer({ min: 1, max: 4 }),
  sharding: fc.constantFrom("none", "ddp", "zero2", "zero3", "fsdp"),
  offload: fc.constantFrom("none", "optimizer", "parameters", "activations"),
  interconnect: fc.constantFrom(...GPU_SIZE_NAMES).map((size) => interconnectOf(size, GPU_SIZES[size].gpus)),
  packing: fc.boolean(),
  tokens: fc.integer({ min: 1, max: 1e9 }),
}) satisfies fc.Arbitrary<TuningTimeSetup>;

/** That a change never makes a run shorter, at any of the three figures. */
function expectNoFaster(change: (setup: TuningTimeSetup) => TuningTimeSetup): void {
  fc.assert(
    fc.property(SETUPS, (setup) => {
      const [before, after] = [estimateTuningTime(setup).hours, estimateTuningTime(change(setup)).hours];
      for (const bound of ["low", "expected", "high"] as const) expect(after[bound]).toBeGreaterThanOrEqual(before[bound] * (1 - 1e-9));
    }),
  );
}

describe("estimateTuningTime", () => {
  it("is what the published rule of thumb says: about 150 TFLOPS of an A100 at 6 FLOPs per parameter and token", () => {
    const { tokensPerSecond } = estimate();
    expect(tokensPerSecond.expected).toBeGreaterThan(0.85 * (150e12 / (6 * 7.6e9)));
    expect(tokensPerSecond.expected).toBeLessThan(1.15 * (150e12 / (6 * 7.6e9)));
  });

  it("gives hours for tokens per second, end for end", () => {
    const { tokensPerSecond, hours: taken } = estimate({ tokens: 3_600_000 });
    expect(taken.low).toBeCloseTo(1000 / tokensPerSecond.high, 9);
    expect(taken.expected).toBeCloseTo(1000 / tokensPerSecond.expected, 9);
    expect(taken.high).toBeCloseTo(1000 / tokensPerSecond.low, 9);
  });

  it("orders every range", () => {
    fc.assert(
      fc.property(SETUPS, (setup) => {
        const { tokensPerSecond, hours: taken, startUpMinutes } = estimateTuningTime(setup);
        for (const { low, expected, high } of [tokensPerSecond, taken, startUpMinutes]) {
          expect(low).toBeGreaterThan(0);
          expect(expected).toBeGreaterThanOrEqual(low);
          expect(high).toBeGreaterThanOrEqual(expected);
        }
      }),
    );
  });

  it("is never faster with more tokens", () => expectNoFaster((setup) => ({ ...setup, tokens: setup.tokens + 1000 })));
  it("is never faster with more blocks", () => expectNoFaster((setup) => ({ ...setup, model: { ...setup.model, num_hidden_layers: setup.model.num_hidden_layers + 1 } })));
  it("is never faster with wider blocks", () => expectNoFaster((setup) => ({ ...setup, model: { ...setup.model, intermediate_size: 2 * setup.model.intermediate_size } })));
  it("is never faster with rows that are longer, for the same number of rows", () =>
    expectNoFaster((setup) => ({ ...setup, sequenceLength: 2 * setup.sequenceLength, tokens: 2 * setup.tokens })));
  it("is never faster with longer rows of the same tokens in a step", () =>
    expectNoFaster((setup) => ({ ...setup, microBatch: 1, sequenceLength: setup.microBatch * setup.sequenceLength })));
  it("is never faster with checkpointing", () =>
    fc.assert(
      fc.property(SETUPS, (setup) => {
        const at = (checkpointing: TuningTimeSetup["checkpointing"]) => estimateTuningTime({ ...setup, offload: "none", checkpointing }).hours.expected;
        expect(at("full")).toBeGreaterThan(at("none"));
        expect(at("offloaded")).toBeGreaterThanOrEqual(at("full"));
      }),
    ));
  it("is never faster with something in host memory", () =>
    fc.assert(fc.property(SETUPS, (setup) => expect(estimateTuningTime(setup).hours.expected).toBeGreaterThanOrEqual(estimateTuningTime({ ...setup, offload: "none" }).hours.expected))));
  it("is never faster with a base of 4 bits on one GPU, or with DoRA", () =>
    fc.assert(
      fc.property(SETUPS, (setup) => {
        const at = (method: TuningTimeSetup["method"]) => estimateTuningTime({ ...setup, gpusPerNode: 1, nodes: 1, offload: "none", method }).hours.expected;
        expect(at("qlora")).toBeGreaterThanOrEqual(at("lora"));
        expect(at("dora")).toBeGreaterThanOrEqual(at("lora"));
      }),
    ));
  it("is never faster with a card of half the speed", () =>
    expectNoFaster((setup) => ({ ...setup, gpu: { ...setup.gpu, tflops: setup.gpu.tflops / 2, memoryGBps: setup.gpu.memoryGBps / 2 } })));
  it("is never slower with one GPU more in a node that has two", () =>
    fc.assert(
      fc.property(SETUPS, (setup) => {
        const at = (gpusPerNode: number) => estimateTuningTime({ ...setup, nodes: 1, gpusPerNode }).hours;
        const [fewer, more] = [at(setup.gpusPerNode), at(setup.gpusPerNode + 1)];
        for (const bound of ["low", "expected", "high"] as const) expect(more[bound]).toBeLessThan(fewer[bound]);
      }),
    ));

  it.each([
    ["A100", GPU_CARDS.A100_PCIE, 1.25],
    ["H100", GPU_CARDS.H100_SXM, 1.25],
  ])("unpacks 4 bits once per micro-step, so that long ones on an %s hide what short ones pay", (_, card, most) => {
    const slowdown = (sequenceLength: number): number => {
      const shape = { gpu: tuningGpu(card), sequenceLength, microBatch: 1 };
      return hours({ ...shape, method: "qlora" }).expected / hours({ ...shape, method: "lora" }).expected;
    };
    expect(slowdown(8192)).toBeLessThan(most);
    expect(slowdown(512)).toBeGreaterThan(slowdown(8192) + 0.2);
  });

  it("computes few tokens at a time no faster than the host starts kernels", () => {
    const [one, four] = [1, 4].map((sequenceLength) => hours({ sequenceLength, microBatch: 1, tokens: sequenceLength * 1000 }).expected);
    expect(four).toBeCloseTo(one ?? NaN, 12);
  });

  it("looks back only as far as a sliding window, in the blocks that have one", () => {
    const long = (model: Partial<ModelDimensions>) => hours({ model: { ...QWEN, ...model }, sequenceLength: 32768, microBatch: 1 }).expected;
    const [all, half, none] = [long({ sliding_window: 1024 }), long({ sliding_window: 1024, sliding_window_layers: 14 }), long({})];
    expect(half).toBeCloseTo((all + none) / 2, 6);
    expect(all).toBeLessThan(0.75 * none);
    expect(long({ sliding_window: 65536 })).toBe(none);
  });

  it("keeps nearly all of the speed of a GPU on two nodes with InfiniBand, and two thirds over Ethernet, where the network is the bound", () => {
    const model = { ...QWEN, num_hidden_layers: 80, hidden_size: 8192, intermediate_size: 28672, num_attention_heads: 64, num_key_value_heads: 8 };
    const kept = (size: "Standard_ND96isr_H100_v5" | "Standard_NC96ads_A100_v4"): number =>
      hours({ ...onNodes(size, 1), model, sequenceLength: 4096 }).expected / 2 / hours({ ...onNodes(size, 2), model, sequenceLength: 4096 }).expected;
    expect(kept("Standard_ND96isr_H100_v5")).toBeGreaterThan(0.9);
    expect(kept("Standard_ND96isr_H100_v5")).toBeLessThan(1);
    expect(kept("Standard_NC96ads_A100_v4")).toBeLessThan(0.75);
  });

  it("shards over PCI Express slower than over NVLink, and copies the model instead hardly slower", () => {
    const pair = { gpusPerNode: 2, microBatch: 1, sequenceLength: 512 };
    const at = (sharding: TuningTimeSetup["sharding"], size: "Standard_NC48ads_A100_v4" | "Standard_NV72ads_A10_v5") =>
      hours({ ...pair, sharding, interconnect: interconnectOf(size, 2) }).expected;
    expect(at("fsdp", "Standard_NV72ads_A10_v5")).toBeGreaterThan(1.5 * at("fsdp", "Standard_NC48ads_A100_v4"));
    expect(at("ddp", "Standard_NV72ads_A10_v5")).toBeLessThan(1.1 * at("ddp", "Standard_NC48ads_A100_v4"));
  });

  it.each<[string, Partial<TuningTimeSetup>]>([
    ["the optimizer", { offload: "optimizer" }],
    ["the optimizer, split by ZeRO-2", { offload: "optimizer", sharding: "zero2", gpusPerNode: 2 }],
    ["the parameters", { offload: "parameters", method: "lora" }],
    ["activations", { offload: "activations" }],
    ["what checkpointing keeps", { checkpointing: "offloaded" }],
  ])("moves %s over the link to the host", (_, changes) => {
    const through = (hostGBps: number) => hours({ method: "full", ...changes, interconnect: { ...SETUP.interconnect, hostGBps } }).expected;
    expect(through(0.1)).toBeGreaterThan(2 * through(25));
  });

  it("waits for the host's processors, which the nodes share out", () => {
    const updated = (changes: Partial<TuningTimeSetup>) => hours({ method: "full", microBatch: 1, sequenceLength: 16, ...changes }).expected;
    expect(updated({ offload: "optimizer" })).toBeGreaterThan(3 * updated({}));
    expect(updated({ offload: "optimizer", ...onNodes("Standard_ND96isr_H100_v5", 2) })).toBeLessThan(0.5 * updated({ offload: "optimizer", ...onNodes("Standard_ND96isr_H100_v5", 1) }));
  });

  it("spreads the optimizer's work and unsharded gradients over the micro-steps", () => {
    const full = { method: "full", gpusPerNode: 2, sharding: "zero2", offload: "optimizer", interconnect: interconnectOf("Standard_NV72ads_A10_v5", 2) } as const;
    expect(hours({ ...full, accumulation: 8 }).expected).toBeLessThan(0.7 * hours(full).expected);
    expect(hours({ ...full, accumulation: 1 })).toEqual(hours(full));
  });

  it.each<[string, Partial<TuningTimeSetup>, number]>([
    ["measured on A100s", {}, 2.6],
    ["extrapolated to the A10, as only the A10G was measured", { gpu: tuningGpu(GPU_CARDS.A10) }, 4],
    ["extrapolated to plain Hugging Face trainers on the H100, where mostly tuned stacks were measured", { gpu: tuningGpu(GPU_CARDS.H100_NVL) }, 4],
    ["extrapolated to the H200, which computes like the H100 with faster memory", { gpu: tuningGpu(GPU_CARDS.H200) }, 4],
    ["unmeasured for the T4, which computes in fp16 without FlashAttention", { gpu: tuningGpu(GPU_CARDS.T4) }, 7],
    ["measured on A100s; a part of a GPU is taken as that part of its speed", { gpu: tuningGpu(GPU_CARDS.A100_PCIE, 3 / 7) }, 4],
    ["measured on A100s; no run with DoRA was measured", { method: "dora" }, 4],
    ["measured on A100s; offloading to the host was measured twice only", { offload: "parameters" }, 4],
    ["measured on A100s; training over Ethernet was not measured, its bandwidth is the bound", { ...onNodes("Standard_NC96ads_A100_v4", 2) }, 4],
    ["measured on A100s; of models with experts one was measured, and it was slow", { model: { ...QWEN, num_experts: 8, num_experts_per_tok: 2 } }, 20],
  ])("says that it is %s, and how sure that is", (basis, changes, width) => {
    const { basis: said, tokensPerSecond } = estimate(changes);
    expect(said).toBe(`from first principles, with constants set by published A100 and H100 runs; ${basis}`);
    expect(tokensPerSecond.high / tokensPerSecond.low).toBeLessThan(width);
  });
});

describe("start-up", () => {
  it("is minutes for the node, its image and 15 GB of weights, and longer for a model that is", () => {
    const { low, expected, high } = estimate().startUpMinutes;
    expect([low, expected, high].map(Math.round)).toEqual([3, 8, 17]);
    expect(estimate({ model: { ...QWEN, num_hidden_layers: 56 } }).startUpMinutes.expected).toBeGreaterThan(expected);
  });

  it("does not depend on how long the run is", () => {
    expect(estimate({ tokens: 1 }).startUpMinutes).toEqual(estimate().startUpMinutes);
  });
});

describe("tuningGpu", () => {
  it("takes a whole card as it is", () => {
    expect(tuningGpu(GPU_SIZES.Standard_ND96amsr_A100_v4)).toEqual({
      ...{ name: "A100 80GB SXM", tflops: 312, memoryGBps: 2039, share: 1, attainable: 0.87, flashAttention: true },
      ...{ evidence: "measured", evidenceNote: "measured on A100s" },
    });
  });

  it("counts the part of a card once, whether a size or a profile makes it", () => {
    const { tflops, memoryGBps, share } = tuningGpu(GPU_SIZES.Standard_NV12ads_A10_v5);
    expect({ tflops, memoryGBps, share }).toEqual({ tflops: 125 / 3, memoryGBps: 200, share: 1 / 3 });
    expect(tuningGpu(GPU_CARDS.H100_NVL, 1 / 4)).toMatchObject({ tflops: 835 / 4, memoryGBps: 3938 / 4, share: 1 / 4 });
  });

  it("has no FlashAttention on a T4", () => {
    expect(tuningGpu(GPU_CARDS.T4).flashAttention).toBe(false);
  });
});

describe("interconnectOf", () => {
  it.each([
    ["Standard_ND96isr_H100_v5", 8, { insideGBps: 360, betweenGBps: 320, hostGBps: 51.2 }],
    ["Standard_ND96amsr_A100_v4", 8, { insideGBps: 240, betweenGBps: 160, hostGBps: 25.6 }],
    ["Standard_NC80adis_H100_v5", 2, { insideGBps: 240, betweenGBps: 8, hostGBps: 51.2 }],
    ["Standard_NC96ads_A100_v4", 2, { insideGBps: 240, betweenGBps: 4, hostGBps: 25.6 }],
    ["Standard_NC96ads_A100_v4", 4, { insideGBps: 12.8, betweenGBps: 8, hostGBps: 25.6 }],
    ["Standard_NV72ads_A10_v5", 2, { insideGBps: 12.8, betweenGBps: 8, hostGBps: 25.6 }],
    ["Standard_NC64as_T4_v3", 4, { insideGBps: 6.4, betweenGBps: 3.2, hostGBps: 12.8 }],
  ] as const)("knows the links of %s with %i GPUs", (size, gpus, links) => {
    const found = interconnectOf(size, gpus);
    for (const [link, GBps] of Object.entries(links)) expect(found).toHaveProperty(link, expect.closeTo(GBps, 9));
  });
});
