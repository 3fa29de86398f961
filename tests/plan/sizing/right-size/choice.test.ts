import { GPU_SIZES } from "../../../../components/plan/catalogue/gpu-sizes";
import { rightSizeOn } from "../../../../components/plan/sizing/right-size";
import { estimateTuningMemory } from "../../../../components/plan/sizing/tuning-memory";
import { resolveRecipe } from "../../../../components/plan/recipe";
import { TINY_RECIPE } from "../../../support/tiny-recipe";
import { choose, LLAMA_70B, QWEN, refusedFor } from "./choosing";

const why = (result: ReturnType<typeof choose>) => result.candidates.map(({ size, why: reason }) => `${size} ${reason}`);

describe("rightSize", () => {
  it("says in one sentence what was chosen, why, what it costs, and what comes next", () => {
    const result = choose(TINY_RECIPE, { priority: "Spot" });
    expect(result.reason).toBe(
      "Standard_NC4as_T4_v3 (1 × Tesla T4) is the cheapest run that fits: lora of tiny at 512 tokens × 16 needs 1.78 GiB of 14.8 GiB, " +
        "0.01 USD for the run at 0.062699 USD per hour as spot (eastus, undated); next is Standard_NC8as_T4_v3 for 0.01 USD",
    );
    expect(result.quota).toEqual({ family: "Standard NCASv3_T4 Family vCPUs", vcpus: 4, spot: true });
    expect(why(result)).toEqual([
      "Standard_NC8as_T4_v3 costs 43 % more",
      "Standard_NC16as_T4_v3 costs 2.3 times as much",
      "Standard_NC24ads_A100_v4 costs 7.1 times as much",
    ]);
  });

  it("costs what all nodes cost for its hours and its start-up", () => {
    const { hours, startUpMinutes, usd, usdPerHour, shape } = choose({ ...LLAMA_70B, method: "qlora" }, { sizes: ["Standard_NC48ads_A100_v4"], maxNodes: 2 });
    const nodes = shape.nodes * 7.346;
    expect(usdPerHour).toBeCloseTo(nodes, 6);
    for (const end of ["low", "expected", "high"] as const) expect(usd?.[end]).toBeCloseTo(nodes * (hours[end] + startUpMinutes[end] / 60), 9);
  });

  it("takes twice as long for twice the rows, and half for rows of half the length", () => {
    const sizes = ["Standard_NC24ads_A100_v4"] as const;
    const packed = { ...QWEN, packing: true };
    const one = choose(QWEN, { sizes }).hours.expected;
    expect(choose(QWEN, { sizes, rows: 2000 }).hours.expected).toBeCloseTo(2 * one, 9);
    expect(choose(packed, { sizes, tokensPerRow: 1024 }).hours.expected).toBeCloseTo(choose(packed, { sizes }).hours.expected / 2, 9);
    // Without packing the rows themselves are shorter, and attention is less work a token.
    expect(choose(QWEN, { sizes, tokensPerRow: 1024 }).hours.expected / one).toBeLessThan(0.4995);
  });

  it.each([
    [12, 12],
    [17, 1],
    [18, 9],
    [64, 16],
  ])("divides %i rows into steps of %i, none ragged", (globalBatch, microBatch) => {
    expect(choose({ ...TINY_RECIPE, globalBatch }, { priority: "Spot" }).shape.microBatch).toBe(microBatch);
  });

  it("shards a 70B over the GPUs of a node, and copies what fits on each", () => {
    expect(choose(LLAMA_70B)).toMatchObject({
      reason: expect.stringContaining("at 4096 tokens × 2 a GPU, in shards (FSDP), needs 71.6 GiB of 79.3 GiB") as string,
      shape: { size: "Standard_ND96amsr_A100_v4", nodes: 1, gpusPerNode: 8, sharding: "fsdp", microBatch: 2, checkpointing: "full" },
    });
    const { candidates } = choose({ ...LLAMA_70B, method: "qlora" });
    expect(candidates.map(({ size, shape }) => [size, shape.gpusPerNode, shape.sharding])).toEqual([
      ["Standard_NC80adis_H100_v5", 2, "ddp"],
      ["Standard_NC24ads_A100_v4", 1, "none"],
      ["Standard_NC48ads_A100_v4", 2, "ddp"],
    ]);
  });

  it("takes several nodes where one is too small", () => {
    const { shape, quota, reason } = choose({ ...LLAMA_70B, sequenceLength: 2048 }, { sizes: ["Standard_ND96asr_v4"], maxNodes: 4 });
    expect(shape).toMatchObject({ nodes: 2, gpusPerNode: 8, sharding: "fsdp", microBatch: 1 });
    expect(quota.vcpus).toBe(192);
    expect(reason).toMatch(/^2 nodes of Standard_ND96asr_v4 \(8 × A100 40GB SXM\) is the cheapest run/);
  });

  it("uses as many GPUs of a node as the batch divides by", () => {
    const used = (globalBatch: number) => choose({ ...QWEN, globalBatch }, { sizes: ["Standard_ND96amsr_A100_v4"] }).shape;
    expect(used(6)).toMatchObject({ gpusPerNode: 6, sharding: "ddp" });
    expect(used(1)).toMatchObject({ gpusPerNode: 1, sharding: "none" });
  });

  it("trains in fp32 on a T4, which has no bf16", () => {
    const full = { ...TINY_RECIPE, method: "full" } as const;
    const { memory, shape } = choose(full, { sizes: ["Standard_NC4as_T4_v3"] });
    const recipe = resolveRecipe(full);
    expect(memory).toEqual(estimateTuningMemory({ ...recipe, trainableType: "fp32", precision: "mixed" }, shape));
    expect(memory.parts.optimizer).toBeGreaterThan(choose(full, { sizes: ["Standard_NV36ads_A10_v5"] }).memory.parts.optimizer);
    expect(refusedFor("Standard_NC4as_T4_v3", TINY_RECIPE, { trainer: { attention: "flash" } })).toBe("has no flash attention, which needs compute capability 8.0");
  });

  it("keeps parts of an A10 to one process without a paged optimizer", () => {
    expect(choose(TINY_RECIPE, { sizes: ["Standard_NV6ads_A10_v5"], maxNodes: 4 }).shape).toMatchObject({ nodes: 1, gpusPerNode: 1 });
    expect(refusedFor("Standard_NV6ads_A10_v5", TINY_RECIPE, { trainer: { optimizer: "paged-adamw-8bit" } })).toBe(
      "is a part of a GPU without unified memory, which a paged optimizer needs",
    );
  });

  it("computes as the trainer's precision says", () => {
    const of = (precision: "pure-16bit" | "mixed" | "fp32") =>
      choose(TINY_RECIPE, { sizes: ["Standard_NV36ads_A10_v5"], trainer: { precision } }).memory.parts;
    expect(of("pure-16bit").adapter).toBeCloseTo(of("mixed").adapter / 2, 9);
    expect(of("fp32").weights).toBeGreaterThan(1.9 * of("mixed").weights);
  });

  it("computes activations again always, or never, where the trainer does", () => {
    const checkpointed = (checkpointing: "none" | "full" | undefined) => choose(TINY_RECIPE, { sizes: ["Standard_NV36ads_A10_v5"], trainer: { checkpointing } }).shape;
    expect(checkpointed(undefined).checkpointing).toBe("none");
    expect(checkpointed("none")).toEqual(checkpointed(undefined));
    expect(checkpointed("full")).toEqual({ ...checkpointed(undefined), checkpointing: "full" });
  });

  it("has the trainer of TuningJob on one GPU", () => {
    const { shape, candidates, refused } = choose(QWEN, { engine: "job" });
    expect([shape, ...candidates.map((each) => each.shape)].every(({ nodes, gpusPerNode }) => nodes * gpusPerNode === 1)).toBe(true);
    expect(refused.find(({ size }) => size === "Standard_NC96ads_A100_v4")).toEqual({
      ...{ size: "Standard_NC96ads_A100_v4", lacks: "suitability", why: "has 4 GPUs, the run uses one" },
    });
  });

  it("has KAITO copy the whole model to every GPU of one node of its table", () => {
    const { shape, candidates } = choose(QWEN, { engine: "kaito" });
    expect([shape, ...candidates.map((each) => each.shape)].map(({ sharding }) => sharding)).toEqual(["none", "none", "ddp", "ddp"]);
    expect(refusedFor("Standard_NC4as_T4_v3", QWEN, { engine: "kaito" })).toBe("is not in KAITO's table of sizes: whole GPUs of compute capability 8.0 or later");
    expect(refusedFor("Standard_NC64as_T4_v3", TINY_RECIPE, { engine: "kaito", existing: [{ size: "Standard_NC64as_T4_v3", priority: "Regular" }] })).toBe(
      "has no whole GPU of compute capability 8.0 or later, which KAITO needs",
    );
  });
});

describe("rightSize on pools that exist", () => {
  const H100 = { size: "Standard_NC40ads_H100_v5", priority: "Regular" } as const;

  it("takes one before any cheaper size, and lists equal ones once", () => {
    const result = choose(QWEN, { existing: [H100, H100], families: ["A100"] });
    expect(result.reason).toMatch(/^Standard_NC40ads_H100_v5 \(1 × H100 NVL 94GB\) is the cheapest run on a pool that exists: /);
    expect(why(result)[0]).toBe("Standard_NC24ads_A100_v4 no such pool exists yet");
    expect([...result.candidates, ...result.refused].filter(({ size }) => size === H100.size)).toEqual([]);
  });

  it("takes the cheaper of two, and another where none holds the run", () => {
    const result = choose(QWEN, { existing: [H100, { size: "Standard_NC24ads_A100_v4", priority: "Spot" }, { size: "Standard_NC4as_T4_v3", priority: "Spot" }] });
    expect(result).toMatchObject({ shape: { size: "Standard_NC24ads_A100_v4" }, priority: "Spot" });
    expect(result.candidates[0]).toMatchObject({ size: H100.size, priority: "Regular", why: "costs 8.9 times as much" });
    expect(choose(QWEN, { existing: [{ size: "Standard_NC4as_T4_v3", priority: "Regular" }] }).shape.size).toBe("Standard_NC24ads_A100_v4");
  });

  it("costs a slice between its part of the node and the whole node", () => {
    const slices = { size: "Standard_NC24ads_A100_v4", priority: "Regular", gpusPerNode: 7, gpuResource: "nvidia.com/mig-1g.10gb", gpuMemoryGiB: 79.25 / 8 } as const;
    const { shape, usd, hours, startUpMinutes, reason } = choose(TINY_RECIPE, { existing: [slices], engine: "job", maxGpus: 1 });
    expect(shape).toMatchObject({ nodes: 1, gpusPerNode: 1, sharding: "none" });
    expect(usd?.low).toBeCloseTo((3.673 * (hours.low + startUpMinutes.low / 60)) / 7, 9);
    expect(usd?.high).toBeCloseTo(3.673 * (hours.high + startUpMinutes.high / 60), 9);
    expect(reason).toContain("Standard_NC24ads_A100_v4 (1 of 7 slices of its A100 80GB PCIe)");
    expect(choose(QWEN, { existing: [slices] }).refused[0]?.why).toBe("needs 27.1 GiB at its smallest, the slice has 9.91 GiB");
  });

  it("uses no pool of several GPUs with a trainer of one", () => {
    expect(refusedFor("Standard_NC64as_T4_v3", TINY_RECIPE, { engine: "job", existing: [{ size: "Standard_NC64as_T4_v3", priority: "Regular" }] })).toBe(
      "has 4 GPUs, the run uses one",
    );
  });

  it("lays a run out on the pool at hand and looks at no other", () => {
    const { shape, priority, candidates, refused } = rightSizeOn({ size: "Standard_NC24ads_A100_v4", priority: "Spot" }, TINY_RECIPE, 10);
    expect(shape).toMatchObject({ size: "Standard_NC24ads_A100_v4", microBatch: 16 });
    expect({ priority, candidates, refused }).toEqual({ priority: "Spot", candidates: [], refused: [] });
    expect(GPU_SIZES[shape.size].memoryGiB).toBe(79.25);
  });
});
