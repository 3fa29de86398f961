import type { KaitoServingDecisions } from "../../components/plan/kaito/serving";
import { KAITO_SERVING, OLD_KAITO_SERVING, OWN_NODES_SERVING, OWN_POOL, TICKETS_IMAGE } from "./kaito-serving";

/** An object that KAITO's admission lets through and that then fails, on nodes that are paid for or for good. */
export interface ServingThatFails {
  readonly title: string;
  /** As somebody would write it who has no such library; 0.12 unless it says otherwise. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** What it takes to ask this library for the same. */
  readonly arguments: KaitoServingDecisions;
  /** What the arguments are refused with. */
  readonly code: string;
  /** Nodes of one's own that match when it is made: KAITO refuses an object that finds none, or too little memory for the weights. */
  readonly nodes?: number;
  /** What lies in the ConfigMap that it names. */
  readonly inferenceConfig?: Readonly<Record<string, unknown>>;
  /** What happens to the object. */
  readonly fails: string;
  /** The nearest arguments that are accepted. */
  readonly instead: KaitoServingDecisions;
}

interface Written {
  readonly name?: string;
  readonly namespace?: string;
  readonly preset: string;
  readonly instanceType?: string;
  readonly adapters?: readonly object[];
  readonly replicas?: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

function set({ name = "tickets", namespace = "support", preset, instanceType, adapters, replicas = 1, annotations }: Written): Record<string, unknown> {
  return {
    apiVersion: "kaito.sh/v1beta1",
    kind: "InferenceSet",
    metadata: { name, namespace },
    spec: {
      replicas,
      labelSelector: { matchLabels: { apps: "tickets" } },
      template: {
        ...(annotations ? { metadata: { annotations } } : {}),
        resource: instanceType === undefined ? {} : { instanceType },
        inference: { preset: { name: preset }, ...(adapters ? { adapters } : {}) },
      },
    },
  };
}

function workspace({ preset, instanceType, count, config }: { readonly preset: string; readonly instanceType: string; readonly count: number; readonly config: string }): Record<string, unknown> {
  return {
    apiVersion: "kaito.sh/v1beta1",
    kind: "Workspace",
    metadata: { name: "tickets", namespace: "support" },
    resource: { count, instanceType, labelSelector: { matchLabels: { apps: "tickets" } } },
    inference: { preset: { name: preset }, config },
  };
}

const A100 = "Standard_NC24ads_A100_v4";
const source = (name: string) => ({ source: { name, image: TICKETS_IMAGE, imagePullSecrets: ["pull"] } });
const adapter = (name: string, rank = 16) => ({ name, baseModel: "phi-4", rank });

export const ADMITTED_THEN_FAILS_SERVING: readonly ServingThatFails[] = [
  {
    title: "a gated model of the catalogue without a token",
    manifest: set({ preset: "meta-llama/Llama-3.1-8B-Instruct", instanceType: A100 }),
    arguments: { ...KAITO_SERVING, model: "Llama-3.1-8B-Instruct" },
    code: "AKSFT-KAITO-43",
    fails: "the pod is refused by the hub, again and again, on a node that is paid for",
    instead: { ...KAITO_SERVING, model: "Llama-3.1-8B-Instruct", accessSecret: "hugging-face" },
  },
  {
    title: "another gated model, Gemma",
    manifest: set({ preset: "google/gemma-3-4b-it", instanceType: A100 }),
    arguments: { ...KAITO_SERVING, model: "gemma-3-4b-it" },
    code: "AKSFT-KAITO-43",
    fails: "as Llama",
    instead: { ...KAITO_SERVING, model: "gemma-3-4b-it", accessSecret: "hugging-face" },
  },
  {
    title: "an adapter whose name no volume can have",
    manifest: set({ preset: "microsoft/phi-4", instanceType: A100, adapters: [source("a-name-of-thirty-two-characters-x")] }),
    arguments: { ...KAITO_SERVING, adapters: [adapter("a-name-of-thirty-two-characters-x")] },
    code: "AKSFT-KAITO-46",
    fails: "the API server refuses the StatefulSet's pods: the volume's name has 64 characters",
    instead: { ...KAITO_SERVING, adapters: [adapter("a-name-of-thirty-one-characters")] },
  },
  {
    title: "an adapter whose name has a dot",
    manifest: set({ preset: "microsoft/phi-4", instanceType: A100, adapters: [source("tickets.v2")] }),
    arguments: { ...KAITO_SERVING, adapters: [adapter("tickets.v2")] },
    code: "AKSFT-NAME-04",
    fails: "a container is named after it, and may have no dot",
    instead: { ...KAITO_SERVING, adapters: [adapter("tickets-v2")] },
  },
  {
    title: "an adapter tuned on another model",
    manifest: set({ preset: "mistralai/Mistral-7B-v0.3", instanceType: A100, adapters: [source("tickets")] }),
    arguments: { ...KAITO_SERVING, model: "Mistral-7B-v0.3", adapters: [adapter("tickets")] },
    code: "AKSFT-SERVE-06",
    fails: "vLLM ends when it loads the adapter's matrices",
    instead: { ...KAITO_SERVING, adapters: [adapter("tickets")] },
  },
  {
    title: "a size that Azure has and KAITO's table spells differently",
    manifest: set({ preset: "microsoft/phi-4", instanceType: "Standard_ND96asr_v4" }),
    arguments: { ...KAITO_SERVING, size: "Standard_ND96asr_v4" },
    code: "AKSFT-KAITO-59",
    fails: "the controller does not find the size, and goes round for ever",
    instead: { ...KAITO_SERVING, size: "Standard_ND96amsr_A100_v4" },
  },
  {
    title: "a size that is not in KAITO's table",
    manifest: set({ preset: "microsoft/Phi-4-mini-instruct", instanceType: "Standard_NC4as_T4_v3" }),
    arguments: { ...KAITO_SERVING, model: "Phi-4-mini-instruct", size: "Standard_NC4as_T4_v3" },
    code: "AKSFT-KAITO-02",
    fails: "the controller does not find the size, and goes round for ever",
    instead: { ...KAITO_SERVING, model: "Phi-4-mini-instruct", size: "Standard_NV36ads_A10_v5" },
  },
  {
    title: "a model that KAITO counts onto A10s that do not hold it",
    manifest: set({ preset: "Qwen/Qwen2.5-Coder-32B-Instruct", instanceType: "Standard_NV36ads_A10_v5" }),
    arguments: { ...KAITO_SERVING, model: "Qwen2.5-Coder-32B-Instruct", size: "Standard_NV36ads_A10_v5" },
    code: "AKSFT-KAITO-55",
    fails: "vLLM ends on four paid nodes: it is launched with less of each A10 than was counted with",
    instead: { ...KAITO_SERVING, model: "Qwen2.5-Coder-32B-Instruct" },
  },
  {
    title: "adapters whose slots are not counted",
    manifest: set({ preset: "microsoft/phi-4", instanceType: "Standard_NV72ads_A10_v5", adapters: Array.from({ length: 10 }, (_, index) => source(`a${index}`)) }),
    arguments: { ...KAITO_SERVING, size: "Standard_NV72ads_A10_v5", adapters: Array.from({ length: 10 }, (_, index) => adapter(`a${index}`, 256)) },
    code: "AKSFT-KAITO-55",
    fails: "vLLM ends when it makes the slots",
    instead: { ...KAITO_SERVING, size: "Standard_NV72ads_A10_v5", adapters: [adapter("a0")] },
  },
  {
    title: "attention heads that do not divide by a node's GPUs",
    manifest: set({ preset: "example/uneven", instanceType: "Standard_ND96isr_H100_v5" }),
    arguments: { ...KAITO_SERVING, model: { ...unevenModel(), name: "example/uneven" }, size: "Standard_ND96isr_H100_v5" },
    code: "AKSFT-KAITO-56",
    fails: "vLLM does not start with that tensor parallelism",
    instead: { ...KAITO_SERVING, model: { ...unevenModel(), name: "example/uneven" }, size: "Standard_NC80adis_H100_v5" },
  },
  {
    title: "a namespace that admits restricted pods alone",
    manifest: set({ preset: "microsoft/phi-4", instanceType: A100 }),
    arguments: { ...KAITO_SERVING, podSecurity: "restricted" },
    code: "AKSFT-KAITO-40",
    fails: "the StatefulSet makes no pod, on a node that is paid for",
    instead: KAITO_SERVING,
  },
  {
    title: "a public address with Ray's ports",
    manifest: set({ preset: "microsoft/phi-4", instanceType: A100, annotations: { "kaito.sh/enablelb": "True" } }),
    arguments: { ...KAITO_SERVING, publicLoadBalancer: true },
    code: "AKSFT-KAITO-57",
    fails: "anybody may call it, and the dashboard that runs code on it",
    instead: { ...KAITO_SERVING, environment: "development", publicLoadBalancer: true },
  },
  {
    title: "a set that Karpenter's labels are too short for",
    manifest: set({ name: "tickets-1a2b3", namespace: `support-${"x".repeat(36)}`, preset: "microsoft/phi-4", instanceType: A100 }),
    arguments: { ...KAITO_SERVING, namespace: `support-${"x".repeat(36)}` },
    code: "AKSFT-KAITO-58",
    fails: "the API server refuses the NodePool: a label's value has 64 characters",
    instead: { ...KAITO_SERVING, namespace: `support-${"x".repeat(35)}` },
  },
  {
    title: "a pool whose taint KAITO's pods do not tolerate",
    manifest: set({ preset: "microsoft/phi-4" }),
    nodes: 1,
    arguments: {
      ...OWN_NODES_SERVING,
      pool: { ...OWN_POOL, tolerations: [{ key: "team", operator: "Equal", value: "support", effect: "NoSchedule" }] },
    },
    code: "AKSFT-KAITO-52",
    fails: "the pod is pending for ever beside nodes that are paid for",
    instead: OWN_NODES_SERVING,
  },
  {
    title: "a pool with too few nodes for a copy",
    manifest: set({ preset: "meta-llama/Llama-3.3-70B-Instruct" }),
    // The memory of two holds the files and nothing else.
    nodes: 2,
    arguments: { ...OWN_NODES_SERVING, model: "Llama-3.3-70B-Instruct", accessSecret: "hub", pool: { ...OWN_POOL, minNodes: 2, maxNodes: 6 } },
    code: "AKSFT-KAITO-53",
    fails: "the copy waits for nodes that nothing asks for",
    instead: { ...OWN_NODES_SERVING, model: "Llama-3.3-70B-Instruct", accessSecret: "hub", pool: { ...OWN_POOL, minNodes: 3, maxNodes: 6 } },
  },
  {
    title: "copies of several nodes in one pool",
    manifest: set({ preset: "meta-llama/Llama-3.3-70B-Instruct", replicas: 2 }),
    nodes: 6,
    arguments: { ...OWN_NODES_SERVING, model: "Llama-3.3-70B-Instruct", accessSecret: "hub", replicas: 2, pool: { ...OWN_POOL, minNodes: 6, maxNodes: 12 } },
    code: "AKSFT-KAITO-53",
    fails: "each takes some of the nodes, and none gets all of its own",
    instead: { ...OWN_NODES_SERVING, model: "Llama-3.3-70B-Instruct", accessSecret: "hub", pool: { ...OWN_POOL, minNodes: 3, maxNodes: 6 } },
  },
  {
    title: "several nodes in 0.6",
    manifest: workspace({ preset: "phi-4", instanceType: "Standard_NV36ads_A10_v5", count: 2, config: "tickets-config" }),
    // Of several nodes its webhook asks for the length.
    inferenceConfig: { vllm: { "max-model-len": 2048 } },
    arguments: { ...OLD_KAITO_SERVING, size: "Standard_NV36ads_A10_v5" },
    code: "AKSFT-KAITO-55",
    fails: "each of the two pods loads all of the model, for which its GPU is too small",
    instead: { ...OLD_KAITO_SERVING, size: "Standard_NV72ads_A10_v5" },
  },
];

/** 12 heads, which 8 GPUs do not share evenly, and weights of more than half of a GPU. */
function unevenModel() {
  return {
    hidden_size: 6144,
    intermediate_size: 24576,
    num_hidden_layers: 40,
    num_attention_heads: 12,
    num_key_value_heads: 4,
    head_dim: 512,
    vocab_size: 128_000,
    max_position_embeddings: 8192,
  };
}
