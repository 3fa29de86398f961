import { CATALOGUE_PRICES } from "../../components/plan/catalogue/gpu-prices";
import { GPU_SIZE_NAMES, GPU_SIZES, hourlyUsd, priceSource } from "../../components/plan/catalogue/gpu-sizes";
import { type GpuPrices, priceOf, regionName } from "../../components/plan/prices";

const T4 = "Standard_NC4as_T4_v3";
const OWN: GpuPrices = {
  [T4]: {
    eastus: { Regular: { usdPerHour: 0.5, date: "2026-11-20", source: "our agreement" } },
    westeurope: { Regular: { usdPerHour: 0.6 }, Spot: { usdPerHour: 0.1, date: "2026-11-25" } },
  },
  Standard_NC40ads_H100_v5: { swedencentral: { Spot: { usdPerHour: 2.1 } } },
};
const KARPENTER = "Azure Retail Prices API, in Azure/karpenter-provider-azure";
const SKYPILOT = "skypilot-org/skypilot-catalog";

describe("priceOf", () => {
  it.each([
    ["of the region", ["Regular", "eastus"], { usdPerHour: 0.526, region: "eastus", standsIn: false, date: "2026-06-18", source: KARPENTER }],
    ["of the region that people read", ["Regular", "East US"], { usdPerHour: 0.526, region: "eastus", standsIn: false, date: "2026-06-18", source: KARPENTER }],
    ["of the catalogue's region where none is asked for", ["Regular", undefined], { usdPerHour: 0.526, region: "eastus", standsIn: false, date: "2026-06-18", source: KARPENTER }],
    ["of one that stands in", ["Spot", "West Europe"], { usdPerHour: 0.062699, region: "eastus", standsIn: true, date: "undated", source: SKYPILOT }],
    ["of one that stands in for what is no region", ["Spot", "toString"], { usdPerHour: 0.062699, region: "eastus", standsIn: true, date: "undated", source: SKYPILOT }],
    ["that is given, in the region", ["Regular", "West Europe", OWN], { usdPerHour: 0.6, region: "westeurope", standsIn: false, date: "undated", source: "unknown" }],
    ["that is given, before the catalogue's", ["Regular", "eastus", OWN], { usdPerHour: 0.5, region: "eastus", standsIn: false, date: "2026-11-20", source: "our agreement" }],
    ["that is given, where it stands in", ["Regular", "japaneast", OWN], { usdPerHour: 0.5, region: "eastus", standsIn: true, date: "2026-11-20", source: "our agreement" }],
    ["of the catalogue, where the given ones have another", ["Spot", "eastus", OWN], { usdPerHour: 0.062699, region: "eastus", standsIn: false, date: "undated", source: SKYPILOT }],
  ] as const)("finds the price %s", (_, [priority, region, prices], found) => {
    expect(priceOf(T4, priority, region, prices)).toEqual(found);
  });

  it("takes any region rather than none, and says which", () => {
    expect(priceOf("Standard_NC8ads_A10_v4", "Regular", "eastus")).toMatchObject({ usdPerHour: 1.1, region: "westus3", standsIn: true });
    expect(priceOf("Standard_NV12ads_A10_v5", "Spot")).toMatchObject({ region: "centralus", standsIn: false, date: "2026-11-18" });
    expect(priceOf("Standard_NC40ads_H100_v5", "Spot", "eastus", OWN)).toMatchObject({ usdPerHour: 2.1, region: "swedencentral", standsIn: true });
  });

  it("knows none where nobody read one", () => {
    expect(priceOf("Standard_NC40ads_H100_v5", "Spot", "eastus")).toBeUndefined();
    expect(priceOf("Standard_NC40ads_H100_v5", "Spot", "eastus", { Standard_NC40ads_H100_v5: { eastus: {} } })).toBeUndefined();
  });

  it.each([["East US", "eastus"], ["West US 3", "westus3"], ["swedencentral", "swedencentral"]])("names the region of %j", (region, name) => {
    expect(regionName(region)).toBe(name);
  });
});

describe("the catalogue's prices", () => {
  it("are those of the facts", () => {
    const facts = GPU_SIZE_NAMES.map((size) => [size, GPU_SIZES[size].usdPerHour, GPU_SIZES[size].spotUsdPerHour]);
    expect(facts).toEqual(GPU_SIZE_NAMES.map((size) => [size, priceOf(size, "Regular")?.usdPerHour, priceOf(size, "Spot")?.usdPerHour]));
    expect(Object.keys(CATALOGUE_PRICES)).toEqual(GPU_SIZE_NAMES);
  });

  it("are asked by region too", () => {
    expect(hourlyUsd("Standard_NV12ads_A10_v5", "Spot", "Central US")).toBe(0.167798);
    expect(priceSource("Standard_NV12ads_A10_v5", "Spot", "eastus")).toEqual({ region: "centralus", date: "2026-11-18" });
    expect(priceSource("Standard_NC8ads_A10_v4", "Regular", "East US")).toEqual({ region: "westus3", date: "2026-06-18" });
  });
});
