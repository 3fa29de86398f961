import type { CustomResource } from "@pulumi/kubernetes/apiextensions";
import type * as apps from "@pulumi/kubernetes/apps/v1";
import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import { type KaitoInferenceServiceArgs, kaitoServerOf } from "./inference-service/kaito";
import { type InferenceServiceArgs, vllmServer } from "./inference-service/vllm";

export type { KaitoAdapter, KaitoInferenceServiceArgs } from "./inference-service/kaito";
export type { InferenceServiceArgs } from "./inference-service/vllm";

/**
 * An OpenAI-style endpoint inside the cluster for a base model and its adapters.
 *
 * Creates a Deployment of vLLM that mounts weights and adapters as image volumes, a Service, network policies for its clients and, from two replicas on, a
 * disruption budget that never blocks a node's drain. Idle and busy it costs one GPU of the pool a replica; while its adapters are all still to
 * come it has no replica and costs nothing.
 *
 * With engine "kaito" it creates KAITO's InferenceSet (in 0.6 a Workspace) in the Deployment's place, with its configuration and a Secret for each adapter's
 * image. Whatever KAITO would refuse or ignore in an edit makes a second set: it gets the requests when it is ready, and the first goes. Idle and busy it
 * costs whole nodes, as many as KAITO counts, a replica, and those of both sets while one takes over.
 *
 * @example
 * new InferenceService("tickets", { team, pool, model: recipe.model, weights, adapters: [run.adapter] });
 * new InferenceService("tickets", { engine: "kaito", kaito, team, model: "phi-4", size: "Standard_NC24ads_A100_v4", adapters: [run.adapter] });
 */
export class InferenceService extends pulumi.ComponentResource {
  /** Base URL inside the cluster, for example http://10.96.12.3. Models are listed at /v1/models. */
  readonly endpoint: pulumi.Output<string>;
  /** KAITO's InferenceSet, for whatever this component does not expose; undefined of other engines, and where KAITO has none. */
  readonly inferenceSet: pulumi.Output<CustomResource | undefined> | undefined;
  private readonly ownDeployment: apps.Deployment | undefined;

  constructor(name: string, args: InferenceServiceArgs | KaitoInferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const server = args.engine === "kaito" ? kaitoServerOf(name, args) : vllmServer(name, args);
    super("aks-fine-tuning:index:InferenceService", name, server.summary, opts);
    const { service, deployment, inferenceSet } = server.register(this);
    this.ownDeployment = deployment;
    this.inferenceSet = inferenceSet;
    this.endpoint = pulumi.interpolate`http://${service.spec.clusterIP}`;
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /**
   * The Deployment itself, for whatever this component does not expose.
   *
   * @throws RunError with engine "kaito", whose pods belong to KAITO's own objects.
   */
  get deployment(): apps.Deployment {
    if (this.ownDeployment !== undefined) return this.ownDeployment;
    throw new RunError('InferenceService: with engine "kaito" there is no deployment, as KAITO makes a StatefulSet for each copy; use inferenceSet');
  }
}
