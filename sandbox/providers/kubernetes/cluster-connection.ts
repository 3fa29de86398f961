import { execFile } from "node:child_process";
import * as http from "node:http";
import * as https from "node:https";
import { ProviderError } from "../provider-errors";
import type { ActiveCluster, ClusterUser, ExecPlugin } from "./kubeconfig";

/** The API server could not be asked at all, or nobody could say who asks. */
export class ClusterUnreachable extends ProviderError {}

export interface ApiResponse {
  readonly status: number;
  readonly body: string;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With the query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
}

/** Keep-alive HTTPS to one API server, as the user of its kubeconfig. */
export class ClusterConnection {
  private session: Promise<{ readonly agent: http.Agent; readonly token: string | undefined }> | undefined;

  constructor(private readonly cluster: ActiveCluster) {}

  async send(request: ApiRequest): Promise<ApiResponse> {
    const response = await this.sendOnce(request);
    if (response.status !== 401 || this.cluster.user.exec === undefined) return response;
    // Exec credentials expire; client-go asks the plugin again when it is turned away.
    this.session = undefined;
    return this.sendOnce(request);
  }

  private async sendOnce(request: ApiRequest): Promise<ApiResponse> {
    const { agent, token } = await (this.session ??= this.open());
    const url = new URL(this.cluster.server.replace(/\/$/, "") + request.path);
    const headers: http.OutgoingHttpHeaders = { Accept: request.accept ?? "application/json" };
    if (token !== undefined) headers["Authorization"] = `Bearer ${token}`;
    if (request.body !== undefined) {
      headers["Content-Type"] = request.contentType ?? "application/json";
      headers["Content-Length"] = Buffer.byteLength(request.body);
    }
    return exchange(url, { method: request.method, headers, agent }, request.body);
  }

  private async open(): Promise<{ agent: http.Agent; token: string | undefined }> {
    const { user, certificateAuthority, skipVerify, serverName } = this.cluster;
    const credential = user.exec === undefined ? user : await execCredential(user.exec);
    if (this.cluster.server.startsWith("http:")) {
      return { agent: new http.Agent({ keepAlive: true, maxSockets: 32 }), token: credential.token };
    }
    const agent = new https.Agent({
      keepAlive: true,
      maxSockets: 32,
      ca: certificateAuthority,
      cert: credential.certificate,
      key: credential.key,
      rejectUnauthorized: !skipVerify,
      ...(serverName === undefined ? {} : { servername: serverName }),
    });
    return { agent, token: credential.token };
  }
}

function exchange(url: URL, options: https.RequestOptions, body: string | undefined): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const open = url.protocol === "http:" ? http.request : https.request;
    const outgoing = open(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    outgoing.setTimeout(30_000, () => outgoing.destroy(new Error("no answer within 30 seconds")));
    outgoing.on("error", (error) => {
      reject(new ClusterUnreachable(`${url.origin}: ${error.message}`));
    });
    outgoing.end(body);
  });
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
async function execCredential(plugin: ExecPlugin): Promise<ClusterUser> {
  const info = { apiVersion: plugin.apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  const env = { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const status = credentialStatus(await outputOf(plugin, env));
  return {
    token: status["token"],
    certificate: bytes(status["clientCertificateData"]),
    key: bytes(status["clientKeyData"]),
  };
}

function bytes(text: string | undefined): Buffer | undefined {
  return text === undefined ? undefined : Buffer.from(text);
}

function outputOf(plugin: ExecPlugin, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(plugin.command, [...plugin.args], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error === null) { resolve(stdout); return; }
      const hint = plugin.installHint === undefined ? "" : `\n${plugin.installHint}`;
      const reason = stderr.trim() || error.message;
      reject(new ClusterUnreachable(`getting credentials: exec: ${plugin.command}: ${reason}${hint}`));
    });
  });
}

function credentialStatus(output: string): Readonly<Record<string, string | undefined>> {
  const credential: unknown = JSON.parse(output);
  if (typeof credential !== "object" || credential === null || !("status" in credential)) {
    throw new ClusterUnreachable("getting credentials: the exec plugin printed no status");
  }
  const entries = Object.entries(credential.status ?? {});
  return Object.fromEntries(entries.filter(([, value]) => typeof value === "string" && value !== ""));
}
