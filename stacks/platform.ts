import * as resources from "@pulumi/azure-native/resources";
import { Cluster, GpuNodePool, GpuSupport, Network, type Recipe, Registry, rightSize, type RightSize } from "../components";
import type { PlatformSettings } from "./settings";

/** What workloads build on. */
export interface Platform {
  readonly cluster: Cluster;
  readonly pool: GpuNodePool;
  readonly datasets: Registry;
  readonly adapters: Registry;
  readonly size: RightSize;
}

/** Network, cluster, one GPU pool of the size that the recipe needs, and the two registries. */
export function platform(settings: PlatformSettings, recipe: Recipe): Platform {
  const { location, kubernetesVersion, systemNodes, deployerType, protect } = settings;
  const size = rightSize(recipe, { location, priority: settings.spot ? "Spot" : "Regular" });
  const group = new resources.ResourceGroup("ai", { location });
  const place = { resourceGroupName: group.name, location };
  const network = new Network("ai", place);
  const cluster = new Cluster(
    "ai",
    { ...place, network, kubernetesVersion, deployerType, systemPool: { nodes: systemNodes } },
    { protect },
  );
  const datasets = new Registry("datasets", { ...place, pulledBy: cluster }, { protect });
  const adapters = new Registry("adapters", { ...place, pulledBy: cluster }, { protect });
  const pool = new GpuNodePool("gpu", { cluster, size, maxNodes: settings.maxGpuNodes, environment: "development" });
  new GpuSupport("gpu-support", {
    cluster,
    environment: "development",
    devicePluginImage: settings.devicePluginImage,
    metricsExporterImage: settings.metricsExporterImage,
  });
  return { cluster, pool, datasets, adapters, size };
}
