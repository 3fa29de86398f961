/** The parts of objects that the operator stand-in reads, as the API server returns them. */
export type Fields = Readonly<Record<string, unknown>>;
export type Labels = Readonly<Record<string, string>>;

export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string; readonly controller?: boolean }[];
}

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly Fields[];
}

export interface DataSource {
  readonly name?: string;
  readonly urls?: readonly string[];
  readonly volumeSource?: Fields;
  readonly image?: string;
  readonly imagePullSecrets?: readonly string[];
}

export interface Inference {
  readonly preset?: { readonly name: string; readonly presetOptions?: Fields };
  readonly template?: { readonly metadata?: { readonly labels?: Labels }; readonly spec?: Fields };
  readonly config?: string;
  readonly adapters?: readonly { readonly source?: DataSource; readonly strength?: string }[];
}

export interface Tuning {
  readonly preset?: { readonly name: string };
  readonly method?: string;
  readonly config?: string;
  readonly input: DataSource;
  readonly output: { readonly volumeSource?: Fields; readonly image?: string; readonly imagePushSecret?: string };
}

export interface WorkspaceStatus {
  readonly workerNodes?: readonly string[];
  readonly state?: string;
  readonly targetNodeCount?: number;
  readonly conditions?: readonly Condition[];
}

export interface Workspace {
  readonly metadata: Metadata;
  readonly resource: { readonly count?: number; readonly instanceType?: string; readonly labelSelector: LabelSelector; readonly partition?: Fields };
  readonly inference?: Inference;
  readonly tuning?: Tuning;
  readonly status?: WorkspaceStatus;
}

export interface InferenceSet {
  readonly metadata: Metadata;
  readonly spec: {
    readonly replicas?: number;
    readonly labelSelector: LabelSelector;
    readonly template: {
      readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels };
      readonly resource?: { readonly instanceType?: string; readonly partition?: Fields };
      readonly inference: Inference;
    };
  };
  readonly status?: { readonly replicas?: number; readonly readyReplicas?: number; readonly selector?: string; readonly conditions?: readonly Condition[] };
}

export interface NodeClaim {
  readonly metadata: Metadata;
  readonly spec: {
    readonly requirements: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status?: { readonly conditions?: readonly Condition[]; readonly nodeName?: string };
}

/** Karpenter's NodePool, of which KAITO makes one for each Workspace. */
export interface StaticNodePool {
  readonly metadata: Metadata;
  readonly spec: { readonly replicas?: number; readonly template: { readonly metadata?: { readonly labels?: Labels }; readonly spec: NodeClaim["spec"] } };
}

export interface Node {
  readonly metadata: Pick<Metadata, "name" | "labels" | "deletionTimestamp">;
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[]; readonly capacity?: Labels };
}

export interface Job {
  readonly metadata: Metadata;
  readonly status?: { readonly active?: number; readonly ready?: number; readonly succeeded?: number; readonly failed?: number };
}

/** A StatefulSet, or the Deployment that KAITO before 0.8 made. */
export interface Server {
  readonly metadata: Metadata;
  readonly spec: { readonly replicas?: number; readonly template: { readonly spec: { readonly containers: readonly Fields[] } } };
  readonly status?: { readonly readyReplicas?: number };
}

export interface Pod {
  readonly metadata: Metadata;
  readonly spec: {
    readonly nodeName?: string;
    readonly volumes?: readonly { readonly name: string; readonly emptyDir?: Fields }[];
    readonly containers: readonly { readonly name: string; readonly image: string }[];
    readonly initContainers?: readonly { readonly name: string; readonly image: string }[];
  };
  readonly status?: { readonly phase?: string; readonly podIP?: string; readonly startTime?: string; readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export interface ConfigMap {
  readonly data?: Labels;
}

export interface List<T> {
  readonly items: readonly T[];
}

/** One request to the API server, decided on before any is made. */
export type Action =
  | { readonly verb: "create"; readonly path: string; readonly body: object }
  | { readonly verb: "patch"; readonly path: string; readonly body: object }
  | { readonly verb: "delete"; readonly path: string; readonly body?: object };

const COLLECTIONS: Readonly<Record<string, string>> = {
  Workspace: "/apis/kaito.sh/v1beta1",
  InferenceSet: "/apis/kaito.sh/v1beta1",
  NodeClaim: "/apis/karpenter.sh/v1",
  NodePool: "/apis/karpenter.sh/v1",
  Job: "/apis/batch/v1",
  StatefulSet: "/apis/apps/v1",
  Deployment: "/apis/apps/v1",
  Service: "/api/v1",
  ConfigMap: "/api/v1",
  Secret: "/api/v1",
  Pod: "/api/v1",
};

/** Where objects of a kind are: those of one namespace, or of the cluster. */
export function collection(kind: string, namespace?: string): string {
  const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${COLLECTIONS[kind] ?? ""}${place}/${kind.toLowerCase()}s`;
}

export function pathOf(kind: string, { name, namespace }: { readonly name: string; readonly namespace?: string }): string {
  return `${collection(kind, namespace)}/${name}`;
}

export function secondsSince(time: string | undefined, now: number): number {
  return time === undefined ? 0 : (now - Date.parse(time)) / 1000;
}

export function ownerOf(kind: "Workspace" | "InferenceSet", { name, uid }: Metadata) {
  return [{ apiVersion: "kaito.sh/v1beta1", kind, name, uid, controller: true, blockOwnerDeletion: true }];
}

export function isOwnedBy({ ownerReferences }: Metadata, { uid }: Metadata): boolean {
  return ownerReferences?.some((owner) => owner.uid === uid) ?? false;
}

export function hasLabels(labels: Labels | undefined, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}
