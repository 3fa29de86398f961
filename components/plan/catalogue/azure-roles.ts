import type { Input, Output } from "@pulumi/pulumi";

/** Built-in roles by id, the same in every tenant: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */

/** Azure Kubernetes Service RBAC Cluster Admin. */
export const DEPLOYER_ROLE = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b";
/** Network Contributor. */
export const NETWORK_ROLE = "4d97b98b-1d4f-4787-a291-c67834d212e7";
/** Private DNS Zone Contributor. */
export const PRIVATE_ZONE_ROLE = "b12aa53e-6015-4669-85d0-8515ebb3ae7f";
/** Key Vault Crypto User. */
export const CRYPTO_USER_ROLE = "12338af0-0e69-4776-bea7-57ae8d297424";
/** Container Registry Repository Reader; AcrPull is ignored by a registry in repository-permission mode. */
export const REPOSITORY_READER_ROLE = "b93aa761-3e63-49ed-ac28-beffa264f7ac";
/** Container Registry Repository Writer. */
export const REPOSITORY_WRITER_ROLE = "2a1e307c-b015-4ebd-883e-5b7698a07328";

/** The full id of a built-in role. */
export function roleDefinitionId(subscriptionId: Output<string>, role: string): Input<string> {
  return subscriptionId.apply((id) => `/subscriptions/${id}/providers/Microsoft.Authorization/roleDefinitions/${role}`);
}

/**
 * Condition of a writer role that holds for repositories of one team alone:
 * https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
 */
export function repositoryPrefixCondition(prefix: string): string {
  const write = "Microsoft.ContainerRegistry/registries/repositories/content/write";
  const name = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]";
  const read = "Microsoft.ContainerRegistry/registries/repositories/content/read";
  return (
    `((!(ActionMatches{'${write}'}) AND !(ActionMatches{'${read}'})) OR ` +
    `(${name} StringStartsWithIgnoreCase '${prefix}/'))`
  );
}
