import type { BaseModelName } from "../../components";
import type { Clients } from "../../components/plan/serving/clients";
import { planServing, type ServingDecisions } from "../../components/plan/serving";
import { smallestLoraRank } from "../../components/plan/serving/adapters";
import type { ModelDimensions } from "../../components";
import { servingDeployment } from "../../components/plan/manifests/serving";
import { problemsOf } from "../support/refusal";
import { TINY } from "../support/tiny-recipe";

const POOL: ServingDecisions["pool"] = {
  size: "Standard_NC4as_T4_v3",
  maxNodes: 2,
  nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" },
  tolerations: [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }],
  kubernetesVersion: "1.36",
  osSku: "Ubuntu2404",
};
/** Llama 3.3 70B. */
const LARGE: ModelDimensions = {
  name: "large",
  hidden_size: 8192,
  intermediate_size: 28672,
  num_hidden_layers: 80,
  num_attention_heads: 64,
  num_key_value_heads: 8,
  vocab_size: 128256,
  max_position_embeddings: 131072,
};
const TICKETS = { name: "tickets", baseModel: "tiny", rank: 16 };
const plan = (changes: Partial<ServingDecisions> = {}, name = "tickets") =>
  planServing(name, { namespace: "support", model: TINY, adapters: [TICKETS], pool: POOL, ...changes });

describe("planServing", () => {
  it("fills every default", () => {
    expect(plan()).toEqual({
      name: "tickets",
      modelName: "tiny",
      adapters: [TICKETS],
      replicas: 1,
      serveBase: false,
      maxModelLength: 1024,
      namespace: "support",
      clients: ["support"],
      maxLoraRank: 16,
      dtype: "float16",
      startupSeconds: 901,
      rolloutSeconds: 2101,
      nodeSelector: POOL.nodeSelector,
      tolerations: POOL.tolerations,
      gpuResource: "nvidia.com/gpu",
    });
  });

  it("keeps what was decided", () => {
    expect(plan({ replicas: 2, serveBase: true, maxModelLength: 512 })).toMatchObject({ replicas: 2, serveBase: true, maxModelLength: 512 });
  });

  it("takes any of a model's names, its adapters' too", () => {
    const adapters = [{ ...TICKETS, baseModel: "microsoft/phi-4" }];
    expect(plan({ model: "Phi-4" as BaseModelName, adapters, pool: { ...POOL, size: "Standard_NC24ads_A100_v4" } })).toMatchObject({ modelName: "phi-4", adapters });
  });

  it("lists the other faults beside a model that is unknown or has no dimensions, and no fault of the adapters' base", () => {
    const faults = (model: string) => problemsOf(() => plan({ model: model as BaseModelName, replicas: -1 })).map((problem) => problem.split(":")[0]);
    expect(faults("phi4")).toEqual(["AKSFT-TUNE-01 model", "AKSFT-SERVE-01 replicas"]);
    expect(faults("Kimi-K2.5")).toEqual(["AKSFT-TUNE-18 model", "AKSFT-SERVE-01 replicas"]);
  });

  it("computes in bf16 where the card does", () => {
    const onA10 = plan({ pool: { ...POOL, size: "Standard_NV36ads_A10_v5" } });
    expect(onA10).toMatchObject({ dtype: "bfloat16", gpuMemoryUtilization: 0.82 });
    const { containers } = servingDeployment(onA10, { image: "vllm", weightsImage: "weights", serviceAccountName: "serving", adapters: [] }).template.spec;
    expect(containers[0]?.args.join(" ")).toContain("--dtype bfloat16 --gpu-memory-utilization 0.82");
    expect(plan().gpuMemoryUtilization).toBeUndefined();
  });

  it("waits longer for a larger model: 15 minutes and 18 seconds a GiB of weights", () => {
    // 14,659,507,200 parameters of 2 bytes are 27.306 GiB.
    expect(plan({ model: "phi-4", adapters: [], pool: { ...POOL, size: "Standard_NC24ads_A100_v4" } }).startupSeconds).toBe(1392);
  });

  it.each([0, 1, 2])("accepts %p replicas on a pool of two GPUs", (replicas) => {
    expect(plan({ replicas }).replicas).toBe(replicas);
  });

  it.each([
    [-1, "AKSFT-SERVE-01 replicas: got -1; must be a whole number from 0 to 100; fix: use 0"],
    [0.5, "AKSFT-SERVE-01 replicas: got 0.5; must be a whole number from 0 to 100; fix: use 1"],
    [3, "AKSFT-SERVE-02 replicas: got 3; one GPU each, and the pool grows to 2 nodes with 2 GPUs; fix: use 2, or raise the pool's maxNodes"],
  ])("refuses %p replicas", (replicas, problem) => {
    expect(problemsOf(() => plan({ replicas }))).toEqual([problem]);
  });

  it("counts every GPU of the pool's nodes", () => {
    expect(plan({ replicas: 8, pool: { ...POOL, size: "Standard_NC64as_T4_v3" } }).replicas).toBe(8);
  });

  it("counts the slices of a pool of slices, and asks for them by their name", () => {
    const slices = { ...POOL, size: "Standard_NC24ads_A100_v4", gpusPerNode: 7, gpuResource: "nvidia.com/mig-1g.10gb", gpuMemoryGiB: 79.25 / 8 } as const;
    expect(plan({ replicas: 14, pool: slices })).toMatchObject({ replicas: 14, gpuResource: "nvidia.com/mig-1g.10gb" });
    expect(problemsOf(() => plan({ replicas: 15, pool: slices }))).toEqual([
      "AKSFT-SERVE-02 replicas: got 15; one slice each, and the pool grows to 2 nodes with 14 slices; fix: use 14, or raise the pool's maxNodes",
    ]);
  });

  it("refuses what no pool can have", () => {
    expect(problemsOf(() => plan({ pool: { ...POOL, gpusPerNode: 0 } }))).toContain(
      "AKSFT-POOL-27 pool.gpusPerNode: got 0; must be a whole number from 1 to 7; fix: use 1",
    );
  });

  it.each([15, 1025])("refuses %p tokens, and accepts both bounds", (maxModelLength) => {
    expect(problemsOf(() => plan({ maxModelLength }))).toEqual([
      `AKSFT-SERVE-03 maxModelLength: got ${maxModelLength}; must be a whole number from 16 to 1024; fix: use ${maxModelLength === 15 ? 16 : 1024}`,
    ]);
    expect([plan({ maxModelLength: 16 }), plan({ maxModelLength: 1024 })].map((each) => each.maxModelLength)).toEqual([16, 1024]);
  });

  it.each<[string, Partial<typeof TICKETS>, string]>([
    ["a repeated name", {}, 'AKSFT-SERVE-04 adapters[1].name: got "tickets"; repeats adapters[0].name; fix: give each adapter its own name'],
    [
      "the base model's name",
      { name: "tiny" },
      'AKSFT-SERVE-05 adapters[1].name: got "tiny"; is the base model\'s name, under which requests reach the base; fix: use for example "tiny-tuned"',
    ],
    [
      "another base model",
      { name: "other", baseModel: "phi-4" },
      'AKSFT-SERVE-06 adapters[1].baseModel: got "phi-4"; differs from the service\'s model "tiny"; an adapter fits only the model it was tuned on; ' +
        "fix: serve it with its own base model",
    ],
    [
      "a name that no volume can have",
      { name: "My_Adapter" },
      'AKSFT-NAME-04 adapters[1].name: got "My_Adapter"; needs 1 to 40 lower-case letters, digits and hyphens, with a letter or digit at both ends, ' +
        'has 10 characters; fix: use for example "my-adapter"',
    ],
    ["a rank of none", { name: "other", rank: 0 }, "AKSFT-SERVE-08 adapters[1].rank: got 0; must be a whole number from 1 to 512; fix: use 1"],
    ["a rank that vLLM does not take", { name: "other", rank: 513 }, "AKSFT-SERVE-08 adapters[1].rank: got 513; must be a whole number from 1 to 512; fix: use 512"],
  ])("refuses an adapter with %s", (_, adapter, problem) => {
    expect(problemsOf(() => plan({ adapters: [TICKETS, { ...TICKETS, ...adapter }] }))).toEqual([problem]);
  });

  it("accepts distinct adapters of the same base", () => {
    expect(plan({ adapters: [TICKETS, { ...TICKETS, name: "support", rank: 32 }] }).maxLoraRank).toBe(32);
  });

  it("refuses nodes that mount no image volumes", () => {
    expect(problemsOf(() => plan({ pool: { ...POOL, kubernetesVersion: "1.35" } }))).toEqual([
      expect.stringMatching(/^AKSFT-SERVE-07 pool: got "Kubernetes 1\.35 on Ubuntu2404"; weights and adapters are mounted as image volumes/),
    ]);
  });

  it.each<[string, Partial<ServingDecisions>, Clients]>([
    ["the team alone in production", { environment: "production" }, ["support"]],
    ["whoever is in the cluster in development", { environment: "development" }, "any"],
    ["who is named, in development too", { environment: "development", clients: ["frontend", "support"] }, ["frontend", "support"]],
    ["whoever is in the cluster where that is said", { clients: "any" }, "any"],
    ["a namespace called any", { clients: ["any"] }, ["any"]],
  ])("is called by %s", (_, changes, clients) => {
    expect(plan(changes).clients).toEqual(clients);
  });

  it.each<[unknown, string]>([
    [[], 'AKSFT-SERVE-09 clients: got []; must be one namespace or more in a list, or any; fix: use for example ["frontend"]'],
    ["frontend", 'AKSFT-SERVE-09 clients: got "frontend"; must be one namespace or more in a list, or any; fix: use for example ["frontend"]'],
    [
      ["support", "Front_End"],
      'AKSFT-NAME-05 clients[1]: got "Front_End"; needs 1 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends, ' +
        'has 9 characters; fix: use for example "front-end"',
    ],
  ])("refuses the clients %j", (clients, problem) => {
    // As an untyped configuration has it.
    expect(problemsOf(() => plan({ clients: clients as Clients }))).toEqual([problem]);
  });

  it.each<[string, Partial<ServingDecisions>, string]>([
    [
      "the weights alone",
      { model: "phi-4", adapters: [] },
      'AKSFT-SERVE-10 pool.size: got "Standard_NC4as_T4_v3"; phi-4 with one sequence of 16384 tokens needs 32.3 GiB (weights 27.3, KV cache 3.1, engine 1.9), ' +
        'one Tesla T4 has 14.75 GiB, of which vLLM takes 13.6; fix: use a pool of "Standard_NC24ads_A100_v4"',
    ],
    [
      "one sequence of full length, with the slots of its adapters",
      {
        model: "Llama-3.1-8B-Instruct",
        adapters: ["one", "two"].map((name) => ({ name, baseModel: "Llama-3.1-8B-Instruct", rank: 33 })),
        pool: { ...POOL, size: "Standard_NV36ads_A10_v5" },
      },
      'AKSFT-SERVE-10 pool.size: got "Standard_NV36ads_A10_v5"; Llama-3.1-8B-Instruct with one sequence of 131072 tokens needs 33.4 GiB ' +
        "(weights 15.0, 2 adapter slots of rank 64 0.6, KV cache 16.0, engine 1.8), one A10 has 21.99 GiB, of which vLLM takes 18.0; " +
        'fix: set maxModelLength to 5472 or less, or use a pool of "Standard_NC24ads_A100_v4"',
    ],
    [
      "the weights, on a slice",
      {
        model: "Mistral-7B-Instruct-v0.3",
        adapters: [{ name: "one", baseModel: "Mistral-7B-Instruct-v0.3", rank: 8 }],
        pool: { ...POOL, size: "Standard_NC24ads_A100_v4", gpusPerNode: 7, gpuResource: "nvidia.com/mig-1g.10gb", gpuMemoryGiB: 79.25 / 8 },
      },
      'AKSFT-SERVE-10 pool.size: got "Standard_NC24ads_A100_v4"; Mistral-7B-Instruct-v0.3 with one sequence of 32768 tokens needs 19.1 GiB ' +
        "(weights 13.5, 1 adapter slot of rank 8 0.0, KV cache 4.0, engine 1.6), one slice (nvidia.com/mig-1g.10gb) of the A100 80GB PCIe has 9.91 GiB, " +
        'of which vLLM takes 9.1; fix: use a pool of "Standard_NC24ads_A100_v4"',
    ],
  ])("refuses a GPU that does not hold %s", (_, changes, problem) => {
    expect(problemsOf(() => plan(changes))).toEqual([problem]);
  });

  it("accepts what its refusals of memory propose", () => {
    const adapters = ["one", "two"].map((name) => ({ name, baseModel: "Llama-3.1-8B-Instruct", rank: 33 }));
    const llama = { model: "Llama-3.1-8B-Instruct", adapters, pool: { ...POOL, size: "Standard_NV36ads_A10_v5" } } as const;
    expect(plan({ ...llama, maxModelLength: 5472 }).maxModelLength).toBe(5472);
    expect(problemsOf(() => plan({ ...llama, maxModelLength: 5473 }))).toHaveLength(1);
    expect(plan({ ...llama, pool: { ...POOL, size: "Standard_NC24ads_A100_v4" } }).maxModelLength).toBe(131072);
  });

  it("reckons with the larger batches that vLLM computes on large cards other than A100", () => {
    const needs = (size: "Standard_NC24ads_A100_v4" | "Standard_NC40ads_H100_v5") =>
      problemsOf(() => plan({ model: { ...LARGE, max_position_embeddings: 65536 }, adapters: [], pool: { ...POOL, size } }))[0];
    expect(needs("Standard_NC24ads_A100_v4")).toContain("KV cache 20.0, engine 3.0)");
    expect(needs("Standard_NC40ads_H100_v5")).toContain("KV cache 20.0, engine 4.4)");
  });

  it("knows no size for a model that no GPU holds", () => {
    expect(problemsOf(() => plan({ model: LARGE, adapters: [] }))[0]).toContain("fix: serve a smaller model: no size has a GPU that holds this one");
  });

  it("lists all problems at once", () => {
    const adapters = [TICKETS, { ...TICKETS, baseModel: "phi-4" }];
    const bad = { adapters, replicas: -1, maxModelLength: 1, pool: { ...POOL, kubernetesVersion: "1.34" as const } };
    expect(problemsOf(() => plan(bad, "-")).map((problem) => problem.split(" ")[0])).toEqual([
      "AKSFT-NAME-04",
      "AKSFT-SERVE-01",
      "AKSFT-SERVE-03",
      "AKSFT-SERVE-04",
      "AKSFT-SERVE-06",
      "AKSFT-SERVE-07",
    ]);
  });
});

describe("smallestLoraRank", () => {
  it.each([[[], 1], [[1], 1], [[2], 8], [[8], 8], [[9, 32], 32], [[33], 64], [[256, 257], 320], [[512], 512]])(
    "holds adapters of ranks %p in %p",
    (ranks, smallest) => {
      expect(smallestLoraRank(ranks.map((rank) => ({ ...TICKETS, rank })))).toBe(smallest);
    },
  );
});
