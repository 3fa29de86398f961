import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { digestOf } from "../../cli/registry/digest";
import { cacheFolder } from "../../sandbox/home";

/** The registry that the sandbox has unpacked, on machines where it has run. */
function registryProgram(): string | undefined {
  const tools = path.join(cacheFolder(), "tools");
  const folders = existsSync(tools) ? readdirSync(tools).filter((name) => name.startsWith("docker-registry-")) : [];
  return folders.map((folder) => path.join(tools, folder, "usr", "bin", "docker-registry")).find((file) => existsSync(file));
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function send(url: string, method: string, type: string, body: string): Promise<void> {
  const answer = await fetch(url, { method, headers: { "content-type": type }, body });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
}

const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

const program = registryProgram();

(program === undefined ? describe.skip : describe)("digestOf against the CNCF's registry", () => {
  let registry: ChildProcess;
  let url: string;

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "aksft-registry-"));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const file = path.join(folder, "config.yml");
    writeFileSync(file, JSON.stringify({ version: 0.1, storage: { filesystem: { rootdirectory: folder } }, http: { addr: `127.0.0.1:${port}` } }));
    registry = spawn(program ?? "", ["serve", file], { stdio: "ignore" });
    const deadline = Date.now() + 20_000;
    const up = (): Promise<boolean> => fetch(`${url}/v2/`).then((answer) => answer.ok, () => false);
    while (!(await up()) && Date.now() < deadline) await wait(50);
  }, 30_000);
  afterAll(() => registry.kill());

  it("gives the digest of an index, and says so when a tag is missing", async () => {
    const config = "{}";
    const started = await fetch(`${url}/v2/a/image/blobs/uploads/`, { method: "POST" });
    const upload = new URL(started.headers.get("location") ?? "", url);
    upload.searchParams.set("digest", sha256(config));
    await send(upload.href, "PUT", "application/octet-stream", config);
    const manifestType = "application/vnd.oci.image.manifest.v1+json";
    const descriptor = { mediaType: "application/vnd.oci.image.config.v1+json", digest: sha256(config), size: config.length };
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: descriptor, layers: [] });
    await send(`${url}/v2/a/image/manifests/${sha256(manifest)}`, "PUT", manifestType, manifest);
    const indexType = "application/vnd.oci.image.index.v1+json";
    const platform = { architecture: "amd64", os: "linux" };
    const index = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [{ mediaType: manifestType, digest: sha256(manifest), size: manifest.length, platform }] });
    await send(`${url}/v2/a/image/manifests/v1`, "PUT", indexType, index);

    const options = { mirrors: { "*": url }, timeoutSeconds: 10 };
    await expect(digestOf({ registry: "docker.io", repository: "a/image", tag: "v1" }, options)).resolves.toBe(sha256(index));
    await expect(digestOf({ registry: "docker.io", repository: "a/image", tag: "v2" }, options)).rejects.toThrow("has no such tag");
  }, 30_000);
});
