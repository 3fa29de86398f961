import type { Parameters } from "../../parameters";
import { namespaceOf, objectName } from "../../resources/pods";
import type { Resource } from "../../resources/resource";
import { at, entries, hasUnknown, is, isEmpty, list, member, shown, UNKNOWN, type Value } from "../../resources/value";
import type { Rule, StackFault } from "../../rule";
import { rule } from "../settings";
import { CHECKOV, POD_SECURITY } from "../sources";

const NAMESPACE = "kubernetes:core:Namespace";
const LABEL = "pod-security.kubernetes.io";

/** What stands around the workloads of a namespace that a stack makes. */
export const NAMESPACE_RULES: readonly Rule[] = [
  rule([NAMESPACE], labelFaults, {
    ...{ name: "namespace-pod-security", severity: "high" },
    description: "A namespace enforces the restricted standard, at a version that does not move with the cluster's",
    remediation: `label it ${LABEL}/enforce: restricted and ${LABEL}/enforce-version: v1.…, as Team does; KAITO's pods need an exempt one`,
    url: POD_SECURITY,
  }),
  {
    ...{ name: "namespace-default-deny", scope: "stack", severity: "high", ids: ["CKV2_K8S_6"], check: (all, parameters) => lacking(all, parameters, [deniesAll], "default-deny network policy") },
    description: "Pods of a namespace talk to nobody, and nobody to them, but for what a policy allows",
    remediation: "add a NetworkPolicy with an empty podSelector, policyTypes Ingress and Egress and no rules, as Team does",
    url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-and-all-egress-traffic",
  },
  {
    ...{ name: "namespace-quota", scope: "stack", severity: "medium", check: (all, parameters) => lacking(all, parameters, [limitsGpus], "ResourceQuota of GPUs") },
    description: "A namespace has a quota of GPUs, so that one team's mistake is not everybody's bill",
    remediation: "add a ResourceQuota with requests.nvidia.com/gpu (Team: maxGpus)",
    url: "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
  },
  {
    ...{ name: "namespace-limit-range", scope: "stack", severity: "low", check: (all, parameters) => lacking(all, parameters, [isKind("LimitRange")], "LimitRange") },
    description: "Containers of a namespace that say nothing get small limits",
    remediation: "add a LimitRange (Team: containers)",
    url: "https://kubernetes.io/docs/concepts/policy/limit-range/",
  },
  rule(["kubernetes:core:ServiceAccount"], tokenFaults, {
    ...{ name: "service-account-no-token", severity: "low", ids: ["CKV_K8S_38"] },
    description: "A service account hands out no token of the API server unasked",
    remediation: "set automountServiceAccountToken to false, as Team does",
    url: CHECKOV,
  }),
];

function labelFaults(each: Resource, parameters: Parameters): readonly string[] {
  const labels = at(each.props, "metadata.labels");
  if (labels === UNKNOWN || isLeftAlone(each, parameters)) return [];
  const [level, version] = ["enforce", "enforce-version"].map((key) => member(labels, `${LABEL}/${key}`));
  if (level === UNKNOWN) return [];
  if (!is(level, "restricted")) return [`${LABEL}/enforce is ${shown(level)}`];
  return isEmpty(version) || is(version, "latest") ? [`${LABEL}/enforce-version is ${shown(version)}`] : [];
}

/** The namespaces of a stack that surely lack something, of which any of the checks would be enough. */
function lacking(
  all: readonly Resource[],
  parameters: Parameters,
  checks: readonly ((each: Resource) => boolean)[],
  what: string,
): readonly StackFault[] {
  const guards = all.filter((each) => checks.some((check) => check(each)));
  const namespaces = all.filter((each) => each.kind === NAMESPACE && objectName(each) !== undefined && !isLeftAlone(each, parameters));
  return namespaces
    .filter((namespace) => !guards.some((guard) => namespaceOf(guard) === UNKNOWN || namespaceOf(guard) === objectName(namespace)))
    .map((resource) => ({ resource, fault: `the namespace "${objectName(resource) ?? ""}" has no ${what} in the stack` }));
}

function isLeftAlone(namespace: Resource, { privilegedNamespaces }: Parameters): boolean {
  if (at(namespace.props, "metadata.name") === UNKNOWN) return true;
  return privilegedNamespaces.includes(objectName(namespace) ?? namespace.name);
}

function isKind(kind: string): (each: Resource) => boolean {
  return (each) => each.kind === `kubernetes:core:${kind}`;
}

/** Whether a policy denies everything both ways, or may do so. */
function deniesAll({ kind, props }: Resource): boolean {
  if (kind !== "kubernetes:networking:NetworkPolicy") return false;
  const parts = ["podSelector", "policyTypes", "ingress", "egress"].map((path): Value => at(props, `spec.${path}`));
  if (parts.some(hasUnknown)) return true;
  const [selector, types, ingress, egress] = parts;
  const directions = list(types);
  const everyPod = entries(selector).every(([, part]) => isEmpty(part) || entries(part).length === 0);
  return everyPod && isEmpty(ingress) && isEmpty(egress) && ["Ingress", "Egress"].every((direction) => directions.some((each) => is(each, direction)));
}

function limitsGpus(each: Resource): boolean {
  if (!isKind("ResourceQuota")(each)) return false;
  const hard: Value = at(each.props, "spec.hard");
  return hard === UNKNOWN || entries(hard).some(([key]) => /^(?:requests|limits)\.(?:nvidia|amd)\.com\//.test(key));
}

function tokenFaults({ props }: Resource): readonly string[] {
  const mounts = at(props, "automountServiceAccountToken");
  return mounts === UNKNOWN || is(mounts, false) ? [] : [`automountServiceAccountToken is ${shown(mounts)}`];
}
