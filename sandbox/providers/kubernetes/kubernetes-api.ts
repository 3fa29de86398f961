import { ProviderError } from "../provider-errors";
import type { Properties } from "../values";
import type { ApiRequest, ApiResponse, ClusterConnection } from "./cluster-connection";
import { apiVersionOf, type GroupVersionKind, items, text } from "./objects";

/** A `Status` that the API server answered with. */
export class ApiError extends ProviderError {
  constructor(
    message: string,
    readonly status: number,
    readonly reason: string,
    readonly object: { readonly kind: string; readonly name: string },
  ) {
    super(message);
  }
}

/** No resource of that kind: most often a custom resource whose definition is not installed (yet). */
export class NoSuchKind extends ProviderError {}

export interface ObjectRef {
  readonly kind: GroupVersionKind;
  /** Empty for the whole cluster's objects, and for `default`. */
  readonly namespace: string;
  readonly name: string;
}

export interface WriteOptions {
  readonly fieldManager: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

interface Resource {
  readonly plural: string;
  readonly namespaced: boolean;
}

export type PropagationPolicy = "Foreground" | "Background" | "Orphan";

/** Any object of any kind, found through discovery, as the official provider's dynamic client does. */
export class KubernetesApi {
  private resources: Promise<ReadonlyMap<string, Resource>> | undefined;

  constructor(private readonly connection: ClusterConnection) {}

  /** The first call that needs the API server; it fails with ClusterUnreachable. */
  async reach(): Promise<void> {
    await (this.resources ??= this.discover());
  }

  /** After a custom resource definition was made. */
  forgetKinds(): void {
    this.resources = undefined;
  }

  async isNamespaced(kind: GroupVersionKind): Promise<boolean> {
    return (await this.resource(kind)).namespaced;
  }

  async get(ref: ObjectRef): Promise<Properties> {
    return this.object({ method: "GET", path: await this.path(ref) });
  }

  async list(kind: GroupVersionKind, namespace: string, query = ""): Promise<readonly Properties[]> {
    const found = await this.object({ method: "GET", path: `${await this.collection(kind, namespace)}${query}` });
    return items(found, "items");
  }

  async create(ref: ObjectRef, body: Properties, options: WriteOptions): Promise<Properties> {
    const path = `${await this.collection(ref.kind, ref.namespace)}?${query(options)}`;
    return this.object({ method: "POST", path, body: JSON.stringify(body) });
  }

  /** JSON is YAML, so the body is what server-side apply wants. */
  async apply(ref: ObjectRef, body: Properties, options: WriteOptions): Promise<Properties> {
    const path = `${await this.path(ref)}?${query(options)}&force=${options.force ?? false}`;
    const contentType = "application/apply-patch+yaml";
    return this.object({ method: "PATCH", path, body: JSON.stringify(body), contentType });
  }

  async replace(ref: ObjectRef, body: Properties, options: WriteOptions): Promise<Properties> {
    const path = `${await this.path(ref)}?${query(options)}`;
    return this.object({ method: "PUT", path, body: JSON.stringify(body) });
  }

  async patchJson(ref: ObjectRef, operations: readonly Properties[]): Promise<Properties> {
    const contentType = "application/json-patch+json";
    return this.object({ method: "PATCH", path: await this.path(ref), body: JSON.stringify(operations), contentType });
  }

  async delete(ref: ObjectRef, propagationPolicy: PropagationPolicy): Promise<void> {
    const body = JSON.stringify({ apiVersion: "v1", kind: "DeleteOptions", propagationPolicy });
    await this.object({ method: "DELETE", path: await this.path(ref), body });
  }

  private async path(ref: ObjectRef): Promise<string> {
    return `${await this.collection(ref.kind, ref.namespace)}/${encodeURIComponent(ref.name)}`;
  }

  private async collection(kind: GroupVersionKind, namespace: string): Promise<string> {
    const { plural, namespaced } = await this.resource(kind);
    const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
    return namespaced ? `${root}/namespaces/${namespace || "default"}/${plural}` : `${root}/${plural}`;
  }

  private async resource(kind: GroupVersionKind): Promise<Resource> {
    const key = `${apiVersionOf(kind)}/${kind.kind}`;
    this.resources ??= this.discover();
    const known = (await this.resources).get(key);
    if (known) return known;
    // Definitions come while a program runs; a kind that is there is found without asking twice.
    this.resources = this.discover();
    const found = (await this.resources).get(key);
    if (found) return found;
    throw new NoSuchKind(`no matches for kind "${kind.kind}" in version "${apiVersionOf(kind)}"`);
  }

  /** Everything in two requests: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery */
  private async discover(): Promise<ReadonlyMap<string, Resource>> {
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const answers = await Promise.all(["/api", "/apis"].map((path) => this.object({ method: "GET", path, accept })));
    const found = new Map<string, Resource>();
    for (const group of answers.flatMap((answer) => items(answer, "items"))) {
      for (const version of items(group, "versions")) addResources(found, group, version);
    }
    return found;
  }

  private async object(request: ApiRequest): Promise<Properties> {
    const response = await this.connection.send(request);
    const body = parse(response);
    if (response.status >= 200 && response.status < 300) return body;
    const object = { kind: text(body, "details", "kind") ?? "", name: text(body, "details", "name") ?? "" };
    const message = text(body, "message") ?? `the server answered ${response.status}: ${response.body.slice(0, 200)}`;
    throw new ApiError(message, response.status, text(body, "reason") ?? "", object);
  }
}

function addResources(found: Map<string, Resource>, group: Properties, version: Properties): void {
  const versionName = text(version, "version") ?? "";
  for (const resource of items(version, "resources")) {
    // A subresource-only kind (scale, token request) has its kind under another path and no collection of its own.
    const kind = text(resource, "responseKind", "kind") ?? "";
    const owner = { group: text(group, "metadata", "name") ?? "", version: versionName, kind };
    const plural = text(resource, "resource") ?? "";
    found.set(`${apiVersionOf(owner)}/${kind}`, { plural, namespaced: text(resource, "scope") === "Namespaced" });
  }
}

function parse(response: ApiResponse): Properties {
  try {
    const body: unknown = JSON.parse(response.body);
    return typeof body === "object" && body !== null ? Object.fromEntries(Object.entries(body)) : {};
  } catch {
    return {};
  }
}

/** Unknown fields are warned about, not refused, as the official provider asks for (provider/pkg/await/await.go). */
function query({ fieldManager, dryRun }: WriteOptions): string {
  const parameters = new URLSearchParams({ fieldManager, fieldValidation: "Warn" });
  if (dryRun) parameters.set("dryRun", "All");
  return parameters.toString();
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** The namespace itself is missing, not the object (provider/pkg/await/util.go, IsNamespaceNotFoundErr). */
export function isNamespaceMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404 && error.object.kind === "namespaces";
}
