/** A user's program with every component in it. It is type-checked against the packed package, and never run. */
export const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import {
  BASE_MODELS, Cluster, type ClusterRef, DatasetImage, GPU_SIZES, GpuNodePool, GpuSupport, InferenceService, Network, type Recipe, Registry, rightSize, Team,
  TrainerImage, TuningJob,
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
const support = new GpuSupport("gpu-support", { cluster });
const team = new Team("support", { cluster, adapters });
const weights = { image: \`mlreg.azurecr.io/models/qwen@\${digest}\` };
const trainer = new TrainerImage("trainer", { image: \`mlreg.azurecr.io/trainer@\${digest}\` });
const dataset = new DatasetImage("tickets", { registry: datasets, file: "tickets.jsonl" });
const run = new TuningJob("tickets", { team, pool, recipe, dataset, trainer, weights });
const service = new InferenceService("tickets", { team, pool, model: recipe.model, weights, adapters: [run.adapter] }, { dependsOn: [support] });

// @ts-expect-error: no such priority, which the compiler knows only where it found our declarations
rightSize(recipe, { location, priority: "Sport" });

export const endpoint: pulumi.Output<string> = service.endpoint;
export const memoryGiB: number = GPU_SIZES[size.shape.size].memoryGiB;
export const licence: string = BASE_MODELS["Qwen2.5-7B-Instruct"].licence;
`;
