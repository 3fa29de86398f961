import { type KubernetesVersion, type Recipe, rightSize, type RightSize } from "../../components";
import { planTuningRun, type TuningRunDecisions } from "../../components/plan/tuning-run";
import { messageOf, problemsOf } from "../support/refusal";
import { DATASET_KEY, TINY_RECIPE, TINY_RESOLVED, TINY_SHAPE } from "../support/tiny-recipe";

const POOL: TuningRunDecisions["pool"] = { size: "Standard_NC4as_T4_v3", priority: "Spot", kubernetesVersion: "1.36", osSku: "Ubuntu2404" };
const DECISIONS: TuningRunDecisions = {
  recipe: TINY_RECIPE,
  namespace: "support",
  dataset: { contentKey: DATASET_KEY, rows: 120 },
  pool: POOL,
};
const plan = (changes: Partial<TuningRunDecisions> = {}, name = "tickets") => planTuningRun(name, { ...DECISIONS, ...changes });
const pool = (changes: Partial<TuningRunDecisions["pool"]>): Partial<TuningRunDecisions> => ({ pool: { ...POOL, ...changes } });
const rows = (count: number | undefined, recipe: Partial<Recipe> = {}): Partial<TuningRunDecisions> => ({
  dataset: { contentKey: DATASET_KEY, rows: count },
  recipe: { ...TINY_RECIPE, ...recipe },
});

describe("planTuningRun", () => {
  it("decides everything about a run", () => {
    const { sizing, ...rest } = plan();
    expect(rest).toEqual({
      name: "tickets",
      namespace: "support",
      runId: "0dd1685103",
      tuningJobName: "tickets-0dd1685103",
      preflightJobName: "tickets-0dd1685103-preflight",
      configurationName: "tickets-0dd1685103",
      recipe: TINY_RESOLVED,
      shape: TINY_SHAPE,
      priority: "Spot",
      gpuResource: "nvidia.com/gpu",
      datasetKey: DATASET_KEY,
      rows: 120,
      adapterRepository: "support/tickets",
      checkpointEverySteps: 3,
      maximumPaidHours: 24,
    });
    expect(sizing.reason).toMatch(/^Standard_NC4as_T4_v3 \(1 × Tesla T4\)/);
  });

  it("refuses an engine that nobody knows, as configuration may name one", () => {
    const engine = "ray" as string as "job";
    expect(problemsOf(() => plan({ engine }))).toEqual(['AKSFT-TUNE-27 engine: got "ray"; is none of job, kaito; fix: use one of job, kaito']);
    expect(plan({ engine: "job" }).runId).toBe(plan().runId);
  });

  it("is the same run on another size, at another priority, with another limit of paid hours and in another namespace", () => {
    const others = [pool({ size: "Standard_NC24ads_A100_v4" }), pool({ priority: "Regular" }), { maximumPaidHours: 1 }, { namespace: "other" }];
    for (const changes of others) expect(plan(changes).runId).toBe(plan().runId);
  });

  it("is another run with other data or another recipe", () => {
    expect(plan({ dataset: { contentKey: "fedcba9876543210" } }).runId).not.toBe(plan().runId);
    expect(plan({ recipe: { ...TINY_RECIPE, seed: 1 } }).runId).not.toBe(plan().runId);
  });

  it.each<[number | undefined, Partial<Recipe>, number]>([
    [undefined, {}, 25],
    [1, { epochs: 1 }, 1],
    [160, { epochs: 1 }, 1],
    [161, { epochs: 1 }, 2],
    [120, { epochs: 4 }, 4],
    [10_000, { globalBatch: 8 }, 375],
  ])("saves ten times a run of %p rows with %p: every %p steps", (count, recipe, steps) => {
    expect(plan(rows(count, recipe)).checkpointEverySteps).toBe(steps);
  });

  it("keeps the longest object name within a DNS label", () => {
    expect(plan({}, "t".repeat(40)).preflightJobName.length).toBeLessThanOrEqual(63);
  });

  it("refuses phi-4 in 16 bits on an A10 with the numbers, and accepts QLoRA there and LoRA on an A100", () => {
    const phi: Recipe = { model: "phi-4", method: "lora", sequenceLength: 1024, globalBatch: 1 };
    expect(problemsOf(() => plan({ recipe: phi, ...pool({ size: "Standard_NV36ads_A10_v5" }) }))).toEqual([
      expect.stringMatching(
        /^AKSFT-SIZE-02 pool\.size: got "Standard_NV36ads_A10_v5"; lora of phi-4 needs \d\d\.\d GiB at its smallest \(weights 27\.3\), one A10 has 21\.99 GiB; fix: use method "qlora" or size Standard_NC24ads_A100_v4$/,
      ),
    ]);
    expect(plan({ recipe: { ...phi, method: "qlora" }, ...pool({ size: "Standard_NV36ads_A10_v5" }) }).shape.size).toBe("Standard_NV36ads_A10_v5");
    expect(plan({ recipe: phi, ...pool({ size: "Standard_NC24ads_A100_v4" }) }).shape.size).toBe("Standard_NC24ads_A100_v4");
  });

  it("does not advise QLoRA to who uses it", () => {
    const large: Recipe = { model: "Llama-3.1-8B-Instruct", method: "qlora", sequenceLength: 32_768 };
    expect(problemsOf(() => plan({ recipe: large }))).toEqual([
      expect.stringMatching(/; fix: use a smaller model or shorter rows: no size with one GPU holds this run$/),
    ]);
    expect(problemsOf(() => plan({ recipe: { ...large, sequenceLength: 4096 } }))).toEqual([expect.stringMatching(/; fix: use size Standard_NC24ads_A100_v4$/)]);
  });

  it("refuses what can be sized and its trainer cannot tune", () => {
    const refused = (changes: Partial<Recipe>) => problemsOf(() => plan({ recipe: { ...TINY_RECIPE, ...changes } }));
    expect(refused({ method: "full" })).toEqual([
      'AKSFT-TUNE-26 recipe.method: got "full"; is sized, but not tuned by this trainer, which does lora and qlora; fix: use method "lora"',
    ]);
    expect(refused({ method: "dora", kbitPreparation: true })).toEqual([
      expect.stringMatching(/^AKSFT-TUNE-26 recipe\.method: got "dora"/),
      "AKSFT-TUNE-26 recipe.kbitPreparation: got true; is sized, but not done by this trainer, which leaves norms, embedding and head in 16 bit; fix: leave it out",
    ]);
    expect(refused({ method: "qlora", quantization: "int8" })).toEqual([
      'AKSFT-TUNE-26 recipe.quantization: got "int8"; is sized, but not tuned by this trainer, whose base is NF4 with double quantisation; fix: leave it out, or use "nf4-dq"',
    ]);
    expect(plan({ recipe: { ...TINY_RECIPE, method: "qlora", quantization: "nf4-dq" } }).recipe.method).toBe("qlora");
    expect(plan({ recipe: { ...TINY_RECIPE, kbitPreparation: false } }).runId).toBe("0dd1685103");
  });

  describe("given the layout that rightSize found", () => {
    const found = rightSize(TINY_RECIPE, { location: "eastus", engine: "job", sizes: [POOL.size] });
    const shaped = (changes: Partial<RightSize["shape"]>): RightSize => ({ ...found, shape: { ...found.shape, ...changes } });
    const refused = (changes: Partial<RightSize["shape"]>) => problemsOf(() => plan({ sizing: shaped(changes) }));

    it("takes it", () => {
      expect(plan({ sizing: shaped({ microBatch: 2 }) }).shape).toEqual({ ...TINY_SHAPE, microBatch: 2 });
      expect(plan({ sizing: found }).sizing).toBe(found);
    });

    it("refuses one for another size, for several GPUs, of an uneven micro-batch or without room", () => {
      expect(refused({ size: "Standard_NC8as_T4_v3" })).toEqual([
        'AKSFT-SIZE-09 sizing: got "Standard_NC8as_T4_v3"; was found for another size than the pool\'s Standard_NC4as_T4_v3; fix: size the recipe of this run for the size of this pool, or leave it out',
      ]);
      expect(refused({ gpusPerNode: 2 })).toEqual(['AKSFT-SIZE-09 sizing: got 2; has 2 GPUs, and the trainer is 1 process on 1 GPU; fix: size it with engine "job"']);
      expect(refused({ microBatch: 3 })).toEqual([expect.stringMatching(/^AKSFT-SIZE-09 sizing: got 3; has a micro-batch that does not divide the 16 rows of a step; fix: /)]);
      const large: Recipe = { ...TINY_RECIPE, model: "Llama-3.2-1B", sequenceLength: 1024 };
      expect(problemsOf(() => plan({ recipe: large, sizing: found }))).toEqual([
        expect.stringMatching(/^AKSFT-SIZE-09 sizing: got \{.*; has a layout that needs \d+\.\d GiB, and the GPU has 14\.75; fix: /),
      ]);
    });
  });

  it("runs on a pool whose spot price nobody knows", () => {
    expect(plan(pool({ size: "Standard_NC40ads_H100_v5" })).sizing.usd).toBeUndefined();
  });

  it("refuses a pool whose nodes have GPUs that the run would leave idle, and says so", () => {
    expect(problemsOf(() => plan(pool({ size: "Standard_NC64as_T4_v3" })))).toEqual([
      expect.stringMatching(/^AKSFT-SIZE-03 pool\.size: got "Standard_NC64as_T4_v3"; .*4 GPUs.*; fix: use a size with 1 GPU/),
    ]);
  });

  describe("on slices of a GPU", () => {
    const SLICES = { size: "Standard_ND96isr_H100_v5", gpusPerNode: 56, gpuResource: "nvidia.com/mig-1g.10gb", gpuMemoryGiB: 79.11 / 8 } as const;
    const QUARTER = { size: "Standard_NC24ads_A100_v4", gpusPerNode: 3, gpuMemoryGiB: 79.25 / 4 } as const;
    const phi: Recipe = { model: "phi-4", method: "lora", sequenceLength: 1024, globalBatch: 1 };

    it("takes one of many, asks for it by its name and lays the run out for its memory", () => {
      const { gpuResource, shape, sizing } = plan(pool(SLICES));
      expect({ gpuResource, gpus: shape.gpusPerNode }).toEqual({ gpuResource: "nvidia.com/mig-1g.10gb", gpus: 1 });
      expect(sizing.memory.safeGiB).toBeLessThanOrEqual(79.11 / 8);
      expect(sizing.reason).toMatch(/^Standard_ND96isr_H100_v5 \(1 of 56 slices of its H100 80GB SXM\) .* of 9\.89 GiB, /);
    });

    it("checks the slice's memory, not the card's", () => {
      expect(plan({ recipe: phi, ...pool({ size: QUARTER.size }) }).shape.size).toBe(QUARTER.size);
      expect(problemsOf(() => plan({ recipe: phi, ...pool({ ...QUARTER, gpuResource: "nvidia.com/mig-2g.20gb" }) }))).toEqual([
        expect.stringMatching(/^AKSFT-SIZE-02 .* one slice \(nvidia\.com\/mig-2g\.20gb\) of the A100 80GB PCIe has 19\.81 GiB; fix: use method "qlora"/),
      ]);
      expect(plan({ recipe: { ...phi, method: "qlora" }, ...pool(QUARTER) }).gpuResource).toBe("nvidia.com/gpu");
    });

    it("is slower than the card by the slice's part of its compute, and costs from its part of the node to the whole node", () => {
      const lean: Recipe = { ...phi, model: "Qwen2.5-0.5B-Instruct", sequenceLength: 2048 };
      const on = (changes: Partial<TuningRunDecisions["pool"]>) => plan({ recipe: lean, ...pool({ ...changes, priority: "Regular" }) }).sizing;
      const [card, slice] = [on({ size: QUARTER.size }), on(QUARTER)];
      // Both compute alike; two sevenths of the card, three slices a node.
      expect([card.shape.checkpointing, card.shape.microBatch]).toEqual([slice.shape.checkpointing, slice.shape.microBatch]);
      expect(slice.hours.expected / card.hours.expected).toBeGreaterThan(1.5);
      expect(slice.hours.expected / card.hours.expected).toBeLessThan(7 / 2 + 0.1);
      expect(slice.usd?.low).toBeCloseTo((3.673 * (slice.hours.low + slice.startUpMinutes.low / 60)) / 3, 9);
      expect(slice.usd?.high).toBeCloseTo(3.673 * (slice.hours.high + slice.startUpMinutes.high / 60), 9);
    });

    it("refuses whole GPUs that would idle, however they are said", () => {
      expect(problemsOf(() => plan(pool({ size: "Standard_NC64as_T4_v3", gpusPerNode: 4 })))).toEqual([expect.stringMatching(/^AKSFT-SIZE-03 .*has 4 GPUs/)]);
      expect(plan(pool({ size: "Standard_NC64as_T4_v3", gpusPerNode: 1 })).shape.gpusPerNode).toBe(1);
    });
  });

  it.each([0, -1, 721, NaN])("refuses to pay for %p hours", (maximumPaidHours) => {
    expect(problemsOf(() => plan({ maximumPaidHours }))).toEqual([
      `AKSFT-TUNE-12 maximumPaidHours: got ${maximumPaidHours}; must be above 0 and at most 720; fix: use 24`,
    ]);
  });

  it.each([0.5, 24, 720])("accepts to pay for %p hours", (maximumPaidHours) => {
    expect(plan({ maximumPaidHours }).maximumPaidHours).toBe(maximumPaidHours);
  });

  it.each<[KubernetesVersion, string]>([["1.35", "Ubuntu2404"], ["1.36", "Ubuntu2204"], ["1.34", "AzureLinux"]])(
    "refuses a pool of Kubernetes %s on %s, which mounts no image volumes",
    (kubernetesVersion, osSku) => {
      expect(problemsOf(() => plan(pool({ kubernetesVersion, osSku })))).toEqual([
        `AKSFT-TUNE-13 pool: got "Kubernetes ${kubernetesVersion} on ${osSku}"; dataset and weights are mounted as image volumes, ` +
          'which needs Kubernetes 1.36 or later on Ubuntu2404; fix: use a cluster with kubernetesVersion "1.36" and a pool on Ubuntu2404',
      ]);
    },
  );

  it("lists all problems at once, with the path from the arguments", () => {
    const recipe: Recipe = { ...TINY_RECIPE, epochs: 0, lora: { rank: 0 } };
    const bad = { recipe, maximumPaidHours: 0, ...pool({ kubernetesVersion: "1.35" }) };
    expect(messageOf(() => plan(bad, "Tickets")).split("\n").map((each) => each.split(": got")[0])).toEqual([
      'TuningJob "Tickets" cannot be deployed:',
      "- AKSFT-NAME-04 name",
      "- AKSFT-TUNE-05 recipe.epochs",
      "- AKSFT-TUNE-07 recipe.lora.rank",
      "- AKSFT-TUNE-12 maximumPaidHours",
      "- AKSFT-TUNE-13 pool",
    ]);
  });
});

describe("checkpoints", () => {
  const FIX = "fix: give the name of a claim on shared storage, as a Team has one";

  it.each([
    ["Spot" as const, "a run on spot nodes is evicted at 30 seconds' notice and needs 1 volume for checkpoints that outlives its pod"],
    ["Regular" as const, "a run needs 1 volume for checkpoints that outlives its pod, as nodes are upgraded under it"],
  ])("outlive every pod, on %s nodes too", (priority, rule) => {
    expect(problemsOf(() => plan({ ...pool({ priority }), team: { checkpointsClaim: "" } }))).toEqual([
      `AKSFT-TUNE-17 team.checkpointsClaim: got ""; ${rule}; ${FIX}`,
    ]);
    const unknown: Partial<TuningRunDecisions> = JSON.parse("{\"team\":{}}");
    expect(problemsOf(() => plan({ ...pool({ priority }), ...unknown }))).toEqual([
      `AKSFT-TUNE-17 team.checkpointsClaim: got nothing; ${rule}; ${FIX}`,
    ]);
    expect(plan({ ...pool({ priority }), team: { checkpointsClaim: "checkpoints" } }).priority).toBe(priority);
  });
});
