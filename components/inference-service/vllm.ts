import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import type { PoolRef } from "../gpu-node-pool";
import type { BaseModelName, ModelDimensions } from "../plan/catalogue/base-models";
import { IMAGES } from "../plan/catalogue/images";
import { type ReadyAdapter, SERVING_PORT, servingDeployment, servingEgress, servingIngress, servingSelector } from "../plan/manifests/serving";
import { planServing, type ServingPlan } from "../plan/serving";
import type { Clients } from "../plan/serving/clients";
import { guardsOf, type TeamRef } from "../team";
import type { AdapterRef } from "../tuning-job";

/** Arguments of an InferenceService. */
export interface InferenceServiceArgs {
  /** What runs the model: vLLM in a Deployment of its own; with "kaito" see `KaitoInferenceServiceArgs`. @default "vllm" */
  readonly engine?: "vllm";
  /** Team whose namespace it runs in. */
  readonly team: TeamRef;
  /** GPU pool that it runs on. */
  readonly pool: PoolRef;
  /** Base model: a name of the catalogue, or the dimensions of an unlisted one. */
  readonly model: BaseModelName | ModelDimensions;
  /** Image, by digest, with the base model's files under `/data`. */
  readonly weights: {
    /** Reference by digest. */
    readonly image: pulumi.Input<string>;
  };
  /** Adapters served beside the base model, each under its own name. @default [] */
  readonly adapters?: readonly AdapterRef[];
  /** Copies of the server, one GPU each. Two in production. @default 1 */
  readonly replicas?: number;
  /** Serve the base model while every adapter is still to come, and hold a GPU for it. @default false */
  readonly serveBase?: boolean;
  /** Longest prompt and answer together, in tokens. @default - the model's own limit */
  readonly maxModelLength?: number;
  /**
   * Namespaces whose pods may call the server, for example ["frontend"], or "any" for every pod of the cluster. Plain: a network policy names
   * them. Beyond the team's own, a namespace that closes its egress has to let its pods out itself.
   * @default - the team's own; any in development
   */
  readonly clients?: Clients;
  /** vLLM, by digest. @default - the catalogue's version, by tag */
  readonly image?: pulumi.Input<string>;
}

/** A server in a Deployment: decided, and registered when there is a parent for it. */
export function vllmServer(name: string, args: InferenceServiceArgs) {
  const { team, adapters = [], model, replicas, serveBase, maxModelLength, clients, pool } = args;
  const { namespace } = team;
  const { environment } = team.cluster;
  const plan = planServing(name, { namespace, environment, model, adapters, replicas, serveBase, maxModelLength, clients, pool });
  return { summary: summaryOf(plan, pool), register: (parent: pulumi.Resource) => registerServer(name, plan, args, parent) };
}

function registerServer(name: string, plan: ServingPlan, args: InferenceServiceArgs, parent: pulumi.Resource) {
  const { team, adapters = [] } = args;
  const child = { parent, provider: team.cluster.provider, dependsOn: guardsOf(team) };
  const metadata = { name, namespace: team.namespace, labels: servingSelector(plan) };

  new networking.NetworkPolicy(`${name}-ingress`, { metadata, spec: servingIngress(plan) }, child);
  const egress = servingEgress(plan);
  if (egress) new networking.NetworkPolicy(`${name}-clients`, { metadata: { ...metadata, name: `${name}-clients` }, spec: egress }, child);
  const timeout = `${plan.rolloutSeconds + 60}s`;
  const deployment = new apps.Deployment(
    name,
    { metadata, spec: deploymentSpec(plan, args, adapters) },
    { ...child, customTimeouts: { create: timeout, update: timeout } },
  );
  const service = new core.Service(
    name,
    {
      // Pulumi would wait for endpoints, which a service without replicas does not have.
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { type: "ClusterIP", selector: servingSelector(plan), ports: [{ name: "http", port: 80, targetPort: SERVING_PORT }] },
    },
    child,
  );
  if (plan.replicas > 1) {
    const spec = { maxUnavailable: 1, selector: { matchLabels: servingSelector(plan) } };
    new policy.PodDisruptionBudget(name, { metadata, spec }, child);
  }
  return { service, deployment, inferenceSet: undefined };
}

/** What a preview says of a service; its Deployment is unknown there until its adapters are. */
function summaryOf({ modelName, replicas, serveBase, adapters, maxModelLength }: ServingPlan, { size, priority, nodeSelector }: PoolRef) {
  return { model: modelName, replicas, serveBase, adapters: adapters.map(({ name }) => name), maxModelLength, size, priority, nodeSelector };
}

/** Which adapters exist is known only when their images resolve, so the whole specification follows from that. */
function deploymentSpec(plan: ServingPlan, args: InferenceServiceArgs, adapters: readonly AdapterRef[]) {
  const images = pulumi.all(adapters.map(({ name, image }) => pulumi.output(image).apply((reference) => ({ name, image: reference }))));
  return pulumi
    .all([images, args.image ?? IMAGES.server, args.weights.image, args.team.servingServiceAccount])
    .apply(([resolved, image, weightsImage, serviceAccountName]) =>
      servingDeployment(plan, { image, weightsImage, serviceAccountName, adapters: resolved.filter(isReady) }),
    );
}

function isReady(adapter: { readonly name: string; readonly image: string | undefined }): adapter is ReadyAdapter {
  return adapter.image !== undefined;
}
