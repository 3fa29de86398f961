import { wholeNumber } from "../recipe";
import { type Problem, within } from "../refuse";

/** What a team's pods may hold together. Requests count: they are what nodes are bought for. */
export interface TeamQuota {
  /** Pods that have not ended. @default 100 */
  readonly pods?: number;
  /** CPU cores. @default - 32, and 40 more for each GPU, as many as the largest size of one GPU has */
  readonly cpuCores?: number;
  /** Memory, in GiB. @default - 128, and 320 more for each GPU, as much as the largest size of one GPU has */
  readonly memoryGiB?: number;
  /** Local disk of the nodes, in GiB. @default - 256, and 512 more for each GPU */
  readonly localDiskGiB?: number;
  /** Claims on volumes, that on the checkpoints included. @default 10 */
  readonly volumeClaims?: number;
  /** Objects of each of these kinds: Jobs, ConfigMaps, Secrets and Services. @default 2000 */
  readonly objects?: number;
}

/** What one container of a team gets where it names no figure, and what it may name at most. */
export interface ContainerFigures {
  /** Memory limit of a container that names none, in GiB. @default 1 */
  readonly memoryGiB?: number;
  /** Local disk limit of a container that names none, in GiB. @default 100 */
  readonly localDiskGiB?: number;
  /** Most CPU cores, and the limit where none is named: a run is never throttled below its node. @default 128 */
  readonly maxCpuCores?: number;
  /** Most memory, in GiB. @default 1900 */
  readonly maxMemoryGiB?: number;
}

export interface QuotaDecisions {
  /** Most GPUs that the team's pods may hold at once; of slices, as many of each kind. @default 8 */
  readonly maxGpus?: number;
  /** Most of everything else that the team may hold at once. @default - grows with `maxGpus` */
  readonly quota?: TeamQuota;
  /** What single containers get and may ask for. @default - modest figures, and the largest node as the bound */
  readonly containers?: ContainerFigures;
}

export interface QuotaPlan {
  readonly maxGpus: number;
  readonly quota: Required<TeamQuota>;
  readonly containers: Required<ContainerFigures>;
}

/** The defaults follow Azure's sizes: Standard_NC40ads_H100_v5 has 40 cores and 320 GiB for one GPU, Standard_ND128isr_GB200_v6 128 cores. */
export function planQuota({ maxGpus = 8, quota = {}, containers = {} }: QuotaDecisions): QuotaPlan {
  const gpus = Number.isFinite(maxGpus) ? maxGpus : 0;
  return {
    maxGpus,
    quota: {
      pods: quota.pods ?? 100,
      cpuCores: quota.cpuCores ?? 32 + 40 * gpus,
      memoryGiB: quota.memoryGiB ?? 128 + 320 * gpus,
      localDiskGiB: quota.localDiskGiB ?? 256 + 512 * gpus,
      volumeClaims: quota.volumeClaims ?? 10,
      objects: quota.objects ?? 2000,
    },
    containers: {
      memoryGiB: containers.memoryGiB ?? 1,
      localDiskGiB: containers.localDiskGiB ?? 100,
      maxCpuCores: containers.maxCpuCores ?? 128,
      maxMemoryGiB: containers.maxMemoryGiB ?? 1900,
    },
  };
}

/** Faults of the figures that the user gave; those that follow from others are not told of. */
export function quotaProblems({ maxGpus = 8, quota = {}, containers = {} }: QuotaDecisions): Problem[] {
  const figure = (code: Problem["code"], path: string, value: number | undefined, least: number, most: number): Problem[] =>
    value === undefined ? [] : wholeNumber(code, path, value, least, most);
  return [
    ...wholeNumber("AKSFT-TEAM-01", "maxGpus", maxGpus, 0, 10_000),
    ...within("quota", [
      ...figure("AKSFT-TEAM-04", "pods", quota.pods, 1, 100_000),
      ...figure("AKSFT-TEAM-04", "cpuCores", quota.cpuCores, 1, 1_000_000),
      ...figure("AKSFT-TEAM-04", "memoryGiB", quota.memoryGiB, 1, 10_000_000),
      ...figure("AKSFT-TEAM-04", "localDiskGiB", quota.localDiskGiB, 1, 10_000_000),
      ...figure("AKSFT-TEAM-04", "volumeClaims", quota.volumeClaims, 1, 10_000),
      ...figure("AKSFT-TEAM-04", "objects", quota.objects, 10, 1_000_000),
    ]),
    ...within("containers", [
      // The limit that a container without one gets may not exceed the most that one may name: the API server refuses such a LimitRange.
      ...figure("AKSFT-TEAM-05", "memoryGiB", containers.memoryGiB, 1, containers.maxMemoryGiB ?? 1900),
      ...figure("AKSFT-TEAM-05", "localDiskGiB", containers.localDiskGiB, 1, 100_000),
      ...figure("AKSFT-TEAM-05", "maxCpuCores", containers.maxCpuCores, 1, 1000),
      ...figure("AKSFT-TEAM-05", "maxMemoryGiB", containers.maxMemoryGiB, 1, 100_000),
    ]),
  ];
}
