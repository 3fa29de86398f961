import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig";
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import * as pulumi from "@pulumi/pulumi";
import {
  repositoryPrefixCondition,
  repositoryReadCondition,
  REPOSITORY_READER_ROLE,
  REPOSITORY_WRITER_ROLE,
  roleDefinitionId,
} from "../plan/catalogue/azure-roles";
import { guidFrom } from "../plan/digest";

/** Somebody who pushes images from outside the cluster: a pipeline, a person, a group. */
export interface RegistryPusher {
  /** Object id in Microsoft Entra. */
  readonly principalId: pulumi.Input<string>;
  /** What the principal is in Entra; a managed identity is a service principal. @default "ServicePrincipal" */
  readonly principalType?: "ServicePrincipal" | "User" | "Group";
  /** Start of the repositories' names, without the slash that ends it. Plain: it is checked before anything is registered. */
  readonly prefix: string;
}

export interface Grant {
  readonly registryId: pulumi.Input<string>;
  readonly principalId: pulumi.Input<string>;
  /** Said always, for Azure looks a principal up otherwise, and a new one may not be found yet. @default "ServicePrincipal" */
  readonly principalType?: RegistryPusher["principalType"];
  readonly role: string;
  /** Repositories that the role holds for. @default - all */
  readonly condition?: string;
}

/** The role of a cluster's nodes. */
export function grantPull(parent: pulumi.Resource, name: string, grant: Pick<Grant, "registryId" | "principalId">, prefix: string | undefined): void {
  const condition = prefix === undefined ? undefined : repositoryReadCondition(prefix);
  grantRole(parent, `${name}-pull`, { ...grant, role: REPOSITORY_READER_ROLE, condition });
}

/** One role for each of those who push. */
export function grantPushers(
  parent: pulumi.Resource,
  name: string,
  registryId: pulumi.Input<string>,
  pushers: Readonly<Record<string, RegistryPusher>>,
): void {
  for (const [who, { principalId, principalType, prefix }] of Object.entries(pushers)) {
    const grant = { registryId, principalId, principalType, role: REPOSITORY_WRITER_ROLE, condition: repositoryPrefixCondition(prefix) };
    grantRole(parent, `${name}-push-${who}`, grant);
  }
}

export function grantRole(parent: pulumi.Resource, name: string, grant: Grant): RoleAssignment {
  const { registryId: scope, principalType = "ServicePrincipal", role, condition } = grant;
  const client = getClientConfigOutput({ parent });
  const principalId = pulumi.output(grant.principalId);
  return new RoleAssignment(
    name,
    {
      scope,
      principalId,
      principalType,
      roleDefinitionId: roleDefinitionId(client.subscriptionId, role),
      ...(condition === undefined ? {} : { condition, conditionVersion: "2.0" }),
      roleAssignmentName: pulumi.all([scope, principalId]).apply(([at, who]) => guidFrom(at, who, role)),
    },
    { parent },
  );
}
