/**
 * GPU nodes that node auto-provisioning (Karpenter) makes for the pods that need them.
 *
 * Shows a cluster without autoscaled pools: a pool is a Kubernetes object that says which machines may be made, how many, and when they go. Spot is
 * tried first and on-demand taken where there is none, without a second pool.
 *
 * Creates a production platform with Karpenter's NodePool, and one run.
 *
 * Costs idle: about 1.25 USD per hour (four Standard_D4ds_v5, the Standard tier, NAT gateway, two Premium registries, three private endpoints, 100
 * GiB of premium files). Busy: about 2.14 to 8.59 USD per hour (two A100 more, both as spot or both on demand; the CPU pool keeps its one node).
 *
 * Run: copy this folder and ../support-bot, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", set the keys of
 * Pulumi.yaml with `pulumi config set`, sign in with `az login`, then `pulumi up` from one of `allowedIpRanges`.
 */
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { AutoProvisionedGpuPool, Cluster, DatasetImage, GpuSupport, Network, type Recipe, Registry, Team, TrainerImage, TuningJob } from "../../components";

const config = new pulumi.Config();
const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus" });
// Your offices and pipelines, which reach the API server and push to the registries; everybody else is refused.
const allowedIpRanges = config.requireObject<string[]>("allowedIpRanges");
const network = new Network("ai", { resourceGroupName });
// Instead of the cluster autoscaler: AKS runs one of the two only, and refuses a GpuNodePool beside Karpenter.
const cluster = new Cluster("ai", { resourceGroupName, network, authorizedIpRanges: allowedIpRanges, nodeProvisioning: "node-auto-provisioning" });
const registry = { resourceGroupName, network, allowedIpRanges, pulledBy: cluster };
const datasets = new Registry("datasets", registry);
const adapters = new Registry("adapters", registry);

const pool = new AutoProvisionedGpuPool("tune", {
  cluster,
  size: "Standard_NC24ads_A100_v4",
  priority: "Spot",
  maxNodes: 2,
  // An empty node waits this long for the next run, and is paid meanwhile.
  emptyMinutes: 15,
});
new GpuSupport("gpu-support", {
  cluster, pools: [pool],
  devicePluginImage: config.require("devicePluginImage"),
  metricsExporterImage: config.require("metricsExporterImage"),
});

const team = new Team("support", { cluster, adapters });
const recipe: Recipe = { model: "Qwen2.5-7B-Instruct", method: "lora", sequenceLength: 2048 };
const dataset = new DatasetImage("tickets", { registry: datasets, file: "../support-bot/tickets.jsonl" });
const trainer = new TrainerImage("trainer", { image: config.require("trainerImage") });
const weights = { image: config.require("weightsImage") };
const run = new TuningJob("tickets", { team, pool, recipe, dataset, trainer, weights });

export const runId = run.runId;
