import * as pulumi from "@pulumi/pulumi";
import { Network, type NetworkRef } from "../../components";
import { mockEngine, type Registration } from "../support/mock-engine";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";

const TAGS = { "managed-by": "aks-fine-tuning", component: "Network/ai" };
const PLACE = { resourceGroupName: "group", location: "eastus" };
const GATEWAY: Registration = {
  type: "azure-native:network:NatGateway",
  name: "ai-egress",
  parent: "Network ai",
  after: ["PublicIPAddress ai-egress"],
  inputs: {
    ...PLACE,
    tags: TAGS,
    sku: { name: "Standard" },
    publicIpAddresses: [{ id: "PublicIPAddress/ai-egress" }],
    idleTimeoutInMinutes: 30,
  },
};
const ADDRESS: Registration = {
  type: "azure-native:network:PublicIPAddress",
  name: "ai-egress",
  parent: "Network ai",
  inputs: { ...PLACE, tags: TAGS, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
};
const NODES: Registration = {
  type: "azure-native:network:Subnet",
  name: "ai-nodes",
  parent: "Network ai",
  after: ["NatGateway ai-egress", "VirtualNetwork ai"],
  inputs: {
    resourceGroupName: "group",
    virtualNetworkName: "ai",
    subnetName: "nodes",
    addressPrefix: "10.100.0.0/20",
    natGateway: { id: "NatGateway/ai-egress" },
    serviceEndpoints: [{ service: "Microsoft.Storage" }],
    // Defaults of the provider's own package.
    privateEndpointNetworkPolicies: "Disabled",
    privateLinkServiceNetworkPolicies: "Enabled",
  },
};
const VIRTUAL_NETWORK: Registration = {
  type: "azure-native:network:VirtualNetwork",
  name: "ai",
  parent: "Network ai",
  ignoreChanges: ["subnets"],
  inputs: {
    ...PLACE,
    tags: TAGS,
    addressSpace: { addressPrefixes: ["10.100.0.0/16"] },
    enableDdosProtection: false,
    enableVmProtection: false,
  },
};
const RANGES = { addressSpace: "10.100.0.0/16", nodeRange: "10.100.0.0/20", podRange: "10.244.0.0/16" };

function component(inputs: Record<string, unknown>): Registration {
  return { type: "aks-fine-tuning:index:Network", name: "ai", inputs: { ...RANGES, ...inputs } };
}

function group(name: string, securityRules: unknown[]): Registration {
  const inputs = { ...PLACE, tags: TAGS, securityRules };
  return { type: "azure-native:network:NetworkSecurityGroup", name, parent: "Network ai", inputs };
}

function zone(kind: string, privateZoneName: string): Registration[] {
  const common = { resourceGroupName: "group", location: "Global", tags: TAGS, privateZoneName };
  return [
    { type: "azure-native:privatedns:PrivateZone", name: `ai-${kind}`, parent: "Network ai", inputs: common },
    {
      type: "azure-native:privatedns:VirtualNetworkLink",
      name: `ai-${kind}`,
      parent: "Network ai",
      after: [`PrivateZone ai-${kind}`, "VirtualNetwork ai"],
      inputs: { ...common, virtualNetwork: { id: "VirtualNetwork/ai" }, registrationEnabled: false },
    },
  ];
}

const byTypeAndName = (a: Registration, b: Registration): number => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1);

describe("Network", () => {
  it("registers in development a network, a subnet for nodes, and one address that traffic leaves from", async () => {
    const engine = await mockEngine();
    const network: NetworkRef = new Network("ai", { ...PLACE, environment: "development" });
    expect([network.nodeRange, network.egress, network.privateEndpoints]).toEqual(["10.100.0.0/20", "nat-gateway", undefined]);
    expect(await engine.registered()).toEqual([
      component({ egress: "nat-gateway", securityGroups: false }),
      GATEWAY,
      ADDRESS,
      NODES,
      VIRTUAL_NETWORK,
    ]);
  });

  it("registers in production a guarded subnet for private endpoints too, and the zones that lead to them", async () => {
    const engine = await mockEngine();
    const zones = {
      registry: "privatelink.azurecr.io",
      files: "privatelink.file.core.windows.net",
      vault: "privatelink.vaultcore.azure.net",
      cluster: "privatelink.eastus.azmk8s.io",
    };
    const network = new Network("ai", { ...PLACE, podRange: "100.64.0.0/16", privateZones: ["registry", "files", "vault", "cluster"] });
    const endpoints = network.privateEndpoints;
    expect(await resolved(endpoints?.subnetId)).toBe("Subnet/ai-endpoints");
    expect(await resolved(endpoints?.zones.cluster)).toBe("PrivateZone/ai-cluster");
    expect(endpoints?.range).toBe("10.100.16.0/24");
    const inbound = { direction: "Inbound", sourcePortRange: "*" };
    const both = ["10.100.0.0/20", "100.64.0.0/16"];
    const toEndpoints = { ...inbound, destinationAddressPrefix: "10.100.16.0/24" };
    expect(await engine.registered()).toEqual(
      [
        component({ podRange: "100.64.0.0/16", egress: "nat-gateway", securityGroups: true, endpoints: { range: "10.100.16.0/24", zones } }),
        GATEWAY,
        ADDRESS,
        group("ai-nodes", [
          {
            ...inbound,
            name: "cluster",
            description: "Nodes and pods among each other",
            priority: 100,
            access: "Allow",
            protocol: "*",
            sourceAddressPrefixes: both,
            destinationAddressPrefixes: both,
            destinationPortRange: "*",
          },
        ]),
        group("ai-endpoints", [
          {
            ...toEndpoints,
            name: "clients",
            description: "HTTPS and NFS from this network and its peers",
            priority: 100,
            access: "Allow",
            protocol: "Tcp",
            sourceAddressPrefix: "VirtualNetwork",
            destinationPortRanges: ["443", "2049"],
          },
          {
            ...toEndpoints,
            name: "nothing-else",
            description: "No other port",
            priority: 4000,
            access: "Deny",
            protocol: "*",
            sourceAddressPrefix: "*",
            destinationPortRange: "*",
          },
        ]),
        {
          ...NODES,
          after: ["NatGateway ai-egress", "NetworkSecurityGroup ai-nodes", "VirtualNetwork ai"],
          inputs: { ...NODES.inputs, networkSecurityGroup: { id: "NetworkSecurityGroup/ai-nodes" } },
        },
        {
          type: "azure-native:network:Subnet",
          name: "ai-endpoints",
          parent: "Network ai",
          after: ["NetworkSecurityGroup ai-endpoints", "Subnet ai-nodes", "VirtualNetwork ai"],
          inputs: {
            resourceGroupName: "group",
            virtualNetworkName: "ai",
            subnetName: "endpoints",
            addressPrefix: "10.100.16.0/24",
            privateEndpointNetworkPolicies: "NetworkSecurityGroupEnabled",
            privateLinkServiceNetworkPolicies: "Enabled",
            networkSecurityGroup: { id: "NetworkSecurityGroup/ai-endpoints" },
          },
        },
        VIRTUAL_NETWORK,
        ...Object.entries(zones).flatMap(([kind, name]) => zone(kind, name)),
      ].sort(byTypeAndName),
    );
  });

  it("makes private endpoints without security groups where those are off, and without zones that a hub registers", async () => {
    const engine = await mockEngine();
    const network = new Network("ai", { ...PLACE, environment: "development", privateEndpoints: true, privateZones: [] });
    expect(network.privateEndpoints?.zones).toEqual({});
    const registered = await engine.registered();
    expect(registered.filter(({ name }) => name === "ai-endpoints")).toEqual([
      {
        type: "azure-native:network:Subnet",
        name: "ai-endpoints",
        parent: "Network ai",
        after: ["Subnet ai-nodes", "VirtualNetwork ai"],
        inputs: {
          resourceGroupName: "group",
          virtualNetworkName: "ai",
          subnetName: "endpoints",
          addressPrefix: "10.100.16.0/24",
          privateEndpointNetworkPolicies: "Disabled",
          privateLinkServiceNetworkPolicies: "Enabled",
        },
      },
    ]);
    expect(registered.filter(({ type }) => type.startsWith("azure-native:privatedns"))).toEqual([]);
  });

  it("registers a route table's subnet instead of a gateway", async () => {
    const engine = await mockEngine();
    const routeTableId = pulumi.output("route-table-id");
    const network = new Network("ai", { ...PLACE, environment: "development", routeTableId });
    expect([network.egress, await resolved(network.egressAddress)]).toEqual(["user-defined-routing", undefined]);
    const { natGateway, ...inputs } = NODES.inputs;
    expect(natGateway).toEqual({ id: "NatGateway/ai-egress" });
    expect(await engine.registered()).toEqual([
      component({ egress: "user-defined-routing", securityGroups: false }),
      { ...NODES, after: ["VirtualNetwork ai"], inputs: { ...inputs, routeTable: { id: "route-table-id" } } },
      VIRTUAL_NETWORK,
    ]);
  });

  it("carries the caller's tags beside its own", async () => {
    const engine = await mockEngine();
    new Network("ai", { ...PLACE, environment: "development", tags: { team: "ml" } });
    const tags = (await engine.registered()).flatMap(({ inputs }) => inputs["tags"] ?? []);
    expect(tags).toEqual([GATEWAY, ADDRESS, VIRTUAL_NETWORK].map(() => ({ ...TAGS, team: "ml" })));
  });

  it("registers nothing for bad arguments and lists all of them", async () => {
    const engine = await mockEngine();
    const problems = problemsOf(() => new Network("ai", { resourceGroupName: "ml.", addressSpace: "10.244.0.0/16", nodeRange: "nodes" }));
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "AKSFT-NET-01 nodeRange",
      "AKSFT-NET-03 addressSpace",
      "AKSFT-NAME-06 resourceGroupName",
    ]);
    expect(await engine.registered()).toEqual([]);
  });
});
