import { SIMULATED_LOGIN, serveResourceManager, type ResourceManagerServer } from "../../../sandbox/providers/azure-native/resource-manager";
import { passwordsOf } from "../../../sandbox/providers/azure-native/resources/registry-token";
import { knownProperties, type Properties } from "../../../sandbox/providers/values";
import { SimulatedAzure } from "../../support/simulated-azure";

const SCOPE_MAP = "azure-native:containerregistry:ScopeMap";
const TOKEN = "azure-native:containerregistry:Token";
const AT = { resourceGroupName: "rg", registryName: "adapters" };
const ACTIONS = ["repositories/support/tickets/content/read", "repositories/support/tickets/content/write"];

let simulated: SimulatedAzure;
let registryId: string;

beforeEach(async () => {
  simulated = new SimulatedAzure(0);
  await simulated.create("azure-native:resources:ResourceGroup", "rg", { resourceGroupName: "rg", location: "westeurope" });
  const generic = { resourceProviderNamespace: "Microsoft.ContainerRegistry", parentResourcePath: "", resourceType: "registries", apiVersion: "2025-11-01" };
  const registry = { ...generic, resourceGroupName: "rg", resourceName: "adapters", sku: { name: "Standard" }, properties: {} };
  ({ id: registryId } = await simulated.create("azure-native:resources:Resource", "adapters", registry));
});

afterEach(() => {
  simulated.close();
});

const scopeMap = (more: Properties = {}) => simulated.create(SCOPE_MAP, "map", { ...AT, scopeMapName: "tickets", actions: ACTIONS, ...more });
const token = (more: Properties = {}) => simulated.create(TOKEN, "token", { ...AT, tokenName: "tickets", scopeMapId: `${registryId}/scopeMaps/tickets`, ...more });

describe("a scope map", () => {
  it("lies in its registry, and says when it was made", async () => {
    const { id, outputs } = await scopeMap();
    expect(id).toBe(`${registryId}/scopeMaps/tickets`);
    expect(outputs).toMatchObject({ name: "tickets", actions: ACTIONS, provisioningState: "Succeeded", creationDate: expect.stringMatching(/^\d{4}-.*Z$/) as string });
  });

  it.each([
    ["no action", []],
    ["a word that is no action", ["repositories/support/tickets/content/pull"]],
    ["no repository", ["repositories//content/read"]],
    ["a wildcard inside a name", ["repositories/support*/content/read"]],
    ["the catalogue", ["registry/catalog/read"]],
  ])("is refused with %s", async (_, actions) => {
    await expect(scopeMap({ actions })).rejects.toMatchObject({ status: 400 });
  });

  it.each(["repositories/support/*/content/read", "repositories/*/content/read", "repositories/a/metadata/write", "repositories/a-b_c.d/content/delete"])("may permit %s", async (action) => {
    await expect(scopeMap({ actions: [action] })).resolves.toMatchObject({ outputs: { actions: [action] } });
  });

  it("changes its actions in place, and is replaced for another name or registry", async () => {
    const { id, outputs } = await scopeMap();
    const actions = ACTIONS.slice(0, 1);
    const { creationDate } = outputs;
    await expect(simulated.update(SCOPE_MAP, "map", id, { ...AT, scopeMapName: "tickets", actions })).resolves.toMatchObject({ actions, creationDate });
    const before = { ...AT, scopeMapName: "tickets", actions: ACTIONS };
    expect(simulated.replacing(SCOPE_MAP, before, { ...before, actions })).toEqual([]);
    expect(simulated.replacing(SCOPE_MAP, before, { ...before, registryName: "others", scopeMapName: "tickets-2" })).toEqual(["registryName", "scopeMapName"]);
  });

  it("stays while a token has it", async () => {
    const { id } = await scopeMap();
    const { id: tokenId } = await token();
    await expect(deleted(SCOPE_MAP, id)).rejects.toMatchObject({ armCode: "ScopeMapInUse" });
    await deleted(TOKEN, tokenId);
    await expect(deleted(SCOPE_MAP, id)).resolves.toBeUndefined();
  });
});

describe("a token", () => {
  it.each(["abcd", "a".repeat(51), "with_underscore"])("is not called %s", (tokenName) => {
    const about = { urn: "urn", type: TOKEN, name: "token", signal: new AbortController().signal, randomSeed: Buffer.from("seed"), autonaming: undefined };
    const { failures } = simulated.azure.check({ ...about, olds: {}, news: { ...AT, tokenName } });
    expect(failures).toEqual([{ property: "", reason: expect.stringContaining("'tokenName'") as string }]);
  });

  it("needs a scope map of its own registry", async () => {
    await expect(token()).rejects.toMatchObject({ armCode: "ScopeMapNotFound" });
    await expect(token({ scopeMapId: `${registryId}2/scopeMaps/tickets` })).rejects.toThrow("is not of the token's registry");
    await expect(token({ scopeMapId: `${registryId}/scopeMaps/_repositories_pull` })).resolves.toMatchObject({ outputs: { status: "enabled" } });
  });
});

describe("Azure Resource Manager on loopback", () => {
  let server: ResourceManagerServer;
  let tokenId: string;
  const lines: string[] = [];

  beforeEach(async () => {
    await scopeMap();
    ({ id: tokenId } = await token());
    server = await serveResourceManager({ port: 0, state: simulated.state, log: (line) => lines.push(line) });
  });
  afterEach(() => server.close());

  const post = async (body: object, { path = `${registryId}/generateCredentials?api-version=2025-11-01`, login = SIMULATED_LOGIN } = {}) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method: "POST", headers: { authorization: `Bearer ${login}` }, body: JSON.stringify(body) });
    return { status: response.status, document: (await response.json()) as { readonly username?: string; readonly passwords?: readonly { readonly name: string; readonly value: string }[]; readonly error?: object } };
  };
  const expiry = new Date(Date.now() + 3_600_000).toISOString();
  const held = () => passwordsOf(simulated.state.get(tokenId) ?? { id: "", type: "", name: "", urn: "", inputs: {}, outputs: {} });

  it("is opened by the login that the provider hands out", async () => {
    const { result } = await simulated.azure.invoke({ token: "azure-native:authorization:getClientToken", args: {}, preview: false, signal: new AbortController().signal });
    expect(knownProperties(result)).toEqual({ token: SIMULATED_LOGIN });
  });

  it("mints one password or both, tells each once, and keeps no value of it", async () => {
    const first = await post({ tokenId, name: "password1", expiry });
    expect(first).toMatchObject({ status: 200, document: { username: "tickets", passwords: [{ name: "password1", expiry, value: expect.stringMatching(/^simulated-/) as string }] } });
    const second = await post({ tokenId, name: "password2" });
    expect(second.document.passwords?.map(({ name }) => name)).toEqual(["password2"]);
    expect(held()).toEqual([
      { name: "password1", creationTime: expect.any(String) as string, expiry },
      { name: "password2", creationTime: expect.any(String) as string },
    ]);
    const both = await post({ tokenId });
    const values = [first, second, both].flatMap(({ document }) => document.passwords ?? []).map(({ value }) => value);
    expect(new Set(values).size).toBe(4);
    expect(JSON.stringify([simulated.state.all(), lines])).not.toContain("simulated-");
    expect(lines.at(-1)).toContain("simulated generateCredentials password1 and password2");
  });

  it("is seen by a refresh, and undone by no write that says nothing of it", async () => {
    await post({ tokenId, name: "password1", expiry });
    const inputs = { ...AT, tokenName: "tickets", scopeMapId: `${registryId}/scopeMaps/tickets` };
    await simulated.update(TOKEN, "token", tokenId, { ...inputs, status: "enabled" });
    expect(held()).toHaveLength(1);
  });

  it.each<[string, object, object, number, string]>([
    ["another login", {}, { login: "stolen" }, 401, "InvalidAuthenticationToken"],
    ["no API version", {}, { path: "/registries/adapters/generateCredentials" }, 400, "MissingApiVersionParameter"],
    ["another call", {}, { path: "/registries/adapters/listCredentials?api-version=1" }, 501, "NotImplemented"],
    ["another token", { tokenId: "/none" }, {}, 404, "TokenNotFound"],
    ["another registry's token", {}, { path: "/other/generateCredentials?api-version=1" }, 404, "TokenNotFound"],
    ["another slot", { name: "password3" }, {}, 400, "InvalidPasswordName"],
    ["an end that is over", { expiry: "2020-01-01T00:00:00Z" }, {}, 400, "InvalidExpiry"],
  ])("refuses %s", async (_, body, options, status, code) => {
    await expect(post({ tokenId, name: "password1", ...body }, options)).resolves.toMatchObject({ status, document: { error: { code } } });
    expect(held()).toEqual([]);
  });
});

function deleted(type: string, id: string): Promise<void> {
  return simulated.azure.delete({ urn: `urn:pulumi:dev::test::${type}::it`, type, name: "it", id, outputs: {}, inputs: {}, timeoutSeconds: 0, signal: new AbortController().signal });
}
