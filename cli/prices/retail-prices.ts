import type { GpuSize } from "../../components/plan/catalogue/gpu-sizes";
import { listedNames, type Meter, readPage } from "../../components/plan/prices/meters";
import { type Answered, ATTEMPTS, patientFetch } from "../patient-fetch";

/** Azure's price list did not say what a size costs. */
export class RetailPricesError extends Error {}

/** Public, without login: https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices */
export const RETAIL_PRICES = "https://prices.azure.com/api/retail/prices";

/** How to ask. */
export interface Asking {
  readonly endpoint: string;
  /** Longest wait for one page. */
  readonly timeoutSeconds: number;
  /** Told of every request. */
  readonly progress: (line: string) => void;
  /** Pause between two attempts. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** A page has 100 meters or more, and a query asks for a dozen sizes of one region, with some ten meters each. */
const MOST_PAGES = 50;
/** Sizes per query: the filter is a part of the address, which proxies cut at 4,000 characters or later. */
const SIZES_PER_QUERY = 12;

/** Every meter of the sizes in a region, whatever it is of. */
export async function metersOf(sizes: readonly GpuSize[], region: string, asking: Asking): Promise<readonly Meter[]> {
  const meters: Meter[] = [];
  const names = sizes.flatMap(listedNames);
  for (let first = 0; first < names.length; first += SIZES_PER_QUERY) {
    meters.push(...(await queried(filterOf(names.slice(first, first + SIZES_PER_QUERY), region), region, asking)));
  }
  return meters;
}

/** Values are case-sensitive in later versions of the API, so that they are written as Azure spells them. */
export function filterOf(names: readonly string[], region: string): string {
  const any = names.map((name) => `armSkuName eq '${name}'`).join(" or ");
  return `serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and armRegionName eq '${region}' and (${any})`;
}

async function queried(filter: string, region: string, asking: Asking): Promise<readonly Meter[]> {
  const meters: Meter[] = [];
  let url = new URL(asking.endpoint);
  url.searchParams.set("$filter", filter);
  for (let page = 1; page <= MOST_PAGES; page++) {
    asking.progress(`${region}: page ${page} of ${url.host}`);
    const read = readPage(await answerOf(url, asking));
    if ("fault" in read) throw new RetailPricesError(`${url.host} answered what is no list of prices: ${read.fault}; the API may have changed, see ${DOCUMENTED}`);
    meters.push(...read.meters);
    if (read.next === undefined) return meters;
    url = nextOf(read.next, asking.endpoint);
  }
  throw new RetailPricesError(`${url.host} has more than ${MOST_PAGES} pages for one query about ${region}; ask for fewer sizes with --size`);
}

const DOCUMENTED = "https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices";

/** The next page, at the endpoint that was given: the link names Azure's own even where a proxy stands before it. */
function nextOf(link: string, endpoint: string): URL {
  if (!URL.canParse(link)) throw new RetailPricesError(`${new URL(endpoint).host} answered what is no list of prices: its NextPageLink is no address`);
  const url = new URL(endpoint);
  url.search = new URL(link).search;
  return url;
}

async function answerOf(url: URL, asking: Asking): Promise<unknown> {
  const { status, statusText, text } = await patient(url, asking);
  if (status === 429) throw new RetailPricesError(`${url.host} answered 429 ${statusText} ${ATTEMPTS} times; it limits requests, try again later or for fewer regions`);
  if (status < 200 || status > 299) throw new RetailPricesError(`${url.host} answered ${status} ${statusText}${text.trim() === "" ? "" : `: ${shortened(text)}`}`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const page = /^\s*</.test(text) ? "a web page and no prices: is there a proxy that wants a login?" : `what is no JSON: ${shortened(text)}`;
    throw new RetailPricesError(`${url.host} answered ${page}`);
  }
}

async function patient(url: URL, { timeoutSeconds, progress, wait }: Asking): Promise<Answered> {
  const answered = await patientFetch(url, { headers: { accept: "application/json" } }, { timeoutSeconds, progress, wait });
  if (!("failure" in answered)) return answered;
  throw new RetailPricesError(`${url.host} cannot be reached (${answered.failure}); is there a proxy? then set NODE_USE_ENV_PROXY=1, or give --endpoint`);
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
