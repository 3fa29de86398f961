import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { writeIfChanged } from "../files";
import type { Home } from "../home";
import { ensureDaemon, logTail, processRecords, stopDaemons } from "../processes";
import { until } from "../until";
import type { RegistryResource } from "./nodes/azure-state";
import { registryHosts } from "./machine/node-paths";

export interface Registry {
  readonly name: string;
  readonly storage: string;
  readonly address: string;
  readonly port: number;
}

export const PUBLIC_REGISTRY = "registry-public";

/** Stands for the registries of others (Docker Hub, MCR): machine-wide content, kept across resets. */
export function publicRegistry(home: Home, address: string, port: number): Registry {
  return { name: PUBLIC_REGISTRY, storage: path.join(home.cache, "registries", "public"), address, port };
}

export function azureRegistry(home: Home, resource: RegistryResource, address: string): Registry {
  const name = `registry-azure-${resource.name}`;
  return { name, storage: path.join(home.registries, resource.name), address, port: resource.port };
}

/** Starts the registry unless it runs, and tells containerd that it speaks plain HTTP. */
export async function ensureRegistry(home: Home, registry: Registry, program: string): Promise<void> {
  const file = path.join(home.dir, "registry-configurations", `${registry.name}.yml`);
  const configuration = configurationOf(registry);
  writeIfChanged(file, configuration);
  allowPlainHttp(home, registry);
  fs.mkdirSync(registry.storage, { recursive: true });
  await ensureDaemon(home, { name: registry.name, command: [program, "serve", file], settings: configuration });
}

export async function answering(home: Home, registry: Registry): Promise<void> {
  const url = `http://${registry.address}:${registry.port}/v2/`;
  await until(async () => ((await statusOf(url)) === 200 ? true : undefined), {
    timeoutMs: 20_000,
    late: () => `the registry ${registry.name} does not answer at ${url}; ${logTail(home, registry.name)}`,
  });
}

/** Stops the registries of Azure that are no longer there, and deletes their images as Azure does. */
export async function removeOtherRegistries(home: Home, wanted: readonly Registry[]): Promise<void> {
  const names = new Set(wanted.map(({ name }) => name));
  const gone = processRecords(home).filter(({ name }) => name.startsWith("registry-azure-") && !names.has(name));
  await stopDaemons(home, gone.map(({ name }) => name));
  const folders = fs.existsSync(home.registries) ? fs.readdirSync(home.registries) : [];
  for (const folder of folders.filter((name) => !names.has(`registry-azure-${name}`))) {
    fs.rmSync(path.join(home.registries, folder), { recursive: true, force: true });
  }
}

/** https://distribution.github.io/distribution/about/configuration/ */
function configurationOf({ storage, address, port }: Registry): string {
  return [
    "version: 0.1",
    "log: {level: warn, accesslog: {disabled: true}}",
    "storage:",
    `  filesystem: {rootdirectory: ${JSON.stringify(storage)}}`,
    "  delete: {enabled: true}",
    "  cache: {blobdescriptor: inmemory}",
    // Each start on its own: uploads that a killed one left open are begun again by the client.
    `http: {addr: "${address}:${port}", secret: sandbox}`,
    "",
  ].join("\n");
}

/** https://github.com/containerd/containerd/blob/main/docs/hosts.md; read at each pull, so no restart is needed. */
function allowPlainHttp(home: Home, { address, port }: Registry): void {
  const host = `${address}:${port}`;
  const file = path.join(registryHosts(home), host, "hosts.toml");
  const text = `server = "http://${host}"\n\n[host."http://${host}"]\ncapabilities = ["pull", "resolve"]\n`;
  writeIfChanged(file, text);
}

function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = http.get(url, { timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("timeout", () => request.destroy()).on("error", () => resolve(undefined));
  });
}
