import type { Resource } from "../resources/resource";
import { at, isEmpty, textOf } from "../resources/value";
import type { Rule } from "../rule";
import { rule } from "./settings";

const ROLE_ASSIGNMENT = ["azure-native:authorization:RoleAssignment"];
/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged */
const PRIVILEGED: Readonly<Record<string, string>> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
};

/** Azure roles. */
export const IDENTITY_RULES: readonly Rule[] = [
  rule(ROLE_ASSIGNMENT, ({ props }) => (isEmpty(at(props, "principalType")) ? ["principalType is not set"] : []), {
    ...{ name: "role-principal-type", severity: "low" },
    description: "A role assignment says what it is for: of an identity that was just made, Azure otherwise answers that there is none",
    remediation: 'set principalType, "ServicePrincipal" for identities (Cluster: deployerType)',
    url: "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-new-principal-sometimes-fails",
  }),
  rule(ROLE_ASSIGNMENT, widthFaults, {
    ...{ name: "role-not-subscription-wide", severity: "high" },
    description: "Nothing that this stack makes may change a whole subscription",
    remediation: "assign the role on the resource or resource group that needs it, as Cluster, Registry and Team do, or a narrower role",
    url: "https://learn.microsoft.com/azure/role-based-access-control/best-practices",
  }),
];

function widthFaults({ props }: Resource): readonly string[] {
  const role = PRIVILEGED[textOf(at(props, "roleDefinitionId"))?.split("/").at(-1)?.toLowerCase() ?? ""];
  const scope = textOf(at(props, "scope")) ?? "";
  const wide = /^\/subscriptions\/[^/]+\/?$/i.test(scope) || /^\/providers\/Microsoft\.Management\/managementGroups\//i.test(scope) || scope === "/";
  return role !== undefined && wide ? [`${role} is assigned on ${scope}`] : [];
}
