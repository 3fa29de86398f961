import { GPU_SIZE_NAMES } from "../catalogue/gpu-sizes";
import type { GpuPrice, GpuPrices, RegionalGpuPrices } from "../prices";

/** Priorities in the order in which files and tables have them. */
export const PRIORITIES = ["Regular", "Spot"] as const satisfies readonly (keyof RegionalGpuPrices)[];

/** The same prices in the one order that files have: sizes as in the catalogue, regions by the alphabet, pay-as-you-go before spot. */
export function sorted(prices: GpuPrices): GpuPrices {
  const sizes = GPU_SIZE_NAMES.flatMap((size) => {
    const regions = Object.entries(prices[size] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return regions.length === 0 ? [] : [[size, Object.fromEntries(regions.map(([region, each]) => [region, inOrder(each)]))] as const];
  });
  return Object.fromEntries(sizes);
}

/** The text of a project's price file. */
export function priceFileText(prices: GpuPrices): string {
  return `${JSON.stringify(sorted(prices), undefined, 2)}\n`;
}

/** The text of `components/plan/catalogue/gpu-prices.ts`, one price a line. */
export function cataloguePricesText(prices: GpuPrices): string {
  const sizes = Object.entries(sorted(prices)).flatMap(([size, regions]) => [
    `  ${size}: {`,
    ...Object.entries(regions).flatMap(([region, each]) => [`    ${region}: {`, ...pricesText(each), "    },"]),
    "  },",
  ]);
  return [...HEAD, ...sizes, "} as const satisfies GpuPrices;", ""].join("\n");
}

const HEAD = [
  'import type { GpuPrices } from "../prices";',
  "",
  "/**",
  " * Linux prices of the catalogue's sizes by region, in USD per hour, each with the day on which it was read and where.",
  " *",
  " * Written by `npm run prices:refresh`, which asks https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices and",
  " * keeps what it is not told anew. A price without a date comes from a source that has none.",
  " */",
  "export const CATALOGUE_PRICES = {",
];

function pricesText(prices: RegionalGpuPrices): string[] {
  return PRIORITIES.flatMap((priority) => {
    const price = prices[priority];
    if (price === undefined) return [];
    const members = Object.entries(member(price)).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    return [`      ${priority}: { ${members.join(", ")} },`];
  });
}

function inOrder(prices: RegionalGpuPrices): RegionalGpuPrices {
  return Object.fromEntries(
    PRIORITIES.flatMap((priority) => {
      const price = prices[priority];
      return price === undefined ? [] : [[priority, member(price)]];
    }),
  );
}

function member({ usdPerHour, date, source }: GpuPrice): GpuPrice {
  return { usdPerHour, ...(date === undefined ? {} : { date }), ...(source === undefined ? {} : { source }) };
}
