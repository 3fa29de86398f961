import { KubernetesClient } from "../../sandbox/cluster/client";
import { clusterSettings } from "../../sandbox/cluster/cluster-settings";
import { sandboxHome } from "../../sandbox/home";
import type { KubernetesObject } from "./kubernetes-objects";

/** What the API server said of an object: nothing if it took it. */
export interface Verdict {
  /** Whether the server knows no such kind, as its definition is not installed. */
  readonly unknownKind: boolean;
  readonly refusal?: string;
}

export interface ApiServer {
  /** Server-side apply, which checks every field against the server's own schema. */
  apply(object: KubernetesObject, options: { readonly dryRun: boolean }): Promise<Verdict>;
  get<T>(path: string): Promise<T>;
  delete(path: string): Promise<void>;
  close(): void;
}

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** The API server of a sandbox, as its administrator. */
export function apiServerOf(home: string): ApiServer {
  const place = sandboxHome(home);
  const settings = clusterSettings(place);
  if (!settings) throw new Error(`no sandbox is in ${home}`);
  const client = KubernetesClient.of(place, settings.server, "admin");
  const lists = new Map<string, Promise<ResourceList | undefined>>();
  const listOf = (apiVersion: string): Promise<ResourceList | undefined> => {
    const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const list = lists.get(path) ?? client.find<ResourceList>(path);
    lists.set(path, list);
    return list;
  };
  return {
    apply: async (object, { dryRun }) => {
      const list = await listOf(object.apiVersion);
      const resource = list?.resources.find(({ name, kind }) => kind === object.kind && !name.includes("/"));
      if (!resource) return { unknownKind: true };
      const base = object.apiVersion.includes("/") ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
      const inside = resource.namespaced ? `/namespaces/${object.metadata.namespace ?? "default"}` : "";
      const query = `fieldManager=tests&force=true&fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`;
      const path = `${base}${inside}/${resource.name}/${object.metadata.name}?${query}`;
      const { status, body } = await client.request("PATCH", path, JSON.stringify(object), "application/apply-patch+yaml");
      return { unknownKind: false, ...(status < 300 ? {} : { refusal: `${status} ${messageOf(body)}` }) };
    },
    get: (path) => client.get(path),
    delete: (path) => client.delete(path, { gracePeriodSeconds: 0 }),
    close: () => client.close(),
  };
}

function messageOf(body: string): string {
  const status = JSON.parse(body) as { readonly message?: string };
  return status.message ?? body;
}
