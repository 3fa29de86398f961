import { InitializationFailed, ProviderError } from "../../provider-errors";
import type * as stand from "../../stand-in";
import { containsUnknown, isProperties, type Properties, Secret, type Value } from "../../values";
import { withSecrets } from "../checkpoint";
import type { Cluster } from "../cluster";
import { diffInputs, withoutIgnored } from "../input-diff";
import { parseId, plainObject } from "../objects";
import { Helm, ReleaseFailed } from "./helm";
import { checksum, plannedRelease, resourceNames, withDefaults } from "./release-inputs";
import type { StoredRelease } from "./release-store";

const INPUTS = "__inputs";

/**
 * Stands in for `kubernetes:helm.sh/v3:Release` (pulumi-kubernetes, provider/pkg/provider/helm_release.go). It fetches no chart: it renders
 * the few that the sandbox was taught, and refuses every other with their names.
 */
export class HelmReleases {
  constructor(private readonly cluster: Cluster) {}

  check(request: stand.CheckRequest): stand.CheckResult {
    const news = withDefaults(plainObject(request.news), plainObject(request.olds), request, this.cluster.defaultNamespace);
    if (containsUnknown(news)) return { inputs: withSecrets(news, request.news) };
    try {
      const { templates, crds, skipCrds } = plannedRelease(news);
      const all = skipCrds ? templates : [...crds, ...templates];
      return { inputs: withSecrets({ ...news, checksum: checksum(all), resourceNames: resourceNames(all) }, request.news) };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { inputs: news, failures: [{ property: "chart", reason: `${error.message}; check the chart name and repository configuration.` }] };
    }
  }

  /** Name and place replace a release, everything else upgrades it. */
  diff(request: stand.DiffRequest): stand.DiffResult {
    const old = inputsOf(request.olds);
    const all = diffInputs(old, plainObject(request.news), [["name"], ["namespace"]]);
    const detailed = withoutIgnored(all, request.ignoreChanges);
    const replaces = Object.keys(detailed).filter((path) => detailed[path]?.endsWith("-replace"));
    return { changes: Object.keys(detailed).length > 0 ? "some" : "none", replaces, detailed, deleteBeforeReplace: false };
  }

  async create(request: stand.CreateRequest): Promise<stand.CreateResult> {
    if (request.preview) return { id: "", outputs: this.outputs(request.inputs, undefined) };
    const release = plannedRelease(plainObject(request.inputs));
    const id = `${release.namespace}/${release.name}`;
    const done = await this.attempt(id, request.inputs, request.signal, (helm) => helm.install(release));
    return { id, outputs: this.outputs(request.inputs, done) };
  }

  async read(request: stand.ReadRequest): Promise<stand.ReadResult | undefined> {
    const { namespace, name } = parseId(request.id);
    const live = await new Helm(this.cluster.apiOfKnownObject, request.signal).find(namespace, name);
    if (!live) return undefined;
    const known = inputsOf(request.outputs);
    const inputs = Object.keys(known).length > 0 ? known : { name, namespace, chart: live.chart, version: live.version, values: live.values };
    const marked = withSecrets(inputs, request.inputs);
    return { id: request.id, inputs: marked, outputs: this.outputs(marked, live) };
  }

  async update(request: stand.UpdateRequest): Promise<Properties> {
    if (request.preview) return this.outputs(request.news, undefined);
    const release = plannedRelease(plainObject(request.news));
    const done = await this.attempt(request.id, request.news, request.signal, (helm) => helm.upgrade(release));
    return this.outputs(request.news, done);
  }

  async delete(request: stand.DeleteRequest): Promise<void> {
    const { namespace, name } = parseId(request.id);
    const { atomic, skipAwait, timeout } = inputsOf(request.outputs);
    const wait = atomic === true || skipAwait !== true;
    const seconds = typeof timeout === "number" && timeout > 0 ? timeout : 300;
    await new Helm(this.cluster.apiOfKnownObject, request.signal).uninstall(namespace, name, wait, seconds);
  }

  private async attempt(id: string, inputs: Properties, signal: AbortSignal, work: (helm: Helm) => Promise<StoredRelease>): Promise<StoredRelease> {
    try {
      return await work(new Helm(this.cluster.api, signal));
    } catch (error) {
      if (!(error instanceof ReleaseFailed)) throw error;
      const reason = `Helm release "${id}" was created, but failed to initialize completely. Use Helm CLI to investigate.: ${error.message}`;
      throw new InitializationFailed(id, inputs, this.outputs(inputs, error.release), [reason]);
    }
  }

  private outputs(inputs: Properties, live: StoredRelease | undefined): Properties {
    const { checksum: sum, ...shown } = inputs;
    const state = live ? { version: live.version, values: live.values, resourceNames: resourceNames(live.manifest), status: statusOf(live) } : {};
    return { ...withSecrets({ ...shown, ...state, ...(sum === undefined ? {} : { checksum: sum }) }, inputs), [INPUTS]: new Secret(inputs) };
  }
}

function statusOf({ name, namespace, revision, status, chart, version, appVersion }: StoredRelease): Properties {
  return { name, namespace, revision, status, chart, version, appVersion };
}

/** What the release was last made from, kept secret beside the outputs. */
function inputsOf(state: Properties): Properties {
  const kept: Value | undefined = plainObject(state)[INPUTS];
  return isProperties(kept) ? kept : {};
}
