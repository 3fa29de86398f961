import type { Input } from "@pulumi/pulumi";
import type { TuningRunPlan } from "../tuning-run";
import { type Placement, preflightPod, runLabels, tuningPod, type TuningPodInputs } from "./tuning-pod";

/** Exit codes that no retry mends: bad configuration, bad data, GPU out of memory, base model not usable, push refused. */
const FINAL_EXIT_CODES = [10, 11, 12, 13, 14];

/** A week: the deadline counts the wait for capacity too, so paid time has its own limit, which the trainer keeps. */
const DEADLINE_SECONDS = 7 * 24 * 3600;

/** A run finishes in its own time; Pulumi only starts it. https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#pulumi-annotations */
const NOT_AWAITED = { "pulumi.com/skipAwait": "true" };

/** Starts at once on a CPU node. */
export function preflightJobManifest(plan: TuningRunPlan, inputs: TuningPodInputs) {
  return {
    metadata: metadata(plan, plan.preflightJobName),
    spec: {
      backoffLimit: 2,
      activeDeadlineSeconds: 3600,
      podFailurePolicy: failurePolicy(["preflight"]),
      template: preflightPod(plan, inputs),
    },
  };
}

/** Waits, suspended, until preflight lets it go. No time-to-live: a Job that Kubernetes deletes is made, and paid, again. */
export function tuningJobManifest(plan: TuningRunPlan, inputs: TuningPodInputs, placement: Placement) {
  return {
    metadata: metadata(plan, plan.tuningJobName),
    spec: {
      suspend: true,
      backoffLimit: 3,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      podReplacementPolicy: "Failed",
      podFailurePolicy: failurePolicy(["train", "push"]),
      template: tuningPod(plan, inputs, placement),
    },
  };
}

/** What the run's pods may do in the cluster: write their record, and let their own Job go. */
export function runRoleRules(plan: TuningRunPlan) {
  return [
    { apiGroups: [""], resources: ["configmaps"], resourceNames: [plan.name], verbs: ["get", "patch"] },
    { apiGroups: ["batch"], resources: ["jobs"], resourceNames: [plan.tuningJobName], verbs: ["get", "patch"] },
  ];
}

/** The subject of the run's role binding. */
export function runSubject(plan: Pick<TuningRunPlan, "namespace">, serviceAccountName: Input<string>) {
  return { kind: "ServiceAccount", name: serviceAccountName, namespace: plan.namespace };
}

function metadata(plan: TuningRunPlan, name: string) {
  return { name, namespace: plan.namespace, labels: runLabels(plan), annotations: NOT_AWAITED };
}

/** An eviction is no failure; a final exit code ends the run at once. https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy */
export function failurePolicy(containers: readonly string[]) {
  return {
    rules: [
      { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
      ...containers.map((containerName) => ({
        action: "FailJob",
        onExitCodes: { containerName, operator: "In", values: FINAL_EXIT_CODES },
      })),
    ],
  };
}
