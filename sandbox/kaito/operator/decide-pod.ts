import { createHash } from "node:crypto";
import { PLAYED_BY } from "../marks";
import { type Pod, secondsSince } from "./objects";
import type { KnownSettings } from "./settings";

/** What the kubelet that is played does next with a pod. */
export type PodStep =
  | { readonly does: "nothing" }
  | { readonly does: "remove" }
  | { readonly does: "report"; readonly status: object }
  /** Training is over; whether it succeeded shows when the adapter is pushed. */
  | { readonly does: "finish" };

export function isPlayed({ metadata }: Pod): boolean {
  return metadata.annotations?.[PLAYED_BY] === "kaito";
}

export function jobNameOf({ metadata }: Pod): string | undefined {
  return metadata.ownerReferences?.find(({ kind }) => kind === "Job")?.name;
}

/** Pods of Jobs train for a while and end; the others load their model for a while and serve. */
export function decidePod(pod: Pod, settings: KnownSettings, now: number): PodStep {
  const { metadata, spec, status } = pod;
  if (!isPlayed(pod) || spec.nodeName === undefined) return { does: "nothing" };
  if (metadata.deletionTimestamp !== undefined) return { does: "remove" };
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return { does: "nothing" };
  const trains = jobNameOf(pod) !== undefined;
  if (status?.podIP === undefined) return { does: "report", status: running(pod, trains || settings.loadingSeconds === 0, now) };
  const age = secondsSince(status.startTime, now);
  if (trains) return age >= settings.tuningSeconds ? { does: "finish" } : { does: "nothing" };
  const ready = status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
  return !ready && age >= settings.loadingSeconds ? { does: "report", status: running(pod, true, now) } : { does: "nothing" };
}

function running(pod: Pod, ready: boolean, now: number): object {
  const startTime = pod.status?.startTime ?? timeOf(now);
  const state = { running: { startedAt: startTime } };
  const containerStatuses = pod.spec.containers.map(({ name, image }) => ({ name, image, imageID: "", ready, started: true, restartCount: 0, state }));
  return {
    phase: "Running",
    podIP: addressOf(pod),
    podIPs: [{ ip: addressOf(pod) }],
    hostIP: "10.0.0.1",
    startTime,
    conditions: ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({
      type,
      status: ready || type === "Initialized" || type === "PodScheduled" ? "True" : "False",
      lastTransitionTime: timeOf(now),
    })),
    containerStatuses,
    initContainerStatuses: (pod.spec.initContainers ?? []).map(({ name, image }) => ({
      name,
      image,
      imageID: "",
      ready: true,
      restartCount: 0,
      state: ended(0, "Completed", "", startTime, now),
    })),
  };
}

/** How a pod ends: with all its containers, or with the one that failed and what it said. */
export function endedPod(pod: Pod, failure: { readonly container: string; readonly message: string } | undefined, now: number): object {
  const startedAt = pod.status?.startTime ?? timeOf(now);
  return {
    phase: failure ? "Failed" : "Succeeded",
    conditions: ["Ready", "ContainersReady"].map((type) => ({ type, status: "False", reason: failure ? "PodFailed" : "PodCompleted", lastTransitionTime: timeOf(now) })),
    containerStatuses: pod.spec.containers.map(({ name, image }, index) => {
      const failed = failure !== undefined && (name === failure.container || (index === 0 && !pod.spec.containers.some((each) => each.name === failure.container)));
      const state = failed ? ended(1, "Error", failure.message, startedAt, now) : ended(0, "Completed", "", startedAt, now);
      return { name, image, imageID: "", ready: false, started: false, restartCount: 0, state };
    }),
  };
}

function ended(exitCode: number, reason: string, message: string, startedAt: string, now: number): object {
  return { terminated: { exitCode, reason, startedAt, finishedAt: timeOf(now), ...(message === "" ? {} : { message }) } };
}

/** Of the range that simulated pods have, by the pod's own id. */
function addressOf({ metadata }: Pod): string {
  const [high = 0, low = 0] = createHash("sha256").update(metadata.uid).digest();
  return `10.244.${String(128 + (high % 127))}.${String(1 + (low % 254))}`;
}

function timeOf(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}
