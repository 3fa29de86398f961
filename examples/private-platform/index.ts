/**
 * A platform that answers on no public address.
 *
 * Shows what a private API server, private registries and a private share need around them: private DNS zones, and a pipeline whose runners are in a
 * peered network that asks those zones, for previews too. Diagnostics of cluster and registries go to one workspace.
 *
 * Creates a network with its half of the peering, a private cluster, two registries and a team's share behind private endpoints, one GPU pool.
 *
 * Costs idle: about 1.25 USD per hour (four Standard_D4ds_v5, the Standard tier, NAT gateway, two Premium registries, three private endpoints, 100
 * GiB of premium files). Busy: about 2.14 USD per hour (two CPU nodes and one A100 as spot more).
 *
 * Run: copy this folder, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", and set the keys of Pulumi.yaml. Only the
 * first step may come from anywhere: `pulumi up --target '**ResourceGroup**' --target '**index:Network**' --target '**VirtualNetwork**'` makes the
 * network. Let the owner of the runners' network peer it back, then run `pulumi up` on a runner.
 */
import * as azure from "@pulumi/azure-native/network";
import * as privatedns from "@pulumi/azure-native/privatedns";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, GpuNodePool, GpuSupport, Network, Registry, Team } from "../../components";

const config = new pulumi.Config();
// Plain, for the API server's zone is named after it.
const location = "eastus";
const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location });
const network = new Network("ai", {
  resourceGroupName,
  location,
  // "cluster" is the API server's name; with a zone of one's own, runners can be linked to it before the cluster exists.
  privateZones: ["registry", "files", "cluster"],
  // Checked for overlaps: peered networks cannot share addresses.
  peerRanges: { runners: "10.0.0.0/16" },
});

const runners = { id: config.require("runnersNetworkId") };
new azure.VirtualNetworkPeering("runners", {
  resourceGroupName,
  virtualNetworkName: network.virtualNetwork.name,
  remoteVirtualNetwork: runners,
  allowVirtualNetworkAccess: true,
});
// Runners resolve the public names to private addresses only through these links.
for (const privateZoneName of ["privatelink.azurecr.io", "privatelink.file.core.windows.net", `privatelink.${location}.azmk8s.io`]) {
  const link = { resourceGroupName, privateZoneName, location: "Global", virtualNetwork: runners, registrationEnabled: false };
  new privatedns.VirtualNetworkLink(`runners-${privateZoneName}`, link, { dependsOn: [network] });
}

const cluster = new Cluster("ai", {
  resourceGroupName,
  location,
  network,
  privateApiServer: true,
  // A pipeline signs in without a secret: the first gives it a role, the second tells kubelogin how.
  deployerType: "ServicePrincipal",
  login: "workloadidentity",
});
// Production registries are private by default; the network gives them an address, the workspace their logins, pushes and pulls.
const registry = { resourceGroupName, location, network, pulledBy: cluster, auditWorkspaceId: cluster.logWorkspaceId };
const datasets = new Registry("datasets", registry, { protect: true });
const adapters = new Registry("adapters", registry, { protect: true });

const pool = new GpuNodePool("tune", { cluster, size: "Standard_NC24ads_A100_v4", priority: "Spot" });
new GpuSupport("gpu-support", {
  cluster,
  pools: [pool],
  devicePluginImage: config.require("devicePluginImage"),
  metricsExporterImage: config.require("metricsExporterImage"),
});
// Its share has a private endpoint too: the cluster knows the network.
const team = new Team("support", { cluster, adapters });

export const datasetRegistry = datasets.loginServer;
export const namespace = team.namespace;
