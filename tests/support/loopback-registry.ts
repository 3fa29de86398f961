import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** How a registry of the tests behaves beyond what the specification asks. */
export interface RegistryManners {
  /** "token": anonymous tokens, as Docker Hub, ghcr and nvcr give them. "password": Basic, as private registries want it. */
  readonly login?: "none" | "token" | "password";
  /** Leaves the digest out of its answers to HEAD, or refuses HEAD. */
  readonly head?: "digest" | "no digest" | "refused";
  /** Requests that are answered with this status before it behaves. */
  readonly failures?: { readonly times: number; readonly status: number };
  /** Leaves the scope out of its challenge. */
  readonly scopeless?: boolean;
  /** Gives its token as `access_token`, as OAuth 2 has it. */
  readonly oauth?: boolean;
}

export interface LoopbackRegistry {
  readonly url: string;
  /** Requests in order, as "HEAD /v2/…". */
  readonly requests: readonly string[];
  /** `Accept` headers of the requests for manifests. */
  readonly accepted: readonly string[];
  stop(): Promise<void>;
}

const TOKEN = "anonymous-token";

/** Content of a tag in the registry: any bytes do, as a manifest is only hashed. */
export function manifestOf(image: string): { readonly body: string; readonly digest: string } {
  const body = JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [], annotations: { image } });
  return { body, digest: `sha256:${createHash("sha256").update(body).digest("hex")}` };
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A registry on loopback that speaks as much of the distribution API as looking up a digest needs. Images are "repository:tag". */
export async function loopbackRegistry(images: readonly string[], manners: RegistryManners = {}): Promise<LoopbackRegistry> {
  const requests: string[] = [];
  const accepted: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    accepted.push(request.headers.accept ?? "");
    const { status, headers, body } = answer(request, origin(server), requests.length, images, manners);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: origin(server), requests, accepted, stop };
}

function origin(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(request: IncomingMessage, base: string, count: number, images: readonly string[], manners: RegistryManners): Answer {
  const { times, status } = manners.failures ?? { times: 0, status: 503 };
  if (count <= times) return { status };
  const url = new URL(request.url ?? "", base);
  return url.pathname === "/token" ? token(url, manners) : manifest(request, url, images, manners);
}

function token(url: URL, { oauth = false }: RegistryManners): Answer {
  const known = url.searchParams.get("service") === "loopback" && url.searchParams.get("scope")?.endsWith(":pull") === true;
  if (!known) return { status: 403 };
  return { status: 200, body: JSON.stringify({ [oauth ? "access_token" : "token"]: TOKEN, expires_in: 300 }) };
}

function manifest(request: IncomingMessage, url: URL, images: readonly string[], manners: RegistryManners): Answer {
  const { login = "none", head = "digest", scopeless = false } = manners;
  const [, repository = "", tag = ""] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url.pathname) ?? [];
  if (login === "password") return { status: 401, headers: { "www-authenticate": 'Basic realm="private"' } };
  if (login === "token" && request.headers.authorization !== `Bearer ${TOKEN}`) {
    const scope = scopeless ? "" : `,scope="repository:${repository}:pull"`;
    return { status: 401, headers: { "www-authenticate": `Bearer realm="${url.origin}/token",service="loopback"${scope}` } };
  }
  if (request.method === "HEAD" && head === "refused") return { status: 405 };
  if (!images.includes(`${repository}:${tag}`)) return { status: 404 };
  const { body, digest } = manifestOf(`${repository}:${tag}`);
  const headers: Answer["headers"] = head === "digest" ? { "docker-content-digest": digest } : {};
  return { status: 200, headers, ...(request.method === "HEAD" ? {} : { body }) };
}
