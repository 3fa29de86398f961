/** A GPU size that exists in Azure and that no pool of this library can have. */
export interface UnusableGpuSize {
  readonly gpuModel: string;
  readonly vendor: "NVIDIA" | "AMD";
  /** GPUs of the size, or the part of one; absent where it is not documented. */
  readonly gpus?: number;
  /** Memory of one GPU on the label, in GB. */
  readonly nominalGB?: number;
  readonly vcpus?: number;
  readonly ramGiB?: number;
  readonly tempDiskGiB?: number;
  readonly nvmeGiB?: number;
  readonly infiniBand?: boolean;
  /** What an NVIDIA card can do in CUDA's terms. */
  readonly computeCapability?: number;
  readonly bf16: boolean;
  /** Generations of virtual machines that the size boots as; absent where they are not documented. */
  readonly generations?: readonly (1 | 2)[];
  /** Linux pay-as-you-go price, in USD per hour. */
  readonly usdPerHour?: number;
  readonly priceRegion?: string;
  /** Whether Azure lists a spot meter for the size; absent where none was found. */
  readonly spotMeter?: true;
  /** Last spot price seen, in the region of the other, in USD per hour. */
  readonly spotUsdPerHour?: number;
  /** Day of the spot price; absent where the source has none. */
  readonly spotDate?: string;
  /** Why, as the rule of a refusal. */
  readonly reason: string;
}

const VOLTA = { vendor: "NVIDIA", computeCapability: 7.0, bf16: false, priceRegion: "eastus" } as const;
const V100 = { ...VOLTA, gpuModel: "V100 16GB", nominalGB: 16, infiniBand: false } as const;
/** https://learn.microsoft.com/azure/virtual-machines/sizes/retirement/ncv3-nc6s-nc12s-nc24s-retirement */
const V100_RETIRED = "was retired on 2025-09-30: Azure deallocates what is left of it";
const V710 = { gpuModel: "Radeon PRO V710", vendor: "AMD", infiniBand: false, bf16: true, generations: [2], priceRegion: "eastus" } as const;
/** https://learn.microsoft.com/azure/aks/use-amd-gpus */
const V710_UNSUPPORTED = "has an AMD GPU that AKS does not support, and the trainer computes with CUDA";
const RTX_6000 = { gpuModel: "RTX PRO 6000 Blackwell Server Edition", vendor: "NVIDIA", computeCapability: 12.0, bf16: true } as const;
const RTX = { ...RTX_6000, infiniBand: false, generations: [2], priceRegion: "eastus", spotMeter: true } as const;
const GRACE = { vendor: "NVIDIA", bf16: true, generations: [2] } as const;
const RTX_WHOLE = { ...RTX, nominalGB: 96 } as const;
/** https://learn.microsoft.com/azure/virtual-machines/sizes/gpu-accelerated/ncrtxpro6000bsev6-series, preview of 2025-12 */
const RTX_PREVIEW = "is in preview: neither its vCPU quota nor the driver that AKS installs on it is documented";
const RTX_SHARE = `${RTX_PREVIEW}, nor which share of a GPU it has`;
const AMD_UNSUPPORTED = "has an AMD GPU that AKS does not support: https://learn.microsoft.com/azure/aks/use-nvidia-gpu";

/** Sources as in the catalogue of usable sizes and of its prices; NC128ds: huggingface.co/datasets/datameaning/azure-gpu-vm-prices. */
export const UNUSABLE_GPU_SIZES: Readonly<Record<string, UnusableGpuSize>> = {
  Standard_ND96isr_MI300X_v5: {
    ...{ gpuModel: "MI300X 192GB", vendor: "AMD", gpus: 8, nominalGB: 192, vcpus: 96, ramGiB: 1850, infiniBand: true },
    ...{ tempDiskGiB: 1000, nvmeGiB: 28672, bf16: true, generations: [2], usdPerHour: 48, priceRegion: "eastus2" },
    reason: "has AMD GPUs, for which AKS installs no driver, and the trainer computes with CUDA",
  },
  Standard_ND128isr_NDR_GB200_v6: {
    ...{ ...GRACE, gpuModel: "GB200", computeCapability: 10.0, gpus: 4, nominalGB: 192, vcpus: 128, ramGiB: 900, nvmeGiB: 16384 },
    ...{ infiniBand: true, usdPerHour: 108.16, priceRegion: "eastus" },
    reason: "has Arm processors, and the images of this library are built for x86",
  },
  Standard_ND128isr_GB300_v6: {
    ...{ ...GRACE, gpuModel: "GB300" },
    reason: "has Arm processors, and the images of this library are built for x86",
  },
  Standard_NC24lds_xl_RTXPRO6000BSE_v6: { ...RTX, vcpus: 24, ramGiB: 72, usdPerHour: 1.13, reason: RTX_SHARE },
  Standard_NC36lds_xl_RTXPRO6000BSE_v6: { ...RTX, vcpus: 36, usdPerHour: 1.243, reason: RTX_SHARE },
  Standard_NC36ds_xl_RTXPRO6000BSE_v6: { ...RTX, vcpus: 36, usdPerHour: 1.442, reason: RTX_SHARE },
  Standard_NC72lds_xl_RTXPRO6000BSE_v6: { ...RTX, vcpus: 72, usdPerHour: 2.44, reason: RTX_SHARE },
  Standard_NC72ds_xl_RTXPRO6000BSE_v6: { ...RTX, vcpus: 72, usdPerHour: 2.83, reason: RTX_SHARE },
  Standard_NC144lds_xl_RTXPRO6000BSE_v6: { ...RTX_WHOLE, gpus: 1, vcpus: 144, ramGiB: 264, usdPerHour: 5.5, reason: RTX_PREVIEW },
  Standard_NC144ds_xl_RTXPRO6000BSE_v6: { ...RTX_WHOLE, gpus: 1, vcpus: 144, ramGiB: 516, usdPerHour: 5.5, reason: RTX_PREVIEW },
  Standard_NC288lds_xl_RTXPRO6000BSE_v6: { ...RTX_WHOLE, gpus: 2, vcpus: 288, ramGiB: 516, usdPerHour: 11, reason: RTX_PREVIEW },
  Standard_NC288ds_xl_RTXPRO6000BSE_v6: { ...RTX_WHOLE, gpus: 2, vcpus: 288, ramGiB: 1032, usdPerHour: 11, reason: RTX_PREVIEW },
  Standard_NC128ds_xl_RTXPRO6000BSE_v6: {
    ...{ ...RTX_WHOLE, gpus: 1, vcpus: 128, ramGiB: 512, usdPerHour: 6.38, spotUsdPerHour: 1.179024, spotDate: "2026-10-29" },
    reason: RTX_PREVIEW,
  },
  Standard_NV4ads_V710_v5: { ...V710, gpus: 1 / 6, nominalGB: 4, vcpus: 4, ramGiB: 16, usdPerHour: 0.333, reason: V710_UNSUPPORTED },
  Standard_NV8ads_V710_v5: { ...V710, gpus: 1 / 3, nominalGB: 8, vcpus: 8, ramGiB: 32, usdPerHour: 0.667, reason: V710_UNSUPPORTED },
  Standard_NV12ads_V710_v5: { ...V710, gpus: 1 / 2, nominalGB: 12, vcpus: 12, ramGiB: 64, usdPerHour: 1, reason: V710_UNSUPPORTED },
  Standard_NV24ads_V710_v5: { ...V710, gpus: 1, nominalGB: 24, vcpus: 24, ramGiB: 128, usdPerHour: 2, reason: V710_UNSUPPORTED },
  Standard_NV28adms_V710_v5: { ...V710, gpus: 1, nominalGB: 24, vcpus: 28, ramGiB: 160, usdPerHour: 2.4, reason: V710_UNSUPPORTED },
  Standard_NC6s_v3: { ...V100, gpus: 1, vcpus: 6, ramGiB: 112, usdPerHour: 3.06, spotMeter: true, spotUsdPerHour: 0.3978, reason: V100_RETIRED },
  Standard_NC12s_v3: { ...V100, gpus: 2, vcpus: 12, ramGiB: 224, usdPerHour: 6.12, reason: V100_RETIRED },
  Standard_NC24s_v3: { ...V100, gpus: 4, vcpus: 24, ramGiB: 448, usdPerHour: 12.24, reason: V100_RETIRED },
  Standard_ND40rs_v2: {
    ...{ ...VOLTA, gpuModel: "V100 32GB SXM", gpus: 8, nominalGB: 32, infiniBand: true, usdPerHour: 22.032 },
    reason: "has V100 GPUs of compute capability 7.0: no bf16, no flash attention, no KAITO",
  },
};

/** Families that AKS has no driver for, whatever their size: NVv4 and NGads V620 carry AMD cards. */
const UNSUPPORTED_FAMILIES = /^Standard_(?:NV\d+as_v4|NG\d+adm?s_V620_v1)$/i;

/** Why a GPU size cannot be used; undefined of one that nothing is known against. */
export function unusableReason(size: string): string | undefined {
  if (Object.hasOwn(UNUSABLE_GPU_SIZES, size)) return UNUSABLE_GPU_SIZES[size]?.reason;
  return UNSUPPORTED_FAMILIES.test(size) ? AMD_UNSUPPORTED : undefined;
}
