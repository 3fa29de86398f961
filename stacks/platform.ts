import * as resources from "@pulumi/azure-native/resources";
import { Cluster, type ClusterRef, GpuSupport, KaitoOperator, type KaitoRef, Network, type NetworkRef, type PoolRef, Registry, type RegistryRef } from "../components";
import { tagged } from "../components/plan/tags";
import { gpuPools } from "./gpu-pools";
import { kaitoArguments, supportBesideKaito } from "./kaito";
import type { PlatformSettings } from "./settings/platform";

/** What workloads build on, made in this stack or read from another. */
export interface Platform {
  readonly cluster: ClusterRef;
  readonly datasets: RegistryRef;
  readonly adapters: RegistryRef;
  /** GPU pools by name. */
  readonly pools: Readonly<Record<string, PoolRef>>;
  /** Absent where the platform has none. */
  readonly kaito?: KaitoRef;
}

/** Network, cluster, GPU pools, the two registries, and KAITO where it is asked for. */
export function platform(settings: PlatformSettings): Platform {
  const { environment, location, deployerType, login, protect, tags } = settings;
  const { resourceGroup: resourceGroupName } = settings;
  // A deleted group takes with it what teams left in it on purpose.
  const kept = { protect, retainOnDelete: settings.retainData };
  const group = new resources.ResourceGroup("ai", { location, resourceGroupName, tags: tagged("ResourceGroup", "ai", tags) }, kept);
  const place = { resourceGroupName: group.name, location, environment, tags };
  const network: NetworkRef = settings.existingNetwork ?? new Network("ai", { ...place, ...settings.network });
  const cluster = new Cluster("ai", { ...place, ...settings.cluster, network, deployerType, login }, { protect });
  const registry = { ...place, ...settings.registry, network, pulledBy: cluster, auditWorkspaceId: cluster.logWorkspaceId };
  const datasets = new Registry("datasets", registry, { protect });
  const adapters = new Registry("adapters", registry, { protect });
  const pools = gpuPools(settings.pools, cluster, tags);
  new GpuSupport("gpu-support", {
    cluster,
    pools: Object.values(pools),
    migStrategy: migStrategyOf(settings),
    devicePluginImage: settings.devicePluginImage,
    metricsExporterImage: settings.metricsExporterImage,
    ...supportBesideKaito(settings),
  });
  const kaito = settings.kaito && new KaitoOperator("kaito", { cluster, ...kaitoArguments(settings.kaito, settings) });
  return { cluster, datasets, adapters, pools, kaito };
}

/** How the device plugin names slices, where a pool has any. */
export function migStrategyOf({ pools }: PlatformSettings): "single" | "mixed" | undefined {
  const partitioned = pools.find(({ decisions }) => decisions.gpuInstanceProfile !== undefined);
  return partitioned && (partitioned.decisions.migStrategy ?? "single");
}
