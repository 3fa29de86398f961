import { allows, type Assignment, assignmentsIn, holdsFor } from "../../components/plan/live/roles";
import { type ArmClient, ArmError } from "../live/arm";
import type { Finding } from "./finding";

const AUTHORIZATION = "2022-04-01";

interface Right {
  readonly name: string;
  readonly actions: readonly string[];
  readonly purpose: string;
  /** The smallest built-in role that brings it. */
  readonly role: string;
}

const RIGHTS: readonly Right[] = [
  {
    name: "make resources",
    actions: ["Microsoft.Resources/subscriptions/resourceGroups/write", "Microsoft.ContainerService/managedClusters/write"],
    purpose: "clusters, pools and networks",
    role: "Contributor",
  },
  {
    name: "assign roles",
    actions: ["Microsoft.Authorization/roleAssignments/write"],
    purpose: "identities of clusters and teams get theirs at deployment",
    role: "Role Based Access Control Administrator",
  },
];

/** Whether who is signed in may make resources and assign roles, by the definitions of all roles that they have, through groups too. */
export async function roleFindings(client: ArmClient): Promise<readonly Finding[]> {
  const { subscriptionId, principalId } = client;
  if (principalId === undefined) throw new ArmError("the token does not say whose it is");
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleAssignments`;
  const assignments = assignmentsIn(await client.list(path, AUTHORIZATION, { $filter: `assignedTo('${principalId}')` }));
  const ids = [...new Set(assignments.map(({ roleDefinitionId }) => roleDefinitionId))].filter(isDefinition);
  const definitions = new Map(await Promise.all(ids.map(async (id) => [id, await client.get(id, AUTHORIZATION)] as const)));
  return RIGHTS.map((right) => finding(right, assignments, definitions, client));
}

/** The id is a part of the next address. */
function isDefinition(id: string): boolean {
  return /^\/(?:[\w.-]+\/)*providers\/Microsoft\.Authorization\/roleDefinitions\/[0-9a-f-]+$/i.test(id) && !id.includes("..");
}

function finding({ name, actions, purpose, role }: Right, assignments: readonly Assignment[], definitions: ReadonlyMap<string, unknown>, client: ArmClient): Finding {
  const { subscriptionId, principalId = "" } = client;
  const base = { section: "Roles", name } as const;
  const fix = `az role assignment create --assignee ${principalId} --role "${role}" --scope /subscriptions/${subscriptionId}`;
  const bringing = (action: string): readonly Assignment[] => assignments.filter(({ roleDefinitionId }) => allows(definitions.get(roleDefinitionId), action));
  const whole = actions.map((action) => bringing(action).filter(({ scope }) => holdsFor(subscriptionId, scope)));
  if (whole.every((each) => each.some(({ conditional }) => !conditional))) return { ...base, state: "ok", text: `on the whole subscription: ${purpose}` };
  if (whole.every((each) => each.length > 0)) return { ...base, state: "notice", text: `with a condition, which may exclude what is needed: ${purpose}` };
  const scopes = [...new Set(actions.flatMap(bringing).map(({ scope }) => scope))];
  const where = scopes.length === 0 ? "no role of yours allows it" : `only in ${scopes.join(", ")}, not in the subscription`;
  return { ...base, state: "missing", text: `${where}: ${purpose}`, fix };
}
