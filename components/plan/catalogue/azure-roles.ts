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

/** Container Registry Repository Contributor: writes and deletes. */
export const REPOSITORY_CONTRIBUTOR_ROLE = "2efddaa5-3f1f-4df3-97df-af3f13818f4c";
/** Container Registry Repository Catalog Lister; takes no condition. */
export const CATALOG_LISTER_ROLE = "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7";

/** The full id of a built-in role. */
export function roleDefinitionId(subscriptionId: Output<string>, role: string): Input<string> {
  return subscriptionId.apply((id) => `/subscriptions/${id}/providers/Microsoft.Authorization/roleDefinitions/${role}`);
}

/**
 * Condition of a writer role that holds for repositories of one team alone. An action that a condition does not name is allowed everywhere,
 * so all of the role's are named, those on metadata too: with them manifests are locked and unlocked.
 * https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
 */
export function repositoryPrefixCondition(prefix: string): string {
  return startsWith(prefix, ["content/read", "content/write", "metadata/read", "metadata/write"]);
}

/** The same for a reader role. */
export function repositoryReadCondition(prefix: string): string {
  return startsWith(prefix, ["content/read", "metadata/read"]);
}

function startsWith(prefix: string, actions: readonly string[]): string {
  const repositories = "Microsoft.ContainerRegistry/registries/repositories";
  const others = actions.map((action) => `!(ActionMatches{'${repositories}/${action}'})`).join(" AND ");
  return `((${others}) OR (@Request[${repositories}:name] StringStartsWithIgnoreCase '${prefix}/'))`;
}
