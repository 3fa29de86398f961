/**
 * KAITO by its Helm chart on a production platform: a version that you choose, and an endpoint whose edits nobody notices.
 *
 * Shows the chart with the controller that makes its nodes, whose identity may read, make and remove agent pools of this one cluster and nothing else;
 * a run; and an InferenceSet of two copies: another adapter is a second set, which gets the requests when it is ready.
 *
 * Creates a production platform, KAITO with its provisioner, a team, one run and one endpoint.
 *
 * Costs idle: about 1.25 USD per hour (four Standard_D4ds_v5, the Standard tier, NAT gateway, two Premium registries, three private endpoints, 100
 * GiB of premium files). Busy: about 12.72 USD per hour (three A100 nodes that KAITO buys, on demand, and two CPU nodes more). The
 * endpoint keeps two of them from the first adapter on, and four while a set takes over.
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
  InferenceService,
  KaitoOperator,
  Network,
  type Recipe,
  Registry,
  Team,
  TrainerImage,
  TuningJob,
} from "../../components";

const config = new pulumi.Config();
const size = "Standard_NC24ads_A100_v4";
const recipe: Recipe = { model: "Phi-4-mini-instruct", method: "lora", sequenceLength: 2048, loss: "all" };

const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus" });
const allowedIpRanges = config.requireObject<string[]>("allowedIpRanges");
const network = new Network("ai", { resourceGroupName });
const cluster = new Cluster("ai", { resourceGroupName, network, authorizedIpRanges: allowedIpRanges });
const registry = { resourceGroupName, network, allowedIpRanges, pulledBy: cluster };
const datasets = new Registry("datasets", registry);
const adapters = new Registry("adapters", registry);

// The one device plugin of every GPU node, KAITO's nodes too.
new GpuSupport("gpu-support", {
  cluster,
  kaitoNodes: true,
  devicePluginImage: config.require("devicePluginImage"),
  metricsExporterImage: config.require("metricsExporterImage"),
});
const kaito = new KaitoOperator("kaito", {
  cluster,
  version: "0.12",
  image: config.require("kaitoImage"),
  provisionerImage: config.require("gpuProvisionerImage"),
});

// The loosening, where a reviewer sees it: not restricted, and room for containers that name no limit.
const team = new Team("support", { cluster, adapters, podSecurity: "baseline", containers: { memoryGiB: 200, localDiskGiB: 300 } });
const dataset = new DatasetImage("tickets", { registry: datasets, file: "../support-bot/tickets.jsonl" });
const trainer = new TrainerImage("trainer", { image: config.require("trainerImage") });
const run = new TuningJob("tickets", { engine: "kaito", kaito, team, recipe, dataset, trainer, size });
const service = new InferenceService("tickets", {
  engine: "kaito", kaito, team, size,
  model: recipe.model,
  adapters: [run.adapter],
  replicas: 2,
  maxModelLength: 8192,
  // Both copies, and both again while a set takes over.
  maxNodes: 4,
});

export const runId = run.runId;
export const adapterImage = run.adapter.image;
export const endpoint = service.endpoint;
