import { armType, lastSegment, parentId, resourceGroupOf } from "./arm-ids";
import { ArmError, notFound } from "./arm-error";
import { objectsAt, textAt } from "./json";
import type { World } from "./rules";
import type { ResourceRecord, StateStore } from "./state";

/**
 * ARM answers 404 for a write to a resource whose group, parent or scope does not exist. Other subscriptions are not
 * looked into.
 */
export function requireSurroundings(id: string, { state, subscriptionId }: World): void {
  const own = `/subscriptions/${subscriptionId}/`;
  const group = resourceGroupOf(id);
  if (!id.startsWith(own) || group === undefined || armType(id) === "Microsoft.Resources/resourceGroups") return;
  const groupId = `${own}resourceGroups/${group}`;
  if (!exists(groupId, state)) throw missing(groupId);
  const parent = parentId(id);
  if (parent !== undefined && !exists(parent, state)) {
    throw new ArmError(
      404,
      "ParentResourceNotFound",
      `Failed to perform 'write' on resource(s) of type '${armType(id)}', because the parent resource '${parent}' ` +
        "could not be found.",
    );
  }
  const scope = id.slice(0, id.toLowerCase().lastIndexOf("/providers/"));
  if (!exists(scope, state)) throw missing(scope);
}

/** Subnets declared with their network and node resource groups exist too, without a record of their own. */
function exists(id: string, state: StateStore): boolean {
  const inline = (record: ResourceRecord) =>
    objectsAt(record.outputs, "subnets").some((subnet) => textAt(subnet, "id")?.toLowerCase() === id.toLowerCase());
  const nodeGroup = (record: ResourceRecord) =>
    id.toLowerCase().endsWith(`/${textAt(record.outputs, "nodeResourceGroup")?.toLowerCase() ?? "/"}`);
  return state.get(id) !== undefined || state.all().some((record) => inline(record) || nodeGroup(record));
}

export function missing(id: string): ArmError {
  const group = resourceGroupOf(id) ?? "";
  if (armType(id) !== "Microsoft.Resources/resourceGroups") return notFound(armType(id), lastSegment(id), group);
  return new ArmError(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);
}
