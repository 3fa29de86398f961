import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import type { PoolRef } from "../gpu-node-pool";
import { guardsOfKaito, type KaitoRef } from "../kaito";
import type { GpuSize } from "../plan/catalogue/gpu-sizes";
import { type KaitoServingPlan, planKaitoServing } from "../plan/kaito/serving";
import { adapterImageProblems, type KaitoDeclaredAdapter } from "../plan/kaito/serving/adapters";
import type { KaitoServedModel } from "../plan/kaito/serving/model";
import type { KaitoRuntime, PerformanceMode } from "../plan/kaito/serving/settings";
import { inferenceSetMetadata, KAITO_PORT, type KaitoServer, kaitoServer, kaitoServiceLabels, type ReadyKaitoAdapter } from "../plan/manifests/kaito-inference";
import { kaitoPolicies, kaitoPolicySpec } from "../plan/manifests/kaito-inference-policies";
import { refuse } from "../plan/refuse";
import type { Clients } from "../plan/serving/clients";
import { RegistrySecret } from "../registry-secret";
import { guardsOf, type TeamRef } from "../team";
import type { AdapterRef } from "../tuning-job";

/** An adapter that KAITO serves. */
export interface KaitoAdapter extends AdapterRef {
  /** Weight in the blend that the transformers runtime makes of all adapters, from 0 to 1. @default - KAITO's, 1 */
  readonly strength?: number;
  /** An existing Secret of the team's namespace that its image is pulled with. @default - one is made, for the team's own repository of the adapter's name */
  readonly pullSecret?: string;
}

/** Arguments of an InferenceService that KAITO runs. */
export interface KaitoInferenceServiceArgs {
  /** What runs the model: KAITO, as it is installed in the cluster. */
  readonly engine: "kaito";
  /** KAITO in the cluster. */
  readonly kaito: KaitoRef;
  /** Team whose namespace it runs in. It needs `podSecurity` "baseline" or looser, and egress to huggingface.co, where KAITO gets the weights. */
  readonly team: TeamRef;
  /** Base model: a name of the catalogue, or the dimensions of an unlisted one under its Hugging Face id. */
  readonly model: KaitoServedModel;
  /** VM size of the nodes that KAITO makes, as many as it counts, each taken whole. @default - none, for nodes of one's own */
  readonly size?: GpuSize;
  /** Nodes of one's own, for a KAITO that makes none. They have to be there, with the GPU's labels, before the service. @default - KAITO's */
  readonly pool?: PoolRef;
  /** Adapters served beside the base model, each under its own name, ten at most. @default [] */
  readonly adapters?: readonly KaitoAdapter[];
  /** Copies of the server, each on nodes of its own. @default 1 */
  readonly replicas?: number;
  /** Serve the base model while every adapter is still to come, and hold nodes for it. @default false */
  readonly serveBase?: boolean;
  /** Longest prompt and answer together, in tokens. @default - as much as fits */
  readonly maxModelLength?: number;
  /** What runs the model in KAITO's image. @default "vllm" */
  readonly runtime?: KaitoRuntime;
  /** What vLLM is tuned for. @default - KAITO's, balanced */
  readonly performanceMode?: PerformanceMode;
  /** Name of a Secret of the team's namespace with the key HF_TOKEN, for models that ask for accepted terms. @default - none */
  readonly accessSecret?: string;
  /** Most nodes that all copies together may take; twice as many run while a set takes over from another. @default - as many as KAITO counts */
  readonly maxNodes?: number;
  /**
   * Namespaces whose pods may call the server, for example ["frontend"], or "any" for every pod of the cluster. Plain: a network policy names
   * them. Beyond the team's own, a namespace that closes its egress has to let its pods out itself.
   * @default - the team's own; any in development
   */
  readonly clients?: Clients;
  /** Give every copy a public address, in development alone: the server asks nobody for a key. @default false */
  readonly publicLoadBalancer?: boolean;
}

/** Longer than KAITO takes to take nodes back; the object is there until it has. */
const DELETE_TIMEOUT = "60m";
/** How long a Secret that is renewed by `pulumi up` pulls for: pods that start again later need it still. */
const PULL_HOURS = 90 * 24;

/** A server that KAITO runs: decided, and registered when there is a parent for it. */
export function kaitoServerOf(name: string, args: KaitoInferenceServiceArgs) {
  const { team, adapters = [] } = args;
  const { namespace, cluster } = team;
  const declared = adapters.map((adapter) => declaredOf(adapter, team));
  const adapterRegistryId = adapters.some(({ pullSecret }) => pullSecret === undefined) ? team.adapters.id : undefined;
  const around = { namespace, environment: cluster.environment, podSecurity: team.podSecurity, adapterRegistryId };
  const plan = planKaitoServing(name, { ...args, ...around, adapters: declared });
  return { summary: summaryOf(plan), register: (parent: pulumi.Resource) => registerServer(plan, args, parent) };
}

/** What is known of an adapter at once. */
function declaredOf({ name, baseModel, rank, strength, image, pullSecret }: KaitoAdapter, { namespace, adapters: { loginServer } }: TeamRef): KaitoDeclaredAdapter {
  const own = pullSecret === undefined && typeof loginServer === "string" ? `${loginServer}/${namespace}/${name}` : undefined;
  return { name, baseModel, rank, strength, ...(typeof image === "string" ? { image, repository: own } : {}) };
}

function registerServer(plan: KaitoServingPlan, args: KaitoInferenceServiceArgs, parent: pulumi.Resource) {
  const { team } = args;
  const { name, namespace } = plan;
  const guards = [...guardsOf(team), ...guardsOfKaito(args.kaito)];
  const child = { parent, provider: team.cluster.provider, dependsOn: guards };
  const labels = kaitoServiceLabels(plan);
  const secrets = pullSecrets(plan, args, parent);
  const server = readyAdapters(plan, args, secrets).apply((ready) => kaitoServer(plan, ready));
  const config = configOf(plan, server, child);
  const policies = registerPolicies(plan, server, child);
  const served = registerObject(plan, server, { ...child, dependsOn: [...guards, ...secrets.values(), ...config, ...policies] });
  // A set that takes over gets the requests when it is ready, and the one before goes after that.
  const moved = { ...child, dependsOn: served.apply((object) => [...guards, ...(object ? [object] : [])]) };
  const service = new core.Service(
    name,
    {
      // Pulumi would wait for endpoints, which a service without copies does not have.
      metadata: { name, namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { type: "ClusterIP", selector: server.answering, ports: [{ name: "http", port: 80, targetPort: KAITO_PORT }] },
    },
    moved,
  );
  if (plan.replicas > 1) {
    const spec = { maxUnavailable: 1, selector: { matchLabels: server.podLabels } };
    new policy.PodDisruptionBudget(name, { metadata: { name, namespace, labels }, spec }, moved);
  }
  return { service, deployment: undefined, inferenceSet: plan.kind === "InferenceSet" ? served : undefined };
}

/** What a preview says of a service; the object is unknown there until its adapters are. */
function summaryOf(plan: KaitoServingPlan) {
  const { modelName: model, version: kaitoVersion, preset, runtime, replicas, serveBase, maxModelLength, size, nodes, sizing, ownNodes } = plan;
  const adapters = plan.adapters.map(({ name }) => name);
  const where = ownNodes === undefined ? {} : { nodeSelector: ownNodes };
  return { engine: "kaito", kaitoVersion, model, preset, runtime, replicas, serveBase, adapters, maxModelLength, size, nodes, sizing, ...where };
}

/** A Secret for each adapter that brings none, by the adapter's name: KAITO's pods pull as nobody else. */
function pullSecrets({ name }: KaitoServingPlan, { team, adapters = [] }: KaitoInferenceServiceArgs, parent: pulumi.Resource): ReadonlyMap<string, RegistrySecret> {
  const common = { team, registry: team.adapters, access: "pull", validHours: PULL_HOURS, renew: true } as const;
  const without = adapters.filter(({ pullSecret }) => pullSecret === undefined);
  const secretOf = (adapter: string) => new RegistrySecret(`${name}-${adapter}-pull`, { ...common, repository: `${team.namespace}/${adapter}` }, { parent });
  return new Map(without.map((adapter) => [adapter.name, secretOf(adapter.name)]));
}

/** The adapters that exist, each with the Secret that it is pulled with. */
function readyAdapters(plan: KaitoServingPlan, { team, adapters = [] }: KaitoInferenceServiceArgs, secrets: ReadonlyMap<string, RegistrySecret>) {
  const all = adapters.map(({ name, strength, image, pullSecret }, index) => {
    const secret = secrets.get(name)?.secretName ?? pullSecret ?? "";
    return pulumi.all([image, secret, team.adapters.loginServer]).apply(([reference, secretName, loginServer]): ReadyKaitoAdapter[] => {
      if (reference === undefined) return [];
      const repository = pullSecret === undefined ? `${loginServer}/${team.namespace}/${name}` : undefined;
      refuse(`InferenceService "${plan.name}"`, adapterImageProblems(index, reference, repository));
      return [{ name, image: reference, pullSecret: secretName, ...(strength === undefined ? {} : { strength }) }];
    });
  });
  return pulumi.all(all).apply((found) => found.flat());
}

/** Resources of a set are named after it, so that they are replaced by those of another, and not changed under it. */
function configOf(plan: KaitoServingPlan, server: pulumi.Output<KaitoServer>, child: pulumi.CustomResourceOptions): core.ConfigMap[] {
  if (plan.runtime !== "vllm") return [];
  const config = server.config;
  const metadata = { name: config.apply((found) => found?.name ?? plan.name), namespace: plan.namespace, labels: kaitoServiceLabels(plan) };
  return [new core.ConfigMap(`${plan.name}-config`, { metadata, data: config.apply((found) => found?.data ?? {}), immutable: true }, child)];
}

function registerPolicies(plan: KaitoServingPlan, server: pulumi.Output<KaitoServer>, child: pulumi.CustomResourceOptions): networking.NetworkPolicy[] {
  const { name, namespace } = plan;
  return kaitoPolicies(plan).map((policy) => {
    const metadata = { name: pulumi.interpolate`${server.name}-${policy}`, namespace, labels: kaitoServiceLabels(plan) };
    return new networking.NetworkPolicy(`${name}-${policy}`, { metadata, spec: server.apply((found) => kaitoPolicySpec(policy, plan, found)) }, child);
  });
}

/** The object itself. A Workspace cannot have no copy, so it is not there while there is nothing to serve. */
function registerObject(plan: KaitoServingPlan, server: pulumi.Output<KaitoServer>, child: pulumi.CustomResourceOptions): pulumi.Output<CustomResource | undefined> {
  const timeout = `${plan.rolloutSeconds + 60}s`;
  const opts = { ...child, customTimeouts: { create: timeout, update: timeout, delete: DELETE_TIMEOUT } };
  const { apiVersion, kind, name } = plan;
  if (kind === "InferenceSet") {
    const spec = server.apply(({ manifest }) => manifest?.spec);
    return pulumi.output(new CustomResource(name, { apiVersion, kind, metadata: inferenceSetMetadata(plan, server.name), spec }, opts));
  }
  return server.apply(({ manifest }) => manifest && new CustomResource(name, { ...manifest, apiVersion, kind }, opts));
}
