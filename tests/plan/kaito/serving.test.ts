import fc from "fast-check";
import type { KaitoServingDecisions } from "../../../components/plan/kaito/serving";
import { isGated, kaitoPresets } from "../../../components/plan/catalogue/kaito-served-models";
import { KAITO_VERSION_FACTS } from "../../../components/plan/catalogue/kaito-versions";
import { KAITO_SERVING, OLD_KAITO_SERVING, OWN_NODES_SERVING, OWN_POOL, planned, TICKETS_ADAPTER } from "../../support/kaito-serving";
import { problemsOf } from "../../support/refusal";
import { TINY } from "../../support/tiny-recipe";

const codes = (changes: Partial<KaitoServingDecisions>, name?: string) => problemsOf(() => planned(changes, name)).map((problem) => problem.split(":")[0]);

describe("planKaitoServing", () => {
  it("fills every default", () => {
    expect(planned()).toEqual({
      name: "tickets",
      namespace: "support",
      version: "0.12",
      nodeProvisioner: "karpenter",
      kind: "InferenceSet",
      apiVersion: "kaito.sh/v1beta1",
      modelName: "phi-4",
      preset: "microsoft/phi-4",
      runtime: "vllm",
      adapters: [],
      maxLoraRank: 1,
      replicas: 1,
      serveBase: false,
      gpuMemoryUtilization: 0.84,
      size: "Standard_NC24ads_A100_v4",
      nodes: 1,
      sizing: "KAITO 0.12 takes 1 node of Standard_NC24ads_A100_v4, this estimate 1: KAITO reads the label's 80 GB as GiB where a process gets 79.25.",
      instanceType: "Standard_NC24ads_A100_v4",
      publicLoadBalancer: false,
      clients: ["support"],
      // 27.31 GiB of files: 1,391.6 s, but half an hour at least.
      rolloutSeconds: 3000,
    });
  });

  it("keeps what was decided", () => {
    const decided = { replicas: 2, serveBase: true, maxModelLength: 4096, performanceMode: "throughput", accessSecret: "hub", clients: ["frontend"] } as const;
    expect(planned({ ...decided, maxNodes: 2, environment: "development", publicLoadBalancer: true })).toMatchObject({ ...decided, publicLoadBalancer: true });
  });

  it("serves by a Workspace where the version has no InferenceSet, under the preset's old name, and leaves the GPU's part to it", () => {
    expect(planned(OLD_KAITO_SERVING)).toMatchObject({ kind: "Workspace", preset: "phi-4", modelName: "phi-4", nodes: 1 });
    expect(planned(OLD_KAITO_SERVING).gpuMemoryUtilization).toBeUndefined();
  });

  it("launches vLLM with the version's part of a GPU, and with less of an A10", () => {
    const onA10 = { model: "Phi-4-mini-instruct", size: "Standard_NV36ads_A10_v5" } as const;
    const main = { kaito: { version: "main", nodeProvisioner: "karpenter" } } as const;
    expect([planned(onA10), planned(main), planned({ ...onA10, ...main })].map(({ gpuMemoryUtilization }) => gpuMemoryUtilization)).toEqual([0.82, 0.92, 0.82]);
  });

  it("names no size of one's own nodes before KAITO takes it, and selects them by the pool's labels", () => {
    expect(planned(OWN_NODES_SERVING)).toMatchObject({ instanceType: undefined, ownNodes: OWN_POOL.nodeSelector });
    const main = { version: "main", nodeProvisioner: "byo" } as const;
    expect(planned({ ...OWN_NODES_SERVING, kaito: main })).toMatchObject({ instanceType: "Standard_NC24ads_A100_v4", ownNodes: OWN_POOL.nodeSelector });
  });

  it.each([
    ["Phi-4", "phi-4", "microsoft/phi-4"],
    ["mistral-7b-instruct", "Mistral-7B-Instruct-v0.3", "mistralai/Mistral-7B-Instruct-v0.3"],
    ["moonshotai/Kimi-K2.5", "Kimi-K2.5", "moonshotai/Kimi-K2.5"],
    ["SmolLM3-3B", "SmolLM3-3B", "HuggingFaceTB/SmolLM3-3B"],
  ])("takes any of a model's names: %s", (name, modelName, preset) => {
    expect(planned({ model: name as "phi-4", size: "Standard_ND96isr_H200_v5" })).toMatchObject({ modelName, preset });
  });

  it("takes an unlisted model by its Hugging Face id, with its dimensions", () => {
    expect(planned({ model: { ...TINY, name: "example/tiny" }, adapters: [{ ...TICKETS_ADAPTER, baseModel: "example/tiny" }] })).toMatchObject({
      modelName: "example/tiny",
      preset: "example/tiny",
    });
  });

  it("serves every preset of every version somewhere", () => {
    for (const version of ["0.6", "0.12", "main"] as const) {
      const nodeProvisioner = KAITO_VERSION_FACTS[version].nodeProvisioners[0];
      // 0.6 spreads each over all GPUs of a node, of which 28 heads do not divide by 8.
      const size = version === "0.6" ? "Standard_NC96ads_A100_v4" : "Standard_ND96isr_H200_v5";
      for (const model of kaitoPresets(version)) {
        const plan = planned({ kaito: { version, nodeProvisioner }, model, size, ...(isGated(model) ? { accessSecret: "hub" } : {}) });
        expect(plan.nodes).toBe(1);
      }
    }
    expect((["0.6", "0.12"] as const).map((version) => kaitoPresets(version).length)).toEqual([15, 60]);
    expect(kaitoPresets("0.12").filter((name) => !kaitoPresets("main").includes(name))).toContain("Phi-3-mini-4k-instruct");
  });

  // Counted by the formula of 0.12 for 2,048 tokens: NV36 A10, NC24 and NC48 A100, NC80 H100, ND96 H100 and H200.
  it.each<[Exclude<KaitoServingDecisions["model"], object>, readonly number[]]>([
    ["phi-4", [2, 1, 1, 1, 1, 1]],
    ["gpt-oss-120b", [8, 3, 2, 1, 1, 1]],
    ["Llama-3.3-70B-Instruct", [9, 3, 2, 1, 1, 1]],
    ["Kimi-K2.5", [34, 10, 5, 4, 2, 1]],
    ["NVIDIA-Nemotron-3-Ultra-550B-A55B-NVFP4", [20, 6, 3, 3, 1, 1]],
  ])("takes the nodes that KAITO counts for %s", (model, expected) => {
    const sizes = ["Standard_NV36ads_A10_v5", "Standard_NC24ads_A100_v4", "Standard_NC48ads_A100_v4", "Standard_NC80adis_H100_v5", "Standard_ND96isr_H100_v5", "Standard_ND96isr_H200_v5"] as const;
    // Those that KAITO counts too few of are refused by what it takes.
    const counted = sizes.map((size) => {
      const [problem] = codesAndRules({ model, size, accessSecret: "hub" });
      return problem === undefined ? planned({ model, size, accessSecret: "hub" }).nodes : Number(/takes (\d+) node/.exec(problem)?.[1]);
    });
    expect(counted).toEqual(expected);
  });

  it("explains the count of a model whose dimensions are not known by KAITO's own reckoning", () => {
    expect(planned({ model: "granite-4.1-8b" }).sizing).toBe(
      "KAITO 0.12 takes 1 node of Standard_NC24ads_A100_v4: floor(16.71 GiB of weights ÷ 61.51 GiB a GPU) + 1 = 1 GPU, 1 a node; " +
        "a GPU has (0.84 × 80 − 2.3 − 0.31) ÷ 1.05. Its dimensions are not known here, so nothing is estimated beside it.",
    );
  });

  it("waits for a copy as long as KAITO does, and for a node before: half an hour at least, three hours at most", () => {
    const size = "Standard_ND96isr_H200_v5";
    const waits = (["phi-4", "Llama-3.3-70B-Instruct", "Kimi-K2.5"] as const).map((model) => planned({ model, size, accessSecret: "hub" }).rolloutSeconds);
    expect(waits).toEqual([1200 + 1800, 1200 + 3266, 1200 + 10_800]);
  });

  it("lists all faults of an argument list at once", () => {
    const bad = { podSecurity: "restricted", model: "Llama-3.1-8B-Instruct", replicas: -1, clients: [], publicLoadBalancer: true, adapters: [{ ...TICKETS_ADAPTER, strength: 2 }] } as const;
    expect(codes(bad, "Tickets")).toEqual([
      "AKSFT-NAME-04 name",
      "AKSFT-KAITO-43 accessSecret",
      "AKSFT-KAITO-40 team.podSecurity",
      "AKSFT-SERVE-01 replicas",
      "AKSFT-KAITO-57 publicLoadBalancer",
      "AKSFT-SERVE-09 clients",
      "AKSFT-SERVE-06 adapters[0].baseModel",
      "AKSFT-KAITO-48 adapters[0].strength",
      "AKSFT-KAITO-48 adapters[0].strength",
    ]);
  });

  it("lists other faults beside those of a model or a version that is none", () => {
    expect(codes({ model: "phi4" as "phi-4", replicas: -1, adapters: [TICKETS_ADAPTER] })).toEqual(["AKSFT-TUNE-01 model", "AKSFT-SERVE-01 replicas"]);
    expect(codes({ kaito: { version: "0.9", nodeProvisioner: "karpenter" }, replicas: -1 })).toEqual(["AKSFT-KAITO-05 kaito.version", "AKSFT-SERVE-01 replicas"]);
  });

  it.each<[string, Partial<KaitoServingDecisions>, string]>([
    [
      "memory that KAITO counts by other numbers",
      { model: "Qwen2.5-Coder-32B-Instruct", size: "Standard_NV36ads_A10_v5" },
      'AKSFT-KAITO-55 size: got "Standard_NV36ads_A10_v5"; KAITO takes 4 nodes of Standard_NV36ads_A10_v5, where one sequence of 2048 tokens needs 22.7 GiB ' +
        "(weights 16.0, KV cache 0.1, engine 2.5, and what vLLM leaves free) on each A10, which has 21.99 GiB; fix: use a size with larger GPUs, or engine \"vllm\"",
    ],
    [
      "nodes beyond the cap",
      { replicas: 3, maxNodes: 2 },
      "AKSFT-KAITO-54 maxNodes: got 2; 3 copies of 1 node take 3 in all; fix: use 3, or fewer replicas",
    ],
    [
      "a pool that cannot hold two sets",
      { ...OWN_NODES_SERVING, pool: { ...OWN_POOL, maxNodes: 1 } },
      "AKSFT-KAITO-53 pool.maxNodes: got 1; 1 copy of 1 node take 1 in all, and 2 while a set takes over from another; fix: use 2",
    ],
    [
      "taints that evict, or of another value",
      {
        ...OWN_NODES_SERVING,
        pool: {
          ...OWN_POOL,
          tolerations: [
            { key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" },
            { key: "sku", operator: "Equal", value: "cpu", effect: "PreferNoSchedule" },
            { key: "sku", operator: "Equal", value: "gpu", effect: "NoExecute" },
          ],
        },
      },
      'AKSFT-KAITO-52 pool.tolerations[2]: got "sku=gpu:NoExecute"; is a taint that inference pods of KAITO 0.12 do not tolerate: they do sku=gpu, nvidia.com/gpu, ' +
        'kubernetes.azure.com/scalesetpriority=spot, with NoSchedule; fix: use a pool without it, or engine "vllm"',
    ],
    [
      "a preset that 0.6 has not",
      { ...OLD_KAITO_SERVING, model: { ...TINY, name: "example/tiny" } },
      'AKSFT-KAITO-42 model.name: got "example/tiny"; is no preset of KAITO 0.6, which takes no other models; fix: use KAITO 0.12, or engine "vllm"',
    ],
    [
      "a preset nearly spelt",
      { model: { ...TINY, name: "phi-44" } },
      'AKSFT-KAITO-42 model.name: got "phi-44"; is neither in KAITO\'s catalogue nor a Hugging Face id, by which it fetches other models; fix: did you mean "phi-4"?',
    ],
  ])("refuses %s", (_, changes, problem) => {
    expect(problemsOf(() => planned(changes))).toEqual([problem]);
  });

  it("proposes a length where one is left", () => {
    const long = { size: "Standard_NV72ads_A10_v5", maxModelLength: 16_384, adapters: [{ ...TICKETS_ADAPTER, rank: 256 }] } as const;
    const [problem = ""] = problemsOf(() => planned(long));
    const shorter = Number(/set maxModelLength to (\d+) or less/.exec(problem)?.[1]);
    expect(planned({ ...long, maxModelLength: shorter }).maxModelLength).toBe(shorter);
    expect(codes({ ...long, maxModelLength: shorter + 16 })).toEqual(["AKSFT-KAITO-55 size"]);
  });

  it("accepts adapters by transformers' blend, which takes no slots", () => {
    expect(planned({ runtime: "transformers", adapters: [{ ...TICKETS_ADAPTER, strength: 1 }], size: "Standard_NC24ads_A100_v4" })).toMatchObject({
      nodes: 1,
      sizing: "KAITO 0.12 takes 1 node of Standard_NC24ads_A100_v4 for the transformers runtime.",
    });
  });

  it("knows no rank below 8 where vLLM is old", () => {
    const adapters = [{ ...TICKETS_ADAPTER, rank: 1 }];
    expect([planned({ adapters }).maxLoraRank, planned({ ...OLD_KAITO_SERVING, adapters }).maxLoraRank]).toEqual([1, 8]);
  });

  it("refuses a cap exactly when it is below what the copies take", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 60 }), (replicas, maxNodes) => {
        const changes = { model: "Llama-3.3-70B-Instruct", accessSecret: "hub", replicas, maxNodes } as const;
        expect(refusals(changes)).toEqual(replicas * 3 > maxNodes ? ["AKSFT-KAITO-54 maxNodes"] : []);
      }),
    );
  });

  it("accepts exactly the names of adapters that volumes and containers can carry", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (length) => {
        const changes = { adapters: [{ ...TICKETS_ADAPTER, name: "a".repeat(length) }] };
        expect(refusals(changes)).toEqual(length > 31 ? ["AKSFT-KAITO-46 adapters[0].name"] : []);
      }),
    );
  });

  it("accepts a pool exactly when it has a copy's nodes and room for two sets", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 4 }), (minNodes, maxNodes, replicas) => {
        const changes = { ...OWN_NODES_SERVING, replicas, pool: { ...OWN_POOL, minNodes, maxNodes } };
        const expected = replicas === 0 ? [] : [...(minNodes < 1 ? ["AKSFT-KAITO-53 pool.minNodes"] : []), ...(maxNodes < 2 * replicas ? ["AKSFT-KAITO-53 pool.maxNodes"] : [])];
        expect(refusals(changes)).toEqual(expected);
      }),
    );
  });
});

function codesAndRules(changes: Partial<KaitoServingDecisions>): readonly string[] {
  return refusals(changes, (problem) => problem);
}

/** What is refused, nothing where all is accepted. */
function refusals(changes: Partial<KaitoServingDecisions>, shown = (problem: string) => problem.split(":")[0] ?? ""): readonly string[] {
  try {
    planned({ ...KAITO_SERVING, ...changes });
    return [];
  } catch {
    return problemsOf(() => planned({ ...KAITO_SERVING, ...changes })).map(shown);
  }
}
