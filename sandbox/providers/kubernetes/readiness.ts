import type { Properties, Value } from "../values";
import { annotation, count, field, items, nameOf, text } from "./objects";

/** Whether an object does its work yet; `failed` when waiting longer cannot help. */
export interface Readiness {
  readonly ready: boolean;
  readonly failed?: boolean;
  /** What an operation that gives up reports. */
  readonly problems: readonly string[];
}

const READY: Readiness = { ready: true, problems: [] };

const REVISION = "deployment.kubernetes.io/revision";

function condition(object: Properties, type: string): Properties | undefined {
  return items(object, "status", "conditions").find((item) => item["type"] === type);
}

function explained(found: Properties | undefined): readonly string[] {
  if (!found || found["status"] === "True") return [];
  return [`[${text(found, "reason") ?? ""}] ${text(found, "message") ?? ""}`];
}

/**
 * provider/pkg/await/deployment.go: the controller has seen this generation, the replica set of the current revision
 * has its pods ready (all of none, for no replicas), the Deployment is available and, after the first revision, its
 * rollout is complete; claims that it mounts are bound.
 */
export function deploymentReadiness(
  deployment: Properties,
  replicaSets: readonly Properties[],
  claims: readonly Properties[],
): Readiness {
  const observed = count(deployment, "status", "observedGeneration") === count(deployment, "metadata", "generation");
  const revision = annotation(deployment, REVISION);
  const current = replicaSets.find((set) => annotation(set, REVISION) === revision);
  if (!observed || revision === undefined || !current) {
    return { ready: false, problems: ["the Deployment controller has not made a ReplicaSet yet"] };
  }
  const wanted = count(current, "spec", "replicas") ?? 1;
  const podsReady = (count(current, "status", "readyReplicas") ?? 0) >= wanted;
  const progressing = condition(deployment, "Progressing");
  const available = condition(deployment, "Available");
  const rolledOut = progressing?.["status"] === "True" && progressing["reason"] === "NewReplicaSetAvailable";
  const unbound = claims.filter((claim) => text(claim, "status", "phase") !== "Bound").map(nameOf);
  const problems = [
    ...explained(progressing),
    ...explained(available),
    ...(unbound.length > 0 ? [`Failed to bind PersistentVolumeClaim(s): "${unbound.join(",")}"`] : []),
    ...(podsReady ? [] : [`${count(current, "status", "readyReplicas") ?? 0} of ${wanted} Pods are ready`]),
  ];
  const ready =
    podsReady && available?.["status"] === "True" && (revision === "1" || rolledOut) && unbound.length === 0;
  return ready ? READY : { ready, problems };
}

/** provider/pkg/await/statefulset.go: every replica ready and of the current revision. */
export function statefulSetReadiness(set: Properties): Readiness {
  const wanted = count(set, "spec", "replicas") ?? 1;
  const ready = count(set, "status", "readyReplicas") ?? 0;
  const observed = count(set, "status", "observedGeneration") === count(set, "metadata", "generation");
  const rolled = text(set, "status", "currentRevision") === text(set, "status", "updateRevision");
  if (observed && rolled && ready >= wanted) return READY;
  return { ready: false, problems: [`${ready} out of ${wanted} replicas succeeded readiness checks`] };
}

/** provider/pkg/await/daemonset.go: as `kubectl rollout status`. */
export function daemonSetReadiness(set: Properties): Readiness {
  const wanted = count(set, "status", "desiredNumberScheduled") ?? 0;
  const updated = count(set, "status", "updatedNumberScheduled") ?? 0;
  const available = count(set, "status", "numberAvailable") ?? 0;
  const observed = count(set, "status", "observedGeneration") === count(set, "metadata", "generation");
  if (observed && updated >= wanted && available >= wanted) return READY;
  return { ready: false, problems: [`${available} of ${wanted} Pods are available, ${updated} updated`] };
}

/** provider/pkg/await/checker/job: started, then complete; some failures end the wait at once. */
export function jobReadiness(job: Properties): Readiness {
  const failure = condition(job, "Failed");
  const reason = text(failure, "reason") ?? "";
  if (failure?.["status"] === "True" && ["BackoffLimitExceeded", "DeadlineExceeded"].includes(reason)) {
    return { ready: false, failed: true, problems: [`[${reason}] ${text(failure, "message") ?? ""}`] };
  }
  const started = field(job, "status", "startTime") !== undefined;
  if (started && condition(job, "Complete")?.["status"] === "True") return READY;
  const [active, succeeded, failed] = ["active", "succeeded", "failed"].map((key) => count(job, "status", key) ?? 0);
  const progress = `(Active: ${active} | Succeeded: ${succeeded} | Failed: ${failed})`;
  const next = started ? "succeed" : "start";
  return { ready: false, problems: [`Waiting for Job "${nameOf(job)}" to ${next} ${progress}`] };
}

/** provider/pkg/await/checker/pod: scheduled, initialised and ready, or done. */
export function podReadiness(pod: Properties): Readiness {
  const types = ["PodScheduled", "Initialized", "Ready"] as const;
  const waiting = types.filter((type) => condition(pod, type)?.["status"] !== "True");
  if (waiting.length === 0 || text(pod, "status", "phase") === "Succeeded") return READY;
  const containers = items(pod, "status", "containerStatuses").flatMap(containerProblems);
  return { ready: false, problems: [...waiting.flatMap((type) => explained(condition(pod, type))), ...containers] };
}

function containerProblems(status: Properties): readonly string[] {
  const waiting = field(status, "state", "waiting");
  const reason = text(waiting, "reason");
  if (status["ready"] === true || reason === undefined || reason === "ContainerCreating") return [];
  return [`[${reason}] ${text(waiting, "message") ?? ""}`];
}

/**
 * provider/pkg/await/service.go (since 4.17): no endpoint that is not ready, which no endpoints at all satisfy; an
 * address for a load balancer. Not asked of headless and external services, nor of those without a selector.
 */
export function serviceReadiness(service: Properties, endpoints: Properties | undefined): Readiness {
  const type = text(service, "spec", "type") ?? "ClusterIP";
  const unbalanced = type === "LoadBalancer" && items(service, "status", "loadBalancer", "ingress").length === 0;
  const pending = waitsForEndpoints(service) ? unreadyEndpoints(endpoints) : [];
  const problems = [
    ...pending,
    ...(unbalanced ? ["Service was not allocated an IP address; does your cloud provider support this?"] : []),
  ];
  return problems.length === 0 ? READY : { ready: false, problems };
}

export function waitsForEndpoints(service: Properties): boolean {
  const headless = text(service, "spec", "clusterIP") === "None";
  const selector = Object.keys(field(service, "spec", "selector") ?? {});
  return !headless && text(service, "spec", "type") !== "ExternalName" && selector.length > 0;
}

function unreadyEndpoints(endpoints: Properties | undefined): readonly string[] {
  if (!endpoints) return ["Finding Pods to direct traffic to"];
  const unready = items(endpoints, "subsets").some((subset) => items(subset, "notReadyAddresses").length > 0);
  return unready ? ["Service does not target any Pods. Selected Pods may not be ready"] : [];
}

/** provider/pkg/await/awaiters.go: bound, unless its class binds when the first pod comes. */
export function claimReadiness(claim: Properties, bindingMode: string | undefined): Readiness {
  const phase = text(claim, "status", "phase") ?? "";
  if (phase === (bindingMode === "WaitForFirstConsumer" ? "Pending" : "Bound")) return READY;
  return { ready: false, problems: [`PersistentVolumeClaim "${nameOf(claim)}" is ${phase || "new"}`] };
}

export function volumeReadiness(volume: Properties): Readiness {
  const phase = text(volume, "status", "phase") ?? "";
  if (phase === "Available" || phase === "Bound") return READY;
  return { ready: false, problems: [`PersistentVolume "${nameOf(volume)}" is ${phase || "new"}`] };
}

export function quotaReadiness(quota: Properties): Readiness {
  if (sameMap(field(quota, "spec", "hard"), field(quota, "status", "hard"))) return READY;
  return { ready: false, problems: [`ResourceQuota "${nameOf(quota)}" is not in force yet`] };
}

function sameMap(left: Value | undefined, right: Value | undefined): boolean {
  const sorted = (value: Value | undefined) => JSON.stringify(Object.entries(value ?? {}).sort());
  return sorted(left) === sorted(right);
}

/** `pulumi.com/waitFor: condition=Ready` (or `Type=False`), of any kind (provider/pkg/await/condition/kubectl.go). */
export function conditionReadiness(object: Properties, expression: string): Readiness {
  const [type = "", wanted = "True"] = expression.split("=");
  const found = items(object, "status", "conditions").find((item) => sameWord(text(item, "type"), type));
  if (sameWord(text(found, "status"), wanted)) return READY;
  return { ready: false, problems: [`Waiting for condition ${type}=${wanted}`, ...explained(found)] };
}

/** `pulumi.com/waitFor: jsonpath={.metadata.uid}`, with `=VALUE` after it or not: the field is there, or has that value (provider/pkg/jsonpath). */
export function fieldReadiness(object: Properties, expression: string): Readiness {
  const [, path = "", wanted] = /^\{\.([\w.]+)\}(?:=(.*))?$/.exec(expression) ?? [];
  const found = path === "" ? undefined : field(object, ...path.split("."));
  if (found !== undefined && (wanted === undefined || (typeof found === "object" ? JSON.stringify(found) : String(found)) === wanted)) return READY;
  return { ready: false, problems: [`Waiting for jsonpath=${expression}`] };
}

function sameWord(left: string | undefined, right: string): boolean {
  return left?.toLowerCase() === right.toLowerCase();
}
