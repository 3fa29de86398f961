import { Network } from "../../components";
import { mockEngine } from "../support/mock-engine";
import { problemsOf } from "../support/refusal";

describe("Network", () => {
  it("registers a network, a subnet for nodes, and one address that traffic leaves from", async () => {
    const engine = await mockEngine();
    new Network("ai", { resourceGroupName: "group", location: "eastus" });
    expect(await engine.registered()).toEqual([
      {
        type: "aks-fine-tuning:index:Network",
        name: "ai",
        inputs: { addressSpace: "10.100.0.0/16", nodeRange: "10.100.0.0/20" },
      },
      {
        type: "azure-native:network:NatGateway",
        name: "ai-egress",
        parent: "Network ai",
        after: ["PublicIPAddress ai-egress"],
        inputs: {
          resourceGroupName: "group",
          location: "eastus",
          sku: { name: "Standard" },
          publicIpAddresses: [{ id: "PublicIPAddress/ai-egress" }],
          idleTimeoutInMinutes: 30,
        },
      },
      {
        type: "azure-native:network:PublicIPAddress",
        name: "ai-egress",
        parent: "Network ai",
        inputs: { resourceGroupName: "group", location: "eastus", sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
      },
      {
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
      },
      {
        type: "azure-native:network:VirtualNetwork",
        name: "ai",
        parent: "Network ai",
        ignoreChanges: ["subnets"],
        inputs: {
          resourceGroupName: "group",
          location: "eastus",
          addressSpace: { addressPrefixes: ["10.100.0.0/16"] },
          enableDdosProtection: false,
          enableVmProtection: false,
        },
      },
    ]);
  });

  it("registers nothing for bad arguments and lists all of them", async () => {
    const engine = await mockEngine();
    const problems = problemsOf(() => new Network("ai", { resourceGroupName: "group", addressSpace: "10.244.0.0/16", nodeRange: "nodes" }));
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(["AKSFT-NET-01 nodeRange", "AKSFT-NET-03 addressSpace"]);
    expect(await engine.registered()).toEqual([]);
  });
});
