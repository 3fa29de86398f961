import * as pulumi from "@pulumi/pulumi";
import { type ClusterRef, clusterProvider, type KaitoRef, type Login, type PoolRef, type RegistryRef } from "../components";
import { refusal } from "../components/plan/refuse";
import type { Platform } from "./platform";

const CLUSTER_FIELDS = [
  "id", "clusterName", "resourceGroupName", "nodeSubnetId", "oidcIssuerUrl", "kubeletObjectId", "kubernetesVersion", "environment",
  "privateApiServer", "nodeProvisioning", "serviceRange", "exactKubernetesVersion", "kaitoAddOn", "location",
  "nodeResourceGroup",
] as const satisfies readonly (keyof ClusterRef)[];
const REGISTRY_FIELDS = ["id", "loginServer"] as const satisfies readonly (keyof RegistryRef)[];
const POOL_FIELDS = [
  "size", "priority", "maxNodes", "minNodes", "nodeSelector", "tolerations", "kubernetesVersion", "osSku", "gpusPerNode", "gpuResource", "gpuMemoryGiB",
  "preference", "labels",
] as const satisfies readonly (keyof PoolRef)[];
const KAITO_FIELDS = ["version", "nodeProvisioner"] as const satisfies readonly (keyof KaitoRef)[];

/** A platform as a stack's output: ids and plain facts. No credential, and no Kubernetes provider: the reader makes its own. */
interface PlatformOutput {
  readonly cluster: Omit<ClusterRef, "provider">;
  readonly datasets: RegistryRef;
  readonly adapters: RegistryRef;
  readonly pools: Readonly<Record<string, PoolRef>>;
  readonly kaito?: KaitoRef;
}

/** What this stack's `platform` output says, for the stacks of workloads that name it in `platformStack`. */
export function platformOutput({ cluster, datasets, adapters, pools, kaito }: Platform) {
  const { nodeSubnetId = cluster.nodeSubnetId, nodeRange, egress, egressAddress, privateEndpoints } = cluster.network ?? {};
  return pulumi.output({
    cluster: { ...pick(cluster, CLUSTER_FIELDS), network: { nodeSubnetId, nodeRange, egress, egressAddress, privateEndpoints } },
    datasets: pick(datasets, REGISTRY_FIELDS),
    adapters: pick(adapters, REGISTRY_FIELDS),
    pools: Object.fromEntries(Object.entries(pools).map(([name, pool]) => [name, pick(pool, POOL_FIELDS)])),
    ...(kaito ? { kaito: pick(kaito, KAITO_FIELDS) } : {}),
  });
}

/**
 * The platform of another stack, as that stack last left it. Read before anything is decided: a run's size and place depend on the pools.
 *
 * @throws RunError when the stack has no such output.
 */
export async function platformOf(stack: string, login: Login): Promise<Platform> {
  const { value } = (await new pulumi.StackReference(stack).getOutputDetails("platform")) as { readonly value?: unknown };
  if (!isPlatform(value)) throw refusal("The stack's configuration", [noPlatform(stack)]);
  const { cluster, ...rest } = value;
  return { ...rest, cluster: { ...cluster, provider: clusterProvider("ai", cluster, login) } };
}

function isPlatform(value: unknown): value is PlatformOutput {
  return typeof value === "object" && value !== null && ["cluster", "datasets", "adapters", "pools"].every((key) => key in value);
}

function noPlatform(stack: string) {
  return {
    code: "AKSFT-STACK-14",
    path: "platformStack",
    got: stack,
    rule: "has no output named platform: it holds no platform layer, or was not deployed yet",
    fix: "deploy it first, with platform among its layers, and name it as organization/project/stack",
  } as const;
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}
