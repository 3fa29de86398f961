import type { JsonObject } from "../../cli/report/read/json";
import { KAITO } from "./composed-kaito";
import { AZURE, both, changed, CLUSTER, component, created, deleted, GROUP, KUBERNETES, MANAGED, part, pool, REGISTRY, REGISTRY_OWNER } from "./composed-parts";
import { type Composed, type ComposedStep, ROOT_URN } from "./composed-preview";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A stack that a team has in production: two pools, one run, one service. */
const TUNE = pool("tune", { vmSize: "Standard_NC24ads_A100_v4", scaleSetPriority: "Spot", minCount: 0, maxCount: 4, spotMaxPrice: -1, scaleSetEvictionPolicy: "Delete" });
const SERVE = pool("serve", { vmSize: "Standard_NV36ads_A10_v5", scaleSetPriority: "Regular", minCount: 0, maxCount: 4 });
const TEAM = component("Team", "support", { namespace: "support" });
const NAMESPACE = part(`${KUBERNETES}core/v1:Namespace`, "support", TEAM, { metadata: { name: "support" } });
const SHARE = part(`${AZURE}storage:FileShare`, "support-checkpoints", TEAM, { shareName: "checkpoints" });

const REASON = "Standard_NC24ads_A100_v4 (1 × A100 80GB PCIe) is the cheapest run on a pool that exists: qlora of Qwen2.5-7B-Instruct at 2048 tokens × 4 needs 21.4 GiB of 79.3 GiB";
const RUN_INPUTS = {
  ...{ runId: "9da4984ba5", model: "Qwen2.5-7B-Instruct", method: "qlora", rows: 1200, reason: REASON, priority: "Spot" },
  shape: { size: "Standard_NC24ads_A100_v4", nodes: 1, gpusPerNode: 1, microBatch: 4, sharding: "none", checkpointing: "full", optimizer: "adamw" },
  nodeSelector: { "aks-fine-tuning.dev/pool": "tune" },
  hours: { low: 1.2, expected: 1.8, high: 3.1 },
  usd: { low: 0.61, expected: 0.92, high: 1.52 },
};
const RUN = component("TuningJob", "tickets", RUN_INPUTS);
const RECORD: ComposedStep = { ...part(`${KUBERNETES}core/v1:ConfigMap`, "tickets-record", RUN, {}), op: "read", oldOutputs: { data: { state: "declared" } } };

function job(runId: string, kind: "tuning" | "preflight", owner = RUN): ComposedStep {
  const labels = { "app.kubernetes.io/component": kind, "aks-fine-tuning.dev/run": runId };
  const name = `${owner.urn.split("::").at(-1) ?? ""}-${runId}${kind === "tuning" ? "" : "-preflight"}`;
  return part(`${KUBERNETES}batch/v1:Job`, name, owner, { metadata: { name, labels: { "aks-fine-tuning.dev/run": runId } }, spec: { suspend: true, template: { metadata: { labels } } } });
}

const SERVICE = component("InferenceService", "tickets", {
  ...{ model: "Qwen2.5-7B-Instruct", replicas: 2, serveBase: false, adapters: ["tickets"], maxModelLength: 8192, size: "Standard_NV36ads_A10_v5", priority: "Regular" },
  nodeSelector: { "aks-fine-tuning.dev/pool": "serve" },
});
const image = (digit: string) => `adapters0bd2.azurecr.io/support/tickets@sha256:${digit.repeat(64)}`;
const deployment = (spec: JsonObject | string) => part(`${KUBERNETES}apps/v1:Deployment`, "tickets", SERVICE, { metadata: { labels: { "app.kubernetes.io/component": "serving" } }, spec });
const serving = (replicas: number, digit?: string): JsonObject => ({
  replicas,
  template: {
    spec: {
      nodeSelector: { "aks-fine-tuning.dev/pool": "serve" },
      volumes: digit === undefined ? [] : [{ name: "adapter-tickets", image: { reference: image(digit) } }],
      containers: [{ name: "server", args: ["/weights/data", "--served-model-name", "Qwen2.5-7B-Instruct"] }],
    },
  },
});
const DEPLOYMENT = deployment(serving(2, "a"));
const ENDPOINT = part(`${KUBERNETES}core/v1:Service`, "tickets", SERVICE, { spec: { type: "ClusterIP" } });

const PLATFORM = [GROUP, CLUSTER, MANAGED, REGISTRY_OWNER, REGISTRY, ...TUNE, ...SERVE];
const WORKLOADS = [TEAM, NAMESPACE, SHARE, RUN, RECORD, job("9da4984ba5", "tuning"), job("9da4984ba5", "preflight"), SERVICE, DEPLOYMENT, ENDPOINT];
const ALL = [...PLATFORM, ...WORKLOADS];

/** The whole stack with some of its steps in another state. */
function withSteps(...steps: readonly ComposedStep[]): readonly ComposedStep[] {
  const left = new Map(steps.map((step) => [step.urn, step]));
  const all = ALL.map((step) => {
    const other = left.get(step.urn);
    left.delete(step.urn);
    return other ?? step;
  });
  return [...all, ...left.values()];
}

const NEXT_RUN = { ...RUN_INPUTS, runId: "0ddf3b0c02", rows: 1900, hours: { low: 1.9, expected: 2.8, high: 4.9 }, usd: { low: 0.93, expected: 1.4, high: 2.4 } };
const TUNING = { state: "tuning", step: "120", runId: "9da4984ba5" };
const MORE_RUNS = Array.from({ length: 200 }, (_, index) => {
  const runId = (index + 1).toString(16).padStart(10, "0");
  const run = component("TuningJob", `tickets-${String(index + 1).padStart(3, "0")}`, { ...RUN_INPUTS, runId });
  return [run, job(runId, "tuning", run), job(runId, "preflight", run)].map(created);
}).flat();

/** What a reviewer meets, by name. */
export const COMPOSED: Readonly<Record<string, Composed>> = {
  "first-deploy": { steps: ALL.map((step) => (step.op === "read" ? step : created(step.type.endsWith("Deployment") ? { ...step, new: { ...step.new, spec: UNKNOWN } } : step))) },
  "no-change": { steps: ALL },
  "new-run": {
    steps: withSteps(
      changed(RUN, NEXT_RUN, undefined),
      { ...RECORD, newOutputs: { data: TUNING } },
      ...(["tuning", "preflight"] as const).flatMap((kind) => [created(job("0ddf3b0c02", kind)), deleted(job("9da4984ba5", kind))]),
    ),
  },
  "pool-size": {
    steps: withSteps(
      changed(SERVE[1], { vmSize: "Standard_NC24ads_A100_v4", agentPoolName: "serve77aa" }, { agentPoolName: "update-replace", vmSize: "update-replace" }, "replace"),
      changed(SERVE[0], { size: "Standard_NC24ads_A100_v4" }, undefined),
    ),
  },
  "spot-to-regular": {
    steps: withSteps(
      changed(
        TUNE[1],
        { scaleSetPriority: "Regular", scaleSetEvictionPolicy: undefined, spotMaxPrice: undefined, agentPoolName: "tune99cc" },
        { agentPoolName: "update-replace", scaleSetEvictionPolicy: "delete", scaleSetPriority: "update", spotMaxPrice: "delete" },
        "replace",
      ),
      changed(TUNE[0], { priority: "Regular" }, undefined),
      changed(RUN, { priority: "Regular", usd: { low: 5, expected: 7.6, high: 12.4 } }, undefined),
    ),
  },
  "cluster-replaced": {
    steps: withSteps(
      changed(
        MANAGED,
        { networkProfile: { serviceCidr: "10.97.0.0/16", dnsServiceIP: "10.97.0.10" } },
        { "networkProfile.dnsServiceIP": "update-replace", "networkProfile.serviceCidr": "update-replace" },
        "replace",
      ),
      ...[TUNE[1], SERVE[1]].map((step) => ({ ...changed(step, { resourceName: UNKNOWN }, { resourceName: "update-replace" }, "replace") })),
      ...[NAMESPACE, job("9da4984ba5", "tuning"), job("9da4984ba5", "preflight"), DEPLOYMENT, ENDPOINT].map((step) => ({ ...step, op: "replace", forcing: ["provider"] })),
    ),
  },
  "adapter-promoted": {
    steps: withSteps({ ...deployment(serving(2, "a")), op: "update", new: { ...DEPLOYMENT.new, spec: serving(2, "b") }, kinds: { "spec.template.spec.volumes[0].image.reference": "update" } }),
  },
  "service-deleted": { steps: withSteps(...[SERVICE, DEPLOYMENT, ENDPOINT].map(deleted)) },
  failed: {
    steps: [{ ...both({}), type: "pulumi:pulumi:Stack", urn: ROOT_URN }],
    messages: [
      {
        severity: "error",
        message: 'The stack\'s configuration cannot be deployed:\n- AKSFT-TUNE-02 recipe.method: got "loar"; is none of the methods lora, qlora, dora, full; fix: did you mean "lora"?\n- AKSFT-POOL-02 pools.tune.maxNodes: got 0; must be a whole number from 1 to 1000; fix: use 1',
      },
      { severity: "warning", message: "a warning beside it", urn: GROUP.urn },
    ],
  },
  "200-runs": { steps: [...ALL, ...MORE_RUNS] },
  "unpriced": {
    steps: withSteps(
      ...pool("hopper", { vmSize: "Standard_NC40ads_H100_v5", scaleSetPriority: "Spot", minCount: 1, maxCount: 3 }).map(created),
      ...pool("future", { vmSize: "Standard_ND999_X1000_v9", scaleSetPriority: "Regular", minCount: 0, maxCount: 2 }).map(created),
      ...pool("old", { vmSize: "Standard_NC6s_v3", scaleSetPriority: "Regular", minCount: 0, maxCount: 2, orchestratorVersion: "1.34" }).map(created),
      created(part(`${AZURE}resources:Resource`, "adapters-purge", REGISTRY_OWNER, { resourceProviderNamespace: "Microsoft.ContainerRegistry", resourceType: "registries/tasks", apiVersion: "2025-03-01-preview" })),
      created({ ...part(`${KUBERNETES}kaito.sh/v1beta1:Workspace`, "phi", TEAM, { tuning: { preset: { name: "phi-3-mini-128k-instruct" } } }) }),
      created(part(`${KUBERNETES}apps/v1:DaemonSet`, "exporter", TEAM, { spec: { template: { spec: { containers: [{ image: "nvcr.io/nvidia/k8s/dcgm-exporter:4.2.0" }] } } } })),
      { ...deleted(SHARE), retainOnDelete: true },
      { ...deleted(REGISTRY), protect: true },
    ),
  },
  kaito: KAITO,
};
