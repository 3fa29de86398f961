import * as path from "node:path";
import { parseArgs } from "node:util";
import { GPU_SIZE_NAMES, type GpuSize, isGpuSize } from "../../components/plan/catalogue/gpu-sizes";
import { type GpuPrices, regionName, STAND_IN_REGIONS } from "../../components/plan/prices";
import { type Meter, pricesInForce } from "../../components/plan/prices/meters";
import { refreshed } from "../../components/plan/prices/refreshed";
import { oneOf } from "../../components/plan/spelling";
import { type Answer, EXIT, UsageError } from "../command";
import { outcomeText } from "./outcome";
import { cataloguePrices, PRICE_FILE, projectPrices, readPriceFile } from "./price-file";
import { type Asking, metersOf, RETAIL_PRICES, RetailPricesError } from "./retail-prices";
import { priceRows, priceTable } from "./table";

export const HELP = `aks-fine-tuning prices: what Azure's GPU sizes cost by region, and when that was read.

  --region REGION          a region, as eastus or "East US"; can be given more than once
                           (default: all that are known)
  --size SIZE              a size; can be given more than once (default: all)
  --output FILE            the project's own prices, which win over the catalogue's
                           (default ${PRICE_FILE})
  --refresh                ask Azure's public price list and write what it says to the file
  --write-catalogue        write it to the catalogue of this checkout instead
  --force                  take prices over 3 times, or under a third of, the ones before
  --endpoint URL           where to ask, for proxies
                           (default ${RETAIL_PRICES})
  --timeout-seconds N      for each page (default 15)
  --cwd DIR                folder of the Pulumi project, or the checkout (default: here)
  --json                   machine-readable
  --help                   this text

--refresh asks for the regions given, else those of the file, else ${STAND_IN_REGIONS.join(", ")}. It
takes Linux prices in USD, pay-as-you-go and spot; what the list lacks stays as it was. No login is
needed. Behind a proxy set NODE_USE_ENV_PROXY=1.

Examples
  aks-fine-tuning prices --region westeurope --size Standard_NC24ads_A100_v4
  aks-fine-tuning prices --refresh --region westeurope --region swedencentral
  aks-fine-tuning prices --json

Exit codes: 0 done; 1 the list could not be read, or a price of it was refused; 2 wrong usage.
`;

/** What a test replaces: the clock, the pauses and the terminal. */
export interface Surroundings {
  readonly now?: Date;
  readonly wait?: Asking["wait"];
  readonly progress?: Asking["progress"];
}

type Values = ReturnType<typeof parsed>;

/** Shows prices, or asks for them anew and writes them. */
export async function prices(args: readonly string[], surroundings: Surroundings = {}): Promise<Answer> {
  const values = parsed(args);
  const sizes = sizesOf(values.size);
  const regions = regionsOf(values.region);
  if (values.refresh) return refresh(values, sizes, regions, surroundings);
  const stray = (["write-catalogue", "force"] as const).find((option) => values[option]);
  if (stray !== undefined) throw new UsageError(`--${stray} goes with --refresh`);
  const rows = priceRows(sizes, regions, readPriceFile(path.resolve(values.cwd, values.output)));
  const text = values.json ? `${JSON.stringify(rows, undefined, 2)}\n` : priceTable(rows, sizes, regions);
  return { text, code: EXIT.done };
}

function parsed(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      region: { type: "string", multiple: true, default: [] },
      size: { type: "string", multiple: true, default: [] },
      output: { type: "string", default: PRICE_FILE },
      refresh: { type: "boolean", default: false },
      "write-catalogue": { type: "boolean", default: false },
      force: { type: "boolean", default: false },
      endpoint: { type: "string", default: RETAIL_PRICES },
      "timeout-seconds": { type: "string", default: "15" },
      cwd: { type: "string", default: "." },
      json: { type: "boolean", default: false },
    },
  }).values;
}

async function refresh(values: Values, sizes: readonly GpuSize[], given: readonly string[], surroundings: Surroundings): Promise<Answer> {
  const { now = new Date(), wait, progress = toTerminal } = surroundings;
  const place = values["write-catalogue"] ? cataloguePrices(values.cwd) : projectPrices(values.cwd, values.output);
  const regions = given.length > 0 ? given : regionsIn(place.prices);
  const asking: Asking = { endpoint: endpointOf(values.endpoint), timeoutSeconds: secondsOf(values["timeout-seconds"]), progress, wait };
  const meters: Meter[] = [];
  for (const region of regions) meters.push(...(await metersOf(sizes, region, asking)));
  const listed = pricesInForce(meters, sizes, now);
  const { host } = new URL(asking.endpoint);
  if (listed.length === 0) {
    const question = "are the regions spelt as Azure has them, and sell the sizes? Nothing was written";
    throw new RetailPricesError(`${host} lists no Linux price of these sizes in ${regions.join(", ")}: ${question}`);
  }
  const source = asking.endpoint === RETAIL_PRICES ? "Azure Retail Prices API" : `Azure Retail Prices API, at ${host}`;
  const outcome = refreshed(place.prices, { sizes, regions }, listed, { date: now.toISOString().slice(0, 10), source, force: values.force });
  const { changes, missing } = outcome;
  const written = changes.some(({ state }) => state !== "refused") && place.write(outcome.prices);
  const text = values.json ? `${JSON.stringify({ file: place.file, written, changes, missing }, undefined, 2)}\n` : outcomeText(place.file, written, outcome);
  return { text, code: changes.some(({ state }) => state === "refused") ? EXIT.refused : EXIT.done };
}

/** Regions that the prices hold, the stand-ins where they hold none. */
function regionsIn(prices: GpuPrices): readonly string[] {
  const held = [...new Set(Object.values(prices).flatMap((regions) => Object.keys(regions)))].sort();
  return held.length === 0 ? STAND_IN_REGIONS : held;
}

function sizesOf(given: readonly string[]): readonly GpuSize[] {
  const unknown = given.find((name) => !isGpuSize(name));
  if (unknown !== undefined) throw new UsageError(`--size ${unknown}: ${oneOf(unknown, GPU_SIZE_NAMES)}`);
  return given.length === 0 ? GPU_SIZE_NAMES : GPU_SIZE_NAMES.filter((size) => given.includes(size));
}

function regionsOf(given: readonly string[]): readonly string[] {
  const names = given.map((text) => {
    const name = regionName(text);
    if (!/^[a-z][a-z0-9]*$/.test(name)) throw new UsageError(`--region ${text}: is no name of a region, for example eastus or "East US"`);
    return name;
  });
  return [...new Set(names)].sort();
}

function endpointOf(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text)) throw new UsageError(`--endpoint ${text}: is no address, for example ${RETAIL_PRICES}`);
  // It would be printed with every failure.
  if (new URL(text).password !== "") throw new UsageError("--endpoint: leave the password out, the list is public; a proxy's belongs into HTTPS_PROXY");
  return text;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new UsageError(`--timeout-seconds ${text}: is no positive number`);
}

function toTerminal(line: string): void {
  process.stderr.write(`${line}\n`);
}
