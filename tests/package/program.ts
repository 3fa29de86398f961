/** A user's program with every component in it. It is type-checked against the packed package, and never run. */
export const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import {
  AutoProvisionedGpuPool, BASE_MODELS, Cluster, type ClusterRef, clusterProvider, DatasetImage, estimateTuningMemory, GPU_SIZES, GpuNodePool, GpuSupport,
  InferenceService, KaitoOperator, Network, type PoolRef, PreferredSpotGpuPool, type Recipe, Registry, RegistrySecret, resolveRecipe, rightSize,
  SpotPreference, Team, TrainerImage, TuningJob,
} from "aks-fine-tuning";

const location = "eastus";
const resourceGroupName = "ai";
const recipe: Recipe = { model: "Qwen2.5-7B-Instruct", method: "qlora", sequenceLength: 1024 };
const digest = \`sha256:\${"a".repeat(64)}\`;

const network = new Network("ai", { resourceGroupName });
const cluster = new Cluster("ai", { resourceGroupName, network });
const asReference: ClusterRef = cluster;
const datasets = new Registry("datasets", { resourceGroupName, pulledBy: cluster });
const adapters = new Registry("adapters", { resourceGroupName, pulledBy: cluster });
const size = rightSize(recipe, { location, priority: "Spot" });
const pool = new GpuNodePool("gpu", { cluster: asReference, size, maxNodes: 2 });
const pair = new PreferredSpotGpuPool("pair", { cluster, size, maxNodes: 2 });
const preference = new SpotPreference("spot", { cluster, pools: [pair] });
const provisioned = new Cluster("nodes", { resourceGroupName, network, nodeProvisioning: "node-auto-provisioning" });
const pools: readonly PoolRef[] = [pool, pair, new AutoProvisionedGpuPool("auto", { cluster: provisioned, size, maxNodes: 2 })];
const ids = { id: provisioned.id, clusterName: provisioned.clusterName, resourceGroupName };
const existing: ClusterRef = { ...provisioned, provider: clusterProvider("existing", ids, "workloadidentity") };
const support = new GpuSupport("gpu-support", { cluster, pools });
const team = new Team("support", { cluster, adapters });
const weights = { image: \`mlreg.azurecr.io/models/qwen@\${digest}\` };
const trainer = new TrainerImage("trainer", { image: \`mlreg.azurecr.io/trainer@\${digest}\` });
const dataset = new DatasetImage("tickets", { registry: datasets, file: "tickets.jsonl" });
const run = new TuningJob("tickets", { team, pool, recipe, dataset, trainer, weights });
const service = new InferenceService("tickets", { team, pool, model: recipe.model, weights, adapters: [run.adapter] }, { dependsOn: [support, preference] });
const kaito = new KaitoOperator("kaito", { cluster });
const byKaito = new TuningJob("answers", { engine: "kaito", kaito, team, recipe: { ...recipe, loss: "all" }, dataset, trainer, size: "Standard_NC24ads_A100_v4" });
new InferenceService("answers", { engine: "kaito", kaito, team, model: "phi-4", size: "Standard_NC24ads_A100_v4", adapters: [byKaito.adapter] });
const secret = new RegistrySecret("pull", { team, registry: adapters, repository: "support/tickets", access: "pull", validHours: 24 });

// @ts-expect-error: no such priority, which the compiler knows only where it found our declarations
rightSize(recipe, { location, priority: "Sport" });

export const endpoint: pulumi.Output<string> = service.endpoint;
export const secretName: pulumi.Output<string> = secret.secretName;
export const memoryGiB: number = GPU_SIZES[size.shape.size].memoryGiB;
export const safeGiB: number = estimateTuningMemory(resolveRecipe(recipe), size.shape).safeGiB;
export const subnet: pulumi.Input<string> = existing.nodeSubnetId;
export const licence: string = BASE_MODELS["Qwen2.5-7B-Instruct"].licence;
`;
