import { planKaitoServing, type KaitoServingDecisions } from "../../../components/plan/kaito/serving";
import { adapterImageProblems } from "../../../components/plan/kaito/serving/adapters";
import { KAITO_SERVING, OLD_KAITO_SERVING, OWN_NODES_SERVING, OWN_POOL, TICKETS_ADAPTER } from "../../support/kaito-serving";
import { COMPLETE_PROBLEM, problemsOf } from "../../support/refusal";
import { TINY } from "../../support/tiny-recipe";

/** Where a rule is refused, by the arguments that break it and the code of the refusal, or why no arguments can break it. */
type Where = readonly [broken: KaitoServingDecisions, code: string] | string;

// A misspelt word, as an untyped configuration has it.
const misspelt = (changes: object): KaitoServingDecisions => ({ ...KAITO_SERVING, ...changes });
const adapters = (...changes: readonly object[]) => ({ adapters: changes.map((change) => ({ ...TICKETS_ADAPTER, ...change })) });

/**
 * Rules of KAITO's admission, and what it fails to check: api/v1beta1/workspace_validation.go, inferenceset_validation.go and
 * inference_config_validation.go of kaito-project/kaito v0.12.0.
 */
const RULES: Readonly<Record<string, Where>> = {
  "the name is a DNS label": [misspelt({ namespace: "support" }), "AKSFT-NAME-04"],
  "an object infers or tunes, not both": "it has the one member alone",
  "nodes that are made have a size": [{ ...KAITO_SERVING, size: undefined }, "AKSFT-KAITO-41"],
  "nodes of one's own have none": [{ ...OWN_NODES_SERVING, size: "Standard_NC24ads_A100_v4", pool: undefined }, "AKSFT-KAITO-41"],
  "size or pool, not both": [{ ...KAITO_SERVING, pool: OWN_POOL }, "AKSFT-KAITO-41"],
  "a pool is for a KAITO that makes no nodes": [{ ...KAITO_SERVING, size: undefined, pool: OWN_POOL }, "AKSFT-KAITO-41"],
  "node-image-family is known": "the annotation is not written",
  "node-class-name is on the chart's list": "the annotation is not written",
  "performance-mode is known": [misspelt({ performanceMode: "fast" }), "AKSFT-KAITO-51"],
  "performance-mode is read": [{ ...OLD_KAITO_SERVING, performanceMode: "throughput" }, "AKSFT-KAITO-51"],
  "use-local-weights is true or false": "the annotation is not written",
  "model-streaming is not changed": "the annotation is not written",
  "labelSelector is a map": "it is written as matchLabels",
  "labelSelector has labels of one's own": [{ ...OWN_NODES_SERVING, pool: { ...OWN_POOL, nodeSelector: { "kaito.sh/workspace": "tickets" } } }, "AKSFT-KAITO-52"],
  "labelSelector selects": [{ ...OWN_NODES_SERVING, pool: { ...OWN_POOL, nodeSelector: {} } }, "AKSFT-KAITO-52"],
  "a node matches when the object is made": [{ ...OWN_NODES_SERVING, pool: { ...OWN_POOL, minNodes: 0 } }, "AKSFT-KAITO-53"],
  "the nodes have the GPU's labels": "they are set in the cluster; a pool does not say",
  "the nodes are of one product, count and memory": "a pool is of one size",
  "the nodes' memory holds the weights": [
    { ...OWN_NODES_SERVING, model: "Llama-3.3-70B-Instruct", accessSecret: "hub", pool: { ...OWN_POOL, maxNodes: 6 } },
    "AKSFT-KAITO-53",
  ],
  "the size is one of Azure's, of which the first letters alone are checked": [misspelt({ size: "Standard_NC24ads_A100_v5" }), "AKSFT-KAITO-59"],
  "the size is in the table, which is not checked where it begins so": [{ ...KAITO_SERVING, size: "Standard_NC64as_T4_v3" }, "AKSFT-KAITO-02"],
  "and is spelt as Azure spells it": [{ ...KAITO_SERVING, size: "Standard_ND96asr_v4" }, "AKSFT-KAITO-59"],
  "transformers has memory enough": [
    { ...KAITO_SERVING, runtime: "transformers", model: "Qwen2.5-Coder-32B-Instruct", size: "Standard_NV36ads_A10_v5" },
    "AKSFT-KAITO-55",
  ],
  "vLLM has memory enough, which is not checked": [{ ...KAITO_SERVING, model: "Qwen2.5-Coder-32B-Instruct", size: "Standard_NV36ads_A10_v5" }, "AKSFT-KAITO-55"],
  "transformers runs on one node": "count is not written",
  "partition is for nodes of one's own": "partition is not written",
  "a copy has whole GPUs": [
    { ...OWN_NODES_SERVING, pool: { ...OWN_POOL, gpusPerNode: 7, gpuResource: "nvidia.com/mig-1g.10gb", gpuMemoryGiB: 79.25 / 8 } },
    "AKSFT-KAITO-52",
  ],
  "preset or template, not both": "template is not written",
  "the preset is known": [misspelt({ model: "phi4" }), "AKSFT-TUNE-01"],
  "or a Hugging Face id": [{ ...KAITO_SERVING, model: TINY }, "AKSFT-KAITO-42"],
  "0.6 has presets alone": [{ ...OLD_KAITO_SERVING, model: "gpt-oss-20b" }, "AKSFT-KAITO-42"],
  "the hub answers when the object is made": "what the webhook reaches is not known here",
  "transformers has parameters for the model": [{ ...KAITO_SERVING, runtime: "transformers", model: "Phi-4-mini-instruct" }, "AKSFT-KAITO-44"],
  "the runtime is known": [misspelt({ runtime: "vlm" }), "AKSFT-KAITO-44"],
  "vLLM takes adapters for the model": [
    { ...OLD_KAITO_SERVING, model: "falcon-7b", ...adapters({ baseModel: "falcon-7b" }) },
    "AKSFT-KAITO-45",
  ],
  "vLLM knows no strength": [{ ...KAITO_SERVING, ...adapters({ strength: 0.5 }) }, "AKSFT-KAITO-48"],
  "strength is from 0 to 1, which is checked of edits alone": [{ ...KAITO_SERVING, runtime: "transformers", ...adapters({ strength: 1.5 }) }, "AKSFT-KAITO-48"],
  "a gated model has a token, which is not checked of the catalogue's": [{ ...KAITO_SERVING, model: "Llama-3.1-8B-Instruct" }, "AKSFT-KAITO-43"],
  "and the token stays in its Secret": [{ ...KAITO_SERVING, accessSecret: "hf_abcdefghijklmnop" }, "AKSFT-KAITO-43"],
  "0.6 takes no token that it does not need": [{ ...OLD_KAITO_SERVING, accessSecret: "hub" }, "AKSFT-KAITO-43"],
  "adapters are ten at most, which is checked of new objects alone": [
    { ...KAITO_SERVING, ...adapters(...Array.from({ length: 11 }, (_, index) => ({ name: `a${index}` }))) },
    "AKSFT-KAITO-47",
  ],
  "adapters' names differ": [{ ...KAITO_SERVING, ...adapters({}, {}) }, "AKSFT-SERVE-04"],
  "an adapter has a source and a name": "the type asks for both",
  "its name fits a volume's, which is not checked": [{ ...KAITO_SERVING, ...adapters({ name: "a".repeat(32) }) }, "AKSFT-KAITO-46"],
  "and a container's": [{ ...KAITO_SERVING, ...adapters({ name: "tickets.v2" }) }, "AKSFT-NAME-04"],
  "it fits the base, which is not checked": [{ ...KAITO_SERVING, model: "Phi-4-mini-instruct", ...adapters({}) }, "AKSFT-SERVE-06"],
  "its rank is one that vLLM takes, which is not checked": [{ ...KAITO_SERVING, ...adapters({ rank: 513 }) }, "AKSFT-SERVE-08"],
  "max-lora-rank holds it, which is not checked": "it follows from the adapters",
  "the ConfigMap is there": "it is made before the object",
  "the ConfigMap has the key and the map vllm": "both are written",
  "max-model-len is at most the model's": [{ ...KAITO_SERVING, maxModelLength: 16_385 }, "AKSFT-SERVE-03"],
  "0.6 asks for max-model-len on several small GPUs": [{ ...OLD_KAITO_SERVING, model: "Phi-4-mini-instruct", size: "Standard_NC64as_T4_v3" }, "AKSFT-SERVE-03"],
  "max-model-len is read": [{ ...KAITO_SERVING, runtime: "transformers", maxModelLength: 1024 }, "AKSFT-KAITO-44"],
  "what cannot be changed is not": "it is in the hash that the object's name ends with",
  "replicas are not negative": [{ ...KAITO_SERVING, replicas: -1 }, "AKSFT-SERVE-01"],
  "a Workspace is one copy": [{ ...OLD_KAITO_SERVING, replicas: 2 }, "AKSFT-KAITO-50"],
  "cron and duration of an upgrade parse": "autoUpgrade is not written",
  "nodes stay under the limit, which is not enforced": [{ ...KAITO_SERVING, replicas: 2, maxNodes: 1 }, "AKSFT-KAITO-54"],
  "the version is known": [misspelt({ kaito: { version: "0.9", nodeProvisioner: "karpenter" } }), "AKSFT-KAITO-05"],
  "the provisioner is the version's": [{ ...OLD_KAITO_SERVING, kaito: { version: "0.6", nodeProvisioner: "karpenter" } }, "AKSFT-KAITO-41"],
  "the namespace admits the pods, which is not checked": [{ ...KAITO_SERVING, podSecurity: "restricted" }, "AKSFT-KAITO-40"],
  "a load balancer is public, which is not checked": [{ ...KAITO_SERVING, publicLoadBalancer: true }, "AKSFT-KAITO-57"],
  "a disruption budget lets nodes be drained": "it is made with maxUnavailable 1",
};

describe("rules of KAITO's admission, and what it fails to check", () => {
  const refused = Object.entries(RULES).flatMap(([rule, where]) => (typeof where === "string" ? [] : [[rule, ...where] as const]));

  it.each(refused)("%s", (rule, broken, code) => {
    const problems = problemsOf(() => planKaitoServing(rule === "the name is a DNS label" ? "Tickets" : "tickets", broken));
    expect(problems).toEqual([expect.stringMatching(COMPLETE_PROBLEM)]);
    expect(problems[0]).toMatch(new RegExp(`^${code} `));
  });

  it("has a reason for every rule that no arguments can break", () => {
    const reasons = Object.values(RULES).filter((where) => typeof where === "string");
    expect(reasons.filter((reason) => reason.length < 15)).toEqual([]);
    expect(reasons.length + refused.length).toBe(Object.keys(RULES).length);
  });

  it("knows of an image only when it resolves", () => {
    const digest = `sha256:${"9".repeat(64)}`;
    const own = "mlreg.azurecr.io/support/tickets";
    expect(adapterImageProblems(1, `${own}@${digest}`, own)).toEqual([]);
    expect(adapterImageProblems(1, `${own}:v1@${digest}`, own)).toEqual([]);
    expect(adapterImageProblems(1, `elsewhere.example/tickets@${digest}`, undefined)).toEqual([]);
    const codes = [adapterImageProblems(1, `${own}:v1`, own), adapterImageProblems(1, `elsewhere.example/tickets@${digest}`, own), adapterImageProblems(1, "tickets", own)];
    expect(codes.map((problems) => problems.map(({ code, path }) => `${code} ${path}`))).toEqual(Array(3).fill(["AKSFT-KAITO-49 adapters[1].image"]));
  });
});
