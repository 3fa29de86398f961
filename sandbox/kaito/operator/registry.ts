import type { AdapterImage } from "./adapter-image";
import { digestOf } from "./adapter-image";

/** A reference taken apart: `HOST/REPOSITORY:TAG` or `HOST/REPOSITORY@DIGEST`. */
export interface Reference {
  readonly host: string;
  readonly repository: string;
  readonly reference: string;
}

export function parseReference(image: string): Reference | undefined {
  const [, host, repository, digest, tag] = /^([^/]+)\/(.+?)(?:@(sha256:[0-9a-f]{64})|:([\w][\w.-]*))?$/.exec(image) ?? [];
  if (host === undefined || repository === undefined) return undefined;
  return { host, repository, reference: digest ?? tag ?? "latest" };
}

/** Registries of the sandbox listen on addresses of this machine, without TLS; nothing else is ever asked. */
export function isOfTheSandbox(host: string): boolean {
  return /^(127\.|10\.|localhost:|169\.254\.)/.test(host) && /:\d+$/.test(host);
}

export async function hasManifest({ host, repository, reference }: Reference): Promise<boolean> {
  const accept = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];
  const { ok } = await fetch(`http://${host}/v2/${repository}/manifests/${reference}`, { method: "HEAD", headers: { accept: accept.join(", ") } });
  return ok;
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push */
export async function pushImage({ host, repository, reference }: Reference, image: AdapterImage): Promise<void> {
  const base = `http://${host}/v2/${repository}`;
  for (const blob of image.blobs) {
    const start = await fetch(`${base}/blobs/uploads/`, { method: "POST" });
    const location = start.headers.get("location");
    if (!start.ok || location === null) throw new Error(`pushing to ${host}/${repository}: ${String(start.status)}`);
    const target = new URL(location, `http://${host}`);
    target.searchParams.set("digest", digestOf(blob));
    const type = { "content-type": "application/octet-stream" };
    await succeeded(fetch(target, { method: "PUT", body: new Uint8Array(blob), headers: type }), `${host}/${repository}`);
  }
  const type = { "content-type": "application/vnd.oci.image.manifest.v1+json" };
  await succeeded(fetch(`${base}/manifests/${reference}`, { method: "PUT", body: new Uint8Array(image.manifest), headers: type }), `${host}/${repository}`);
}

async function succeeded(request: Promise<Response>, what: string): Promise<void> {
  const response = await request;
  if (!response.ok) throw new Error(`pushing to ${what}: ${String(response.status)} ${await response.text()}`);
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly username?: string; readonly password?: string }>>;
}

/** What is wrong with a secret that is to open a registry; undefined if nothing is. */
export function credentialsProblem(secret: { readonly type?: string; readonly data?: Readonly<Record<string, string>> } | undefined, name: string, host: string): string | undefined {
  if (!secret) return `secret "${name}" not found`;
  const encoded = secret.data?.[".dockerconfigjson"];
  if (encoded === undefined) return `secret "${name}" has no key .dockerconfigjson`;
  try {
    const { auths = {} } = JSON.parse(Buffer.from(encoded, "base64").toString()) as DockerConfig;
    const entry = auths[host] ?? auths[`https://${host}`] ?? auths[`http://${host}`];
    if (!entry) return `secret "${name}" has no credentials for ${host}: unauthorized`;
    const [user, password] = entry.auth === undefined ? [entry.username, entry.password] : Buffer.from(entry.auth, "base64").toString().split(":");
    return user && password ? undefined : `secret "${name}" has no username or password for ${host}: unauthorized`;
  } catch {
    return `secret "${name}" holds no JSON`;
  }
}
