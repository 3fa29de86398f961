import { kindOf, type PathStep } from "./objects";
import type { Properties } from "../values";

/** Path of a property whose change replaces the object; `*` stands for every element of a list. */
export type ForceNewPath = readonly PathStep[];

export interface Mutability {
  readonly configMaps: boolean;
  readonly secrets: boolean;
}

// The table of pulumi-kubernetes, provider/pkg/provider/diff.go (4.x). Only these fields replace an object; any other
// field that the API server holds immutable fails at the API server instead.

const SELECTOR = [
  "spec.selector",
  "spec.selector.matchExpressions",
  "spec.selector.matchExpressions.key",
  "spec.selector.matchExpressions.operator",
  "spec.selector.matchExpressions.values",
  "spec.selector.matchLabels",
] as const;

const JOB = ["spec.completions", "spec.parallelism", "spec.template", ...SELECTOR];

const STATEFUL_SET = [
  "spec.podManagementPolicy",
  "spec.revisionHistoryLimit",
  "spec.serviceName",
  "spec.volumeClaimTemplates",
  ...SELECTOR,
];

const VOLUME_SOURCES = [
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "cinder",
  "csi",
  "fc",
  "flexVolume",
  "flocker",
  "gcePersistentDisk",
  "glusterfs",
  "hostPath",
  "iscsi",
  "local",
  "nfs",
  "photonPersistentDisk",
  "portworxVolume",
  "quobyte",
  "rbd",
  "scaleIO",
  "storageos",
  "vsphereVolume",
];

const POD_FIELDS = [
  "affinity",
  "automountServiceAccountToken",
  "dnsConfig",
  "dnsPolicy",
  "enableServiceLinks",
  "hostAliases",
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "hostname",
  "imagePullSecrets",
  "nodeName",
  "nodeSelector",
  "overhead",
  "preemptionPolicy",
  "priority",
  "priorityClassName",
  "readinessGates",
  "restartPolicy",
  "runtimeClassName",
  "schedulerName",
  "securityContext",
  "serviceAccount",
  "serviceAccountName",
  "shareProcessNamespace",
  "subdomain",
  "terminationGracePeriodSeconds",
  "volumes",
];

const CONTAINER_FIELDS = [
  "args",
  "command",
  "env",
  "env.value",
  "image",
  "imagePullPolicy",
  "lifecycle",
  "livenessProbe",
  "ports",
  "readinessProbe",
  "resources",
  "securityContext",
  "stdin",
  "stdinOnce",
  "terminationMessagePath",
  "terminationMessagePolicy",
  "tty",
  "volumeDevices",
  "volumeMounts",
  "workingDir",
];

const FORCE_NEW: Readonly<Record<string, readonly string[]>> = {
  "apps/v1/DaemonSet": SELECTOR,
  "apps/v1/Deployment": SELECTOR,
  "apps/v1/StatefulSet": STATEFUL_SET,
  "batch/v1/Job": JOB,
  "policy/v1beta1/PodDisruptionBudget": ["spec"],
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1/RoleBinding": ["roleRef"],
  "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
  "/v1/PersistentVolume": VOLUME_SOURCES.map((source) => `spec.${source}`),
  "/v1/PersistentVolumeClaim": ["spec.accessModes", "spec.storageClassName", "spec.volumeName", ...SELECTOR],
  "/v1/Pod": [
    ...POD_FIELDS.map((name) => `spec.${name}`),
    ...CONTAINER_FIELDS.flatMap((name) => [`spec.containers.*.${name}`, `spec.initContainers.*.${name}`]),
  ],
  "/v1/ResourceQuota": ["spec.scopes"],
  "/v1/Secret": ["type"],
  "/v1/Service": ["spec.clusterIP"],
};

/** diff.go, forceNewProperties: identity always; ConfigMaps and Secrets unless the provider calls them mutable. */
export function forceNewPaths(object: Properties, mutable: Mutability): readonly ForceNewPath[] {
  const kind = kindOf(object);
  const key = kind ? `${kind.group}/${kind.version}/${kind.kind}` : "";
  const paths = ["metadata.name", "metadata.namespace"];
  const immutable = object["immutable"] === true;
  if (key === "/v1/Secret" && (!mutable.secrets || immutable)) paths.push("type", "stringData", "data");
  else if (key === "/v1/ConfigMap" && (!mutable.configMaps || immutable)) paths.push("binaryData", "data");
  else paths.push(...(FORCE_NEW[key] ?? []));
  return paths.map((path) => path.split("."));
}
