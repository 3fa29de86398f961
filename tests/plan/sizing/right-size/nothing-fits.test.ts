import type { Constraints, Recipe } from "../../../../components";
import { messageOf } from "../../../support/refusal";
import { attempt, choose, LLAMA_70B, QWEN } from "./choosing";

const fixOf = (recipe: Recipe, constraints: Partial<Constraints> = {}) => (messageOf(() => choose(recipe, constraints)).split("; fix: ")[1] ?? "").split(", or ");

describe("rightSize where nothing fits", () => {
  it("names the nearest sizes with their numbers, and every way out", () => {
    expect(messageOf(() => choose({ ...LLAMA_70B, method: "full" }))).toBe(
      'The recipe cannot be deployed:\n- AKSFT-SIZE-01 recipe: got "full of Llama-3.3-70B-Instruct at 4096 tokens"; fits none of 23 sizes; nearest: ' +
        "Standard_ND96amsr_A100_v4 needs 140.4 GiB at its smallest, the GPU has 79.3 GiB; Standard_ND96isr_H100_v5 needs 140.4 GiB at its smallest, the GPU has 79.1 GiB; " +
        "Standard_NC96ads_A100_v4 needs 226.4 GiB at its smallest, the GPU has 79.3 GiB; fix: use method lora (71.6 GiB on Standard_ND96amsr_A100_v4, 32.77 USD per hour), " +
        "or use method qlora (88.3 GiB on Standard_NC40ads_H100_v5, 6.98 USD per hour)",
    );
  });

  const LONG: Recipe = { ...LLAMA_70B, method: "qlora", sequenceLength: 16384 };
  const PHI: Recipe = { ...QWEN, model: "phi-4" };
  const INT8: Recipe = { ...LLAMA_70B, method: "qlora", quantization: "int8" };
  const ON_A100 = { sizes: ["Standard_NC24ads_A100_v4"] } as const;
  it.each<readonly [string, Recipe, Partial<Constraints>, Recipe, Partial<Constraints>]>([
    ["use method qlora (", LLAMA_70B, { engine: "kaito" }, { ...LLAMA_70B, method: "qlora" }, { engine: "kaito" }],
    ["use a trainer that shards the model (", LLAMA_70B, { engine: "kaito" }, LLAMA_70B, {}],
    ["use a trainer for several GPUs (", LLAMA_70B, { engine: "job" }, LLAMA_70B, {}],
    ["use quantization nf4-dq (", INT8, ON_A100, { ...INT8, quantization: "nf4-dq" }, ON_A100],
    ["leave out sizes (", INT8, ON_A100, INT8, {}],
    ["allow maxNodes 2 (", INT8, ON_A100, INT8, { ...ON_A100, maxNodes: 2 }],
    ["leave out families (", PHI, { families: ["T4"] }, PHI, {}],
    ["leave out maxGpus (", LLAMA_70B, { maxGpus: 1 }, LLAMA_70B, {}],
    ["raise maxHourlyUsd to 3.68 (", QWEN, { maxHourlyUsd: 1 }, QWEN, { maxHourlyUsd: 3.68 }],
    ["raise maxTotalUsd to 2.87 (", QWEN, { maxTotalUsd: 0.5 }, QWEN, { maxTotalUsd: 2.87 }],
    ["raise deadlineHours to 0.32 (", QWEN, { deadlineHours: 0.1 }, QWEN, { deadlineHours: 0.32 }],
    ['use priority "Regular" (', QWEN, { priority: "Spot", families: ["H100"] }, QWEN, { families: ["H100"] }],
    ["use sequenceLength 8192 (", LONG, { engine: "kaito" }, { ...LONG, sequenceLength: 8192 }, { engine: "kaito" }],
    ["leave out maxHourlyUsd, deadlineHours (", QWEN, { maxHourlyUsd: 1, deadlineHours: 0.1 }, QWEN, {}],
    ["use method qlora and use sequenceLength 256 (", PHI, { families: ["T4"], sizes: ["Standard_NC4as_T4_v3"] }, { ...PHI, method: "qlora", sequenceLength: 256 }, { sizes: ["Standard_NC4as_T4_v3"] }],
  ])("%s) fits when it is done", (change, recipe, constraints, mended, loosened) => {
    const way = fixOf(recipe, constraints).find((each) => each.startsWith(change));
    const found = attempt(mended, loosened);
    expect(attempt(recipe, constraints)).toBeUndefined();
    expect(way).toContain(` GiB on ${found?.shape.size ?? "nothing"}, ${found?.usdPerHour ?? "unknown"} USD per hour)`);
  });

  it("asks for a smaller model where no single or double change helps", () => {
    const huge = { ...LLAMA_70B, model: { name: "huge", hidden_size: 65536, intermediate_size: 262144, num_hidden_layers: 200, num_attention_heads: 64, num_key_value_heads: 8, vocab_size: 256000, max_position_embeddings: 8192 } };
    expect(fixOf(huge)).toEqual(["use a smaller model"]);
  });
});
