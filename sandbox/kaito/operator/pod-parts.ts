import { ON_SIMULATED_NODES, PLAYED_BY } from "../marks";
import type { Labels } from "./objects";

/** https://github.com/kaito-project/kaito/blob/v0.12.0/presets/workspace/models/base_images.yaml */
export const BASE_IMAGE = "mcr.microsoft.com/aks/kaito/kaito-base:0.5.0";
export const PORT = 5000;

export const REVISION = "workspace.kaito.io/revision";
export const HASH = "workspace.kaito.io/hash";

const TOLERATIONS = [
  { key: "gpu", operator: "Equal", effect: "NoSchedule" },
  { key: "sku", value: "gpu", effect: "NoSchedule" },
  { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
];
/** Serving tolerates what tuning does not: https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/inference/preset_inferences.go */
const SERVING_TOLERATIONS = [...TOLERATIONS, { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }];

/** Where a pod may run, the sandbox's own rule with it: never where a kubelet would pull its image. */
export function placement(labels: Labels, serves: boolean) {
  const matchExpressions = Object.entries(labels).map(([key, value]) => ({ key, operator: "In", values: [value] }));
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } } };
  return {
    nodeSelector: { ...ON_SIMULATED_NODES.nodeSelector },
    tolerations: [...(serves ? SERVING_TOLERATIONS : TOLERATIONS), ON_SIMULATED_NODES.toleration],
    ...(matchExpressions.length > 0 ? { affinity } : {}),
  };
}

/** What makes the operator stand-in play a pod's kubelet. */
export const PLAYED = { [PLAYED_BY]: "kaito" };

export function allGpus(gpus: number) {
  const amount = { "nvidia.com/gpu": String(gpus) };
  return { requests: amount, limits: amount };
}

/** A secret with registry credentials where skopeo and oras look for it. */
export function credentialsVolume(name: string, secrets: readonly string[]) {
  const sources = secrets.map((secret) => ({ secret: { name: secret, items: [{ key: ".dockerconfigjson", path: "config.json" }] } }));
  return { name, projected: { sources } };
}
