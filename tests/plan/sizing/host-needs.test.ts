import * as fc from "fast-check";
import { BASE_MODELS, estimateHostNeeds, type MemoryRecipe, type MemoryShape } from "../../../components";
import { BASE_MODEL_NAMES } from "../../../components/plan/catalogue/base-models";

const GIB = 2 ** 30;
const LLAMA: MemoryRecipe = { model: "Llama-3.1-8B-Instruct", method: "lora", sequenceLength: 2048 };
const WEIGHTS = (2 * 8_030_261_248) / GIB;

describe("estimateHostNeeds", () => {
  it("has one process and one file of the weights in memory, and image and weights twice on disk", () => {
    const { ramGiB, diskGiB, sharedMemoryGiB, checkpointGiB } = estimateHostNeeds(LLAMA);
    expect(ramGiB).toBeCloseTo(4 + 4 + 5e9 / GIB, 6);
    expect(diskGiB).toBeCloseTo(20 + 2 * WEIGHTS, 3);
    expect(sharedMemoryGiB).toBe(0.25);
    // PEFT's 41,943,040 parameters in fp32 with two states.
    expect(checkpointGiB).toBeCloseTo((12 * 41_943_040) / GIB, 6);
  });

  it("has a process for each GPU of the node, and the whole model where the first of them shards it", () => {
    const four = estimateHostNeeds(LLAMA, { gpusPerNode: 4, sharding: "ddp" });
    expect(four.ramGiB).toBeCloseTo(4 + 4 * 4 + (4 * 5e9) / GIB, 6);
    expect(four.sharedMemoryGiB).toBe(4);
    const large = estimateHostNeeds({ ...LLAMA, model: "Llama-3.3-70B-Instruct" }, { gpusPerNode: 2, sharding: "fsdp" });
    expect(large.ramGiB).toBeCloseTo(4 + 2 * 4 + (2 * 70_553_706_496) / GIB, 0);
  });

  it("takes over what is offloaded", () => {
    const full: MemoryRecipe = { ...LLAMA, method: "full" };
    const more = (shape: MemoryShape) => estimateHostNeeds(full, shape).ramGiB - estimateHostNeeds(full, { ...shape, offload: "none" }).ramGiB;
    expect(more({ sharding: "zero2", offload: "optimizer" })).toBeCloseTo((1.5 * 16 * 8_030_261_248) / GIB, 2);
    expect(more({ sharding: "zero3", gpusPerNode: 4, nodes: 2, offload: "parameters" })).toBeCloseTo(((1.5 * 18 + 2) * 8_030_261_248) / 2 / GIB, 2);
    const inputs = estimateHostNeeds(LLAMA, { checkpointing: "offloaded" }).ramGiB - estimateHostNeeds(LLAMA).ramGiB;
    expect(inputs).toBeCloseTo((32 * 2048 * 4096 * 2) / GIB, 6);
  });

  it("keeps weights and states in a checkpoint of full tuning", () => {
    expect(estimateHostNeeds({ ...LLAMA, method: "full" }).checkpointGiB).toBeCloseTo((6 * 8_030_261_248) / GIB, 3);
  });

  it("never shrinks with GPUs of a node or layers", () => {
    fc.assert(
      fc.property(fc.constantFrom(...BASE_MODEL_NAMES), fc.constantFrom<MemoryRecipe["method"]>("lora", "qlora", "full"), fc.integer({ min: 1, max: 7 }), (name, method, gpus) => {
        const model = BASE_MODELS[name];
        const of = (gpusPerNode: number, layers: number) =>
          estimateHostNeeds({ model: { ...model, num_hidden_layers: layers }, method, sequenceLength: 512 }, { gpusPerNode, sharding: "fsdp" });
        const least = of(gpus, model.num_hidden_layers);
        for (const more of [of(gpus + 1, model.num_hidden_layers), of(gpus, model.num_hidden_layers + 1)]) {
          for (const need of ["ramGiB", "diskGiB", "sharedMemoryGiB", "checkpointGiB"] as const) expect(more[need]).toBeGreaterThanOrEqual(least[need]);
        }
      }),
    );
  });
});
