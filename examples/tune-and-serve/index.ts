/**
 * Tune a 7-billion model on one spot GPU and serve it, from an empty subscription.
 *
 * Shows every component once, in the order in which they build on each other, in the development environment: one system node, an open API server
 * behind Entra logins, Standard registries, no logs. The size is chosen from the recipe.
 *
 * Creates a resource group, a network, a cluster with one spot pool, two registries, a team, one run and one endpoint.
 *
 * Costs idle: about 0.32 USD per hour (one Standard_D4s_v5, NAT gateway, two Standard registries, 100 GiB of premium files). Busy: about 1.21 USD per
 * hour (two A100 nodes as spot more). The endpoint keeps one of them from the first adapter on.
 *
 * Run: copy this folder and ../support-bot, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", then `pulumi config set
 * weightsImage …`, `pulumi config set trainerImage …`, `pulumi up`, and once the run has finished `pulumi up` again.
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
// The one switch that makes every default loose and cheap; left out, it is "production".
const environment = "development";
const recipe: Recipe = { model: "Qwen2.5-7B-Instruct", method: "qlora", sequenceLength: 1024, epochs: 3 };

const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location });
const network = new Network("ai", { resourceGroupName, environment });
const cluster = new Cluster("ai", { resourceGroupName, network, environment });
// Two registries, so that whoever may push datasets cannot touch adapters.
const datasets = new Registry("datasets", { resourceGroupName, environment, pulledBy: cluster });
const adapters = new Registry("adapters", { resourceGroupName, environment, pulledBy: cluster });

// Decided before anything is registered, so a preview shows the size, its price and the reason. A T4 would hold the run, but not the
// server: that has the base in 16 bits, and the service would be refused there.
const size = rightSize(recipe, { location, priority: "Spot", families: ["A100"] });
// One node to train on while the other serves.
const pool = new GpuNodePool("gpu", { cluster, size, maxNodes: 2 });
// AKS installs the driver; this offers the GPUs to pods.
new GpuSupport("gpu-support", { cluster });

const team = new Team("support", { cluster, adapters });
const weights = { image: config.require("weightsImage") };
const trainer = new TrainerImage("trainer", { image: config.require("trainerImage") });
const dataset = new DatasetImage("tickets", { registry: datasets, file: "../support-bot/tickets.jsonl" });
const run = new TuningJob("tickets", { team, pool, recipe, dataset, trainer, weights });
// Without a replica until the run has an adapter; the `pulumi up` after that rolls it out.
const service = new InferenceService("tickets", { team, pool, model: recipe.model, weights, adapters: [run.adapter] });

export const gpuSizeReason = size.reason;
export const runId = run.runId;
export const adapterImage = run.adapter.image;
export const endpoint = service.endpoint;
