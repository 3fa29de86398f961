/**
 * Three small models on slices of one GPU.
 *
 * Shows a pool whose A100s are partitioned (MIG) into seven slices of 10 GB each, apart in memory and compute. A service takes a slice a replica, so
 * that three endpoints cost one node instead of three.
 *
 * Creates a production platform with one partitioned pool and three endpoints, without tuning.
 *
 * Costs idle: about 4.84 USD per hour (four Standard_D4ds_v5, the Standard tier, NAT gateway, one Premium registry, two private endpoints, 100 GiB of
 * premium files, and the one A100 that the endpoints keep from the start). Busy: about 5.29 USD per hour (two CPU nodes more).
 *
 * Run: copy this folder, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", set the keys of Pulumi.yaml with `pulumi
 * config set`, then `pulumi up` from one of `allowedIpRanges`.
 */
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { type BaseModelName, Cluster, GpuNodePool, GpuSupport, InferenceService, Network, Registry, Team } from "../../components";

const config = new pulumi.Config();
const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus" });
// Your offices and pipelines, which reach the API server and push to the registries; everybody else is refused.
const allowedIpRanges = config.requireObject<string[]>("allowedIpRanges");
const network = new Network("ai", { resourceGroupName });
const cluster = new Cluster("ai", { resourceGroupName, network, authorizedIpRanges: allowedIpRanges });
const adapters = new Registry("adapters", { resourceGroupName, network, allowedIpRanges, pulledBy: cluster });

// MIG1g is the smallest slice and MIG7g the whole card. Fixed at creation: another profile is a new pool beside the old one.
const pool = new GpuNodePool("shared", { cluster, size: "Standard_NC24ads_A100_v4", gpuInstanceProfile: "MIG1g" });
// "single" names every slice nvidia.com/gpu, as all are of one size; the device plugin has to know.
new GpuSupport("gpu-support", {
  cluster, pools: [pool], migStrategy: "single",
  devicePluginImage: config.require("devicePluginImage"),
  metricsExporterImage: config.require("metricsExporterImage"),
});

const team = new Team("support", { cluster, adapters });
const [medium, small] = [config.require("mediumWeightsImage"), config.require("smallWeightsImage")];
const models: Readonly<Record<string, { readonly model: BaseModelName; readonly weights: string }>> = {
  answers: { model: "Qwen2.5-1.5B-Instruct", weights: medium },
  summaries: { model: "Qwen2.5-1.5B-Instruct", weights: medium },
  triage: { model: "Qwen2.5-0.5B-Instruct", weights: small },
};
const image = config.require("servingImage");
const services = Object.entries(models).map(
  ([name, { model, weights }]) =>
    // The base model alone, from the start; shorter than the model's own limit, so that the cache of several requests fits a slice.
    new InferenceService(name, { team, pool, model, weights: { image: weights }, image, serveBase: true, maxModelLength: 8192 }),
);

export const endpoints = services.map(({ endpoint }) => endpoint);
