import { GPU_SIZE_NAMES, isGpuSize } from "../catalogue/gpu-sizes";
import { type GpuPrices, regionName } from "../prices";
import { type Problem, refuse } from "../refuse";
import { oneOf, unknownKeyProblems } from "../spelling";

/** Prices from a file or from configuration. Throws RunError with every fault in them. */
export function givenPrices(value: unknown, path = "prices"): GpuPrices {
  refuse("The prices", gpuPricesProblems(value, path));
  return value as GpuPrices;
}

/** Every fault of prices that come from outside. */
export function gpuPricesProblems(value: unknown, path = "prices"): Problem[] {
  return entriesOf(value, path, "sizes", (size, regions) =>
    isGpuSize(size)
      ? entriesOf(regions, `${path}.${size}`, "regions", (region, each) => regionProblems(region, each, `${path}.${size}.${region}`))
      : [{ code: "AKSFT-PRICE-02", path: `${path}.${size}`, got: size, rule: "is no size of the catalogue", fix: oneOf(size, GPU_SIZE_NAMES) }],
  );
}

function regionProblems(region: string, prices: unknown, path: string): Problem[] {
  const name = regionName(region);
  const spelt: Problem[] =
    name === region ? [] : [{ code: "AKSFT-PRICE-03", path, got: region, rule: "is no name of a region as Azure's APIs have it", fix: `write "${name}"` }];
  return [...spelt, ...entriesOf(prices, path, "Regular and Spot prices", (priority, price) => priceProblems(priority, price, `${path}.${priority}`))];
}

function priceProblems(priority: string, price: unknown, path: string): Problem[] {
  const parent = path.slice(0, -priority.length - 1);
  const unknown = unknownKeyProblems("AKSFT-PRICE-01", parent, { [priority]: price }, ["Regular", "Spot"]);
  if (unknown.length > 0) return unknown;
  if (!isObject(price)) return [noMapping(path, price, "usdPerHour, date and source")];
  const { usdPerHour, date, source } = price;
  const problems = unknownKeyProblems("AKSFT-PRICE-01", path, price, ["usdPerHour", "date", "source"]);
  if (typeof usdPerHour !== "number" || !Number.isFinite(usdPerHour) || usdPerHour <= 0) {
    const fix = "write the price of an hour, or leave the price out";
    problems.push({ code: "AKSFT-PRICE-04", path: `${path}.usdPerHour`, got: usdPerHour, rule: "is no number of USD above 0", fix });
  }
  if (date !== undefined && !isDay(date)) {
    const fix = "write the day on which the price was read, or leave it out";
    problems.push({ code: "AKSFT-PRICE-05", path: `${path}.date`, got: date, rule: "is no day as YYYY-MM-DD", fix });
  }
  if (source !== undefined && typeof source !== "string") {
    const fix = "say where the price was read, or leave it out";
    problems.push({ code: "AKSFT-PRICE-01", path: `${path}.source`, got: source, rule: "is no text", fix });
  }
  return problems;
}

function entriesOf(value: unknown, path: string, what: string, each: (key: string, value: unknown) => Problem[]): Problem[] {
  return isObject(value) ? Object.entries(value).flatMap(([key, held]) => each(key, held)) : [noMapping(path, value, what)];
}

function noMapping(path: string, got: unknown, what: string): Problem {
  return { code: "AKSFT-PRICE-01", path, got, rule: `is no mapping of ${what}`, fix: "write it as aks-fine-tuning prices --refresh does" };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDay(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
}
