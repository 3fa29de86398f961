import { HOME_REGION, type KnownPrice, priceOf, type RegionalGpuPrices } from "../prices";
import { a10Share, GPU_CARDS, type GpuCard } from "./gpu-cards";
import { CATALOGUE_PRICES } from "./gpu-prices";

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

/** What most sizes have in common. */
const USUAL = { infiniBand: false, generations: [2], driver: "CUDA", azureLinux: true, nodeAutoProvisioning: true, kaito: true } as const;

/** What is written down here of a size; its prices are in a file of their own. */
type UnpricedFacts = Omit<GpuSizeFacts, "usdPerHour" | "priceRegion" | "spotUsdPerHour" | "spotRegion" | "spotDate" | "spotMeter"> & {
  readonly spotMeter?: true;
};
type Row = Pick<GpuSizeFacts, "gpus" | "vcpus" | "ramGiB"> & Partial<UnpricedFacts>;

function of(card: GpuCard, family: Partial<UnpricedFacts> & { readonly quotaFamily: string }, row: Row): UnpricedFacts {
  return { ...card, ...USUAL, ...family, ...row };
}

const t4 = (row: Row) => of(GPU_CARDS.T4, { quotaFamily: "Standard NCASv3_T4 Family vCPUs", generations: [1, 2], kaito: false }, row);
const A10_V5 = { quotaFamily: "Standard NVADSA10v5 Family vCPUs", generations: [1, 2], driver: "GRID" } as const;
const a10 = (row: Row) => of(GPU_CARDS.A10, A10_V5, row);
/** Parts of a card, which KAITO does not take. */
const a10Part = (parts: 2 | 3 | 6, row: Row) => of(a10Share(parts), { ...A10_V5, kaito: false }, row);
const a10Compute = (row: Row) =>
  of(GPU_CARDS.A10, { quotaFamily: "Standard NCADSA10v4 Family vCPUs", driver: "GRID", kaito: false }, row);
const a100 = (row: Row) => of(GPU_CARDS.A100_PCIE, { quotaFamily: "Standard NCADSA100v4 Family vCPUs" }, row);
const h100 = (row: Row) => of(GPU_CARDS.H100_NVL, { quotaFamily: "Standard NCadsH100v5 Family vCPUs", spotMeter: true }, row);

/**
 * NVIDIA sizes that AKS offers and a tuning run can use, cheapest family first.
 *
 * Sizes, disks and networks: MicrosoftDocs/azure-compute-docs, articles/virtual-machines/sizes/gpu-accelerated, read 2026-11-23. Drivers
 * and operating systems: Azure/karpenter-provider-azure pkg/utils/supported-gpus.yaml. KAITO: kaito-project/kaito, its table of Azure sizes.
 * Smallest size AKS supports: https://learn.microsoft.com/azure/aks/use-nvidia-gpu
 */
const CATALOGUE = {
  Standard_NC4as_T4_v3: t4({ gpus: 1, vcpus: 4, ramGiB: 28, tempDiskGiB: 176 }),
  Standard_NC8as_T4_v3: t4({ gpus: 1, vcpus: 8, ramGiB: 56, tempDiskGiB: 352 }),
  Standard_NC16as_T4_v3: t4({ gpus: 1, vcpus: 16, ramGiB: 110, tempDiskGiB: 352 }),
  Standard_NC64as_T4_v3: t4({ gpus: 4, vcpus: 64, ramGiB: 440, tempDiskGiB: 2816 }),
  Standard_NV6ads_A10_v5: a10Part(6, { gpus: 1, vcpus: 6, ramGiB: 55, tempDiskGiB: 180 }),
  Standard_NV12ads_A10_v5: a10Part(3, { gpus: 1, vcpus: 12, ramGiB: 110, tempDiskGiB: 360 }),
  Standard_NV18ads_A10_v5: a10Part(2, { gpus: 1, vcpus: 18, ramGiB: 220, tempDiskGiB: 720 }),
  Standard_NV36ads_A10_v5: a10({ gpus: 1, vcpus: 36, ramGiB: 440, tempDiskGiB: 1440 }),
  Standard_NV36adms_A10_v5: a10({ gpus: 1, vcpus: 36, ramGiB: 880, tempDiskGiB: 2880, kaito: false }),
  Standard_NV72ads_A10_v5: a10({ gpus: 2, vcpus: 72, ramGiB: 880, tempDiskGiB: 2880 }),
  Standard_NC8ads_A10_v4: a10Compute({ gpus: 1, vcpus: 8, ramGiB: 100, note: "seen in West US 3 only" }),
  Standard_NC16ads_A10_v4: a10Compute({ gpus: 1, vcpus: 16, ramGiB: 200, note: "seen in West US 3 only" }),
  Standard_NC32ads_A10_v4: a10Compute({ gpus: 2, vcpus: 32, ramGiB: 400, note: "seen in West US 3 only" }),
  Standard_NC24ads_A100_v4: a100({ gpus: 1, vcpus: 24, ramGiB: 220, tempDiskGiB: 64, nvmeGiB: 894 }),
  Standard_NC48ads_A100_v4: a100({ gpus: 2, vcpus: 48, ramGiB: 440, tempDiskGiB: 128, nvmeGiB: 1788 }),
  Standard_NC96ads_A100_v4: a100({ gpus: 4, vcpus: 96, ramGiB: 880, tempDiskGiB: 256, nvmeGiB: 3576 }),
  Standard_ND96asr_v4: of(GPU_CARDS.A100_40, { quotaFamily: "Standard NDASv4_A100 Family vCPUs", infiniBand: true }, {
    ...{ gpus: 8, vcpus: 96, ramGiB: 900, tempDiskGiB: 6000 },
    note: "KAITO's table spells it Standard_ND96asr_A100_v4",
  }),
  Standard_ND96amsr_A100_v4: of(GPU_CARDS.A100_80, { quotaFamily: "Standard NDAMSv4_A100Family vCPUs", infiniBand: true }, {
    ...{ gpus: 8, vcpus: 96, ramGiB: 1900, tempDiskGiB: 6400 },
  }),
  // The local disk of these two is NVMe, which holds no operating system before the sixth version of a series.
  Standard_NC40ads_H100_v5: h100({ gpus: 1, vcpus: 40, ramGiB: 320, nvmeGiB: 3576 }),
  Standard_NC80adis_H100_v5: h100({ gpus: 2, vcpus: 80, ramGiB: 640, nvmeGiB: 7152, note: "NVLink between the two" }),
  Standard_NCC40ads_H100_v5: of(GPU_CARDS.H100_NVL, { quotaFamily: "Standard NCCads2023 Family vCPUs", slices: undefined }, {
    ...{ gpus: 1, vcpus: 40, ramGiB: 320 },
    ...{ azureLinux: false, nodeAutoProvisioning: false, confidential: true },
    note: "no accelerated networking; its 800 GiB of local disk are not known to hold a confidential system disk",
  }),
  Standard_ND96isr_H100_v5: of(GPU_CARDS.H100_SXM, { quotaFamily: "Standard NDSH100v5 Family vCPUs", infiniBand: true, spotMeter: true }, {
    ...{ gpus: 8, vcpus: 96, ramGiB: 1900, tempDiskGiB: 1024, nvmeGiB: 28672 },
  }),
  Standard_ND96isr_H200_v5: of(GPU_CARDS.H200, { quotaFamily: "Standard NDISRH200V5 Family vCPUs", infiniBand: true }, {
    ...{ gpus: 8, vcpus: 96, ramGiB: 1850, tempDiskGiB: 1024, nvmeGiB: 28672 },
  }),
} as const satisfies Record<string, UnpricedFacts>;

/**
 * Name of a listed size, as Azure spells it.
 * @useDeclaredType
 */
export type GpuSize = keyof typeof CATALOGUE;
/** Family of cards. */
export type GpuFamily = GpuSizeFacts["family"];

/** Prices by size: a size without any is a fault that the compiler sees. */
const PRICES: Readonly<Record<GpuSize, Readonly<Record<string, RegionalGpuPrices>>>> = CATALOGUE_PRICES;

/** Where the prices come from; a plan prints it beside every cost. */
export const GPU_PRICES = { region: HOME_REGION, date: lastDay("Regular"), spot: lastDay("Spot") } as const;

/** NVIDIA sizes that AKS offers and a tuning run can use, cheapest family first. */
export const GPU_SIZES: Readonly<Record<GpuSize, GpuSizeFacts>> = priced(CATALOGUE);

/** Every size, in the catalogue's order. */
export const GPU_SIZE_NAMES = Object.keys(GPU_SIZES).filter(isGpuSize);

/** Whether a string from configuration names a size of the catalogue. */
export function isGpuSize(name: string): name is GpuSize {
  return Object.hasOwn(CATALOGUE, name);
}

/** USD per hour of one node at the given priority, in the region if its price is known, else where `priceSource` says; undefined where none is. */
export function hourlyUsd(size: GpuSize, priority: "Regular" | "Spot", region?: string): number | undefined {
  return priceOf(size, priority, region)?.usdPerHour;
}

/** Region and day of that price, where it is known. */
export function priceSource(size: GpuSize, priority: "Regular" | "Spot", region?: string): Pick<KnownPrice, "region" | "date"> {
  const { region: of, date } = priceOf(size, priority, region) ?? { region: GPU_SIZES[size].priceRegion, date: "undated" };
  return { region: of, date };
}

function priced(sizes: Readonly<Record<GpuSize, UnpricedFacts>>): Record<GpuSize, GpuSizeFacts> {
  const rows = Object.entries(sizes).map(([size, facts]) => [size, pricedRow(size as GpuSize, facts)] as const);
  return Object.fromEntries(rows) as Record<GpuSize, GpuSizeFacts>;
}

function pricedRow(size: GpuSize, facts: UnpricedFacts): GpuSizeFacts {
  const regular = priceOf(size, "Regular");
  const spot = priceOf(size, "Spot");
  if (!regular) throw new Error(`gpu-prices.ts has no pay-as-you-go price of ${size}`);
  return {
    ...facts,
    usdPerHour: regular.usdPerHour,
    priceRegion: regular.region,
    ...(spot && { spotUsdPerHour: spot.usdPerHour, spotRegion: spot.region }),
    ...(spot && spot.date !== "undated" && { spotDate: spot.date }),
    spotMeter: facts.spotMeter ?? spot !== undefined,
  };
}

/** The last day on which prices of the catalogue's region were read. */
function lastDay(priority: keyof RegionalGpuPrices): string {
  const days = Object.values(PRICES).flatMap((regions) => regions[HOME_REGION]?.[priority]?.date ?? []);
  return days.sort().at(-1) ?? "undated";
}
