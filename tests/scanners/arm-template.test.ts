import type { Registration } from "../support/mock-engine";
import { type ArmResource, armTemplate } from "./arm-template";

const GROUP_ID = "/subscriptions/s/resourceGroups/group";
const registration = (type: string, name: string, inputs: Registration["inputs"]): Registration => ({ type: `azure-native:${type}`, name, inputs });

/** The resources made of registrations, each written by hand from ARM's reference: https://learn.microsoft.com/azure/templates */
const resources = (...registrations: readonly Registration[]): readonly ArmResource[] => armTemplate(registrations).resources;

const SYSTEM = { name: "system", mode: "System", type: "VirtualMachineScaleSets", count: 3, osDiskType: "Ephemeral" };
const CLUSTER = registration("containerservice:ManagedCluster", "ai", {
  resourceGroupName: "group",
  location: "eastus",
  tags: { team: "ml" },
  sku: { name: "Base", tier: "Standard" },
  identity: { type: "UserAssigned", userAssignedIdentities: [`${GROUP_ID}/identity`] },
  dnsPrefix: "ai",
  addonProfiles: { azurepolicy: { enabled: true } },
  agentPoolProfiles: [SYSTEM],
});
const POOL = registration("containerservice:AgentPool", "gpu", {
  resourceGroupName: "group",
  resourceName: "ai",
  agentPoolName: "gpu1234",
  type: "VirtualMachineScaleSets",
  enableEncryptionAtHost: true,
  tags: { team: "ml" },
});

describe("the ARM template of what is registered", () => {
  it("is a deployment template of Azure's resources alone", () => {
    const others: Registration[] = [
      { type: "aks-fine-tuning:index:Cluster", name: "ai", inputs: {} },
      { type: "kubernetes:core/v1:Namespace", name: "support", inputs: {} },
    ];
    expect(armTemplate(others)).toEqual({
      $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      contentVersion: "1.0.0.0",
      resources: [],
    });
  });

  it("nests a resource's own settings and leaves the envelope outside", () => {
    expect(resources(CLUSTER)[0]).toEqual({
      type: "Microsoft.ContainerService/managedClusters",
      apiVersion: expect.stringMatching(/^20\d\d-\d\d-\d\d(-preview)?$/) as string,
      name: "ai",
      location: "eastus",
      tags: { team: "ml" },
      sku: { name: "Base", tier: "Standard" },
      identity: { type: "UserAssigned", userAssignedIdentities: { [`${GROUP_ID}/identity`]: {} } },
      properties: { dnsPrefix: "ai", addonProfiles: { azurepolicy: { enabled: true } }, agentPoolProfiles: [SYSTEM] },
    });
  });

  it("has every pool both in its cluster and as a resource, and no pool of another cluster in it", () => {
    const stranger = { ...POOL, inputs: { ...POOL.inputs, resourceName: "other" } };
    const [cluster, system, gpu, other, ...rest] = resources(CLUSTER, POOL, stranger);
    const { name, ...settings } = SYSTEM;
    const gpuSettings = { type: "VirtualMachineScaleSets", enableEncryptionAtHost: true, tags: { team: "ml" } };
    const type = "Microsoft.ContainerService/managedClusters/agentPools";
    const apiVersion = gpu?.apiVersion;
    expect(cluster?.["properties"]).toMatchObject({ agentPoolProfiles: [SYSTEM, { name: "gpu1234", ...gpuSettings }] });
    expect([system, gpu, other, rest]).toEqual([
      { type, apiVersion, name: `ai/${name}`, properties: settings },
      { type, apiVersion, name: "ai/gpu1234", properties: gpuSettings },
      { type, apiVersion, name: "other/gpu1234", properties: gpuSettings },
      [],
    ]);
  });

  it("takes type and version of a generic resource from its inputs", () => {
    const registry = registration("resources:Resource", "adapters", {
      resourceGroupName: "group",
      resourceProviderNamespace: "Microsoft.ContainerRegistry",
      parentResourcePath: "",
      resourceType: "registries",
      resourceName: "adapters12345678",
      apiVersion: "2025-11-01",
      sku: { name: "Premium" },
      properties: { adminUserEnabled: false },
    });
    expect(resources(registry)).toEqual([
      {
        type: "Microsoft.ContainerRegistry/registries",
        apiVersion: "2025-11-01",
        name: "adapters12345678",
        sku: { name: "Premium" },
        properties: { adminUserEnabled: false },
      },
    ]);
  });

  it("names what azure-native would name after the logical name, and calls members by ARM's names", () => {
    const account = registration("storage:StorageAccount", "checkpoints", {
      resourceGroupName: "group",
      kind: "FileStorage",
      enableHttpsTrafficOnly: false,
      networkRuleSet: { defaultAction: "Deny", virtualNetworkRules: [{ virtualNetworkResourceId: "subnet", action: "Allow" }] },
    });
    expect(resources(account)).toMatchObject([
      {
        type: "Microsoft.Storage/storageAccounts",
        name: "checkpoints",
        kind: "FileStorage",
        properties: { supportsHttpsTrafficOnly: false, networkAcls: { defaultAction: "Deny", virtualNetworkRules: [{ id: "subnet", action: "Allow" }] } },
      },
    ]);
  });

  it("nests the settings of resources inside resources", () => {
    const group = registration("network:NetworkSecurityGroup", "nodes", {
      resourceGroupName: "group",
      securityRules: [{ name: "ssh", access: "Deny", destinationPortRange: "22" }],
    });
    expect(resources(group)[0]?.["properties"]).toEqual({
      securityRules: [{ name: "ssh", properties: { access: "Deny", destinationPortRange: "22" } }],
    });
  });

  it("stands extension resources on their scope, and replaces what is not known yet by what it will look like", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const role = registration("authorization:RoleAssignment", "pull", {
      scope: unknown,
      roleAssignmentName: "6373f39c-0b33-588b-88d8-5a773ba4b2df",
      principalId: unknown,
      roleDefinitionId: `/subscriptions/${unknown}/roles/reader`,
      description: unknown,
    });
    const none = "00000000-0000-0000-0000-000000000000";
    expect(resources(role)).toEqual([
      {
        type: "Microsoft.Authorization/roleAssignments",
        apiVersion: "2022-04-01",
        name: "6373f39c-0b33-588b-88d8-5a773ba4b2df",
        scope: `/subscriptions/${none}/resourceGroups/known-after-deployment`,
        properties: { principalId: none, roleDefinitionId: `/subscriptions/${none}/roles/reader`, description: "known-after-deployment" },
      },
    ]);
  });
});
