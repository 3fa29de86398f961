/** One team with many runs, for the benchmark of growth. Datasets are ready images, so that no build is measured. */
import * as resources from "@pulumi/azure-native/resources";
import { Cluster, GpuNodePool, Network, type Recipe, Registry, rightSize, Team, TrainerImage, TuningJob } from "../../components";

const runs = Number(process.env["BENCH_RUNS"] ?? "20");
const recipe: Recipe = { model: "Qwen2.5-7B-Instruct", method: "qlora", sequenceLength: 1024 };
const reference = (name: string, index: number): string => `registry.example/${name}@sha256:${String(index).padStart(64, "0")}`;

const environment = "development";
const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus" });
const network = new Network("ai", { resourceGroupName, environment });
const cluster = new Cluster("ai", { resourceGroupName, network, environment });
const adapters = new Registry("adapters", { resourceGroupName, pulledBy: cluster, environment });
const pool = new GpuNodePool("gpu", { cluster, size: rightSize(recipe, { location: "eastus" }) });
const team = new Team("support", { cluster, adapters });
const trainer = new TrainerImage("trainer", { image: reference("trainer", 0) });

for (let index = 1; index <= runs; index++) {
  const image = reference("tickets", index);
  const dataset = { contentKey: image.slice(-64), image };
  new TuningJob(`tickets-${index}`, { team, pool, recipe, dataset, trainer, weights: { image: reference("weights", 0) } });
}
