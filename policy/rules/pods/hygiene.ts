import { gpusOf, namespaceOf, POD_KINDS, podOf } from "../../resources/pods";
import { at, hasUnknown, is, isEmpty, list, member, numberOf, shown, UNKNOWN, type Value } from "../../resources/value";
import type { Rule } from "../../rule";
import { rule, wrong } from "../settings";
import { CHECKOV, SAFEGUARDS } from "../sources";
import { containerRule, podRule, unprivileged } from "./pod-rule";

/** What the restricted standard leaves open. */
export const HYGIENE_RULES: readonly Rule[] = [
  // A limit on CPU throttles while cores stand idle; on a node that one pod has alone it only costs time: https://home.robusta.dev/blog/stop-using-cpu-limits
  containerRule(resourceFaults, {
    ...{ name: "pod-resources", severity: "medium", ids: ["CKV_K8S_10", "CKV_K8S_12", "CKV_K8S_13"] },
    description: "A container says how much CPU and memory it needs, and how much memory it may take; a limit on CPU is not asked for",
    remediation: "set resources.requests.cpu, resources.requests.memory and resources.limits.memory on every container",
    url: SAFEGUARDS,
  }),
  containerRule(gpuFaults, {
    ...{ name: "pod-gpu-limit", severity: "high" },
    description: "A container that asks for GPUs limits them to the same number: Kubernetes refuses any other",
    remediation: "set resources.limits to the GPUs of resources.requests, as TuningJob does",
    url: "https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/",
  }),
  unprivileged(
    containerRule((each) => wrong(each, "securityContext.readOnlyRootFilesystem", true), {
      ...{ name: "pod-read-only-root", severity: "low", ids: ["CKV_K8S_22"] },
      description: "A container cannot change its own programs",
      remediation: "set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where caches are written",
      url: "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
    }),
  ),
  podRule((pod) => (pod === undefined ? [] : wrong(pod, "automountServiceAccountToken", false)), {
    ...{ name: "pod-no-mounted-token", severity: "medium", ids: ["CKV_K8S_38"] },
    description: "No pod gets a token of the API server unasked; workload identity brings its own",
    remediation: "set automountServiceAccountToken to false, and project a short-lived token where one is used",
    url: CHECKOV,
  }),
  podRule(accountFaults, {
    ...{ name: "pod-own-service-account", severity: "low", ids: ["CKV_K8S_41"] },
    description: "A pod has a service account of its own, so that roles given to it are nobody else's",
    remediation: "set serviceAccountName to an account other than default",
    url: CHECKOV,
  }),
  containerRule(secretFaults, {
    ...{ name: "pod-no-secret-in-environment", severity: "medium", ids: ["CKV_K8S_35"] },
    description: "Secrets are mounted as files: what is in the environment is in every crash report and child process",
    remediation: "mount the secret as a volume or through the Key Vault driver instead of secretKeyRef and secretRef",
    url: CHECKOV,
  }),
  unprivileged(
    containerRule((each, pod) => idFaults(each, pod), {
      ...{ name: "pod-high-user-id", severity: "low", ids: ["CKV_K8S_40"] },
      description: "A container runs as a user whose number is no user's of the node",
      remediation: "set securityContext.runAsUser of the pod to 10000 or above",
      url: CHECKOV,
    }),
  ),
  rule(POD_KINDS, (each) => namespaceFaults(namespaceOf(each), podOf(each)), {
    ...{ name: "pod-own-namespace", severity: "medium", ids: ["CKV_K8S_21"] },
    description: "Workloads run in a namespace of their team, never in default or kube-system",
    remediation: "set metadata.namespace (Team makes one)",
    url: CHECKOV,
  }),
];

function resourceFaults(container: Value): readonly string[] {
  const paths = ["requests.cpu", "requests.memory", "limits.memory"];
  // A limit without a request is the request too: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
  const missing = (path: string): boolean => isEmpty(at(container, `resources.${path}`)) && isEmpty(at(container, `resources.${path.replace("requests", "limits")}`));
  return paths.filter(missing).map((path) => `resources.${path} is not set`);
}

function gpuFaults(container: Value): readonly string[] {
  const limits = at(container, "resources.limits");
  return gpusOf(container, "requests").flatMap(([name, asked]) => {
    const limit = limits === UNKNOWN ? UNKNOWN : member(limits, name);
    if (limit === UNKNOWN || asked === UNKNOWN || numberOf(limit) === numberOf(asked)) return [];
    return [`resources asks for ${shown(asked)} of ${name} with a limit of ${shown(limit)}`];
  });
}

function accountFaults(pod: Value): readonly string[] {
  const account = at(pod, "serviceAccountName");
  return pod !== undefined && (isEmpty(account) || is(account, "default")) ? [`serviceAccountName is ${shown(account)}`] : [];
}

function secretFaults(container: Value): readonly string[] {
  const single = list(at(container, "env")).filter((each) => !isEmpty(at(each, "valueFrom.secretKeyRef")) && !hasUnknown(at(each, "valueFrom")));
  const whole = list(at(container, "envFrom")).filter((each) => !isEmpty(at(each, "secretRef")) && !hasUnknown(at(each, "secretRef")));
  return [...single.map((each) => `env holds ${shown(at(each, "name"))} of a secret`), ...whole.map(() => "envFrom holds a whole secret")];
}

function idFaults(container: Value, pod: Value): readonly string[] {
  const path = "securityContext.runAsUser";
  const user = at(container, path) ?? at(pod, path);
  if (user === UNKNOWN || (numberOf(user) ?? 0) >= 10_000) return [];
  return [`${path} is ${shown(user)}`];
}

function namespaceFaults(namespace: string | typeof UNKNOWN, pod: Value): readonly string[] {
  return pod !== undefined && is(namespace, "default", "kube-system") ? [`metadata.namespace is ${shown(namespace)}`] : [];
}

