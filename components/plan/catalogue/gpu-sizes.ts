import { a10Share, GPU_CARDS, type GpuCard } from "./gpu-cards";

/** What sizing and placing need to know of one Azure GPU size. */
export interface GpuSizeFacts extends GpuCard {
  /** GPUs that a node offers to pods. */
  readonly gpus: number;
  /** Part of a card that each of them is; such a GPU takes one process and reaches no other GPU. Absent for whole cards. */
  readonly share?: number;
  /** Virtual CPUs of one node. */
  readonly vcpus: number;
  /** Host memory of one node, in GiB. */
  readonly ramGiB: number;
  /** Local disk that can hold an ephemeral operating system disk, in GiB; absent where none is documented. */
  readonly tempDiskGiB?: number;
  /** Local NVMe disks together, in GiB; absent where there are none. */
  readonly nvmeGiB?: number;
  /** Whether nodes of the size are joined by InfiniBand, without which training over several nodes waits for the network. */
  readonly infiniBand: boolean;
  /** Name under which Azure counts vCPU quota. */
  readonly quotaFamily: string;
  /** Linux pay-as-you-go price of the whole size, in USD per hour. */
  readonly usdPerHour: number;
  /** Region of the pay-as-you-go price. */
  readonly priceRegion: string;
  /** Last spot price seen, in USD per hour; absent where none was found. An indication: spot moves daily. */
  readonly spotUsdPerHour?: number;
  /** Region of the spot price. */
  readonly spotRegion?: string;
  /** Day of the spot price; absent where the source has none. */
  readonly spotDate?: string;
  /** Whether Azure lists a spot meter for the size; false where none was found. */
  readonly spotMeter: boolean;
  /** Generations of virtual machines that the size boots as. */
  readonly generations: readonly (1 | 2)[];
  /** Which of NVIDIA's drivers AKS installs. */
  readonly driver: "CUDA" | "GRID";
  /** Whether AKS's Azure Linux images carry the driver. */
  readonly azureLinux: boolean;
  /** Whether node auto-provisioning knows the size. */
  readonly nodeAutoProvisioning: boolean;
  /** Whether the machine's memory and disks are encrypted against its host. */
  readonly confidential?: true;
  /** Whether KAITO runs on the size: compute capability 8.0 or later, whole GPUs. */
  readonly kaito: boolean;
  /** What else to know of the size; absent for most. */
  readonly note?: string;
}

/** Where the prices come from; a plan prints it beside every cost. */
export const GPU_PRICES = { region: "eastus", date: "2026-06-18", spot: "undated" } as const;

/** What most sizes have in common. */
const USUAL = { infiniBand: false, generations: [2], driver: "CUDA", azureLinux: true, nodeAutoProvisioning: true, kaito: true } as const;

type Row = Pick<GpuSizeFacts, "gpus" | "vcpus" | "ramGiB" | "usdPerHour"> & Partial<GpuSizeFacts>;

function of(card: GpuCard, family: Partial<GpuSizeFacts> & { readonly quotaFamily: string }, row: Row): GpuSizeFacts {
  const { spotUsdPerHour, priceRegion = GPU_PRICES.region } = row;
  const spot = spotUsdPerHour === undefined ? {} : { spotRegion: priceRegion };
  return { ...card, ...USUAL, spotMeter: spotUsdPerHour !== undefined, priceRegion, ...spot, ...family, ...row };
}

const t4 = (row: Row) => of(GPU_CARDS.T4, { quotaFamily: "Standard NCASv3_T4 Family vCPUs", generations: [1, 2], kaito: false }, row);
const A10_V5 = { quotaFamily: "Standard NVADSA10v5 Family vCPUs", generations: [1, 2], driver: "GRID" } as const;
const a10 = (row: Row) => of(GPU_CARDS.A10, A10_V5, row);
/** Parts of a card, which KAITO does not take. */
const a10Part = (parts: 2 | 3 | 6, row: Row) => of(a10Share(parts), { ...A10_V5, kaito: false }, row);
const a10Compute = (row: Row) =>
  of(GPU_CARDS.A10, { quotaFamily: "Standard NCADSA10v4 Family vCPUs", driver: "GRID", kaito: false, priceRegion: "westus3" }, row);
const a100 = (row: Row) => of(GPU_CARDS.A100_PCIE, { quotaFamily: "Standard NCADSA100v4 Family vCPUs" }, row);
const h100 = (row: Row) => of(GPU_CARDS.H100_NVL, { quotaFamily: "Standard NCadsH100v5 Family vCPUs", spotMeter: true }, row);

/**
 * NVIDIA sizes that AKS offers and a tuning run can use, cheapest family first.
 *
 * Sizes, disks and networks: MicrosoftDocs/azure-compute-docs, articles/virtual-machines/sizes/gpu-accelerated, read 2026-11-23. Prices: Azure
 * Retail Prices API of 2026-06-18 as in Azure/karpenter-provider-azure pkg/providers/pricing/zz_generated.pricing.go; spot: SkyPilot's
 * catalogue, without a date, unless the row has one. Drivers and operating systems: Azure/karpenter-provider-azure pkg/utils/supported-gpus.yaml.
 * KAITO: kaito-project/kaito, its table of Azure sizes. Smallest size AKS supports: https://learn.microsoft.com/azure/aks/use-nvidia-gpu
 */
const CATALOGUE = {
  Standard_NC4as_T4_v3: t4({ gpus: 1, vcpus: 4, ramGiB: 28, tempDiskGiB: 176, usdPerHour: 0.526, spotUsdPerHour: 0.062699 }),
  Standard_NC8as_T4_v3: t4({ gpus: 1, vcpus: 8, ramGiB: 56, tempDiskGiB: 352, usdPerHour: 0.752, spotUsdPerHour: 0.089638 }),
  Standard_NC16as_T4_v3: t4({ gpus: 1, vcpus: 16, ramGiB: 110, tempDiskGiB: 352, usdPerHour: 1.204, spotUsdPerHour: 0.143517 }),
  Standard_NC64as_T4_v3: t4({ gpus: 4, vcpus: 64, ramGiB: 440, tempDiskGiB: 2816, usdPerHour: 4.352, spotUsdPerHour: 0.518758 }),
  Standard_NV6ads_A10_v5: a10Part(6, { gpus: 1, vcpus: 6, ramGiB: 55, tempDiskGiB: 180, usdPerHour: 0.454 }),
  Standard_NV12ads_A10_v5: a10Part(3, {
    ...{ gpus: 1, vcpus: 12, ramGiB: 110, tempDiskGiB: 360, usdPerHour: 0.908 },
    ...{ spotUsdPerHour: 0.167798, spotRegion: "centralus", spotDate: "2026-11-18" },
  }),
  Standard_NV18ads_A10_v5: a10Part(2, { gpus: 1, vcpus: 18, ramGiB: 220, tempDiskGiB: 720, usdPerHour: 1.6 }),
  Standard_NV36ads_A10_v5: a10({ gpus: 1, vcpus: 36, ramGiB: 440, tempDiskGiB: 1440, usdPerHour: 3.2, spotUsdPerHour: 0.8 }),
  Standard_NV36adms_A10_v5: a10({ gpus: 1, vcpus: 36, ramGiB: 880, tempDiskGiB: 2880, usdPerHour: 4.52, spotUsdPerHour: 1.13, kaito: false }),
  Standard_NV72ads_A10_v5: a10({ gpus: 2, vcpus: 72, ramGiB: 880, tempDiskGiB: 2880, usdPerHour: 6.52, spotUsdPerHour: 1.63 }),
  Standard_NC8ads_A10_v4: a10Compute({ gpus: 1, vcpus: 8, ramGiB: 100, usdPerHour: 1.1, note: "seen in West US 3 only" }),
  Standard_NC16ads_A10_v4: a10Compute({ gpus: 1, vcpus: 16, ramGiB: 200, usdPerHour: 2.2, note: "seen in West US 3 only" }),
  Standard_NC32ads_A10_v4: a10Compute({ gpus: 2, vcpus: 32, ramGiB: 400, usdPerHour: 4.4, note: "seen in West US 3 only" }),
  Standard_NC24ads_A100_v4: a100({ gpus: 1, vcpus: 24, ramGiB: 220, tempDiskGiB: 64, nvmeGiB: 894, usdPerHour: 3.673, spotUsdPerHour: 0.444433 }),
  Standard_NC48ads_A100_v4: a100({ gpus: 2, vcpus: 48, ramGiB: 440, tempDiskGiB: 128, nvmeGiB: 1788, usdPerHour: 7.346, spotUsdPerHour: 0.888866 }),
  Standard_NC96ads_A100_v4: a100({ gpus: 4, vcpus: 96, ramGiB: 880, tempDiskGiB: 256, nvmeGiB: 3576, usdPerHour: 14.692, spotUsdPerHour: 1.777732 }),
  Standard_ND96asr_v4: of(GPU_CARDS.A100_40, { quotaFamily: "Standard NDASv4_A100 Family vCPUs", infiniBand: true }, {
    ...{ gpus: 8, vcpus: 96, ramGiB: 900, tempDiskGiB: 6000, usdPerHour: 27.197, spotUsdPerHour: 2.99167 },
    note: "KAITO's table spells it Standard_ND96asr_A100_v4",
  }),
  Standard_ND96amsr_A100_v4: of(GPU_CARDS.A100_80, { quotaFamily: "Standard NDAMSv4_A100Family vCPUs", infiniBand: true }, {
    ...{ gpus: 8, vcpus: 96, ramGiB: 1900, tempDiskGiB: 6400, usdPerHour: 32.77, spotUsdPerHour: 3.6047 },
  }),
  // The local disk of these two is NVMe, which holds no operating system before the sixth version of a series.
  Standard_NC40ads_H100_v5: h100({ gpus: 1, vcpus: 40, ramGiB: 320, nvmeGiB: 3576, usdPerHour: 6.98 }),
  Standard_NC80adis_H100_v5: h100({ gpus: 2, vcpus: 80, ramGiB: 640, nvmeGiB: 7152, usdPerHour: 13.96, note: "NVLink between the two" }),
  Standard_NCC40ads_H100_v5: of(GPU_CARDS.H100_NVL, { quotaFamily: "Standard NCCads2023 Family vCPUs", priceRegion: "eastus2", slices: undefined }, {
    ...{ gpus: 1, vcpus: 40, ramGiB: 320, usdPerHour: 8.82, spotUsdPerHour: 1.745, spotRegion: "eastus2" },
    ...{ azureLinux: false, nodeAutoProvisioning: false, confidential: true, note: "no accelerated networking" },
  }),
  Standard_ND96isr_H100_v5: of(GPU_CARDS.H100_SXM, { quotaFamily: "Standard NDSH100v5 Family vCPUs", infiniBand: true, spotMeter: true }, {
    ...{ gpus: 8, vcpus: 96, ramGiB: 1900, tempDiskGiB: 1024, nvmeGiB: 28672, usdPerHour: 98.32 },
  }),
  Standard_ND96isr_H200_v5: of(GPU_CARDS.H200, { quotaFamily: "Standard NDISRH200V5 Family vCPUs", infiniBand: true, priceRegion: "eastus2" }, {
    ...{ gpus: 8, vcpus: 96, ramGiB: 1850, tempDiskGiB: 1024, nvmeGiB: 28672, usdPerHour: 84.8 },
  }),
} as const satisfies Record<string, GpuSizeFacts>;

/**
 * Name of a listed size, as Azure spells it.
 * @useDeclaredType
 */
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

/** Region and day of that price, where it is known. */
export function priceSource(size: GpuSize, priority: "Regular" | "Spot"): { readonly region: string; readonly date: string } {
  const facts: GpuSizeFacts = GPU_SIZES[size];
  if (priority === "Regular") return { region: facts.priceRegion, date: GPU_PRICES.date };
  return { region: facts.spotRegion ?? facts.priceRegion, date: facts.spotDate ?? GPU_PRICES.spot };
}
