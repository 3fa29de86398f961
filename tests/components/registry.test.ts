import { type NetworkRef, Registry, type RegistryArgs } from "../../components";
import { repositoryPrefixCondition, repositoryReadCondition } from "../../components/plan/catalogue/azure-roles";
import { guidFrom } from "../../components/plan/digest";
import { purgeTask } from "../../components/plan/registry/purge";
import { registryId } from "../support/mock-cloud";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER } from "../support/references";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";

const READER = "b93aa761-3e63-49ed-ac28-beffa264f7ac";
const WRITER = "2a1e307c-b015-4ebd-883e-5b7698a07328";
const CONTRIBUTOR = "2efddaa5-3f1f-4df3-97df-af3f13818f4c";
const LISTER = "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7";
const PLACE = { resourceGroupName: "group", location: "eastus" };
const ARGS = { ...PLACE, environment: "development", registryName: "mlreg" } as const;
const TAGS = { "managed-by": "aks-fine-tuning", component: "Registry/adapters" };
const OPEN = { adminUserEnabled: false, anonymousPullEnabled: false, roleAssignmentMode: "AbacRepositoryPermissions" };
const NETWORK: NetworkRef = {
  nodeSubnetId: "nodes-id",
  privateEndpoints: { subnetId: "endpoints-id", range: "10.100.16.0/24", zones: { registry: "zone-id" } },
};
const COMPONENT: Registration = {
  type: "aks-fine-tuning:index:Registry",
  name: "adapters",
  inputs: { registryName: "mlreg", sku: "Standard", reach: "everywhere" },
};
const REGISTRY: Registration = {
  type: "azure-native:resources:Resource",
  name: "adapters",
  parent: "Registry adapters",
  inputs: {
    ...PLACE,
    resourceProviderNamespace: "Microsoft.ContainerRegistry",
    parentResourcePath: "",
    resourceType: "registries",
    resourceName: "mlreg",
    apiVersion: "2025-11-01",
    sku: { name: "Standard" },
    properties: OPEN,
    tags: TAGS,
  },
};
const PREMIUM: Registration = { ...COMPONENT, inputs: { registryName: "mlreg", sku: "Premium", reach: "private" } };
const PRIVATE: Registration = {
  ...REGISTRY,
  inputs: {
    ...REGISTRY.inputs,
    sku: { name: "Premium" },
    properties: {
      ...OPEN,
      zoneRedundancy: "Enabled",
      publicNetworkAccess: "Disabled",
      networkRuleSet: { defaultAction: "Deny", ipRules: [] },
      networkRuleBypassOptions: "AzureServices",
      networkRuleBypassAllowedForTasks: false,
      dataEndpointEnabled: true,
      policies: { retentionPolicy: { days: 30, status: "enabled" }, exportPolicy: { status: "disabled" } },
    },
  },
};
const ENDPOINT: Registration = {
  type: "azure-native:network:PrivateEndpoint",
  name: "adapters",
  parent: "Registry adapters",
  after: ["Resource adapters"],
  inputs: {
    ...PLACE,
    tags: TAGS,
    subnet: { id: "endpoints-id", privateEndpointNetworkPolicies: "Disabled", privateLinkServiceNetworkPolicies: "Enabled" },
    privateLinkServiceConnections: [{ name: "registry", privateLinkServiceId: registryId("adapters"), groupIds: ["registry"] }],
  },
};
const ZONE_GROUP: Registration = {
  type: "azure-native:network:PrivateDnsZoneGroup",
  name: "adapters",
  parent: "Registry adapters",
  after: ["PrivateEndpoint adapters"],
  inputs: {
    resourceGroupName: "group",
    privateEndpointName: "adapters",
    privateDnsZoneGroupName: "default",
    privateDnsZoneConfigs: [{ name: "registry", privateDnsZoneId: "zone-id" }],
  },
};

interface Role {
  readonly principalId: string;
  readonly role: string;
  readonly principalType?: string;
  readonly condition?: string;
  readonly after?: readonly string[];
}

function assignment(name: string, { principalId, role, principalType = "ServicePrincipal", condition, after = [] }: Role): Registration {
  return {
    type: "azure-native:authorization:RoleAssignment",
    name: `adapters-${name}`,
    parent: "Registry adapters",
    after: ["Resource adapters", ...after],
    inputs: {
      scope: registryId("adapters"),
      principalId,
      principalType,
      roleDefinitionId: `/subscriptions/subscription/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      ...(condition === undefined ? {} : { condition, conditionVersion: "2.0" }),
      roleAssignmentName: guidFrom(registryId("adapters"), principalId, role),
    },
  };
}

const byTypeAndName = (a: Registration, b: Registration): number => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1);

async function registered(args: RegistryArgs, opts?: { protect: true }): Promise<Registration[]> {
  const engine = await mockEngine();
  new Registry("adapters", args, opts);
  return engine.registered();
}

describe("Registry in development", () => {
  it("registers a registry without passwords, and no role where no cluster pulls", async () => {
    expect(await registered(ARGS)).toEqual([COMPONENT, REGISTRY]);
  });

  it.each([
    [undefined, undefined],
    ["datasets", repositoryReadCondition("datasets")],
  ])("lets the cluster's nodes pull from %p", async (pullPrefix, condition) => {
    const engine = await mockEngine();
    new Registry("adapters", { ...ARGS, pulledBy: existingCluster(), pullPrefix });
    expect(await engine.registered()).toEqual([
      COMPONENT,
      assignment("pull", { principalId: "kubelet-object-id", role: READER, condition }),
      REGISTRY,
      EXISTING_PROVIDER,
    ]);
  });

  it("lets others push under their prefix, each with the type of its principal", async () => {
    const pushedBy = {
      ci: { principalId: "ci-id", prefix: "datasets" },
      ml: { principalId: "group-id", principalType: "Group", prefix: "trainer" },
    } as const;
    expect(await registered({ ...ARGS, pushedBy })).toEqual([
      COMPONENT,
      assignment("push-ci", { principalId: "ci-id", role: WRITER, condition: repositoryPrefixCondition("datasets") }),
      assignment("push-ml", { principalId: "group-id", principalType: "Group", role: WRITER, condition: repositoryPrefixCondition("trainer") }),
      REGISTRY,
    ]);
  });

  it("protects what it creates where asked to", async () => {
    expect(await registered(ARGS, { protect: true })).toEqual([{ ...COMPONENT, protect: true }, { ...REGISTRY, protect: true }]);
  });

  it("leaves the last word to the caller", async () => {
    const args: RegistryArgs = { ...ARGS, tags: { team: "ml" }, override: (given) => ({ ...given, managedBy: "us" }) };
    expect(await registered(args)).toEqual([
      COMPONENT,
      { ...REGISTRY, inputs: { ...REGISTRY.inputs, tags: { ...TAGS, team: "ml" }, managedBy: "us" } },
    ]);
  });

  it("knows its server from what Azure answers", async () => {
    const engine = await mockEngine();
    const { loginServer } = new Registry("adapters", ARGS);
    expect(await resolved(loginServer)).toBe("mlreg.azurecr.io");
    await engine.registered();
  });

  it("deletes old tags on a schedule, with an identity that may delete and list", async () => {
    const encodedTaskContent = Buffer.from(purgeTask({ keep: 5 })).toString("base64");
    const task: Registration = {
      type: "azure-native:resources:Resource",
      name: "adapters-purge",
      parent: "Registry adapters",
      after: ["Resource adapters"],
      inputs: {
        ...PLACE,
        tags: TAGS,
        resourceProviderNamespace: "Microsoft.ContainerRegistry",
        parentResourcePath: "registries/mlreg",
        resourceType: "tasks",
        resourceName: "purge",
        apiVersion: "2025-03-01-preview",
        identity: { type: "SystemAssigned" },
        properties: {
          status: "Enabled",
          platform: { os: "Linux", architecture: "amd64" },
          agentConfiguration: { cpu: 2 },
          timeout: 3600,
          step: { type: "EncodedTask", encodedTaskContent, contextPath: "/dev/null" },
          trigger: { timerTriggers: [{ name: "schedule", schedule: "0 3 * * Sun", status: "Enabled" }] },
          credentials: { sourceRegistry: { identity: "[system]" } },
        },
      },
    };
    const principal = { principalId: "adapters-purge-principal-id", after: ["Resource adapters-purge"] };
    expect(await registered({ ...ARGS, purge: { keep: 5 } })).toEqual([
      COMPONENT,
      assignment("purge-delete", { ...principal, role: CONTRIBUTOR }),
      assignment("purge-list", { ...principal, role: LISTER }),
      REGISTRY,
      task,
    ]);
  });

  it("logs logins and what happens to repositories where there is a workspace", async () => {
    expect(await registered({ ...ARGS, auditWorkspaceId: "workspace-id" })).toEqual([
      COMPONENT,
      {
        type: "azure-native:monitor:DiagnosticSetting",
        name: "adapters-audit",
        parent: "Registry adapters",
        after: ["Resource adapters"],
        inputs: {
          resourceUri: registryId("adapters"),
          name: "audit",
          workspaceId: "workspace-id",
          logs: [
            { category: "ContainerRegistryLoginEvents", enabled: true },
            { category: "ContainerRegistryRepositoryEvents", enabled: true },
          ],
          metrics: [{ category: "AllMetrics", enabled: true }],
        },
      },
      REGISTRY,
    ]);
  });
});

describe("Registry in production", () => {
  const args: RegistryArgs = { ...PLACE, registryName: "mlreg", network: NETWORK };

  it("registers a registry that an existing network reaches by a private endpoint alone, and the name of it there", async () => {
    expect(await registered(args)).toEqual([PREMIUM, ZONE_GROUP, ENDPOINT, PRIVATE]);
  });

  it("leaves the name to a hub's policy where the network has no zone for it", async () => {
    const network: NetworkRef = { nodeSubnetId: "nodes-id", privateEndpoints: { subnetId: "endpoints-id", range: "10.100.16.0/24", zones: {} } };
    expect(await registered({ ...args, network })).toEqual([PREMIUM, ENDPOINT, PRIVATE]);
  });

  it("makes who uses the registry wait for the way to it", async () => {
    const engine = await mockEngine();
    const { loginServer } = new Registry("adapters", args);
    new Registry("other", { ...ARGS, registryName: "other", tags: { after: loginServer } });
    const other = (await engine.registered()).find(({ type, name }) => type === "azure-native:resources:Resource" && name === "other");
    expect(other?.after).toEqual(["PrivateDnsZoneGroup adapters", "Resource adapters"]);
    expect(other?.inputs["tags"]).toMatchObject({ after: "mlreg.azurecr.io" });
  });

  it("copies the registry to other regions one after another, and lets the endpoint wait for them", async () => {
    const copy = (location: string, after: string[]): Registration => ({
      type: "azure-native:containerregistry:Replication",
      name: `adapters-${location}`,
      parent: "Registry adapters",
      after,
      inputs: {
        resourceGroupName: "group",
        registryName: "mlreg",
        replicationName: location,
        location,
        zoneRedundancy: "Enabled",
        tags: TAGS,
        regionEndpointEnabled: true,
      },
    });
    const endpoint = { ...ENDPOINT, after: ["Replication adapters-eastus2", "Resource adapters"] };
    expect(await registered({ ...args, replicas: ["North Europe", "eastus2"] })).toEqual(
      [
        PREMIUM,
        PRIVATE,
        copy("northeurope", ["Resource adapters"]),
        copy("eastus2", ["Replication adapters-northeurope", "Resource adapters"]),
        endpoint,
        ZONE_GROUP,
      ].sort(byTypeAndName),
    );
  });

  it("registers nothing where nobody could reach it, or under a name that Azure refuses", async () => {
    const engine = await mockEngine();
    const network: NetworkRef = { nodeSubnetId: "nodes-id" };
    expect(problemsOf(() => new Registry("adapters", { ...PLACE, network, registryName: "ml" }))).toEqual([
      expect.stringMatching(/^AKSFT-NAME-01 registryName: got "ml"/),
      expect.stringMatching(/^AKSFT-REG-02 network: got nothing/),
    ]);
    expect(problemsOf(() => new Registry("adapters", { ...args, pushedBy: { ci: { principalId: "id", prefix: "" } } }))).toEqual([
      expect.stringMatching(/^AKSFT-REG-13 pushedBy\.ci\.prefix: got ""/),
    ]);
    expect(await engine.registered()).toEqual([]);
  });
});
