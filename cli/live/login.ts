import { textAt } from "../../components/plan/live/json";
import { federatedToken, isFederated } from "./federated";
import { LoginError } from "./login-error";
import { type Program, runProgram } from "./program";

/** Who asks Azure, and about which subscription. */
export interface Login {
  readonly token: string;
  readonly subscriptionId: string;
  /** Object id of who is signed in, as the token says it. */
  readonly principalId?: string;
  /** Where the token came from, for people. */
  readonly source: string;
}

export interface LoginOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the stack's configuration names. */
  readonly subscriptionId?: string;
  /** Resource Manager's address, for which the token is. */
  readonly endpoint: string;
  readonly run?: Program;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Clouds whose tokens are their own; at any other address a proxy of the public cloud is assumed. */
const CLOUDS = ["https://management.azure.com", "https://management.usgovcloudapi.net", "https://management.chinacloudapi.cn"];

/** The login that Pulumi's provider would use: a token of the environment, a federated pipeline's, else that of the Azure CLI. */
export async function signedIn({ environment, endpoint, run = runProgram, ...options }: LoginOptions): Promise<Login> {
  const subscriptionId = checkedId(environment["ARM_SUBSCRIPTION_ID"] ?? options.subscriptionId);
  const resource = CLOUDS.find((cloud) => endpoint.toLowerCase().startsWith(cloud)) ?? "https://management.azure.com";
  const given = environment["ARM_ACCESS_TOKEN"];
  if (given) return login(given, subscriptionId, "ARM_ACCESS_TOKEN");
  if (isFederated(environment)) return login(await federatedToken(environment, resource), subscriptionId, "the pipeline's identity");
  const answer = await ofAzureCli(resource, subscriptionId, run);
  return login(answer.token, subscriptionId ?? checkedId(answer.subscriptionId), "az login");
}

export function isSubscriptionId(text: string): boolean {
  return GUID.test(text);
}

/** An id becomes a part of addresses and of commands. */
function checkedId(id: string | undefined): string | undefined {
  if (id === undefined || id === "") return undefined;
  if (!isSubscriptionId(id)) throw new LoginError("the id of the subscription is none", "az account list --output table");
  return id;
}

function login(token: string, subscriptionId: string | undefined, source: string): Login {
  if (subscriptionId === undefined) throw new LoginError(`${source} says nothing of a subscription`, "export ARM_SUBSCRIPTION_ID=$(az account show --query id --output tsv)");
  return { token, subscriptionId, principalId: principalOf(token), source };
}

/** https://learn.microsoft.com/cli/azure/account#az-account-get-access-token */
async function ofAzureCli(resource: string, subscriptionId: string | undefined, run: Program): Promise<{ readonly token: string; readonly subscriptionId?: string }> {
  const which = subscriptionId === undefined ? [] : ["--subscription", subscriptionId];
  const { code, stdout, stderr } = await run("az", ["account", "get-access-token", "--resource", resource, ...which, "--output", "json"]);
  if (code === undefined) throw new LoginError("the Azure CLI is not installed, and nothing else signs in", "az login");
  if (code !== 0) throw new LoginError(whyNot(stderr), which.length > 0 && /subscription/i.test(stderr) ? `az account set --subscription ${which.at(1) ?? ""}` : "az login");
  const answer = document(stdout);
  const token = textAt(answer, "accessToken");
  if (token === undefined) throw new LoginError("az account get-access-token printed no token", "az login");
  return { token, subscriptionId: textAt(answer, "subscription") };
}

/** The kind of failure: what the Azure CLI prints beside it can hold anything. */
function whyNot(stderr: string): string {
  const code = /AADSTS\d+/.exec(stderr)?.[0];
  if (code !== undefined) return `Entra refused the login of the Azure CLI (${code})`;
  if (/az login/.test(stderr)) return "nobody is signed in to the Azure CLI";
  return /subscription/i.test(stderr) ? "the Azure CLI's login does not know the subscription" : "az account get-access-token failed";
}

function document(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The object id in a token of Entra; the token is not checked, Azure does that: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
function principalOf(token: string): string | undefined {
  const [, payload = ""] = token.split(".");
  const id = textAt(document(Buffer.from(payload, "base64url").toString("utf8")), "oid");
  return id !== undefined && GUID.test(id) ? id : undefined;
}
