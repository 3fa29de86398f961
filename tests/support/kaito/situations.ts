import type { Situation } from "../../../sandbox/kaito/operator/decide-workspace";
import type { Installed } from "../../../sandbox/kaito/operator/installed";
import type { ConfigMap, Job, Metadata, Node, NodeClaim, Workspace } from "../../../sandbox/kaito/operator/objects";
import type { KnownSettings } from "../../../sandbox/kaito/operator/settings";

export const NOW = Date.parse("2026-11-26T12:00:00Z");
export const A_MINUTE_AGO = "2026-11-26T11:59:00Z";

export const QUICK: KnownSettings = { provisioningSeconds: 0, deletionSeconds: 0, tuningSeconds: 1, loadingSeconds: 0, failedTuningPods: 0, noCapacity: false };

export const CHART: Installed = { version: "0.12", provisioner: "azure-gpu-provisioner", namespace: "kaito-workspace", inferenceSets: true, claimsAreServed: true };

export function metadata(name: string, more: Partial<Metadata> = {}): Metadata {
  return { name, namespace: "team", uid: `uid-of-${name}`, creationTimestamp: A_MINUTE_AGO, ...more };
}

const SIZE = "Standard_NC24ads_A100_v4";

/** A Workspace that the controller has looked at before: finalizer and revision are there. */
export function tuning(changes: Partial<Workspace> = {}): Workspace {
  return {
    metadata: metadata("tickets", { finalizers: ["workspace.finalizer.kaito.sh"] }),
    resource: { count: 1, instanceType: SIZE, labelSelector: { matchLabels: { run: "one" } } },
    tuning: { preset: { name: "phi-4-mini-instruct" }, method: "qlora", config: "training", input: { image: "a.io/data:1" }, output: { image: "a.io/adapter:1", imagePushSecret: "push" } },
    ...changes,
  };
}

export function node(name: string, labels: Readonly<Record<string, string>>, ready = true): Node {
  return { metadata: { name, labels: { "node.kubernetes.io/instance-type": SIZE, ...labels } }, status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] } };
}

export const OWNED = { run: "one", "kaito.sh/workspace": "tickets", "kaito.sh/workspacenamespace": "team" };
export const BOUGHT = { ...OWNED, "karpenter.sh/nodepool": "kaito" };

export function claim(name: string, ready: boolean, more: Partial<Metadata> = {}): NodeClaim {
  const conditions = [{ type: "Ready", status: ready ? "True" : "False", reason: "Ready", message: "", lastTransitionTime: A_MINUTE_AGO } as const];
  return { metadata: metadata(name, { labels: BOUGHT, finalizers: ["karpenter.sh/termination"], ...more }), spec: { requirements: [] }, status: { conditions } };
}

export function job(status: Job["status"], annotations: Readonly<Record<string, string>> = { "workspace.kaito.io/revision": "1" }): Job {
  const owner = { kind: "Workspace", name: "tickets", uid: "uid-of-tickets", controller: true };
  return { metadata: metadata("tickets", { annotations, ownerReferences: [owner] }), ...(status ? { status } : {}) };
}

export function trainingMap(outputDirectory = "/mnt/results"): ConfigMap {
  return { data: { "training_config.yaml": `training_config:\n  LoraConfig:\n    r: 16\n  TrainingArguments:\n    output_dir: ${outputDirectory}\n` } };
}

export function situation(changes: Partial<Omit<Situation, "view">> & { readonly view?: Partial<Situation["view"]> } = {}): Situation {
  const view = { nodes: [], claims: [], nodePools: undefined, jobs: [], servers: [], services: new Set<string>(), configMaps: new Map([["team/training", trainingMap()]]) };
  return { how: CHART, settings: QUICK, now: NOW, suffix: "0123456789".slice(0, 9), ...changes, view: { ...view, ...changes.view } };
}
