import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import * as pulumi from "@pulumi/pulumi";
import { type AdapterRef, Cluster, GpuNodePool, GpuSupport, InferenceService, KaitoOperator, Network, Registry, Team, TuningJob } from "../../../../components";

const MODEL = "Phi-4-mini-instruct";
const SIZE = "Standard_NC24ads_A100_v4";
const PULL_NOTHING = `registry.example/nothing@sha256:${"a".repeat(64)}`;

const config = new pulumi.Config();
const environment = "development";
const { name: resourceGroupName } = new ResourceGroup("ai", { resourceGroupName: "ai", location: "eastus" });
const network = new Network("ai", { resourceGroupName, environment });
const cluster = new Cluster("ai", { resourceGroupName, network, environment });
const adapters = new Registry("adapters", { resourceGroupName, environment, pulledBy: cluster });
const kaito = new KaitoOperator("kaito", { cluster, nodeProvisioner: "azure-gpu-provisioner" });
new GpuSupport("gpu-support", { cluster, kaitoNodes: true });
const team = new Team("support", { cluster, adapters, podSecurity: "baseline", containers: { memoryGiB: 200, localDiskGiB: 300 } });

const { runId } = new TuningJob("tickets", {
  engine: "kaito",
  kaito,
  team,
  recipe: { model: MODEL, method: "lora", sequenceLength: 1024, loss: "all" },
  dataset: { contentKey: config.require("contentKey"), rows: 120, image: `registry.example/datasets/tickets@sha256:${"d".repeat(64)}` },
  trainer: { image: config.require("trainerImage") },
  size: SIZE,
});

// Adapters by name; until there are some, nothing is served.
const images = config.getObject<Readonly<Record<string, string>>>("adapters");
if (images) {
  const served = Object.entries(images).map(([name, image]): AdapterRef => ({ name, baseModel: MODEL, rank: 16, image }));
  new InferenceService("chat", {
    engine: "kaito",
    kaito,
    team,
    model: MODEL,
    size: SIZE,
    adapters: served,
    maxModelLength: config.requireNumber("length"),
    replicas: config.requireNumber("replicas"),
  });
  const pool = new GpuNodePool("gpu", { cluster, size: SIZE, priority: "Regular", maxNodes: 1 });
  new InferenceService("own", { team, pool, model: MODEL, weights: { image: PULL_NOTHING }, image: PULL_NOTHING, adapters: served, maxModelLength: 2048 });
}

export const run = runId;
export const registry = adapters.loginServer;
