import type { GpuSize } from "../catalogue/gpu-sizes";
import { type RegionalGpuPrices, regionName } from "../prices";
import { PRIORITIES } from "./text";

/** What is read of one row of Azure's price list: https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices#api-response-examples */
export interface Meter {
  readonly armSkuName: string;
  readonly armRegionName: string;
  readonly productName: string;
  readonly skuName: string;
  readonly meterName: string;
  readonly type: string;
  readonly unitOfMeasure: string;
  readonly currencyCode: string;
  readonly effectiveStartDate: string;
  readonly retailPrice: number;
}

/** A price of Azure's list, of a size and region of ours. */
export interface ListedPrice {
  readonly size: GpuSize;
  readonly region: string;
  readonly priority: keyof RegionalGpuPrices;
  readonly usdPerHour: number;
}

const TEXTS = ["armSkuName", "armRegionName", "productName", "skuName", "meterName", "type", "unitOfMeasure", "currencyCode", "effectiveStartDate"] as const;

/** Second names under which Azure lists a size: KAITO's table has this one, and so has the price list. */
const SECOND_NAMES: Readonly<Partial<Record<GpuSize, readonly string[]>>> = { Standard_ND96asr_v4: ["Standard_ND96asr_A100_v4"] };

/** Every name under which a size may be listed. */
export function listedNames(size: GpuSize): readonly string[] {
  return [size, ...(SECOND_NAMES[size] ?? [])];
}

/** One page of the list, or what is wrong with it. */
export function readPage(page: unknown): { readonly meters: readonly Meter[]; readonly next?: string } | { readonly fault: string } {
  if (!isObject(page) || !Array.isArray(page.Items)) return { fault: "it has no Items" };
  const next = page.NextPageLink ?? "";
  if (typeof next !== "string") return { fault: "its NextPageLink is no text" };
  const meters: Meter[] = [];
  for (const [index, item] of (page.Items as readonly unknown[]).entries()) {
    const missing = missingOf(item);
    if (missing !== undefined) return { fault: `Items[${index}] ${missing}` };
    meters.push(item as Meter);
  }
  return { meters, ...(next === "" ? {} : { next }) };
}

/**
 * The prices in force: of each size, region and priority the meter that started last, the one under the size's own name or the dearer one
 * where several started together.
 */
export function pricesInForce(meters: readonly Meter[], sizes: readonly GpuSize[], now: Date): readonly ListedPrice[] {
  return sizes.flatMap((size) => {
    const names = listedNames(size).map((name) => name.toLowerCase());
    const known = meters.filter((meter) => names.includes(meter.armSkuName.toLowerCase()) && isLinuxHour(meter) && Date.parse(meter.effectiveStartDate) <= now.getTime());
    const regions = [...new Set(known.map(({ armRegionName }) => regionName(armRegionName)))].sort();
    return regions.flatMap((region) =>
      PRIORITIES.flatMap((priority) => {
        const [last] = known
          .filter((meter) => regionName(meter.armRegionName) === region && isSpot(meter) === (priority === "Spot"))
          .sort((a, b) => Date.parse(b.effectiveStartDate) - Date.parse(a.effectiveStartDate) || rank(names, a) - rank(names, b) || b.retailPrice - a.retailPrice);
        return last === undefined ? [] : [{ size, region, priority, usdPerHour: last.retailPrice }];
      }),
    );
  });
}

function rank(names: readonly string[], { armSkuName }: Meter): number {
  return names.indexOf(armSkuName.toLowerCase());
}

/**
 * Windows and Linux share a size's name, and some products shorten Windows to "Win". Low-priority meters are those of Batch and of scale sets
 * of old; Cloud Services and dedicated hosts are other products.
 */
function isLinuxHour({ productName, skuName, meterName, type, unitOfMeasure, currencyCode }: Meter): boolean {
  const foreign = /\bWin(?:dows)?\b|Cloud ?Services|Dedicated Host|Reservation|Dev ?Test/i.test(productName);
  const outdated = /Low Priority|Expired|Dedicated Host/i.test(`${skuName}\n${meterName}`);
  return !foreign && !outdated && type === "Consumption" && unitOfMeasure === "1 Hour" && currencyCode === "USD";
}

function isSpot({ skuName, meterName }: Meter): boolean {
  return /\bSpot$/i.test(skuName.trim()) || /\bSpot$/i.test(meterName.trim());
}

function missingOf(item: unknown): string | undefined {
  if (!isObject(item)) return "is no object";
  const text = TEXTS.find((key) => typeof item[key] !== "string");
  if (text !== undefined) return `has no ${text}`;
  if (Number.isNaN(Date.parse(String(item.effectiveStartDate)))) return "has an effectiveStartDate that is no date";
  return typeof item.retailPrice === "number" ? undefined : "has a retailPrice that is no number";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
