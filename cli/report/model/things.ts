import { POOL_LABEL } from "../../../components/plan/gpu-pool";
import { type Json, type JsonObject, listOf, member, objectOf, textOf } from "../read/json";
import { valueWithin } from "../values";
import type { Change } from "./change";

/** Inputs of a resource as it will be, or as it was where it goes. */
export function inputsOf({ old, new: after }: Change): JsonObject {
  return after?.inputs ?? old?.inputs ?? {};
}

export function inputAt(inputs: Json | undefined, ...keys: readonly string[]): Json | undefined {
  return valueWithin(inputs, keys);
}

/** A label of a Kubernetes object. */
export function labelOf(inputs: JsonObject, label: string): string | undefined {
  return textOf(inputAt(inputs, "metadata", "labels", label));
}

/** The pool that a selector names. */
export function poolLabelOf(selector: Json | undefined): string | undefined {
  return textOf(member(objectOf(selector), POOL_LABEL));
}

/** Type of a Pulumi resource without package and version: "AgentPool". */
export function bareType(type: string): string {
  return type.split(":").at(-1) ?? type;
}

/** Component of this library: its class; undefined of any other resource. */
export function componentClass(type: string): string | undefined {
  return type.startsWith("aks-fine-tuning:index:") ? bareType(type) : undefined;
}

/** Sizes with NVIDIA or AMD GPUs, those that no catalogue has among them: https://learn.microsoft.com/azure/virtual-machines/sizes/overview#gpu-accelerated */
export function isGpuVmSize(size: string | undefined): boolean {
  return size !== undefined && /^Standard_N[CDGV]/i.test(size);
}

/** A tuning Job, by its label, and not its preflight. */
export function isTuningJob({ type, ...rest }: Change): boolean {
  return /^kubernetes:batch\/v1:Job$/.test(type) && textOf(inputAt(inputsOf({ type, ...rest }), "spec", "template", "metadata", "labels", "app.kubernetes.io/component")) === "tuning";
}

/** The Job that makes and deletes a Workspace of KAITO's, by what its one container is told. */
export function isKeeperJob(change: Change): boolean {
  const containers = listOf(inputAt(inputsOf(change), "spec", "template", "spec", "containers"));
  return change.type === "kubernetes:batch/v1:Job" && textOf(member(objectOf(containers[0]), "name")) === "keep";
}

/** The object of a service that KAITO runs: the set of its copies, or of an old version its one copy. */
export function isKaitoServer({ type, urn }: Change): boolean {
  return /^kubernetes:kaito\.sh\/[^:]+:(?:InferenceSet|Workspace)$/.test(type) && /\bInferenceService\$/.test(urn);
}

export function isServingDeployment(change: Change): boolean {
  return change.type === "kubernetes:apps/v1:Deployment" && labelOf(inputsOf(change), "app.kubernetes.io/component") === "serving";
}

/** A registry, by the generic resource that this library uses or by the provider's own type. */
export function isRegistry(change: Change): boolean {
  if (/^azure-native:containerregistry[^:]*:Registry$/.test(change.type)) return true;
  const inputs = inputsOf(change);
  return change.type === "azure-native:resources:Resource" && inputs["resourceProviderNamespace"] === "Microsoft.ContainerRegistry" && inputs["resourceType"] === "registries";
}
