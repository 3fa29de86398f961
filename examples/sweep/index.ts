/**
 * Three adapters of one dataset, side by side behind one endpoint.
 *
 * Shows a sweep as a loop: each run has a name and a recipe of its own, all share dataset, weights and pool, and one server holds the base model once
 * and every adapter beside it. Adding a rank is one more run; the finished ones are neither trained nor paid again.
 *
 * Creates a production platform with one pool, three runs and one endpoint.
 *
 * Costs idle: about 1.25 USD per hour (four Standard_D4ds_v5, the Standard tier, NAT gateway, two Premium registries, three private endpoints, 100
 * GiB of premium files). Busy: about 3.48 USD per hour (two CPU nodes and four A100 as spot more). The endpoint keeps one of them from the first
 * adapter on.
 *
 * Run: copy this folder and ../support-bot, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", set the keys of
 * Pulumi.yaml with `pulumi config set`, sign in with `az login`, then `pulumi up` from one of `allowedIpRanges`.
 */
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, DatasetImage, GpuNodePool, GpuSupport, InferenceService, Network, Registry, Team, TrainerImage, TuningJob } from "../../components";

const config = new pulumi.Config();
const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus" });
// Your offices and pipelines, which reach the API server and push to the registries; everybody else is refused.
const allowedIpRanges = config.requireObject<string[]>("allowedIpRanges");
const network = new Network("ai", { resourceGroupName });
const cluster = new Cluster("ai", { resourceGroupName, network, authorizedIpRanges: allowedIpRanges });
const registry = { resourceGroupName, network, allowedIpRanges, pulledBy: cluster };
const datasets = new Registry("datasets", registry);
const adapters = new Registry("adapters", registry);

const ranks = [8, 16, 64];
// A node for each run and one for the endpoint; with fewer, runs wait for each other.
const pool = new GpuNodePool("tune", { cluster, size: "Standard_NC24ads_A100_v4", priority: "Spot", maxNodes: ranks.length + 1 });
new GpuSupport("gpu-support", {
  cluster, pools: [pool],
  devicePluginImage: config.require("devicePluginImage"),
  metricsExporterImage: config.require("metricsExporterImage"),
});

const team = new Team("support", { cluster, adapters });
const dataset = new DatasetImage("tickets", { registry: datasets, file: "../support-bot/tickets.jsonl" });
const trainer = new TrainerImage("trainer", { image: config.require("trainerImage") });
const weights = { image: config.require("weightsImage") };
const model = "Qwen2.5-7B-Instruct";
const runs = ranks.map((rank) => {
  // Each rank with a seed of its own: a difference between adapters should not be luck of one seed.
  const recipe = { model, method: "lora", sequenceLength: 2048, lora: { rank }, seed: rank } as const;
  // The name is the adapter's in the endpoint, what a caller sends as "model".
  return new TuningJob(`tickets-r${rank}`, { team, pool, recipe, dataset, trainer, weights, maximumPaidHours: 4 });
});
// Adapters come in as they finish; the server reserves memory for the highest rank.
const service = new InferenceService("tickets", {
  team,
  pool,
  model,
  weights,
  adapters: runs.map(({ adapter }) => adapter),
  image: config.require("servingImage"),
});

export const records = runs.map(({ record }) => record);
export const endpoint = service.endpoint;
