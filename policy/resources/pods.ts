import type { Resource } from "./resource";
import { at, entries, hasUnknown, is, list, member, textOf, UNKNOWN, type Value } from "./value";

/** Where each kind keeps the pod that it makes. */
const POD_PATHS: Readonly<Record<string, string>> = {
  "kubernetes:core:Pod": "spec",
  "kubernetes:core:ReplicationController": "spec.template.spec",
  "kubernetes:apps:Deployment": "spec.template.spec",
  "kubernetes:apps:StatefulSet": "spec.template.spec",
  "kubernetes:apps:DaemonSet": "spec.template.spec",
  "kubernetes:apps:ReplicaSet": "spec.template.spec",
  "kubernetes:batch:Job": "spec.template.spec",
  "kubernetes:batch:CronJob": "spec.jobTemplate.spec.template.spec",
};

/** Kinds that make pods. */
export const POD_KINDS = Object.keys(POD_PATHS);
/** Kinds whose pods answer requests for as long as they live. */
export const SERVER_KINDS = ["kubernetes:apps:Deployment", "kubernetes:apps:StatefulSet"];

/** The specification of the pods that a resource makes. */
export function podOf({ kind, props }: Resource): Value {
  const path = POD_PATHS[kind];
  return path === undefined ? undefined : at(props, path);
}

/** One container of a pod, and where it stands in its specification. */
export interface Container {
  readonly where: string;
  readonly container: Value;
}

/** Every container of a pod: those that run before, those that run, those that are added to look at it. */
export function containersOf(pod: Value): readonly Container[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((kind) =>
    list(at(pod, kind)).map((container, index) => ({ where: `${kind}[${index}]`, container })),
  );
}

/** Namespace of an object; "default" is where one without lands. */
export function namespaceOf({ props }: Resource): string | typeof UNKNOWN {
  const namespace = at(props, "metadata.namespace") ?? "default";
  return textOf(namespace) ?? UNKNOWN;
}

/** Name of an object in Kubernetes; undefined where Pulumi chooses it or it is unknown. */
export function objectName({ props }: Resource): string | undefined {
  return textOf(at(props, "metadata.name"));
}

/** Kubernetes resources of GPUs and slices of GPUs. */
function isGpu(name: string): boolean {
  return /^(?:nvidia|amd)\.com\//.test(name);
}

/** GPUs that a container asks for, by resource, as text or number. */
export function gpusOf(container: Value, side: "limits" | "requests"): readonly (readonly [string, Value])[] {
  return entries(at(container, `resources.${side}`)).filter(([name]) => isGpu(name));
}

/** Whether a pod surely needs a GPU. */
export function needsGpu(pod: Value): boolean {
  return containersOf(pod).some(({ container }) => gpusOf(container, "limits").length > 0 || gpusOf(container, "requests").length > 0);
}

const SPOT = "kubernetes.azure.com/scalesetpriority";

/** Whether a pod surely may land on spot nodes. */
export function toleratesSpot(pod: Value): boolean {
  return list(at(pod, "tolerations")).some((each) => !hasUnknown(each) && is(at(each, "key"), SPOT));
}

/** Labels as text, those that are unknown left out. */
export function labelsOf(value: Value): Readonly<Record<string, string>> {
  return Object.fromEntries(entries(value).flatMap(([key, label]) => (typeof label === "string" ? [[key, label]] : [])));
}

/** A volume that outlives the pod: a claim, a driver's own, NFS. */
export function isDurable(volume: Value): boolean {
  const driver = textOf(at(volume, "csi.driver"));
  // Drivers of secrets and of the node's own disks keep nothing.
  const keeps = driver !== undefined && !driver.includes("secrets-store");
  return keeps || ["persistentVolumeClaim", "nfs", "azureFile", "azureDisk"].some((kind) => member(volume, kind) !== undefined);
}
