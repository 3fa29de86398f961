import type { JsonObject } from "../../cli/report/read/json";
import { type ComposedStep, urn } from "./composed-preview";

export const [COMPONENT, AZURE, KUBERNETES] = ["aks-fine-tuning:index:", "azure-native:", "kubernetes:"];

/** Shorthands of the parts of a stack. */
export const created = (step: ComposedStep): ComposedStep => ({ ...step, op: "create", old: undefined });
export const deleted = (step: ComposedStep): ComposedStep => ({ ...step, op: "delete", new: undefined });
export const both = (inputs: JsonObject) => ({ op: "same", old: inputs, new: inputs });
export const changed = (step: ComposedStep, inputs: JsonObject, kinds: ComposedStep["kinds"], op = "update"): ComposedStep => ({ ...step, op, new: { ...step.new, ...inputs }, kinds });

export function component(kind: string, name: string, inputs: JsonObject = {}): ComposedStep {
  return { ...both(inputs), type: COMPONENT + kind, urn: urn(COMPONENT + kind, name) };
}

export function part(type: string, name: string, owner: ComposedStep, inputs: JsonObject): ComposedStep {
  return { ...both(inputs), type, urn: urn(type, name, owner.type), parent: owner.urn };
}

export function pool(name: string, inputs: JsonObject): readonly [ComposedStep, ComposedStep] {
  const owner = component("GpuNodePool", name, { size: inputs["vmSize"], priority: inputs["scaleSetPriority"], maxNodes: inputs["maxCount"] });
  const labels = { "aks-fine-tuning.dev/pool": name };
  const agentPool = { agentPoolName: `${name}1a2b`, resourceName: "ai-0f0f", enableAutoScaling: true, count: 0, mode: "User", orchestratorVersion: "1.36", nodeLabels: labels, ...inputs };
  return [owner, part(`${AZURE}containerservice:AgentPool`, name, owner, agentPool)];
}

/** What every stack has. */
export const GROUP: ComposedStep = { ...both({ location: "eastus", resourceGroupName: "ai" }), type: `${AZURE}resources:ResourceGroup`, urn: urn(`${AZURE}resources:ResourceGroup`, "ai") };
export const CLUSTER = component("Cluster", "ai", { kubernetesVersion: "1.36" });
export const MANAGED = part(`${AZURE}containerservice:ManagedCluster`, "ai", CLUSTER, {
  ...{ resourceName: "ai-0f0f", resourceGroupName: "ai", location: "eastus", kubernetesVersion: "1.36" },
  networkProfile: { serviceCidr: "10.96.0.0/16", dnsServiceIP: "10.96.0.10" },
});
export const REGISTRY_OWNER = component("Registry", "adapters", { registryName: "adapters0bd2", sku: "Premium" });
export const REGISTRY = part(`${AZURE}resources:Resource`, "adapters", REGISTRY_OWNER, {
  ...{ resourceProviderNamespace: "Microsoft.ContainerRegistry", resourceType: "registries", resourceName: "adapters0bd2", apiVersion: "2025-11-01" },
});
