import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Meter } from "../../components/plan/prices/meters";

/** A row of the list with every member that Azure gives: https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices */
export function meter(name: string, retailPrice: number, rest: Partial<Meter> = {}): Meter & Readonly<Record<string, unknown>> {
  const skuName = name.replace(/^Standard_/, "").replaceAll("_", " ");
  return {
    ...{ currencyCode: "USD", tierMinimumUnits: 0, retailPrice, unitPrice: retailPrice, armRegionName: "eastus", location: "US East" },
    ...{ effectiveStartDate: "2026-01-01T00:00:00Z", meterId: "000a794b-bdb0-58be-a0cd-0c3a0f222923", meterName: skuName, productId: "DZH318Z0BQPS" },
    ...{ skuId: "DZH318Z0BQPS/00TG", productName: "Virtual Machines NC Series", skuName, serviceName: "Virtual Machines", serviceId: "DZH313Z7MMC8" },
    ...{ serviceFamily: "Compute", unitOfMeasure: "1 Hour", type: "Consumption", isPrimaryMeterRegion: true, armSkuName: name },
    ...rest,
  };
}

/** The same row for spot capacity. */
export function spot(name: string, retailPrice: number, rest: Partial<Meter> = {}): ReturnType<typeof meter> {
  const { skuName } = meter(name, retailPrice);
  return meter(name, retailPrice, { skuName: `${skuName} Spot`, meterName: `${skuName} Spot`, ...rest });
}

/** An answer that is given once, before the list behaves; "none" keeps the caller waiting. */
export type OddAnswer = "none" | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface LoopbackPrices {
  readonly url: string;
  readonly host: string;
  /** The filter of each request, and the rows that it skips. */
  readonly requests: readonly { readonly filter: string; readonly skip: number }[];
  stop(): Promise<void>;
}

/** A price list on loopback that knows the filters that are sent to it, and hands out pages whose links name Azure's own address. */
export async function loopbackPrices(meters: readonly Meter[], { odd = [], pageSize = 100 }: { readonly odd?: readonly OddAnswer[]; readonly pageSize?: number } = {}): Promise<LoopbackPrices> {
  const requests: { filter: string; skip: number }[] = [];
  const queue = [...odd];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://loopback");
    const filter = url.searchParams.get("$filter") ?? "";
    const skip = Number(url.searchParams.get("$skip") ?? 0);
    requests.push({ filter, skip });
    const next = queue.shift();
    if (next === "none") return;
    if (next) return void response.writeHead(next.status, next.headers).end(next.body);
    const rows = meters.filter((each) => filter.includes(`armRegionName eq '${each.armRegionName}'`) && filter.includes(`armSkuName eq '${each.armSkuName}'`));
    const link = new URL("https://prices.azure.com:443/api/retail/prices");
    link.searchParams.set("$filter", filter);
    link.searchParams.set("$skip", String(skip + pageSize));
    const Items = rows.slice(skip, skip + pageSize);
    const page = { BillingCurrency: "USD", CustomerEntityId: "Default", Items, NextPageLink: skip + pageSize < rows.length ? link.href : null, Count: Items.length };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(page));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${host}/api/retail/prices`, host, requests, stop };
}
