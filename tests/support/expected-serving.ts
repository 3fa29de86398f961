import {
  GPU_TOLERATION,
  RESTRICTED_CONTAINER,
  RESTRICTED_POD,
  SCRATCH_ENVIRONMENT,
  SCRATCH_MOUNTS,
  SCRATCH_VOLUMES,
  SPOT_TOLERATION,
  WEIGHTS,
} from "./expected-tuning-run";
import { byDigest } from "./tiny-recipe";

export const SERVER = byDigest("mlreg.azurecr.io/vllm-openai", "e");
export const SERVING_SELECTOR = { "app.kubernetes.io/name": "tickets", "app.kubernetes.io/component": "serving" };
export const BASE_ARGUMENTS = [
  "/weights/data", "--served-model-name", "tiny", "--port", "8000", "--max-model-len", "1024", "--dtype", "float16",
];

const probe = (periodSeconds: number, failureThreshold: number) => ({
  httpGet: { path: "/health", port: 8000 },
  timeoutSeconds: 5,
  periodSeconds,
  failureThreshold,
});

/** The Deployment's specification by what an adapter changes in it: replicas, the server's arguments, and the adapters' images by name. */
export function expectedDeployment(replicas: number, args: readonly string[], adapters: Readonly<Record<string, string>> = {}) {
  const names = Object.keys(adapters);
  return {
    replicas,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: 2101,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    selector: { matchLabels: SERVING_SELECTOR },
    template: {
      metadata: { labels: { ...SERVING_SELECTOR, "app.kubernetes.io/managed-by": "aks-fine-tuning" } },
      spec: {
        serviceAccountName: "serving",
        automountServiceAccountToken: false,
        securityContext: RESTRICTED_POD,
        nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" },
        tolerations: [GPU_TOLERATION, SPOT_TOLERATION],
        terminationGracePeriodSeconds: 60,
        volumes: [
          { name: "weights", image: { reference: WEIGHTS, pullPolicy: "IfNotPresent" } },
          ...names.map((name) => ({ name: `adapter-${name}`, image: { reference: adapters[name], pullPolicy: "IfNotPresent" } })),
          ...SCRATCH_VOLUMES,
        ],
        containers: [
          {
            name: "server",
            image: SERVER,
            imagePullPolicy: "IfNotPresent",
            args,
            env: [...SCRATCH_ENVIRONMENT, { name: "VLLM_NO_USAGE_STATS", value: "1" }],
            ports: [{ name: "http", containerPort: 8000, protocol: "TCP" }],
            resources: {
              requests: { cpu: "500m", memory: "2Gi", "nvidia.com/gpu": "1" },
              limits: { memory: "24Gi", "nvidia.com/gpu": "1" },
            },
            securityContext: RESTRICTED_CONTAINER,
            // 901 seconds to load, in probes of five.
            startupProbe: probe(5, 181),
            readinessProbe: probe(5, 3),
            livenessProbe: probe(20, 3),
            lifecycle: { preStop: { sleep: { seconds: 5 } } },
            volumeMounts: [
              { name: "weights", mountPath: "/weights", readOnly: true },
              ...names.map((name) => ({ name: `adapter-${name}`, mountPath: `/adapters/${name}`, readOnly: true })),
              ...SCRATCH_MOUNTS,
            ],
          },
        ],
      },
    },
  };
}

/** The policy of a server that pods of some namespaces may call, or of all. */
export function expectedIngress(...namespaces: readonly string[]) {
  const some = { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: namespaces }] };
  return {
    podSelector: { matchLabels: SERVING_SELECTOR },
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ namespaceSelector: namespaces.length > 0 ? some : {} }], ports: [{ protocol: "TCP", port: 8000 }] }],
  };
}

/** What lets the team's own pods out to it. */
export const SERVING_EGRESS = {
  podSelector: { matchExpressions: [{ key: "app.kubernetes.io/component", operator: "NotIn", values: ["preflight", "tuning", "serving"] }] },
  policyTypes: ["Egress"],
  egress: [{ to: [{ podSelector: { matchLabels: SERVING_SELECTOR } }], ports: [{ protocol: "TCP", port: 8000 }] }],
};
