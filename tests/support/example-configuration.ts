import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { IMAGES } from "./stack-configuration";
import { byDigest } from "./tiny-recipe";

const PROVIDERS = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/platform/providers";
const NETWORKS = `${PROVIDERS}/Microsoft.Network`;

/** What a user would set, by key; the same key means the same in every example. */
const VALUES: Readonly<Record<string, unknown>> = {
  ...IMAGES,
  kaitoImage: byDigest("mlreg.azurecr.io/kaito/workspace", "3"),
  gpuProvisionerImage: byDigest("mlreg.azurecr.io/kaito/gpu-provisioner", "4"),
  mediumWeightsImage: byDigest("mlreg.azurecr.io/models/medium", "1"),
  smallWeightsImage: byDigest("mlreg.azurecr.io/models/small", "2"),
  allowedIpRanges: ["203.0.113.0/24"],
  runnersNetworkId: `${NETWORKS}/virtualNetworks/runners`,
  nodeSubnetId: `${NETWORKS}/virtualNetworks/spoke/subnets/nodes`,
  endpointSubnetId: `${NETWORKS}/virtualNetworks/spoke/subnets/endpoints`,
  clusterZoneId: `${NETWORKS}/privateDnsZones/privatelink.eastus.azmk8s.io`,
  logWorkspaceId: `${PROVIDERS}/Microsoft.OperationalInsights/workspaces/logs`,
  metricsWorkspaceId: `${PROVIDERS}/Microsoft.Monitor/accounts/metrics`,
  clusterId: `${PROVIDERS}/Microsoft.ContainerService/managedClusters/shared`,
  clusterSubnetId: `${NETWORKS}/virtualNetworks/shared/subnets/nodes`,
  oidcIssuerUrl: "https://issuer.example/",
  kubeletObjectId: "5a4db0c5-0000-4000-8000-0000000000a1",
  datasetsRegistryId: `${PROVIDERS}/Microsoft.ContainerRegistry/registries/datasets`,
  adaptersRegistryId: `${PROVIDERS}/Microsoft.ContainerRegistry/registries/adapters`,
  capacityReservationGroupId: `${PROVIDERS}/Microsoft.Compute/capacityReservationGroups/h100`,
  identityId: `${PROVIDERS}/Microsoft.ManagedIdentity/userAssignedIdentities/reserved`,
  identityPrincipalId: "5a4db0c5-0000-4000-8000-0000000000c1",
  pipelineObjectId: "5a4db0c5-0000-4000-8000-0000000000b1",
};

/** The keys that an example's Pulumi.yaml declares, each with a value: a key that it forgets to declare is missing when the program asks. */
export function exampleConfiguration(folder: string): Readonly<Record<string, unknown>> {
  const file: { readonly config?: Readonly<Record<string, unknown>> } = parse(readFileSync(path.join(folder, "Pulumi.yaml"), "utf8"));
  return Object.fromEntries(Object.keys(file.config ?? {}).map((key) => [key, valueOf(key)]));
}

function valueOf(key: string): unknown {
  if (!(key in VALUES)) throw new Error(`no value for the key ${key} of an example`);
  return VALUES[key];
}
