/** One resource type as azure-native's metadata describes it. */
export interface ResourceType {
  /** Path of the resource's PUT, from the REST specification; `{…}` are inputs, and all of them force a replacement. */
  readonly path: string;
  /** Casing that the service returns in ids. */
  readonly groupSegment?: "resourceGroups" | "resourcegroups";
  /** False: the body has no location that could be taken from the resource group. */
  readonly location?: false;
  /**
   * Body properties whose change replaces the resource; everything else is sent to Azure, which may still refuse it.
   * From forceNewMap in pulumi-azure-native/provider/pkg/gen/replacement.go.
   */
  readonly forceNew?: readonly string[];
  /** Names that the REST specification allows; azure-native checks them before anything is sent. */
  readonly names?: { readonly property: string; readonly pattern: RegExp; readonly min: number; readonly max: number };
}

const GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const NETWORK = `${GROUP}/providers/Microsoft.Network`;
const CLUSTERS = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/{resourceName}`;
const IDENTITIES = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`;
const INSIGHTS = `${GROUP}/providers/Microsoft.Insights`;
const STORAGE = `${GROUP}/providers/Microsoft.Storage/storageAccounts/{accountName}`;
const REGISTRIES = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/{registryName}`;

/** The types that this stand-in has been taught. Others are accepted as they come and said so in the log. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  "azure-native:resources:ResourceGroup": { path: GROUP, forceNew: ["location"] },
  "azure-native:resources:Resource": {
    path: `${GROUP}/providers/{resourceProviderNamespace}/{parentResourcePath}/{resourceType}/{resourceName}`,
  },
  "azure-native:network:VirtualNetwork": {
    path: `${NETWORK}/virtualNetworks/{virtualNetworkName}`,
    forceNew: ["location"],
  },
  "azure-native:network:Subnet": {
    path: `${NETWORK}/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}`,
    location: false,
  },
  // Body properties without x-ms-mutability: Azure itself refuses to change the other side of a peering.
  "azure-native:network:VirtualNetworkPeering": {
    path: `${NETWORK}/virtualNetworks/{virtualNetworkName}/virtualNetworkPeerings/{virtualNetworkPeeringName}`,
    location: false,
  },
  "azure-native:network:NetworkSecurityGroup": { path: `${NETWORK}/networkSecurityGroups/{networkSecurityGroupName}` },
  "azure-native:network:NatGateway": { path: `${NETWORK}/natGateways/{natGatewayName}` },
  "azure-native:network:PublicIPAddress": {
    path: `${NETWORK}/publicIPAddresses/{publicIpAddressName}`,
    forceNew: ["location", "publicIPAddressVersion", "publicIPPrefix", "sku"],
  },
  "azure-native:network:PrivateEndpoint": {
    path: `${NETWORK}/privateEndpoints/{privateEndpointName}`,
    forceNew: ["subnet"],
  },
  "azure-native:network:PrivateDnsZoneGroup": {
    path: `${NETWORK}/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}`,
    location: false,
  },
  "azure-native:privatedns:PrivateZone": { path: `${NETWORK}/privateDnsZones/{privateZoneName}` },
  "azure-native:privatedns:VirtualNetworkLink": {
    path: `${NETWORK}/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}`,
  },
  "azure-native:managedidentity:UserAssignedIdentity": { path: IDENTITIES, groupSegment: "resourcegroups" },
  "azure-native:managedidentity:FederatedIdentityCredential": {
    path: `${IDENTITIES}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
    groupSegment: "resourcegroups",
    location: false,
    names: {
      property: "federatedIdentityCredentialResourceName",
      pattern: /^[a-zA-Z0-9][a-zA-Z0-9-_]{2,119}$/,
      min: 3,
      max: 120,
    },
  },
  "azure-native:authorization:RoleAssignment": {
    path: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    location: false,
    forceNew: ["principalId", "scope"],
  },
  "azure-native:authorization:RoleDefinition": {
    path: "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
    location: false,
  },
  "azure-native:containerservice:ManagedCluster": {
    path: CLUSTERS,
    groupSegment: "resourcegroups",
    forceNew: [
      "diskEncryptionSetID",
      "dnsPrefix",
      "fqdnSubdomain",
      "linuxProfile",
      "location",
      "nodeResourceGroup",
      "windowsProfile",
      ...["dnsServiceIP", "networkDataplane", "networkMode", "networkPlugin", "networkPluginMode", "networkPolicy"].map(
        (property) => `networkProfile.${property}`,
      ),
      ...["outboundType", "podCidr", "serviceCidr", "serviceCidrs"].map((property) => `networkProfile.${property}`),
    ],
    names: {
      property: "resourceName",
      pattern: /^[a-zA-Z0-9]$|^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$/,
      min: 1,
      max: 63,
    },
  },
  "azure-native:containerservice:AgentPool": {
    path: `${CLUSTERS}/agentPools/{agentPoolName}`,
    groupSegment: "resourcegroups",
    location: false,
    forceNew: ["gpuInstanceProfile", "vmSize", "networkProfile.nodePublicIPTags"],
    names: { property: "agentPoolName", pattern: /^[a-z][a-z0-9]{0,11}$/, min: 1, max: 12 },
  },
  "azure-native:containerservice:MaintenanceConfiguration": {
    path: `${CLUSTERS}/maintenanceConfigurations/{configName}`,
    groupSegment: "resourcegroups",
    location: false,
  },
  "azure-native:monitor:DiagnosticSetting": {
    path: "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    location: false,
  },
  // Locations of the three below are create and read only in the REST specification (x-ms-mutability).
  "azure-native:monitor:AzureMonitorWorkspace": {
    path: `${GROUP}/providers/Microsoft.Monitor/accounts/{azureMonitorWorkspaceName}`,
    forceNew: ["location"],
  },
  "azure-native:monitor:DataCollectionEndpoint": {
    path: `${INSIGHTS}/dataCollectionEndpoints/{dataCollectionEndpointName}`,
    forceNew: ["location"],
  },
  "azure-native:monitor:DataCollectionRule": {
    path: `${INSIGHTS}/dataCollectionRules/{dataCollectionRuleName}`,
    forceNew: ["location"],
  },
  "azure-native:monitor:DataCollectionRuleAssociation": {
    path: "/{resourceUri}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{associationName}",
    location: false,
  },
  "azure-native:operationalinsights:Workspace": {
    path: `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
  },
  "azure-native:storage:StorageAccount": {
    path: STORAGE,
    forceNew: ["isHnsEnabled", "location"],
    names: { property: "accountName", pattern: /^[a-z0-9]+$/, min: 3, max: 24 },
  },
  "azure-native:storage:FileServiceProperties": { path: `${STORAGE}/fileServices/{fileServicesName}`, location: false },
  "azure-native:storage:FileShare": {
    path: `${STORAGE}/fileServices/default/shares/{shareName}`,
    location: false,
    // "x-ms-mutability": create and read alone, in the specification's file.json.
    forceNew: ["enabledProtocols"],
    names: { property: "shareName", pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/, min: 3, max: 63 },
  },
  "azure-native:containerregistry:Registry": {
    path: REGISTRIES,
    forceNew: ["location", "zoneRedundancy"],
    names: { property: "registryName", pattern: /^[a-zA-Z0-9]*$/, min: 5, max: 50 },
  },
  "azure-native:containerregistry:Replication": {
    path: `${REGISTRIES}/replications/{replicationName}`,
    // Azure/azure-rest-api-specs issue 18934: no update of zoneRedundancy.
    forceNew: ["location", "zoneRedundancy"],
    names: { property: "replicationName", pattern: /^[a-zA-Z0-9]*$/, min: 5, max: 50 },
  },
  // Names as in the REST specification, which the resource provider holds to the same limits.
  "azure-native:containerregistry:ScopeMap": {
    path: `${REGISTRIES}/scopeMaps/{scopeMapName}`,
    location: false,
    names: { property: "scopeMapName", pattern: /^[a-zA-Z0-9-_]*$/, min: 5, max: 50 },
  },
  "azure-native:containerregistry:Token": {
    path: `${REGISTRIES}/tokens/{tokenName}`,
    location: false,
    names: { property: "tokenName", pattern: /^[a-zA-Z0-9-]*$/, min: 5, max: 50 },
  },
  "azure-native:containerregistry:Task": { path: `${REGISTRIES}/tasks/{taskName}` },
};
