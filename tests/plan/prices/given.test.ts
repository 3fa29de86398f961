import { givenPrices, gpuPricesProblems } from "../../../components/plan/prices/given";
import { describe as line } from "../../../components/plan/refuse";

const T4 = "Standard_NC4as_T4_v3";
const AS_WRITTEN = "fix: write it as aks-fine-tuning prices --refresh does";

describe("givenPrices", () => {
  it.each([{}, { [T4]: {} }, { [T4]: { eastus: {} } }, { [T4]: { eastus: { Regular: { usdPerHour: 1 }, Spot: { usdPerHour: 0.1, date: "2026-11-26", source: "ours" } } } }])("takes %j", (prices) => {
    expect(givenPrices(prices)).toBe(prices);
  });

  it.each<[unknown, string]>([
    ["none", `AKSFT-PRICE-01 prices: got "none"; is no mapping of sizes; ${AS_WRITTEN}`],
    [[], `AKSFT-PRICE-01 prices: got []; is no mapping of sizes; ${AS_WRITTEN}`],
    [{ [T4]: 1 }, `AKSFT-PRICE-01 prices.${T4}: got 1; is no mapping of regions; ${AS_WRITTEN}`],
    [{ [T4]: { eastus: 1 } }, `AKSFT-PRICE-01 prices.${T4}.eastus: got 1; is no mapping of Regular and Spot prices; ${AS_WRITTEN}`],
    [{ [T4]: { eastus: { regular: { usdPerHour: 1 } } } }, `AKSFT-PRICE-01 prices.${T4}.eastus.regular: got "regular"; is no argument there; fix: did you mean "Regular"?`],
    [{ [T4]: { eastus: { Spot: 1 } } }, `AKSFT-PRICE-01 prices.${T4}.eastus.Spot: got 1; is no mapping of usdPerHour, date and source; ${AS_WRITTEN}`],
    [{ [T4]: { eastus: { Spot: { usdPerHour: 1, day: "2026-11-26" } } } }, `AKSFT-PRICE-01 prices.${T4}.eastus.Spot.day: got "day"; is no argument there; fix: did you mean "date"?`],
    [{ [T4]: { eastus: { Spot: { usdPerHour: 1, source: 3 } } } }, `AKSFT-PRICE-01 prices.${T4}.eastus.Spot.source: got 3; is no text; fix: say where the price was read, or leave it out`],
    [{ Standard_NC4as_T4_v4: {} }, `AKSFT-PRICE-02 prices.Standard_NC4as_T4_v4: got "Standard_NC4as_T4_v4"; is no size of the catalogue; fix: did you mean "${T4}"?`],
    [{ [T4]: { "East US": {} } }, `AKSFT-PRICE-03 prices.${T4}.East US: got "East US"; is no name of a region as Azure's APIs have it; fix: write "eastus"`],
    [{ [T4]: { eastus: { Spot: { usdPerHour: 0 } } } }, `AKSFT-PRICE-04 prices.${T4}.eastus.Spot.usdPerHour: got 0; is no number of USD above 0; fix: write the price of an hour, or leave the price out`],
    [{ [T4]: { eastus: { Spot: {} } } }, `AKSFT-PRICE-04 prices.${T4}.eastus.Spot.usdPerHour: got nothing; is no number of USD above 0; fix: write the price of an hour, or leave the price out`],
    [{ [T4]: { eastus: { Spot: { usdPerHour: 1, date: "26.11.2026" } } } }, `AKSFT-PRICE-05 prices.${T4}.eastus.Spot.date: got "26.11.2026"; is no day as YYYY-MM-DD; fix: write the day on which the price was read, or leave it out`],
    [{ [T4]: { eastus: { Spot: { usdPerHour: 1, date: "2026-13-01" } } } }, `AKSFT-PRICE-05 prices.${T4}.eastus.Spot.date: got "2026-13-01"; is no day as YYYY-MM-DD; fix: write the day on which the price was read, or leave it out`],
  ])("refuses %j", (prices, message) => {
    expect(gpuPricesProblems(prices).map(line)).toEqual([message]);
  });

  it("names every fault at once, under the name of the file", () => {
    const prices = { [T4]: { "East US": { Regular: { usdPerHour: -1, date: 5 } } }, Standard_D4s_v5: {} };
    expect(gpuPricesProblems(prices, "gpu-prices.json").map(({ code, path }) => `${code} ${path}`)).toEqual([
      `AKSFT-PRICE-03 gpu-prices.json.${T4}.East US`,
      `AKSFT-PRICE-04 gpu-prices.json.${T4}.East US.Regular.usdPerHour`,
      `AKSFT-PRICE-05 gpu-prices.json.${T4}.East US.Regular.date`,
      "AKSFT-PRICE-02 gpu-prices.json.Standard_D4s_v5",
    ]);
    expect(() => givenPrices(prices)).toThrow(/^The prices cannot be deployed:\n- AKSFT-PRICE-03 /);
  });
});
