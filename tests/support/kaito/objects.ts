import type { KubernetesObject } from "../kubernetes-objects";

type Fields = Readonly<Record<string, unknown>>;

/** A Workspace or InferenceSet as tests write one; its parts stand where KAITO has them. */
export interface KaitoObject extends KubernetesObject {
  readonly metadata: KubernetesObject["metadata"] & { readonly annotations?: Readonly<Record<string, string>>; readonly labels?: Readonly<Record<string, string>> };
  readonly resource?: Fields;
  readonly inference?: Fields;
  readonly tuning?: Fields;
}

export const RESOURCE = { instanceType: "Standard_NC24ads_A100_v4", labelSelector: { matchLabels: { run: "one" } } };

export const TUNING = {
  preset: { name: "phi-4-mini-instruct" },
  method: "qlora",
  input: { image: "mlreg.azurecr.io/datasets/tickets:1" },
  output: { image: "mlreg.azurecr.io/adapters/tickets:run", imagePushSecret: "push" },
};

export const INFERENCE = { preset: { name: "phi-4-mini-instruct" } };

/** A Workspace that tunes, with changes to its parts; a part of undefined is left out. */
export function tuningWorkspace(changes: { readonly name?: string; readonly resource?: Fields; readonly tuning?: Fields; readonly annotations?: Readonly<Record<string, string>> } = {}): KaitoObject {
  return workspace(changes.name ?? "tickets", changes.annotations, { resource: { ...RESOURCE, ...changes.resource }, tuning: { ...TUNING, ...changes.tuning } });
}

export function servingWorkspace(changes: { readonly name?: string; readonly resource?: Fields; readonly inference?: Fields; readonly annotations?: Readonly<Record<string, string>> } = {}): KaitoObject {
  return workspace(changes.name ?? "chat", changes.annotations, { resource: { ...RESOURCE, ...changes.resource }, inference: { ...INFERENCE, ...changes.inference } });
}

export function workspace(name: string, annotations: Readonly<Record<string, string>> | undefined, parts: Partial<KaitoObject>): KaitoObject {
  const metadata = { name, namespace: "team", ...(annotations ? { annotations } : {}) };
  return { apiVersion: "kaito.sh/v1beta1", kind: "Workspace", metadata, ...parts };
}

export function inferenceSet(changes: { readonly name?: string; readonly replicas?: number; readonly inference?: Fields; readonly resource?: Fields; readonly annotations?: Readonly<Record<string, string>> } = {}): KaitoObject {
  return {
    apiVersion: "kaito.sh/v1beta1",
    kind: "InferenceSet",
    metadata: { name: changes.name ?? "chat", namespace: "team" },
    spec: {
      replicas: changes.replicas ?? 1,
      labelSelector: RESOURCE.labelSelector,
      template: {
        ...(changes.annotations ? { metadata: { annotations: changes.annotations } } : {}),
        resource: { instanceType: RESOURCE.instanceType, ...changes.resource },
        inference: { ...INFERENCE, ...changes.inference },
      },
    },
  };
}
