import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { signedIn } from "../../../cli/live/login";
import type { Program } from "../../../cli/live/program";
import { PRINCIPAL, SUBSCRIPTION, TOKEN } from "../../support/loopback-arm";

const ENDPOINT = "https://management.azure.com";
const NO_PROGRAM: Program = () => Promise.resolve({ code: undefined, stdout: "", stderr: "" });
const FEDERATED = { ARM_USE_OIDC: "true", ARM_CLIENT_ID: "client", ARM_TENANT_ID: "tenant", ARM_SUBSCRIPTION_ID: SUBSCRIPTION };

let server: Server;
let address: string;
let asked: string[];
let answers: Readonly<Record<string, { readonly status: number; readonly body: string }>>;

beforeEach(async () => {
  asked = [];
  answers = { "/pipeline": { status: 200, body: JSON.stringify({ value: "assertion" }) }, "/tenant/oauth2/v2.0/token": { status: 200, body: JSON.stringify({ access_token: TOKEN }) } };
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      const { pathname, search } = new URL(request.url ?? "/", "http://loopback");
      asked.push(`${request.method ?? ""} ${pathname}${search} ${request.headers.authorization ?? ""} ${decodeURIComponent(body)}`.trim());
      const { status, body: text } = answers[pathname] ?? { status: 404, body: "{}" };
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
});

function login(environment: Readonly<Record<string, string>>, run: Program = NO_PROGRAM): ReturnType<typeof signedIn> {
  return signedIn({ environment: { AZURE_AUTHORITY_HOST: address, ...environment }, endpoint: ENDPOINT, run });
}

describe("the login", () => {
  it("is a token of the environment", async () => {
    expect(await login({ ARM_ACCESS_TOKEN: TOKEN, ARM_SUBSCRIPTION_ID: SUBSCRIPTION })).toEqual({ token: TOKEN, subscriptionId: SUBSCRIPTION, principalId: PRINCIPAL, source: "ARM_ACCESS_TOKEN" });
  });

  it("does not know whose an opaque token is", async () => {
    expect(await login({ ARM_ACCESS_TOKEN: "opaque", ARM_SUBSCRIPTION_ID: SUBSCRIPTION })).toMatchObject({ principalId: undefined });
  });

  const EXCHANGE = "POST /tenant/oauth2/v2.0/token  grant_type=client_credentials&client_id=client&scope=https://management.azure.com/.default&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=";

  it("is that of a job of GitHub, which asks for a token first", async () => {
    const environment = { ...FEDERATED, ACTIONS_ID_TOKEN_REQUEST_URL: `${address}/pipeline?api-version=2.0`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job" };
    expect(await login(environment)).toMatchObject({ token: TOKEN, source: "the pipeline's identity" });
    expect(asked).toEqual(["GET /pipeline?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange Bearer job", `${EXCHANGE}assertion`]);
  });

  it("is that of a pipeline whose token is given, or lies in a file", async () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), "aksft-login-")), "token");
    writeFileSync(file, "filed\n");
    await login({ ...FEDERATED, ARM_OIDC_TOKEN: "given" });
    await login({ ...FEDERATED, ARM_OIDC_TOKEN_FILE_PATH: file });
    expect(asked).toEqual([`${EXCHANGE}given`, `${EXCHANGE}filed`]);
  });

  it("says why the pipeline gets no token, without repeating what it sent", async () => {
    answers = { "/tenant/oauth2/v2.0/token": { status: 401, body: JSON.stringify({ error_description: "AADSTS70021: No matching federated identity record for assertion secret-assertion" }) } };
    await expect(login({ ...FEDERATED, ARM_OIDC_TOKEN: "secret-assertion" })).rejects.toThrow(/^Entra gives the pipeline's identity no token \(AADSTS70021\)$/);
    await expect(login({ ...FEDERATED })).rejects.toThrow("ARM_USE_OIDC is set, and there is no token of the pipeline to exchange");
    await expect(login({ ...FEDERATED, ARM_OIDC_REQUEST_URL: `${address}/none`, ARM_OIDC_REQUEST_TOKEN: "job" })).rejects.toThrow("the pipeline gives no token (404)");
    await expect(login({ ...FEDERATED, ARM_OIDC_TOKEN: "secret", AZURE_AUTHORITY_HOST: "http://127.0.0.1:9" })).rejects.toThrow("127.0.0.1:9 cannot be reached for a token");
  });

  it("is that of the Azure CLI, for the cloud of the endpoint", async () => {
    const calls: string[] = [];
    const az: Program = (name, args) => {
      calls.push([name, ...args].join(" "));
      return Promise.resolve({ code: 0, stdout: JSON.stringify({ accessToken: TOKEN, subscription: SUBSCRIPTION }), stderr: "" });
    };
    expect(await signedIn({ environment: {}, endpoint: "https://management.usgovcloudapi.net", run: az })).toMatchObject({ subscriptionId: SUBSCRIPTION, source: "az login" });
    await signedIn({ environment: { ARM_SUBSCRIPTION_ID: SUBSCRIPTION }, endpoint: "https://proxy.example", run: az });
    expect(calls).toEqual([
      "az account get-access-token --resource https://management.usgovcloudapi.net --output json",
      `az account get-access-token --resource https://management.azure.com --subscription ${SUBSCRIPTION} --output json`,
    ]);
  });

  it.each([
    [{ ARM_SUBSCRIPTION_ID: "x'; rm -rf /" }, "the id of the subscription is none", "az account list --output table"],
    [{ ARM_ACCESS_TOKEN: TOKEN }, "ARM_ACCESS_TOKEN says nothing of a subscription", "export ARM_SUBSCRIPTION_ID=$(az account show --query id --output tsv)"],
    [{}, "the Azure CLI is not installed, and nothing else signs in", "az login"],
  ])("is refused for %j", async (environment, message, fix) => {
    await expect(login(environment)).rejects.toMatchObject({ message, fix });
  });

  it("says that the Azure CLI does not know the subscription", async () => {
    const az: Program = () => Promise.resolve({ code: 1, stdout: "", stderr: "ERROR: Subscription '…' not found. Check the spelling and casing and try again." });
    await expect(login({ ARM_SUBSCRIPTION_ID: SUBSCRIPTION }, az)).rejects.toMatchObject({
      message: "the Azure CLI's login does not know the subscription",
      fix: `az account set --subscription ${SUBSCRIPTION}`,
    });
  });
});
