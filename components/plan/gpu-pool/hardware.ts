import { GPU_INSTANCE_PROFILES, type GpuInstanceProfile } from "../catalogue/gpu-cards";
import { GPU_SIZE_NAMES, GPU_SIZES, type GpuSize, type GpuSizeFacts, isGpuSize } from "../catalogue/gpu-sizes";
import { unusableReason } from "../catalogue/unusable-gpu-sizes";
import { GPU_OS_SKUS, type GpuDevices, type GpuNodeDecisions, type GpuPoolDecisions } from "./decisions";
import { devicesOf, WHOLE_GPU } from "./devices";
import type { Problem } from "../refuse";
import { nearest, oneOf } from "../spelling";

/** The size itself, whether it was named or found by `rightSize`. */
export function sizeOf(decisions: Pick<GpuNodeDecisions, "size">): GpuSize {
  return typeof decisions.size === "string" ? decisions.size : decisions.size.shape.size;
}

/** Why a size was chosen, where `rightSize` did; undefined for one that was named. */
export function sizeReason({ size }: Pick<GpuNodeDecisions, "size">): string | undefined {
  return typeof size === "string" ? undefined : size.reason;
}

export function sizeProblems(size: string): Problem[] {
  if (isGpuSize(size)) return [];
  const reason = unusableReason(size);
  const example = 'use for example "Standard_NC24ads_A100_v4"';
  if (reason !== undefined) return [{ code: "AKSFT-POOL-05", path: "size", got: size, rule: reason, fix: example }];
  // Every GPU size of Azure is of the N series: https://learn.microsoft.com/azure/virtual-machines/sizes/overview
  const otherSeries = /^Standard_(?!N)[A-Z]/.test(size) && nearest(size, GPU_SIZE_NAMES) === undefined;
  const rule = otherSeries ? "is not a GPU size" : `is none of the ${GPU_SIZE_NAMES.length} GPU sizes of the catalogue`;
  return [{ code: "AKSFT-POOL-01", path: "size", got: size, rule, fix: otherSeries ? example : oneOf(size, GPU_SIZE_NAMES) }];
}

/** What a node of the size offers, whole or in slices. */
export function gpuDevices(size: GpuSize, profile?: GpuInstanceProfile, strategy: "single" | "mixed" = "single"): GpuDevices {
  const facts: GpuSizeFacts = GPU_SIZES[size];
  if (!profile || !facts.slices) return devicesOf({ size });
  const { slices, memory } = GPU_INSTANCE_PROFILES[profile];
  return {
    gpusPerNode: facts.gpus * slices,
    gpuResource: strategy === "mixed" ? `nvidia.com/mig-${facts.slices[profile]}` : WHOLE_GPU,
    gpuMemoryGiB: facts.memoryGiB * memory,
  };
}

/** https://learn.microsoft.com/azure/aks/gpu-multi-instance */
export function partitionProblems(decisions: GpuPoolDecisions): Problem[] {
  const { gpuInstanceProfile: profile, migStrategy } = decisions;
  const size: string = sizeOf(decisions);
  if (profile === undefined) {
    if (migStrategy === undefined) return [];
    const rule = "names the slices of partitioned GPUs, and these are whole";
    return [{ code: "AKSFT-POOL-10", path: "migStrategy", got: migStrategy, rule, fix: "remove it, or set gpuInstanceProfile" }];
  }
  const known = Object.keys(GPU_INSTANCE_PROFILES);
  const path = "gpuInstanceProfile";
  const problems: Problem[] = [];
  if (!known.includes(profile)) {
    problems.push({ code: "AKSFT-POOL-09", path, got: profile, rule: `is none of ${known.join(", ")}`, fix: oneOf(profile, known) });
  }
  const facts: GpuSizeFacts | undefined = isGpuSize(size) ? GPU_SIZES[size] : undefined;
  if (facts && !facts.slices) {
    const rule = `AKS partitions A100, H100 and H200 GPUs, and ${size} has ${facts.gpuModel}`;
    problems.push({ code: "AKSFT-POOL-09", path, got: profile, rule, fix: 'remove it, or use for example size "Standard_NC24ads_A100_v4"' });
  }
  if (migStrategy !== undefined && !["single", "mixed"].includes(migStrategy)) {
    problems.push({ code: "AKSFT-POOL-10", path: "migStrategy", got: migStrategy, rule: "is none of single, mixed", fix: 'use "single"' });
  }
  return problems;
}

/** https://learn.microsoft.com/azure/aks/use-nvidia-gpu#skip-gpu-driver-installation */
export function driverProblems({ driver, gpuInstanceProfile }: GpuPoolDecisions): Problem[] {
  if (driver === undefined || driver === "Install") return [];
  const problem = { code: "AKSFT-POOL-11", path: "driver", got: driver } as const;
  if (!["None"].includes(driver)) return [{ ...problem, rule: "is none of Install, None", fix: oneOf(driver, ["Install", "None"]) }];
  if (gpuInstanceProfile === undefined) return [];
  const rule = "AKS partitions GPUs with the driver that it installs itself";
  return [{ ...problem, rule, fix: 'use "Install", or leave the partitions to the GPU Operator and remove gpuInstanceProfile' }];
}

/** Azure Linux carries no driver for some sizes: https://learn.microsoft.com/azure/aks/use-nvidia-gpu#limitations */
export function osSkuProblems(decisions: GpuPoolDecisions): Problem[] {
  const { osSku } = decisions;
  const size: string = sizeOf(decisions);
  if (osSku === undefined) return [];
  const known: readonly string[] = GPU_OS_SKUS;
  const problem = { code: "AKSFT-POOL-12", path: "osSku", got: osSku } as const;
  if (!known.includes(osSku)) return [{ ...problem, rule: `is none of ${known.join(", ")}`, fix: oneOf(osSku, known) }];
  const facts: GpuSizeFacts | undefined = isGpuSize(size) ? GPU_SIZES[size] : undefined;
  if (osSku !== "AzureLinux3" || facts?.azureLinux !== false) return [];
  return [{ ...problem, rule: `has no GPU driver for ${size}`, fix: 'use "Ubuntu2404"' }];
}
