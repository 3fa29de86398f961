"""How far KAITO's Job is, read from what the cluster says of it. Nothing here calls anything.

KAITO's Workspace says Failed for good once one pod has failed, also when the Job's next pod succeeds: the Job counts.
https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/controllers/workspace_controller.go
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal

from .failures import ExitCode

# Beside the tuning itself, in the main container, KAITO's pods hold an idle one, which never ends by itself, and one
# that pushes, which waits for the tuning's mark of completion and never gets one if the tuning fails: a pod may go on
# for ever after both ends. https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/image/pusher.sh
IDLE_CONTAINER = "pause"
PUSHER = "pusher"
# A pod that ends properly after a container has failed does so in seconds.
HANGING_SECONDS = 120.0
# Nodes that are there and paid for get their Job in moments, unless KAITO cannot make one of this Workspace.
NODES_WITHOUT_JOB_SECONDS = 1800.0

CODES = {
    PUSHER: ExitCode.PUSH_REFUSED,
    "puller": ExitCode.BAD_DATA,
    "data-downloader": ExitCode.BAD_DATA,
    "model-weights-downloader": ExitCode.BASE_MODEL_NOT_USABLE,
}
OUT_OF_MEMORY = ("CUDA out of memory", "OutOfMemoryError")

REASON_CHARACTERS = 300
TAIL_LINES = 5
TAIL_CHARACTERS = 500

Manifest = dict[str, Any]


@dataclass(frozen=True)
class Ended:
    """A container that has ended."""

    pod: str
    name: str
    exitCode: int
    reason: str
    message: str
    finishedAt: float


def seconds_of(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp()


def timestamp_of(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


def has_succeeded(job: Manifest, pods: list[Manifest]) -> bool:
    """Complete, or all of a pod's work is done though the pod goes on."""
    status = job.get("status") or {}
    complete = _condition(status, "Complete") is not None or (status.get("succeeded") or 0) >= 1
    return complete or any(_has_pushed(pod) for pod in pods)


def failure_of(job: Manifest, pods: list[Manifest], now: float) -> str | None:
    """Why the Job will not succeed any more; None while it may."""
    failed = _condition(job.get("status") or {}, "Failed")
    if failed is not None:
        return f"KAITO's Job has failed: {failed.get('message') or failed.get('reason') or 'no reason given'}"
    for pod in pods:
        ended = first_failed(pod)
        if ended is not None and _phase(pod) == "Running" and now - ended.finishedAt > HANGING_SECONDS:
            return "a container has failed, and the pod would go on, and be paid for, without it"
    return None


def stage_of(pods: list[Manifest]) -> Literal["tuning", "pushing"]:
    for pod in pods:
        ended = {container.name for container in _ended(pod) if container.exitCode == 0}
        if PUSHER not in ended and _phase(pod) == "Running" and _main_container(pod) in ended:
            return "pushing"
    return "tuning"


def first_scheduled(job: Manifest, pods: list[Manifest]) -> float | None:
    """When the first pod got its node. A Job whose pods have been cleaned away counts from its own start."""
    times = [time for pod in pods if (time := _scheduled(pod.get("status") or {})) is not None]
    started = (job.get("status") or {}).get("startTime")
    if not pods and started is not None and has_succeeded(job, pods):
        times.append(seconds_of(started))
    return min(times, default=None)


def waits_for(conditions: list[Manifest], pods: list[Manifest]) -> str:
    """What holds the run up before its first pod has a node."""
    for pod in pods:
        scheduled = _condition(pod.get("status") or {}, "PodScheduled", "False")
        if scheduled is not None:
            return shortened(f"the pod has no node: {scheduled.get('message') or scheduled.get('reason')}")
    told = {condition["type"]: condition for condition in conditions if condition.get("status") == "False"}
    for kind in ("NodeClaimReady", "NodesReady", "ResourceReady", "JobStarted"):
        if kind in told:
            return shortened(f"{kind}: {told[kind].get('message') or told[kind].get('reason')}")
    return "waiting for KAITO"


def has_idle_nodes(conditions: list[Manifest], now: float) -> bool:
    """Whether the nodes have been ready for so long that KAITO should have made its Job."""
    ready = _condition({"conditions": conditions}, "ResourceReady")
    return ready is not None and now - seconds_of(ready["lastTransitionTime"]) > NODES_WITHOUT_JOB_SECONDS


def newest_failed(pods: list[Manifest]) -> Manifest | None:
    failed = [pod for pod in pods if _phase(pod) == "Failed" or first_failed(pod) is not None]
    return max(failed, key=lambda pod: pod["metadata"]["creationTimestamp"], default=None)


def first_failed(pod: Manifest) -> Ended | None:
    """The container that failed first, which is the cause: what is stopped because of it fails after it."""
    failed = [container for container in _ended(pod) if container.exitCode != 0 and container.name != IDLE_CONTAINER]
    return min(failed, key=lambda container: container.finishedAt, default=None)


def failed_reason(pod: Manifest, log: str = "") -> str:
    """Of a pod that no container has made fail, an evicted one or one whose node is gone, what Kubernetes says."""
    ended = first_failed(pod)
    if ended is None:
        status = pod.get("status") or {}
        told = status.get("message") or status.get("reason") or "no reason given"
        return shortened(f"pod {pod['metadata']['name']} failed: {told}")
    told = f"container {ended.name} of pod {ended.pod} exited with {ended.exitCode}"
    text = shortened(": ".join(filter(None, [told, ended.reason, ended.message])))
    tail = " | ".join([line.strip() for line in log.splitlines() if line.strip()][-TAIL_LINES:])
    return f"{text}; its log ends: {tail[-TAIL_CHARACTERS:]}" if tail else text


def code_of(ended: Ended, log: str) -> ExitCode:
    """KAITO's Job has tried again by itself: what it gives up, our Job need not pay for once more."""
    if any(sign in log or sign in ended.message for sign in OUT_OF_MEMORY):
        return ExitCode.GPU_OUT_OF_MEMORY
    return CODES.get(ended.name, ExitCode.BAD_CONFIGURATION)


def shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= REASON_CHARACTERS else f"{flat[: REASON_CHARACTERS - 1]}…"


def _scheduled(status: Manifest) -> float | None:
    scheduled = _condition(status, "PodScheduled")
    # The kubelet's: not there before the pod has a node.
    time = status.get("startTime") if scheduled is None else scheduled["lastTransitionTime"]
    return None if time is None else seconds_of(time)


def _has_pushed(pod: Manifest) -> bool:
    ended = {container.name: container.exitCode for container in _ended(pod)}
    return ended.get(PUSHER) == 0 and ended.get(_main_container(pod)) == 0


def _main_container(pod: Manifest) -> str:
    """It is the first; KAITO names it like the Workspace."""
    containers = pod.get("spec", {}).get("containers") or [{"name": ""}]
    return containers[0]["name"]


def _ended(pod: Manifest) -> Iterator[Ended]:
    status = pod.get("status") or {}
    for container in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        terminated = (container.get("state") or {}).get("terminated")
        if terminated is not None:
            finished = terminated.get("finishedAt")
            yield Ended(
                pod=pod["metadata"]["name"],
                name=container["name"],
                exitCode=terminated.get("exitCode", 0),
                reason=terminated.get("reason") or "",
                message=terminated.get("message") or "",
                finishedAt=seconds_of(finished) if finished else float("inf"),
            )


def _phase(pod: Manifest) -> str | None:
    return (pod.get("status") or {}).get("phase")


def _condition(status: Manifest, kind: str, value: str = "True") -> Manifest | None:
    for condition in status.get("conditions") or []:
        if condition.get("type") == kind and condition.get("status") == value:
            return condition
    return None
