import { listedNames, type Meter, pricesInForce, readPage } from "../../../components/plan/prices/meters";
import { meter, spot } from "../../support/loopback-prices";

const A100 = "Standard_NC24ads_A100_v4";
const NOW = new Date("2026-11-26T12:00:00Z");

function inForce(...meters: readonly Meter[]): ReturnType<typeof pricesInForce> {
  return pricesInForce(meters, [A100], NOW);
}

const REGULAR = { size: A100, region: "eastus", priority: "Regular", usdPerHour: 3.673 };

describe("pricesInForce", () => {
  it("finds pay-as-you-go and spot of each region", () => {
    const westeurope = { armRegionName: "westeurope" };
    expect(inForce(spot(A100, 0.9), meter(A100, 4.1, westeurope), meter(A100, 3.673), spot(A100, 1.2, westeurope))).toEqual([
      REGULAR,
      { ...REGULAR, priority: "Spot", usdPerHour: 0.9 },
      { ...REGULAR, region: "westeurope", usdPerHour: 4.1 },
      { ...REGULAR, region: "westeurope", priority: "Spot", usdPerHour: 1.2 },
    ]);
  });

  it.each<[string, Partial<Meter>]>([
    ["Windows", { productName: "Virtual Machines NCads A100 v4 Series Windows" }],
    ["Windows by a shorter name", { productName: "Virtual Machines NCCadsv5 Srs Win" }],
    ["low priority", { skuName: "NC24ads A100 v4 Low Priority", meterName: "NC24ads A100 v4 Low Priority" }],
    ["low priority in the meter alone", { meterName: "NC24ads A100 v4 Low Priority" }],
    ["an expired offer", { skuName: "NC24ads A100 v4 Expired" }],
    ["dedicated hosts", { productName: "Virtual Machines NC Series Dedicated Host" }],
    ["Cloud Services", { productName: "Virtual Machines NC Series CloudServices" }],
    ["a reservation", { type: "Reservation" }],
    ["development and test", { type: "DevTestConsumption" }],
    ["a month", { unitOfMeasure: "1/Month" }],
    ["another currency", { currencyCode: "EUR" }],
    ["the future", { effectiveStartDate: "2026-12-01T00:00:00Z" }],
    ["another size", { armSkuName: "Standard_NC48ads_A100_v4" }],
  ])("leaves out the meter of %s", (_, rest) => {
    const other = meter(A100, 1, { effectiveStartDate: "2026-11-01T00:00:00Z", ...rest });
    expect(inForce(other, meter(A100, 3.673))).toEqual([REGULAR]);
    expect(inForce(other)).toEqual([]);
  });

  it.each([{ skuName: "NC24ads A100 v4" }, { meterName: "NC24ads A100 v4" }])("knows spot by one of its names: %j", (rest) => {
    expect(inForce(spot(A100, 0.9, rest))).toEqual([{ ...REGULAR, priority: "Spot", usdPerHour: 0.9 }]);
  });

  it("takes the meter that started last, today's included, the dearer of two", () => {
    const last = { effectiveStartDate: "2026-11-26T12:00:00Z" };
    expect(inForce(meter(A100, 5), meter(A100, 3.2, last), meter(A100, 3.673, last), meter(A100, 4))).toEqual([REGULAR]);
  });

  it("knows the second name of a size, and prefers the first", () => {
    const size = "Standard_ND96asr_v4";
    const [first = "", second = ""] = listedNames(size);
    expect(second).toBe("Standard_ND96asr_A100_v4");
    const price = (...meters: readonly Meter[]): readonly number[] => pricesInForce(meters, [size], NOW).map(({ usdPerHour }) => usdPerHour);
    expect(price(meter(second, 28))).toEqual([28]);
    expect(price(meter(second, 28), meter(first, 27.197))).toEqual([27.197]);
    expect(price(meter(second, 28, { effectiveStartDate: "2026-05-01T00:00:00Z" }), meter(first, 27.197))).toEqual([28]);
  });

  it("does not mind capitals", () => {
    expect(inForce(meter(A100, 3.673, { armSkuName: A100.toUpperCase(), armRegionName: "EastUS" }))).toEqual([REGULAR]);
  });
});

describe("readPage", () => {
  it("reads rows, and the link if there is one", () => {
    const Items = [meter(A100, 3.673)];
    expect(readPage({ Items, NextPageLink: null })).toEqual({ meters: Items });
    expect(readPage({ Items })).toEqual({ meters: Items });
    expect(readPage({ Items, NextPageLink: "" })).toEqual({ meters: Items });
    expect(readPage({ Items: [], NextPageLink: "https://next" })).toEqual({ meters: [], next: "https://next" });
  });

  it.each([
    [null, "it has no Items"],
    [[], "it has no Items"],
    [{ Items: {} }, "it has no Items"],
    [{ Items: [], NextPageLink: 2 }, "its NextPageLink is no text"],
    [{ Items: [meter(A100, 1), "row"] }, "Items[1] is no object"],
    [{ Items: [{ ...meter(A100, 1), armSkuName: undefined }] }, "Items[0] has no armSkuName"],
    [{ Items: [{ ...meter(A100, 1), retailPrice: "1.0" }] }, "Items[0] has a retailPrice that is no number"],
    [{ Items: [{ ...meter(A100, 1), effectiveStartDate: "soon" }] }, "Items[0] has an effectiveStartDate that is no date"],
  ])("says what is wrong with %j", (page, fault) => {
    expect(readPage(page)).toEqual({ fault });
  });
});
