/**
 * A pool on capacity that is reserved, so that its nodes always come.
 *
 * Shows a capacity reservation group and the zone it is in. The cluster's identity is one that exists and has had its role on the group for an hour:
 * an identity made by this program would be too young for Azure to see the group.
 *
 * Creates a production platform with a pool on the reservation, and one run.
 *
 * Costs idle: about 15.21 USD per hour (four Standard_D4ds_v5, the Standard tier, NAT gateway, two Premium registries, three private endpoints, 100
 * GiB of premium files, and the reservation: two Standard_NC40ads_H100_v5, paid whether nodes run or not). Busy: about 15.66 USD per hour (two CPU
 * nodes more).
 *
 * Run: copy this folder and ../support-bot, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", set the keys of
 * Pulumi.yaml with `pulumi config set`, sign in with `az login`, then `pulumi up` from one of `allowedIpRanges`.
 * Beforehand: `az capacity reservation group create` and `az capacity reservation create` for two of the size in zone 1.
 */
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, DatasetImage, GpuNodePool, GpuSupport, Network, type Recipe, Registry, Team, TrainerImage, TuningJob } from "../../components";

const config = new pulumi.Config();
const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus" });
// Your offices and pipelines, which reach the API server and push to the registries; everybody else is refused.
const allowedIpRanges = config.requireObject<string[]>("allowedIpRanges");
const network = new Network("ai", { resourceGroupName });
const identity = { id: config.require("identityId"), principalId: config.require("identityPrincipalId") };
const cluster = new Cluster("ai", { resourceGroupName, network, authorizedIpRanges: allowedIpRanges, identity });
const registry = { resourceGroupName, network, allowedIpRanges, pulledBy: cluster };
const datasets = new Registry("datasets", registry);
const adapters = new Registry("adapters", registry);

const pool = new GpuNodePool("tune", {
  cluster,
  // Size and zone are those of the reservation; a node of another size or zone would not count against it.
  size: "Standard_NC40ads_H100_v5",
  zones: ["1"],
  capacityReservationGroupId: config.require("capacityReservationGroupId"),
  // As many as are reserved: a third would be bought on the open market. None is kept when idle, and both are paid all the same.
  maxNodes: 2,
});
new GpuSupport("gpu-support", {
  cluster, pools: [pool],
  devicePluginImage: config.require("devicePluginImage"),
  metricsExporterImage: config.require("metricsExporterImage"),
});

const team = new Team("support", { cluster, adapters });
const recipe: Recipe = { model: "Qwen2.5-7B-Instruct", method: "lora", sequenceLength: 8192 };
const dataset = new DatasetImage("tickets", { registry: datasets, file: "../support-bot/tickets.jsonl" });
const trainer = new TrainerImage("trainer", { image: config.require("trainerImage") });
const weights = { image: config.require("weightsImage") };
const run = new TuningJob("tickets", { team, pool, recipe, dataset, trainer, weights });

export const runId = run.runId;
