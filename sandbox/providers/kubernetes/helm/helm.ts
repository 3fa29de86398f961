import { setTimeout as sleep } from "node:timers/promises";
import { PROBE } from "../../../kaito/admission";
import { ProviderError } from "../../provider-errors";
import type { Properties } from "../../values";
import { ApiError, isNotFound, type KubernetesApi, NoSuchKind } from "../kubernetes-api";
import { annotation, idOf, items, kindOf, nameOf, namespaceOf } from "../objects";
import { refOf } from "../operation";
import { awaitReady } from "../waiting";
import { inInstallOrder, inUninstallOrder } from "./install-order";
import type { PlannedRelease } from "./release-inputs";
import { ifThere, ReleaseStore, stored, type StoredRelease } from "./release-store";

const OPTIONS = { fieldManager: "helm", force: true };

/** The release is there, but what it made did not come up in time. */
export class ReleaseFailed extends Error {
  constructor(
    readonly release: StoredRelease,
    reason: string,
  ) {
    super(reason);
  }
}

/** Does to an API server what Helm does with a chart's objects. */
export class Helm {
  private readonly store: ReleaseStore;

  constructor(
    private readonly api: KubernetesApi,
    private readonly signal: AbortSignal,
  ) {
    this.store = new ReleaseStore(api);
  }

  find(namespace: string, name: string): Promise<StoredRelease | undefined> {
    return this.store.find(namespace, name);
  }

  async install(release: PlannedRelease): Promise<StoredRelease> {
    if (release.createNamespace) await this.ensureNamespace(release.namespace);
    if (await this.find(release.namespace, release.name)) throw new ProviderError("cannot re-use a name that is still in use");
    for (const object of release.templates) await this.refuseStranger(object, release);
    if (!release.skipCrds) await this.ensureDefinitions(release.crds);
    return this.roll(release, 1, []);
  }

  async upgrade(release: PlannedRelease): Promise<StoredRelease> {
    const old = await this.find(release.namespace, release.name);
    if (!old) throw new ProviderError(`"${release.name}" has no deployed releases`);
    return this.roll(release, old.revision + 1, old.manifest);
  }

  /** What is in the folder `crds` stays, and so does the namespace: https://helm.sh/docs/chart_best_practices/custom_resource_definitions/ */
  async uninstall(namespace: string, name: string, wait: boolean, timeoutSeconds: number): Promise<void> {
    const release = await this.find(namespace, name);
    if (!release) throw new ProviderError(`uninstall: Release not loaded: ${name}: release: not found`);
    const problem = await this.remove(inUninstallOrder(release.manifest), wait, timeoutSeconds);
    // Helm forgets the release whether or not its objects went (pkg/action/uninstall.go).
    await this.store.forget(namespace, name);
    if (problem !== undefined) throw new ProviderError(`uninstallation completed with 1 error(s): ${problem}`);
  }

  private async roll(release: PlannedRelease, revision: number, before: readonly Properties[]): Promise<StoredRelease> {
    await this.store.write(stored(release, revision, revision === 1 ? "pending-install" : "pending-upgrade"));
    try {
      for (const object of inInstallOrder(release.templates)) await this.put(object);
      const gone = before.filter((object) => !release.templates.some((kept) => identity(kept) === identity(object)));
      await this.remove(inUninstallOrder(gone), false, 0);
      if (!release.skipAwait || release.atomic) await this.wait(release);
    } catch (error) {
      const failed = stored(release, revision, "failed");
      await this.store.write(failed);
      if (release.atomic && revision === 1) await this.uninstall(release.namespace, release.name, true, release.timeoutSeconds);
      throw new ReleaseFailed(failed, error instanceof Error ? error.message : String(error));
    }
    const done = stored(release, revision, "deployed");
    await this.store.write(done);
    await this.store.forget(release.namespace, release.name, revision);
    return done;
  }

  private async put(object: Properties): Promise<void> {
    await this.api.apply(refOf(object), object, OPTIONS);
    if (kindOf(object)?.kind === "CustomResourceDefinition") await this.established(object);
    const probe = annotation(object, PROBE);
    if (probe !== undefined) await this.refused(JSON.parse(probe) as Properties);
  }

  /** The API server begins to ask a policy a moment after it took it. */
  private async refused(probe: Properties): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const judged = await this.api.create(refOf(probe), probe, { ...OPTIONS, dryRun: true }).then(
        () => false,
        (error: unknown) => error instanceof ApiError && error.status === 422,
      );
      if (judged) return;
      await sleep(100);
    }
    throw new Error(`timed out waiting for the policy that refuses ${identity(probe)}`);
  }

  private async wait({ templates, timeoutSeconds }: PlannedRelease): Promise<void> {
    for (const object of templates.filter(({ kind }) => kind === "Deployment" || kind === "DaemonSet")) {
      const { problems } = await awaitReady({ api: this.api, ref: refOf(object), inputs: object, timeoutSeconds, signal: this.signal }, object);
      if (problems.length > 0) throw new Error(`context deadline exceeded: ${idOf(object)}: ${problems.join("; ")}`);
    }
  }

  private async ensureNamespace(name: string): Promise<void> {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { name } } };
    if (!(await this.get(namespace))) await this.api.create(refOf(namespace), namespace, OPTIONS);
  }

  private async ensureDefinitions(definitions: readonly Properties[]): Promise<void> {
    for (const definition of definitions) {
      if (!(await this.get(definition))) await this.api.create(refOf(definition), definition, OPTIONS);
      await this.established(definition);
    }
  }

  private async established(definition: Properties): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const live = await this.api.get(refOf(definition));
      if (items(live, "status", "conditions").some(({ type, status }) => type === "Established" && status === "True")) {
        this.api.forgetKinds();
        return;
      }
      await sleep(100);
    }
    throw new Error(`timed out waiting for ${nameOf(definition)} to be established`);
  }

  /** What somebody else made is not taken over (helm/pkg/action/validate.go). */
  private async refuseStranger(object: Properties, { name, namespace }: PlannedRelease): Promise<void> {
    const live = await this.get(object);
    if (!live) return;
    const owner = annotation(live, "meta.helm.sh/release-name");
    if (owner === name && annotation(live, "meta.helm.sh/release-namespace") === namespace) return;
    throw new ProviderError(
      `Unable to continue with install: ${kindOf(object)?.kind ?? ""} "${nameOf(object)}" in namespace "${namespaceOf(object)}" exists and cannot be imported ` +
        `into the current release: invalid ownership metadata; annotation validation error: key "meta.helm.sh/release-name" must equal "${name}": current value is "${owner ?? ""}"`,
    );
  }

  private async get(object: Properties): Promise<Properties | undefined> {
    try {
      return await this.api.get(refOf(object));
    } catch (error) {
      if (isNotFound(error) || error instanceof NoSuchKind) return undefined;
      throw error;
    }
  }

  /** What is still there when the time is over, if anything: a definition stays as long as one of its objects has a finalizer. */
  private async remove(objects: readonly Properties[], wait: boolean, timeoutSeconds: number): Promise<string | undefined> {
    for (const object of objects) await ifThere(this.api.delete(refOf(object), "Background"));
    const deadline = Date.now() + timeoutSeconds * 1000;
    let left = objects;
    while (wait) {
      const found = await Promise.all(left.map((object) => this.get(object)));
      left = left.filter((_, index) => found[index] !== undefined);
      if (left.length === 0) break;
      if (Date.now() > deadline || this.signal.aborted) return `timed out waiting for the condition: ${left.map(identity).join(", ")} still there`;
      await sleep(250);
    }
    this.api.forgetKinds();
    return undefined;
  }
}

function identity(object: Properties): string {
  return `${kindOf(object)?.kind ?? ""} ${idOf(object)}`;
}
