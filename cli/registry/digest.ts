import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { ImageReference } from "../../components/plan/image-reference";
import { tokenChallenge, tokenUrl } from "./challenge";

/**
 * A registry did not say what an image is.
 *
 * Asked by hand, as no client fits: @snyk/docker-registry-v2-client gives manifests without their digest, and the fork of Joyent's client that
 * Renovate keeps brings bunyan and restify for one header.
 */
export class RegistryError extends Error {}

export interface LookUp {
  /** Where a host is to be reached instead; "*" stands for every host. */
  readonly mirrors: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Pause before the first repetition; it doubles each time. */
  readonly pauseMilliseconds?: number;
}

/** Indexes first: the digest of one holds for every platform that it lists. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");
/** The name in references and the host that serves them differ for Docker Hub alone. */
const HOSTS: Readonly<Record<string, string>> = { "docker.io": "registry-1.docker.io" };
const DIGEST = /^sha256:[a-f0-9]{64}$/;
const ATTEMPTS = 3;

/** Digest that a tag names now: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
export async function digestOf({ registry, repository, tag }: ImageReference & { readonly tag: string }, options: LookUp): Promise<string> {
  const base = options.mirrors[registry] ?? options.mirrors["*"] ?? `https://${HOSTS[registry] ?? registry}`;
  const image = `${registry}/${repository}:${tag}`;
  const url = new URL(`/v2/${repository}/manifests/${tag}`, base);
  const head = await authorized(url, "HEAD", repository, image, options);
  const named = head.headers.get("docker-content-digest");
  if (head.ok && named !== null && DIGEST.test(named)) return named;
  if (head.status === 404) throw new RegistryError(`${image}: ${url.host} has no such tag; look for a typing error, or for the tag under another name`);
  // Some registries answer HEAD without the digest, or not at all; the digest is the hash of the manifest's bytes.
  const got = await authorized(url, "GET", repository, image, options);
  if (!got.ok) throw new RegistryError(`${image}: ${url.host} answered ${got.status} ${got.statusText}${advice(got.status)}`);
  return `sha256:${createHash("sha256").update(Buffer.from(await got.arrayBuffer())).digest("hex")}`;
}

/** The answer, with an anonymous token where the registry asks for one. */
async function authorized(url: URL, method: "HEAD" | "GET", repository: string, image: string, options: LookUp): Promise<Response> {
  const headers = { accept: MANIFESTS };
  const answer = await patient(url, { method, headers }, image, options);
  if (answer.status !== 401) return answer;
  const challenge = tokenChallenge(answer.headers.get("www-authenticate"));
  if (challenge === undefined) throw new RegistryError(`${image}: ${url.host} wants a password${advice(401)}`);
  const place = tokenUrl(challenge, repository);
  const issued = await patient(place, { method: "GET", headers: {} }, image, options);
  const { token, access_token: accessToken } = issued.ok ? ((await issued.json()) as { readonly token?: string; readonly access_token?: string }) : {};
  const bearer = token ?? accessToken;
  if (bearer === undefined) throw new RegistryError(`${image}: ${place.host} gives no token to the public (${issued.status})${advice(401)}`);
  return patient(url, { method, headers: { ...headers, authorization: `Bearer ${bearer}` } }, image, options);
}

/** A request that is repeated when the registry is out of reach, out of order or out of patience. */
async function patient(
  url: URL,
  request: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
  image: string,
  { timeoutSeconds, pauseMilliseconds = 1000 }: LookUp,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === ATTEMPTS;
    try {
      const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutSeconds * 1000) });
      if (last || (answer.status < 500 && answer.status !== 429)) return answer;
    } catch (error) {
      if (last) throw new RegistryError(`${image}: ${url.host} cannot be reached (${reason(error)}); is there a proxy? then set NODE_USE_ENV_PROXY=1`);
    }
    await wait(pauseMilliseconds * 2 ** (attempt - 1));
  }
}

/** `fetch` hides what happened in the cause of an error that says only that it failed. */
function reason(error: unknown): string {
  const { message = String(error), cause } = error as { readonly message?: string; readonly cause?: { readonly message?: string } };
  return cause?.message ? cause.message : message;
}

function advice(status: number): string {
  if (status === 401 || status === 403) return "; pin looks up public images only: mirror it to a registry that needs no login, or write the digest by hand";
  return status === 429 ? "; it limits anonymous requests, try again later or give --mirror" : "";
}
