import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, DatasetImage, KaitoOperator, Network, Registry, Team, TrainerImage, TuningJob } from "../../../components";

/** A run as the test asks for it. */
interface Run {
  readonly name: string;
  readonly rank: number;
  /** Reference by digest of a ready dataset. @default - the example's rows */
  readonly dataset?: string;
}

const config = new pulumi.Config();
const environment = "development";
const { name: resourceGroupName } = new ResourceGroup("ai", { location: "eastus" });
const network = new Network("ai", { resourceGroupName, environment });
const cluster = new Cluster("ai", { resourceGroupName, network, environment });
const datasets = new Registry("datasets", { resourceGroupName, environment, pulledBy: cluster });
const adapters = new Registry("adapters", { resourceGroupName, environment, pulledBy: cluster });
const kaito = new KaitoOperator("kaito", { cluster, devicePlugin: "other" });

/** Where the registries answer. Policies name ports, so a team comes once these are known. */
export const loginServer = adapters.loginServer;

export const runs = Object.fromEntries(runsOfTeam().map((run) => [run.adapter.name, { runId: run.runId, adapterImage: run.adapter.image }]));

function runsOfTeam(): TuningJob[] {
  const wanted = config.getObject<readonly Run[]>("runs") ?? [];
  if (wanted.length === 0) return [];
  const team = new Team("support", {
    // The sandbox's API server answers as a private one does: at an address among the nodes'.
    cluster: { ...cluster, privateApiServer: true, network: { ...network, nodeRange: config.require("nodeRange") } },
    adapters,
    environment,
    podSecurity: "baseline",
    containers: { memoryGiB: 100, localDiskGiB: 200 },
    allowedEgress: [{ range: config.require("registryRange"), ports: [config.requireNumber("registryPort")] }],
  });
  const trainer = new TrainerImage("trainer", { image: config.require("trainerImage") });
  const rows = new DatasetImage("tickets", { registry: datasets, file: "../../../examples/support-bot/tickets.jsonl" });
  return wanted.map(({ name, rank, dataset }) => {
    const ready = dataset === undefined ? rows : new DatasetImage(name, { registry: datasets, image: dataset });
    return new TuningJob(name, {
      engine: "kaito",
      kaito,
      team,
      trainer,
      dataset: ready,
      recipe: { model: "Phi-4-mini-instruct", method: "lora", sequenceLength: 1024, loss: "all", lora: { rank } },
      size: "Standard_NC24ads_A100_v4",
    });
  });
}
