import type { Resource } from "../../resources/resource";
import { at, hasUnknown, is, isEmpty, list, shown, type Value } from "../../resources/value";
import type { Rule } from "../../rule";
import { rule } from "../settings";
import { CHECKOV } from "../sources";

const ROLES = ["kubernetes:rbac.authorization:Role", "kubernetes:rbac.authorization:ClusterRole"];
const BINDINGS = ["kubernetes:rbac.authorization:RoleBinding", "kubernetes:rbac.authorization:ClusterRoleBinding"];
const GOOD_PRACTICES = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/";

/** What service accounts may ask of the API server. */
export const ROLE_RULES: readonly Rule[] = [
  rule(ROLES, (each) => inEveryRule(each, wildcardFaults), {
    ...{ name: "role-no-wildcards", severity: "high", ids: ["CKV_K8S_49"] },
    description: "A role names the verbs and resources that it is for: a star is also what comes to exist later",
    remediation: "list verbs and resources, as the role of a TuningJob's run does",
    url: CHECKOV,
  }),
  rule(ROLES, (each) => inEveryRule(each, secretFaults), {
    ...{ name: "role-no-secrets", severity: "medium" },
    description: "A role reads no secret but those that it names",
    remediation: "add resourceNames, or remove secrets from the rule",
    url: GOOD_PRACTICES,
  }),
  rule(ROLES, (each) => inEveryRule(each, escalationFaults), {
    ...{ name: "role-no-escalation", severity: "high", ids: ["CKV_K8S_156", "CKV_K8S_158"] },
    description: "A role cannot give itself more: no bind, escalate or impersonate",
    remediation: "remove the verb",
    url: GOOD_PRACTICES,
  }),
  rule(BINDINGS, adminFaults, {
    ...{ name: "role-no-cluster-admin", severity: "high" },
    description: "No service account is administrator of the cluster",
    remediation: "bind a role that names what is needed",
    url: GOOD_PRACTICES,
  }),
];

function inEveryRule({ props }: Resource, check: (rule: Value) => readonly string[]): readonly string[] {
  return list(at(props, "rules")).flatMap((each, index) => check(each).map((fault) => `rules[${index}]${fault}`));
}

function holds(rule: Value, path: string, ...wanted: readonly string[]): boolean {
  return list(at(rule, path)).some((each) => is(each, ...wanted));
}

function wildcardFaults(rule: Value): readonly string[] {
  return ["verbs", "resources"].filter((path) => holds(rule, path, "*")).map((path) => `.${path} holds "*"`);
}

function secretFaults(rule: Value): readonly string[] {
  const reads = holds(rule, "verbs", "get", "list", "watch", "*") && holds(rule, "resources", "secrets");
  const named = at(rule, "resourceNames");
  return reads && isEmpty(named) && !hasUnknown(named) ? [" reads every secret"] : [];
}

function escalationFaults(rule: Value): readonly string[] {
  return ["bind", "escalate", "impersonate"].filter((verb) => holds(rule, "verbs", verb)).map((verb) => `.verbs holds ${shown(verb)}`);
}

function adminFaults({ props }: Resource): readonly string[] {
  const accounts = list(at(props, "subjects")).filter((subject) => is(at(subject, "kind"), "ServiceAccount"));
  return is(at(props, "roleRef.name"), "cluster-admin") && accounts.length > 0 ? ["roleRef.name is \"cluster-admin\" of a service account"] : [];
}
