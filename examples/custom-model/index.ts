/**
 * Tune and serve a model that the catalogue does not list.
 *
 * Shows a base model by the numbers of its config.json: from them follow memory, GPU size, micro-batch and the server's limits. Everything else is as
 * with a listed one.
 *
 * Creates a production platform with one pool of the size that fits, one run and one endpoint.
 *
 * Costs idle: about 1.25 USD per hour (four Standard_D4ds_v5, the Standard tier, NAT gateway, two Premium registries, three private endpoints, 100
 * GiB of premium files). Busy: about 2.59 USD per hour (two CPU nodes and two A100 as spot more). The endpoint keeps one of them from the first
 * adapter on.
 *
 * Run: copy this folder and ../support-bot, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", set the keys of
 * Pulumi.yaml with `pulumi config set`, sign in with `az login`, then `pulumi up` from one of `allowedIpRanges`.
 */
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import {
  Cluster,
  DatasetImage,
  GpuNodePool,
  GpuSupport,
  InferenceService,
  type ModelDimensions,
  Network,
  type Recipe,
  Registry,
  rightSize,
  Team,
  TrainerImage,
  TuningJob,
} from "../../components";

// Named as in https://huggingface.co/Qwen/Qwen2.5-14B-Instruct/blob/main/config.json, so that they can be copied.
const model: ModelDimensions = {
  name: "Qwen2.5-14B-Instruct",
  hidden_size: 5120,
  intermediate_size: 13824,
  num_hidden_layers: 48,
  num_attention_heads: 40,
  num_key_value_heads: 8,
  vocab_size: 152064,
  max_position_embeddings: 32768,
  // Where the embedding is the output head too, the model is smaller than its layers say.
  tie_word_embeddings: false,
};
const recipe: Recipe = { model, method: "lora", sequenceLength: 2048 };

const config = new pulumi.Config();
const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus" });
// Your offices and pipelines, which reach the API server and push to the registries; everybody else is refused.
const allowedIpRanges = config.requireObject<string[]>("allowedIpRanges");
const network = new Network("ai", { resourceGroupName });
const cluster = new Cluster("ai", { resourceGroupName, network, authorizedIpRanges: allowedIpRanges });
const registry = { resourceGroupName, network, allowedIpRanges, pulledBy: cluster };
const datasets = new Registry("datasets", registry);
const adapters = new Registry("adapters", registry);

// The estimate knows no names: it refuses a size that the dimensions do not fit, with its numbers.
const size = rightSize(recipe, { location: "eastus", priority: "Spot" });
const pool = new GpuNodePool("gpu", { cluster, size, maxNodes: 2 });
new GpuSupport("gpu-support", {
  cluster, pools: [pool],
  devicePluginImage: config.require("devicePluginImage"),
  metricsExporterImage: config.require("metricsExporterImage"),
});

const team = new Team("support", { cluster, adapters });
const dataset = new DatasetImage("tickets", { registry: datasets, file: "../support-bot/tickets.jsonl" });
const trainer = new TrainerImage("trainer", { image: config.require("trainerImage") });
// The files themselves, config.json among them: the trainer reads the architecture from there.
const weights = { image: config.require("weightsImage") };
const run = new TuningJob("tickets", { team, pool, recipe, dataset, trainer, weights });
const image = config.require("servingImage");
const service = new InferenceService("tickets", { team, pool, model, weights, adapters: [run.adapter], image });

export const gpuSizeReason = size.reason;
export const endpoint = service.endpoint;
