import type { Input } from "@pulumi/pulumi";
import { DRIVER_LABEL, POOL_LABEL } from "../gpu-pool";
import type { Toleration } from "../gpu-pool/decisions";
import type { GpuSupportPlan } from "../gpu-support";
import { KAITO_NODE_LABELS } from "../kaito/operator/device-plugin";

export const GPU_SUPPORT_NAMESPACE = "gpu-support";
export const GPU_SUPPORT_ACCOUNT = "gpu-support";

/** These pods talk to the driver through the node's folders, which the restricted standard forbids: they get a namespace of their own. */
export const PRIVILEGED_LABELS = {
  "pod-security.kubernetes.io/enforce": "privileged",
  "pod-security.kubernetes.io/audit": "privileged",
  "pod-security.kubernetes.io/warn": "privileged",
};

const METRICS_PORT = 9400;
const NO_PRIVILEGES = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const DRIVER_ACCESS = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } };

/** Makes the kubelet offer `nvidia.com/gpu`. AKS installs the driver but not this: without it a GPU pod pends for ever. */
export function devicePluginSpec(image: Input<string>, { migStrategy, ...where }: Pick<GpuSupportPlan, "migStrategy" | keyof Whereabouts>) {
  const partitioned = migStrategy !== "none";
  // Slices are listed through a device of the driver that only an administrator opens, as in the plugin's chart:
  // https://github.com/NVIDIA/k8s-device-plugin/blob/main/deployments/helm/nvidia-device-plugin/templates/_helpers.tpl
  const slices = [
    { name: "MIG_STRATEGY", value: migStrategy },
    { name: "NVIDIA_MIG_MONITOR_DEVICES", value: "all" },
  ];
  return daemonSet("device-plugin", where, {
    name: "device-plugin",
    image,
    env: [{ name: "FAIL_ON_INIT_ERROR", value: "false" }, ...(partitioned ? slices : [])],
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
    securityContext: partitioned ? DRIVER_ACCESS : NO_PRIVILEGES,
    volumeMounts: [{ name: "device-plugins", mountPath: "/var/lib/kubelet/device-plugins" }],
  });
}

/** Publishes GPU use, temperature and errors for Prometheus. */
export function metricsExporterSpec(image: Input<string>, where: Whereabouts) {
  const health = { httpGet: { path: "/health", port: "metrics" }, periodSeconds: 10 };
  return daemonSet("metrics-exporter", where, {
    name: "metrics-exporter",
    image,
    env: [{ name: "DCGM_EXPORTER_KUBERNETES", value: "true" }],
    ports: [{ name: "metrics", containerPort: METRICS_PORT }],
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    // DCGM takes most of a minute to find the GPUs. The plugin needs no probe: it registers anew when the kubelet forgets it.
    readinessProbe: { ...health, initialDelaySeconds: 45 },
    livenessProbe: { ...health, initialDelaySeconds: 60, failureThreshold: 6 },
    securityContext: DRIVER_ACCESS,
    volumeMounts: [{ name: "pod-resources", mountPath: "/var/lib/kubelet/pod-resources", readOnly: true }],
  });
}

/** Nothing in, nothing out: plugin and exporter talk to the kubelet through sockets of the node. */
export const NOTHING_IN_OR_OUT = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/** Prometheus scrapes from where AKS runs it: https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-configuration */
export const METRICS_SCRAPING = {
  podSelector: { matchLabels: { "app.kubernetes.io/name": "metrics-exporter" } },
  policyTypes: ["Ingress"],
  ingress: [
    {
      from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
      ports: [{ protocol: "TCP", port: METRICS_PORT }],
    },
  ],
};

const PARTS = {
  "device-plugin": {
    volume: { name: "device-plugins", hostPath: { path: "/var/lib/kubelet/device-plugins", type: "DirectoryOrCreate" } },
    annotations: undefined,
  },
  "metrics-exporter": {
    volume: { name: "pod-resources", hostPath: { path: "/var/lib/kubelet/pod-resources", type: "DirectoryOrCreate" } },
    annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": String(METRICS_PORT), "prometheus.io/path": "/metrics" },
  },
};

/** The taints of every pool of ours; the spot taint too: a plugin without it leaves spot nodes without GPUs (Azure/AKS#4418). */
const OWN_TOLERATIONS: readonly Toleration[] = [
  { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
  { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
];

/** Which nodes, beside those of every pool of ours. */
type Whereabouts = Pick<GpuSupportPlan, "kaitoNodes" | "tolerations">;

/** Every pool of ours and no other node but KAITO's; where the GPU Operator owns the driver, it brings both parts itself. */
function nodeSelectorTerms(kaitoNodes: boolean) {
  const labels = [POOL_LABEL, ...(kaitoNodes ? KAITO_NODE_LABELS : [])];
  return labels.map((label) => ({
    matchExpressions: [
      { key: label, operator: "Exists" },
      { key: DRIVER_LABEL, operator: "NotIn", values: ["none"] },
    ],
  }));
}

function daemonSet<Container>(part: keyof typeof PARTS, { kaitoNodes, tolerations }: Whereabouts, container: Container) {
  const labels = { "app.kubernetes.io/name": part, "app.kubernetes.io/managed-by": "aks-fine-tuning" };
  const own = new Set(OWN_TOLERATIONS.map(({ key }) => key));
  return {
    selector: { matchLabels: { "app.kubernetes.io/name": part } },
    updateStrategy: { type: "RollingUpdate" },
    template: {
      metadata: { labels, annotations: PARTS[part].annotations },
      spec: {
        serviceAccountName: GPU_SUPPORT_ACCOUNT,
        automountServiceAccountToken: false,
        priorityClassName: "system-node-critical",
        // One pod a node, however many of the terms it meets.
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: nodeSelectorTerms(kaitoNodes) } } },
        tolerations: [...OWN_TOLERATIONS, ...tolerations.filter(({ key }) => !own.has(key))].map((toleration) => ({ ...toleration })),
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        volumes: [PARTS[part].volume],
        containers: [container],
      },
    },
  };
}
