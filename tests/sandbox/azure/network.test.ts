import type { Properties } from "../../../sandbox/providers/values";
import { SimulatedAzure } from "../../support/simulated-azure";

const GROUP = "azure-native:resources:ResourceGroup";
const NETWORK = "azure-native:network:VirtualNetwork";
const SUBNET = "azure-native:network:Subnet";
const SECURITY_GROUP = "azure-native:network:NetworkSecurityGroup";
const ENDPOINT = "azure-native:network:PrivateEndpoint";
const ZONE_GROUP = "azure-native:network:PrivateDnsZoneGroup";
const ZONE = "azure-native:privatedns:PrivateZone";
const LINK = "azure-native:privatedns:VirtualNetworkLink";
const REGISTRY = "azure-native:resources:Resource";

const SUBSCRIPTION = "/subscriptions/5a4db0c5-0000-4000-8000-000000000001";
const NETWORKS = `${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network`;
const IN_GROUP = { resourceGroupName: "rg" };

let simulated: SimulatedAzure;

beforeEach(async () => {
  simulated = new SimulatedAzure();
  await simulated.create(GROUP, "rg", { resourceGroupName: "rg", location: "westeurope" });
  await simulated.create(NETWORK, "net", { ...IN_GROUP, virtualNetworkName: "net", addressSpace: { addressPrefixes: ["10.1.0.0/16"] } });
});

afterEach(() => {
  simulated.close();
});

function subnet(subnetName: string, addressPrefix: string, more: Properties = {}) {
  return simulated.create(SUBNET, subnetName, { ...IN_GROUP, virtualNetworkName: "net", subnetName, addressPrefix, ...more });
}

async function remove(type: string, id: string): Promise<void> {
  const about = { urn: `urn:pulumi:dev::test::${type}::it`, type, name: "it", signal: new AbortController().signal };
  await simulated.azure.delete({ ...about, id, outputs: {}, inputs: {}, timeoutSeconds: 0 });
}

describe("subnets", () => {
  it("are written into their network one after another", async () => {
    const results = await Promise.allSettled([subnet("a", "10.1.0.0/24"), subnet("b", "10.1.1.0/24")]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(results[1]).toMatchObject({ reason: { status: 409, armCode: "AnotherOperationInProgress" } });
    expect((await subnet("b", "10.1.1.0/24")).id).toBe(`${NETWORKS}/virtualNetworks/net/subnets/b`);
  });

  it("are at least a /29", async () => {
    await expect(subnet("a", "10.1.0.0/30")).rejects.toMatchObject({ armCode: "InvalidRequestFormat" });
    await expect(subnet("a", "10.1.0.0/29")).resolves.toMatchObject({ outputs: { name: "a" } });
  });

  it.each(["natGateway", "networkSecurityGroup", "routeTable"])("name a %s that exists, or one of another subscription", async (property) => {
    const missing = { [property]: { id: `${NETWORKS}/things/none` } };
    await expect(subnet("a", "10.1.0.0/24", missing)).rejects.toMatchObject({ armCode: "InvalidResourceReference" });
    const elsewhere = { [property]: { id: "/subscriptions/other/resourceGroups/hub/providers/Microsoft.Network/things/it" } };
    await expect(subnet("a", "10.1.0.0/24", elsewhere)).resolves.toMatchObject({ outputs: { name: "a" } });
  });
});

describe("security groups", () => {
  const rule = (name: string, priority: number) => ({ name, priority, direction: "Inbound", access: "Allow", protocol: "*" });
  const group = (...securityRules: ReturnType<typeof rule>[]) =>
    simulated.create(SECURITY_GROUP, "nsg", { ...IN_GROUP, networkSecurityGroupName: "nsg", securityRules });

  it.each([
    ["a priority below 100", [rule("a", 99)], "SecurityRuleInvalidPriority"],
    ["a priority above 4096", [rule("a", 4097)], "SecurityRuleInvalidPriority"],
    ["one priority twice", [rule("a", 100), rule("b", 100)], "SecurityRuleConflict"],
  ])("are refused for %s", async (_, rules, armCode) => {
    await expect(group(...rules)).rejects.toMatchObject({ armCode });
  });

  it("take one priority in each direction", async () => {
    await expect(group(rule("a", 100), { ...rule("b", 100), direction: "Outbound" })).resolves.toMatchObject({ outputs: { name: "nsg" } });
  });

  it("stay while a subnet uses them", async () => {
    const { id } = await group(rule("a", 100));
    const nodes = await subnet("nodes", "10.1.0.0/24", { networkSecurityGroup: { id } });
    await expect(remove(SECURITY_GROUP, id)).rejects.toMatchObject({ armCode: "InUseNetworkSecurityGroupCannotBeDeleted" });
    await remove(SUBNET, nodes.id);
    await expect(remove(SECURITY_GROUP, id)).resolves.toBeUndefined();
  });
});

describe("private zones", () => {
  const zone = (resourceGroupName: string) =>
    simulated.create(ZONE, "zone", { resourceGroupName, location: "Global", privateZoneName: "privatelink.azurecr.io" });
  const link = (resourceGroupName: string, name: string) =>
    simulated.create(LINK, name, {
      resourceGroupName,
      location: "Global",
      privateZoneName: "privatelink.azurecr.io",
      virtualNetworkLinkName: name,
      virtualNetwork: { id: `${NETWORKS}/virtualNetworks/net` },
    });

  it("are linked to a network once a name, wherever the other zone lies", async () => {
    await simulated.create(GROUP, "hub", { resourceGroupName: "hub", location: "westeurope" });
    await zone("rg");
    await zone("hub");
    await link("rg", "one");
    await expect(link("rg", "two")).rejects.toMatchObject({ status: 409, armCode: "Conflict" });
    await expect(link("hub", "three")).rejects.toMatchObject({ status: 409, armCode: "Conflict" });
  });

  it("are linked by AKS to the network of a private cluster, unless they are already", async () => {
    const { id: zoneId } = await zone("rg");
    const { id: vnetSubnetID } = await subnet("nodes", "10.1.0.0/24");
    const made = await link("rg", "one");
    await simulated.create("azure-native:containerservice:ManagedCluster", "ai", {
      ...IN_GROUP,
      resourceName: "ai",
      dnsPrefix: "ai",
      agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D4s_v5", vnetSubnetID }],
      apiServerAccessProfile: { enablePrivateCluster: true, privateDNSZone: zoneId },
    });
    await remove(LINK, made.id);
    await expect(link("rg", "two")).rejects.toThrow("by the link that AKS made for its cluster");
  });

  it("go after their links", async () => {
    const { id } = await zone("rg");
    const made = await link("rg", "one");
    await expect(remove(ZONE, id)).rejects.toMatchObject({ armCode: "CannotDeleteResource" });
    await remove(LINK, made.id);
    await expect(remove(ZONE, id)).resolves.toBeUndefined();
  });
});

describe("private endpoints", () => {
  let subnetId: string;

  beforeEach(async () => {
    subnetId = (await subnet("endpoints", "10.1.0.0/24")).id;
  });

  async function registry(sku: string): Promise<string> {
    const { id } = await simulated.create(REGISTRY, "registry", {
      ...IN_GROUP,
      resourceProviderNamespace: "Microsoft.ContainerRegistry",
      parentResourcePath: "",
      resourceType: "registries",
      resourceName: "registry",
      apiVersion: "2025-11-01",
      sku: { name: sku },
      properties: {},
    });
    return id;
  }

  const endpoint = (target: string, groupIds = ["registry"], subnetOf = subnetId) =>
    simulated.create(ENDPOINT, "pe", {
      ...IN_GROUP,
      privateEndpointName: "pe",
      subnet: { id: subnetOf },
      privateLinkServiceConnections: [{ name: "registry", privateLinkServiceId: target, groupIds }],
    });

  it("lead to Premium registries alone, by the group that they have", async () => {
    const standard = await registry("Standard");
    await expect(endpoint(standard)).rejects.toMatchObject({ armCode: "LinkedServiceOperationFailed" });
    await remove(REGISTRY, standard);
    const premium = await registry("Premium");
    await expect(endpoint(premium, ["vault"])).rejects.toMatchObject({ armCode: "GroupIdInvalid" });
    await expect(endpoint(premium)).resolves.toMatchObject({ outputs: { name: "pe" } });
  });

  it("lead from a subnet that exists to something that exists", async () => {
    const premium = await registry("Premium");
    await expect(endpoint(`${premium}x`)).rejects.toMatchObject({ status: 404 });
    await expect(endpoint(premium, ["registry"], `${subnetId}x`)).rejects.toMatchObject({ status: 404 });
  });

  it("hold their subnet, and the tier of their registry", async () => {
    const premium = await registry("Premium");
    const { id } = await endpoint(premium);
    await expect(remove(SUBNET, subnetId)).rejects.toMatchObject({ armCode: "InUseSubnetCannotBeDeleted" });
    const standard = { ...IN_GROUP, sku: { name: "Standard" }, properties: {} };
    await expect(simulated.update(REGISTRY, "registry", premium, standard)).rejects.toThrow("while the registry has private endpoints");
    await remove(ENDPOINT, id);
    await expect(simulated.update(REGISTRY, "registry", premium, standard)).resolves.toMatchObject({ sku: { name: "Standard" } });
  });

  it("have one group of zones, which exist", async () => {
    await endpoint(await registry("Premium"));
    const group = (name: string, privateDnsZoneId: string) =>
      simulated.create(ZONE_GROUP, name, {
        ...IN_GROUP,
        privateEndpointName: "pe",
        privateDnsZoneGroupName: name,
        privateDnsZoneConfigs: [{ name: "registry", privateDnsZoneId }],
      });
    await expect(group("default", `${NETWORKS}/privateDnsZones/none`)).rejects.toMatchObject({ status: 404 });
    const zone = await simulated.create(ZONE, "zone", { ...IN_GROUP, location: "Global", privateZoneName: "privatelink.azurecr.io" });
    await group("default", zone.id);
    await expect(group("second", zone.id)).rejects.toMatchObject({ armCode: "MultiplePrivateDnsZoneGroupsNotAllowed" });
  });
});
