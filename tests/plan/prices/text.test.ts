import { readFileSync } from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { CATALOGUE_PRICES } from "../../../components/plan/catalogue/gpu-prices";
import { GPU_SIZE_NAMES } from "../../../components/plan/catalogue/gpu-sizes";
import type { GpuPrices } from "../../../components/plan/prices";
import { givenPrices } from "../../../components/plan/prices/given";
import { cataloguePricesText, priceFileText } from "../../../components/plan/prices/text";

const CATALOGUE = path.resolve(__dirname, "..", "..", "..", "components", "plan", "catalogue", "gpu-prices.ts");

const days = fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
const price = fc.record({ usdPerHour: fc.double({ min: 0.001, max: 200, noNaN: true }), date: days, source: fc.string() }, { requiredKeys: ["usdPerHour"] });
const regional = fc.record({ Spot: price, Regular: price }, { requiredKeys: [] });
const prices: fc.Arbitrary<GpuPrices> = fc.dictionary(fc.constantFrom(...GPU_SIZE_NAMES), fc.dictionary(fc.constantFrom("westus3", "eastus", "japaneast"), regional, { noNullPrototype: true }), { noNullPrototype: true });

describe("the text of prices", () => {
  it("of the catalogue is its file, byte for byte", () => {
    expect(cataloguePricesText(CATALOGUE_PRICES)).toBe(readFileSync(CATALOGUE, "utf8"));
  });

  it("has one order, whatever the order was before", () => {
    const spot = { source: "list", usdPerHour: 1.5, date: "2026-11-26" };
    const text = priceFileText({ Standard_NC40ads_H100_v5: {}, Standard_NC8as_T4_v3: { westus: { Spot: { usdPerHour: 2 } }, eastus: { Spot: spot, Regular: { usdPerHour: 3 } } }, Standard_NC4as_T4_v3: { eastus: {} } });
    expect(text).toBe(`{
  "Standard_NC4as_T4_v3": {
    "eastus": {}
  },
  "Standard_NC8as_T4_v3": {
    "eastus": {
      "Regular": {
        "usdPerHour": 3
      },
      "Spot": {
        "usdPerHour": 1.5,
        "date": "2026-11-26",
        "source": "list"
      }
    },
    "westus": {
      "Spot": {
        "usdPerHour": 2
      }
    }
  }
}
`);
  });

  it("is read again as what was written, and written again as what was read", () => {
    fc.assert(
      fc.property(prices, (given) => {
        const text = priceFileText(given);
        expect(priceFileText(givenPrices(JSON.parse(text)))).toBe(text);
      }),
    );
  });
});
