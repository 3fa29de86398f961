import { listAt, textAt, textsAt } from "./json";

/** A role that somebody has, and where. */
export interface Assignment {
  readonly roleDefinitionId: string;
  /** Id of what the role holds for, with all that is in it. */
  readonly scope: string;
  /** Whether a condition limits what the role may do. */
  readonly conditional: boolean;
}

/** https://learn.microsoft.com/rest/api/authorization/role-assignments/list-for-subscription */
export function assignmentsIn(answer: readonly unknown[]): readonly Assignment[] {
  return answer.flatMap((each) => {
    const roleDefinitionId = textAt(each, "properties", "roleDefinitionId");
    const scope = textAt(each, "properties", "scope");
    return roleDefinitionId === undefined || scope === undefined ? [] : [{ roleDefinitionId, scope, conditional: textAt(each, "properties", "condition") !== undefined }];
  });
}

/** Whether a role at this scope holds for the whole subscription: it is assigned there, at a management group above it, or at the root. */
export function holdsFor(subscriptionId: string, scope: string): boolean {
  const lower = scope.toLowerCase().replace(/\/+$/, "");
  return lower === "" || lower === `/subscriptions/${subscriptionId.toLowerCase()}` || lower.startsWith("/providers/microsoft.management/managementgroups/");
}

/** Whether a role's definition allows an action: a pattern of `actions` matches and none of `notActions` does, permission by permission. */
export function allows(roleDefinition: unknown, action: string): boolean {
  return listAt(roleDefinition, "properties", "permissions").some(
    (permission) => matches(textsAt(permission, "actions"), action) && !matches(textsAt(permission, "notActions"), action),
  );
}

/** `*` stands for any text, slashes included: https://learn.microsoft.com/azure/role-based-access-control/role-definitions#actions-format */
function matches(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
  });
}
