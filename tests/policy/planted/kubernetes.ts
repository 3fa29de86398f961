import type { JsonObject } from "../../../sandbox/providers/values";
import type { Declared } from "./declared";

const digest = (digit: string): string => `@sha256:${digit.repeat(64)}`;
const SPOT = "kubernetes.azure.com/scalesetpriority";
const object = (type: string, name: string, rest: JsonObject): Declared => ({
  type: `kubernetes:${type}`,
  name,
  props: { metadata: { name, namespace: "support" }, ...rest },
});

const CONTAINER = {
  name: "main",
  image: `mlreg.azurecr.io/trainer${digest("a")}`,
  resources: { requests: { cpu: "1", memory: "2Gi", "nvidia.com/gpu": "1" }, limits: { memory: "24Gi", "nvidia.com/gpu": "1" } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
  env: [{ name: "HOME", value: "/tmp" }],
};
const POD = {
  ...{ automountServiceAccountToken: false, serviceAccountName: "tuning", nodeSelector: { "aks-fine-tuning.dev/pool": "tune" } },
  securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: "RuntimeDefault" } },
};

/** A run on spot nodes. */
export const JOB: Declared = object("batch/v1:Job", "run", {
  spec: {
    activeDeadlineSeconds: 604_800,
    backoffLimit: 3,
    podFailurePolicy: { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }] },
    template: {
      spec: {
        ...POD,
        restartPolicy: "Never",
        tolerations: [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }, { key: SPOT, operator: "Equal", value: "spot", effect: "NoSchedule" }],
        containers: [CONTAINER],
        volumes: [
          { name: "checkpoints", persistentVolumeClaim: { claimName: "checkpoints" } },
          { name: "weights", image: { reference: `mlreg.azurecr.io/weights${digest("b")}`, pullPolicy: "IfNotPresent" } },
          { name: "tmp", emptyDir: {} },
        ],
      },
    },
  },
});

const PROBE = { httpGet: { path: "/health", port: 8000 }, periodSeconds: 5 };
/** Two model servers. */
export const SERVER: Declared = object("apps/v1:Deployment", "answers", {
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "answers" } },
    template: {
      metadata: { labels: { app: "answers" } },
      spec: { ...POD, containers: [{ ...CONTAINER, readinessProbe: PROBE, livenessProbe: PROBE, startupProbe: { ...PROBE, failureThreshold: 232 } }] },
    },
  },
});

/** Two servers without a GPU. */
export const GATEWAY: Declared = object("apps/v1:Deployment", "gateway", {
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "answers", role: "gateway" } },
    template: {
      metadata: { labels: { app: "answers", role: "gateway" } },
      spec: {
        ...POD,
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels: { role: "gateway" } } },
        ],
        containers: [{ ...CONTAINER, resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } }, readinessProbe: PROBE, livenessProbe: PROBE }],
      },
    },
  },
});

export const BUDGET: Declared = object("policy/v1:PodDisruptionBudget", "answers", { spec: { maxUnavailable: 1, selector: { matchLabels: { app: "answers" } } } });
export const SERVICE: Declared = object("core/v1:Service", "answers", { spec: { type: "ClusterIP", selector: { app: "answers" }, ports: [{ port: 80 }] } });

export const NAMESPACE: Declared = {
  type: "kubernetes:core/v1:Namespace",
  name: "support",
  props: { metadata: { name: "support", labels: { "pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/enforce-version": "v1.36" } } },
};
export const DENY: Declared = object("networking.k8s.io/v1:NetworkPolicy", "default-deny", { spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } });
export const QUOTA: Declared = object("core/v1:ResourceQuota", "team", { spec: { hard: { pods: "100", "requests.nvidia.com/gpu": "6" } } });
export const LIMITS: Declared = object("core/v1:LimitRange", "team", { spec: { limits: [{ type: "Container", default: { memory: "1Gi" } }] } });
export const ACCOUNT_OF_PODS: Declared = object("core/v1:ServiceAccount", "tuning", { automountServiceAccountToken: false });
export const EGRESS: Declared = object("networking.k8s.io/v1:NetworkPolicy", "egress", {
  spec: {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16", "168.63.129.16/32"] } }] },
      { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ protocol: "TCP", port: 443 }] },
    ],
  },
});

export const ROLE: Declared = object("rbac.authorization.k8s.io/v1:Role", "run", {
  rules: [
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["get", "patch"] },
    { apiGroups: [""], resources: ["secrets"], resourceNames: ["push"], verbs: ["get"] },
  ],
});
export const BINDING: Declared = object("rbac.authorization.k8s.io/v1:RoleBinding", "run", {
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
  subjects: [{ kind: "ServiceAccount", name: "tuning", namespace: "support" }],
});
export const CONFIG_MAP: Declared = object("core/v1:ConfigMap", "configuration", { data: { "config.json": '{"token":"from the vault","sha256":"0123456789abcdef0123456789abcdef"}' } });

export const WORKSPACE: Declared = object("kaito.sh/v1beta1:Workspace", "kaito", {
  apiVersion: "kaito.sh/v1beta1",
  kind: "Workspace",
  resource: { instanceType: "Standard_NC24ads_A100_v4", labelSelector: { matchLabels: { "aks-fine-tuning.dev/pool": "serve" } } },
  tuning: { preset: { name: "phi-4-mini-instruct" }, method: "qlora", input: { urls: ["https://example.com/rows.jsonl"] } },
});

export const NODE_POOL: Declared = {
  type: "kubernetes:karpenter.sh/v1:NodePool",
  name: "auto",
  props: {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: "auto" },
    spec: {
      limits: { "nvidia.com/gpu": "2" },
      disruption: { consolidationPolicy: "WhenEmpty", consolidateAfter: "15m" },
      template: {
        spec: {
          nodeClassRef: { group: "karpenter.azure.com", kind: "AKSNodeClass", name: "auto" },
          requirements: [{ key: "karpenter.azure.com/sku-name", operator: "In", values: ["Standard_NC24ads_A100_v4"] }],
        },
      },
    },
  },
};
