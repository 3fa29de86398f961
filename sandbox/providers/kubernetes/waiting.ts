import { setTimeout as sleep } from "node:timers/promises";
import type { Properties } from "../values";
import { ClusterUnreachable } from "./cluster-connection";
import { isNotFound, type KubernetesApi, type ObjectRef } from "./kubernetes-api";
import { annotation, field, isAnnotatedTrue, items, kindOf, nameOf, namespaceOf, text } from "./objects";
import * as rules from "./readiness";

const SKIP_AWAIT = "pulumi.com/skipAwait";
const TIMEOUT = "pulumi.com/timeoutSeconds";
const WAIT_FOR = "pulumi.com/waitFor";

/** Ten minutes unless the kind says otherwise: provider/pkg/await/awaiters.go. */
const DEFAULT_SECONDS = 600;
const SECONDS: Readonly<Record<string, number>> = {
  "v1/PersistentVolume": 300,
  "v1/PersistentVolumeClaim": 300,
  "v1/ResourceQuota": 60,
};

/** A Service counts as ready when its endpoints have not changed for this long (provider/pkg/await/service.go). */
const SETTLE_MS = 10_000;

/** Kinds whose state a refresh reports too; the rest are only awaited when written (awaiters.go, awaitRead). */
const READ_KINDS = new Set([
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/StatefulSet",
  "batch/v1/Job",
  "v1/Pod",
  "v1/Service",
]);

export interface Waiter {
  readonly api: KubernetesApi;
  readonly ref: ObjectRef;
  /** As the program has them: they carry the annotations that steer waiting. */
  readonly inputs: Properties;
  /** From `customTimeouts`; 0 for none. It goes before the annotation (provider/pkg/metadata/overrides.go). */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

export interface Outcome {
  readonly live: Properties;
  /** Empty when the object is ready. */
  readonly problems: readonly string[];
}

function kindKey(object: Properties): string {
  return `${text(object, "apiVersion") ?? ""}/${text(object, "kind") ?? ""}`;
}

function limitMs({ inputs, timeoutSeconds }: Waiter): number {
  const annotated = Number(annotation(inputs, TIMEOUT));
  const seconds = timeoutSeconds || annotated || SECONDS[kindKey(inputs)] || DEFAULT_SECONDS;
  return seconds * 1000;
}

/** Waits for the object to do its work, as the official provider does for its kind. */
export async function awaitReady(waiter: Waiter, written: Properties): Promise<Outcome> {
  if (isAnnotatedTrue(waiter.inputs, SKIP_AWAIT)) return { live: written, problems: [] };
  const deadline = Date.now() + limitMs(waiter);
  const settling = new Settling();
  let live = written;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    const look = await lookAt(waiter, live, settling);
    live = look.live;
    if (look.readiness.ready) return { live, problems: [] };
    const reason = givenUp(look.readiness, deadline, waiter.signal);
    if (reason !== undefined) {
      return { live, problems: [`${reason} for "${nameOf(live)}"`, ...look.readiness.problems] };
    }
    await sleep(pause);
  }
}

function givenUp(readiness: rules.Readiness, deadline: number, signal: AbortSignal): string | undefined {
  if (readiness.failed) return "Resource initialization failed";
  if (signal.aborted) return "Resource operation was cancelled";
  return Date.now() > deadline ? "Resource operation timed out" : undefined;
}

async function lookAt(
  { api, ref, inputs }: Waiter,
  last: Properties,
  settling: Settling,
): Promise<{ live: Properties; readiness: rules.Readiness }> {
  try {
    const live = await api.get(ref);
    return { live, readiness: await readiness(api, live, inputs, settling) };
  } catch (error) {
    // An API server that restarts is waited for like anything else.
    if (!(error instanceof ClusterUnreachable)) throw error;
    return { live: last, readiness: { ready: false, problems: [error.message] } };
  }
}

/** What refresh says of an object that it found: nothing is waited for (await.go, Read). */
export async function stateNow(api: KubernetesApi, live: Properties, inputs: Properties): Promise<readonly string[]> {
  if (isAnnotatedTrue(inputs, SKIP_AWAIT) || !READ_KINDS.has(kindKey(live))) return [];
  const found = await readiness(api, live, inputs, new Settling(0));
  return found.ready ? [] : [`Resource is not ready: "${nameOf(live)}"`, ...found.problems];
}

async function readiness(
  api: KubernetesApi,
  live: Properties,
  inputs: Properties,
  settling: Settling,
): Promise<rules.Readiness> {
  const waitFor = annotation(inputs, WAIT_FOR);
  if (waitFor?.startsWith("condition=")) return rules.conditionReadiness(live, waitFor.slice("condition=".length));
  if (waitFor?.startsWith("jsonpath=")) return rules.fieldReadiness(live, waitFor.slice("jsonpath=".length));
  switch (kindKey(live)) {
    case "apps/v1/Deployment":
      return rules.deploymentReadiness(live, await replicaSetsOf(api, live), await claimsOf(api, live));
    case "apps/v1/StatefulSet":
      return rules.statefulSetReadiness(live);
    case "apps/v1/DaemonSet":
      return rules.daemonSetReadiness(live);
    case "batch/v1/Job":
      return rules.jobReadiness(live);
    case "v1/Pod":
      return rules.podReadiness(live);
    case "v1/Service":
      return settling.settled(await endpointsOf(api, live), (endpoints) => rules.serviceReadiness(live, endpoints));
    case "v1/PersistentVolumeClaim":
      return rules.claimReadiness(live, await bindingModeOf(api, live));
    case "v1/PersistentVolume":
      return rules.volumeReadiness(live);
    case "v1/ResourceQuota":
      return rules.quotaReadiness(live);
    default:
      return { ready: true, problems: [] };
  }
}

/** Endpoints come in several writes; the last one is known by the quiet after it. */
class Settling {
  private version: string | undefined;
  private since = 0;

  constructor(private readonly quietMs = SETTLE_MS) {}

  settled(
    endpoints: Properties | undefined,
    rule: (endpoints: Properties | undefined) => rules.Readiness,
  ): rules.Readiness {
    const version = text(endpoints, "metadata", "resourceVersion");
    if (version !== this.version) {
      this.version = version;
      this.since = Date.now();
    }
    const found = rule(endpoints);
    if (!found.ready || version === undefined || Date.now() - this.since >= this.quietMs) return found;
    return { ready: false, problems: ["Endpoints of the Service are still changing"] };
  }
}

async function replicaSetsOf(api: KubernetesApi, deployment: Properties): Promise<readonly Properties[]> {
  const uid = text(deployment, "metadata", "uid");
  const all = await api.list({ group: "apps", version: "v1", kind: "ReplicaSet" }, namespaceOf(deployment));
  return all.filter((set) => items(set, "metadata", "ownerReferences").some((owner) => owner["uid"] === uid));
}

async function claimsOf(api: KubernetesApi, deployment: Properties): Promise<readonly Properties[]> {
  const volumes = items(deployment, "spec", "template", "spec", "volumes");
  const names = new Set(volumes.map((volume) => text(volume, "persistentVolumeClaim", "claimName")));
  names.delete(undefined);
  if (names.size === 0) return [];
  const all = await api.list({ group: "", version: "v1", kind: "PersistentVolumeClaim" }, namespaceOf(deployment));
  return all.filter((claim) => names.has(nameOf(claim)));
}

async function endpointsOf(api: KubernetesApi, service: Properties): Promise<Properties | undefined> {
  if (!rules.waitsForEndpoints(service)) return undefined;
  return found(api, {
    kind: { group: "", version: "v1", kind: "Endpoints" },
    namespace: namespaceOf(service),
    name: nameOf(service),
  });
}

async function bindingModeOf(api: KubernetesApi, claim: Properties): Promise<string | undefined> {
  const name = text(claim, "spec", "storageClassName");
  if (!name) return undefined;
  const kind = { group: "storage.k8s.io", version: "v1", kind: "StorageClass" };
  return text(await found(api, { kind, namespace: "", name }), "volumeBindingMode");
}

async function found(api: KubernetesApi, ref: ObjectRef): Promise<Properties | undefined> {
  try {
    return await api.get(ref);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Kinds for which skipAwait skips waiting for the deletion too (metadata/overrides.go, allowsSkipAwaitWithDelete). */
const SKIPS_DELETION = new Set(["Namespace", "Pod", "DaemonSet", "Deployment", "StatefulSet", "Job"]);

/** Waits until the object is gone, finalizers and all; returns what is left of it when the time is over. */
export async function awaitDeleted(waiter: Waiter): Promise<Outcome | undefined> {
  const kind = kindOf(waiter.inputs)?.kind ?? "";
  if (isAnnotatedTrue(waiter.inputs, SKIP_AWAIT) && SKIPS_DELETION.has(kind)) return undefined;
  const deadline = Date.now() + limitMs({ ...waiter, inputs: deletionInputs(waiter.inputs) });
  const first = await found(waiter.api, waiter.ref);
  const uid = text(first, "metadata", "uid");
  let live = first;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    // Another object of that name, made by someone else meanwhile, is not the one that was deleted.
    if (live === undefined || text(live, "metadata", "uid") !== uid) return undefined;
    const reason = givenUp({ ready: false, problems: [] }, deadline, waiter.signal);
    if (reason !== undefined) {
      return { live, problems: [`${reason} for "${nameOf(live)}"`, ...finalizerProblems(live)] };
    }
    await sleep(pause);
    live = await found(waiter.api, waiter.ref);
  }
}

/** Deleting takes ten minutes at most whatever the kind; only the annotation counts. */
function deletionInputs(inputs: Properties): Properties {
  return { metadata: inputs["metadata"] };
}

function finalizerProblems(live: Properties): readonly string[] {
  const finalizers = field(live, "metadata", "finalizers");
  const still = `${text(live, "kind") ?? "object"} still exists`;
  return finalizers === undefined ? [still] : [still, `finalizers: ${JSON.stringify(finalizers)}`];
}

