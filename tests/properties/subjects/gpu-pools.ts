import * as fc from "fast-check";
import { AutoProvisionedGpuPool, GpuNodePool, PreferredSpotGpuPool, SpotPreference } from "../../../components";
import { declarePool } from "../../../components/gpu-pool/declared-pools";
import { type AutoProvisionedGiven, autoProvisionedGiven } from "../arbitraries/auto-provisioned-gpu-pool";
import { logicalNames } from "../arbitraries/common";
import { type Joined, pairGiven, type PoolGiven, poolGiven, poolNames } from "../arbitraries/gpu-node-pool";
import type { Mutation, Subject } from "../subject";
import type { World } from "../world";
import { labelMutations, tagMutations } from "./shared";

type Pair = Omit<PoolGiven, "priority" | "minNodes">;
type Row<A extends object> = Mutation<A>;

/** A small pool of which everything else is as by default. */
const PLAIN = {
  args: {
    ...{ size: "Standard_NC24ads_A100_v4", priority: undefined, evictionPolicy: undefined, spotMaxPrice: undefined, upgrade: undefined },
    ...{ gpuInstanceProfile: undefined, migStrategy: undefined, driver: undefined, osSku: undefined, osDiskType: undefined, osDiskSizeGb: undefined },
    ...{ capacityReservationGroupId: undefined, minNodes: undefined, maxNodes: undefined, kubernetesVersion: undefined },
  },
};
const SPOT = { args: { ...PLAIN.args, priority: "Spot" } };

/** What pools of one shape refuse, whatever their priority. */
function shapes<A extends Pair>(): readonly Row<A>[] {
  const on = (args: object) => ({ on: PLAIN as Row<A>["on"] & object, args: args as Partial<Record<keyof A, unknown>> });
  const to = (args: object) => ({ args: args as Partial<Record<keyof A, unknown>> });
  return [
    { fault: "a size without a GPU", code: "AKSFT-POOL-01", argument: "size", rule: "a GPU pool is of a size with a GPU", ...on({ size: "Standard_D8s_v5" }), nearest: to({ size: "Standard_NC24ads_A100_v4" }) },
    { fault: "a misspelt size", code: "AKSFT-POOL-01", argument: "size", rule: "a size is spelled as Azure spells it", ...on({ size: "Standard_NC24ads_A100v4" }), nearest: to({ size: "Standard_NC24ads_A100_v4" }) },
    // Nothing here runs KAITO on a T4; a V100 no component takes at all.
    { fault: "a card before compute capability 8.0 that is no T4", code: "AKSFT-POOL-05", argument: "size", rule: "KAITO needs compute capability 8.0", ...on({ size: "Standard_NC6s_v3" }), nearest: to({ size: "Standard_NV36ads_A10_v5" }) },
    { fault: "1001 nodes", code: "AKSFT-POOL-02", argument: "maxNodes", rule: "a pool has 1000 nodes at most", ...on({ maxNodes: 1001 }), nearest: to({ maxNodes: 1000 }) },
    { fault: "a pool that never has a node", code: "AKSFT-POOL-02", argument: "maxNodes", ...on({ maxNodes: 0 }), nearest: to({ maxNodes: 1 }) },
    { fault: "partitions of an A10", code: "AKSFT-POOL-09", argument: "gpuInstanceProfile", rule: "only A100, H100 and H200 are partitioned", ...on({ size: "Standard_NV36ads_A10_v5", gpuInstanceProfile: "MIG1g" }), nearest: to({ size: "Standard_NC24ads_A100_v4", gpuInstanceProfile: "MIG1g" }), alone: true },
    { fault: "an unknown partition", code: "AKSFT-POOL-09", argument: "gpuInstanceProfile", rule: "a partition is one of Azure's five", ...on({ gpuInstanceProfile: "MIG5g" }), nearest: to({ gpuInstanceProfile: "MIG4g" }), alone: true },
    { fault: "names for partitions that are none", code: "AKSFT-POOL-10", argument: "migStrategy", ...on({ migStrategy: "mixed" }), nearest: to({ migStrategy: "mixed", gpuInstanceProfile: "MIG1g" }), alone: true },
    { fault: "partitions without AKS's driver", code: "AKSFT-POOL-11", argument: "driver", ...on({ driver: "None", gpuInstanceProfile: "MIG1g" }), nearest: to({ driver: "None" }), alone: true },
    { fault: "an operating system without the driver", code: "AKSFT-POOL-12", argument: "osSku", ...on({ size: "Standard_NCC40ads_H100_v5", osSku: "AzureLinux3" }), nearest: to({ size: "Standard_NCC40ads_H100_v5", osSku: "Ubuntu2404" }), alone: true },
    { fault: "a local disk that is too small", code: "AKSFT-POOL-13", argument: "osDiskType", ...on({ osDiskType: "Ephemeral" }), nearest: to({ osDiskType: "Ephemeral", osDiskSizeGb: 64 }), alone: true },
    { fault: "a disk of 29 GB", code: "AKSFT-POOL-13", argument: "osDiskSizeGb", ...on({ osDiskSizeGb: 29 }), nearest: to({ osDiskSizeGb: 30 }) },
    { fault: "a fourth zone", code: "AKSFT-POOL-14", argument: "zones", rule: "a zone is 1, 2 or 3", ...on({ zones: ["4"] }), nearest: to({ zones: ["3"] }) },
    { fault: "a zone twice", code: "AKSFT-POOL-14", argument: "zones", ...on({ zones: ["1", "1"] }), nearest: to({ zones: ["1", "2"] }) },
    { fault: "a reservation that is none", code: "AKSFT-POOL-15", argument: "capacityReservationGroupId", ...on({ capacityReservationGroupId: "a100" }), nearest: to({ capacityReservationGroupId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/capacityReservationGroups/a100" }) },
    { fault: "a version newer than the cluster's", code: "AKSFT-POOL-16", argument: "kubernetesVersion", rule: "a pool is not newer than its cluster", ...on({ kubernetesVersion: "1.36", cluster: { kubernetesVersion: "1.35" } }), nearest: to({ kubernetesVersion: "1.35", cluster: { kubernetesVersion: "1.35" } }) },
    { fault: "a version three behind the cluster's", code: "AKSFT-POOL-16", argument: "kubernetesVersion", ...on({ kubernetesVersion: "1.34", cluster: { kubernetesVersion: "1.37" } }), nearest: to({ kubernetesVersion: "1.35", cluster: { kubernetesVersion: "1.37" } }) },
    { fault: "a pool that scales itself on a cluster that provisions nodes", code: "AKSFT-POOL-22", argument: "cluster.nodeProvisioning", ...on({ cluster: { nodeProvisioning: "node-auto-provisioning" } }), nearest: to({ cluster: { nodeProvisioning: "autoscaler" } }), alone: true },
  ];
}

/** What any GPU node refuses, whoever adds it. */
function ofNodes<A extends Pick<PoolGiven, "labels" | "taints" | "tags" | "maxPods"> & Joined>(): readonly Row<A>[] {
  const with_ = (args: object) => ({ args: args as Partial<Record<keyof A, unknown>> });
  const tainted = (taint: object) => with_({ taints: [{ key: "example.com/owner", value: "ml", effect: "NoSchedule", ...taint }] });
  return [
    { fault: "nine pods a node", code: "AKSFT-POOL-17", argument: "maxPods", rule: "a node runs from 10 to 250 pods", ...with_({ maxPods: 9 }), nearest: with_({ maxPods: 50 }) },
    { fault: "251 pods a node", code: "AKSFT-POOL-17", argument: "maxPods", rule: "a node runs from 10 to 250 pods", ...with_({ maxPods: 251 }), nearest: with_({ maxPods: 250 }) },
    { fault: "a label of AKS", code: "AKSFT-POOL-18", argument: "labels", ...with_({ labels: { "kubernetes.azure.com/mode": "user" } }), nearest: with_({ labels: { "example.com/mode": "user" } }) },
    { fault: "the taint that every GPU pool has", code: "AKSFT-POOL-19", argument: "taints", ...tainted({ key: "sku" }), nearest: tainted({ key: "sku-of-ours" }) },
    { fault: "a taint without a known effect", code: "AKSFT-POOL-19", argument: "taints", ...tainted({ effect: "NoRun" }), nearest: tainted({ effect: "NoExecute" }) },
    { fault: "a taint twice", code: "AKSFT-POOL-19", argument: "taints", ...with_({ taints: twice("NoSchedule") }), nearest: with_({ taints: twice("NoExecute") }) },
    ...labelMutations<A>(),
    ...tagMutations<A>(),
    { fault: "the name of another pool of the cluster", code: "AKSFT-POOL-21", argument: "name", rule: "two pools of a cluster differ in name", name: "gpu", ...with_({ declared: ["gpu"] }), nearest: { name: "gpu2", ...with_({ declared: ["gpu"] }) } },
  ];
}

function twice(effect: string): readonly object[] {
  return ["NoSchedule", effect].map((each) => ({ key: "example.com/owner", value: "ml", effect: each }));
}

const ofNames = [
  { fault: "capitals in the name", code: "AKSFT-NAME-03", argument: "name", rule: "a node pool's name has no capitals", name: "GPUPool", nearest: { name: "gpupool" } },
  { fault: "a hyphen in the name", code: "AKSFT-NAME-03", argument: "name", rule: "a node pool's name has no hyphen", name: "gpu-a100", nearest: { name: "gpua100" } },
  { fault: "a name that leaves no room for replacements", code: "AKSFT-NAME-03", argument: "name", rule: "a node pool's name leaves room for its replacement", name: "traininga100pool", nearest: { name: "a100pool" } },
] as const;

const ofPriority: readonly Row<PoolGiven>[] = [
  { fault: "less than no nodes", code: "AKSFT-POOL-03", argument: "minNodes", rule: "no pool has less than no nodes", on: PLAIN, args: { minNodes: -1 }, nearest: { args: { minNodes: 0 } } },
  { fault: "a least number above the most", code: "AKSFT-POOL-04", argument: "minNodes", rule: "the least number of nodes is not above the most", on: PLAIN, args: { minNodes: 5, maxNodes: 2 }, nearest: { args: { minNodes: 2, maxNodes: 5 } }, alone: true },
  { fault: "a misspelt priority", code: "AKSFT-POOL-06", argument: "priority", on: PLAIN, args: { priority: "spot" }, nearest: { args: { priority: "Spot" } } },
  { fault: "an eviction policy of nodes that nobody evicts", code: "AKSFT-POOL-07", argument: "evictionPolicy", rule: "an eviction policy is for spot nodes", on: PLAIN, args: { evictionPolicy: "Delete" }, nearest: { args: { evictionPolicy: "Delete", priority: "Spot" } }, alone: true },
  { fault: "a maximum price of nodes that have a fixed one", code: "AKSFT-POOL-08", argument: "spotMaxPrice", on: PLAIN, args: { spotMaxPrice: -1 }, nearest: { args: { spotMaxPrice: -1, priority: "Spot" } }, alone: true },
  { fault: "a maximum price of nothing", code: "AKSFT-POOL-08", argument: "spotMaxPrice", rule: "a maximum price is above 0, or -1", on: SPOT, args: { spotMaxPrice: 0 }, nearest: { args: { spotMaxPrice: -1 } }, alone: true },
  { fault: "a maximum price with six decimals", code: "AKSFT-POOL-08", argument: "spotMaxPrice", rule: "a maximum price has five decimals at most", on: SPOT, args: { spotMaxPrice: 1.234567 }, nearest: { args: { spotMaxPrice: 1.23457 } }, alone: true },
  { fault: "reserved capacity for spot nodes", code: "AKSFT-POOL-15", argument: "capacityReservationGroupId", on: SPOT, args: { capacityReservationGroupId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/capacityReservationGroups/a" }, nearest: {}, alone: true },
  { fault: "nodes added and taken away at once", code: "AKSFT-POOL-20", argument: "upgrade", rule: "an upgrade either adds nodes or takes some away", on: PLAIN, args: { upgrade: { maxSurge: "33%", maxUnavailable: "1" } }, nearest: { args: { upgrade: { maxSurge: "0", maxUnavailable: "1" } } }, alone: true },
  { fault: "an upgrade that cannot begin", code: "AKSFT-POOL-20", argument: "upgrade", rule: "an upgrade either adds nodes or takes some away", on: PLAIN, args: { upgrade: { maxSurge: "0", maxUnavailable: "0" } }, nearest: { args: { upgrade: { maxSurge: "0", maxUnavailable: "1" } } }, alone: true },
  { fault: "an upgrade of spot nodes", code: "AKSFT-POOL-20", argument: "upgrade", on: SPOT, args: { upgrade: { maxSurge: "1" } }, nearest: {}, alone: true },
];

/** A cluster on which other pools were declared before. */
function joined(world: World, { cluster = {}, declared = [] }: Joined) {
  const ref = world.cluster(cluster);
  declared.forEach((name) => declarePool(ref, name));
  return ref;
}

export const gpuNodePool: Subject<PoolGiven> = {
  given: poolGiven,
  register: ({ name, args }, world) => new GpuNodePool(name, { ...args, cluster: joined(world, args) }),
  mutations: [...ofNames, ...shapes<PoolGiven>(), ...ofPriority, ...ofNodes<PoolGiven>()],
};

export const preferredSpotGpuPool: Subject<Pair> = {
  given: pairGiven,
  register: ({ name, args }, world) => new PreferredSpotGpuPool(name, { ...args, cluster: joined(world, args) }),
  mutations: [...ofNames, ...shapes<Pair>(), ...ofNodes<Pair>()],
};

type Auto = AutoProvisionedGiven;
const AUTOMATIC = { nodeProvisioning: "node-auto-provisioning" } as const;

export const autoProvisionedGpuPool: Subject<Auto> = {
  given: autoProvisionedGiven,
  register: ({ name, args }, world) => new AutoProvisionedGpuPool(name, { ...args, cluster: joined(world, { ...args, cluster: { ...AUTOMATIC, ...args.cluster } }) }),
  mutations: [
    { fault: "capitals in the name", code: "AKSFT-NAME-04", argument: "name", name: "GPUPool", nearest: { name: "gpu-pool" } },
    { fault: "a size without a GPU", code: "AKSFT-POOL-01", argument: "size", rule: "a GPU pool is of a size with a GPU", args: { size: "Standard_D8s_v5" }, nearest: { args: { size: "Standard_NC24ads_A100_v4" } } },
    { fault: "a size that Karpenter does not know", code: "AKSFT-POOL-24", argument: "size", args: { size: "Standard_NCC40ads_H100_v5" }, nearest: { args: { size: "Standard_NC40ads_H100_v5" } } },
    { fault: "a misspelt priority", code: "AKSFT-POOL-06", argument: "priority", args: { priority: "spot" }, nearest: { args: { priority: "Spot" } } },
    { fault: "1001 nodes", code: "AKSFT-POOL-02", argument: "maxNodes", rule: "a pool has 1000 nodes at most", args: { maxNodes: 1001 }, nearest: { args: { maxNodes: 1000 } } },
    { fault: "nodes that go before they are empty", code: "AKSFT-POOL-25", argument: "emptyMinutes", args: { emptyMinutes: -1 }, nearest: { args: { emptyMinutes: 0 } } },
    { fault: "nodes that go at once", code: "AKSFT-POOL-26", argument: "expireAfterHours", args: { expireAfterHours: 0 }, nearest: { args: { expireAfterHours: 1 } } },
    { fault: "a disk of 29 GB", code: "AKSFT-POOL-13", argument: "osDiskSizeGb", args: { osDiskSizeGb: 29 }, nearest: { args: { osDiskSizeGb: 30 } } },
    { fault: "a driver of nobody's", code: "AKSFT-POOL-11", argument: "driver", args: { driver: "Nvidia" }, nearest: { args: { driver: "None" } } },
    { fault: "a cluster that provisions no nodes", code: "AKSFT-POOL-22", argument: "cluster.nodeProvisioning", args: { cluster: { nodeProvisioning: "autoscaler" } }, nearest: { args: { cluster: AUTOMATIC } } },
    ...ofNodes<Auto>(),
  ],
};

interface Preferred extends Joined {
  readonly pools: readonly { readonly spotPoolName: string; readonly onDemandPoolName: string }[];
}

const pairs = fc.uniqueArray(poolNames, { minLength: 1, maxLength: 4 }).map((names) => names.map((name) => ({ spotPoolName: `${name}0123`, onDemandPoolName: `${name}4567` })));

export const spotPreference: Subject<Preferred> = {
  given: fc.record({ name: logicalNames, args: fc.record<Preferred, "pools">({ pools: pairs }, { requiredKeys: ["pools"] }) }),
  register: ({ name, args }, world) => new SpotPreference(name, { pools: args.pools, cluster: joined(world, args) }),
  mutations: [
    { fault: "nothing to prefer", code: "AKSFT-POOL-23", argument: "pools", args: { pools: [] }, nearest: {} },
    { fault: "a cluster without an autoscaler", code: "AKSFT-POOL-22", argument: "cluster.nodeProvisioning", args: { cluster: AUTOMATIC }, nearest: {} },
  ],
};
