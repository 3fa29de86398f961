import * as authorization from "@pulumi/azure-native/authorization";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "./cluster";
import { repositoryPrefixCondition, REPOSITORY_WRITER_ROLE, roleDefinitionId } from "./plan/catalogue/azure-roles";
import { guidFrom } from "./plan/digest";
import { TUNING_ACCOUNT } from "./plan/team";
import type { RegistryRef } from "./registry";

export interface PushGrant {
  readonly cluster: ClusterRef;
  readonly adapters: RegistryRef;
  readonly namespace: string;
}

/** An identity that the namespace's runs take on without a secret, and that may write to the team's repositories alone. */
export function grantPush(parent: pulumi.Resource, name: string, grant: PushGrant): managedidentity.UserAssignedIdentity {
  const { cluster, adapters, namespace } = grant;
  const client = authorization.getClientConfigOutput({ parent });
  const identity = new managedidentity.UserAssignedIdentity(
    `${name}-push`,
    { resourceGroupName: cluster.resourceGroupName },
    { parent },
  );
  new managedidentity.FederatedIdentityCredential(
    `${name}-push`,
    {
      resourceGroupName: cluster.resourceGroupName,
      resourceName: identity.name,
      issuer: cluster.oidcIssuerUrl,
      subject: `system:serviceaccount:${namespace}:${TUNING_ACCOUNT}`,
      audiences: ["api://AzureADTokenExchange"],
    },
    { parent },
  );
  const scope = pulumi.output(adapters.id);
  new authorization.RoleAssignment(
    `${name}-push`,
    {
      scope,
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: roleDefinitionId(client.subscriptionId, REPOSITORY_WRITER_ROLE),
      condition: repositoryPrefixCondition(namespace),
      conditionVersion: "2.0",
      roleAssignmentName: pulumi.all([scope, identity.id]).apply(([at, who]) => guidFrom(at, who, REPOSITORY_WRITER_ROLE)),
    },
    { parent },
  );
  return identity;
}
