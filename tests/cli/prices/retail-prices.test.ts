import { pauseOf } from "../../../cli/patient-fetch";
import { filterOf, metersOf, RetailPricesError } from "../../../cli/prices/retail-prices";
import { GPU_SIZE_NAMES } from "../../../components/plan/catalogue/gpu-sizes";
import type { Meter } from "../../../components/plan/prices/meters";
import { type LoopbackPrices, loopbackPrices, meter, type OddAnswer, spot } from "../../support/loopback-prices";

const T4 = "Standard_NC4as_T4_v3";
const FILTER = "serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and armRegionName eq 'eastus' and (armSkuName eq 'Standard_NC4as_T4_v3')";

describe("metersOf", () => {
  let list: LoopbackPrices | undefined;
  let waited: number[] = [];
  let told: string[] = [];
  afterEach(() => list?.stop());

  async function asked(meters: readonly Meter[], odd: readonly OddAnswer[] = [], pageSize = 100, timeoutSeconds = 5): Promise<readonly Meter[]> {
    list = await loopbackPrices(meters, { odd, pageSize });
    waited = [];
    told = [];
    const wait = (milliseconds: number): Promise<void> => Promise.resolve(void waited.push(milliseconds));
    return metersOf([T4], "eastus", { endpoint: list.url, timeoutSeconds, progress: (line) => void told.push(line), wait });
  }

  const THREE = [meter(T4, 0.526), spot(T4, 0.07), meter(T4, 0.71, { productName: "Virtual Machines NC Series Windows" })];

  it("follows the pages to the end, at the address that it was given", async () => {
    await expect(asked(THREE, [], 1)).resolves.toEqual(THREE);
    expect(list?.requests).toEqual([{ filter: FILTER, skip: 0 }, { filter: FILTER, skip: 1 }, { filter: FILTER, skip: 2 }]);
    expect(told).toEqual([1, 2, 3].map((page) => `eastus: page ${page} of ${list?.host ?? ""}`));
  });

  it("asks for all sizes, by each name, in queries that an address holds", async () => {
    list = await loopbackPrices([]);
    await expect(metersOf(GPU_SIZE_NAMES, "eastus", { endpoint: list.url, timeoutSeconds: 5, progress: () => undefined })).resolves.toEqual([]);
    const names = list.requests.flatMap(({ filter }) => [...filter.matchAll(/armSkuName eq '([^']+)'/g)].map(([, name]) => name));
    expect([...names].sort()).toEqual([...GPU_SIZE_NAMES, "Standard_ND96asr_A100_v4"].sort());
    expect(list.requests.map(({ filter }) => encodeURIComponent(filter).length < 2000)).toEqual([true, true]);
  });

  it.each<[string, readonly OddAnswer[], readonly number[]]>([
    ["was out of patience, for as long as it asks for", [{ status: 429, headers: { "retry-after": "7" } }], [7000]],
    ["was out of order, longer each time", [{ status: 500 }, { status: 503 }, { status: 502 }], [1000, 2000, 4000]],
  ])("asks again after the list %s", async (_, odd, pauses) => {
    await expect(asked(THREE, odd)).resolves.toEqual(THREE);
    expect(waited).toEqual(pauses);
    expect(list?.requests).toHaveLength(odd.length + 1);
  });

  it("asks again after no answer came in time", async () => {
    await expect(asked(THREE, ["none"], 100, 0.3)).resolves.toEqual(THREE);
    expect(told[1]).toBe("no answer within 0.3 s; again in 1 s");
  });

  const four = (answer: OddAnswer): readonly OddAnswer[] => [answer, answer, answer, answer];
  const page = (body: unknown): readonly OddAnswer[] => [{ status: 200, body: JSON.stringify(body) }];

  it.each<[string, readonly OddAnswer[], RegExp]>([
    ["stays out of patience", four({ status: 429, headers: { "retry-after": "0" } }), /^HOST answered 429 Too Many Requests 4 times; it limits requests, try again later or for fewer regions$/],
    ["stays out of order", four({ status: 500, body: "oops\n  again" }), /^HOST answered 500 Internal Server Error: oops again$/],
    ["does not answer", four("none"), /^HOST cannot be reached \(no answer within 0\.05 s\); is there a proxy\? then set NODE_USE_ENV_PROXY=1, or give --endpoint$/],
    ["does not take the filter", [{ status: 400, body: '{"Error":{"Code":"BadRequest","Message":"Invalid OData parameters supplied"}}' }], /^HOST answered 400 Bad Request: {"Error":{"Code":"BadRequest","Message":"Invalid OData parameters supplied"}}$/],
    ["is not there", [{ status: 404 }], /^HOST answered 404 Not Found$/],
    ["is a proxy's page", [{ status: 200, body: "<!DOCTYPE html><title>Log in</title>" }], /^HOST answered a web page and no prices: is there a proxy that wants a login\?$/],
    ["stops in the middle", [{ status: 200, body: '{"Items":[{"cur' }], /^HOST answered what is no JSON: {"Items":\[{"cur$/],
    ["goes on and on about it", [{ status: 200, body: "x".repeat(300) }], /^HOST answered what is no JSON: x{200}…$/],
    ["has other members", page({ value: [] }), /^HOST answered what is no list of prices: it has no Items; the API may have changed, see https:\/\/learn\.microsoft\.com\/rest\//],
    ["has rows without a price", page({ Items: [{ ...meter(T4, 1), retailPrice: undefined }] }), /: Items\[0\] has a retailPrice that is no number; the API/],
    ["links nowhere", page({ Items: [], NextPageLink: "next" }), /^HOST answered what is no list of prices: its NextPageLink is no address$/],
  ])("says so when the list %s", async (_, odd, message) => {
    const failed = asked(THREE, odd, 100, odd.includes("none") ? 0.05 : 5);
    await expect(failed).rejects.toThrow(RetailPricesError);
    const text = await failed.then(String, (error: unknown) => (error instanceof Error ? error.message : ""));
    expect(text.replaceAll(list?.host ?? "", "HOST")).toMatch(message);
  });

  it("gives up on a list without an end", async () => {
    const many = Array.from({ length: 60 }, () => meter(T4, 1));
    await expect(asked(many, [], 1)).rejects.toThrow(/has more than 50 pages for one query about eastus; ask for fewer sizes with --size$/);
    expect(list?.requests).toHaveLength(50);
  });

  it("says so when nothing listens", async () => {
    const gone = await loopbackPrices([]);
    await gone.stop();
    const failed = metersOf([T4], "eastus", { endpoint: gone.url, timeoutSeconds: 5, progress: () => undefined, wait: () => Promise.resolve() });
    await expect(failed).rejects.toThrow(/^127\.0\.0\.1:\d+ cannot be reached \(connect ECONNREFUSED [^)]*\); is there a proxy\?/);
  });
});

describe("the pause between two attempts", () => {
  const NOW = Date.parse("2026-11-26T12:00:00Z");

  it.each([
    [1, null, 1000],
    [3, null, 4000],
    [3, "2", 2000],
    [1, "0", 0],
    [1, "", 1000],
    [1, "soon", 1000],
    [1, "Thu, 26 Nov 2026 12:00:09 GMT", 9000],
    [1, "Thu, 26 Nov 2026 11:00:00 GMT", 0],
    [1, "3600", 60_000],
  ])("after attempt %i and Retry-After %j is %i ms", (attempt, retryAfter, milliseconds) => {
    expect(pauseOf(attempt, retryAfter, NOW)).toBe(milliseconds);
  });
});

describe("filterOf", () => {
  it("names Azure's own spellings", () => {
    expect(filterOf([T4], "eastus")).toBe(FILTER);
    expect(filterOf(["a", "b"], "r")).toMatch(/ and \(armSkuName eq 'a' or armSkuName eq 'b'\)$/);
  });
});
