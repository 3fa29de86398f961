import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig";
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "../cluster";
import { repositoryPrefixCondition, REPOSITORY_WRITER_ROLE, roleDefinitionId } from "../plan/catalogue/azure-roles";
import { guidFrom } from "../plan/digest";
import { tagged, type Tags } from "../plan/tags";
import { credentialName, type TeamPlan } from "../plan/team";
import type { RegistryRef } from "../registry";

/** A user-assigned identity. An existing one is an object literal. */
export interface PushIdentityRef {
  /** Resource id. */
  readonly id: pulumi.Input<string>;
  /** Resource group of the identity, where its federated credentials are made. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Name in Azure. */
  readonly identityName: pulumi.Input<string>;
  /** Application id, with which a pod signs in. */
  readonly clientId: pulumi.Input<string>;
  /** Object id of its service principal. */
  readonly principalId: pulumi.Input<string>;
}

export interface PushGrant {
  readonly cluster: ClusterRef;
  readonly adapters: RegistryRef;
  /** An identity that exists; without one it is made. */
  readonly identity?: PushIdentityRef;
  readonly tags?: Tags;
}

/** An identity that the team's accounts take on without a secret, and that may write to the team's repositories alone. */
export function grantPush(parent: pulumi.Resource, name: string, plan: TeamPlan, grant: PushGrant): PushIdentityRef {
  const { cluster, adapters, tags } = grant;
  const identity = grant.identity ?? pushIdentity(parent, name, cluster, tags);
  federate(parent, name, plan, identity, cluster);
  const client = getClientConfigOutput({ parent });
  const scope = pulumi.output(adapters.id);
  new RoleAssignment(
    `${name}-push`,
    {
      scope,
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: roleDefinitionId(client.subscriptionId, REPOSITORY_WRITER_ROLE),
      condition: repositoryPrefixCondition(plan.namespace),
      conditionVersion: "2.0",
      roleAssignmentName: pulumi.all([scope, identity.id]).apply(([at, who]) => guidFrom(at, who, REPOSITORY_WRITER_ROLE)),
    },
    { parent },
  );
  return identity;
}

function pushIdentity(parent: pulumi.Resource, name: string, { resourceGroupName }: ClusterRef, tags?: Tags): PushIdentityRef {
  const made = new UserAssignedIdentity(`${name}-push`, { resourceGroupName, tags: tagged("Team", name, tags) }, { parent });
  return { id: made.id, resourceGroupName, identityName: made.name, clientId: made.clientId, principalId: made.principalId };
}

/**
 * One credential for each account that may push, each after the one before it: Entra refuses two writes to one identity at a time.
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations#concurrent-updates-arent-supported-user-assigned-managed-identities
 */
function federate(parent: pulumi.Resource, name: string, plan: TeamPlan, identity: PushIdentityRef, cluster: ClusterRef): void {
  let before: FederatedIdentityCredential[] = [];
  for (const account of plan.pushers) {
    const credential = new FederatedIdentityCredential(
      credentialName(name, account),
      {
        resourceGroupName: identity.resourceGroupName,
        resourceName: identity.identityName,
        issuer: cluster.oidcIssuerUrl,
        subject: `system:serviceaccount:${plan.namespace}:${account}`,
        audiences: ["api://AzureADTokenExchange"],
      },
      { parent, dependsOn: before },
    );
    before = [credential];
  }
}
