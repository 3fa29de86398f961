import type { Input } from "@pulumi/pulumi";
import type { KaitoTuningPlan } from "../kaito/tuning";
import { runLabels } from "./tuning-pod";

/** What a Workspace names, known when registry, secrets and images exist. */
export interface KaitoWorkspaceInputs {
  /** Reference, by the run's id for a tag, that the adapter is pushed to. */
  readonly adapterImage: Input<string>;
  /** Reference by digest. */
  readonly datasetImage: Input<string>;
  readonly pushSecret: Input<string>;
  /** By which KAITO pulls the dataset; without one the image is mounted, pulled by the nodes' identity. */
  readonly pullSecret?: Input<string>;
}

/**
 * The Workspace of one run, which the keeper makes and deletes. No `count`: the webhook takes one node, and the schema has it for a default.
 * https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/workspace_types.go
 */
export function kaitoWorkspaceManifest(plan: KaitoTuningPlan, inputs: KaitoWorkspaceInputs) {
  return {
    apiVersion: plan.workspaceApi,
    kind: "Workspace",
    metadata: { name: plan.name, namespace: plan.namespace, labels: runLabels(plan) },
    resource: { instanceType: plan.size, labelSelector: { matchLabels: plan.matchLabels } },
    tuning: {
      preset: { name: plan.preset },
      // The controller compares it in lower case, whatever the webhook takes.
      method: plan.recipe.method,
      config: plan.trainingConfig.name,
      input: { name: "dataset", ...datasetSource(inputs) },
      output: { image: inputs.adapterImage, imagePushSecret: inputs.pushSecret },
    },
  };
}

function datasetSource({ datasetImage, pullSecret }: KaitoWorkspaceInputs) {
  if (pullSecret === undefined) return { volumeSource: { image: { reference: datasetImage, pullPolicy: "IfNotPresent" } } };
  return { image: datasetImage, imagePullSecrets: [pullSecret] };
}
