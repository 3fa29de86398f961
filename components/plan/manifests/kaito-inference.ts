import { canonicalJson, shortHash } from "../digest";
import type { KaitoServingPlan } from "../kaito/serving";
import { inferenceConfig } from "./kaito-inference-config";

/** Port of the server in KAITO's pods: https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/utils/consts/consts.go (PortInferenceServer) */
export const KAITO_PORT = 5000;

/** An adapter that has an image: where its content is pulled from, and with which Secret. */
export interface ReadyKaitoAdapter {
  readonly name: string;
  readonly image: string;
  readonly pullSecret: string;
  readonly strength?: number;
}

/** What runs at a time: one set of copies, and what belongs to it alone. */
export interface KaitoServer {
  /** The service's name and a hash of all that KAITO would refuse or ignore in an edit. */
  readonly name: string;
  /** Labels of its pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Labels of those of its pods that answer. */
  readonly answering: Readonly<Record<string, string>>;
  /** The ConfigMap that it reads; undefined of the transformers runtime, which reads none. */
  readonly config: { readonly name: string; readonly data: Readonly<Record<string, string>> } | undefined;
  /** The object; undefined where it would run although there is nothing to serve yet. */
  readonly manifest: KaitoObject | undefined;
}

/** An InferenceSet, whose description is in `spec`, or a Workspace, which has no such member. */
export interface KaitoObject {
  readonly apiVersion: string;
  readonly kind: KaitoServingPlan["kind"];
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  };
  readonly spec?: object;
  readonly resource?: object;
  readonly inference?: object;
}

const RUNTIME = "kaito.sh/runtime";
const DISABLE_BENCHMARK = "kaito.sh/disable-benchmark";
/**
 * Labels of pods: StatefulSets copy the first from the Workspaces of a set, which carry its name. What is written in the template's labels reaches
 * Workspaces and goes no further: https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/manifests/manifests.go (GenerateStatefulSetManifest)
 */
const CREATED_BY = "inferenceset.kaito.sh/created-by";
const WORKSPACE = "kaito.sh/workspace";
/** https://kubernetes.io/docs/reference/labels-annotations-taints/#apps-kubernetes.io-pod-index */
const POD_INDEX = "apps.kubernetes.io/pod-index";

/** The server with the adapters that exist. While every declared one is still to come it has no copy, and holds no GPU. */
export function kaitoServer(plan: KaitoServingPlan, adapters: readonly ReadyKaitoAdapter[]): KaitoServer {
  const waiting = plan.adapters.length > 0 && adapters.length === 0 && !plan.serveBase;
  // In order of name, so that the order of the arguments makes no other set.
  const sorted = [...adapters].sort((a, b) => (a.name < b.name ? -1 : 1));
  const config = inferenceConfig(plan, sorted.length);
  const template = templateOf(plan, sorted, config?.name);
  const { namespace, kind, nodeProvisioner, ownNodes } = plan;
  const name = `${plan.name}-${shortHash(canonicalJson({ namespace, kind, nodeProvisioner, ownNodes, template }), 5)}`;
  const nodes = ownNodes ?? { "aks-fine-tuning.dev/service": name };
  const set = plan.kind === "InferenceSet";
  const podLabels = { [set ? CREATED_BY : WORKSPACE]: name };
  // Of several nodes the first alone answers, the others are Ray's workers; a Workspace of 0.6 with one node is a Deployment, which numbers none.
  const answering = set ? { ...podLabels, [POD_INDEX]: "0" } : podLabels;
  const manifest = set ? inferenceSet(plan, name, { replicas: waiting ? 0 : plan.replicas, nodes, template }) : waiting ? undefined : workspace(plan, name, { nodes, template });
  return { name, podLabels, answering, config, manifest };
}

/** Labels of the objects of a service, whichever set they belong to. */
export function kaitoServiceLabels({ name }: Pick<KaitoServingPlan, "name">): Record<string, string> {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/component": "serving", "app.kubernetes.io/managed-by": "aks-fine-tuning" };
}

type Template = ReturnType<typeof templateOf>;

/** What every copy is made from; of a live set KAITO ignores whatever changes in it. */
function templateOf(plan: KaitoServingPlan, adapters: readonly ReadyKaitoAdapter[], config: string | undefined) {
  const { performanceMode, publicLoadBalancer, instanceType, accessSecret, preset, runtime } = plan;
  return {
    annotations: {
      [RUNTIME]: runtime,
      // Minutes of load before a copy counts as ready, whose result nothing here reads.
      ...(plan.kind === "InferenceSet" ? { [DISABLE_BENCHMARK]: "true" } : {}),
      ...(performanceMode === undefined ? {} : { "kaito.sh/performance-mode": performanceMode }),
      ...(publicLoadBalancer ? { "kaito.sh/enablelb": "True" } : {}),
    },
    instanceType,
    inference: {
      preset: { name: preset, ...(accessSecret === undefined ? {} : { presetOptions: { modelAccessSecret: accessSecret } }) },
      ...(config === undefined ? {} : { config }),
      ...(adapters.length === 0 ? {} : { adapters: adapters.map(adapterSpec) }),
    },
  };
}

function adapterSpec({ name, image, pullSecret, strength }: ReadyKaitoAdapter) {
  return { source: { name, image, imagePullSecrets: [pullSecret] }, ...(strength === undefined ? {} : { strength: String(strength) }) };
}

interface Rendered {
  readonly nodes: Readonly<Record<string, string>>;
  readonly template: Template;
}

/** All but the name is known in a preview, whatever becomes of the adapters. */
export function inferenceSetMetadata<Name>(plan: Pick<KaitoServingPlan, "name" | "namespace">, name: Name) {
  const annotations = { "pulumi.com/waitFor": "condition=InferenceSetReady", [DISABLE_BENCHMARK]: "true" };
  return { name, namespace: plan.namespace, labels: kaitoServiceLabels(plan), annotations };
}

function inferenceSet(plan: KaitoServingPlan, name: string, { replicas, nodes, template }: Rendered & { readonly replicas: number }): KaitoObject {
  const { annotations, instanceType, inference } = template;
  return {
    apiVersion: plan.apiVersion,
    kind: plan.kind,
    metadata: inferenceSetMetadata(plan, name),
    spec: {
      replicas,
      labelSelector: { matchLabels: nodes },
      template: { metadata: { annotations }, resource: instanceType === undefined ? {} : { instanceType }, inference },
    },
  };
}

function workspace(plan: KaitoServingPlan, name: string, { nodes, template }: Rendered): KaitoObject {
  const { annotations, instanceType, inference } = template;
  return {
    apiVersion: plan.apiVersion,
    kind: plan.kind,
    metadata: {
      name,
      namespace: plan.namespace,
      labels: kaitoServiceLabels(plan),
      annotations: { "pulumi.com/waitFor": "condition=WorkspaceSucceeded", ...annotations },
    },
    resource: { ...(instanceType === undefined ? {} : { instanceType }), labelSelector: { matchLabels: nodes } },
    inference,
  };
}
