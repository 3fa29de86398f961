import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig";
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster, ClusterArgs } from "../cluster";
import { CRYPTO_USER_ROLE, DEPLOYER_ROLE, NETWORK_ROLE, PRIVATE_ZONE_ROLE, roleDefinitionId } from "../plan/catalogue/azure-roles";
import type { ClusterPlan } from "../plan/cluster";
import { checkedIdentityId, type IdentityRef } from "../plan/cluster/identity";
import { guidFrom } from "../plan/digest";
import { tagged } from "../plan/tags";

/** The identity of the control plane: the one given, or one of the cluster's own. */
export function clusterIdentity(cluster: Cluster, name: string, { identity, resourceGroupName, location, tags }: ClusterArgs): IdentityRef {
  if (identity) {
    const id = pulumi.output(identity.id).apply((known) => checkedIdentityId(`Cluster "${name}"`, known));
    return { id, principalId: identity.principalId };
  }
  const own = new UserAssignedIdentity(
    name,
    { resourceGroupName, location, tags: tagged("Cluster", name, tags) },
    { parent: cluster },
  );
  return { id: own.id, principalId: own.principalId };
}

/** Roles take minutes to act, so all of them are given before the cluster exists. */
export function clusterRoles(cluster: Cluster, name: string, plan: ClusterPlan, args: ClusterArgs, identity: IdentityRef) {
  const toIdentity = (suffix: string, scope: pulumi.Input<string>, role: string): RoleAssignment =>
    assignment(cluster, `${name}-${suffix}`, { scope, role, to: identity.principalId, type: "ServicePrincipal", seed: identity.id });
  const subnetId = pulumi.output(args.network.nodeSubnetId);
  const roles = [deployerRole(cluster, name, args), toIdentity("network", subnetId, NETWORK_ROLE)];
  const zoneId = plan.privateApiServer ? args.network.privateEndpoints?.zones.cluster : undefined;
  if (zoneId !== undefined) {
    // AKS writes the API server's record and links the zone to the network unless it is linked, as a `Network` does; it asks for both roles
    // either way: https://learn.microsoft.com/azure/aks/private-clusters
    roles.push(
      toIdentity("private-zone", zoneId, PRIVATE_ZONE_ROLE),
      toIdentity("network-link", subnetId.apply((id) => id.replace(/\/subnets\/[^/]+$/, "")), NETWORK_ROLE),
    );
  }
  if (args.encryption?.etcd) roles.push(toIdentity("etcd-key", args.encryption.etcd.vaultId, CRYPTO_USER_ROLE));
  return roles;
}

/** At the resource group, which contains the cluster that does not exist yet. */
function deployerRole(cluster: Cluster, name: string, args: ClusterArgs): RoleAssignment {
  const client = getClientConfigOutput({ parent: cluster });
  return assignment(cluster, `${name}-deployer`, {
    scope: pulumi.interpolate`/subscriptions/${client.subscriptionId}/resourceGroups/${args.resourceGroupName}`,
    role: DEPLOYER_ROLE,
    to: client.objectId,
    type: args.deployerType ?? "User",
    seed: client.objectId,
  });
}

interface Assignment {
  readonly scope: pulumi.Input<string>;
  readonly role: string;
  readonly to: pulumi.Input<string>;
  readonly type: "User" | "ServicePrincipal";
  /** What tells two assignments of a role at one scope apart. */
  readonly seed: pulumi.Input<string>;
}

function assignment(parent: Cluster, name: string, { scope, role, to, type, seed }: Assignment): RoleAssignment {
  const client = getClientConfigOutput({ parent });
  return new RoleAssignment(
    name,
    {
      scope,
      principalId: to,
      principalType: type,
      roleDefinitionId: roleDefinitionId(client.subscriptionId, role),
      roleAssignmentName: pulumi.all([scope, seed]).apply(([at, who]) => guidFrom(at, who, role)),
    },
    { parent },
  );
}
