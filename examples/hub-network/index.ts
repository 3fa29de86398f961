/**
 * A cluster in subnets that a hub's team made, routed, named and watches.
 *
 * Shows existing things as object literals: subnets, a route table's way out, a private DNS zone, workspaces for logs and metrics. Plain ranges let
 * network policies open the hub's mirror and nothing else of the company's network.
 *
 * Creates a private cluster, two private registries, one GPU pool and a team; no network of its own.
 *
 * Costs idle: about 1.19 USD per hour (four Standard_D4ds_v5, the Standard tier, two Premium registries, three private endpoints, 100 GiB of premium
 * files). Busy: about 2.54 USD per hour (two CPU nodes and two A100 as spot more). The firewall's price is the hub's.
 *
 * Run: copy this folder, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", set the keys of Pulumi.yaml, then `pulumi
 * up` from a machine that the hub reaches.
 */
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, GpuNodePool, GpuSupport, type NetworkRef, Registry, Team } from "../../components";

const config = new pulumi.Config();
const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus" });

const network: NetworkRef = {
  nodeSubnetId: config.require("nodeSubnetId"),
  // Plain: the policy that lets runs reach a private API server names it.
  nodeRange: "10.40.0.0/20",
  // AKS makes no load balancer and no gateway; it refuses to start where the subnet has no default route.
  egress: "user-defined-routing",
  privateEndpoints: {
    subnetId: config.require("endpointSubnetId"),
    range: "10.40.16.0/24",
    // The hub's policy registers registries and shares by itself; of the zones only the one that AKS writes to is named.
    zones: { cluster: config.require("clusterZoneId") },
  },
};

const cluster = new Cluster("ai", {
  resourceGroupName,
  network,
  privateApiServer: true,
  monitoring: {
    logs: { id: config.require("logWorkspaceId") },
    metrics: { id: config.require("metricsWorkspaceId") },
  },
});
const registry = { resourceGroupName, network, pulledBy: cluster, auditWorkspaceId: cluster.logWorkspaceId };
const datasets = new Registry("datasets", registry);
const adapters = new Registry("adapters", registry);

const pool = new GpuNodePool("tune", { cluster, size: "Standard_NC24ads_A100_v4", priority: "Spot", maxNodes: 2 });
new GpuSupport("gpu-support", {
  cluster,
  pools: [pool],
  devicePluginImage: config.require("devicePluginImage"),
  metricsExporterImage: config.require("metricsExporterImage"),
});
// A team's pods reach no private address but those that are listed: here the hub's mirror of PyPI and of the model hub.
const team = new Team("support", { cluster, adapters, allowedEgress: [{ range: "10.0.4.0/24", ports: [443] }] });

export const datasetRegistry = datasets.loginServer;
export const namespace = team.namespace;
