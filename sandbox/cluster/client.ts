import * as fs from "node:fs";
import * as https from "node:https";
import type { Home } from "../home";
import { certificateFiles, type Client } from "./certificates";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export class KubernetesError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "KubernetesError";
  }
}

type PatchType = "merge-patch" | "strategic-merge-patch" | "json-patch";

/**
 * The few requests that the sandbox makes to its own API server. A full client library takes a second to load,
 * longer than bringing up a sandbox that runs already may take.
 */
export class KubernetesClient {
  private constructor(
    private readonly server: URL,
    private readonly agent: https.Agent,
  ) {}

  static of(home: Home, server: string, client: Client): KubernetesClient {
    const { certificate, key } = certificateFiles(home, client);
    const agent = new https.Agent({
      ca: fs.readFileSync(certificateFiles(home, "ca").certificate),
      cert: fs.readFileSync(certificate),
      key: fs.readFileSync(key),
      keepAlive: true,
    });
    return new KubernetesClient(new URL(server), agent);
  }

  async isReady(): Promise<boolean> {
    return this.request("GET", "/readyz").then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(succeeded(await this.request("GET", path), path)) as T;
  }

  async find<T>(path: string): Promise<T | undefined> {
    const answer = await this.request("GET", path);
    return answer.status === 404 ? undefined : (JSON.parse(succeeded(answer, path)) as T);
  }

  /** Whether it was made; false if it is there already. */
  async create(path: string, object: object): Promise<boolean> {
    const answer = await this.request("POST", path, JSON.stringify(object), "application/json");
    if (answer.status === 409) return false;
    succeeded(answer, path);
    return true;
  }

  async patch(path: string, patch: object, type: PatchType = "merge-patch"): Promise<void> {
    succeeded(await this.request("PATCH", path, JSON.stringify(patch), `application/${type}+json`), path);
  }

  /** Deleting what is gone is no error. */
  async delete(path: string, options: object = {}): Promise<void> {
    const answer = await this.request("DELETE", path, JSON.stringify(options), "application/json");
    if (answer.status !== 404) succeeded(answer, path);
  }

  async request(method: string, path: string, body?: string, contentType?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // The length must be told: Node sends a DELETE's body without one, and it becomes the next request's first line.
      const about = body === undefined ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(body) };
      const headers = { accept: "application/json", ...about };
      const options = { agent: this.agent, method, headers, timeout: 10_000 };
      const request = https.request(new URL(path, this.server), options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      });
      request.on("timeout", () => request.destroy(new Error(`${method} ${path} takes longer than 10 s`)));
      request.on("error", reject);
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function succeeded({ status, body }: Answer, path: string): string {
  if (status >= 200 && status < 300) return body;
  throw new KubernetesError(status, `${path}: ${status} ${messageOf(body)}`);
}

function messageOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed) return String(parsed.message);
  } catch {
    // not JSON: shown as it is
  }
  return body.slice(0, 300);
}
