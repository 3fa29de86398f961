import { CATALOGUE_PRICES } from "./catalogue/gpu-prices";
import type { GpuSize } from "./catalogue/gpu-sizes";

/** A price as it was read. */
export interface GpuPrice {
  /** Linux price of the whole size, in USD per hour. */
  readonly usdPerHour: number;
  /** Day on which it was read, as YYYY-MM-DD. @default - unknown */
  readonly date?: string;
  /** Where it was read. @default - unknown */
  readonly source?: string;
}

/** Prices of one size in one region. */
export interface RegionalGpuPrices {
  /** Pay-as-you-go price. @default - not known */
  readonly Regular?: GpuPrice;
  /** Spot price: an indication, as spot moves daily. @default - not known */
  readonly Spot?: GpuPrice;
}

/**
 * Prices by size and by region, the region as Azure names it: "eastus", not "East US". `aks-fine-tuning prices --refresh` writes a file of them.
 * @useDeclaredType
 */
export type GpuPrices = { readonly [size in GpuSize]?: { readonly [region: string]: RegionalGpuPrices } };

/** A price that was found, and what it is of. */
export interface KnownPrice {
  /** Linux price of the whole size, in USD per hour. */
  readonly usdPerHour: number;
  /** Region that it is the price of, as Azure names it. */
  readonly region: string;
  /** Whether that is another region than the one asked for, whose price is not known. */
  readonly standsIn: boolean;
  /** Day on which it was read, or "undated". */
  readonly date: string;
  /** Where it was read, or "unknown". */
  readonly source: string;
}

/** Region whose prices the catalogue has of nearly every size. */
export const HOME_REGION = "eastus";
/** Regions whose prices stand in for those that nobody read, in this order: what the first does not sell, one of the others does. */
export const STAND_IN_REGIONS: readonly string[] = [HOME_REGION, "eastus2", "westus3"];

/** Name of a region in Azure's APIs, of that name or the one that people read: "eastus" of "East US". */
export function regionName(region: string): string {
  return region.toLowerCase().replaceAll(" ", "");
}

/**
 * Price of a size: in the region if anyone knows it, else in one that stands in; undefined where none is known at all. Prices that are given
 * win over the catalogue's.
 */
export function priceOf(size: GpuSize, priority: keyof RegionalGpuPrices, region?: string, prices: GpuPrices = {}): KnownPrice | undefined {
  const wanted = region === undefined ? undefined : regionName(region);
  const own = prices[size] ?? {};
  const catalogue: Readonly<Record<string, RegionalGpuPrices>> = CATALOGUE_PRICES[size];
  const priced = (each: string): boolean => (own[each]?.[priority] ?? catalogue[each]?.[priority]) !== undefined;
  const found =
    wanted !== undefined && priced(wanted) ? wanted : (STAND_IN_REGIONS.find(priced) ?? [...Object.keys(own), ...Object.keys(catalogue)].sort().find(priced));
  const price = found === undefined ? undefined : (own[found]?.[priority] ?? catalogue[found]?.[priority]);
  if (found === undefined || price === undefined) return undefined;
  const { usdPerHour, date = "undated", source = "unknown" } = price;
  return { usdPerHour, region: found, standsIn: wanted !== undefined && found !== wanted, date, source };
}
