import { isDurable, needsGpu, podOf, toleratesSpot } from "../../resources/pods";
import type { Resource } from "../../resources/resource";
import { at, holdsNone, is, isEmpty, list, shown, UNKNOWN, type Value } from "../../resources/value";
import type { ResourceRule, Rule } from "../../rule";
import { rule, type Text } from "../settings";
import { SPOT_POOLS } from "../sources";

const JOB = ["kubernetes:batch:Job"];

/** A rule of Jobs whose pods surely need a GPU. */
function gpuJobRule(check: (job: Resource, pod: Value) => readonly string[], text: Text): ResourceRule {
  return rule(JOB, (each) => (needsGpu(podOf(each)) ? check(each, podOf(each)) : []), text);
}

/** Runs that a GPU is paid for. */
export const JOB_RULES: readonly Rule[] = [
  gpuJobRule(({ props }) => (isEmpty(at(props, "spec.ttlSecondsAfterFinished")) || at(props, "spec.ttlSecondsAfterFinished") === UNKNOWN ? [] : [`spec.ttlSecondsAfterFinished is ${shown(at(props, "spec.ttlSecondsAfterFinished"))}`]), {
    ...{ name: "gpu-job-no-time-to-live", severity: "high" },
    description: "Kubernetes does not delete a finished GPU Job: the next pulumi up would make it again, and pay for it again",
    remediation: "remove spec.ttlSecondsAfterFinished, as TuningJob does; the Job leaves with the program that declares it",
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/",
  }),
  gpuJobRule(({ props }) => (isEmpty(at(props, "spec.activeDeadlineSeconds")) ? ["spec.activeDeadlineSeconds is not set"] : []), {
    ...{ name: "gpu-job-deadline", severity: "medium" },
    description: "A GPU Job ends at some point: failures that are forgiven, such as evictions, have no limit of their own",
    remediation: "set spec.activeDeadlineSeconds, as TuningJob does",
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup",
  }),
  gpuJobRule((job, pod) => (toleratesSpot(pod) ? evictionFaults(job.props, pod) : []), {
    ...{ name: "gpu-job-forgives-evictions", severity: "medium" },
    description: "An eviction does not use up the attempts of a Job that may run on spot nodes",
    remediation: "set restartPolicy Never and a podFailurePolicy that ignores the condition DisruptionTarget, as TuningJob does",
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy",
  }),
  gpuJobRule((_, pod) => (toleratesSpot(pod) && holdsNone(at(pod, "volumes"), isDurable) ? ["every volume ends with the pod"] : []), {
    ...{ name: "gpu-job-durable-checkpoints", severity: "high" },
    description: "A Job that may run on spot nodes writes its checkpoints where an eviction leaves them",
    remediation: "mount a persistentVolumeClaim of Azure Files or Blob, as TuningJob does with Team's share",
    url: SPOT_POOLS,
  }),
];

function evictionFaults(props: Value, pod: Value): readonly string[] {
  const rules = at(props, "spec.podFailurePolicy.rules");
  const forgives = (each: Value): boolean =>
    is(at(each, "action"), "Ignore") && list(at(each, "onPodConditions")).some((condition) => is(at(condition, "type"), "DisruptionTarget"));
  const policy = at(pod, "restartPolicy");
  return [
    ...(holdsNone(rules, forgives) ? ["spec.podFailurePolicy does not ignore DisruptionTarget"] : []),
    ...(policy !== UNKNOWN && !is(policy, "Never") ? [`restartPolicy is ${shown(policy)}`] : []),
  ];
}
