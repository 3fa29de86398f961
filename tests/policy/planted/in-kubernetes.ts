import { changed, type Declared } from "./declared";
import { ACCOUNT_OF_PODS, BINDING, BUDGET, CONFIG_MAP, EGRESS, GATEWAY, JOB, NAMESPACE, NODE_POOL, ROLE, SERVER, SERVICE, WORKSPACE } from "./kubernetes";
import { type Row, rowsOf } from "./row";

const POD = "spec.template.spec";
const MAIN = `${POD}.containers.0`;
const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";

const PODS = rowsOf(JOB, [
  ["pod-no-host-namespaces", { [`${POD}.hostNetwork`]: true }, ["hostNetwork is true"]],
  ["pod-not-privileged", { [`${MAIN}.securityContext.privileged`]: true }, ["containers[0].securityContext.privileged is true"]],
  ["pod-no-host-ports", { [`${MAIN}.ports`]: [{ containerPort: 80, hostPort: 80 }] }, ["containers[0].hostPort is 80"]],
  ["pod-volume-kinds", { [`${POD}.volumes.2`]: { name: "tmp", hostPath: { path: "/tmp" } } }, ['the volume "tmp" is a hostPath']],
  ["pod-no-privilege-escalation", { [`${MAIN}.securityContext.allowPrivilegeEscalation`]: undefined }, ["containers[0].securityContext.allowPrivilegeEscalation is not set"]],
  ["pod-runs-as-non-root", { [`${MAIN}.securityContext.runAsNonRoot`]: false }, ["containers[0].securityContext.runAsNonRoot is false"]],
  ["pod-user-not-root", { [`${MAIN}.securityContext.runAsUser`]: 0 }, ["containers[0].securityContext.runAsUser is 0"], { also: ["pod-high-user-id"] }],
  ["pod-seccomp", { [`${POD}.securityContext.seccompProfile`]: undefined }, ["containers[0].securityContext.seccompProfile.type is not set"]],
  ["pod-drops-capabilities", { [`${MAIN}.securityContext.capabilities`]: { drop: ["NET_RAW"] } }, ["containers[0].securityContext.capabilities.drop lacks ALL"]],
  [
    "pod-drops-capabilities",
    { [`${MAIN}.securityContext.capabilities.add`]: ["SYS_ADMIN", "NET_BIND_SERVICE"] },
    ['containers[0].securityContext.capabilities.add holds "SYS_ADMIN"'],
  ],
  ["pod-stays-confined", { [`${POD}.securityContext.sysctls`]: [{ name: "kernel.msgmax", value: "1" }] }, ["securityContext.sysctls holds kernel.msgmax"]],
  ["pod-stays-confined", { [`${MAIN}.securityContext.procMount`]: "Unmasked" }, ['containers[0].securityContext.procMount is "Unmasked"']],
  ["pod-probes-itself", { [`${MAIN}.livenessProbe`]: { tcpSocket: { host: "10.0.0.1", port: 80 } } }, ['containers[0].livenessProbe.tcpSocket.host is "10.0.0.1"']],
  ["pod-resources", { [`${MAIN}.resources.requests.cpu`]: undefined }, ["containers[0].resources.requests.cpu is not set"]],
  ["pod-gpu-limit", { [`${MAIN}.resources.limits`]: { memory: "24Gi", "nvidia.com/gpu": "2" } }, ['containers[0].resources asks for "1" of nvidia.com/gpu with a limit of "2"']],
  ["pod-read-only-root", { [`${MAIN}.securityContext.readOnlyRootFilesystem`]: false }, ["containers[0].securityContext.readOnlyRootFilesystem is false"]],
  ["pod-no-mounted-token", { [`${POD}.automountServiceAccountToken`]: undefined }, ["automountServiceAccountToken is not set"]],
  ["pod-own-service-account", { [`${POD}.serviceAccountName`]: "default" }, ['serviceAccountName is "default"']],
  ["pod-no-secret-in-environment", { [`${MAIN}.env.0`]: { name: "HF_TOKEN", valueFrom: { secretKeyRef: { name: "hub", key: "token" } } } }, ['containers[0].env holds "HF_TOKEN" of a secret']],
  ["pod-no-secret-in-environment", { [`${MAIN}.envFrom`]: [{ secretRef: { name: "hub" } }] }, ["containers[0].envFrom holds a whole secret"]],
  ["pod-high-user-id", { [`${POD}.securityContext.runAsUser`]: 1000 }, ["containers[0].securityContext.runAsUser is 1000"]],
  ["pod-own-namespace", { "metadata.namespace": undefined }, ['metadata.namespace is "default"']],
  ["image-no-moving-tag", { [`${MAIN}.image`]: "mlreg.azurecr.io:443/trainer" }, ['containers[0].image "mlreg.azurecr.io:443/trainer" has a tag that moves'], { also: ["image-by-digest"] }],
  ["image-no-moving-tag", { [`${MAIN}.image`]: "mlreg.azurecr.io/trainer:latest" }, ['containers[0].image "mlreg.azurecr.io/trainer:latest" has a tag that moves'], { also: ["image-by-digest"] }],
  ["image-by-digest", { [`${MAIN}.image`]: "mlreg.azurecr.io/trainer:1.2" }, ['containers[0].image "mlreg.azurecr.io/trainer:1.2" has no digest']],
  ["image-by-digest", { [`${POD}.volumes.1.image.reference`]: "mlreg.azurecr.io/weights:1" }, ['volumes[1].image "mlreg.azurecr.io/weights:1" has no digest']],
  [
    "image-allowed-registry",
    { [`${MAIN}.image`]: `trainer@sha256:${"a".repeat(64)}` },
    [`containers[0].image "trainer@sha256:${"a".repeat(64)}" is of another registry`],
    { parameters: { allowedRegistries: ["mlreg.azurecr.io"] } },
  ],
  ["gpu-job-no-time-to-live", { "spec.ttlSecondsAfterFinished": 600 }, ["spec.ttlSecondsAfterFinished is 600"]],
  ["gpu-job-deadline", { "spec.activeDeadlineSeconds": undefined }, ["spec.activeDeadlineSeconds is not set"]],
  ["gpu-job-forgives-evictions", { "spec.podFailurePolicy": undefined }, ["spec.podFailurePolicy does not ignore DisruptionTarget"]],
  ["gpu-job-durable-checkpoints", { [`${POD}.volumes.0`]: { name: "checkpoints", emptyDir: {} } }, ["every volume ends with the pod"]],
  ["gpu-pod-placement", { [`${POD}.nodeSelector`]: undefined }, ["neither nodeSelector nor a required node affinity"]],
  ["pod-no-plain-secret", { [`${MAIN}.env.0`]: { name: "TOKEN", value: `hf_${"a".repeat(34)}` } }, ["containers[0].env.TOKEN holds a token of Hugging Face"]],
  ["pod-no-plain-secret", { [`${MAIN}.args`]: ["--key", `AKIA${"A".repeat(16)}`] }, ["containers[0].args[1] holds a key of AWS"]],
  ["no-secret-in-labels", { "metadata.annotations": { token: `ghp_${"a".repeat(36)}` } }, ["metadata.annotations.token holds a token of GitHub"]],
]);

const SERVERS = [
  ...rowsOf(SERVER, [
    ["server-probes", { [`${MAIN}.livenessProbe`]: undefined }, ["containers[0].livenessProbe is not set"]],
    ["gpu-server-startup-probe", { [`${MAIN}.startupProbe`]: undefined }, ["containers[0].startupProbe is not set"]],
  ]),
  ...rowsOf(GATEWAY, [["server-spread", { [`${POD}.topologySpreadConstraints`]: undefined }, ["2 replicas may share a node"]]]),
  ...rowsOf(BUDGET, [
    ["budget-lets-drain", { "spec.maxUnavailable": 0 }, ["spec.maxUnavailable is 0"]],
    ["budget-lets-drain", { "spec.maxUnavailable": undefined, "spec.minAvailable": "100%" }, ['spec.minAvailable is "100%"']],
  ]),
  ...rowsOf(SERVICE, [
    ["service-not-public", { "spec.type": "LoadBalancer" }, ['spec.type is "LoadBalancer", on the Internet']],
    ["service-not-public", { "spec.type": "NodePort" }, ['spec.type is "NodePort"']],
  ]),
  ...rowsOf(WORKSPACE, [
    ["kaito-tunable-preset", { "tuning.preset.name": "llama-3.1-8b-instruct" }, ['tuning.preset.name is "llama-3.1-8b-instruct"']],
    ["kaito-not-public", { "metadata.annotations": { "kaito.sh/enablelb": "True" } }, ['the annotation kaito.sh/enablelb is "True"']],
  ]),
  ...rowsOf(NODE_POOL, [
    ["gpu-node-pool-limits", { "spec.limits": undefined }, ["spec.limits is not set"]],
    ["gpu-node-pool-limits", { "spec.disruption.consolidateAfter": "Never" }, ['spec.disruption.consolidateAfter is "Never"']],
  ]),
];

const GUARDS = [
  ...rowsOf(NAMESPACE, [
    ["namespace-pod-security", { "metadata.labels": { "pod-security.kubernetes.io/enforce": "baseline" } }, ['pod-security.kubernetes.io/enforce is "baseline"']],
    ["namespace-pod-security", { "metadata.labels": { "pod-security.kubernetes.io/enforce": "restricted" } }, ["pod-security.kubernetes.io/enforce-version is not set"]],
  ]),
  ...rowsOf(ACCOUNT_OF_PODS, [["service-account-no-token", { automountServiceAccountToken: undefined }, ["automountServiceAccountToken is not set"]]]),
  ...rowsOf(EGRESS, [
    ["egress-spares-metadata", { "spec.egress.0.to.0.ipBlock.except": ["169.254.0.0/16"] }, ["spec.egress[0] reaches 168.63.129.16"]],
    ["egress-spares-metadata", { "spec.egress.1": {} }, ["spec.egress[1] reaches every address"]],
  ]),
  ...rowsOf(ROLE, [
    ["role-no-wildcards", { "rules.0.verbs": ["*"] }, ['rules[0].verbs holds "*"']],
    ["role-no-secrets", { "rules.1.resourceNames": undefined }, ["rules[1] reads every secret"]],
    ["role-no-escalation", { "rules.0.verbs": ["escalate"] }, ['rules[0].verbs holds "escalate"']],
  ]),
  ...rowsOf(BINDING, [["role-no-cluster-admin", { "roleRef.name": "cluster-admin" }, ['roleRef.name is "cluster-admin" of a service account']]]),
  ...rowsOf(CONFIG_MAP, [["config-map-no-secret", { "data.key": "-----BEGIN RSA PRIVATE KEY-----" }, ["data.key holds a private key"]]]),
];

/** Good resources beside those of the rows: other ways to keep a rule, and what rules leave alone. */
export const GOOD_IN_KUBERNETES: readonly Declared[] = [
  changed(SERVICE, { "spec.type": "LoadBalancer", "metadata.annotations": { [INTERNAL]: "true" } }),
  changed(JOB, { [`${POD}.nodeSelector`]: undefined, [`${POD}.affinity`]: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } } } }),
  changed(JOB, { [`${POD}.tolerations`]: [], "spec.podFailurePolicy": undefined, [`${POD}.volumes`]: [] }),
  changed(JOB, { [`${POD}.volumes.0`]: { name: "checkpoints", csi: { driver: "blob.csi.azure.com" } } }),
  // A daemon of the node, where such daemons are.
  { ...changed(SERVER, { "metadata.namespace": "gpu-support", [`${POD}.volumes`]: [{ name: "kubelet", hostPath: { path: "/var/lib/kubelet" } }] }), type: "kubernetes:apps/v1:DaemonSet" },
  changed(NAMESPACE, { "metadata.name": "gpu-support", "metadata.labels": {} }),
  changed(EGRESS, { "spec.egress.0": { ports: [{ protocol: "UDP", port: 53 }] } }),
  changed(WORKSPACE, { tuning: undefined, inference: { preset: { name: "llama-3.1-8b-instruct" } } }),
  changed(NODE_POOL, { "spec.limits": undefined, "spec.template.spec.requirements": [{ key: "karpenter.azure.com/sku-family", operator: "In", values: ["D"] }] }),
];

export const IN_KUBERNETES: readonly Row[] = [...PODS, ...SERVERS, ...GUARDS];
