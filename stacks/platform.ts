import * as resources from "@pulumi/azure-native/resources";
import {
  Cluster,
  type ClusterRef,
  GpuNodePool,
  GpuSupport,
  Network,
  type PoolRef,
  Registry,
  type RegistryRef,
} from "../components";
import type { PlatformSettings } from "./settings/platform";

/** What workloads build on, made in this stack or read from another. */
export interface Platform {
  readonly cluster: ClusterRef;
  readonly datasets: RegistryRef;
  readonly adapters: RegistryRef;
  /** GPU pools by name. */
  readonly pools: Readonly<Record<string, PoolRef>>;
}

/** Network, cluster, GPU pools and the two registries. */
export function platform(settings: PlatformSettings): Platform {
  const { location, deployerType, protect, tags } = settings;
  const group = new resources.ResourceGroup("ai", { location, resourceGroupName: settings.resourceGroup, tags });
  const place = { resourceGroupName: group.name, location, tags };
  const network = new Network("ai", { ...place, ...settings.network });
  const cluster = new Cluster("ai", { ...place, ...settings.cluster, network, deployerType }, { protect });
  const datasets = new Registry("datasets", { ...place, ...settings.registry, pulledBy: cluster }, { protect });
  const adapters = new Registry("adapters", { ...place, ...settings.registry, pulledBy: cluster }, { protect });
  const pools = Object.fromEntries(settings.pools.map(({ name, decisions }) => [name, new GpuNodePool(name, { cluster, ...decisions })]));
  new GpuSupport("gpu-support", {
    cluster,
    environment: "development",
    devicePluginImage: settings.devicePluginImage,
    metricsExporterImage: settings.metricsExporterImage,
  });
  return { cluster, datasets, adapters, pools };
}
