import { GPU_TOLERATION, SPOT_TOLERATION } from "./expected-tuning-run";

const daemonSet = (part: string, volume: object, container: object) => ({
  selector: { matchLabels: { "app.kubernetes.io/name": part } },
  updateStrategy: { type: "RollingUpdate" },
  template: {
    metadata: { labels: { "app.kubernetes.io/name": part, "app.kubernetes.io/managed-by": "aks-fine-tuning" } },
    spec: {
      automountServiceAccountToken: false,
      priorityClassName: "system-node-critical",
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "aks-fine-tuning.dev/pool", operator: "Exists" }] }],
          },
        },
      },
      tolerations: [GPU_TOLERATION, SPOT_TOLERATION],
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      volumes: [volume],
      containers: [container],
    },
  },
});

export const expectedDevicePlugin = (image: string) =>
  daemonSet(
    "device-plugin",
    { name: "device-plugins", hostPath: { path: "/var/lib/kubelet/device-plugins", type: "DirectoryOrCreate" } },
    {
      name: "device-plugin",
      image,
      env: [{ name: "FAIL_ON_INIT_ERROR", value: "false" }],
      resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      volumeMounts: [{ name: "device-plugins", mountPath: "/var/lib/kubelet/device-plugins" }],
    },
  );

export const expectedMetricsExporter = (image: string) =>
  daemonSet(
    "metrics-exporter",
    { name: "pod-resources", hostPath: { path: "/var/lib/kubelet/pod-resources", type: "DirectoryOrCreate" } },
    {
      name: "metrics-exporter",
      image,
      env: [{ name: "DCGM_EXPORTER_KUBERNETES", value: "true" }],
      ports: [{ name: "metrics", containerPort: 9400 }],
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } },
      volumeMounts: [{ name: "pod-resources", mountPath: "/var/lib/kubelet/pod-resources", readOnly: true }],
    },
  );
