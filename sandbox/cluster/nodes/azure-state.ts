/** What the cluster's agent reads of the file that the stand-in for Azure keeps. */
export interface AzureState {
  readonly resources?: Readonly<Record<string, AzureResource>>;
}

export interface AzureResource {
  readonly id?: string;
  readonly type?: string;
  readonly name?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** An agent pool as far as its nodes depend on it. */
export interface Pool {
  readonly id: string;
  readonly name: string;
  readonly clusterId: string;
  readonly clusterName: string;
  /** What AKS puts into the label `kubernetes.azure.com/cluster`. */
  readonly nodeResourceGroup: string;
  readonly location: string;
  readonly vmSize: string;
  readonly system: boolean;
  readonly spot: boolean;
  readonly autoscaled: boolean;
  readonly count: number;
  readonly minCount: number;
  readonly maxCount: number;
  readonly labels: Readonly<Record<string, string>>;
  /** As Azure writes them: `key=value:Effect`. */
  readonly taints: readonly string[];
  readonly osSku: string;
  readonly zones: readonly string[];
  /** Whether no kubelet here may play its nodes: what runs on them has images that cannot be had. */
  readonly simulated?: boolean;
  /** How AKS partitions its GPUs. */
  readonly gpuInstanceProfile?: string;
}

export interface RegistryResource {
  readonly id: string;
  readonly name: string;
  readonly port: number;
}

type Fields = Readonly<Record<string, unknown>>;

const CLUSTER = /^azure-native:containerservice(\/v\w+)?:ManagedCluster$/;
const AGENT_POOL = /^azure-native:containerservice(\/v\w+)?:AgentPool$/;

/** Pools of every cluster: those declared with it and those declared on their own. */
export function poolsOf(state: AzureState | undefined): readonly Pool[] {
  const resources = Object.entries(state?.resources ?? {});
  const own = resources.filter(([, { type }]) => AGENT_POOL.test(type ?? ""));
  return resources
    .filter(([, { type }]) => CLUSTER.test(type ?? ""))
    .flatMap(([clusterId, cluster]) => {
      const prefix = `${clusterId}/agentpools/`.toLowerCase();
      const declaredAlone = own
        .filter(([id]) => id.toLowerCase().startsWith(prefix))
        .map(([id, pool]) => ({ name: lastPart(id), ...fieldsOf(pool) }));
      const declaredWithin = listOf(fieldsOf(cluster)["agentPoolProfiles"]).map(objectOf);
      // Azure lists a pool that was declared on its own among the cluster's profiles too.
      const pools = new Map([...declaredWithin, ...declaredAlone].map((pool) => [textOf(pool["name"]) ?? "", pool]));
      return [...pools.values()].map((pool) => poolOf(clusterId, fieldsOf(cluster), pool));
    });
}

/** Whether a cluster adds nodes by itself: https://learn.microsoft.com/azure/aks/use-node-auto-provisioning */
export function provisionsNodes(state: AzureState | undefined): boolean {
  return Object.values(state?.resources ?? {}).some(
    (resource) => CLUSTER.test(resource.type ?? "") && objectOf(fieldsOf(resource)["nodeProvisioningProfile"])["mode"] === "Auto",
  );
}

export function registriesOf(state: AzureState | undefined): readonly RegistryResource[] {
  return Object.entries(state?.resources ?? {}).flatMap(([id, resource]) => {
    const registry = /\/providers\/Microsoft\.ContainerRegistry\/registries\/([^/]+)$/i.exec(id)?.[1];
    const outputs = fieldsOf(resource);
    const server = textOf(objectOf(outputs["properties"])["loginServer"]) ?? textOf(outputs["loginServer"]);
    const port = Number(/:(\d+)$/.exec(server ?? "")?.[1]);
    return registry === undefined || !Number.isInteger(port) ? [] : [{ id, name: registry.toLowerCase(), port }];
  });
}

function poolOf(clusterId: string, cluster: Fields, pool: Fields): Pool {
  const name = textOf(pool["name"]) ?? "";
  const clusterName = lastPart(clusterId);
  const location = textOf(cluster["location"]) ?? "eastus";
  const group = /\/resourceGroups\/([^/]+)\//i.exec(clusterId)?.[1] ?? "";
  const count = numberOf(pool["count"]) ?? 0;
  const labels = Object.fromEntries(Object.entries(objectOf(pool["nodeLabels"])).map(([key, value]) => [key, String(value)]));
  return {
    id: `${clusterId}/agentPools/${name}`,
    name,
    clusterId,
    clusterName,
    // https://learn.microsoft.com/azure/aks/faq: MC_resourcegroupname_clustername_location
    nodeResourceGroup: textOf(cluster["nodeResourceGroup"]) ?? `MC_${group}_${clusterName}_${location}`,
    location,
    vmSize: textOf(pool["vmSize"]) ?? "Standard_D4s_v5",
    system: textOf(pool["mode"]) === "System",
    spot: textOf(pool["scaleSetPriority"]) === "Spot",
    autoscaled: pool["enableAutoScaling"] === true,
    count,
    minCount: numberOf(pool["minCount"]) ?? 0,
    maxCount: numberOf(pool["maxCount"]) ?? count,
    labels,
    taints: listOf(pool["nodeTaints"]).map(String),
    osSku: textOf(pool["osSKU"]) ?? "Ubuntu",
    zones: listOf(pool["availabilityZones"]).map(String),
    // KAITO counts them as a Workspace's own: its pods run there.
    ...("kaito.sh/workspace" in labels ? { simulated: true } : {}),
    ...(typeof pool["gpuInstanceProfile"] === "string" ? { gpuInstanceProfile: pool["gpuInstanceProfile"] } : {}),
  };
}

/** Outputs win over inputs: what is left out of a program is decided by Azure. */
function fieldsOf(resource: AzureResource): Fields {
  return { ...resource.inputs, ...resource.outputs };
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
}
