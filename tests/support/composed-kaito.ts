import { CLUSTER, component, created, GROUP, KUBERNETES, MANAGED, part, REGISTRY, REGISTRY_OWNER } from "./composed-parts";
import type { Composed } from "./composed-preview";

const [A100, A10] = ["Standard_NC24ads_A100_v4", "Standard_NV36ads_A10_v5"];
const OPERATOR = component("KaitoOperator", "kaito", { channel: "chart", version: "0.12", nodeProvisioner: "azure-gpu-provisioner", devicePlugin: "gpu-support" });
const TEAM = component("Team", "support", { namespace: "support" });

const RUN = component("TuningJob", "returns", {
  ...{ runId: "4d2073d5e8", model: "phi-4", method: "qlora", rows: 800, reason: `${A100} (1 × A100 80GB PCIe) holds the run`, priority: "Regular" },
  shape: { size: A100, nodes: 1, gpusPerNode: 1, microBatch: 4, sharding: "none", checkpointing: "full", optimizer: "adamw" },
  ...{ hours: { low: 0.8, expected: 1.2, high: 2 }, usd: { low: 2.9, expected: 4.4, high: 7.3 } },
  ...{ engine: "kaito", kaitoVersion: "0.12", workspace: "returns", preset: "phi-4", nodesBy: "KAITO", nodes: 1, maximumPaidHours: 24, deadlineHours: 48 },
});
const KEEPER = part(`${KUBERNETES}batch/v1:Job`, "returns-4d2073d5e8", RUN, { spec: { template: { spec: { containers: [{ name: "keep", args: ["keep"] }] } } } });

const SERVICE = component("InferenceService", "tickets", {
  ...{ engine: "kaito", kaitoVersion: "0.12", model: "Qwen2.5-Coder-32B-Instruct", preset: "Qwen/Qwen2.5-Coder-32B-Instruct", runtime: "vllm", replicas: 2, serveBase: false },
  ...{ adapters: ["tickets"], size: A10, nodes: 2 },
});
const set = (hash: string, digit: string) => ({
  metadata: { name: `tickets-${hash}`, namespace: "support" },
  spec: {
    replicas: 2,
    labelSelector: { matchLabels: { "aks-fine-tuning.dev/service": `tickets-${hash}` } },
    template: {
      resource: { instanceType: A10 },
      inference: { preset: { name: "Qwen/Qwen2.5-Coder-32B-Instruct" }, adapters: [{ source: { name: "tickets", image: `adapters0bd2.azurecr.io/support/tickets@sha256:${digit.repeat(64)}` } }] },
    },
  },
});
const INFERENCE_SET = part(`${KUBERNETES}kaito.sh/v1beta1:InferenceSet`, "tickets", SERVICE, set("0a1b2", "a"));
const ENDPOINT = part(`${KUBERNETES}core/v1:Service`, "tickets", SERVICE, { spec: { type: "ClusterIP", selector: { "inferenceset.kaito.sh/created-by": "tickets-0a1b2" } } });
const ADAPTER = "spec.template.inference.adapters[0].source.image";

/** KAITO makes all GPU nodes: a run starts, and a service gets the next adapter of its own by a second set. */
export const KAITO: Composed = {
  steps: [
    ...[GROUP, CLUSTER, MANAGED, REGISTRY_OWNER, REGISTRY, OPERATOR, TEAM, created(RUN), created(KEEPER), SERVICE],
    { ...INFERENCE_SET, op: "replace", new: set("3c4d5", "b"), kinds: { "metadata.name": "update-replace", [ADAPTER]: "update" } },
    { ...ENDPOINT, op: "update", new: { spec: { type: "ClusterIP", selector: { "inferenceset.kaito.sh/created-by": "tickets-3c4d5" } } }, kinds: { "spec.selector": "update" } },
  ],
};
