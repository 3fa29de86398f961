import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Faults } from "../../../sandbox/providers/azure-native/faults";
import { AzureNativeStandIn } from "../../../sandbox/providers/azure-native/stand-in";
import { StateStore } from "../../../sandbox/providers/azure-native/state";
import { ExclusiveWrites, WriteLimits } from "../../../sandbox/providers/azure-native/write-limits";
import type { JsonObject, Properties } from "../../../sandbox/providers/values";

const ACCOUNT = "azure-native:storage:StorageAccount";
const SERVICE = "azure-native:storage:FileServiceProperties";
const SHARE = "azure-native:storage:FileShare";
const SUBNET = "azure-native:network:Subnet";

let folder: string;
let azure: AzureNativeStandIn;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "azure-storage-"));
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
  await create("azure-native:resources:ResourceGroup", { resourceGroupName: "rg", location: "westeurope" });
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

const resource = (type: string) => ({ urn: `urn:pulumi:dev::test::${type}::it`, type, name: "it", signal: new AbortController().signal });

async function create(type: string, news: Properties) {
  const { inputs } = azure.check({ ...resource(type), olds: {}, news, randomSeed: Buffer.from("seed"), autonaming: undefined });
  return azure.create({ ...resource(type), inputs, preview: false, timeoutSeconds: 0 });
}

async function update(type: string, id: string, news: Properties) {
  return azure.update({ ...resource(type), id, olds: {}, oldInputs: {}, news, ignoreChanges: [], preview: false, timeoutSeconds: 0 });
}

function account(more: JsonObject = {}): JsonObject {
  return { resourceGroupName: "rg", accountName: "files", kind: "FileStorage", sku: { name: "Premium_LRS" }, ...more };
}

function share(more: JsonObject = {}): JsonObject {
  return { resourceGroupName: "rg", accountName: "files", shareName: "checkpoints", enabledProtocols: "NFS", shareQuota: 100, ...more };
}

describe("storage accounts", () => {
  it("are reachable from outside unless that is turned off", async () => {
    const { outputs, id } = await create(ACCOUNT, account());
    expect(outputs["publicNetworkAccess"]).toBe("Enabled");
    await expect(update(ACCOUNT, id, account({ publicNetworkAccess: "Disabled" }))).resolves.toMatchObject({ publicNetworkAccess: "Disabled" });
  });

  it.each(["Standard_LRS", "Premium_GRS"])("for files take no %s", async (name) => {
    await expect(create(ACCOUNT, account({ sku: { name } }))).rejects.toThrow(`The value '${name}' is not allowed for property sku.name`);
  });

  it.each(["Premium_ZRS", "PremiumV2_LRS", "StandardV2_GRS"])("for files take %s", async (name) => {
    await expect(create(ACCOUNT, account({ sku: { name } }))).resolves.toMatchObject({ outputs: { sku: { name } } });
  });

  it("keep their kind, unless it is one that became StorageV2", async () => {
    const { id } = await create(ACCOUNT, account({ kind: "Storage", sku: { name: "Standard_LRS" } }));
    await expect(update(ACCOUNT, id, account())).rejects.toMatchObject({ armCode: "StorageAccountKindChangeNotAllowed" });
    await expect(update(ACCOUNT, id, account({ kind: "StorageV2", sku: { name: "Standard_LRS" } }))).resolves.toMatchObject({ kind: "StorageV2" });
  });

  it("with an NFS share stay in one zone or in three", async () => {
    const { id } = await create(ACCOUNT, account());
    await expect(update(ACCOUNT, id, account({ sku: { name: "Premium_ZRS" } }))).resolves.toMatchObject({ sku: { name: "Premium_ZRS" } });
    await create(SHARE, share());
    await expect(update(ACCOUNT, id, account())).rejects.toMatchObject({ armCode: "StorageAccountTypeConversionNotAllowed" });
    await expect(update(ACCOUNT, id, account({ sku: { name: "Premium_ZRS" }, tags: { a: "b" } }))).resolves.toMatchObject({ tags: { a: "b" } });
  });

  it("admit a subnet only when it has a way to storage", async () => {
    await create("azure-native:network:VirtualNetwork", {
      resourceGroupName: "rg",
      virtualNetworkName: "net",
      addressSpace: { addressPrefixes: ["10.1.0.0/16"] },
    });
    const subnet = { resourceGroupName: "rg", virtualNetworkName: "net", subnetName: "nodes", addressPrefix: "10.1.0.0/20" };
    const { id } = await create(SUBNET, subnet);
    const networkRuleSet = { defaultAction: "Deny", virtualNetworkRules: [{ virtualNetworkResourceId: id, action: "Allow" }] };
    await expect(create(ACCOUNT, account({ networkRuleSet }))).rejects.toThrow("SubnetsHaveNoServiceEndpointsConfigured:Subnets nodes");
    await update(SUBNET, id, { ...subnet, serviceEndpoints: [{ service: "Microsoft.Storage" }] });
    await expect(create(ACCOUNT, account({ networkRuleSet }))).resolves.toMatchObject({ outputs: { name: "files" } });
  });
});

describe("shares", () => {
  it.each([
    ["99 GiB on premium storage", "Premium_LRS", { shareQuota: 99 }, "from 100 to 102400"],
    ["102401 GiB", "Premium_LRS", { shareQuota: 102_401 }, "from 100 to 102400"],
    ["31 GiB on provisioned v2", "PremiumV2_LRS", { shareQuota: 31 }, "from 32 to 102400"],
    ["NFS on disks that turn", "StandardV2_LRS", {}, "Nfs is not supported"],
  ])("refuse %s", async (_, sku, more, message) => {
    await create(ACCOUNT, account({ sku: { name: sku } }));
    await expect(create(SHARE, share(more))).rejects.toThrow(message);
  });

  it("are replaced for another protocol, and grow in place", () => {
    const diff = (news: Properties) => azure.diff({ ...resource(SHARE), id: "id", olds: {}, oldInputs: share(), news, ignoreChanges: [] });
    expect(diff(share({ enabledProtocols: "SMB" }))).toMatchObject({ replaces: ["enabledProtocols"] });
    expect(diff(share({ shareQuota: 200 }))).toMatchObject({ replaces: [] });
  });

  it.each([0, 366])("are not kept for %d days after their deletion", async (days) => {
    await create(ACCOUNT, account());
    const inputs = { resourceGroupName: "rg", accountName: "files", fileServicesName: "default", shareDeleteRetentionPolicy: { enabled: true, days } };
    await expect(create(SERVICE, inputs)).rejects.toThrow("must be from 1 to 365");
  });

  it("are kept for two weeks where asked to", async () => {
    await create(ACCOUNT, account());
    const shareDeleteRetentionPolicy = { enabled: true, days: 14 };
    const inputs = { resourceGroupName: "rg", accountName: "files", fileServicesName: "default", shareDeleteRetentionPolicy };
    await expect(create(SERVICE, inputs)).resolves.toMatchObject({ outputs: { shareDeleteRetentionPolicy } });
  });
});
