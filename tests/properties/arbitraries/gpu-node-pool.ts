import * as fc from "fast-check";
import { type GpuInstanceProfile, type GpuNodeDecisions, type GpuNodePoolArgs, type GpuOsSku, type GpuSize, rightSize, type Taint } from "../../../components";
import { GPU_SIZE_NAMES, GPU_SIZES, type GpuSizeFacts } from "../../../components/plan/catalogue/gpu-sizes";
import { TAINT_EFFECTS } from "../../../components/plan/gpu-pool/decisions";
import { TINY_RECIPE } from "../../support/tiny-recipe";
import type { ClusterRef } from "../../../components";
import { environments, from, labelKeys, labels, optional, tags } from "./common";

/** What a mutation can say of the cluster that the pool joins. */
export interface Joined {
  readonly cluster?: Partial<ClusterRef>;
  /** Names of pools that the cluster has already. */
  readonly declared?: readonly string[];
}

export type PoolGiven = Omit<GpuNodePoolArgs, "cluster" | "override"> & Joined;

/** Letters and digits, a letter first; four of Azure's twelve are kept for replacements. */
export const poolNames = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/), fc.constant("a100pool"));

const taints = fc.uniqueArray(
  fc.record<Taint>({ key: labelKeys, value: fc.constantFrom("", "yes", "v".repeat(63)), effect: fc.constantFrom(...TAINT_EFFECTS) }),
  { maxLength: 3, selector: ({ key, effect }) => `${key}:${effect}` },
);

/** What any GPU node can be given, whatever its size. */
export const nodes = fc.record<Omit<GpuNodeDecisions, "size" | "driver" | "osDiskSizeGb">, never>(
  { hostEncryption: fc.boolean(), maxPods: from(10, 250), labels, taints, tags, environment: environments },
  { requiredKeys: [] },
);

/** Nodes that run count against the quota of the subscription. */
const counts = optional(fc.tuple(from(0, 20), from(1, 980))).map((pair): Pick<PoolGiven, "minNodes" | "maxNodes"> =>
  pair ? { minNodes: pair[0], maxNodes: pair[0] + pair[1] } : {},
);

const profiles = fc.constantFrom<GpuInstanceProfile>("MIG1g", "MIG2g", "MIG3g", "MIG4g", "MIG7g");

/** What a size can be: its operating system, its disk, its driver and its partitions. */
function machineOf(size: GpuSize): fc.Arbitrary<Partial<PoolGiven>> {
  const facts: GpuSizeFacts = GPU_SIZES[size];
  const systems = (["Ubuntu2404", "Ubuntu2204", "AzureLinux3"] as const).filter((osSku): osSku is GpuOsSku => osSku !== "AzureLinux3" || facts.azureLinux);
  const largest = Math.min(facts.tempDiskGiB ?? 0, 2048);
  const disks: fc.Arbitrary<Partial<PoolGiven>>[] = [fc.record({ osDiskType: optional(fc.constant("Managed" as const)), osDiskSizeGb: optional(from(30, 2048)) })];
  if (largest >= 30) disks.push(fc.record({ osDiskType: fc.constant("Ephemeral" as const), osDiskSizeGb: from(30, largest) }));
  const gpus: fc.Arbitrary<Partial<PoolGiven>>[] = [fc.record({ driver: optional(fc.constantFrom("Install" as const, "None" as const)) })];
  if (facts.slices) gpus.push(fc.record({ gpuInstanceProfile: profiles, migStrategy: optional(fc.constantFrom("single" as const, "mixed" as const)) }));
  return fc
    .tuple(fc.oneof(...disks), fc.oneof(...gpus), fc.record({ osSku: optional(fc.constantFrom(...systems)), ultraSsd: optional(fc.boolean()) }))
    .map(([disk, gpu, system]) => ({ ...disk, ...gpu, ...system }));
}

const RESERVATION = "/subscriptions/reserved/resourceGroups/gpus/providers/Microsoft.Compute/capacityReservationGroups/a100";

const regular: fc.Arbitrary<Partial<PoolGiven>> = fc.record(
  {
    capacityReservationGroupId: fc.constant(RESERVATION),
    upgrade: fc.constantFrom({}, { maxSurge: "0", maxUnavailable: "1" }, { maxUnavailable: "100%" }, { maxSurge: "33%" }, { maxSurge: "1000", maxUnavailable: "0" }),
  },
  { requiredKeys: [] },
);

/** A deallocated node has no local disk to come back to. */
const spot: fc.Arbitrary<Partial<PoolGiven>> = fc.record(
  { evictionPolicy: fc.constant("Delete" as const), spotMaxPrice: fc.constantFrom(-1, 0.00001, 1.23457, 98) },
  { requiredKeys: [] },
);

const placing = fc.record<Pick<PoolGiven, "zones" | "kubernetesVersion">, never>(
  { zones: fc.subarray(["1", "2", "3"]), kubernetesVersion: fc.constantFrom("1.34", "1.35", "1.36") },
  { requiredKeys: [] },
);

type Sized = Pick<PoolGiven, "size" | "priority">;

/** A size by its name or as the answer of `rightSize`, whose priority counts where none is given. */
const sized = fc.constantFrom<"Regular" | "Spot">("Regular", "Spot").chain((priority) =>
  fc.oneof(
    fc.record({ size: fc.constantFrom(...GPU_SIZE_NAMES), priority: priority === "Spot" ? fc.constant(priority) : optional(fc.constant(priority)) }),
    fc.record({ size: fc.constant(rightSize(TINY_RECIPE, { location: "eastus", priority })), priority: optional(fc.constant(priority)) }),
  ).map((pool: Sized) => ({ pool, priority })),
);

export const poolGiven = fc.record({
  name: poolNames,
  args: sized.chain(({ pool, priority }) =>
    fc
      .tuple(counts, nodes, machineOf(typeof pool.size === "string" ? pool.size : pool.size.shape.size), priority === "Spot" ? spot : regular, placing)
      .map((parts): PoolGiven => Object.assign({}, pool, ...parts)),
  ),
});

/** Two pools of one shape: what only one priority knows goes to one of them, and neither keeps a node. */
export const pairGiven = fc.record({
  name: poolNames,
  args: fc.constantFrom(...GPU_SIZE_NAMES).chain((size) =>
    fc
      .tuple(optional(from(1, 1000)), nodes, machineOf(size), spot, regular, placing)
      .map(([maxNodes, ...parts]): Omit<PoolGiven, "priority" | "minNodes"> => Object.assign({ size, maxNodes }, ...parts)),
  ),
});
