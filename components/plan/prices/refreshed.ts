import { CATALOGUE_PRICES } from "../catalogue/gpu-prices";
import type { GpuSize } from "../catalogue/gpu-sizes";
import type { GpuPrices, RegionalGpuPrices } from "../prices";
import type { ListedPrice } from "./meters";
import { PRIORITIES, sorted } from "./text";

/** A price that the list has, beside the one that was known. */
export interface PriceChange extends ListedPrice {
  /** Price known before, in USD per hour; absent where there was none. */
  readonly was?: number;
  readonly state: "new" | "changed" | "unchanged" | "refused";
}

/** A price that the list does not have. */
export type MissingPrice = Omit<ListedPrice, "usdPerHour">;

/** Prices after a look at the list, and what became of each. */
export interface Refreshed {
  readonly prices: GpuPrices;
  readonly changes: readonly PriceChange[];
  readonly missing: readonly MissingPrice[];
}

/** More than so many times the price known before, or less than that part of it, is rather a fault than a price. */
export const LARGEST_STEP = 3;

/**
 * Takes over what the list has and keeps the rest. A price that is none, or too far from the one before, is refused: the one before stays.
 * The catalogue's price of the same region is the one before where a project has none of its own.
 */
export function refreshed(
  old: GpuPrices,
  asked: { readonly sizes: readonly GpuSize[]; readonly regions: readonly string[] },
  listed: readonly ListedPrice[],
  { date, source, force }: { readonly date: string; readonly source: string; readonly force: boolean },
): Refreshed {
  const prices: { [size in GpuSize]?: Record<string, RegionalGpuPrices> } = structuredClone(old);
  const changes: PriceChange[] = [];
  const missing: MissingPrice[] = [];
  for (const size of asked.sizes) {
    for (const region of asked.regions) {
      for (const priority of PRIORITIES) {
        const found = listed.find((each) => each.size === size && each.region === region && each.priority === priority);
        if (found === undefined) {
          missing.push({ size, region, priority });
          continue;
        }
        const change = judged(found, before(old, found), force);
        changes.push(change);
        if (change.state === "refused") continue;
        const regions = (prices[size] ??= {});
        regions[region] = { ...regions[region], [priority]: { usdPerHour: found.usdPerHour, date, source } };
      }
    }
  }
  return { prices: sorted(prices), changes, missing };
}

function judged(found: ListedPrice, was: number | undefined, force: boolean): PriceChange {
  const { usdPerHour } = found;
  if (usdPerHour <= 0) return { ...found, was, state: "refused" };
  if (was === undefined) return { ...found, state: "new" };
  if (was === usdPerHour) return { ...found, was, state: "unchanged" };
  const far = usdPerHour > LARGEST_STEP * was || usdPerHour < was / LARGEST_STEP;
  return { ...found, was, state: far && !force ? "refused" : "changed" };
}

function before(old: GpuPrices, { size, region, priority }: ListedPrice): number | undefined {
  const catalogue: Readonly<Record<string, RegionalGpuPrices>> = CATALOGUE_PRICES[size];
  return (old[size]?.[region]?.[priority] ?? catalogue[region]?.[priority])?.usdPerHour;
}
