import type { Input } from "@pulumi/pulumi";
import type { NodePreference, Toleration } from "../gpu-pool";
import type { TuningRunPlan } from "../tuning-run";
import { preferring } from "./node-preference";
import { RESTRICTED_CONTAINER, RESTRICTED_POD, SCRATCH } from "./pod-security";

export const DATASET_PATH = "/dataset";
export const WEIGHTS_PATH = "/weights";
export const CHECKPOINTS_PATH = "/checkpoints";
export const TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What the pods mount and run, known when the images exist. */
export interface TuningPodInputs {
  readonly trainerImage: Input<string>;
  readonly datasetImage: Input<string>;
  readonly weightsImage: Input<string>;
  readonly serviceAccountName: Input<string>;
  readonly checkpointsClaim: Input<string>;
}

/** The checks that cost nothing but a CPU node's minute, and the decision to buy the GPU. */
export function preflightPod(plan: TuningRunPlan, inputs: TuningPodInputs) {
  return podTemplate(plan, inputs, "preflight", {
    containers: [trainerContainer("preflight", inputs, { cpu: "250m", memory: "1Gi" }, { cpu: "2", memory: "4Gi" })],
  });
}

/** Trains in an init container and pushes in the container after it, so that the push never holds a share of the training's memory. */
export function tuningPod(plan: TuningRunPlan, inputs: TuningPodInputs, placement: Placement) {
  const gpu = { [plan.gpuResource]: String(plan.shape.gpusPerNode) };
  const train = trainerContainer("train", inputs, { cpu: "1", memory: "2Gi", ...gpu }, { memory: "24Gi", ...gpu });
  return podTemplate(plan, inputs, "tuning", {
    nodeSelector: placement.nodeSelector,
    tolerations: [...placement.tolerations, ...SHORT_PATIENCE],
    ...preferring(placement.preference),
    terminationGracePeriodSeconds: 30,
    initContainers: [train],
    containers: [trainerContainer("push", inputs, { cpu: "250m", memory: "512Mi" }, { cpu: "1", memory: "2Gi" })],
  });
}

export interface Placement {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly preference?: readonly NodePreference[];
}

/** A lost node frees its run after a minute instead of five: the run resumes elsewhere and the GPU is paid by the hour. */
const SHORT_PATIENCE = ["not-ready", "unreachable"].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 60,
}));

function podTemplate<Rest extends object>(plan: TuningRunPlan, inputs: TuningPodInputs, part: string, rest: Rest) {
  return {
    metadata: {
      labels: { ...runLabels(plan), "app.kubernetes.io/component": part, "azure.workload.identity/use": "true" },
      // The training code never sees the identity that may push: https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
      annotations: { "azure.workload.identity/skip-containers": "train" },
    },
    spec: {
      restartPolicy: "Never",
      serviceAccountName: inputs.serviceAccountName,
      automountServiceAccountToken: false,
      securityContext: RESTRICTED_POD,
      volumes: [
        { name: "configuration", configMap: { name: plan.configurationName } },
        { name: "dataset", image: { reference: inputs.datasetImage, pullPolicy: "IfNotPresent" } },
        { name: "weights", image: { reference: inputs.weightsImage, pullPolicy: "IfNotPresent" } },
        { name: "checkpoints", persistentVolumeClaim: { claimName: inputs.checkpointsClaim } },
        { name: "token", projected: { sources: TOKEN_SOURCES } },
        ...SCRATCH.volumes,
      ],
      ...rest,
    },
  };
}

function trainerContainer(
  name: string,
  { trainerImage }: TuningPodInputs,
  requests: Record<string, string>,
  limits: Record<string, string>,
) {
  return {
    name,
    image: trainerImage,
    imagePullPolicy: "IfNotPresent",
    args: [name],
    env: SCRATCH.environment,
    resources: { requests, limits },
    securityContext: RESTRICTED_CONTAINER,
    // The last line of the trainer's log is its reason; kubectl describe then shows it.
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      { name: "configuration", mountPath: "/etc/tuning", readOnly: true },
      { name: "dataset", mountPath: DATASET_PATH, readOnly: true },
      { name: "weights", mountPath: WEIGHTS_PATH, readOnly: true },
      { name: "checkpoints", mountPath: CHECKPOINTS_PATH },
      { name: "token", mountPath: TOKEN_PATH, readOnly: true },
      ...SCRATCH.mounts,
    ],
  };
}

/** An hour's token for the run's record and Job alone, instead of the automatic one that never leaves the pod. */
export const TOKEN_SOURCES = [
  { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
  { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
];

/**
 * What all runs of one job write to, in turn. It starts with a state of its own: a field that is not there at all would be unknown in every
 * preview until the first run has written.
 */
export function recordManifest(plan: Pick<TuningRunPlan, "name" | "namespace">) {
  const labels = { "app.kubernetes.io/name": plan.name, "app.kubernetes.io/managed-by": "aks-fine-tuning" };
  return { metadata: { name: plan.name, namespace: plan.namespace, labels }, data: { state: "declared" } };
}

/** Labels of everything that belongs to one run. */
export function runLabels(plan: Pick<TuningRunPlan, "name" | "runId">): Record<string, string> {
  return {
    "app.kubernetes.io/name": plan.name,
    "app.kubernetes.io/managed-by": "aks-fine-tuning",
    "aks-fine-tuning.dev/run": plan.runId,
  };
}
