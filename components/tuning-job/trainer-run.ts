import * as batch from "@pulumi/kubernetes/batch/v1";
import * as pulumi from "@pulumi/pulumi";
import type { PoolRef } from "../gpu-node-pool";
import { trainerConfiguration } from "../plan/manifests/trainer-configuration";
import { preflightJobManifest, runRoleRules, tuningJobManifest } from "../plan/manifests/tuning-job";
import type { TuningPodInputs } from "../plan/manifests/tuning-pod";
import { planTuningRun, type TuningRunPlan } from "../plan/tuning-run";
import type { TuningJobArgs } from "../tuning-job";
import type { PlannedRun } from "./planned-run";
import { runFoundation } from "./run-foundation";

/** A run of the library's own trainer. */
export function trainerRun(name: string, args: TuningJobArgs): PlannedRun {
  const { engine, team, pool, recipe, dataset, sizing, maximumPaidHours } = args;
  const plan = planTuningRun(name, { engine, recipe, namespace: team.namespace, dataset, pool, sizing, maximumPaidHours, team });
  return {
    ...plan,
    summary: summaryOf(plan, pool),
    notices: [],
    guards: [],
    register: (child) => registerRun(plan, args, child),
  };
}

/** What a preview says of a run, in words of its own and not in those of its manifests, which name images that may be unknown. */
function summaryOf({ runId, recipe, rows, priority, shape, sizing }: TuningRunPlan, { nodeSelector }: PoolRef) {
  const { reason, hours, usd } = sizing;
  return { runId, model: recipe.model.name, method: recipe.method, rows, reason, shape, priority, nodeSelector, hours, usd };
}

/** The objects of one run. All carry its id in their names, so that another run replaces none of them. */
function registerRun(plan: TuningRunPlan, args: TuningJobArgs, child: pulumi.CustomResourceOptions): void {
  const { team, dataset, trainer, weights, pool } = args;
  const inputs: TuningPodInputs = {
    trainerImage: trainer.image,
    datasetImage: dataset.image,
    weightsImage: weights.image,
    serviceAccountName: team.tuningServiceAccount,
    checkpointsClaim: team.checkpointsClaim,
  };
  const lineage = { registry: team.adapters.loginServer, trainerImage: trainer.image, datasetImage: dataset.image };
  const foundation = { objectName: plan.configurationName, configuration: trainerConfiguration(plan, lineage), rules: runRoleRules(plan) };
  // A library upgrade must not restart a run: the provider replaces a Job for any change of its template.
  const asStarted = pulumi.mergeOptions(child, { ignoreChanges: ["spec"], dependsOn: runFoundation(plan, team, foundation, child) });
  const tuning = new batch.Job(plan.tuningJobName, tuningJobManifest(plan, inputs, pool), asStarted);
  new batch.Job(
    plan.preflightJobName,
    preflightJobManifest(plan, inputs),
    pulumi.mergeOptions(asStarted, { dependsOn: [tuning] }),
  );
}
