import { armClient, type ArmClient, ArmError } from "../../../cli/live/arm";
import { liveFindings, liveFindingsByLogin } from "../../../cli/live/findings";
import { PATHS, READY, sku, usage } from "../../support/arm-answers";
import { type ArmReply, type LoopbackArm, loopbackArm, refused, SUBSCRIPTION, TOKEN } from "../../support/loopback-arm";

let arm: LoopbackArm;
let pauses: number[];
let client: ArmClient;
const LIST = `/subscriptions/${SUBSCRIPTION}${PATHS.usages}`;

function clientOf(token = TOKEN, endpoint = arm.url): ArmClient {
  const wait = (milliseconds: number): Promise<unknown> => Promise.resolve(pauses.push(milliseconds));
  return armClient({ login: { token, subscriptionId: SUBSCRIPTION, source: "test" }, endpoint, timeoutSeconds: 0.5, wait });
}

beforeEach(async () => {
  arm = await loopbackArm(READY);
  pauses = [];
  client = clientOf();
});
afterEach(() => arm.stop());

describe("the client of Azure Resource Manager", () => {
  it("reads all pages, at the place that it was given, whatever host their links name", async () => {
    expect(await client.list(LIST, "2024-07-01")).toEqual(READY[PATHS.usages]?.list);
    expect(arm.requests).toEqual([0, 2, 4].map((from) => `GET ${LIST}?api-version=2024-07-01${from === 0 ? "" : `&$skiptoken=${from}`}`));
  });

  it("reads an empty list", async () => {
    arm.answer(PATHS.usages, { list: [] });
    expect(await client.list(LIST, "2024-07-01")).toEqual([]);
  });

  it.each<[string, ArmReply, string]>([
    ["a refusal", refused(403, "AuthorizationFailed", "The client does not have authorization"), "answered 403 AuthorizationFailed: The client does not have authorization"],
    ["a message with the token and control sequences", refused(400, "Bad", `token\u001b[31m ${TOKEN}\n${"x".repeat(200)}`), `answered 400 Bad: token [31m TOKEN ${"x".repeat(143)}…`],
    ["what is no JSON", { text: "now" }, "answered what is no JSON"],
    ["a web page", { text: " <html>" }, "answered a web page: is there a proxy that wants a login?"],
    ["a document in place of a list", { document: { error: null } }, "answered what is no list"],
    ["a link to nowhere", { document: { value: [], nextLink: "nowhere" } }, "answered what is no list: its nextLink is no address"],
    ["a list without end", { document: { value: [], nextLink: "https://management.azure.com/?$skiptoken=1" } }, "has more than 50 pages of one list"],
    ["a redirection", { status: 302, headers: { location: "https://elsewhere.example/" }, text: "" }, "cannot be reached (unexpected redirect); is there a proxy? then set NODE_USE_ENV_PROXY=1"],
  ])("says that it got %s", async (_, reply, message) => {
    arm.answer(PATHS.usages, reply);
    await expect(client.list(LIST, "1")).rejects.toEqual(new ArmError(`${arm.host} ${message}`));
  });

  it("waits as long as Azure asks for, then as long as it takes, and asks four times", async () => {
    arm.answer(PATHS.usages, refused(429, "TooManyRequests", "slow", { "retry-after": "7" }), { status: 503, text: "" }, { list: [1] });
    expect(await client.list(LIST, "1")).toEqual([1]);
    expect(pauses).toEqual([7000, 2000]);
    arm.answer(PATHS.usages, { status: 500, text: "" });
    await expect(client.list(LIST, "1")).rejects.toThrow("answered 500");
    expect(pauses.slice(2)).toEqual([1000, 2000, 4000]);
  });

  it("asks only once what is refused", async () => {
    await expect(client.get("/subscriptions/other", "1")).rejects.toThrow("answered 404 NotFound");
    expect({ asked: arm.requests.length, pauses }).toEqual({ asked: 1, pauses: [] });
  });

  it("waits no longer than it was told to", async () => {
    await expect(armClient({ login: { token: TOKEN, subscriptionId: SUBSCRIPTION, source: "test" }, endpoint: arm.url, timeoutSeconds: 0.05, wait: () => Promise.resolve() }).get("/silent", "1")).rejects.toThrow("cannot be reached (no answer within 0.05 s)");
  });

  it("says that nobody is there", async () => {
    await expect(clientOf(TOKEN, "http://127.0.0.1:9").get("/", "1")).rejects.toThrow(/^127\.0\.0\.1:9 cannot be reached \(.+\); is there a proxy\? then set NODE_USE_ENV_PROXY=1$/);
  });

  it("says that its token is not let in", async () => {
    await expect(clientOf("expired").get("/", "1")).rejects.toThrow("answered 401 InvalidAuthenticationToken: The access token is invalid.");
  });
});

describe("what Azure says of pools", () => {
  const POOLS = [
    { name: "tune", size: "Standard_NC24ads_A100_v4", priority: "Spot", nodes: 2, zones: ["2", "4"] },
    { name: "serve", size: "Standard_D8s_v7", priority: "Regular", nodes: 1 },
  ] as const;

  it("is quota by family and sizes by zone", async () => {
    const { quota, sizes, unasked, uncounted } = await liveFindings({ pools: POOLS, location: "East US" }, client);
    expect(quota).toEqual([{ family: "Total Regional Low-priority vCPUs", name: "lowPriorityCores", spot: true, pools: ["tune"], needed: 48, limit: 100, used: 0, left: 100 }]);
    expect(sizes).toEqual([
      { size: "Standard_NC24ads_A100_v4", pools: ["tune"], offered: true, restriction: undefined, zones: ["1", "2", "3"], missingZones: ["4"] },
      { size: "Standard_D8s_v7", pools: ["serve"], offered: false, restriction: undefined, zones: [], missingZones: [] },
    ]);
    expect({ unasked, uncounted }).toEqual({ unasked: [], uncounted: ["Standard_D8s_v7"] });
  });

  it("leaves out what cannot be asked, and says why", async () => {
    arm.answer(PATHS.skus, refused(403, "AuthorizationFailed", "no"));
    const { quota, sizes, unasked } = await liveFindings({ pools: POOLS, location: "eastus" }, client);
    expect(quota.map(({ name, needed }) => [name, needed])).toEqual([["lowPriorityCores", 48]]);
    expect({ sizes, unasked }).toEqual({ sizes: [], unasked: [{ what: "sizes", why: `${arm.host} answered 403 AuthorizationFailed: no` }] });
    arm.answer(PATHS.usages, { document: [] });
    arm.answer(PATHS.skus, { list: [sku("Standard_D8s_v7"), usage("no", "size", 1, 1), null, 7] });
    const other = await liveFindings({ pools: POOLS, location: "eastus" }, client);
    expect(other.sizes.map(({ offered }) => offered)).toEqual([false, true]);
    expect(other.unasked).toEqual([{ what: "quota", why: `${arm.host} answered what is no list` }]);
  });

  it("is asked with the user's login, and without one says so", async () => {
    const environment = { ARM_ACCESS_TOKEN: TOKEN, ARM_SUBSCRIPTION_ID: SUBSCRIPTION };
    const question = { pools: POOLS, location: "eastus" };
    expect(await liveFindingsByLogin([question, question], { environment, endpoint: arm.url })).toEqual([await liveFindings(question, client), await liveFindings(question, client)]);
    const why = "ARM_ACCESS_TOKEN says nothing of a subscription";
    expect(await liveFindingsByLogin([question], { environment: { ARM_ACCESS_TOKEN: TOKEN }, endpoint: arm.url })).toEqual([{ quota: [], sizes: [], uncounted: [], unasked: [{ what: "sizes", why }, { what: "quota", why }] }]);
  });

  it("asks nothing of what is no region", async () => {
    const why = `"eastus'/../" is no region`;
    expect(await liveFindings({ pools: POOLS, location: "eastus'/../" }, client)).toEqual({ quota: [], sizes: [], uncounted: [], unasked: [{ what: "sizes", why }, { what: "quota", why }] });
    expect(arm.requests).toEqual([]);
  });
});
