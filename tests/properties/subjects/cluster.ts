import { Cluster } from "../../../components";
import { type ClusterGiven, clusterGiven } from "../arbitraries/cluster";
import type { Mutation, Subject } from "../subject";
import type { World } from "../world";
import { groupMutations, tagMutations } from "./shared";

type Row = Mutation<ClusterGiven>;

const DAY = { asOf: "2026-11-26", tier: undefined, supportPlan: undefined, addOns: undefined };
/** A cluster that anybody may be told about: listed callers. */
const LISTED = { args: { authorizedIpRanges: ["203.0.113.8/32"], privateApiServer: false } };
const DEFAULT_POOLS = { args: { systemPool: undefined, workloadPool: undefined, autoscaler: undefined, nodeProvisioning: undefined, podRange: undefined } };
const NOT_PROVISIONED = { args: { nodeProvisioning: "autoscaler", autoscaler: undefined, podRange: undefined } };
const OWN_RANGES = { args: { podRange: undefined, serviceRange: "10.96.0.0/20", dnsServiceIp: undefined, systemPool: undefined, workloadPool: undefined, network: "bare" } };

const names: readonly Row[] = [
  { fault: "a name of 64 characters", code: "AKSFT-NAME-02", argument: "name", rule: "a cluster's name has 63 characters at most", name: "a".repeat(64), nearest: { name: "a".repeat(63) } },
  { fault: "a name that ends with a hyphen", code: "AKSFT-NAME-02", argument: "name", rule: "a cluster's name ends with a letter or a digit", name: "train-", nearest: { name: "train" } },
  { fault: "a DNS prefix with an underscore", code: "AKSFT-CLUSTER-28", argument: "dnsPrefix", rule: "a DNS prefix is letters, digits and hyphens", args: { dnsPrefix: "prod_cluster" }, nearest: { args: { dnsPrefix: "prod-cluster" } } },
  { fault: "a DNS prefix of 55 characters", code: "AKSFT-CLUSTER-28", argument: "dnsPrefix", args: { dnsPrefix: "p".repeat(55) }, nearest: { args: { dnsPrefix: "p".repeat(54) } } },
];

const version = (kubernetesVersion: string) => ({ args: { ...DAY, kubernetesVersion } });
const ofVersion = { code: "AKSFT-CLUSTER-01", argument: "kubernetesVersion" } as const;
const versions: readonly Row[] = [
  { ...ofVersion, fault: "a version out of support", rule: "a Kubernetes version is supported", ...version("1.30"), nearest: version("1.34") },
  { ...ofVersion, fault: "the latest version", rule: "a Kubernetes version is a number", ...version("latest"), nearest: version("1.37") },
  { ...ofVersion, fault: "a version with a v", rule: "a Kubernetes version is a number", ...version("v1.35"), nearest: version("1.35") },
  { fault: "a day that is none", code: "AKSFT-CLUSTER-04", argument: "asOf", args: { ...DAY, asOf: "26.11.2026" }, nearest: version("1.36") },
  { fault: "long-term support without paying for it", code: "AKSFT-CLUSTER-05", argument: "tier", args: { ...DAY, tier: "Standard", supportPlan: "AKSLongTermSupport", kubernetesVersion: "1.36" }, nearest: { args: { ...DAY, tier: "Premium", supportPlan: "AKSLongTermSupport", kubernetesVersion: "1.36" } }, alone: true },
  { fault: "cost analysis for nothing", code: "AKSFT-CLUSTER-24", argument: "addOns.costAnalysis", args: { ...DAY, tier: "Free", kubernetesVersion: "1.36", addOns: { costAnalysis: true } }, nearest: { args: { ...DAY, tier: "Standard", kubernetesVersion: "1.36", addOns: { costAnalysis: true } } }, alone: true },
  { fault: "images cleaned every hour", code: "AKSFT-CLUSTER-23", argument: "addOns.imageCleanerHours", args: { addOns: { imageCleanerHours: 23 } }, nearest: { args: { addOns: { imageCleanerHours: 24 } } } },
];

const system = (systemPool: unknown) => ({ on: DEFAULT_POOLS, args: { systemPool } });
const ofSystem = { code: "AKSFT-CLUSTER-02", argument: "systemPool.nodes" } as const;
const systemPools: readonly Row[] = [
  { ...ofSystem, fault: "a system pool without nodes", rule: "a system pool has one node at least", ...system({ nodes: 0 }), nearest: { args: { systemPool: { nodes: 3 } } } },
  { ...ofSystem, fault: "a system pool of less than no nodes", rule: "no pool has less than no nodes", ...system({ nodes: -1 }), nearest: { args: { systemPool: { nodes: 1 } } } },
  { ...ofSystem, fault: "a system pool of 1001 nodes", rule: "a pool has 1000 nodes at most", ...system({ nodes: 1001 }), nearest: { args: { systemPool: { nodes: 1000 } } } },
  { ...ofSystem, fault: "half a node", ...system({ nodes: 1.5 }), nearest: { args: { systemPool: { nodes: 2 } } } },
  { fault: "spot nodes for the system", code: "AKSFT-CLUSTER-13", argument: "systemPool.priority", rule: "a system pool is not spot", ...system({ priority: "Spot" }), nearest: { args: { systemPool: { nodes: 3 } } } },
  { fault: "spot nodes for the system, in Azure's words", code: "AKSFT-CLUSTER-13", argument: "systemPool.scaleSetPriority", rule: "a system pool is not spot", ...system({ scaleSetPriority: "Spot" }), nearest: { args: { systemPool: { scaleSetPriority: "Regular" } } } },
  { fault: "no system pool", code: "AKSFT-CLUSTER-13", argument: "systemPool", rule: "a cluster has a system pool", ...system(false), nearest: { args: { systemPool: undefined } } },
  { fault: "a system pool for users", code: "AKSFT-CLUSTER-13", argument: "systemPool.mode", rule: "a cluster has a system pool", ...system({ mode: "User" }), nearest: { args: { systemPool: { mode: "System" } } } },
  { fault: "nine pods a node", code: "AKSFT-CLUSTER-15", argument: "systemPool.maxPods", rule: "a node runs from 10 to 250 pods", ...system({ maxPods: 9 }), nearest: { args: { systemPool: { maxPods: 10 } } } },
  { fault: "251 pods a node", code: "AKSFT-CLUSTER-15", argument: "systemPool.maxPods", rule: "a node runs from 10 to 250 pods", ...system({ maxPods: 251 }), nearest: { args: { systemPool: { maxPods: 250 } } } },
  { fault: "a fourth zone", code: "AKSFT-CLUSTER-16", argument: "systemPool.zones", rule: "a zone is 1, 2 or 3", ...system({ zones: ["4"] }), nearest: { args: { systemPool: { zones: ["3"] } } } },
  { fault: "a zone twice", code: "AKSFT-CLUSTER-16", argument: "systemPool.zones", ...system({ zones: ["1", "1"] }), nearest: { args: { systemPool: { zones: ["1", "2"] } } } },
  { fault: "a local disk that the size has not", code: "AKSFT-CLUSTER-17", argument: "systemPool.osDisk", ...system({ vmSize: "Standard_D4s_v5", osDisk: "Ephemeral" }), nearest: { args: { systemPool: { vmSize: "Standard_D4ds_v5", osDisk: "Ephemeral" } } } },
  { fault: "a size that is not Azure's", code: "AKSFT-CLUSTER-30", argument: "systemPool.vmSize", ...system({ vmSize: "D4ds_v5" }), nearest: { args: { systemPool: { vmSize: "Standard_D4ds_v5" } } } },
];

const workload = (workloadPool: object) => ({ on: NOT_PROVISIONED, args: { workloadPool } });
const workloadPools: readonly Row[] = [
  { fault: "a least number above the most", code: "AKSFT-CLUSTER-14", argument: "workloadPool.minNodes", rule: "the least number of nodes is not above the most", ...workload({ minNodes: 5, maxNodes: 2 }), nearest: { args: { workloadPool: { minNodes: 2, maxNodes: 5 } } } },
  { fault: "less than no nodes", code: "AKSFT-CLUSTER-14", argument: "workloadPool.minNodes", rule: "no pool has less than no nodes", ...workload({ minNodes: -1 }), nearest: { args: { workloadPool: { minNodes: 0 } } } },
  { fault: "1001 nodes", code: "AKSFT-CLUSTER-14", argument: "workloadPool.maxNodes", rule: "a pool has 1000 nodes at most", ...workload({ maxNodes: 1001 }), nearest: { args: { workloadPool: { maxNodes: 1000 } } } },
  { fault: "a fourth zone", code: "AKSFT-CLUSTER-16", argument: "workloadPool.zones", ...workload({ zones: ["4"] }), nearest: { args: { workloadPool: { zones: ["3"] } } } },
  { fault: "an autoscaler beside node auto-provisioning", code: "AKSFT-CLUSTER-19", argument: "autoscaler", args: { nodeProvisioning: "node-auto-provisioning", autoscaler: {}, workloadPool: undefined }, nearest: { args: { nodeProvisioning: "node-auto-provisioning", autoscaler: undefined, workloadPool: undefined } }, alone: true },
  { fault: "an unknown expander", code: "AKSFT-CLUSTER-18", argument: "autoscaler.expander", on: DEFAULT_POOLS, args: { autoscaler: { expander: "price" } }, nearest: { args: { autoscaler: { expander: "priority" } } } },
  { fault: "nodes given up at once", code: "AKSFT-CLUSTER-18", argument: "autoscaler.maxNodeProvisionMinutes", on: DEFAULT_POOLS, args: { autoscaler: { maxNodeProvisionMinutes: 0 } }, nearest: { args: { autoscaler: { maxNodeProvisionMinutes: 1 } } } },
];

const ranges = (authorizedIpRanges: readonly string[]) => ({ args: { authorizedIpRanges } });
const ofRanges = { code: "AKSFT-CLUSTER-03", argument: "authorizedIpRanges", on: LISTED } as const;
const access: readonly Row[] = [
  { ...ofRanges, fault: "the whole Internet as a restriction", rule: "authorized ranges are a restriction", ...ranges(["0.0.0.0/0"]), nearest: ranges(["203.0.113.8/32"]) },
  { ...ofRanges, fault: "a malformed range", rule: "authorized ranges are a restriction", ...ranges(["203.0.113.8/32", "10.0.0.300/24"]), nearest: ranges(["203.0.113.8/32", "10.0.0.0/24"]) },
  { ...ofRanges, fault: "a range wider than anybody's", rule: "authorized ranges are a restriction", ...ranges(["0.0.0.0/7"]), nearest: ranges(["20.0.0.0/8"]) },
  { ...ofRanges, fault: "201 ranges", ...ranges(many(201)), nearest: ranges(many(200)) },
  { fault: "a private API server with authorized ranges", code: "AKSFT-CLUSTER-07", argument: "authorizedIpRanges", rule: "a private API server has no authorized ranges", on: LISTED, args: { privateApiServer: true }, nearest: {}, alone: true },
  { fault: "an API server in production that all may reach", code: "AKSFT-CLUSTER-06", argument: "authorizedIpRanges", rule: "authorized ranges are a restriction", args: { environment: "production", authorizedIpRanges: [], privateApiServer: false }, nearest: { args: { environment: "production", authorizedIpRanges: undefined, privateApiServer: true } }, alone: true },
];

function many(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `203.0.113.${index}/32`);
}

const addresses = (changes: object) => ({ on: OWN_RANGES, args: changes });
const ofDns = { code: "AKSFT-CLUSTER-12", argument: "dnsServiceIp", alone: true } as const;
const ofAddresses: readonly Row[] = [
  { fault: "pods with addresses of the services", code: "AKSFT-CLUSTER-11", argument: "serviceRange", rule: "pods and services have addresses of their own", ...addresses({ podRange: "10.0.0.0/16", serviceRange: "10.0.128.0/20" }), nearest: { args: { podRange: "10.0.0.0/16", serviceRange: "10.96.0.0/20" } }, alone: true },
  { fault: "pods with addresses of the nodes", code: "AKSFT-CLUSTER-11", argument: "podRange", ...addresses({ network: "private", podRange: "10.200.0.0/16" }), nearest: { args: { network: "private", podRange: "10.201.0.0/16" } }, alone: true },
  { fault: "services with addresses of AKS", code: "AKSFT-CLUSTER-11", argument: "serviceRange", ...addresses({ serviceRange: "172.31.0.0/20" }), nearest: { args: { serviceRange: "172.29.0.0/20" } }, alone: true },
  { fault: "pods on too few addresses", code: "AKSFT-CLUSTER-10", argument: "podRange", ...addresses({ podRange: "10.0.0.0/25" }), nearest: { args: { podRange: "10.0.0.0/20" } }, alone: true },
  { fault: "pods without room for the nodes", code: "AKSFT-CLUSTER-10", argument: "podRange", ...addresses({ podRange: "10.0.0.0/24", environment: "development", systemPool: { nodes: 2 } }), nearest: { args: { podRange: "10.0.0.0/23", environment: "development", systemPool: { nodes: 2 } } }, alone: true },
  { ...ofDns, fault: "a DNS address outside its range", rule: "the DNS address is inside the service range", ...addresses({ dnsServiceIp: "10.1.0.10" }), nearest: { args: { dnsServiceIp: "10.96.0.10" } } },
  { ...ofDns, fault: "the API server's address for the DNS", rule: "the DNS address is not the API server's", ...addresses({ dnsServiceIp: "10.96.0.1" }), nearest: { args: { dnsServiceIp: "10.96.0.2" } } },
  { ...ofDns, fault: "the last address for the DNS", ...addresses({ dnsServiceIp: "10.96.15.255" }), nearest: { args: { dnsServiceIp: "10.96.15.254" } } },
];

const IDENTITY = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ai";
const identity = (given: object) => ({ args: { existing: [], identity: given } });
const monitored = (monitoring: object) => ({ args: { existing: [], monitoring } });
const upgraded = (upgrades: object) => ({ args: { upgrades } });
const encrypted = (encryption: object) => ({ args: { encryption } });
const SETS = "/subscriptions/s/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSets";
const KEY = `https://ai.vault.azure.net/keys/etcd/${"a".repeat(32)}`;
const operations: readonly Row[] = [
  { fault: "an identity without an id", code: "AKSFT-CLUSTER-27", argument: "identity.id", rule: "a user-assigned identity has an id", ...identity({ principalId: "principal" }), nearest: identity({ id: IDENTITY, principalId: "principal" }) },
  { fault: "an identity without a principal", code: "AKSFT-CLUSTER-27", argument: "identity.principalId", ...identity({ id: IDENTITY, principalId: "" }), nearest: identity({ id: IDENTITY, principalId: "principal" }) },
  { fault: "a watch without a place for its logs", code: "AKSFT-CLUSTER-20", argument: "monitoring.defender", ...monitored({ logs: false, defender: true }), nearest: monitored({ logs: true, defender: true }) },
  { fault: "logs for 29 days", code: "AKSFT-CLUSTER-21", argument: "monitoring.retentionDays", ...monitored({ logs: true, retentionDays: 29 }), nearest: monitored({ logs: true, retentionDays: 30 }) },
  { fault: "a workspace of the wrong kind", code: "AKSFT-CLUSTER-22", argument: "monitoring.metrics.id", ...monitored({ metrics: { id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w" } }), nearest: monitored({ metrics: { id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Monitor/accounts/w" } }) },
  { fault: "an unknown channel", code: "AKSFT-CLUSTER-08", argument: "upgrades.channel", ...upgraded({ channel: "fast" }), nearest: upgraded({ channel: "rapid" }) },
  { fault: "two owners of the node images", code: "AKSFT-CLUSTER-08", argument: "upgrades.nodeOsChannel", ...upgraded({ channel: "node-image", nodeOsChannel: "SecurityPatch" }), nearest: upgraded({ channel: "node-image", nodeOsChannel: "NodeImage" }) },
  { fault: "a window of three hours", code: "AKSFT-CLUSTER-09", argument: "upgrades.window.durationHours", ...upgraded({ window: { durationHours: 3 } }), nearest: upgraded({ window: { durationHours: 4 } }) },
  { fault: "a window from 24:00", code: "AKSFT-CLUSTER-09", argument: "upgrades.window.startTime", ...upgraded({ window: { startTime: "24:00" } }), nearest: upgraded({ window: { startTime: "00:00" } }) },
  { fault: "a set that encrypts nothing", code: "AKSFT-CLUSTER-25", argument: "encryption.diskEncryptionSetId", ...encrypted({ diskEncryptionSetId: SETS }), nearest: encrypted({ diskEncryptionSetId: `${SETS}/ai` }) },
  { fault: "a key without its version", code: "AKSFT-CLUSTER-26", argument: "encryption.etcd.keyId", ...encrypted({ etcd: { keyId: "https://ai.vault.azure.net/keys/etcd", vaultId: "/v" } }), nearest: encrypted({ etcd: { keyId: KEY, vaultId: "/subscriptions/s/resourceGroups/k/providers/Microsoft.KeyVault/vaults/ai" } }) },
  { fault: "a misspelt environment", code: "AKSFT-CLUSTER-29", argument: "environment", on: LISTED, args: { environment: "prod" }, nearest: { args: { environment: "production" } }, alone: true },
];

/** What a program of an existing foundation gives instead of letting the cluster make it. */
function existingOf({ existing, monitoring, identity }: ClusterGiven, world: World) {
  return {
    identity: existing.includes("identity") ? world.identity : identity,
    monitoring: {
      ...monitoring,
      ...(existing.includes("logs") ? { logs: world.logs } : {}),
      ...(existing.includes("metrics") ? { metrics: world.metrics } : {}),
    },
  };
}

export const cluster: Subject<ClusterGiven> = {
  given: clusterGiven,
  register: ({ name, args }, world) => {
    const { network, resourceGroupName = world.resourceGroupName } = args;
    return new Cluster(name, { ...args, resourceGroupName, network: world.network(network), ...existingOf(args, world) });
  },
  mutations: [
    ...names,
    ...versions,
    ...systemPools,
    ...workloadPools,
    ...access,
    ...ofAddresses,
    ...operations,
    ...groupMutations<ClusterGiven>(),
    ...tagMutations<ClusterGiven>(),
  ],
};
