import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";
export const PRINCIPAL = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
/** A token as Entra writes one; nothing of it may be printed. */
export const TOKEN = ["eyJhbGciOiJub25lIn0", Buffer.from(JSON.stringify({ oid: PRINCIPAL, aud: "https://management.azure.com" })).toString("base64url"), "c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"].join(".");

/** What the server answers to one path, without the subscription's part of it. */
export interface ArmReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of a list, in pages of the server's size. */
  readonly list?: readonly unknown[];
  readonly document?: unknown;
  readonly text?: string;
}

export interface LoopbackArm {
  readonly url: string;
  readonly host: string;
  /** Method, path and query of each request, in order. */
  readonly requests: string[];
  /** Answers of later requests to a path; several are given one after another, the last one for good. */
  answer(path: string, ...replies: readonly ArmReply[]): void;
  stop(): Promise<void>;
}

/** Azure Resource Manager as far as reads go, with its errors as it words them. Only the right token is let in; /silent never answers. */
export async function loopbackArm(replies: Readonly<Record<string, ArmReply>>, { pageSize = 2 } = {}): Promise<LoopbackArm> {
  const waiting = new Map<string, readonly ArmReply[]>(Object.entries(replies).map(([path, reply]) => [path, [reply]]));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://loopback");
    requests.push(`${request.method ?? ""} ${decodeURIComponent(url.pathname)}?${[...url.searchParams].map(([key, value]) => `${key}=${value}`).join("&")}`);
    const path = url.pathname.replace(`/subscriptions/${SUBSCRIPTION}`, "");
    if (path === "/silent") return;
    const [reply, ...later] = waiting.get(path) ?? [];
    if (later.length > 0) waiting.set(path, later);
    const { status, body, headers } = request.headers.authorization === `Bearer ${TOKEN}` ? written(reply, url, pageSize) : UNAUTHENTICATED;
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${host}`, host, requests, answer: (path, ...given) => void waiting.set(path, given), stop };
}

interface Written {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const UNAUTHENTICATED: Written = {
  status: 401,
  body: JSON.stringify({ error: { code: "InvalidAuthenticationToken", message: "The access token is invalid." } }),
};

/** Azure's links to next pages name Azure's own host, whoever was asked. */
function written(reply: ArmReply | undefined, url: URL, pageSize: number): Written {
  if (reply === undefined) return { status: 404, body: JSON.stringify({ error: { code: "NotFound", message: `${url.pathname} was not found` } }) };
  const { status = 200, headers, list, document, text } = reply;
  if (list === undefined) return { status, headers, body: text ?? JSON.stringify(document) };
  const from = Number(url.searchParams.get("$skiptoken") ?? 0);
  const next = new URL(`https://management.azure.com:443${url.pathname}${url.search}`);
  next.searchParams.set("$skiptoken", String(from + pageSize));
  const more = from + pageSize < list.length;
  return { status, headers, body: JSON.stringify({ value: list.slice(from, from + pageSize), ...(more ? { nextLink: next.href } : {}) }) };
}

/** An error as Azure words it. */
export function refused(status: number, code: string, message: string, headers?: Readonly<Record<string, string>>): ArmReply {
  return { status, headers, document: { error: { code, message } } };
}
