"""What is read from KAITO's Job and its pods."""

from __future__ import annotations

import unittest
from typing import Any

from trainer.failures import ExitCode
from trainer.kaito_progress import (
    Ended,
    code_of,
    failed_reason,
    failure_of,
    first_failed,
    first_scheduled,
    has_succeeded,
    newest_failed,
    seconds_of,
    stage_of,
    timestamp_of,
    waits_for,
)

NOON = seconds_of("2027-01-15T12:00:00Z")


def pod(*ended: tuple[str, int, float], name: str = "tickets-1", phase: str = "Running", **status: Any) -> dict[str, Any]:
    """A pod whose containers have ended: name, exit code, and seconds after noon."""
    containers = [
        {"name": container, "state": {"terminated": {"exitCode": code, "finishedAt": timestamp_of(NOON + seconds)}}}
        for container, code, seconds in ended
    ]
    return {
        "metadata": {"name": name, "creationTimestamp": "2027-01-15T11:00:00Z"},
        "spec": {"containers": [{"name": "tickets"}, {"name": "pusher"}, {"name": "pause"}]},
        "status": {"phase": phase, "containerStatuses": containers, **status},
    }


class ProgressTest(unittest.TestCase):
    def test_times_are_those_of_kubernetes(self) -> None:
        self.assertEqual(timestamp_of(NOON), "2027-01-15T12:00:00Z")
        self.assertEqual(seconds_of("2027-01-15T12:00:01.000000Z"), NOON + 1)

    def test_the_first_container_that_failed_is_the_cause_and_the_idle_one_never(self) -> None:
        failed = first_failed(pod(("pusher", 143, 9), ("pause", 137, 1), ("tickets", 1, 5), ("puller", 0, 0)))
        self.assertEqual(failed, Ended("tickets-1", "tickets", 1, "", "", NOON + 5))
        self.assertIsNone(first_failed(pod(("pause", 137, 1))))

    def test_a_pod_hangs_only_while_it_runs_and_after_a_while(self) -> None:
        job: dict[str, Any] = {"status": {}}
        hanging = pod(("tickets", 1, 0))
        self.assertIsNone(failure_of(job, [hanging], NOON + 120))
        self.assertIsNotNone(failure_of(job, [hanging], NOON + 121))
        self.assertIsNone(failure_of(job, [pod(("tickets", 1, 0), phase="Failed")], NOON + 999))

    def test_success_is_the_jobs_or_that_of_all_its_work(self) -> None:
        self.assertTrue(has_succeeded({"status": {"succeeded": 1}}, []))
        self.assertTrue(has_succeeded({"status": {"conditions": [{"type": "Complete", "status": "True"}]}}, []))
        self.assertFalse(has_succeeded({"status": {"conditions": [{"type": "Complete", "status": "False"}]}}, []))
        self.assertTrue(has_succeeded({}, [pod(("tickets", 0, 0), ("pusher", 0, 9))]))
        self.assertFalse(has_succeeded({}, [pod(("tickets", 1, 0), ("pusher", 0, 9))]))
        self.assertFalse(has_succeeded({}, [pod(("tickets", 0, 0))]))

    def test_stages(self) -> None:
        self.assertEqual(stage_of([]), "tuning")
        self.assertEqual(stage_of([pod()]), "tuning")
        self.assertEqual(stage_of([pod(("tickets", 0, 0))]), "pushing")
        self.assertEqual(stage_of([pod(("tickets", 0, 0), phase="Failed"), pod(name="tickets-2")]), "tuning")

    def test_paid_time_starts_with_the_first_pod(self) -> None:
        def scheduled(seconds: float) -> dict[str, Any]:
            return pod(conditions=[{"type": "PodScheduled", "status": "True", "lastTransitionTime": timestamp_of(seconds)}])

        waiting = pod(conditions=[{"type": "PodScheduled", "status": "False", "lastTransitionTime": timestamp_of(NOON)}])
        started = {"status": {"startTime": timestamp_of(NOON - 60)}}
        self.assertEqual(first_scheduled(started, [scheduled(NOON + 50), scheduled(NOON + 20), waiting]), NOON + 20)
        self.assertEqual(first_scheduled(started, [scheduled(NOON + 50), pod(startTime=timestamp_of(NOON + 30))]), NOON + 30)
        self.assertIsNone(first_scheduled(started, [waiting]))
        self.assertIsNone(first_scheduled(started, []))
        self.assertEqual(first_scheduled({"status": {**started["status"], "succeeded": 1}}, []), NOON - 60)

    def test_the_newest_failed_pod(self) -> None:
        older, newer = pod(phase="Failed", name="older"), pod(phase="Failed", name="newer")
        newer["metadata"]["creationTimestamp"] = "2027-01-15T11:30:00Z"
        self.assertIs(newest_failed([newer, older, pod(name="running")]), newer)
        self.assertIsNone(newest_failed([pod()]))

    def test_what_is_waited_for(self) -> None:
        self.assertEqual(waits_for([], []), "waiting for KAITO")
        conditions = [
            {"type": "JobStarted", "status": "False", "message": "later"},
            {"type": "NodeClaimReady", "status": "False", "reason": "Provisioning"},
            {"type": "ResourceReady", "status": "True", "message": "no"},
        ]
        self.assertEqual(waits_for(conditions, []), "NodeClaimReady: Provisioning")
        self.assertEqual(len(waits_for([{"type": "ResourceReady", "status": "False", "message": "x" * 999}], [])), 300)

    def test_reasons_are_short(self) -> None:
        log = "\n".join("x" * 200 for _ in range(20))
        self.assertLess(len(failed_reason(pod(("tickets", 1, 0)), log)), 900)
        self.assertEqual(failed_reason(pod(phase="Failed")), "pod tickets-1 failed: no reason given")

    def test_only_a_gpus_memory_is_called_so(self) -> None:
        killed = Ended("tickets-1", "tickets", 137, "OOMKilled", "", NOON)
        self.assertEqual(code_of(killed, ""), ExitCode.BAD_CONFIGURATION)
        self.assertEqual(code_of(killed, "torch.OutOfMemoryError: CUDA out of memory"), ExitCode.GPU_OUT_OF_MEMORY)


if __name__ == "__main__":
    unittest.main()
