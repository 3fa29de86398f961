import * as crypto from "node:crypto";
import * as http from "node:http";
import type { Log } from "../provider-server";
import type { JsonObject } from "../values";
import { ArmError } from "./arm-error";
import { parentId } from "./arm-ids";
import { objectAt, textAt } from "./json";
import { rememberPassword, TOKEN } from "./resources/registry-token";
import type { StateStore } from "./state";

/** What `getClientToken` hands out: it opens this server and nothing else. */
export const SIMULATED_LOGIN = "simulated-login-to-no-azure";

export interface ResourceManagerOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly state: StateStore;
  readonly log: Log;
}

export interface ResourceManagerServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Azure Resource Manager on loopback, for the calls that programs make beside the provider: passwords of registries' tokens. The sandbox's
 * registries ask nobody for one, so that only its life is simulated and no value is kept.
 * https://learn.microsoft.com/rest/api/containerregistry/registries/generate-credentials
 */
export async function serveResourceManager({ port, state, log }: ResourceManagerOptions): Promise<ResourceManagerServer> {
  const server = http.createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { status, document } = answerTo({ method: request.method ?? "", url: request.url ?? "/", login: request.headers.authorization, body }, state, log);
      response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(document));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

interface Call {
  readonly method: string;
  readonly url: string;
  readonly login: string | undefined;
  readonly body: string;
}

interface Reply {
  readonly status: number;
  readonly document: JsonObject;
}

function answerTo(call: Call, state: StateStore, log: Log): Reply {
  try {
    return { status: 200, document: generateCredentials(call, state, log) };
  } catch (error) {
    const refused = error instanceof ArmError ? error : new ArmError(400, "InvalidRequestContent", "The request content was invalid.");
    return { status: refused.status, document: { error: { code: refused.armCode, message: refused.armMessage } } };
  }
}

function generateCredentials({ method, url, login, body }: Call, state: StateStore, log: Log): JsonObject {
  const { pathname, searchParams } = new URL(url, "http://loopback");
  if (login !== `Bearer ${SIMULATED_LOGIN}`) throw new ArmError(401, "InvalidAuthenticationToken", "The access token is invalid.");
  if (!searchParams.has("api-version")) throw new ArmError(400, "MissingApiVersionParameter", "The api-version query parameter is required.");
  const registryId = /^(.*)\/generateCredentials$/i.exec(decodeURIComponent(pathname))?.[1];
  if (registryId === undefined || method !== "POST") throw new ArmError(501, "NotImplemented", `sandbox: ${method} ${pathname} has not been taught`);

  const asked = JSON.parse(body) as JsonObject;
  const token = state.get(textAt(asked, "tokenId") ?? "");
  if (token?.type !== TOKEN || parentId(token.id)?.toLowerCase() !== registryId.toLowerCase()) {
    throw new ArmError(404, "TokenNotFound", "The token of the registry could not be found.");
  }
  const expiry = expiryOf(asked);
  const names = (["password1", "password2"] as const).filter((name) => (textAt(asked, "name") ?? name) === name);
  if (names.length === 0) throw new ArmError(400, "InvalidPasswordName", "The name must be password1 or password2.");
  const passwords = names.map((name) => {
    const current = state.get(token.id) ?? token;
    rememberPassword(current, { name, expiry }, { state });
    return { name, creationTime: new Date().toISOString(), ...(expiry === undefined ? {} : { expiry }), value: `simulated-${crypto.randomBytes(24).toString("base64url")}` };
  });
  log(`simulated generateCredentials ${names.join(" and ")} of ${token.id}: no registry here asks for it`);
  return { username: token.name, passwords, certificates: objectAt(token.outputs, "credentials")?.["certificates"] ?? [] };
}

function expiryOf(asked: JsonObject): string | undefined {
  const expiry = textAt(asked, "expiry");
  if (expiry === undefined) return undefined;
  if (!(Date.parse(expiry) > Date.now())) throw new ArmError(400, "InvalidExpiry", "The expiry must be in the future.");
  return new Date(expiry).toISOString();
}

function bodyOf(request: http.IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      resolve(Buffer.concat(parts).toString("utf8"));
    });
  });
}
