import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ArmError } from "../../../sandbox/providers/azure-native/arm-error";
import { armId, armType, parentId, resourceType } from "../../../sandbox/providers/azure-native/arm-ids";
import { namingStrategy } from "../../../sandbox/providers/azure-native/autonaming";
import { Faults } from "../../../sandbox/providers/azure-native/faults";
import { textAt } from "../../../sandbox/providers/azure-native/json";
import { vcpuFamily, vcpus } from "../../../sandbox/providers/azure-native/quota";
import { parseShape } from "../../../sandbox/providers/azure-native/sdk-shape";
import { AzureNativeStandIn } from "../../../sandbox/providers/azure-native/stand-in";
import { StateStore } from "../../../sandbox/providers/azure-native/state";
import { ExclusiveWrites, WriteLimits } from "../../../sandbox/providers/azure-native/write-limits";
import { diffProperties } from "../../../sandbox/providers/property-diff";
import type { CheckRequest } from "../../../sandbox/providers/stand-in";
import { type JsonObject, knownProperties, type Properties, UNKNOWN } from "../../../sandbox/providers/values";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";
const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
const GROUP_ID = "/subscriptions/5a4db0c5-0000-4000-8000-000000000001/resourceGroups/rg";
const AKS = `${GROUP_ID.replace("resourceGroups", "resourcegroups")}/providers/Microsoft.ContainerService`;
const CLUSTER_ID = `${AKS}/managedClusters/ai`;

let folder: string;
let now: number;
let azure: AzureNativeStandIn;
let log: string[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "azure-native-"));
  now = 0;
  azure = open();
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

/** A stand-in on the same state, as after the process was killed and started again. */
function open(): AzureNativeStandIn {
  log = [];
  return new AzureNativeStandIn({
    state: new StateStore(stateFile()),
    faults: new Faults(path.join(folder, "state.faults.json"), (line) => log.push(line)),
    limits: new WriteLimits(() => now),
    exclusive: new ExclusiveWrites(),
    quotaFile: path.join(folder, "state.quota.json"),
    seamFile: undefined,
    log: (line) => log.push(line),
    pace: 0.05,
  });
}

function stateFile(): string {
  return path.join(folder, "state.json");
}

/** A change that somebody makes in Azure, outside Pulumi. */
function behindItsBack(id: string, outputs: JsonObject): void {
  const store = new StateStore(stateFile());
  const record = store.get(id);
  if (record) store.put({ ...record, outputs: { ...record.outputs, ...outputs } });
}

function resource(type: string, name: string) {
  return { urn: `urn:pulumi:dev::test::${type}::${name}`, type, name, signal: new AbortController().signal };
}

function check(type: string, name: string, news: Properties, more: Partial<CheckRequest> = {}) {
  const request = { ...resource(type, name), olds: {}, news, randomSeed: Buffer.from("seed"), autonaming: undefined };
  return azure.check({ ...request, ...more });
}

async function create(type: string, name: string, news: Properties) {
  const { inputs } = check(type, name, news);
  return azure.create({ ...resource(type, name), inputs, preview: false, timeoutSeconds: 0 });
}

async function update(type: string, name: string, id: string, news: Properties) {
  const changed = { id, olds: {}, oldInputs: {}, news, ignoreChanges: [], preview: false, timeoutSeconds: 0 };
  return azure.update({ ...resource(type, name), ...changed });
}

async function remove(type: string, id: string) {
  await azure.delete({ ...resource(type, "it"), id, outputs: {}, inputs: {}, timeoutSeconds: 0 });
}

function diff(type: string, oldInputs: Properties, news: Properties, olds: Properties = {}) {
  return azure.diff({ ...resource(type, "it"), id: "id", olds, oldInputs, news, ignoreChanges: [] });
}

const SYSTEM = { name: "system", mode: "System", count: 1, vmSize: "Standard_D4s_v5" };
const CLUSTER_INPUTS = { resourceGroupName: "rg", resourceName: "ai", dnsPrefix: "ai", agentPoolProfiles: [SYSTEM] };

function pool(agentPoolName: string, more: JsonObject = {}): JsonObject {
  return {
    resourceGroupName: "rg",
    resourceName: "ai",
    agentPoolName,
    vmSize: "Standard_NC24ads_A100_v4",
    count: 0,
    ...more,
  };
}

async function createCluster(more: JsonObject = {}) {
  await create("azure-native:resources:ResourceGroup", "rg", { resourceGroupName: "rg", location: "West Europe" });
  return create(CLUSTER, "ai", { ...CLUSTER_INPUTS, ...more });
}

describe("ids and names", () => {
  it.each([
    [POOL, { resourceGroupName: "rg", resourceName: "ai", agentPoolName: "tune" }, `${CLUSTER_ID}/agentPools/tune`],
    [
      "azure-native:authorization:RoleAssignment",
      { scope: `${GROUP_ID}/`, roleAssignmentName: "guid" },
      `${GROUP_ID}/providers/Microsoft.Authorization/roleAssignments/guid`,
    ],
    [
      "azure-native:resources:Resource",
      {
        resourceGroupName: "rg",
        resourceProviderNamespace: "Microsoft.ContainerRegistry",
        parentResourcePath: "",
        resourceType: "registries",
        resourceName: "data",
      },
      `${GROUP_ID}/providers/Microsoft.ContainerRegistry/registries/data`,
    ],
    [
      "azure-native:keyvault:Vault",
      { resourceGroupName: "rg", vaultName: "kv" },
      `${GROUP_ID}/providers/Microsoft.keyvault/vaults/kv`,
    ],
  ])("makes the ARM id of %s", (type, inputs, id) => {
    expect(armId(resourceType(type), inputs, "5a4db0c5-0000-4000-8000-000000000001")).toBe(id);
  });

  it("knows the type and the parent of an id", () => {
    expect(armType(`${CLUSTER_ID}/agentPools/tune`)).toBe("Microsoft.ContainerService/managedClusters/agentPools");
    expect(parentId(`${CLUSTER_ID}/agentPools/tune`)).toBe(CLUSTER_ID);
    expect(parentId(CLUSTER_ID)).toBeUndefined();
    const account = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/files`;
    expect(parentId(`${account}/fileServices/default/shares/support`)).toBe(account);
  });

  it.each([
    ["azure-native:resources:ResourceGroup", "random"],
    [CLUSTER, "random"],
    [POOL, "copy"],
    ["azure-native:resources:Resource", "random"],
    ["azure-native:authorization:RoleAssignment", "uuid"],
  ])("names a %s by the strategy %s", (type, strategy) => {
    expect(namingStrategy(resourceType(type))).toBe(strategy);
  });

  it("chooses the same name from the same seed, keeps an old one, and leaves one that is given", () => {
    const first = check(CLUSTER, "ai", { resourceGroupName: "rg", location: "westeurope" }).inputs;
    expect(first["resourceName"]).toMatch(/^ai[0-9a-f]{8}$/);
    expect(first["__createBeforeDelete"]).toBe(true);
    expect(check(CLUSTER, "ai", { resourceGroupName: "rg", location: "westeurope" }).inputs).toEqual(first);
    expect(check(CLUSTER, "ai", {}, { olds: { resourceName: "old" } }).inputs["resourceName"]).toBe("old");
    expect(check(CLUSTER, "ai", { resourceName: "mine" }).inputs).not.toHaveProperty("__createBeforeDelete");
  });

  it("obeys the engine's autonaming configuration", () => {
    const autonaming = { mode: "enforce", proposedName: "by-the-rules" } as const;
    expect(check(CLUSTER, "ai", {}, { autonaming }).inputs["resourceName"]).toBe("by-the-rules");
    const disabled = check(CLUSTER, "ai", { location: "x" }, { autonaming: { mode: "disable", proposedName: "" } });
    expect(disabled.failures).toEqual([{ property: "", reason: "missing required property 'resourceName'" }]);
  });

  it("refuses names outside the specification in Check", () => {
    expect(check(POOL, "tune", pool("Tune-1")).failures).toEqual([
      { property: "", reason: "'agentPoolName' does not match expression '^[a-z][a-z0-9]{0,11}$'" },
    ]);
    expect(check(POOL, "tune", pool("abcdefghijklm")).failures?.[0]?.reason).toBe(
      "'agentPoolName' is too long (13): at most 12 characters allowed",
    );
  });

  it("takes the location of the resource group, and leaves it unknown while the group is", async () => {
    await create("azure-native:resources:ResourceGroup", "rg", { resourceGroupName: "rg", location: "West Europe" });
    expect(check(CLUSTER, "ai", CLUSTER_INPUTS).inputs["location"]).toBe("West Europe");
    expect(check(CLUSTER, "ai", { ...CLUSTER_INPUTS, resourceGroupName: UNKNOWN }).inputs["location"]).toBe(UNKNOWN);
  });
});

describe("the SDK's shape", () => {
  it("tells inputs from outputs in a generated constructor", () => {
    const source = [
      "/** Uses Azure REST API version 2025-09-01. */",
      'resourceInputs["count"] = args?.count;',
      'resourceInputs["eTag"] = undefined /*out*/;',
      'resourceInputs["count"] = undefined /*out*/;',
    ].join("\n");
    expect(parseShape(source)).toEqual({
      inputs: new Set(["count"]),
      outputs: new Set(["eTag", "count"]),
      apiVersion: "2025-09-01",
    });
  });
});

describe("diff", () => {
  it("replaces a pool for its size, deleting first because the name is the program's", () => {
    expect(diff(POOL, pool("tune"), pool("tune", { vmSize: "Standard_NC4as_T4_v3" }))).toEqual({
      changes: "some",
      replaces: ["vmSize"],
      deleteBeforeReplace: true,
      detailed: { vmSize: "update-replace" },
    });
  });

  it("creates first where it chose the name itself", () => {
    const old = { ...CLUSTER_INPUTS, __createBeforeDelete: true };
    expect(diff(CLUSTER, old, { ...old, dnsPrefix: "other" })).toMatchObject({ deleteBeforeReplace: false });
  });

  it("updates in place what azure-native sends to Azure", () => {
    expect(
      diff(POOL, pool("tune"), pool("tune", { osDiskType: "Ephemeral", nodeTaints: ["a=b:NoSchedule"] })),
    ).toMatchObject({
      replaces: [],
      detailed: { osDiskType: "add", nodeTaints: "add" },
    });
  });

  it("takes locations and ids that differ in spelling for the same", () => {
    const old = { resourceGroupName: "rg", location: "West Europe", vnet: { id: CLUSTER_ID } };
    const same = {
      resourceGroupName: "rg",
      location: "westeurope",
      vnet: { id: CLUSTER_ID.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions") },
    };
    expect(diff(CLUSTER, old, same)).toMatchObject({ changes: "none", detailed: {} });
  });

  it("names list items and nested members by their path", () => {
    const changes = diffProperties(
      { pools: [{ name: "a", count: 1 }], gone: 1 },
      { pools: [{ name: "a", count: UNKNOWN }, { name: "b" }] },
      { replaces: (pattern) => pattern === "pools[].name" },
    );
    expect(changes).toEqual({ "pools[0].count": "update", "pools[1]": "add", gone: "delete" });
  });
});

describe("a cluster", () => {
  it("has what AKS fills in", async () => {
    const { id, outputs } = await createCluster({ oidcIssuerProfile: { enabled: true }, kubernetesVersion: "1.36" });
    expect(id).toBe(CLUSTER_ID);
    expect(outputs).toMatchObject({
      name: "ai",
      type: "Microsoft.ContainerService/managedClusters",
      currentKubernetesVersion: "1.36.3",
      nodeResourceGroup: "MC_rg_ai_westeurope",
      agentPoolProfiles: [{ name: "system", mode: "System", count: 1, osSKU: "Ubuntu", maxPods: 250 }],
    });
    const plain = knownProperties(outputs);
    expect(textAt(plain, "fqdn")).toMatch(/^ai-[0-9a-f]{8}\.hcp\.westeurope\.azmk8s\.io$/);
    expect(textAt(plain, "oidcIssuerProfile.issuerURL")).toMatch(/^https:\/\/westeurope\.oic\.prod-aks\.azure\.com\//);
    expect(textAt(plain, "identityProfile.kubeletidentity.objectId")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("shows in a preview what is known and nothing that Azure will say", () => {
    const news = { ...CLUSTER_INPUTS, location: "westeurope", oidcIssuerProfile: { enabled: true }, identity: UNKNOWN };
    const { inputs } = check(CLUSTER, "ai", news);
    const { id, outputs } = previewCluster(inputs);
    expect(id).toBe("");
    expect(outputs).toMatchObject({
      dnsPrefix: "ai",
      fqdn: UNKNOWN,
      identity: UNKNOWN,
      name: UNKNOWN,
      oidcIssuerProfile: { enabled: true, issuerURL: UNKNOWN },
    });
    expect(fs.readFileSync(stateFile(), "utf8")).not.toContain("managedClusters");
  });

  it("refuses a new inline pool and a new size for an old one", async () => {
    const { id } = await createCluster();
    const added = { ...CLUSTER_INPUTS, agentPoolProfiles: [SYSTEM, { ...SYSTEM, name: "more" }] };
    await expect(update(CLUSTER, "ai", id, added)).rejects.toThrow("A new agent pool was introduced");
    const resized = { ...CLUSTER_INPUTS, agentPoolProfiles: [{ ...SYSTEM, vmSize: "Standard_D8s_v5" }] };
    await expect(update(CLUSTER, "ai", id, resized)).rejects.toThrow(
      "Changing property 'properties.vmSize' is not allowed.",
    );
  });

  it("needs its resource group, and takes everything inside with it", async () => {
    await expect(create(CLUSTER, "ai", { ...CLUSTER_INPUTS, location: "x" })).rejects.toThrow(
      "Resource group 'rg' could not be found",
    );
    await createCluster();
    await create(POOL, "tune", pool("tune"));
    await remove("azure-native:resources:ResourceGroup", GROUP_ID);
    expect(JSON.parse(fs.readFileSync(stateFile(), "utf8"))).toEqual({ resources: {} });
    await remove(CLUSTER, CLUSTER_ID);
  });

  it("hands out a kubeconfig without a credential, and no admin one", async () => {
    await createCluster({ disableLocalAccounts: true, aadProfile: { managed: true } });
    const args = { resourceGroupName: "rg", resourceName: "ai" };
    const user = await call("azure-native:containerservice:listManagedClusterUserCredentials", args);
    const [{ value }] = user["kubeconfigs"] as [{ value: string }];
    expect(Buffer.from(value, "base64").toString()).toContain("command: kubelogin");
    await expect(call("azure-native:containerservice:listManagedClusterAdminCredentials", args)).rejects.toThrow(
      "disable local accounts",
    );
  });
});

function previewCluster(inputs: Properties) {
  return azure.preview({ ...resource(CLUSTER, "ai"), inputs, preview: true, timeoutSeconds: 0 });
}

async function call(token: string, args: Properties): Promise<Properties> {
  const { result } = await azure.invoke({ token, args, preview: false, signal: new AbortController().signal });
  return result;
}

describe("a pool", () => {
  beforeEach(async () => {
    await createCluster();
  });

  const spot = { scaleSetPriority: "Spot", enableAutoScaling: true, minCount: 0, maxCount: 2 };
  const SPOT_TAINT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule";

  it.each([
    ["surge settings on Spot", { ...spot, upgradeSettings: { maxSurge: "1" } }, "Spot pools can't set max surge."],
    [
      "maxUnavailable on Spot",
      { ...spot, upgradeSettings: { maxUnavailable: "1" } },
      "Spot pools can't set maxUnavailable.",
    ],
    ["a Spot system pool", { ...spot, mode: "System", minCount: 1, count: 1 }, "System node pools can't be Spot."],
    [
      "an eviction policy without Spot",
      { scaleSetEvictionPolicy: "Delete" },
      "Only Spot pools can set an eviction policy.",
    ],
    ["a price without Spot", { spotMaxPrice: -1 }, "Only Spot pools can set a max price."],
    ["limits without autoscaling", { maxCount: 2 }, "minCount and maxCount need enableAutoScaling."],
    ["a count outside the limits", { ...spot, count: 3 }, "count 3 must be from minCount 0 to maxCount 2."],
    ["a minimum above the maximum", { ...spot, minCount: 3 }, "With autoscaling a User pool needs"],
    ["neither surge nor unavailable", { upgradeSettings: { maxSurge: "0", maxUnavailable: "0" } }, "can't both be 0"],
  ])("refuses %s", async (_, more, message) => {
    await expect(create(POOL, "tune", pool("tune", more))).rejects.toThrow(message);
  });

  it("gets the Spot label and taint, and cannot lose the taint afterwards", async () => {
    const { id, outputs } = await create(POOL, "tune", pool("tune", spot));
    expect(outputs).toMatchObject({
      nodeLabels: { "kubernetes.azure.com/scalesetpriority": "spot" },
      nodeTaints: [SPOT_TAINT],
      scaleSetEvictionPolicy: "Delete",
      spotMaxPrice: -1,
    });
    await expect(update(POOL, "tune", id, pool("tune", { ...spot, maxCount: 3 }))).rejects.toThrow(
      "Changing property 'properties.nodeTaints' is not allowed.",
    );
    const declared = pool("tune", { ...spot, maxCount: 3, nodeTaints: ["sku=gpu:NoSchedule", SPOT_TAINT] });
    await expect(update(POOL, "tune", id, declared)).resolves.toMatchObject({ maxCount: 3 });
  });

  it.each(["osDiskType", "scaleSetPriority", "gpuProfile", "vnetSubnetID"])("cannot change %s", async (property) => {
    const { id } = await create(POOL, "tune", pool("tune"));
    const changed = pool("tune", { [property]: "other" });
    await expect(update(POOL, "tune", id, changed)).rejects.toThrow(
      `Changing property 'properties.${property}' is not allowed.`,
    );
  });

  it.each([["enableEncryptionAtHost", true], ["capacityReservationGroupID", "/group"], ["gpuInstanceProfile", "MIG1g"], ["availabilityZones", ["1"]]])(
    "cannot get %s afterwards",
    async (property, value) => {
      const { id } = await create(POOL, "tune", pool("tune"));
      await expect(update(POOL, "tune", id, pool("tune", { [property]: value }))).rejects.toThrow(
        `Changing property 'properties.${property}' is not allowed.`,
      );
    },
  );

  it("lives on a local disk where the size has one, unless told otherwise", async () => {
    const local = pool("local", { vmSize: "Standard_NC4as_T4_v3" });
    await expect(create(POOL, "local", local)).resolves.toMatchObject({ outputs: { osDiskType: "Ephemeral" } });
    await expect(create(POOL, "remote", pool("remote"))).resolves.toMatchObject({ outputs: { osDiskType: "Managed" } });
  });

  it("is no newer than its cluster", async () => {
    const newer = pool("newer", { orchestratorVersion: "1.37" });
    await expect(create(POOL, "newer", newer)).rejects.toMatchObject({ armCode: "NodePoolMcVersionIncompatible" });
  });

  it("is written one at a time", async () => {
    const results = await Promise.allSettled([create(POOL, "a", pool("a")), create(POOL, "b", pool("b"))]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(results[1]).toMatchObject({ reason: { status: 409, armCode: "OperationNotAllowed" } });
  });

  it("runs out of writes after twenty, and has one a minute then", async () => {
    const { id } = await create(POOL, "tune", pool("tune"));
    for (let write = 1; write < 20; write += 1) await update(POOL, "tune", id, pool("tune", { tags: { write } }));
    await expect(update(POOL, "tune", id, pool("tune"))).rejects.toMatchObject({ status: 429 });
    now += 60_000;
    await expect(update(POOL, "tune", id, pool("tune"))).resolves.toMatchObject({ name: "tune" });
  });

  it("must fit the quota of its family", async () => {
    const quota = { standardNCADSA100v4Family: 24, lowPriorityCores: 0 };
    fs.writeFileSync(path.join(folder, "state.quota.json"), JSON.stringify(quota));
    await create(POOL, "a", pool("a", { count: 1 }));
    await expect(create(POOL, "b", pool("b", { count: 1 }))).rejects.toThrow(
      "Insufficient vcpu quota requested 24, remaining 0 for family standardNCADSA100v4Family for region westeurope.",
    );
    await expect(create(POOL, "c", pool("c", { ...spot, minCount: 1, count: 1 }))).rejects.toThrow(
      "family lowPriorityCores",
    );
  });

  it("keeps the last system pool", async () => {
    behindItsBack(CLUSTER_ID, { agentPoolProfiles: [] });
    const { id } = await create(POOL, "sys", pool("sys", { mode: "System", count: 1 }));
    await expect(remove(POOL, id)).rejects.toThrow("There has to be at least one system agent pool.");
  });
});

describe("vCPU families", () => {
  it.each([
    ["Standard_NC24ads_A100_v4", 24, "standardNCADSA100v4Family"],
    ["Standard_NC4as_T4_v3", 4, "Standard NCASv3_T4 Family"],
    ["Standard_D4s_v5", 4, "standardDSv5Family"],
    ["Standard_NV36adms_A10_v5", 36, "StandardNVADSA10v5Family"],
    ["Standard_NC8ads_A10_v4", 8, "StandardNCADSA10v4Family"],
    ["Standard_ND96asr_v4", 96, "Standard NDASv4_A100 Family"],
    ["Standard_ND96amsr_A100_v4", 96, "standardNDAMSv4_A100Family"],
    ["Standard_NC80adis_H100_v5", 80, "StandardNCadsH100v5Family"],
    ["Standard_NCC40ads_H100_v5", 40, "StandardNCCads2023Family"],
    ["Standard_ND96isr_H100_v5", 96, "standardNDSH100v5Family"],
    ["Standard_ND96isr_H200_v5", 96, "standardNDISRH200V5Family"],
  ])("%s has %d of %s", (size, cores, family) => {
    expect([vcpus(size), vcpuFamily(size)]).toEqual([cores, family]);
  });
});

describe("identities and roles", () => {
  const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
  const ROLE = "azure-native:authorization:RoleAssignment";
  let principalId: string;

  beforeEach(async () => {
    await create("azure-native:resources:ResourceGroup", "rg", { resourceGroupName: "rg", location: "westeurope" });
    const { outputs } = await create(IDENTITY, "push", { resourceGroupName: "rg", resourceName: "push" });
    principalId = textAt(knownProperties(outputs), "principalId") ?? "";
  });

  function credential(name: string, subject = name): JsonObject {
    return {
      resourceGroupName: "rg",
      resourceName: "push",
      federatedIdentityCredentialResourceName: name,
      issuer: "https://issuer/",
      subject,
    };
  }

  it("keeps the ids of an identity", async () => {
    azure = open();
    const { outputs } = await create(IDENTITY, "push", { resourceGroupName: "rg", resourceName: "push" });
    expect(outputs["principalId"]).toBe(principalId);
  });

  it("takes federated credentials one after another, twenty at most, each once", async () => {
    const two = await Promise.allSettled([
      create(CREDENTIAL, "one", credential("one")),
      create(CREDENTIAL, "two", credential("two")),
    ]);
    expect(two[1]).toMatchObject({
      reason: { status: 409, armCode: "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity" },
    });
    await expect(create(CREDENTIAL, "again", credential("again", "one"))).rejects.toThrow(
      "already exists for this Managed Identity",
    );
    for (let count = 2; count <= 20; count += 1) await create(CREDENTIAL, `n${count}`, credential(`n${count}`));
    await expect(create(CREDENTIAL, "n21", credential("n21"))).rejects.toThrow("20 federated identity credentials");
  });

  function assignment(more: JsonObject): JsonObject {
    return { scope: GROUP_ID, principalId, roleDefinitionId: "/role", principalType: "ServicePrincipal", ...more };
  }

  it.each([
    ["a wrong principal type", { principalType: "User" }, "UnmatchedPrincipalType"],
    ["a name that is no GUID", { roleAssignmentName: "mine" }, "InvalidRoleAssignmentId"],
    ["a scope that does not exist", { scope: `${GROUP_ID}/providers/Microsoft.X/ys/z` }, "ResourceNotFound"],
  ])("refuses an assignment with %s", async (_, more, armCode) => {
    await expect(create(ROLE, "r", assignment(more))).rejects.toMatchObject({ armCode });
  });

  it("refuses the same assignment under another name", async () => {
    await create(ROLE, "r", assignment({ roleAssignmentName: "5a4db0c5-0000-4000-8000-0000000000a1" }));
    const again = assignment({ roleAssignmentName: "5a4db0c5-0000-4000-8000-0000000000a2" });
    await expect(create(ROLE, "s", again)).rejects.toMatchObject({ status: 409, armCode: "RoleAssignmentExists" });
  });
});

describe("registries, networks and storage", () => {
  const REGISTRY = {
    resourceGroupName: "rg",
    resourceProviderNamespace: "Microsoft.ContainerRegistry",
    parentResourcePath: "",
    resourceType: "registries",
    apiVersion: "2025-11-01",
    resourceName: "datasets",
    sku: { name: "Basic" },
    properties: {},
  };
  const GENERIC = "azure-native:resources:Resource";

  beforeEach(async () => {
    await create("azure-native:resources:ResourceGroup", "rg", { resourceGroupName: "rg", location: "westeurope" });
  });

  it("gives a registry a port of its own for life", async () => {
    const { id, outputs } = await create(GENERIC, "datasets", REGISTRY);
    const { loginServer } = outputs["properties"] as { loginServer: string };
    expect(loginServer).toMatch(/^localhost:\d+$/);
    const tagged = { ...REGISTRY, tags: { team: "support" } };
    await expect(update(GENERIC, "datasets", id, tagged)).resolves.toMatchObject({ properties: { loginServer } });
    const typed = await call("azure-native:containerregistry:getRegistry", {
      resourceGroupName: "rg",
      registryName: "datasets",
    });
    expect(typed).toMatchObject({ loginServer, name: "datasets", sku: { name: "Basic" } });
  });

  it.each([
    ["its name", { resourceName: "my-data" }, "5 to 50 alphanumeric"],
    ["private access without Premium", { properties: { publicNetworkAccess: "Disabled" } }, "it needs Premium"],
    ["anonymous pull on Basic", { properties: { anonymousPullEnabled: true } }, "does not support anonymous pull"],
  ])("refuses a registry for %s", async (_, more, message) => {
    await expect(create(GENERIC, "datasets", { ...REGISTRY, ...more })).rejects.toThrow(message);
  });

  it("refuses subnets outside the network or over each other", async () => {
    const network = {
      resourceGroupName: "rg",
      virtualNetworkName: "net",
      addressSpace: { addressPrefixes: ["10.1.0.0/16"] },
    };
    const subnet = (subnetName: string, addressPrefix: string) => ({
      resourceGroupName: "rg",
      virtualNetworkName: "net",
      subnetName,
      addressPrefix,
    });
    await create("azure-native:network:VirtualNetwork", "net", network);
    await create("azure-native:network:Subnet", "a", subnet("a", "10.1.0.0/20"));
    await expect(create("azure-native:network:Subnet", "b", subnet("b", "10.1.8.0/24"))).rejects.toMatchObject({
      armCode: "NetcfgSubnetRangesOverlap",
    });
    await expect(create("azure-native:network:Subnet", "c", subnet("c", "10.2.0.0/24"))).rejects.toMatchObject({
      armCode: "NetcfgSubnetRangeOutsideVnet",
    });
  });

  it("refuses NFS shares outside premium storage", async () => {
    const account = { resourceGroupName: "rg", accountName: "files", kind: "StorageV2", sku: { name: "Standard_LRS" } };
    await create("azure-native:storage:StorageAccount", "files", account);
    const share = { resourceGroupName: "rg", accountName: "files", shareName: "support", enabledProtocols: "NFS" };
    await expect(create("azure-native:storage:FileShare", "support", share)).rejects.toThrow("FileStorage");
  });
});

describe("interruptions", () => {
  it("lets the same resource have what its lost creation made, and nobody else", async () => {
    await createCluster();
    azure = open();
    const again = await create(CLUSTER, "ai", CLUSTER_INPUTS);
    expect(again.id).toBe(CLUSTER_ID);
    expect(log.join("\n")).toContain("the real provider would answer");
    await expect(create(CLUSTER, "other", CLUSTER_INPUTS)).rejects.toThrow(
      `cannot create already existing resource '${CLUSTER_ID}'`,
    );
    await expect(create(CLUSTER, "ai", { ...CLUSTER_INPUTS, tags: {} })).rejects.toThrow(
      "cannot create already existing",
    );
  });

  it("fails on order, before or after applying, as often as asked", async () => {
    await createCluster();
    const fault = { type: POOL, name: "tune", operation: "create", status: 500, code: "Internal", message: "no" };
    const faults = [
      { ...fault, when: "before", times: 2 },
      { ...fault, when: "after" },
    ];
    fs.writeFileSync(path.join(folder, "state.faults.json"), JSON.stringify(faults));
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await expect(create(POOL, "tune", pool("tune"))).rejects.toThrow(ArmError);
      expect(fs.readFileSync(stateFile(), "utf8")).not.toContain("agentPools/tune");
    }
    await expect(create(POOL, "tune", pool("tune"))).rejects.toThrow('Status=500 Code="Internal" Message="no"');
    expect(fs.readFileSync(stateFile(), "utf8")).toContain("agentPools/tune");
    await expect(create(POOL, "tune", pool("tune"))).resolves.toMatchObject({ outputs: { name: "tune" } });
  });

  it("shows drift of what the program declares", async () => {
    await createCluster();
    const { id, outputs } = await create(POOL, "tune", pool("tune"));
    behindItsBack(id, { count: 5 });
    const read = await azure.read({ ...resource(POOL, "tune"), id, outputs, inputs: pool("tune") });
    expect(read?.inputs).toEqual(pool("tune", { count: 5 }));
    expect(await azure.read({ ...resource(POOL, "gone"), id: `${id}x`, outputs: {}, inputs: {} })).toBeUndefined();
  });
});
