import type { KaitoTuningDecisions } from "../../components/plan/kaito/tuning";
import { KAITO_DECISIONS, KAITO_RECIPE, OWN_POOL } from "./kaito-tuning";
import { byDigest, TINY } from "./tiny-recipe";

/** A Workspace as people write it by hand, that KAITO admits and then fails at, and the same thing said to this library. */
export interface TuningThatFails {
  readonly title: string;
  /** Version of KAITO whose schema and webhook admit it. */
  readonly version: "0.6" | "0.12";
  readonly workspace: Readonly<Record<string, unknown>>;
  /** What lies in the ConfigMap that the Workspace names, where the fault is in there. */
  readonly trainingConfig?: Readonly<Record<string, unknown>>;
  /** What is said instead of `KAITO_DECISIONS`. */
  readonly changes: Partial<KaitoTuningDecisions>;
  /** Code and path of the refusal. */
  readonly refused: string;
}

const IMAGE = byDigest("mlreg.azurecr.io/datasets/tickets", "b");

interface Written {
  readonly preset?: string;
  readonly method?: string;
  readonly instanceType?: string | undefined;
  readonly labels?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly input?: string;
  readonly output?: string;
}

function workspace(written: Written = {}): Readonly<Record<string, unknown>> {
  const { preset = "phi-4-mini-instruct", method = "lora", labels = { app: "tickets" }, config, input = IMAGE, output = "mlreg.azurecr.io/support/tickets:v1" } = written;
  const instanceType = "instanceType" in written ? written.instanceType : "Standard_NC24ads_A100_v4";
  return {
    apiVersion: "kaito.sh/v1beta1",
    kind: "Workspace",
    metadata: { name: "tickets", namespace: "support" },
    resource: { ...(instanceType === undefined ? {} : { instanceType }), labelSelector: { matchLabels: labels } },
    tuning: {
      preset: { name: preset },
      method,
      ...(config === undefined ? {} : { config }),
      input: { image: input, imagePullSecrets: ["pull"] },
      output: { image: output, imagePushSecret: "push" },
    },
  };
}

const recipe = (changes: Partial<KaitoTuningDecisions["recipe"]>): Partial<KaitoTuningDecisions> => ({ recipe: { ...KAITO_RECIPE, ...changes } });
const pool = (changes: Partial<NonNullable<KaitoTuningDecisions["pool"]>>, more: Partial<KaitoTuningDecisions> = {}) => ({ size: undefined, pool: { ...OWN_POOL, ...changes }, ...more });
const at12 = (title: string, refused: string, changes: Partial<KaitoTuningDecisions>, written: Written = {}, trainingConfig?: Readonly<Record<string, unknown>>): TuningThatFails => ({
  ...{ title, version: "0.12", workspace: workspace(trainingConfig === undefined ? written : { ...written, config: "tickets-config" }), changes, refused },
  ...(trainingConfig === undefined ? {} : { trainingConfig }),
});

/** What the API server lets through, schema and webhook, and what then goes wrong at the cost of whoever pays the node. */
export const ADMITTED_THEN_FAILS: readonly TuningThatFails[] = [
  at12("a gated preset that only serves", "AKSFT-KAITO-11 recipe.model", recipe({ model: "Llama-3.1-8B-Instruct" }), { preset: "llama-3.1-8b-instruct" }),
  at12("a model of Hugging Face that only serves", "AKSFT-KAITO-10 recipe.model", recipe({ model: "Qwen3-8B" }), { preset: "Qwen/Qwen3-8B" }),
  at12("a preset whose weights KAITO does not find", "AKSFT-KAITO-10 recipe.model", recipe({ model: "Mistral-7B-v0.3" }), { preset: "mistralai/Mistral-7B-v0.3" }),
  at12("somebody's model of a preset's name", "AKSFT-KAITO-12 recipe.model", recipe({ model: { ...TINY, name: "someone/phi-4" } }), { preset: "someone/phi-4" }),
  at12("a revision, which its image has not", "AKSFT-KAITO-13 recipe.revision", recipe({ revision: "abc123" }), {}, { ModelConfig: { revision: "abc123" } }),
  at12("a part of a GPU", "AKSFT-KAITO-20 size", { size: "Standard_NV12ads_A10_v5" }, { instanceType: "Standard_NV12ads_A10_v5" }),
  at12("a T4, which left its table", "AKSFT-KAITO-20 size", { size: "Standard_NC4as_T4_v3" }, { instanceType: "Standard_NC4as_T4_v3" }),
  at12("a size that its table spells otherwise than Azure", "AKSFT-KAITO-20 size", { size: "Standard_ND96asr_v4" }, { instanceType: "Standard_ND96asr_v4" }),
  at12("two GPUs that write one adapter", "AKSFT-KAITO-21 size", { size: "Standard_NC48ads_A100_v4" }, { instanceType: "Standard_NC48ads_A100_v4" }),
  at12("phi-4 in 16 bits on an A10", "AKSFT-KAITO-23 size", { ...recipe({ model: "phi-4" }), size: "Standard_NV36ads_A10_v5" }, { preset: "phi-4", instanceType: "Standard_NV36ads_A10_v5" }),
  at12("32 billion parameters in 16 bits on an A100", "AKSFT-KAITO-23 size", recipe({ model: "Qwen2.5-Coder-32B-Instruct", sequenceLength: 8192 }), { preset: "qwen2.5-coder-32b-instruct" }),
  at12("nodes of one's own without an instance type", "AKSFT-KAITO-25 kaito.nodeProvisioner", pool({}, { kaito: { version: "0.12", nodeProvisioner: "byo" } }), { instanceType: undefined }),
  at12("a pool of one's own beside Karpenter", "AKSFT-KAITO-26 pool", pool({}, { kaito: { version: "0.12", nodeProvisioner: "karpenter" } }), { labels: OWN_POOL.nodeSelector }),
  at12("a pool without the Workspace's labels", "AKSFT-KAITO-27 pool.labels.kaito.sh/workspace", pool({ labels: { "kaito.sh/workspacenamespace": "support" } }), { labels: OWN_POOL.nodeSelector }),
  at12("spot nodes, where nothing resumes", "AKSFT-KAITO-28 pool.priority", pool({ priority: "Spot" }), { labels: { ...OWN_POOL.nodeSelector, "kubernetes.azure.com/scalesetpriority": "spot" } }),
  at12("a taint that its pods do not tolerate", "AKSFT-KAITO-29 pool.tolerations", pool({ tolerations: [{ key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" }] }), { labels: OWN_POOL.nodeSelector }),
  at12("a pool scaled to zero", "AKSFT-KAITO-31 pool.minNodes", pool({ minNodes: 0 }), { labels: OWN_POOL.nodeSelector }),
  at12("a loss on the answers alone", "AKSFT-KAITO-16 recipe.loss", recipe({ loss: "assistant" }), {}, { TrainingArguments: { output_dir: "/mnt/results", assistant_only_loss: true } }),
  at12("an alpha that is no whole number", "AKSFT-KAITO-18 recipe.lora.alpha", recipe({ lora: { alpha: 24.5 } }), {}, { LoraConfig: { lora_alpha: 24.5 } }),
  at12("layers that the preset has not", "AKSFT-KAITO-19 recipe.lora.targets", recipe({ lora: { targets: ["q_proj"] } }), {}, { LoraConfig: { target_modules: ["q_proj"] } }),
  at12("a base that bitsandbytes cannot make", "AKSFT-KAITO-15 recipe.quantization", recipe({ method: "qlora", quantization: "gptq4" }), { method: "qlora" }, { QuantizationConfig: { load_in_4bit: true, quant_method: "gptq" } }),
  at12("a namespace that keeps its pods out", "AKSFT-KAITO-34 team.podSecurity", { team: { namespace: "support", podSecurity: "restricted" } }),
  at12("a dataset by a tag that moves", "AKSFT-DATA-04 dataset.image", { dataset: { ...KAITO_DECISIONS.dataset, image: "mlreg.azurecr.io/datasets/tickets:latest" } }, { input: "mlreg.azurecr.io/datasets/tickets:latest" }),
  at12("an adapter pushed over its dataset", "AKSFT-KAITO-36 dataset.image", { dataset: { ...KAITO_DECISIONS.dataset, image: byDigest("mlreg.azurecr.io/support/tickets", "b") } }, { input: byDigest("mlreg.azurecr.io/support/tickets", "b") }),
  {
    ...{ title: "packing, a key that the add-on's program does not know", version: "0.6", workspace: workspace({ config: "tickets-config" }) },
    trainingConfig: { TrainingArguments: { output_dir: "/mnt/results", packing: true } },
    changes: { ...recipe({ packing: true }), kaito: { version: "0.6", nodeProvisioner: "azure-gpu-provisioner" }, datasets: { repository: "datasets/tickets" } },
    refused: "AKSFT-KAITO-17 recipe.packing",
  },
];
