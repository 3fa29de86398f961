import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { runInNewContext } from "node:vm";
import { PASSWORD_PROVIDER } from "../../../components/registry-secret/password-provider";

const REGISTRY = "/subscriptions/s/resourceGroups/a (b)/providers/Microsoft.ContainerRegistry/registries/mlreg";
const TOKEN = `${REGISTRY}/tokens/tickets`;
const LOGIN = "login-that-nothing-repeats";
const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-26T12:00:00.000Z");

type Members = Readonly<Record<string, unknown>>;
interface Provider {
  check(olds: Members, news: Members): Promise<{ readonly inputs: Members }>;
  diff(id: string, olds: Members, news: Members): Promise<{ readonly changes: boolean; readonly replaces: readonly string[] }>;
  create(inputs: Members): Promise<{ readonly id: string; readonly outs: Members }>;
  update(id: string, olds: Members, news: Members): Promise<{ readonly outs: Members }>;
  readonly delete?: unknown;
  readonly read?: unknown;
}

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly document?: unknown;
  readonly text?: string;
}

/** Resource Manager on loopback, with replies one after another; the last one stays. Without replies it mints. */
async function resourceManager(...replies: readonly Reply[]) {
  const asked: { method: string; url: string; login?: string; body: string }[] = [];
  let rest = replies;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts).toString("utf8");
      asked.push({ method: request.method ?? "", url: decodeURIComponent(request.url ?? ""), login: request.headers.authorization, body });
      const [reply = { document: minted(body, asked.length) }, ...later] = rest;
      if (later.length > 0) rest = later;
      const { status = 200, headers = {}, document, text = JSON.stringify(document) } = reply;
      response.writeHead(status, headers).end(text);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, asked, stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) };
}

function minted(body: string, count: number) {
  const { name, expiry } = JSON.parse(body) as { readonly name: string; readonly expiry: string };
  return { username: "tickets", passwords: [{ name, expiry, value: `value-${count}` }] };
}

/** The provider as Pulumi's process loads it, with a clock of its own. Pauses take no time and are written down in seconds. */
function loaded(clock: { now: number } = { now: NOW }) {
  const pauses: number[] = [];
  class Clock extends Date {
    constructor(...given: readonly unknown[]) {
      super(...(given.length > 0 ? (given as [number]) : ([clock.now] as const)));
    }
    static override now = (): number => clock.now;
  }
  const setTimeout = (resolve: () => void, milliseconds: number): void => {
    pauses.push(milliseconds / 1000);
    queueMicrotask(resolve);
  };
  const exported: { handler?: () => Provider } = {};
  runInNewContext(PASSWORD_PROVIDER, { exports: exported, fetch, URL, AbortSignal, Date: Clock, setTimeout });
  if (!exported.handler) throw new Error("no handler");
  return { provider: exported.handler(), pauses };
}

const inputsAt = (endpoint: string, changes: Members = {}): Members => ({
  tokenId: TOKEN,
  tokenCreated: "2026-11-26T11:00:00Z",
  validHours: 6,
  mintedFor: "run-1",
  renew: false,
  endpoint,
  settleSeconds: 60,
  ...changes,
});

let arm: Awaited<ReturnType<typeof resourceManager>> | undefined;
afterEach(async () => {
  await arm?.stop();
  arm = undefined;
});

async function answering(...replies: readonly Reply[]) {
  arm = await resourceManager(...replies);
  const { provider, pauses } = loaded();
  const { inputs } = await provider.check({}, { ...inputsAt(arm.url), login: LOGIN });
  return { arm, provider, pauses, inputs };
}

describe("the provider of passwords", () => {
  it("takes the login out of the inputs, before the engine keeps them", async () => {
    const { provider } = loaded();
    const given = inputsAt("https://arm.example");
    expect(await provider.check({}, { ...given, login: LOGIN })).toEqual({ inputs: given });
    // A preview knows no token yet.
    expect(await provider.check({}, { validHours: 6 })).toEqual({ inputs: { validHours: 6 } });
  });

  it("mints into the first slot, and says whose password it is and how long it lives", async () => {
    const { arm, provider, inputs, pauses } = await answering();
    expect(await provider.create(inputs)).toEqual({
      id: TOKEN,
      outs: { ...inputs, slot: "password1", username: "tickets", password: "value-1", mintedAt: "2026-11-26T12:00:00.000Z", expiresAt: "2026-11-26T18:00:00.000Z" },
    });
    const body = JSON.stringify({ tokenId: TOKEN, name: "password1", expiry: "2026-11-26T18:00:00.000Z" });
    expect(arm.asked).toEqual([{ method: "POST", url: `${REGISTRY}/generateCredentials?api-version=2025-11-01`, login: `Bearer ${LOGIN}`, body }]);
    expect(pauses).toEqual([]);
  });

  it("mints the next into the other slot, each time, and waits until the registry knows it", async () => {
    const { arm, provider, inputs, pauses } = await answering();
    const { outs: first } = await provider.create(inputs);
    const { outs: second } = await provider.update(TOKEN, first, inputs);
    const { outs: third } = await provider.update(TOKEN, second, inputs);
    expect([first, second, third].map(({ slot, password }) => [slot, password])).toEqual([
      ["password1", "value-1"],
      ["password2", "value-2"],
      ["password1", "value-3"],
    ]);
    expect(arm.asked.map(({ body }) => (JSON.parse(body) as { readonly name: string }).name)).toEqual(["password1", "password2", "password1"]);
    expect(pauses).toEqual([60, 60]);
  });

  it("asks with the login of the token that it is for", async () => {
    const { arm, provider, inputs } = await answering();
    const other = inputsAt(arm.url, { tokenId: `${REGISTRY}/tokens/other` });
    await provider.check({}, { ...other, login: "another login" });
    await provider.create(other);
    await provider.create(inputs);
    expect(arm.asked.map(({ login }) => login)).toEqual(["Bearer another login", `Bearer ${LOGIN}`]);
    await expect(provider.create(inputsAt(arm.url, { tokenId: `${REGISTRY}/tokens/third` }))).rejects.toThrow("the login to Azure Resource Manager was not handed over");
  });

  it("does nothing of its own on deletion and refresh", () => {
    const { provider } = loaded();
    expect([provider.delete, provider.read]).toEqual([undefined, undefined]);
  });
});

describe("Resource Manager's answers", () => {
  const done = { document: { username: "tickets", passwords: [{ name: "password1", value: "late" }] } };

  it("are waited for where Azure works on", async () => {
    const location = "https://management.azure.example/operations/1?api-version=2025-11-01";
    const working = { status: 202, headers: { location }, text: "" };
    const { arm, provider, inputs, pauses } = await answering(working, { ...working, headers: { location, "retry-after": "7" } }, done);
    const { outs } = await provider.create(inputs);
    expect(outs).toMatchObject({ password: "late", expiresAt: "2026-11-26T18:00:00.000Z" });
    // At the address that was asked first, whatever the header says: the login goes nowhere else.
    expect(arm.asked.slice(1).map(({ method, url }) => `${method} ${url}`)).toEqual(Array(2).fill("GET /operations/1?api-version=2025-11-01"));
    expect(pauses).toEqual([2, 7]);
  });

  it.each([
    ["no place to ask again", { status: 202, text: "" }, 1],
    ["no end", { status: 202, headers: { location: "/operations/1" }, text: "" }, 61],
  ])("are given up where Azure has %s", async (_, reply, calls) => {
    const { arm, provider, inputs } = await answering(reply);
    await expect(provider.create(inputs)).rejects.toThrow(`${arm.host} accepted the request for a password, and never answered it`);
    expect(arm.asked).toHaveLength(calls);
  });

  it.each([408, 409, 429, 500, 502, 503, 504])("are asked for again after %p, as long as Azure says", async (status) => {
    const { arm, provider, inputs, pauses } = await answering({ status, text: "" }, { status, headers: { "retry-after": "5" }, text: "" }, { status, headers: { "retry-after": "900" }, text: "" }, done);
    expect((await provider.create(inputs)).outs).toMatchObject({ password: "late" });
    expect(pauses).toEqual([2, 5, 60]);
    expect(arm.asked).toHaveLength(4);
  });

  it.each<[Reply, string]>([
    [{ status: 500, document: { error: { code: "InternalError", message: "later" } } }, "answered 500 InternalError: later"],
    [{ status: 429, text: "<html>" }, "answered 429"],
  ])("end the attempt after six of %j", async (reply, message) => {
    const { arm, provider, inputs, pauses } = await answering(reply);
    await expect(provider.create(inputs)).rejects.toThrow(`${arm.host} ${message}`);
    expect(arm.asked).toHaveLength(6);
    expect(pauses).toEqual([2, 4, 8, 16, 32]);
  });

  it("are said with the permission that lacks, on one line, without the login", async () => {
    const message = `The client\n'ci' with ${LOGIN} does not have authorization. ${"x".repeat(300)}`;
    const { arm, provider, inputs } = await answering({ status: 403, document: { error: { code: "AuthorizationFailed", message } } });
    const said = await provider.create(inputs).catch((error: unknown) => String(error));
    expect(said).toMatch(new RegExp(`^Error: ${arm.host} answered 403 AuthorizationFailed: The client 'ci' with TOKEN does not have authorization\\. x+; it takes Microsoft`));
    expect(said).toContain("registries/generateCredentials/action");
    expect(said).not.toContain(LOGIN);
    expect(arm.asked).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ["no JSON", { text: "fine" }],
    ["no password", { document: { username: "tickets" } }],
    ["another slot's", { document: { username: "tickets", passwords: [{ name: "password2", value: "v" }] } }],
    ["no value", { document: { username: "tickets", passwords: [{ name: "password1" }] } }],
    ["no name", { document: { passwords: [{ name: "password1", value: "v" }] } }],
  ])("are no password with %s", async (_, reply) => {
    const { arm, provider, inputs } = await answering(reply);
    await expect(provider.create(inputs)).rejects.toThrow(`${arm.host} answered without the password that it was asked for`);
  });

  it("are missed where nobody listens", async () => {
    const { arm, provider, inputs, pauses } = await answering();
    await arm.stop();
    await expect(provider.create(inputs)).rejects.toThrow(`${arm.host} cannot be reached (ECONNREFUSED)`);
    expect(pauses).toHaveLength(5);
  });

  it("lead nowhere else", async () => {
    const { arm, provider, inputs } = await answering({ status: 307, headers: { location: "http://127.0.0.1:9/" }, text: "" });
    await expect(provider.create(inputs)).rejects.toThrow(`${arm.host} cannot be reached`);
  });
});

describe("a password", () => {
  const olds: Members = { ...inputsAt("https://arm.example"), slot: "password1", mintedAt: "2026-11-26T06:00:00.000Z", expiresAt: "2026-11-26T12:00:00.000Z" };
  const changed = (news: Members, now = Date.parse("2026-11-26T09:00:00Z")) => loaded({ now }).provider.diff(TOKEN, olds, { ...inputsAt("https://arm.example"), ...news });
  const kept = { changes: false, replaces: [] };

  it.each<[string, Members]>([
    ["nothing", {}],
    ["another address of Azure", { endpoint: "https://other.example", settleSeconds: 0 }],
    ["the same time of its token in other words", { tokenCreated: "2026-11-26T11:00:00.000+00:00" }],
    ["renewal that is not due", { renew: true }],
  ])("stays for %s", async (_, news) => {
    expect(await changed(news)).toEqual(kept);
  });

  it.each<[string, Members]>([
    ["another run", { mintedFor: "run-2" }],
    ["no run", { mintedFor: undefined }],
    ["another life", { validHours: 7 }],
    ["a token that was made anew", { tokenCreated: "2026-11-26T11:00:01Z" }],
  ])("is minted anew for %s", async (_, news) => {
    expect(await changed(news)).toEqual({ changes: true, replaces: [] });
  });

  it("is another one for another token", async () => {
    expect(await changed({ tokenId: `${REGISTRY}/tokens/other` })).toEqual({ changes: true, replaces: ["tokenId"] });
  });

  it("is renewed when two thirds of its life are over, to the millisecond, and only where that is asked for", async () => {
    const due = Date.parse("2026-11-26T06:00:00.000Z") + 4 * HOUR;
    expect(await changed({ renew: true }, due - 1)).toEqual(kept);
    expect(await changed({ renew: true }, due)).toEqual({ changes: true, replaces: [] });
    expect(await changed({ renew: true }, due + 24 * HOUR)).toEqual({ changes: true, replaces: [] });
    expect(await changed({ renew: false }, due + 24 * HOUR)).toEqual(kept);
  });
});
