import { IMAGES } from "../../components/plan/catalogue/images";
import { DEFAULT_KUBERNETES_VERSION, type KubernetesVersion, NODE_OS_SKU } from "../../components/plan/catalogue/kubernetes-versions";
import { type ClusterDecisions, planCluster } from "../../components/plan/cluster";
import { minorOf } from "../../components/plan/cluster/version";
import type { GpuPoolContext } from "../../components/plan/gpu-pool";
import { planGpuSupport } from "../../components/plan/gpu-support";
import { type NetworkPlan, planNetwork } from "../../components/plan/network";
import type { Problem } from "../../components/plan/refuse";
import { planRegistry } from "../../components/plan/registry";
import type { TeamFoundation } from "../../components/plan/team";
import { planPool } from "../gpu-pools";
import { supportBesideKaito } from "../kaito";
import { migStrategyOf } from "../platform";
import type { PlatformSettings } from "../settings/platform";
import type { PoolSettings } from "../settings/pools";
import { ask, ifAllowed, under } from "./ask";
import type { PoolFacts, Pools } from "./workloads";

export function platformProblems(platform: PlatformSettings, project: string, stack: string): Problem[] {
  const { environment, existingNetwork } = platform;
  const endpoints = existingNetwork ? existingNetwork.privateEndpoints : plannedNetwork(platform)?.endpoints;
  const registry = { ...platform.registry, environment };
  const reached = { ...placeOf(platform), privateEndpoints: endpoints !== undefined };
  const context = contextOf(platform);
  return [
    ...(existingNetwork ? [] : ask(() => networkPlan(platform), (path) => (path === "resourceGroupName" ? "resourceGroup" : under("network")(path)))),
    ...ask(() => planCluster("ai", clusterDecisions(platform)), under("cluster")),
    ...ask(() => planRegistry("datasets", project, stack, registry, reached), under("registry")),
    ...platform.pools.flatMap((pool) => ask(() => planPool(pool, context), under("pools", pool.name))),
    ...ask(() => planGpuSupport("gpu-support", { migStrategy: migStrategyOf(platform), ...supportBesideKaito(platform) }, supportImages(platform), environment), (path) => path),
  ];
}

/** Where everything goes, as far as it is known before Pulumi has chosen the resource group's name. */
function placeOf({ resourceGroup = "ai", location }: PlatformSettings) {
  return { resourceGroupName: resourceGroup, location };
}

function networkPlan(platform: PlatformSettings): NetworkPlan {
  return planNetwork("ai", { ...platform.network, environment: platform.environment }, placeOf(platform));
}

/** The stack's own network as it will be; undefined where it is refused. */
function plannedNetwork(platform: PlatformSettings): NetworkPlan | undefined {
  return ifAllowed(() => networkPlan(platform));
}

function clusterDecisions(platform: PlatformSettings): ClusterDecisions {
  const nodeRange = platform.existingNetwork ? platform.existingNetwork.nodeRange : plannedNetwork(platform)?.nodeRange;
  return { ...platform.cluster, environment: platform.environment, network: { nodeRange } };
}

function supportImages({ devicePluginImage = IMAGES.devicePlugin, metricsExporterImage = IMAGES.metricsExporter }: PlatformSettings) {
  return { devicePluginImage, metricsExporterImage };
}

/** What the cluster will say to its teams. */
export function plannedCluster(platform: PlatformSettings): NonNullable<TeamFoundation["cluster"]> {
  const { environment, cluster, existingNetwork } = platform;
  const planned = plannedNetwork(platform);
  const network = existingNetwork ?? { nodeRange: planned?.nodeRange, privateEndpoints: planned?.endpoints };
  return { environment, privateApiServer: cluster.privateApiServer, serviceRange: cluster.serviceRange, network };
}

/** What the cluster will say to its pools. */
function contextOf({ cluster, environment }: PlatformSettings): GpuPoolContext & { readonly kubernetesVersion: KubernetesVersion } {
  const { kubernetesVersion = DEFAULT_KUBERNETES_VERSION, nodeProvisioning } = cluster;
  return { kubernetesVersion: minorOf(kubernetesVersion), exactKubernetesVersion: kubernetesVersion, environment, nodeProvisioning };
}

/** Pools as they will be. Of one that is refused the size alone counts, where that is right: its own problems are listed already. */
export function plannedPools(platform: PlatformSettings): Pools {
  const context = contextOf(platform);
  return Object.fromEntries(
    platform.pools.flatMap((pool) => {
      const { name, decisions } = pool;
      const facts = poolFacts(pool, context) ?? poolFacts({ name: "pool", decisions: { size: decisions.size, maxNodes: 1000 } }, context);
      return facts ? [[name, facts] as const] : [];
    }),
  );
}

function poolFacts(pool: PoolSettings, context: ReturnType<typeof contextOf>): PoolFacts | undefined {
  const plan = ifAllowed(() => planPool(pool, context));
  if (!plan) return undefined;
  const { osSku = NODE_OS_SKU } = pool.decisions;
  const kubernetesVersion = "kubernetesVersion" in plan && plan.kubernetesVersion ? plan.kubernetesVersion : context.kubernetesVersion;
  const { size, priority, maxNodes, nodeSelector, tolerations, gpusPerNode, gpuResource, gpuMemoryGiB, labels } = plan;
  const minNodes = "minNodes" in plan ? plan.minNodes : 0;
  return { size, priority, maxNodes, minNodes, nodeSelector, tolerations, gpusPerNode, gpuResource, gpuMemoryGiB, osSku, kubernetesVersion, labels };
}
