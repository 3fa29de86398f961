/** What sizing and placing need to know of one Azure GPU size. */
export interface GpuSizeFacts {
  /** Card, as NVIDIA calls it. */
  readonly gpuModel: string;
  /** GPUs of one node. */
  readonly gpus: number;
  /** Memory that a process can use on one GPU, in GiB: less than the label, as the driver keeps a part. */
  readonly memoryGiB: number;
  /** Virtual CPUs of one node. */
  readonly vcpus: number;
  /** Host memory of one node, in GiB. */
  readonly ramGiB: number;
  /** Name under which Azure counts vCPU quota. */
  readonly quotaFamily: string;
  /** Family of the card, by which a search can be narrowed. */
  readonly family: "T4" | "A10" | "A100" | "H100";
  /** Whether the card computes in bf16; one that does not trains in fp16. */
  readonly bf16: boolean;
  /** Dense 16-bit peak of one GPU from NVIDIA's data sheet, in TFLOPS. */
  readonly tflops: number;
  /** Linux pay-as-you-go price of the whole size, in USD per hour. */
  readonly usdPerHour: number;
  /** Last spot price seen, in USD per hour; absent where none was found. An indication: spot moves daily. */
  readonly spotUsdPerHour?: number;
}

/** Where the prices come from; a plan prints it beside every cost. */
export const GPU_PRICES = { region: "eastus", date: "2026-06-18", spot: "undated" } as const;

/**
 * NVIDIA sizes that AKS offers and a tuning run can use, cheapest family first.
 *
 * Sizes and memory: MicrosoftDocs/azure-compute-docs, articles/virtual-machines/sizes/gpu-accelerated, read 2026-11-23; memory a process sees:
 * torch readings of the same cards. Prices: Azure Retail Prices API of 2026-06-18 as in Azure/karpenter-provider-azure
 * pkg/providers/pricing/zz_generated.pricing.go, East US; spot: SkyPilot's catalogue, without a date.
 * Smallest size AKS supports, and retired families left out: https://learn.microsoft.com/azure/aks/use-nvidia-gpu
 */
const CATALOGUE = {
  Standard_NC4as_T4_v3: t4(1, 4, 28, 0.526, 0.062699),
  Standard_NC8as_T4_v3: t4(1, 8, 56, 0.752, 0.089638),
  Standard_NC16as_T4_v3: t4(1, 16, 110, 1.204, 0.143517),
  Standard_NC64as_T4_v3: t4(4, 64, 440, 4.352, 0.518758),
  Standard_NV36ads_A10_v5: a10(1, 36, 440, 3.2, 0.8),
  Standard_NV72ads_A10_v5: a10(2, 72, 880, 6.52, 1.63),
  Standard_NC24ads_A100_v4: a100(1, 24, 220, 3.673, 0.444433),
  Standard_NC48ads_A100_v4: a100(2, 48, 440, 7.346, 0.888866),
  Standard_NC96ads_A100_v4: a100(4, 96, 880, 14.692, 1.777732),
  Standard_ND96amsr_A100_v4: {
    ...a100(8, 96, 1900, 32.77, 3.6047),
    gpuModel: "A100 80GB SXM",
    quotaFamily: "Standard NDAMSv4_A100Family vCPUs",
  },
  Standard_NC40ads_H100_v5: h100(1, 40, 320, 6.98),
  Standard_NC80adis_H100_v5: h100(2, 80, 640, 13.96),
  Standard_ND96isr_H100_v5: {
    ...h100(8, 96, 1900, 98.32),
    gpuModel: "H100 80GB SXM",
    memoryGiB: 79.11,
    quotaFamily: "Standard NDSH100v5 Family vCPUs",
  },
} as const satisfies Record<string, GpuSizeFacts>;

/** Name of a listed size, as Azure spells it. */
export type GpuSize = keyof typeof CATALOGUE;
/** Family of cards. */
export type GpuFamily = GpuSizeFacts["family"];

/** NVIDIA sizes that AKS offers and a tuning run can use, cheapest family first. */
export const GPU_SIZES: Readonly<Record<GpuSize, GpuSizeFacts>> = CATALOGUE;

/** Every size, in the catalogue's order. */
export const GPU_SIZE_NAMES = Object.keys(GPU_SIZES).filter(isGpuSize);

/** Whether a string from configuration names a size of the catalogue. */
export function isGpuSize(name: string): name is GpuSize {
  return Object.hasOwn(GPU_SIZES, name);
}

/** USD per hour of one node, at the given priority; undefined where no price is known. */
export function hourlyUsd(size: GpuSize, priority: "Regular" | "Spot"): number | undefined {
  const facts: GpuSizeFacts = GPU_SIZES[size];
  return priority === "Spot" ? facts.spotUsdPerHour : facts.usdPerHour;
}

function t4(gpus: number, vcpus: number, ramGiB: number, usdPerHour: number, spotUsdPerHour: number): GpuSizeFacts {
  const card = { gpuModel: "Tesla T4", memoryGiB: 14.75, bf16: false, tflops: 65, family: "T4" } as const;
  return { ...card, gpus, vcpus, ramGiB, usdPerHour, spotUsdPerHour, quotaFamily: "Standard NCASv3_T4 Family vCPUs" };
}

function a10(gpus: number, vcpus: number, ramGiB: number, usdPerHour: number, spotUsdPerHour: number): GpuSizeFacts {
  const card = { gpuModel: "A10", memoryGiB: 21.99, bf16: true, tflops: 125, family: "A10" } as const;
  return { ...card, gpus, vcpus, ramGiB, usdPerHour, spotUsdPerHour, quotaFamily: "Standard NVADSA10v5 Family vCPUs" };
}

function a100(gpus: number, vcpus: number, ramGiB: number, usdPerHour: number, spotUsdPerHour: number): GpuSizeFacts {
  const card = { gpuModel: "A100 80GB PCIe", memoryGiB: 79.25, bf16: true, tflops: 312, family: "A100" } as const;
  return { ...card, gpus, vcpus, ramGiB, usdPerHour, spotUsdPerHour, quotaFamily: "Standard NCADSA100v4 Family vCPUs" };
}

function h100(gpus: number, vcpus: number, ramGiB: number, usdPerHour: number): GpuSizeFacts {
  const card = { gpuModel: "H100 NVL 94GB", memoryGiB: 93, bf16: true, tflops: 835, family: "H100" } as const;
  return { ...card, gpus, vcpus, ramGiB, usdPerHour, quotaFamily: "Standard NCadsH100v5 Family vCPUs" };
}
