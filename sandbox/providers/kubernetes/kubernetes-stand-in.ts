import { ProviderError } from "../provider-errors";
import type * as stand from "../stand-in";
import { containsUnknown, type Properties, Unknown } from "../values";
import * as state from "./checkpoint";
import { Cluster } from "./cluster";
import { diffConfiguration, parseConfiguration } from "./configuration";
import { forceNewPaths } from "./force-new";
import { diffInputs, withoutIgnored } from "./input-diff";
import { RELEASE } from "./helm/release-inputs";
import { HelmReleases } from "./helm/releases";
import { ApiError, isNamespaceMissing, isNotFound, NoSuchKind } from "./kubernetes-api";
import { autonamed, isAutonamed } from "./naming";
import { createObject, updateObject } from "./object-writes";
import * as objects from "./objects";
import {
  fieldManagerOf,
  isForbidden,
  notLive,
  propagationPolicy,
  reasonOf,
  refOf,
  refused,
  withCanonicalNamespace,
} from "./operation";
import { awaitDeleted, awaitReady, stateNow } from "./waiting";

const NAME = "this stand-in for the Kubernetes provider";

/**
 * Stands in for the official Kubernetes provider (4.34): its rules, against a real API server, for objects of any kind.
 * It keeps nothing of its own. Of Helm's charts it knows a few by heart. Origins are named as files of github.com/pulumi/pulumi-kubernetes.
 */
export class KubernetesStandIn implements stand.StandIn {
  readonly supportsAutonaming = true;
  private configured: Cluster | undefined;

  diffConfig(request: stand.DiffRequest): stand.DiffResult {
    return diffConfiguration(request);
  }

  async configure({ config }: stand.ConfigureRequest): Promise<void> {
    const configuration = parseConfiguration(config);
    if (!configuration.serverSideApply) {
      throw new ProviderError(`${NAME} has no client-side apply (enableServerSideApply)`);
    }
    this.configured = await Cluster.reach(configuration);
  }

  async check(request: stand.CheckRequest): Promise<stand.CheckResult> {
    if (request.type === RELEASE) return this.releases.check(request);
    if (objects.kindOfType(request.type).kind.endsWith("Patch")) {
      throw new ProviderError(`${NAME} has no Patch resources: ${request.type}`);
    }
    const inputs = state.writable(objects.plainObject(request.news));
    const named = autonamed(inputs, objects.plainObject(request.olds), request);
    const metadata = named["metadata"];
    const unplaced = !(metadata instanceof Unknown) && objects.field(metadata, "namespace") === undefined;
    const placed =
      unplaced && (await this.cluster.isNamespaced(named))
        ? objects.withField(named, ["metadata", "namespace"], this.cluster.defaultNamespace)
        : named;
    return { inputs: state.withSecrets(placed, request.news) };
  }

  async diff(request: stand.DiffRequest): Promise<stand.DiffResult> {
    if (request.type === RELEASE) return this.releases.diff(request);
    const { configMapMutable, secretMutable } = this.cluster.configuration;
    const old = state.parseCheckpoint(request.olds);
    const plain = objects.plainObject(request.news);
    const namespaced = await this.cluster.isNamespaced(plain);
    const news = withCanonicalNamespace(state.comparable(plain), namespaced);
    const pruned = objects.prune(old.live, state.comparable(old.inputs));
    const named = objects.withField(pruned, ["metadata", "name"], objects.nameOf(old.live));
    const forceNew = forceNewPaths(news, { configMaps: configMapMutable, secrets: secretMutable });
    const all = diffInputs(withCanonicalNamespace(named, namespaced), news, forceNew);
    const detailed = withoutIgnored(all, request.ignoreChanges);
    const replaces = Object.keys(detailed).filter(
      (path) => detailed[path]?.endsWith("-replace") || (path === "metadata" && detailed[path] === "delete"),
    );
    return {
      changes: Object.keys(detailed).length > 0 ? "some" : "none",
      replaces,
      detailed,
      // The same name in the same place cannot be made before the old one is gone (provider.go, Diff).
      deleteBeforeReplace: replaces.length > 0 && !isAutonamed(news) && objects.idOf(news) === objects.idOf(old.live),
    };
  }

  async create(request: stand.CreateRequest): Promise<stand.CreateResult> {
    if (request.type === RELEASE) return this.releases.create(request);
    const inputs = objects.plainObject(request.inputs);
    const asGiven = { id: "", outputs: request.inputs };
    if (request.preview && !(await this.canPreview(inputs))) return asGiven;

    const { api, configuration } = this.cluster;
    const ref = refOf(inputs);
    const fieldManager = fieldManagerOf(inputs, undefined);
    const { preview: dryRun, signal } = request;
    const options = { fieldManager, dryRun, signal, force: dryRun || configuration.patchForce };
    let written: Properties;
    try {
      written = await createObject(api, ref, inputs, { ...options, upsert: configuration.upsertExistingObjects });
    } catch (error) {
      if (dryRun && (isForbidden(error) || isNamespaceMissing(error))) return asGiven;
      throw refused(error, `resource "${request.urn}" was not successfully created by the Kubernetes API server`);
    }
    if (dryRun) {
      // Its empty status would be read as known (provider.go, Create).
      const previewed = objects.withoutField(written, ["status"]);
      return { id: "", outputs: state.checkpoint(inputs, previewed, request.inputs, fieldManager) };
    }
    if (ref.kind.kind === "CustomResourceDefinition") api.forgetKinds();
    const { live, problems } = await awaitReady({ ...request, api, ref, inputs }, written);
    const outputs = state.checkpoint(inputs, live, request.inputs, fieldManager);
    const id = objects.idOf(live);
    if (problems.length > 0) throw notLive(id, request.inputs, outputs, createdNotLive(request.urn), problems);
    return { id, outputs };
  }

  async read(request: stand.ReadRequest): Promise<stand.ReadResult | undefined> {
    const { configuration, reachable } = this.cluster;
    if (!reachable && configuration.deleteUnreachable) return undefined;
    if (!reachable && configuration.skipUpdateUnreachable) return request;
    if (request.type === RELEASE) return this.releases.read(request);
    const api = this.cluster.apiOfKnownObject;
    const old = state.parseCheckpoint(request.outputs);
    const given = state.writable(objects.plainObject(request.inputs));
    // What a `get` left in the state has no inputs but an identity (provider.go, Read).
    const oldInputs = objects.kindOf(given) ? given : objects.identity(old.live);
    const kind = objects.kindOf(oldInputs) ?? objects.kindOfType(request.type);
    let live: Properties;
    try {
      live = await api.get({ kind, ...objects.parseId(request.id) });
    } catch (error) {
      // Gone, or its definition is and it with it.
      if (isNotFound(error) || error instanceof NoSuchKind) return undefined;
      throw error;
    }
    // A `get` or an import knows nothing yet: everything that could be an input is one. Otherwise only what the program
    // declares, so that what others write beside it is no change.
    const declared = Object.keys(oldInputs).length > 0;
    const inputs = declared ? state.declaredOfLive(live, oldInputs) : state.inputsOfLive(live);
    const outputs = state.checkpoint(inputs, live, request.inputs, fieldManagerOf(inputs, old.fieldManager));
    const marked = state.withSecrets(inputs, request.inputs);
    const problems = declared ? await stateNow(api, live, oldInputs) : [];
    if (problems.length > 0) throw notLive(request.id, marked, outputs, `"${request.id}" is not live`, problems);
    return { id: request.id, outputs, inputs: marked };
  }

  async update(request: stand.UpdateRequest): Promise<Properties> {
    if (request.type === RELEASE) return this.releases.update(request);
    const inputs = state.writable(objects.plainObject(request.news));
    if (request.preview && !(await this.canPreview(inputs))) return request.news;

    const { api, configuration } = this.cluster;
    const fieldManager = fieldManagerOf(inputs, state.parseCheckpoint(request.olds).fieldManager);
    const ref = { kind: refOf(inputs).kind, ...objects.parseId(request.id) };
    const { preview: dryRun, ignoreChanges } = request;
    const keep = (live: Properties): Properties => state.checkpoint(inputs, live, request.news, fieldManager);
    const summary = `the Kubernetes API server reported that "${request.id}" failed to fully initialize or become live`;
    let written: Properties;
    try {
      const options = { fieldManager, ignoreChanges, dryRun, force: configuration.patchForce };
      written = await updateObject(api, ref, inputs, options);
    } catch (error) {
      if (dryRun && isForbidden(error)) return request.news;
      if (dryRun || !(error instanceof ApiError) || isNotFound(error)) {
        throw refused(error, `update of resource "${request.urn}" failed`);
      }
      // The object stays as it is, and the state says so (provider.go, Update).
      throw notLive(request.id, request.news, keep(await api.get(ref)), summary, [reasonOf(error)]);
    }
    if (dryRun) return keep(written);
    const { live, problems } = await awaitReady({ ...request, api, ref, inputs }, written);
    if (problems.length > 0) throw notLive(request.id, request.news, keep(live), summary, problems);
    return keep(live);
  }

  async delete(request: stand.DeleteRequest): Promise<void> {
    const { configuration, reachable } = this.cluster;
    if (!reachable && configuration.deleteUnreachable) return;
    if (request.type === RELEASE) return this.releases.delete(request);
    const api = this.cluster.apiOfKnownObject;
    const { inputs, live, fieldManager } = state.parseCheckpoint(request.outputs);
    const ref = { kind: objects.kindOf(live) ?? objects.kindOfType(request.type), ...objects.parseId(request.id) };
    try {
      await api.delete(ref, propagationPolicy(inputs));
    } catch (error) {
      if (isNotFound(error) || error instanceof NoSuchKind) return;
      throw error;
    }
    const left = await awaitDeleted({ ...request, api, ref, inputs });
    if (!left) return;
    const outputs = state.checkpoint(inputs, left.live, request.inputs, fieldManagerOf(inputs, fieldManager));
    throw notLive(request.id, request.inputs, outputs, `"${request.id}" was not deleted`, left.problems);
  }

  invoke({ token }: stand.InvokeRequest): stand.InvokeResult {
    throw new ProviderError(`${NAME} has no function ${token}`);
  }

  private get cluster(): Cluster {
    if (!this.configured) throw new ProviderError("the Kubernetes provider has not been configured");
    return this.configured;
  }

  private get releases(): HelmReleases {
    return new HelmReleases(this.cluster);
  }

  /** A dry run needs every value, and the kind at the API server (provider.go, Create and Update). */
  private async canPreview(inputs: Properties): Promise<boolean> {
    return !containsUnknown(inputs) && (await this.cluster.hasKind(inputs));
  }
}

function createdNotLive(urn: string): string {
  return (
    `resource "${urn}" was successfully created, but the Kubernetes API server reported that it failed to fully ` +
    "initialize or become live"
  );
}
