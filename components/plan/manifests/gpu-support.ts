import type { Input } from "@pulumi/pulumi";
import { POOL_LABEL } from "../gpu-pool";

export const GPU_SUPPORT_NAMESPACE = "gpu-support";

/** These pods talk to the driver through the node's folders, which the restricted standard forbids: they get a namespace of their own. */
export const PRIVILEGED_LABELS = {
  "pod-security.kubernetes.io/enforce": "privileged",
  "pod-security.kubernetes.io/audit": "privileged",
  "pod-security.kubernetes.io/warn": "privileged",
};

/** Makes the kubelet offer `nvidia.com/gpu`. AKS installs the driver but not this: without it a GPU pod pends for ever. */
export function devicePluginSpec(image: Input<string>) {
  return daemonSet("device-plugin", {
    name: "device-plugin",
    image,
    env: [{ name: "FAIL_ON_INIT_ERROR", value: "false" }],
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    volumeMounts: [{ name: "device-plugins", mountPath: "/var/lib/kubelet/device-plugins" }],
  });
}

/** Publishes GPU use, temperature and errors for Prometheus. */
export function metricsExporterSpec(image: Input<string>) {
  return daemonSet("metrics-exporter", {
    name: "metrics-exporter",
    image,
    env: [{ name: "DCGM_EXPORTER_KUBERNETES", value: "true" }],
    ports: [{ name: "metrics", containerPort: 9400 }],
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } },
    volumeMounts: [{ name: "pod-resources", mountPath: "/var/lib/kubelet/pod-resources", readOnly: true }],
  });
}

const VOLUMES = {
  "device-plugin": { name: "device-plugins", hostPath: { path: "/var/lib/kubelet/device-plugins", type: "DirectoryOrCreate" } },
  "metrics-exporter": { name: "pod-resources", hostPath: { path: "/var/lib/kubelet/pod-resources", type: "DirectoryOrCreate" } },
};

function daemonSet<Container>(part: keyof typeof VOLUMES, container: Container) {
  const labels = { "app.kubernetes.io/name": part, "app.kubernetes.io/managed-by": "aks-fine-tuning" };
  return {
    selector: { matchLabels: { "app.kubernetes.io/name": part } },
    updateStrategy: { type: "RollingUpdate" },
    template: {
      metadata: { labels },
      spec: {
        automountServiceAccountToken: false,
        priorityClassName: "system-node-critical",
        // Every pool of ours and no other node.
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: POOL_LABEL, operator: "Exists" }] }],
            },
          },
        },
        // The spot taint too: a plugin without it leaves spot nodes without GPUs (Azure/AKS#4418).
        tolerations: [
          { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
          { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
        ],
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        volumes: [VOLUMES[part]],
        containers: [container],
      },
    },
  };
}
