import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { CATALOGUE_PRICES } from "../../components/plan/catalogue/gpu-prices";
import type { GpuPrices } from "../../components/plan/prices";
import { givenPrices } from "../../components/plan/prices/given";
import { cataloguePricesText, priceFileText } from "../../components/plan/prices/text";
import { UsageError } from "../command";

/** Where a project keeps its prices, beside its Pulumi.yaml. */
export const PRICE_FILE = "gpu-prices.json";
const CATALOGUE = path.join("components", "plan", "catalogue", "gpu-prices.ts");

/** Where refreshed prices stand. */
export interface PricePlace {
  readonly file: string;
  /** Prices that it holds now. */
  readonly prices: GpuPrices;
  /** Writes them, and says whether that changed the file. */
  write(prices: GpuPrices): boolean;
}

/** Prices of a file; none where there is no such file. Throws RunError for faults in it, and UsageError for what cannot be read. */
export function readPriceFile(file: string): GpuPrices {
  if (!existsSync(file)) return {};
  try {
    return givenPrices(JSON.parse(readFileSync(file, "utf8")), path.basename(file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${file} is not JSON: ${error.message}; mend it, or remove it and write it anew with --refresh`);
    throw error;
  }
}

/** A project's own file. */
export function projectPrices(directory: string, output: string): PricePlace {
  const file = path.resolve(directory, output);
  if (!existsSync(path.dirname(file))) throw new UsageError(`--output ${output}: ${path.dirname(file)} does not exist`);
  return { file: output, prices: readPriceFile(file), write: (prices) => replaced(file, priceFileText(prices)) };
}

/** The catalogue of a checkout, which has to be the one that this program is of: its prices are the ones before. */
export function cataloguePrices(directory: string): PricePlace {
  const file = path.join(directory, CATALOGUE);
  if (!existsSync(file)) throw new UsageError(`${file} does not exist: --write-catalogue changes a checkout of aks-fine-tuning; leave it out to write ${PRICE_FILE}`);
  if (readFileSync(file, "utf8") !== cataloguePricesText(CATALOGUE_PRICES)) {
    throw new UsageError(`${file} is not what this program was built with: run npm run prices:refresh in the checkout, and change the file by that command alone`);
  }
  return { file: CATALOGUE, prices: CATALOGUE_PRICES, write: (prices) => replaced(file, cataloguePricesText(prices)) };
}

function replaced(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
  writeFileSync(file, text);
  return true;
}
