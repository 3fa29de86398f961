/**
 * Spot nodes first, on-demand ones while there is no spot capacity.
 *
 * Shows a pair of pools under one label, and the autoscaler's order between them: it tries spot, gives up on a node that does not come within five
 * minutes, and buys an on-demand one. An evicted run goes on from its last checkpoint on whichever node comes.
 *
 * Creates a production platform with the pair, and one run.
 *
 * Costs idle: about 1.25 USD per hour (four Standard_D4ds_v5, the Standard tier, NAT gateway, two Premium registries, three private endpoints, 100
 * GiB of premium files). Busy: about 2.59 to 9.04 USD per hour (two CPU nodes and two A100 more, both as spot or both on demand).
 *
 * Run: copy this folder and ../support-bot, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", set the keys of
 * Pulumi.yaml with `pulumi config set`, sign in with `az login`, then `pulumi up` from one of `allowedIpRanges`.
 */
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import {
  Cluster,
  DatasetImage,
  GpuSupport,
  Network,
  PreferredSpotGpuPool,
  type Recipe,
  Registry,
  SpotPreference,
  Team,
  TrainerImage,
  TuningJob,
} from "../../components";

const config = new pulumi.Config();
const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus" });
// Your offices and pipelines, which reach the API server and push to the registries; everybody else is refused.
const allowedIpRanges = config.requireObject<string[]>("allowedIpRanges");
const network = new Network("ai", { resourceGroupName });
const cluster = new Cluster("ai", {
  resourceGroupName,
  network,
  authorizedIpRanges: allowedIpRanges,
  // "priority" makes the autoscaler read the ConfigMap of SpotPreference below; five minutes instead of ten, as spot is refused often.
  autoscaler: { expander: "priority", maxNodeProvisionMinutes: 5 },
});
const registry = { resourceGroupName, network, allowedIpRanges, pulledBy: cluster };
const datasets = new Registry("datasets", registry);
const adapters = new Registry("adapters", registry);

// Up to two nodes of each priority. Pods tolerate both, and prefer spot where both have room.
const pool = new PreferredSpotGpuPool("tune", { cluster, size: "Standard_NC24ads_A100_v4", maxNodes: 2 });
// One for the cluster, with all its pairs: the ConfigMap has one name.
new SpotPreference("spot", { cluster, pools: [pool] });
new GpuSupport("gpu-support", {
  cluster, pools: [pool],
  devicePluginImage: config.require("devicePluginImage"),
  metricsExporterImage: config.require("metricsExporterImage"),
});

const team = new Team("support", { cluster, adapters });
const recipe: Recipe = { model: "Qwen2.5-7B-Instruct", method: "lora", sequenceLength: 4096 };
const dataset = new DatasetImage("tickets", { registry: datasets, file: "../support-bot/tickets.jsonl" });
const trainer = new TrainerImage("trainer", { image: config.require("trainerImage") });
const weights = { image: config.require("weightsImage") };
// Paid hours count on both priorities, so that a run on demand cannot cost more than was meant.
const run = new TuningJob("tickets", { team, pool, recipe, dataset, trainer, weights, maximumPaidHours: 6 });

export const runId = run.runId;
