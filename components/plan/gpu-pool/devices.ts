import { GPU_INSTANCE_PROFILES } from "../catalogue/gpu-cards";
import { GPU_SIZES, type GpuSize, type GpuSizeFacts } from "../catalogue/gpu-sizes";
import { wholeNumber } from "../recipe";
import type { Problem } from "../refuse";
import type { GpuDevices } from "./decisions";

/** What a pool says of its GPUs: their size, and the rest where its nodes are sliced. */
export interface PoolDevices extends Partial<GpuDevices> {
  /** VM size of its nodes. */
  readonly size: GpuSize;
}

export const WHOLE_GPU = "nvidia.com/gpu";
/** https://docs.nvidia.com/datacenter/cloud-native/kubernetes/latest/index.html#using-mig-strategies-in-kubernetes */
const RESOURCE = /^nvidia\.com\/(gpu|mig-[1-7]g\.\d+gb(\.me)?)$/;
/** https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html */
const MOST_SLICES = 7;

/** What a pod of the pool can ask for and gets. */
export function devicesOf(pool: PoolDevices): GpuDevices {
  const facts: GpuSizeFacts = GPU_SIZES[pool.size];
  return {
    gpusPerNode: pool.gpusPerNode ?? facts.gpus,
    gpuResource: pool.gpuResource ?? WHOLE_GPU,
    gpuMemoryGiB: pool.gpuMemoryGiB ?? facts.memoryGiB,
  };
}

/** Whether a pod gets a slice of a GPU, beside whose others run other pods. */
export function isSliced(pool: PoolDevices): boolean {
  return devicesOf(pool).gpuMemoryGiB < GPU_SIZES[pool.size].memoryGiB;
}

/** Part of a GPU's compute that a device has: the profile's that makes as many devices of as much memory, else as much as of the memory. */
export function computeShare(pool: PoolDevices): number {
  const facts: GpuSizeFacts = GPU_SIZES[pool.size];
  const { gpusPerNode, gpuMemoryGiB } = devicesOf(pool);
  const memory = gpuMemoryGiB / facts.memoryGiB;
  const made = Object.values(GPU_INSTANCE_PROFILES).find(
    (profile) => profile.slices * facts.gpus === gpusPerNode && Math.abs(profile.memory - memory) < 0.01,
  );
  return made?.compute ?? memory;
}

/** Faults of what an existing pool says of its GPUs, by the names of its members. */
export function deviceProblems({ size, gpusPerNode, gpuResource, gpuMemoryGiB }: PoolDevices): Problem[] {
  const facts: GpuSizeFacts = GPU_SIZES[size];
  const code = "AKSFT-POOL-27";
  const problems = gpusPerNode === undefined ? [] : wholeNumber(code, "gpusPerNode", gpusPerNode, 1, MOST_SLICES * facts.gpus);
  if (gpuResource !== undefined && !RESOURCE.test(gpuResource)) {
    const rule = "is neither nvidia.com/gpu nor the name of a slice, as NVIDIA's device plugin spells it";
    problems.push({ code, path: "gpuResource", got: gpuResource, rule, fix: 'use "nvidia.com/gpu", or for example "nvidia.com/mig-1g.10gb"' });
  }
  if (gpuMemoryGiB !== undefined && !(gpuMemoryGiB > 0 && gpuMemoryGiB <= facts.memoryGiB)) {
    const rule = `must be above 0 and at most ${facts.memoryGiB}, which one ${facts.gpuModel} has`;
    problems.push({ code, path: "gpuMemoryGiB", got: gpuMemoryGiB, rule, fix: `use ${facts.memoryGiB} for whole GPUs, or leave it out` });
  }
  return problems;
}
