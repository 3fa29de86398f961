import type { Registration } from "./mock-engine";
import { byDigest, DATASET_KEY } from "./tiny-recipe";

/** Run id of the tiny recipe on the tests' data: a contract, see tests/plan/run-identity.test.ts. */
export const RUN_ID = "0dd1685103";
export const RUN_LABELS = {
  "app.kubernetes.io/name": "tickets",
  "app.kubernetes.io/managed-by": "aks-fine-tuning",
  "aks-fine-tuning.dev/run": RUN_ID,
};
export const TRAINER = byDigest("mlreg.azurecr.io/trainer", "a");
export const DATASET = byDigest("mlreg.azurecr.io/datasets/tickets", "b");
export const WEIGHTS = byDigest("mlreg.azurecr.io/models/tiny", "c");

export const RESTRICTED_POD = {
  runAsNonRoot: true,
  runAsUser: 10001,
  runAsGroup: 10001,
  fsGroup: 10001,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
};
export const SCRATCH_ENVIRONMENT = [
  { name: "HOME", value: "/tmp/home" },
  { name: "TMPDIR", value: "/tmp" },
  { name: "HF_HOME", value: "/tmp/huggingface" },
  { name: "HF_HUB_OFFLINE", value: "1" },
];
export const SCRATCH_MOUNTS = [{ name: "tmp", mountPath: "/tmp" }, { name: "shm", mountPath: "/dev/shm" }];
export const SCRATCH_VOLUMES = [{ name: "tmp", emptyDir: {} }, { name: "shm", emptyDir: { medium: "Memory", sizeLimit: "2Gi" } }];
export const GPU_TOLERATION = { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" };
export const SPOT_TOLERATION = { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" };
/** The token of a pod that asks the API server for something. */
export const TOKEN_VOLUME = {
  name: "token",
  projected: {
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
    ],
  },
};
/** The record of the job "tickets", the same with every engine. */
export const RECORD: Registration = {
  type: "kubernetes:core/v1:ConfigMap",
  name: "tickets",
  parent: "TuningJob tickets",
  provider: "providers:kubernetes ai",
  ignoreChanges: ["data"],
  inputs: {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "tickets", namespace: "support", labels: { "app.kubernetes.io/name": "tickets", "app.kubernetes.io/managed-by": "aks-fine-tuning" } },
    data: { state: "declared" },
  },
};

const container = (name: string, requests: object, limits: object) => ({
  name,
  image: TRAINER,
  imagePullPolicy: "IfNotPresent",
  args: [name],
  env: SCRATCH_ENVIRONMENT,
  resources: { requests, limits },
  securityContext: RESTRICTED_CONTAINER,
  terminationMessagePolicy: "FallbackToLogsOnError",
  volumeMounts: [
    { name: "configuration", mountPath: "/etc/tuning", readOnly: true },
    { name: "dataset", mountPath: "/dataset", readOnly: true },
    { name: "weights", mountPath: "/weights", readOnly: true },
    { name: "checkpoints", mountPath: "/checkpoints" },
    { name: "token", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true },
    ...SCRATCH_MOUNTS,
  ],
});

const template = (component: string, rest: object) => ({
  metadata: {
    labels: { ...RUN_LABELS, "app.kubernetes.io/component": component, "azure.workload.identity/use": "true" },
    annotations: { "azure.workload.identity/skip-containers": "train" },
  },
  spec: {
    restartPolicy: "Never",
    serviceAccountName: "tuning",
    automountServiceAccountToken: false,
    securityContext: RESTRICTED_POD,
    volumes: [
      { name: "configuration", configMap: { name: `tickets-${RUN_ID}` } },
      { name: "dataset", image: { reference: DATASET, pullPolicy: "IfNotPresent" } },
      { name: "weights", image: { reference: WEIGHTS, pullPolicy: "IfNotPresent" } },
      { name: "checkpoints", persistentVolumeClaim: { claimName: "checkpoints" } },
      TOKEN_VOLUME,
      ...SCRATCH_VOLUMES,
    ],
    ...rest,
  },
});

const failurePolicy = (...containers: string[]) => ({
  rules: [
    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
    ...containers.map((containerName) => ({
      action: "FailJob",
      onExitCodes: { containerName, operator: "In", values: [10, 11, 12, 13, 14] },
    })),
  ],
});

const metadata = (name: string) => ({
  name,
  namespace: "support",
  labels: RUN_LABELS,
  annotations: { "pulumi.com/skipAwait": "true" },
});

export const PREFLIGHT_JOB = {
  metadata: metadata(`tickets-${RUN_ID}-preflight`),
  spec: {
    backoffLimit: 2,
    activeDeadlineSeconds: 3600,
    podFailurePolicy: failurePolicy("preflight"),
    template: template("preflight", {
      containers: [container("preflight", { cpu: "250m", memory: "1Gi" }, { cpu: "2", memory: "4Gi" })],
    }),
  },
};

export const TUNING_JOB = {
  metadata: metadata(`tickets-${RUN_ID}`),
  spec: {
    suspend: true,
    backoffLimit: 3,
    activeDeadlineSeconds: 604_800,
    podReplacementPolicy: "Failed",
    podFailurePolicy: failurePolicy("train", "push"),
    template: template("tuning", {
      nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" },
      tolerations: [
        GPU_TOLERATION,
        SPOT_TOLERATION,
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 },
        { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 },
      ],
      terminationGracePeriodSeconds: 30,
      initContainers: [
        container("train", { cpu: "1", memory: "2Gi", "nvidia.com/gpu": "1" }, { memory: "24Gi", "nvidia.com/gpu": "1" }),
      ],
      containers: [container("push", { cpu: "250m", memory: "512Mi" }, { cpu: "1", memory: "2Gi" })],
    }),
  },
};

export const TRAINER_CONFIGURATION = {
  schema: 1,
  runId: RUN_ID,
  record: { namespace: "support", name: "tickets" },
  tuningJob: `tickets-${RUN_ID}`,
  model: { name: "tiny", revision: "", path: "/weights/data" },
  dataset: { path: "/dataset/data/train.jsonl", contentKey: DATASET_KEY, rows: 120 },
  method: "lora",
  lora: { rank: 16, alpha: 32, dropout: 0.05, targets: "all-linear", rankStabilized: false },
  sequenceLength: 512,
  globalBatch: 16,
  microBatch: 16,
  epochs: 3,
  learningRate: 0.0002,
  seed: 42,
  loss: "assistant",
  packing: false,
  precision: "fp16",
  checkpointing: "none",
  optimizer: "adamw",
  checkpoints: { path: `/checkpoints/${RUN_ID}`, everySteps: 3 },
  maximumPaidHours: 24,
  usdPerHour: 0.062699,
  output: { registry: "mlreg.azurecr.io", repository: "support/tickets", tag: RUN_ID },
  lineage: { trainerImage: TRAINER, datasetImage: DATASET, size: "Standard_NC4as_T4_v3" },
};
