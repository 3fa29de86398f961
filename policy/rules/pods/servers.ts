import { containersOf, gpusOf, labelsOf, namespaceOf, needsGpu, POD_KINDS, podOf, SERVER_KINDS } from "../../resources/pods";
import type { Resource } from "../../resources/resource";
import { at, hasUnknown, is, isEmpty, isNot, member, numberOf, shown, UNKNOWN, type Value } from "../../resources/value";
import type { Rule, StackFault } from "../../rule";
import { rule } from "../settings";
import { SAFEGUARDS } from "../sources";
import { podRule } from "./pod-rule";

const BUDGET = "kubernetes:policy:PodDisruptionBudget";
const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";

/** Pods that answer requests, and how they are reached. */
export const SERVER_RULES: readonly Rule[] = [
  podRule((pod) => mainContainers(pod).flatMap(({ where, container }) => missing(container, where, "readinessProbe", "livenessProbe")), {
    ...{ name: "server-probes", severity: "medium", ids: ["CKV_K8S_8", "CKV_K8S_9"] },
    description: "A server says when it can answer, and when it no longer can",
    remediation: "set readinessProbe and livenessProbe, as InferenceService does",
    url: SAFEGUARDS,
  }, SERVER_KINDS),
  podRule((pod) => mainContainers(pod).flatMap(({ where, container }) => (gpusOf(container, "limits").length > 0 ? missing(container, where, "startupProbe") : [])), {
    ...{ name: "gpu-server-startup-probe", severity: "medium" },
    description: "A model server has the time to load its model before it is taken for dead",
    remediation: "set a startupProbe whose failureThreshold × periodSeconds covers the load, as InferenceService does from the model's size",
    url: "https://kubernetes.io/docs/concepts/workloads/pods/probes/",
  }, SERVER_KINDS),
  podRule((pod) => (needsGpu(pod) && isPlacedNowhere(pod) ? ["neither nodeSelector nor a required node affinity"] : []), {
    ...{ name: "gpu-pod-placement", severity: "low" },
    description: "A GPU pod names the pool that it is for: a toleration alone lets it land on any that has a GPU, whatever that costs",
    remediation: "set nodeSelector to the pool's own label, aks-fine-tuning.dev/pool of GpuNodePool",
    url: "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/",
  }, POD_KINDS),
  rule(SERVER_KINDS, spreadFaults, {
    ...{ name: "server-spread", severity: "low" },
    description: "Replicas without a GPU do not share a node, whose loss would take them all; those with one mostly have a node each",
    remediation: "set topologySpreadConstraints or a podAntiAffinity",
    url: SAFEGUARDS,
  }),
  {
    ...{ name: "server-disruption-budget", scope: "stack", severity: "low", production: true, check: budgetFaults },
    description: "Of a production server with replicas an upgrade of the nodes takes one at a time",
    remediation: "add a PodDisruptionBudget with maxUnavailable 1, as InferenceService does in production",
    url: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
  },
  rule([BUDGET], blockingFaults, {
    ...{ name: "budget-lets-drain", severity: "high" },
    description: "A disruption budget lets a node be drained: one that never does blocks every upgrade (UnsatisfiablePDB)",
    remediation: "set maxUnavailable to 1, as InferenceService does",
    url: "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/error-code-poddrainfailure",
  }),
  rule(["kubernetes:core:Service"], publicFaults, {
    ...{ name: "service-not-public", severity: "critical" },
    description: "No inference service has an address on the Internet, or a port on every node: vLLM and KAITO ask nobody who they are",
    remediation: `set type to ClusterIP, as InferenceService does, or the annotation ${INTERNAL} to "true"`,
    url: "https://learn.microsoft.com/azure/aks/internal-lb",
  }),
];

function mainContainers(pod: Value): ReturnType<typeof containersOf> {
  return containersOf(pod).filter(({ where }) => where.startsWith("containers"));
}

function missing(container: Value, where: string, ...probes: readonly string[]): readonly string[] {
  return probes.filter((probe) => isEmpty(at(container, probe))).map((probe) => `${where}.${probe} is not set`);
}

function isPlacedNowhere(pod: Value): boolean {
  const selector = at(pod, "nodeSelector");
  const required = at(pod, "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution");
  const any = (value: Value): boolean => hasUnknown(value) || (typeof value === "object" && value !== null && Object.keys(value).length > 0);
  return !any(selector) && !any(required);
}

function spreadFaults(each: Resource): readonly string[] {
  const pod = podOf(each);
  const replicas = numberOf(at(each.props, "spec.replicas")) ?? 1;
  const spread: readonly Value[] = [at(pod, "topologySpreadConstraints"), at(pod, "affinity.podAntiAffinity")];
  // A container whose resources are unknown may have a GPU.
  const mayNeedGpu = pod === UNKNOWN || needsGpu(pod) || hasUnknown(at(pod, "containers"));
  return replicas >= 2 && !mayNeedGpu && spread.every(isEmpty) ? [`${replicas} replicas may share a node`] : [];
}

function budgetFaults(resources: readonly Resource[]): readonly StackFault[] {
  const budgets = resources.filter(({ kind }) => kind === BUDGET);
  const servers = resources.filter(({ kind, props }) => SERVER_KINDS.includes(kind) && (numberOf(at(props, "spec.replicas")) ?? 1) >= 2);
  return servers
    .filter((server) => namespaceOf(server) !== UNKNOWN && !budgets.some((budget) => mayCover(budget, server)))
    .map((resource) => ({ resource, fault: "no PodDisruptionBudget of the stack selects its pods" }));
}

function mayCover(budget: Resource, server: Resource): boolean {
  const namespace = namespaceOf(budget);
  const selector = at(budget.props, "spec.selector.matchLabels");
  const labels = at(server.props, "spec.template.metadata.labels");
  if (namespace === UNKNOWN || hasUnknown(selector) || hasUnknown(labels) || !isEmpty(at(budget.props, "spec.selector.matchExpressions"))) return true;
  const of = labelsOf(labels);
  return namespace === namespaceOf(server) && Object.entries(labelsOf(selector)).every(([key, value]) => of[key] === value);
}

function blockingFaults({ props }: Resource): readonly string[] {
  const most = at(props, "spec.maxUnavailable");
  const least = at(props, "spec.minAvailable");
  return [
    ...(is(most, 0, "0", "0%") ? [`spec.maxUnavailable is ${shown(most)}`] : []),
    ...(is(least, "100%") ? [`spec.minAvailable is ${shown(least)}`] : []),
  ];
}

function publicFaults({ props }: Resource): readonly string[] {
  const type = at(props, "spec.type");
  const annotations = at(props, "metadata.annotations");
  const internal = annotations === UNKNOWN ? UNKNOWN : member(annotations, INTERNAL);
  if (is(type, "NodePort")) return ['spec.type is "NodePort"'];
  return is(type, "LoadBalancer") && isNot(internal, "true", true) ? ['spec.type is "LoadBalancer", on the Internet'] : [];
}

