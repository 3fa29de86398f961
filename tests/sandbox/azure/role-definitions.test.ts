import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Faults } from "../../../sandbox/providers/azure-native/faults";
import { AzureNativeStandIn } from "../../../sandbox/providers/azure-native/stand-in";
import { StateStore } from "../../../sandbox/providers/azure-native/state";
import { ExclusiveWrites, WriteLimits } from "../../../sandbox/providers/azure-native/write-limits";
import type { JsonObject, Properties } from "../../../sandbox/providers/values";

const ROLE = "azure-native:authorization:RoleDefinition";
const ASSIGNMENT = "azure-native:authorization:RoleAssignment";
const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
const GUID = "5a4db0c5-0000-4000-8000-0000000000a1";
const OTHER = "5a4db0c5-0000-4000-8000-0000000000a2";

let folder: string;
let azure: AzureNativeStandIn;
/** Id of the resource group, as the stand-in's subscription has it. */
let group: string;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "azure-roles-"));
  azure = new AzureNativeStandIn({
    state: new StateStore(path.join(folder, "state.json")),
    faults: new Faults(path.join(folder, "faults.json"), () => undefined),
    limits: new WriteLimits(() => 0),
    exclusive: new ExclusiveWrites(),
    quotaFile: path.join(folder, "quota.json"),
    seamFile: undefined,
    log: () => undefined,
    pace: 0.05,
  });
  group = (await create("azure-native:resources:ResourceGroup", { resourceGroupName: "rg", location: "westeurope" })).id;
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

const resource = (type: string) => ({ urn: `urn:pulumi:dev::test::${type}::it`, type, name: "it", signal: new AbortController().signal });

async function create(type: string, news: Properties) {
  const { inputs } = azure.check({ ...resource(type), olds: {}, news, randomSeed: Buffer.from("seed"), autonaming: undefined });
  return azure.create({ ...resource(type), inputs, preview: false, timeoutSeconds: 0 });
}

async function remove(type: string, id: string) {
  return azure.delete({ ...resource(type), id, inputs: {}, outputs: {}, timeoutSeconds: 0 });
}

function role(more: JsonObject = {}): JsonObject {
  const actions = ["Microsoft.ContainerService/managedClusters/agentPools/read"];
  return { scope: group, roleDefinitionId: GUID, roleName: "pools", permissions: [{ actions, notActions: [] }], assignableScopes: [group], ...more };
}

describe("custom roles", () => {
  it("are made where they can be given", async () => {
    const { id, outputs } = await create(ROLE, role());
    expect(id).toBe(`${group}/providers/Microsoft.Authorization/roleDefinitions/${GUID}`);
    expect(outputs).toMatchObject({ name: GUID, roleName: "pools", type: "Microsoft.Authorization/roleDefinitions" });
  });

  it("are named by a GUID where the program leaves that open", async () => {
    const unnamed = Object.entries(role()).filter(([key]) => key !== "roleDefinitionId");
    expect((await create(ROLE, Object.fromEntries(unnamed))).id).toMatch(/\/roleDefinitions\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it.each<[string, () => JsonObject, string]>([
    ["a name that is no GUID", () => ({ roleDefinitionId: "pools" }), "InvalidRoleDefinitionId"],
    ["a resource to be given on", () => ({ assignableScopes: [`${group}/providers/Microsoft.ContainerService/managedClusters/ai`] }), "InvalidAssignableScope"],
    ["nowhere to be given", () => ({ assignableScopes: [] }), "InvalidAssignableScope"],
    ["nothing to do", () => ({ permissions: [] }), "InvalidActionOrNotAction"],
    ["what is no action", () => ({ permissions: [{ actions: ["agent pools"] }] }), "InvalidActionOrNotAction"],
  ])("are refused with %s", async (_, more, armCode) => {
    await expect(create(ROLE, role(more()))).rejects.toMatchObject({ armCode });
  });

  it("have names that are one tenant's", async () => {
    await create(ROLE, role());
    await expect(create(ROLE, role({ roleDefinitionId: OTHER, roleName: "Pools" }))).rejects.toMatchObject({ status: 409, armCode: "RoleDefinitionWithSameNameExists" });
    await expect(create(ROLE, role({ roleDefinitionId: OTHER, roleName: "other" }))).resolves.toMatchObject({ outputs: { roleName: "other" } });
  });

  it("stay while they are given to somebody", async () => {
    const { id } = await create(ROLE, role());
    const { outputs } = await create(IDENTITY, { resourceGroupName: "rg", resourceName: "it" });
    const given = { scope: group, principalId: outputs["principalId"] ?? "", principalType: "ServicePrincipal", roleDefinitionId: id, roleAssignmentName: OTHER };
    const assignment = await create(ASSIGNMENT, given);
    await expect(remove(ROLE, id)).rejects.toMatchObject({ armCode: "RoleDefinitionHasAssignments" });
    await remove(ASSIGNMENT, assignment.id);
    await expect(remove(ROLE, id)).resolves.toBeUndefined();
  });
});
