import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UsageError } from "../../../cli/command";
import { prices } from "../../../cli/prices/prices";
import { RetailPricesError } from "../../../cli/prices/retail-prices";
import { CATALOGUE_PRICES } from "../../../components/plan/catalogue/gpu-prices";
import { priceFileText } from "../../../components/plan/prices/text";
import type { Meter } from "../../../components/plan/prices/meters";
import { type LoopbackPrices, loopbackPrices, meter, spot } from "../../support/loopback-prices";

const ROOT = path.resolve(__dirname, "..", "..", "..");
const CATALOGUE = path.join("components", "plan", "catalogue", "gpu-prices.ts");
const T4 = "Standard_NC4as_T4_v3";
const A100 = "Standard_NC24ads_A100_v4";
const ND = "Standard_ND96asr_v4";
const IN_EUROPE = { armRegionName: "westeurope" };

/** Two regions, each trap of the real list, one size that is not sold in one of them. */
const LIST: readonly Meter[] = [
  meter(T4, 0.526),
  meter(T4, 0.71, { productName: "Virtual Machines NC Series Windows" }),
  spot(T4, 0.08),
  spot(T4, 0.2, { productName: "Virtual Machines NC Series Windows" }),
  meter(T4, 0.1, { skuName: "NC4as T4 v3 Low Priority", meterName: "NC4as T4 v3 Low Priority" }),
  meter(T4, 0.3, { type: "Reservation" }),
  meter(T4, 0.6, IN_EUROPE),
  meter(T4, 0.65, { ...IN_EUROPE, effectiveStartDate: "2027-01-01T00:00:00Z" }),
  spot(T4, 0.6, IN_EUROPE),
  meter(A100, 4, { effectiveStartDate: "2026-10-01T00:00:00Z" }),
  meter(A100, 3.673),
  meter("Standard_ND96asr_A100_v4", 28, IN_EUROPE),
];

describe("aks-fine-tuning prices --refresh", () => {
  let list: LoopbackPrices;
  let folder: string;
  const file = (): string => path.join(folder, "gpu-prices.json");
  const held = (): unknown => JSON.parse(readFileSync(file(), "utf8"));

  async function serve(meters: readonly Meter[]): Promise<void> {
    list = await loopbackPrices(meters, { pageSize: 3 });
  }

  beforeEach(async () => {
    await serve(LIST);
    folder = mkdtempSync(path.join(os.tmpdir(), "aksft-prices-"));
  });
  afterEach(() => list.stop());

  function refresh(args: readonly string[], day = "2026-11-26"): ReturnType<typeof prices> {
    return prices(["--refresh", "--cwd", folder, "--endpoint", list.url, ...args], { now: new Date(`${day}T12:00:00Z`), wait: () => Promise.resolve(), progress: () => undefined });
  }

  const SOME = ["--size", T4, "--size", A100, "--size", ND, "--region", "West Europe", "--region", "eastus", "--region", "eastus"];
  const read = (usdPerHour: number, date = "2026-11-26"): object => ({ usdPerHour, date, source: `Azure Retail Prices API, at ${list.host}` });

  it("writes the project's file, and says what is new, dear or missing", async () => {
    const { code, text } = await refresh(SOME);
    expect(readFileSync(file(), "utf8")).toBe(
      `${JSON.stringify(
        {
          [T4]: { eastus: { Regular: read(0.526), Spot: read(0.08) }, westeurope: { Regular: read(0.6), Spot: read(0.6) } },
          [A100]: { eastus: { Regular: read(4) } },
          [ND]: { westeurope: { Regular: read(28) } },
        },
        undefined,
        2,
      )}\n`,
    );
    expect(text).toBe(
      [
        "gpu-prices.json: 3 new, 2 changed, 1 unchanged; written",
        `  ${T4} in eastus, spot: 0.062699, now 0.08`,
        `  ${A100} in eastus, pay-as-you-go: 3.673, now 4`,
        `  ${T4} in westeurope, spot: 0.6 saves nothing against pay-as-you-go`,
        `  eastus lists no pay-as-you-go price of ${ND}`,
        `  eastus lists no spot price of ${A100}, ${ND}`,
        `  westeurope lists no pay-as-you-go price of ${A100}`,
        `  westeurope lists no spot price of ${A100}, ${ND}`,
        "",
      ].join("\n"),
    );
    expect(code).toBe(0);
  });

  it("changes nothing the second time, not a byte", async () => {
    await refresh(SOME);
    const before = readFileSync(file(), "utf8");
    const { code, text } = await refresh(SOME);
    expect({ code, verdict: text.split("\n")[0] }).toEqual({ code: 0, verdict: "gpu-prices.json: 6 unchanged; nothing to write" });
    expect(readFileSync(file(), "utf8")).toBe(before);
  });

  it("dates the prices anew another day, and asks for the file's regions", async () => {
    await refresh(["--size", T4, "--region", "westeurope"]);
    const { text } = await refresh(["--size", T4], "2026-12-03");
    expect(text.split("\n")[0]).toBe("gpu-prices.json: 2 unchanged; written");
    expect(held()).toEqual({ [T4]: { westeurope: { Regular: read(0.6, "2026-12-03"), Spot: read(0.6, "2026-12-03") } } });
  });

  it("keeps what the list does not have, and what nobody asked for", async () => {
    const ours = { [T4]: { eastus: { Regular: { usdPerHour: 0.4, source: "our agreement" } } }, [A100]: { westeurope: { Spot: { usdPerHour: 1.1 } } } };
    writeFileSync(file(), JSON.stringify(ours));
    await refresh(["--size", A100, "--region", "westeurope", "--region", "eastus"]);
    expect(held()).toEqual({ ...ours, [A100]: { eastus: { Regular: read(4) }, westeurope: { Spot: { usdPerHour: 1.1 } } } });
  });

  it("asks for the regions that stand in for others where it is told none", async () => {
    await refresh([]);
    expect(list.requests.map(({ filter }) => /armRegionName eq '(\w+)'/.exec(filter)?.[1]).filter((region, index, all) => region !== all[index - 1])).toEqual(["eastus", "eastus2", "westus3"]);
  });

  it("refuses prices that cannot be, unless forced, and ends with 1", async () => {
    await list.stop();
    await serve([meter(T4, 5.26), spot(T4, 0), meter(A100, 1)]);
    const args = ["--size", T4, "--size", A100, "--region", "eastus"];
    const { code, text } = await refresh(args);
    expect(text).toBe(
      [
        "gpu-prices.json: 3 refused; nothing to write",
        `  ${T4} in eastus, pay-as-you-go: refused, 5.26 is more than 3 times 0.526; 0.526`,
        "    stays, --force takes it",
        `  ${T4} in eastus, spot: refused, 0 is no price; 0.062699 stays`,
        `  ${A100} in eastus, pay-as-you-go: refused, 1 is less than a third of 3.673;`,
        "    3.673 stays, --force takes it",
        `  eastus lists no spot price of ${A100}`,
        "",
      ].join("\n"),
    );
    expect(code).toBe(1);
    expect(existsSync(file())).toBe(false);
    expect(await refresh([...args, "--force"])).toMatchObject({ code: 1, text: expect.stringMatching(/^gpu-prices\.json: 2 changed, 1 refused; written\n/) });
    expect(held()).toEqual({ [T4]: { eastus: { Regular: read(5.26) } }, [A100]: { eastus: { Regular: read(1) } } });
  });

  it("says all of it to scripts", async () => {
    const { text } = await refresh(["--size", T4, "--region", "eastus", "--output", "ours.json", "--json"]);
    expect(JSON.parse(text)).toEqual({
      file: "ours.json",
      written: true,
      changes: [
        { size: T4, region: "eastus", priority: "Regular", usdPerHour: 0.526, was: 0.526, state: "unchanged" },
        { size: T4, region: "eastus", priority: "Spot", usdPerHour: 0.08, was: 0.062699, state: "changed" },
      ],
      missing: [],
    });
    expect(existsSync(path.join(folder, "ours.json"))).toBe(true);
  });

  it("writes nothing when the list has none of it, or fails in the middle", async () => {
    const failed = refresh(["--region", "westeurop"]);
    await expect(failed).rejects.toThrow(RetailPricesError);
    await expect(failed).rejects.toThrow(/lists no Linux price of these sizes in westeurop: are the regions spelt as Azure has them, and sell the sizes\? Nothing was written$/);
    await list.stop();
    list = await loopbackPrices(LIST, { odd: [{ status: 200, body: JSON.stringify({ Items: [LIST[0]], NextPageLink: "https://next/?x=y" }) }, { status: 403 }] });
    await expect(refresh(SOME)).rejects.toThrow(/answered 403 Forbidden$/);
    expect(existsSync(file())).toBe(false);
  });

  describe("--write-catalogue", () => {
    const inCheckout = (): string => readFileSync(path.join(folder, CATALOGUE), "utf8");
    beforeEach(() => {
      mkdirSync(path.join(folder, path.dirname(CATALOGUE)), { recursive: true });
      cpSync(path.join(ROOT, CATALOGUE), path.join(folder, CATALOGUE));
    });

    it("changes the lines of the prices that were read, in the catalogue's regions", async () => {
      const before = readFileSync(path.join(ROOT, CATALOGUE), "utf8");
      expect(await refresh(["--size", T4, "--write-catalogue"])).toMatchObject({ code: 0, text: expect.stringMatching(/^components\/plan\/catalogue\/gpu-prices\.ts: 1 changed, 1 unchanged; written\n/) });
      const source = `source: "Azure Retail Prices API, at ${list.host}"`;
      const lines = before.split("\n");
      lines[lines.findIndex((line) => line.includes("usdPerHour: 0.526,"))] = `      Regular: { usdPerHour: 0.526, date: "2026-11-26", ${source} },`;
      lines[lines.findIndex((line) => line.includes("usdPerHour: 0.062699,"))] = `      Spot: { usdPerHour: 0.08, date: "2026-11-26", ${source} },`;
      expect(inCheckout().split("\n")).toEqual(lines);
      expect(new Set(list.requests.map(({ filter }) => /armRegionName eq '(\w+)'/.exec(filter)?.[1]))).toEqual(new Set(["centralus", "eastus", "eastus2", "westus3"]));
    });

    it("refuses a file that it did not write", async () => {
      writeFileSync(path.join(folder, CATALOGUE), inCheckout().replace("0.526", "0.527"));
      await expect(refresh(["--write-catalogue"])).rejects.toThrow(/gpu-prices\.ts is not what this program was built with: run npm run prices:refresh in the checkout/);
    });
  });

  it.each<[readonly string[], RegExp]>([
    [["--write-catalogue"], /gpu-prices\.ts does not exist: --write-catalogue changes a checkout of aks-fine-tuning; leave it out to write gpu-prices\.json$/],
    [["--size", "Standard_NC4as_T4_v2"], /^--size Standard_NC4as_T4_v2: did you mean "Standard_NC4as_T4_v3"\?$/],
    [["--region", "east'us"], /^--region east'us: is no name of a region, for example eastus or "East US"$/],
    [["--endpoint", "prices.example"], /^--endpoint prices\.example: is no address, for example https:\/\/prices\.azure\.com\/api\/retail\/prices$/],
    [["--endpoint", "https://me:secret@proxy.example"], /^--endpoint: leave the password out, the list is public; a proxy's belongs into HTTPS_PROXY$/],
    [["--timeout-seconds", "0"], /^--timeout-seconds 0: is no positive number$/],
    [["--output", "no/such.json"], /^--output no\/such\.json: .*\/no does not exist$/],
  ])("calls %j wrong usage", async (args, message) => {
    const failed = refresh(args);
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.toThrow(message);
    expect(list.requests).toEqual([]);
  });

  it("leaves a file alone that holds no prices", async () => {
    writeFileSync(file(), "{");
    await expect(refresh([])).rejects.toThrow(/gpu-prices\.json is not JSON: .*; mend it, or remove it and write it anew with --refresh$/);
    writeFileSync(file(), '{"Standard_NC4as_T4_v3":{"eastus":{"Spot":{"usdPerHour":"0.1"}}}}');
    await expect(refresh([])).rejects.toThrow(/AKSFT-PRICE-04 gpu-prices\.json\.Standard_NC4as_T4_v3\.eastus\.Spot\.usdPerHour: got "0\.1"/);
    expect(list.requests).toEqual([]);
  });
});

describe("aks-fine-tuning prices", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "aksft-prices-"));
  });

  it("prints what is known, the project's prices over the catalogue's", async () => {
    const ours = { [T4]: { westeurope: { Regular: { usdPerHour: 0.6, date: "2026-11-26" }, Spot: { usdPerHour: 0.6 } } } };
    writeFileSync(path.join(folder, "gpu-prices.json"), priceFileText(ours));
    const sizes = ["--size", T4, "--size", "Standard_NV12ads_A10_v5", "--size", ND, "--size", "Standard_NC40ads_H100_v5"];
    expect(await prices([...sizes, "--cwd", folder])).toEqual({
      code: 0,
      text: [
        "Size                      GPUs  Region      USD/hour  read          spot  read        USD/GPU-hour",
        "Standard_NC4as_T4_v3         1  eastus        0.5260  2026-06-18    0.0627  undated           0.5260",
        "Standard_NC4as_T4_v3         1  westeurope    0.6000  2026-11-26  = 0.6000  undated           0.6000",
        "Standard_NV12ads_A10_v5    1/3  centralus          -                0.1678  2026-11-18             -",
        "Standard_NV12ads_A10_v5    1/3  eastus        0.9080  2026-06-18         -                    2.7240",
        "Standard_ND96asr_v4          8  eastus       27.1970  2026-06-18    2.9917  undated           3.3996",
        "Standard_NC40ads_H100_v5     1  eastus        6.9800  2026-06-18         -                    6.9800",
        "",
        "Linux prices without discounts, in USD per hour. Spot moves daily.",
        "= spot saves nothing there",
        "",
      ]
        .join("\n")
        .replace("read          spot  read", "read            spot  read"),
    });
  });

  it("says of which sizes no price is known in a region, and how to ask", async () => {
    const { text } = await prices(["--cwd", folder, "--size", T4, "--size", "Standard_NC8ads_A10_v4", "--region", "East US", "--region", "japaneast"]);
    expect(text).toBe(
      [
        "Size                  GPUs  Region  USD/hour  read          spot  read     USD/GPU-hour",
        "Standard_NC4as_T4_v3     1  eastus    0.5260  2026-06-18  0.0627  undated        0.5260",
        "",
        "Linux prices without discounts, in USD per hour. Spot moves daily.",
        "No price known in eastus: Standard_NC8ads_A10_v4",
        "aks-fine-tuning prices --refresh --region eastus asks Azure",
        `No price known in japaneast: ${T4}, Standard_NC8ads_A10_v4`,
        "aks-fine-tuning prices --refresh --region japaneast asks Azure",
        "",
      ].join("\n"),
    );
  });

  it("prints every price of the catalogue on a screen's width", async () => {
    const { text } = await prices(["--cwd", folder]);
    expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
    const rows = text.split("\n").filter((line) => line.startsWith("Standard_"));
    expect(rows.map((row) => row.split(/ +/)[0])).toEqual(Object.entries(CATALOGUE_PRICES).flatMap(([size, regions]) => Object.keys(regions).map(() => size)));
  });

  it("prints the same for scripts, with the sources", async () => {
    const { text } = await prices(["--cwd", folder, "--size", "Standard_NV6ads_A10_v5", "--size", "Standard_NV12ads_A10_v5", "--region", "eastus", "--json"]);
    const karpenter = { date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" };
    expect(JSON.parse(text)).toEqual([
      { size: "Standard_NV6ads_A10_v5", gpus: 1 / 6, region: "eastus", regular: { usdPerHour: 0.454, ...karpenter }, usdPerGpuHour: 2.724, spotSavesNothing: false },
      { size: "Standard_NV12ads_A10_v5", gpus: 1 / 3, region: "eastus", regular: { usdPerHour: 0.908, ...karpenter }, usdPerGpuHour: 2.724, spotSavesNothing: false },
    ]);
  });

  it.each([
    [["--force"], "--force goes with --refresh"],
    [["--write-catalogue"], "--write-catalogue goes with --refresh"],
  ])("calls %j wrong usage", async (args, message) => {
    const failed = prices([...args, "--cwd", folder]);
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.toThrow(message);
  });
});
