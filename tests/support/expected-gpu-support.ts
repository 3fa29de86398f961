import { GPU_TOLERATION, SPOT_TOLERATION } from "./expected-tuning-run";

const daemonSet = (part: string, volume: object, container: object, annotations?: object, tolerations: readonly object[] = []) => ({
  selector: { matchLabels: { "app.kubernetes.io/name": part } },
  updateStrategy: { type: "RollingUpdate" },
  template: {
    metadata: {
      labels: { "app.kubernetes.io/name": part, "app.kubernetes.io/managed-by": "aks-fine-tuning" },
      ...(annotations ? { annotations } : {}),
    },
    spec: {
      serviceAccountName: "gpu-support",
      automountServiceAccountToken: false,
      priorityClassName: "system-node-critical",
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: "aks-fine-tuning.dev/pool", operator: "Exists" },
                  { key: "aks-fine-tuning.dev/driver", operator: "NotIn", values: ["none"] },
                ],
              },
            ],
          },
        },
      },
      tolerations: [GPU_TOLERATION, SPOT_TOLERATION, ...tolerations],
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      volumes: [volume],
      containers: [container],
    },
  },
});

const UNPRIVILEGED = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const ADMINISTRATOR = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } };

/** `slices`: what the container has more for partitioned GPUs. */
export const expectedDevicePlugin = (image: string, slices: readonly object[] = [], tolerations: readonly object[] = []) =>
  daemonSet(
    "device-plugin",
    { name: "device-plugins", hostPath: { path: "/var/lib/kubelet/device-plugins", type: "DirectoryOrCreate" } },
    {
      name: "device-plugin",
      image,
      env: [{ name: "FAIL_ON_INIT_ERROR", value: "false" }, ...slices],
      resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
      securityContext: slices.length > 0 ? ADMINISTRATOR : UNPRIVILEGED,
      volumeMounts: [{ name: "device-plugins", mountPath: "/var/lib/kubelet/device-plugins" }],
    },
    undefined,
    tolerations,
  );

export const expectedMetricsExporter = (image: string, tolerations: readonly object[] = []) =>
  daemonSet(
    "metrics-exporter",
    { name: "pod-resources", hostPath: { path: "/var/lib/kubelet/pod-resources", type: "DirectoryOrCreate" } },
    {
      name: "metrics-exporter",
      image,
      env: [{ name: "DCGM_EXPORTER_KUBERNETES", value: "true" }],
      ports: [{ name: "metrics", containerPort: 9400 }],
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
      readinessProbe: { httpGet: { path: "/health", port: "metrics" }, periodSeconds: 10, initialDelaySeconds: 45 },
      livenessProbe: { httpGet: { path: "/health", port: "metrics" }, periodSeconds: 10, initialDelaySeconds: 60, failureThreshold: 6 },
      securityContext: ADMINISTRATOR,
      volumeMounts: [{ name: "pod-resources", mountPath: "/var/lib/kubelet/pod-resources", readOnly: true }],
    },
    { "prometheus.io/scrape": "true", "prometheus.io/port": "9400", "prometheus.io/path": "/metrics" },
    tolerations,
  );
