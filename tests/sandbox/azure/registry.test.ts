import { repositoryPrefixCondition } from "../../../components/plan/catalogue/azure-roles";
import { textAt } from "../../../sandbox/providers/azure-native/json";
import { knownProperties, type Properties } from "../../../sandbox/providers/values";
import { SimulatedAzure } from "../../support/simulated-azure";

const GENERIC = "azure-native:resources:Resource";
const REPLICATION = "azure-native:containerregistry:Replication";
const ROLE = "azure-native:authorization:RoleAssignment";
const REGISTRY = {
  resourceGroupName: "rg",
  resourceProviderNamespace: "Microsoft.ContainerRegistry",
  parentResourcePath: "",
  resourceType: "registries",
  resourceName: "adapters",
  apiVersion: "2025-11-01",
};
const PREMIUM = { ...REGISTRY, sku: { name: "Premium" }, properties: {} };

let simulated: SimulatedAzure;

beforeEach(async () => {
  simulated = new SimulatedAzure();
  await simulated.create("azure-native:resources:ResourceGroup", "rg", { resourceGroupName: "rg", location: "westeurope" });
});

afterEach(() => {
  simulated.close();
});

const enabled = { status: "enabled" };

describe("a registry", () => {
  it.each<[string, Properties, string]>([
    ["content trust", { policies: { trustPolicy: enabled } }, "Docker content trust is retired"],
    ["soft delete with retention", { policies: { softDeletePolicy: enabled, retentionPolicy: enabled } }, "cannot be enabled together"],
    ["exports forbidden on the Internet", { policies: { exportPolicy: { status: "disabled" } } }, "only when public network access is disabled"],
    ["retention of 366 days", { policies: { retentionPolicy: { ...enabled, days: 366 } } }, "from 0 to 365"],
    ["a private address", { networkRuleSet: { ipRules: [{ value: "10.0.0.0/24" }] } }, "'10.0.0.0/24' is not a public IPv4 address"],
    ["an address that is none", { networkRuleSet: { ipRules: [{ value: "here" }] } }, "'here' is not a public IPv4 address"],
  ])("is refused for %s", async (_, properties, message) => {
    await expect(simulated.create(GENERIC, "adapters", { ...PREMIUM, properties })).rejects.toThrow(message);
  });

  it("takes what a private production registry asks for", async () => {
    const properties = {
      publicNetworkAccess: "Disabled",
      zoneRedundancy: "Enabled",
      networkRuleSet: { defaultAction: "Deny", ipRules: [] },
      policies: { retentionPolicy: { ...enabled, days: 30 }, exportPolicy: { status: "disabled" } },
    };
    await expect(simulated.create(GENERIC, "adapters", { ...PREMIUM, properties })).resolves.toMatchObject({ outputs: { properties } });
  });

  it("keeps its zones as they were", async () => {
    const { id } = await simulated.create(GENERIC, "adapters", PREMIUM);
    const zones = (zoneRedundancy: string) => ({ ...PREMIUM, properties: { zoneRedundancy } });
    await expect(simulated.update(GENERIC, "adapters", id, zones("Enabled"))).rejects.toThrow("cannot be changed after it was created");
    await expect(simulated.update(GENERIC, "adapters", id, zones("Disabled"))).resolves.toMatchObject({ name: "adapters" });
  });
});

describe("a replica", () => {
  const replica = { resourceGroupName: "rg", registryName: "adapters", replicationName: "northeurope", location: "northeurope" };

  it("needs Premium, and keeps its registry there", async () => {
    const { id } = await simulated.create(GENERIC, "adapters", { ...PREMIUM, sku: { name: "Standard" } });
    await expect(simulated.create(REPLICATION, "northeurope", replica)).rejects.toThrow("it needs Premium");
    await simulated.update(GENERIC, "adapters", id, PREMIUM);
    await simulated.create(REPLICATION, "northeurope", replica);
    const smaller = { ...PREMIUM, sku: { name: "Basic" } };
    await expect(simulated.update(GENERIC, "adapters", id, smaller)).rejects.toThrow("cannot become Basic while the registry has replications");
  });

  it("is replaced for another place or other zones", () => {
    expect(simulated.replacing(REPLICATION, replica, { ...replica, location: "eastus", zoneRedundancy: "Enabled" })).toEqual([
      "location",
      "zoneRedundancy",
    ]);
  });
});

describe("a task", () => {
  const PROPERTIES = {
    timeout: 3600,
    step: { type: "EncodedTask", encodedTaskContent: "dmVyc2lvbjogdjEuMS4w" },
    trigger: { timerTriggers: [{ name: "schedule", schedule: "0 3 * * Sun" }] },
    credentials: { sourceRegistry: { identity: "[system]" } },
  };
  const task = (properties: Properties, more: Properties = {}) =>
    simulated.create(GENERIC, "purge", {
      ...REGISTRY,
      apiVersion: "2025-03-01-preview",
      parentResourcePath: "registries/adapters",
      resourceType: "tasks",
      resourceName: "purge",
      identity: { type: "SystemAssigned" },
      properties: { ...PROPERTIES, ...properties },
      ...more,
    });

  it("needs its registry", async () => {
    await expect(task({})).rejects.toMatchObject({ armCode: "ParentResourceNotFound" });
  });

  it("has an identity of its own, which roles are given to", async () => {
    const { id: scope } = await simulated.create(GENERIC, "adapters", PREMIUM);
    const { id, outputs } = await task({});
    expect(id).toBe(`${scope}/tasks/purge`);
    const principalId = textAt(knownProperties(outputs), "identity.principalId") ?? "";
    expect(principalId).toMatch(/^[0-9a-f-]{36}$/);
    const role = { scope, principalId, roleDefinitionId: "/role", roleAssignmentName: "5a4db0c5-0000-4000-8000-0000000000a1" };
    await expect(simulated.create(ROLE, "r", { ...role, principalType: "User" })).rejects.toMatchObject({ armCode: "UnmatchedPrincipalType" });
    await expect(simulated.create(ROLE, "r", { ...role, principalType: "ServicePrincipal" })).resolves.toMatchObject({ outputs: { principalId } });
  });

  it.each<[string, Properties, Properties, string]>([
    ["its name", {}, { resourceName: "abcd" }, "must be of 5 to 50 characters"],
    ["its time", { timeout: 299 }, {}, "from 300 to 28800 seconds"],
    ["no step", { step: {} }, {}, "needs a step of a type"],
    ["an empty step", { step: { type: "EncodedTask" } }, {}, "needs its content"],
    ["its schedule", { trigger: { timerTriggers: [{ schedule: "daily" }] } }, {}, "must have five fields"],
    ["an identity that it has not", {}, { identity: { type: "UserAssigned" } }, "which it does not have"],
  ])("is refused for %s", async (_, properties, more, message) => {
    await simulated.create(GENERIC, "adapters", PREMIUM);
    await expect(task(properties, more)).rejects.toThrow(message);
  });
});

describe("a role's condition", () => {
  const LISTER = "/providers/Microsoft.Authorization/roleDefinitions/bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7";

  async function assign(more: Properties): Promise<unknown> {
    const { id: scope } = await simulated.create(GENERIC, "adapters", PREMIUM);
    const principalId = "5a4db0c5-0000-4000-8000-0000000000b1";
    return simulated.create(ROLE, "r", {
      scope,
      principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: "/role",
      roleAssignmentName: "5a4db0c5-0000-4000-8000-0000000000a1",
      condition: repositoryPrefixCondition("support"),
      conditionVersion: "2.0",
      ...more,
    });
  }

  it("is taken as this library writes it", async () => {
    await expect(assign({})).resolves.toMatchObject({ outputs: { conditionVersion: "2.0" } });
  });

  it.each<[string, Properties, string]>([
    ["without a version", { conditionVersion: "1.0" }, "ConditionVersionRequired"],
    ["of a role that takes none", { roleDefinitionId: LISTER }, "ConditionNotSupported"],
    ["that does not close", { condition: "((@Request[a:name] StringEquals 'b')" }, "RoleAssignmentConditionNotValid"],
    ["that closes wrongly", { condition: "(@Request[a:name) StringEquals 'b']" }, "RoleAssignmentConditionNotValid"],
    ["with half a quote", { condition: "(@Request[a:name] StringEquals 'b)" }, "RoleAssignmentConditionNotValid"],
    ["without an attribute", { condition: "('a' StringEquals 'b')" }, "RoleAssignmentConditionNotValid"],
  ])("is refused %s", async (_, more, armCode) => {
    await expect(assign(more)).rejects.toMatchObject({ armCode });
  });
});
