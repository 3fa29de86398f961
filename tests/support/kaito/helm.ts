import * as path from "node:path";
import { KubernetesStandIn } from "../../../sandbox/providers/kubernetes/kubernetes-stand-in";
import { RELEASE } from "../../../sandbox/providers/kubernetes/helm/release-inputs";
import { text } from "../../../sandbox/providers/kubernetes/objects";
import { isProperties, type Properties, type Value } from "../../../sandbox/providers/values";

export const KAITO_CHART: Properties = {
  chart: "workspace",
  version: "0.12.0",
  repositoryOpts: { repo: "https://kaito-project.github.io/kaito/charts/kaito" },
  name: "kaito-workspace",
  namespace: "kaito-workspace",
  createNamespace: true,
};

export const GPU_PROVISIONER_CHART: Properties = {
  chart: "gpu-provisioner",
  version: "0.4.2",
  repositoryOpts: { repo: "https://azure.github.io/gpu-provisioner/charts" },
  name: "gpu-provisioner",
  namespace: "gpu-provisioner",
  createNamespace: true,
};

/** Helm releases in a sandbox's cluster, made as the engine makes them, without one. */
export class Releases {
  private constructor(private readonly provider: KubernetesStandIn) {}

  static async in(home: string): Promise<Releases> {
    const provider = new KubernetesStandIn();
    await provider.configure({ urn: undefined, name: undefined, config: { kubeconfig: path.join(home, "kubeconfig") } });
    return new Releases(provider);
  }

  async install(news: Properties): Promise<Properties> {
    return (await this.provider.create({ ...about(news), inputs: await this.checked(news), preview: false, timeoutSeconds: 0 })).outputs;
  }

  async upgrade(old: Properties, news: Properties): Promise<Properties> {
    const changes = { olds: old, oldInputs: {}, news: await this.checked(news), ignoreChanges: [], preview: false, timeoutSeconds: 0 };
    return this.provider.update({ ...about(news), id: idOf(news), ...changes });
  }

  async read(state: Properties): Promise<Properties | undefined> {
    return (await this.provider.read({ ...about(state), id: idOf(state), outputs: state, inputs: {} }))?.outputs;
  }

  async uninstall(state: Properties): Promise<void> {
    await this.provider.delete({ ...about(state), id: idOf(state), outputs: state, inputs: {}, timeoutSeconds: 0 });
  }

  private async checked(news: Properties): Promise<Properties> {
    const { inputs, failures = [] } = await this.provider.check({ ...about(news), olds: {}, news, randomSeed: new Uint8Array([1]), autonaming: undefined });
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    return inputs;
  }
}

function about(release: Properties) {
  const name = text(release, "name") ?? "";
  return { urn: `urn:pulumi:test::tests::${RELEASE}::${name}`, type: RELEASE, name, signal: new AbortController().signal };
}

function idOf(release: Properties): string {
  return `${text(release, "namespace") ?? ""}/${text(release, "name") ?? ""}`;
}

export function statusOf(state: Properties | undefined): Properties {
  const status: Value | undefined = state?.["status"];
  return isProperties(status) ? status : {};
}
