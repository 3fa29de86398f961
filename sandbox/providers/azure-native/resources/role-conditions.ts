import type { JsonObject } from "../../values";
import { ArmError } from "../arm-error";
import { textAt } from "../json";

/** Container Registry Repository Catalog Lister, whose listing has no repository that a condition could name. */
const WITHOUT_CONDITION = "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7";

/** Format of learn.microsoft.com/azure/role-based-access-control/conditions-format, as far as it can be told from outside. */
export function validateCondition(assignment: JsonObject): void {
  const condition = textAt(assignment, "condition");
  if (condition === undefined) return;
  if (textAt(assignment, "conditionVersion") !== "2.0") {
    throw refused("ConditionVersionRequired", "A condition needs conditionVersion 2.0.");
  }
  // learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
  if (textAt(assignment, "roleDefinitionId")?.endsWith(WITHOUT_CONDITION) === true) {
    throw refused("ConditionNotSupported", "This role takes no condition.");
  }
  if (!balanced(condition) || !/@(?:Request|Resource|Principal|Environment)\[/.test(condition)) {
    throw refused("RoleAssignmentConditionNotValid", "The condition is not well formed.");
  }
}

/** Parentheses, brackets and braces outside quotes close in the order in which they were opened. */
function balanced(condition: string): boolean {
  const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
  const open: string[] = [];
  for (const character of condition.replace(/'[^']*'/g, "")) {
    const expected = closing[character];
    if (expected !== undefined) open.push(expected);
    else if (character === "'") return false;
    else if (Object.values(closing).includes(character) && open.pop() !== character) return false;
  }
  return open.length === 0;
}

function refused(code: string, message: string): ArmError {
  return new ArmError(400, code, message);
}
