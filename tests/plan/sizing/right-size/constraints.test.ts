import type { Constraints, Recipe } from "../../../../components";
import { messageOf, problemsOf } from "../../../support/refusal";
import { TINY_RECIPE } from "../../../support/tiny-recipe";
import { choose, QWEN, refusedFor } from "./choosing";

/** As a JavaScript program or a file may have them. */
const faulty = (constraints: Readonly<Record<string, unknown>>) => problemsOf(() => choose(QWEN, constraints));

describe("constraints of rightSize", () => {
  it.each([
    ["Standard_NC4as_T4_v3", { families: ["A100", "H100"] }, "family T4 is not among A100, H100"],
    ["Standard_NC40ads_H100_v5", { sizes: ["Standard_NC24ads_A100_v4"] }, "is not among Standard_NC24ads_A100_v4"],
    ["Standard_NC96ads_A100_v4", { maxGpus: 2 }, "has 4 GPUs, the run uses at most 2"],
    ["Standard_NC40ads_H100_v5", { priority: "Spot" }, "no spot price is known"],
    ["Standard_NV12ads_A10_v5", { priority: "Spot" }, "its spot price is known in centralus only"],
    ["Standard_NC8ads_A10_v4", {}, "its pay-as-you-go price is known in westus3 only"],
    ["Standard_NC40ads_H100_v5", { maxHourlyUsd: 3.7 }, "costs 6.98 USD per hour, above 3.7"],
    ["Standard_NC48ads_A100_v4", { maxTotalUsd: 3 }, "costs up to 4.04 USD for the run, above 3"],
    ["Standard_NC24ads_A100_v4", { deadlineHours: 0.5 }, "takes up to 0.78 hours with its start-up, above 0.5"],
    ["Standard_NC4as_T4_v3", {}, "needs 27.1 GiB at its smallest, the GPU has 14.8 GiB"],
  ] as const)("%s is passed over with %j: it %s", (size, constraints, why) => {
    expect(refusedFor(size, QWEN, constraints)).toBe(why);
  });

  it("says how much memory a size lacks, and that others lack something else", () => {
    const { refused } = choose(QWEN, { maxHourlyUsd: 5 });
    expect(refused.find(({ size }) => size === "Standard_NC4as_T4_v3")).toMatchObject({ lacks: "memory", availableGiB: 14.75, neededGiB: expect.closeTo(27.1, 0) as number });
    expect(refused.find(({ size }) => size === "Standard_NC40ads_H100_v5")?.lacks).toBe("limit");
    expect(refused.find(({ size }) => size === "Standard_NC8ads_A10_v4")?.lacks).toBe("price");
  });

  it("takes a size without a price when it is named, unless a price is limited", () => {
    const sizes = ["Standard_NC40ads_H100_v5", "Standard_NC80adis_H100_v5"] as const;
    const { usd, usdPerHour, reason, candidates } = choose(TINY_RECIPE, { priority: "Spot", sizes });
    expect([usd, usdPerHour, candidates[0]?.why]).toEqual([undefined, undefined, "is no quicker, and no price is known of either"]);
    expect(reason).toMatch(/, no spot price known; next is Standard_NC80adis_H100_v5$/);
    expect(messageOf(() => choose(TINY_RECIPE, { priority: "Spot", sizes, maxTotalUsd: 9 }))).toContain("has no known price, the limit is 9 USD for the run");
    expect(messageOf(() => choose(TINY_RECIPE, { priority: "Spot", sizes, maxHourlyUsd: 9 }))).toContain("has no known price, the limit is 9 USD per hour");
    expect(choose(TINY_RECIPE, { priority: "Spot", sizes: [...sizes, "Standard_NC24ads_A100_v4"] }).candidates[0]?.why).toBe("no price is known");
  });

  it("takes the prices of the region, and those that are given, before the catalogue's", () => {
    expect(choose(TINY_RECIPE, { location: "West US 3", sizes: ["Standard_NC8ads_A10_v4"] }).reason).toContain("1.1 USD per hour pay-as-you-go (westus3, 2026-06-18)");
    expect(refusedFor("Standard_NC8ads_A10_v4", QWEN, { location: "westus3" })).toBe("needs 27.1 GiB at its smallest, the GPU has 22.0 GiB");
    const prices = { Standard_NC40ads_H100_v5: { westeurope: { Regular: { usdPerHour: 1, date: "2026-11-01" } } } };
    expect(choose(QWEN, { location: "westeurope", prices })).toMatchObject({ shape: { size: "Standard_NC40ads_H100_v5" }, usdPerHour: 1 });
  });

  it("lists every fault at once, with those of the recipe", () => {
    const constraints: Readonly<Record<string, unknown>> = {
      ...{ location: "", priority: "spot", engine: "ray", families: ["V100"], sizes: ["Standard_NC6s_v3"], maxNode: 1 },
      ...{ maxNodes: 0, maxGpus: 1.5, maxHourlyUsd: 0, maxTotalUsd: -1, deadlineHours: Number.NaN, rows: 0, tokensPerRow: 4096 },
      existing: [{ size: "A100", priority: "Low" }, { size: "Standard_NC24ads_A100_v4", priority: "Spot", gpusPerNode: 9 }],
      prices: { Standard_NC24ads_A100_v4: { eastus: { Regular: { usdPerHour: -1 } } } },
      trainer: { optimizer: "sgd", attention: "fast", lossKernel: "none", precision: "int8", checkpointing: "some", kernel: 1 },
    };
    const listed = problemsOf(() => choose({ ...QWEN, epochs: 0 }, constraints));
    expect(listed.map((line) => line.split(": got")[0])).toEqual([
      "AKSFT-TUNE-05 epochs",
      "AKSFT-SIZE-04 constraints.maxNode",
      "AKSFT-SIZE-05 constraints.location",
      "AKSFT-SIZE-05 constraints.priority",
      "AKSFT-SIZE-05 constraints.engine",
      "AKSFT-SIZE-05 constraints.families[0]",
      "AKSFT-SIZE-07 constraints.sizes[0]",
      "AKSFT-SIZE-07 constraints.existing[0].size",
      "AKSFT-SIZE-05 constraints.existing[0].priority",
      "AKSFT-POOL-27 constraints.existing[1].gpusPerNode",
      "AKSFT-SIZE-06 constraints.maxNodes",
      "AKSFT-SIZE-06 constraints.maxGpus",
      "AKSFT-SIZE-06 constraints.rows",
      "AKSFT-SIZE-06 constraints.maxHourlyUsd",
      "AKSFT-SIZE-06 constraints.maxTotalUsd",
      "AKSFT-SIZE-06 constraints.deadlineHours",
      "AKSFT-SIZE-06 constraints.tokensPerRow",
      "AKSFT-PRICE-04 constraints.prices.Standard_NC24ads_A100_v4.eastus.Regular.usdPerHour",
      "AKSFT-SIZE-04 constraints.trainer.kernel",
      "AKSFT-SIZE-05 constraints.trainer.attention",
      "AKSFT-SIZE-05 constraints.trainer.lossKernel",
      "AKSFT-SIZE-05 constraints.trainer.optimizer",
      "AKSFT-SIZE-05 constraints.trainer.precision",
      "AKSFT-SIZE-05 constraints.trainer.checkpointing",
    ]);
  });

  it.each([
    [{ maxNode: 2 }, 'AKSFT-SIZE-04 constraints.maxNode: got "maxNode"; is no argument there; fix: did you mean "maxNodes"?', { maxNodes: 2 }],
    [{ location: "" }, 'AKSFT-SIZE-05 constraints.location: got ""; is no name of an Azure region; fix: use for example "eastus"', { location: "East US" }],
    [{ priority: "spot" }, 'AKSFT-SIZE-05 constraints.priority: got "spot"; is none of Regular, Spot; fix: did you mean "Spot"?', { priority: "Spot" }],
    [{ families: [] }, "AKSFT-SIZE-05 constraints.families: got []; lists nothing to choose from; fix: name one of T4, A10, A100, H100, H200, or leave it out", { families: ["A100"] }],
    [{ sizes: [] }, "AKSFT-SIZE-07 constraints.sizes: got []; lists nothing to choose from; fix: name a size, or leave it out", { sizes: ["Standard_NC24ads_A100_v4"] }],
    [{ maxNodes: 65 }, "AKSFT-SIZE-06 constraints.maxNodes: got 65; must be a whole number from 1 to 64; fix: use 64", { maxNodes: 64 }],
    [{ maxHourlyUsd: 0 }, "AKSFT-SIZE-06 constraints.maxHourlyUsd: got 0; must be above 0; fix: use for example 10", { maxHourlyUsd: 10 }],
    [
      { tokensPerRow: 2049 },
      "AKSFT-SIZE-06 constraints.tokensPerRow: got 2049; must be above 0 and at most 2048, the recipe's sequenceLength; fix: use for example 512, or leave it out",
      { tokensPerRow: 2048 },
    ],
    [{ sizes: ["Standard_NC24ads_A100_v5"] }, 'AKSFT-SIZE-07 constraints.sizes[0]: got "Standard_NC24ads_A100_v5"; is none of the 23 sizes of the catalogue; fix: did you mean "Standard_NC24ads_A100_v4"?', { sizes: ["Standard_NC24ads_A100_v4"] }],
    [{ engine: "job", maxNodes: 2 }, 'AKSFT-SIZE-08 constraints.maxNodes: got 2; must be 1 for engine "job", which tunes on 1 node; fix: use 1, or leave the engine out', { engine: "job", maxNodes: 1 }],
    [{ engine: "kaito", maxNodes: 2 }, 'AKSFT-SIZE-08 constraints.maxNodes: got 2; must be 1 for engine "kaito", which tunes on 1 node; fix: use 1, or leave the engine out', { engine: "kaito", maxGpus: 8 }],
    [{ engine: "job", maxGpus: 2 }, 'AKSFT-SIZE-08 constraints.maxGpus: got 2; must be 1 for engine "job", whose trainer is 1 process; fix: use 1, or leave the engine out', { engine: "job", maxGpus: 1 }],
  ])("refuses %j, and accepts what is nearest", (constraints, problem, nearest) => {
    expect(faulty(constraints)).toEqual([problem]);
    expect(choose(QWEN, nearest as Partial<Constraints>).shape.nodes).toBe(1);
  });

  it.each(["job", "kaito"] as const)("refuses methods that engine %s does not tune, and sizes them for any trainer", (engine) => {
    const full: Recipe = { ...QWEN, model: "Qwen2.5-0.5B-Instruct", method: "full" };
    expect(problemsOf(() => choose(full, { engine }))).toEqual([
      `AKSFT-SIZE-08 constraints.engine: got "${engine}"; tunes lora and qlora, and the recipe's method is full; fix: use method "lora", or leave the engine out`,
    ]);
    expect(problemsOf(() => choose({ ...full, method: "dora" }, { engine }))).toHaveLength(1);
    expect(choose(full).shape.nodes).toBe(1);
    expect(choose({ ...full, method: "qlora" }, { engine }).shape.nodes).toBe(1);
  });
});
