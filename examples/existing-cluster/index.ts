/**
 * A run and a service on a platform that exists, whoever made it.
 *
 * Shows every `…Ref` as an object literal: cluster, registries, team and pool are named, not made. The cluster needs workload identity, the namespace
 * the two service accounts and the claim, of which "tuning" may push to the adapters' registry; nodes need Kubernetes 1.36 on Ubuntu 24.04.
 *
 * Creates the dataset's image, one run and one endpoint; nothing in Azure.
 *
 * Costs idle: about 0.00 USD per hour (everything it stands on exists). Busy: about 0.13 USD per hour (both nodes of the pool that exists, T4 as
 * spot). The endpoint keeps one of them from the first adapter on.
 *
 * Run: copy this folder and ../support-bot, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", set the keys of
 * Pulumi.yaml, sign in with `az login` and `az acr login --name datasets`, then `pulumi up`.
 */
import * as pulumi from "@pulumi/pulumi";
import {
  type ClusterRef,
  clusterProvider,
  DatasetImage,
  InferenceService,
  type PoolRef,
  type Recipe,
  type RegistryRef,
  type TeamRef,
  TuningJob,
} from "../../components";

const config = new pulumi.Config();
const address = { id: config.require("clusterId"), clusterName: "shared", resourceGroupName: "platform" };
const cluster: ClusterRef = {
  ...address,
  nodeSubnetId: config.require("clusterSubnetId"),
  oidcIssuerUrl: config.require("oidcIssuerUrl"),
  kubeletObjectId: config.require("kubeletObjectId"),
  // Plain: data and weights are mounted as image volumes, which older nodes cannot do.
  kubernetesVersion: "1.36",
  // A kubeconfig without a credential: kubelogin signs in as whoever runs `pulumi up`.
  provider: clusterProvider("shared", address),
};
const datasets: RegistryRef = { id: config.require("datasetsRegistryId"), loginServer: "datasets.azurecr.io" };
const adapters: RegistryRef = { id: config.require("adaptersRegistryId"), loginServer: "adapters.azurecr.io" };
const team: TeamRef = {
  namespace: "support",
  tuningServiceAccount: "tuning",
  servingServiceAccount: "serving",
  checkpointsClaim: "checkpoints",
  adapters,
  cluster,
};
const pool: PoolRef = {
  size: "Standard_NC4as_T4_v3",
  priority: "Spot",
  maxNodes: 2,
  // AKS labels every node with its pool's name.
  nodeSelector: { "kubernetes.azure.com/agentpool": "t4spot" },
  // Both taints, as `az aks nodepool show` prints them: the platform's and the one that AKS gives to spot nodes.
  tolerations: [
    { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
    { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
  ],
  kubernetesVersion: "1.36",
  osSku: "Ubuntu2404",
};

const recipe: Recipe = { model: "Qwen2.5-1.5B-Instruct", method: "qlora", sequenceLength: 512 };
const weights = { image: config.require("weightsImage") };
const trainer = { image: config.require("trainerImage") };
const dataset = new DatasetImage("tickets", { registry: datasets, file: "../support-bot/tickets.jsonl" });
const run = new TuningJob("tickets", { team, pool, recipe, dataset, trainer, weights });
const image = config.require("servingImage");
const service = new InferenceService("tickets", { team, pool, model: recipe.model, weights, adapters: [run.adapter], image });

export const runId = run.runId;
export const endpoint = service.endpoint;
