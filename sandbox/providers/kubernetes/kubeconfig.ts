import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as yaml from "yaml";

/** The entries of a kubeconfig that its current context names. */
export interface ActiveCluster {
  readonly server: string;
  readonly certificateAuthority: Buffer | undefined;
  readonly skipVerify: boolean;
  readonly serverName: string | undefined;
  readonly namespace: string | undefined;
  readonly user: ClusterUser;
}

export interface ClusterUser {
  readonly certificate?: Buffer;
  readonly key?: Buffer;
  readonly token?: string;
  readonly exec?: ExecPlugin;
}

export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint: string | undefined;
}

export interface ContextOverrides {
  readonly context?: string;
  readonly cluster?: string;
}

type Entry = Readonly<Record<string, unknown>>;

function entry(value: unknown): Entry {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value));
}

function string(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function entries(value: unknown): readonly Entry[] {
  return Array.isArray(value) ? value.map(entry) : [];
}

function named(list: unknown, name: string | undefined, key: string): Entry {
  return entry(entries(list).find((item) => item["name"] === name)?.[key]);
}

/** Contents or a path, `~` allowed (pulumi-kubernetes, provider/pkg/provider/util.go, parseKubeconfigString). */
export function readKubeconfig(pathOrContents: string): string {
  const expanded = pathOrContents.replace(/^~(?=$|\/)/, os.homedir());
  // A kubeconfig's text can be longer than a path may be, which stat reports as an error, as it does for no such file.
  return !expanded.includes("\n") && fs.existsSync(expanded) ? fs.readFileSync(expanded, "utf8") : pathOrContents;
}

/** Where kubectl looks when nothing is configured. */
export function ambientKubeconfig(): string | undefined {
  const file = process.env["KUBECONFIG"]?.split(path.delimiter)[0] || path.join(os.homedir(), ".kube", "config");
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

function activeEntries(contents: string, overrides: ContextOverrides) {
  const config = entry(yaml.parse(contents));
  const context = named(config["contexts"], overrides.context ?? string(config["current-context"]), "context");
  const cluster = named(config["clusters"], overrides.cluster ?? string(context["cluster"]), "cluster");
  return { config, context, cluster };
}

/** The cluster entry as text: what DiffConfig compares to tell whether it is another cluster. */
export function activeClusterEntry(pathOrContents: string | undefined, overrides: ContextOverrides): string {
  if (pathOrContents === undefined) return "{}";
  const { cluster } = activeEntries(readKubeconfig(pathOrContents), overrides);
  return JSON.stringify(Object.entries(cluster).sort(([left], [right]) => left.localeCompare(right)));
}

export function parseKubeconfig(contents: string, overrides: ContextOverrides): ActiveCluster {
  const { config, context, cluster } = activeEntries(contents, overrides);
  const server = string(cluster["server"]);
  if (server === undefined) throw new Error("no server in the kubeconfig's current context");
  return {
    server,
    certificateAuthority: data(cluster, "certificate-authority"),
    skipVerify: cluster["insecure-skip-tls-verify"] === true,
    serverName: string(cluster["tls-server-name"]),
    namespace: string(context["namespace"]),
    user: user(named(config["users"], string(context["user"]), "user")),
  };
}

function data(holder: Entry, key: string): Buffer | undefined {
  const inline = string(holder[`${key}-data`]);
  if (inline !== undefined) return Buffer.from(inline, "base64");
  const file = string(holder[key]);
  return file === undefined ? undefined : fs.readFileSync(file);
}

function user(holder: Entry): ClusterUser {
  const exec = entry(holder["exec"]);
  const command = string(exec["command"]);
  const variables = entries(exec["env"]).map(({ name, value }): [string, string] => [String(name), String(value)]);
  return {
    certificate: data(holder, "client-certificate"),
    key: data(holder, "client-key"),
    token: string(holder["token"]),
    exec: command === undefined ? undefined : {
      apiVersion: string(exec["apiVersion"]) ?? "client.authentication.k8s.io/v1",
      command,
      args: Array.isArray(exec["args"]) ? exec["args"].map(String) : [],
      env: Object.fromEntries(variables),
      installHint: string(exec["installHint"]),
    },
  };
}
