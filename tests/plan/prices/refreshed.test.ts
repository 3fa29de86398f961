import { CATALOGUE_PRICES } from "../../../components/plan/catalogue/gpu-prices";
import type { GpuPrices } from "../../../components/plan/prices";
import type { ListedPrice } from "../../../components/plan/prices/meters";
import { refreshed } from "../../../components/plan/prices/refreshed";

const T4 = "Standard_NC4as_T4_v3";
const OLD: GpuPrices = { [T4]: { westeurope: { Regular: { usdPerHour: 1, date: "2026-01-01" }, Spot: { usdPerHour: 0.3 } } } };
const READ = { date: "2026-11-26", source: "list" };

function look(usdPerHour: number, { old = OLD, region = "westeurope", force = false }: { readonly old?: GpuPrices; readonly region?: string; readonly force?: boolean } = {}) {
  const listed: ListedPrice[] = [{ size: T4, region, priority: "Regular", usdPerHour }];
  return refreshed(old, { sizes: [T4], regions: [region] }, listed, { ...READ, force });
}

describe("refreshed", () => {
  it("takes over what is listed, and keeps the rest", () => {
    expect(look(1.2)).toEqual({
      prices: { [T4]: { westeurope: { Regular: { usdPerHour: 1.2, ...READ }, Spot: { usdPerHour: 0.3 } } } },
      changes: [{ size: T4, region: "westeurope", priority: "Regular", usdPerHour: 1.2, was: 1, state: "changed" }],
      missing: [{ size: T4, region: "westeurope", priority: "Spot" }],
    });
  });

  it.each([
    ["three times the one before", 3, false, "changed"],
    ["more than that", 3.0001, false, "refused"],
    ["a third of it", 1 / 3, false, "changed"],
    ["less than that", 0.3333, false, "refused"],
    ["more than that by force", 30, true, "changed"],
    ["no change", 1, false, "unchanged"],
    ["nothing", 0, false, "refused"],
    ["nothing by force", 0, true, "refused"],
    ["less than nothing by force", -1, true, "refused"],
  ] as const)("judges a price of %s", (_, usdPerHour, force, state) => {
    const { prices, changes } = look(usdPerHour, { force });
    expect(changes).toMatchObject([{ was: 1, state }]);
    expect(prices[T4]?.westeurope?.Regular).toEqual(state === "refused" ? { usdPerHour: 1, date: "2026-01-01" } : { usdPerHour, ...READ });
  });

  it("compares with the catalogue's price of the region where there is none of one's own", () => {
    expect(look(0.526, { old: {}, region: "eastus" }).changes).toMatchObject([{ was: 0.526, state: "unchanged" }]);
    expect(look(9, { old: {}, region: "eastus" })).toMatchObject({ prices: {}, changes: [{ was: 0.526, state: "refused" }] });
    expect(look(9, { old: {}, region: "japaneast" }).changes).toEqual([{ size: T4, region: "japaneast", priority: "Regular", usdPerHour: 9, state: "new" }]);
  });

  it("refuses a first price of nothing", () => {
    expect(look(0, { old: {}, region: "japaneast" })).toMatchObject({ prices: {}, changes: [{ usdPerHour: 0, state: "refused" }] });
  });

  it("leaves what it was given as it is", () => {
    const before = JSON.stringify(CATALOGUE_PRICES);
    expect(look(0.6, { old: CATALOGUE_PRICES, region: "eastus" }).prices[T4]?.eastus?.Regular?.usdPerHour).toBe(0.6);
    expect(JSON.stringify(CATALOGUE_PRICES)).toBe(before);
  });
});
