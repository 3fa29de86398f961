import { textAt } from "../../sandbox/providers/azure-native/json";
import type { AzureNativeStandIn } from "../../sandbox/providers/azure-native/stand-in";
import { type JsonObject, knownProperties } from "../../sandbox/providers/values";
import { make } from "../support/azure-stand-in";

/** What is in the subscription before a component comes: what components are given as references. */
export interface Existing {
  readonly resourceGroupName: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly oidcIssuerUrl: string;
  readonly kubeletObjectId: string;
  readonly subnetId: string;
  readonly endpoints: { readonly subnetId: string; readonly zones: Readonly<Record<"registry" | "files" | "vault" | "cluster", string>> };
  readonly registryId: string;
  readonly identity: { readonly id: string; readonly identityName: string; readonly clientId: string; readonly principalId: string };
  readonly logsId: string;
  readonly metricsId: string;
  readonly share: { readonly resourceGroupName: string; readonly storageAccountName: string; readonly shareName: string };
}

interface Made {
  readonly id: string;
  readonly outputs: JsonObject;
}

type Make = (type: string, name: string, inputs: JsonObject) => Promise<Made>;

const GROUP = { resourceGroupName: "group", location: "eastus" };
const IN_GROUP = { resourceGroupName: "group" };
const HUB = { resourceGroupName: "hub", location: "eastus" };

export async function furnish(azure: AzureNativeStandIn): Promise<Existing> {
  const made: Make = async (type, name, inputs) => {
    const { id, outputs } = await make(azure, `azure-native:${type}`, name, inputs);
    return { id, outputs: knownProperties(outputs) };
  };
  for (const resourceGroupName of ["group", "hub", "ml", "g".repeat(90)]) await made("resources:ResourceGroup", resourceGroupName, { ...GROUP, resourceGroupName });
  return {
    resourceGroupName: "group",
    ...(await furnishNetwork(made)),
    ...(await furnishCluster(made)),
    ...(await furnishRegistry(made)),
    ...(await furnishIdentity(made)),
    ...(await furnishWorkspaces(made)),
    ...(await furnishShare(made)),
  };
}

async function furnishNetwork(made: Make): Promise<Pick<Existing, "subnetId" | "endpoints">> {
  await made("network:VirtualNetwork", "hub", { ...GROUP, virtualNetworkName: "hub", addressSpace: { addressPrefixes: ["10.200.0.0/16"] } });
  const subnet = (subnetName: string, addressPrefix: string) =>
    made("network:Subnet", subnetName, { ...IN_GROUP, virtualNetworkName: "hub", subnetName, addressPrefix, serviceEndpoints: [{ service: "Microsoft.Storage" }] });
  const { id: subnetId } = await subnet("nodes", "10.200.0.0/20");
  const endpoints = await subnet("endpoints", "10.200.16.0/24");
  const zone = async (privateZoneName: string) => (await made("privatedns:PrivateZone", privateZoneName, { ...HUB, location: "Global", privateZoneName })).id;
  const zones = {
    registry: await zone("privatelink.azurecr.io"),
    files: await zone("privatelink.file.core.windows.net"),
    vault: await zone("privatelink.vaultcore.azure.net"),
    cluster: await zone("privatelink.eastus.azmk8s.io"),
  };
  return { subnetId, endpoints: { subnetId: endpoints.id, zones } };
}

async function furnishCluster(made: Make): Promise<Pick<Existing, "clusterId" | "clusterName" | "oidcIssuerUrl" | "kubeletObjectId">> {
  const { id: clusterId, outputs } = await made("containerservice:ManagedCluster", "existing", {
    ...GROUP,
    resourceName: "existing",
    dnsPrefix: "existing",
    kubernetesVersion: "1.36",
    oidcIssuerProfile: { enabled: true },
    agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D4s_v5" }],
  });
  return {
    clusterId,
    clusterName: "existing",
    oidcIssuerUrl: textAt(outputs, "oidcIssuerProfile.issuerURL") ?? "",
    kubeletObjectId: textAt(outputs, "identityProfile.kubeletidentity.objectId") ?? "",
  };
}

async function furnishRegistry(made: Make): Promise<Pick<Existing, "registryId">> {
  const { id: registryId } = await made("resources:Resource", "registry", {
    ...GROUP,
    resourceProviderNamespace: "Microsoft.ContainerRegistry",
    parentResourcePath: "",
    resourceType: "registries",
    resourceName: "existing12345",
    sku: { name: "Standard" },
    properties: {},
  });
  return { registryId };
}

async function furnishIdentity(made: Make): Promise<Pick<Existing, "identity">> {
  const { id, outputs } = await made("managedidentity:UserAssignedIdentity", "existing", { ...GROUP, resourceName: "existing" });
  return { identity: { id, identityName: "existing", clientId: textAt(outputs, "clientId") ?? "", principalId: textAt(outputs, "principalId") ?? "" } };
}

async function furnishWorkspaces(made: Make): Promise<Pick<Existing, "logsId" | "metricsId">> {
  const { id: logsId } = await made("operationalinsights:Workspace", "logs", { ...GROUP, workspaceName: "logs", sku: { name: "PerGB2018" } });
  const { id: metricsId } = await made("monitor:AzureMonitorWorkspace", "metrics", { ...GROUP, azureMonitorWorkspaceName: "metrics" });
  return { logsId, metricsId };
}

async function furnishShare(made: Make): Promise<Pick<Existing, "share">> {
  const [storageAccountName, shareName] = ["existing12345", "checkpoints"];
  await made("storage:StorageAccount", "share", { ...GROUP, accountName: storageAccountName, kind: "FileStorage", sku: { name: "Premium_LRS" } });
  await made("storage:FileShare", "share", { ...IN_GROUP, accountName: storageAccountName, shareName, enabledProtocols: "NFS", shareQuota: 1000 });
  return { share: { resourceGroupName: "group", storageAccountName, shareName } };
}
