/**
 * Two teams on one cluster, apart in everything but the GPUs.
 *
 * Shows that a team is a boundary: a namespace, quotas, network policies, a share, and an identity that may push to the team's own repositories
 * alone. Pools are shared; who may take how much of them is the teams' quota.
 *
 * Creates a production platform with one pool, two teams and a run of each.
 *
 * Costs idle: about 1.30 USD per hour (four Standard_D4ds_v5, the Standard tier, NAT gateway, two Premium registries, four private endpoints, shares
 * of 100 and 200 GiB). Busy: about 3.09 USD per hour (two CPU nodes and three A100 as spot more).
 *
 * Run: copy this folder and ../support-bot, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", set the keys of
 * Pulumi.yaml with `pulumi config set`, sign in with `az login`, then `pulumi up` from one of `allowedIpRanges`.
 */
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, DatasetImage, GpuNodePool, GpuSupport, Network, type Recipe, Registry, Team, TrainerImage, TuningJob } from "../../components";

const config = new pulumi.Config();
const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus" });
// Your offices and pipelines, which reach the API server and push to the registries; everybody else is refused.
const allowedIpRanges = config.requireObject<string[]>("allowedIpRanges");
const network = new Network("ai", { resourceGroupName });
const cluster = new Cluster("ai", { resourceGroupName, network, authorizedIpRanges: allowedIpRanges });
const registry = { resourceGroupName, network, allowedIpRanges, pulledBy: cluster };
const datasets = new Registry("datasets", registry);
const adapters = new Registry("adapters", registry);

const pool = new GpuNodePool("tune", { cluster, size: "Standard_NC24ads_A100_v4", priority: "Spot", maxNodes: 3 });
new GpuSupport("gpu-support", {
  cluster, pools: [pool],
  devicePluginImage: config.require("devicePluginImage"),
  metricsExporterImage: config.require("metricsExporterImage"),
});

const support = new Team("support", {
  cluster,
  adapters,
  // Two of the three nodes at most, so that legal always finds one. Everything else grows with this number.
  maxGpus: 2,
  // Beyond HTTPS on the Internet, one database of tickets in a peered network.
  allowedEgress: [{ range: "10.20.0.7/32", ports: [5432] }],
});
const legal = new Team("legal", {
  cluster,
  adapters,
  maxGpus: 1,
  quota: { pods: 20 },
  // Room for more checkpoints, and what goes between node and share is encrypted.
  checkpointsGiB: 200,
  encryptInTransit: true,
});

const recipe: Recipe = { model: "Qwen2.5-7B-Instruct", method: "qlora", sequenceLength: 2048 };
const trainer = new TrainerImage("trainer", { image: config.require("trainerImage") });
const weights = { image: config.require("weightsImage") };
const dataset = new DatasetImage("tickets", { registry: datasets, file: "../support-bot/tickets.jsonl" });
// Logical names are the program's, names in the cluster the team's: so runs of two teams need different ones.
const ofSupport = new TuningJob("tickets", { team: support, pool, recipe, dataset, trainer, weights });
const ofLegal = new TuningJob("clauses", { team: legal, pool, recipe, dataset, trainer, weights });

export const adapterImages = { support: ofSupport.adapter.image, legal: ofLegal.adapter.image };
