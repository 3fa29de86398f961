/**
 * Tune a 7-billion model on one spot GPU and serve it, from an empty subscription.
 *
 * Shows every component once, in the order in which they build on each other. The size is chosen from the recipe.
 *
 * Costs idle: one Standard_D4s_v5 (about 0.19 USD per hour), two Standard registries, a NAT gateway and 100 GiB of premium files, together about
 * 0.32 USD per hour. Busy: one GPU node more, at the price that `gpuSizeReason` names.
 *
 * Run: copy this folder, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", then
 * `pulumi config set weightsImage …`, `pulumi config set trainerImage …` and `pulumi up`.
 */
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import {
  Cluster,
  DatasetImage,
  GpuNodePool,
  GpuSupport,
  InferenceService,
  Network,
  type Recipe,
  Registry,
  rightSize,
  Team,
  TrainerImage,
  TuningJob,
} from "../../components";

const config = new pulumi.Config();
const location = "eastus";
const environment = "development";
const recipe: Recipe = { model: "Qwen2.5-7B-Instruct", method: "qlora", sequenceLength: 1024, epochs: 3 };

const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location });
const network = new Network("ai", { resourceGroupName, environment });
const cluster = new Cluster("ai", { resourceGroupName, network, environment });
const datasets = new Registry("datasets", { resourceGroupName, environment, pulledBy: cluster });
const adapters = new Registry("adapters", { resourceGroupName, environment, pulledBy: cluster });

const size = rightSize(recipe, { location, priority: "Spot" });
const pool = new GpuNodePool("gpu", { cluster, size, maxNodes: 2 });
new GpuSupport("gpu-support", { cluster });

const team = new Team("support", { cluster, adapters });
const weights = { image: config.require("weightsImage") };
const trainer = new TrainerImage("trainer", { image: config.require("trainerImage") });
const dataset = new DatasetImage("tickets", { registry: datasets, file: "../support-bot/tickets.jsonl" });
const run = new TuningJob("tickets", { team, pool, recipe, dataset, trainer, weights });
const service = new InferenceService("tickets", { team, pool, model: recipe.model, weights, adapters: [run.adapter] });

export const gpuSizeReason = size.reason;
export const runId = run.runId;
export const adapterImage = run.adapter.image;
export const endpoint = service.endpoint;
