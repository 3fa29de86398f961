import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, Network, Registry } from "../../../components";
import type { Properties } from "../../../sandbox/providers/values";
import { resolved } from "../../support/resolved";
import { SimulatedAzure } from "../../support/simulated-azure";

/** A Pulumi program whose resources the stand-in for Azure makes, in the order in which they depend on each other. */
describe("a private platform on the stand-in for Azure", () => {
  const PLACE = { resourceGroupName: "rg", location: "westeurope" };
  let simulated: SimulatedAzure;
  let made: string[];

  beforeEach(async () => {
    simulated = new SimulatedAzure();
    made = [];
    await simulated.create("azure-native:resources:ResourceGroup", "rg", PLACE);
    await pulumi.runtime.setMocks(
      {
        newResource: async ({ type, name, inputs, custom }) => {
          // Whatever is not Azure's, Kubernetes' provider for example, is beside the point.
          if (custom !== true || !type.startsWith("azure-native:")) return { id: undefined, state: {} };
          // As slow as Azure makes them, so that what does not wait for them overtakes them.
          if (type.endsWith(":VirtualNetworkLink")) await sleep(300);
          const given: Properties = JSON.parse(JSON.stringify(inputs));
          const { id, outputs } = await simulated.create(type, name, given);
          made.push(`${type.split(":").at(-1) ?? ""} ${name}`);
          return { id, state: { ...outputs } };
        },
        call: async ({ token, inputs }) => {
          const signal = new AbortController().signal;
          const { result } = await simulated.azure.invoke({ token, args: JSON.parse(JSON.stringify(inputs)), preview: false, signal });
          return { ...result };
        },
      },
      "ai",
      "prod",
      false,
    );
  });

  afterEach(() => {
    simulated.close();
  });

  it("comes up with everything that production has", async () => {
    const network = new Network("ai", { ...PLACE, privateZones: ["registry", "files", "vault", "cluster"], peerRanges: { hub: "10.0.0.0/16" } });
    const registry = new Registry("adapters", {
      ...PLACE,
      network,
      replicas: ["northeurope", "eastus2"],
      purge: { networkBypass: true },
      pushedBy: { ci: { principalId: "5a4db0c5-0000-4000-8000-0000000000b1", prefix: "datasets" } },
      auditWorkspaceId: "/subscriptions/other/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/logs",
    });
    expect(await resolved(registry.loginServer)).toMatch(/^localhost:\d+$/);
    await pulumi.runtime.disconnect();
    expect([...made].sort()).toEqual([
      "DiagnosticSetting adapters-audit",
      "NatGateway ai-egress",
      "NetworkSecurityGroup ai-endpoints",
      "NetworkSecurityGroup ai-nodes",
      "PrivateDnsZoneGroup adapters",
      "PrivateEndpoint adapters",
      "PrivateZone ai-cluster",
      "PrivateZone ai-files",
      "PrivateZone ai-registry",
      "PrivateZone ai-vault",
      "PublicIPAddress ai-egress",
      "Replication adapters-eastus2",
      "Replication adapters-northeurope",
      "Resource adapters",
      "Resource adapters-purge",
      "RoleAssignment adapters-purge-delete",
      "RoleAssignment adapters-purge-list",
      "RoleAssignment adapters-push-ci",
      "Subnet ai-endpoints",
      "Subnet ai-nodes",
      "VirtualNetwork ai",
      "VirtualNetworkLink ai-cluster",
      "VirtualNetworkLink ai-files",
      "VirtualNetworkLink ai-registry",
      "VirtualNetworkLink ai-vault",
    ]);
  }, 60_000);

  it("has a private cluster find its zone linked, whose link it would make itself and Azure takes once", async () => {
    const network = new Network("ai", { ...PLACE, privateZones: ["cluster"] });
    const cluster = new Cluster("ai", { ...PLACE, network, privateApiServer: true });
    expect(await resolved(cluster.id)).toMatch(/managedClusters\/ai/);
    await pulumi.runtime.disconnect();
    const [zone, link, roles, managed] = ["PrivateZone ai-cluster", "VirtualNetworkLink ai-cluster", "RoleAssignment ai-private-zone", "ManagedCluster ai"].map((one) => made.indexOf(one));
    expect([zone, link, managed]).toEqual([zone, link, managed].toSorted((a = -1, b = -1) => a - b));
    expect({ zone: zone !== -1, roles: roles !== -1 && (roles ?? 0) < (managed ?? 0) }).toEqual({ zone: true, roles: true });
    const outputs = await resolved(cluster.managedCluster.apiServerAccessProfile);
    expect(outputs).toMatchObject({ enablePrivateCluster: true, privateDNSZone: expect.stringMatching(/\/privatelink\.westeurope\.azmk8s\.io$/) });
  }, 60_000);

  it("comes up behind a hub's route table, open to listed addresses", async () => {
    const hub = "/subscriptions/other/resourceGroups/hub/providers/Microsoft.Network/routeTables/default";
    const network = new Network("ai", { ...PLACE, routeTableId: hub, privateEndpoints: false });
    const registry = new Registry("adapters", { ...PLACE, allowedIpRanges: ["203.0.113.8"] });
    expect(await resolved(network.nodeSubnetId)).toMatch(/subnets\/nodes$/);
    expect(await resolved(registry.loginServer)).toMatch(/^localhost:\d+$/);
    await pulumi.runtime.disconnect();
    expect([...made].sort()).toEqual(["NetworkSecurityGroup ai-nodes", "Resource adapters", "Subnet ai-nodes", "VirtualNetwork ai"]);
  }, 60_000);
});
