import type { JsonObject } from "../../values";
import { ArmError } from "../arm-error";
import { objectsAt, textAt, textsAt } from "../json";
import type { TypeRules, Write } from "../rules";

const ASSIGNMENT = "azure-native:authorization:RoleAssignment";
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** learn.microsoft.com/azure/role-based-access-control/role-definitions#assignablescopes: no resource can be one. */
const SCOPE = /^\/(?:subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?|providers\/Microsoft\.Management\/managementGroups\/[^/]+)$/i;

/** Custom roles: learn.microsoft.com/azure/role-based-access-control/custom-roles. The codes that have no source are ours. */
export const roleDefinitionRules: TypeRules = {
  validate: (write) => {
    if (!GUID.test(write.name)) {
      throw new ArmError(400, "InvalidRoleDefinitionId", `The role definition ID '${write.name}' is not valid. The role definition ID must be a GUID.`);
    }
    validateName(write);
    validateScopes(write.inputs);
    validateActions(write.inputs);
  },
  // learn.microsoft.com/powershell/module/az.resources/remove-azroledefinition: fails while the role is assigned.
  validateDelete: (record, { state }) => {
    const assigned = state.ofType(ASSIGNMENT).some(({ outputs }) => textAt(outputs, "roleDefinitionId")?.toLowerCase().endsWith(`/${record.name.toLowerCase()}`));
    if (assigned) {
      throw new ArmError(400, "RoleDefinitionHasAssignments", `There are existing role assignments referencing role '${record.name}'.`);
    }
  },
};

/** Names are the tenant's. Wording: Azure/ARO-RP pull request 1346. */
function validateName({ id, type, inputs, world }: Write): void {
  const roleName = textAt(inputs, "roleName")?.toLowerCase();
  const taken = world.state.ofType(type).some((other) => other.id.toLowerCase() !== id.toLowerCase() && textAt(other.outputs, "roleName")?.toLowerCase() === roleName);
  if (taken) {
    throw new ArmError(409, "RoleDefinitionWithSameNameExists", "A role definition cannot be updated with a name that already exists.");
  }
}

function validateScopes(inputs: JsonObject): void {
  const scopes = textsAt(inputs, "assignableScopes");
  const wrong = scopes.find((scope) => !SCOPE.test(scope));
  if (scopes.length > 0 && wrong === undefined) return;
  throw new ArmError(400, "InvalidAssignableScope", `The assignable scope '${wrong ?? ""}' is no management group, subscription or resource group.`);
}

function validateActions(inputs: JsonObject): void {
  const actions = objectsAt(inputs, "permissions").flatMap((permission) => [...textsAt(permission, "actions"), ...textsAt(permission, "dataActions")]);
  const wrong = actions.find((action) => action !== "*" && !/^[\w*]+(\.[\w*]+)*(\/[\w*.-]+)+$/.test(action));
  if (actions.length > 0 && wrong === undefined) return;
  throw new ArmError(400, "InvalidActionOrNotAction", `'${wrong ?? ""}' does not match any of the actions supported by the providers.`);
}
