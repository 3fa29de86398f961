import { GPU_SIZES, type GpuSize, type GpuSizeFacts } from "../../components/plan/catalogue/gpu-sizes";
import { CATALOGUE_PRICES } from "../../components/plan/catalogue/gpu-prices";
import { type GpuPrices, type KnownPrice, priceOf, type RegionalGpuPrices } from "../../components/plan/prices";
import { aligned } from "../columns";
import { COLUMNS, wrapped } from "../wrap";

/** What is known of a size in a region. */
export interface PriceRow {
  readonly size: GpuSize;
  /** GPUs of a node, or the part of one. */
  readonly gpus: number;
  readonly region: string;
  readonly regular?: PricePoint;
  readonly spot?: PricePoint;
  /** Pay-as-you-go price of one whole GPU, in USD per hour. */
  readonly usdPerGpuHour?: number;
  /** Whether spot saves nothing. */
  readonly spotSavesNothing: boolean;
}

type PricePoint = Pick<KnownPrice, "usdPerHour" | "date" | "source">;

/** Rows of the sizes in the regions, all regions where none are given: only those of which a price is known. */
export function priceRows(sizes: readonly GpuSize[], regions: readonly string[], prices: GpuPrices): readonly PriceRow[] {
  return sizes.flatMap((size) => {
    const known = [...new Set([...Object.keys(CATALOGUE_PRICES[size]), ...Object.keys(prices[size] ?? {})])].sort();
    return known.filter((region) => regions.length === 0 || regions.includes(region)).map((region) => rowOf(size, region, prices));
  });
}

function rowOf(size: GpuSize, region: string, prices: GpuPrices): PriceRow {
  const { gpus, share = 1 }: GpuSizeFacts = GPU_SIZES[size];
  const regular = pointOf(size, "Regular", region, prices);
  const spot = pointOf(size, "Spot", region, prices);
  return {
    size,
    gpus: gpus * share,
    region,
    ...(regular && { regular }),
    ...(spot && { spot }),
    ...(regular && { usdPerGpuHour: Number((regular.usdPerHour / (gpus * share)).toFixed(6)) }),
    spotSavesNothing: regular !== undefined && spot !== undefined && spot.usdPerHour >= regular.usdPerHour,
  };
}

function pointOf(size: GpuSize, priority: keyof RegionalGpuPrices, region: string, prices: GpuPrices): PricePoint | undefined {
  const found = priceOf(size, priority, region, prices);
  return found === undefined || found.standsIn ? undefined : { usdPerHour: found.usdPerHour, date: found.date, source: found.source };
}

const HEAD = ["Size", "GPUs", "Region", "USD/hour", "read", "spot", "read", "USD/GPU-hour"] as const;
/** Columns of text, which stand to the left. */
const TEXTS = [0, 2, 4, 6];

/** The rows as people read them, each column as wide as what it holds. */
export function priceTable(rows: readonly PriceRow[], asked: readonly GpuSize[], regions: readonly string[]): string {
  const text = aligned([HEAD, ...rows.map(cellsOf)], TEXTS);
  const table = rows.length === 0 ? [] : [...text, ""];
  return [...table, ...notes(rows, asked, regions)].join("\n");
}

function notes(rows: readonly PriceRow[], asked: readonly GpuSize[], regions: readonly string[]): string[] {
  const unknown = regions.flatMap((region) => {
    const sizes = asked.filter((size) => !rows.some((row) => row.size === size && row.region === region));
    if (sizes.length === 0) return [];
    return [...wrapped(`No price known in ${region}: ${sizes.join(", ")}`, COLUMNS), `aks-fine-tuning prices --refresh --region ${region} asks Azure`];
  });
  return [
    "Linux prices without discounts, in USD per hour. Spot moves daily.",
    ...(rows.some(({ spotSavesNothing }) => spotSavesNothing) ? ["= spot saves nothing there"] : []),
    ...unknown,
    "",
  ];
}

function cellsOf({ size, gpus, region, regular, spot, usdPerGpuHour, spotSavesNothing }: PriceRow): readonly string[] {
  const spotText = spot === undefined ? "-" : `${spotSavesNothing ? "= " : ""}${spot.usdPerHour.toFixed(4)}`;
  const perGpu = usdPerGpuHour === undefined ? "-" : usdPerGpuHour.toFixed(4);
  return [size, gpus < 1 ? `1/${Math.round(1 / gpus)}` : String(gpus), region, regular?.usdPerHour.toFixed(4) ?? "-", regular?.date ?? "", spotText, spot?.date ?? "", perGpu];
}
