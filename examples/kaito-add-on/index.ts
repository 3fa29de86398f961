/**
 * Tune a preset with AKS's KAITO add-on and serve it, from an empty subscription.
 *
 * Shows KAITO as AKS brings it: a switch on the cluster, no version to choose and no values to set. It buys a GPU node for the run, which this
 * library gives back at its end, and another for the endpoint. The team's namespace is loosened, as KAITO's pods run as root and name no limits.
 *
 * Creates a resource group, a network, a cluster with the add-on, two registries, a team, one run and one endpoint.
 *
 * Costs idle: about 0.32 USD per hour (one Standard_D4s_v5, NAT gateway, two Standard registries, 100 GiB of premium files). Busy: about 7.67 USD per
 * hour (two A100 nodes that KAITO buys more, on demand, as it knows no spot). The endpoint keeps one of them from the first adapter on.
 *
 * Run: copy this folder and ../support-bot, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", then `pulumi config set
 * trainerImage …`, `pulumi up`, and once the run has finished `pulumi up` again.
 */
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, DatasetImage, InferenceService, KaitoOperator, Network, type Recipe, Registry, Team, TrainerImage, TuningJob } from "../../components";

const config = new pulumi.Config();
const environment = "development";
// A preset that the add-on's version tunes, and later ones too; its loss counts all tokens, and it cuts rows at 1,024.
const recipe: Recipe = { model: "Phi-4-mini-instruct", method: "lora", sequenceLength: 1024, loss: "all" };
const size = "Standard_NC24ads_A100_v4";

const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus" });
const network = new Network("ai", { resourceGroupName, environment });
const cluster = new Cluster("ai", { resourceGroupName, network, environment, addOns: { kaito: true } });
const datasets = new Registry("datasets", { resourceGroupName, environment, pulledBy: cluster });
const adapters = new Registry("adapters", { resourceGroupName, environment, pulledBy: cluster });

// Registers nothing: it checks that the cluster has the add-on, and knows what its version can do.
const kaito = new KaitoOperator("kaito", { cluster, channel: "add-on" });

// The loosening, where a reviewer sees it: not restricted, and room for containers that name no limit.
const team = new Team("support", { cluster, adapters, podSecurity: "baseline", containers: { memoryGiB: 200, localDiskGiB: 300 } });
const dataset = new DatasetImage("tickets", { registry: datasets, file: "../support-bot/tickets.jsonl" });
const trainer = new TrainerImage("trainer", { image: config.require("trainerImage") });
const run = new TuningJob("tickets", {
  engine: "kaito", kaito, team, recipe, dataset, trainer, size,
  // This version pulls inside its pod, with a password for this one repository that ends shortly after the run.
  datasets: { registry: datasets, repository: "datasets/tickets" },
});
// Nothing runs until the run has an adapter; the `pulumi up` after that makes the server.
const service = new InferenceService("tickets", { engine: "kaito", kaito, team, model: recipe.model, size, adapters: [run.adapter] });

export const runId = run.runId;
export const adapterImage = run.adapter.image;
export const endpoint = service.endpoint;
