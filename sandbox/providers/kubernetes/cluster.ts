import { ProviderError } from "../provider-errors";
import type { Properties } from "../values";
import { ClusterConnection } from "./cluster-connection";
import type { Configuration } from "./configuration";
import { ambientKubeconfig, parseKubeconfig, readKubeconfig } from "./kubeconfig";
import { KubernetesApi, NoSuchKind } from "./kubernetes-api";
import { kindOf, namespaceOf } from "./objects";

/** One configured provider: an API server, or the reason why it cannot be asked. */
export class Cluster {
  private constructor(
    readonly configuration: Configuration,
    readonly defaultNamespace: string,
    private readonly reached: { readonly api: KubernetesApi } | { readonly reason: string },
  ) {}

  /** Never fails: previews go on without an API server (provider.go, Configure). */
  static async reach(configuration: Configuration): Promise<Cluster> {
    let defaultNamespace = configuration.namespace ?? "default";
    try {
      const given = configuration.kubeconfig;
      const contents = given === undefined ? ambientKubeconfig() : readKubeconfig(given);
      const active = parseKubeconfig(contents ?? "", configuration);
      defaultNamespace = configuration.namespace ?? active.namespace ?? "default";
      const api = new KubernetesApi(new ClusterConnection(active));
      await api.reach();
      return new Cluster(configuration, defaultNamespace, { api });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return new Cluster(configuration, defaultNamespace, { reason });
    }
  }

  get reachable(): boolean {
    return "api" in this.reached;
  }

  get api(): KubernetesApi {
    if ("api" in this.reached) return this.reached.api;
    throw new ProviderError(`configured Kubernetes cluster is unreachable: ${this.reached.reason}`);
  }

  /** Reading and deleting what is in a cluster that is gone: the provider can be told to let go of it. */
  get apiOfKnownObject(): KubernetesApi {
    if ("api" in this.reached) return this.reached.api;
    const hint =
      "If the cluster was deleted, you can remove this resource from Pulumi state by setting deleteUnreachable on " +
      "the provider";
    throw new ProviderError(`configured Kubernetes cluster is unreachable: ${this.reached.reason}. ${hint}`);
  }

  async isNamespaced(object: Properties): Promise<boolean> {
    const kind = kindOf(object);
    if (!this.reachable || !kind) return namespaceOf(object) !== "";
    try {
      return await this.api.isNamespaced(kind);
    } catch (error) {
      // A kind whose definition is not there yet is taken to be namespaced (provider.go, Check and Diff).
      if (error instanceof NoSuchKind) return true;
      throw error;
    }
  }

  async hasKind(object: Properties): Promise<boolean> {
    const kind = kindOf(object);
    if (!this.reachable || !kind) return false;
    try {
      await this.api.isNamespaced(kind);
      return true;
    } catch (error) {
      if (error instanceof NoSuchKind) return false;
      throw error;
    }
  }
}
