import { readFileSync } from "node:fs";
import { textAt } from "../../components/plan/live/json";
import { LoginError } from "./login-error";

type Environment = Readonly<Record<string, string | undefined>>;

const AUTHORITIES: Readonly<Record<string, string>> = {
  "https://management.usgovcloudapi.net": "https://login.microsoftonline.us",
  "https://management.chinacloudapi.cn": "https://login.chinacloudapi.cn",
};
const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const SECONDS = 15;
const FIX = "give the job the right to ask for a token (GitHub: permissions id-token: write), and the identity a federated credential for it";

/** Whether a pipeline signs in without a secret, by the variables of Pulumi's provider: https://www.pulumi.com/registry/packages/azure-native/installation-configuration/ */
export function isFederated({ ARM_USE_OIDC, ARM_CLIENT_ID, ARM_TENANT_ID }: Environment): boolean {
  return ARM_USE_OIDC === "true" && Boolean(ARM_CLIENT_ID) && Boolean(ARM_TENANT_ID);
}

/** Exchanges the pipeline's token for one of Azure: https://learn.microsoft.com/entra/workload-id/workload-identity-federation */
export async function federatedToken(environment: Environment, resource: string): Promise<string> {
  const authority = environment["AZURE_AUTHORITY_HOST"] ?? AUTHORITIES[resource] ?? "https://login.microsoftonline.com";
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: environment["ARM_CLIENT_ID"] ?? "",
    scope: `${resource}/.default`,
    client_assertion_type: ASSERTION,
    client_assertion: await pipelineToken(environment),
  });
  const place = `${authority.replace(/\/+$/, "")}/${encodeURIComponent(environment["ARM_TENANT_ID"] ?? "")}/oauth2/v2.0/token`;
  const { status, answer } = await json(place, { method: "POST", body });
  const token = textAt(answer, "access_token");
  if (token !== undefined) return token;
  const code = /AADSTS\d+/.exec(textAt(answer, "error_description") ?? "")?.[0];
  throw new LoginError(`Entra gives the pipeline's identity no token (${code ?? status})`, FIX);
}

/** Where the provider finds it, in its order. */
async function pipelineToken(environment: Environment): Promise<string> {
  const { ARM_OIDC_TOKEN, ARM_OIDC_TOKEN_FILE_PATH } = environment;
  if (ARM_OIDC_TOKEN) return ARM_OIDC_TOKEN;
  if (ARM_OIDC_TOKEN_FILE_PATH) return readFileSync(ARM_OIDC_TOKEN_FILE_PATH, "utf8").trim();
  const url = environment["ARM_OIDC_REQUEST_URL"] ?? environment["ACTIONS_ID_TOKEN_REQUEST_URL"];
  const bearer = environment["ARM_OIDC_REQUEST_TOKEN"] ?? environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
  if (!url || !bearer || !URL.canParse(url)) throw new LoginError("ARM_USE_OIDC is set, and there is no token of the pipeline to exchange", FIX);
  const place = new URL(url);
  place.searchParams.set("audience", "api://AzureADTokenExchange");
  const { status, answer } = await json(place, { headers: { authorization: `Bearer ${bearer}` } });
  const token = textAt(answer, "value");
  if (token === undefined) throw new LoginError(`the pipeline gives no token (${status})`, FIX);
  return token;
}

async function json(url: string | URL, request: RequestInit): Promise<{ readonly status: number; readonly answer: unknown }> {
  try {
    const answer = await fetch(url, { ...request, redirect: "error", signal: AbortSignal.timeout(SECONDS * 1000) });
    return { status: answer.status, answer: await answer.json() };
  } catch {
    // The request holds the token; what failed may repeat it.
    throw new LoginError(`${new URL(url).host} cannot be reached for a token`, FIX);
  }
}
