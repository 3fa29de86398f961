"""Runs that fail, or reach a limit: each is recorded with its reason, and each releases its nodes."""

from __future__ import annotations

import unittest
from typing import Any

from trainer.failures import ExitCode, RunFailure, Terminated

from .keeper_world import HOUR, JOB, KEEPER_JOB, MANIFEST, PODS, RUN, START, WORKSPACE, WORKSPACES, KeeperTestCase

CREATE = f"POST {WORKSPACES}"
BACKOFF = "Job has reached the specified backoff limit"


class FailedTestCase(KeeperTestCase):
    def failed(self, **changes: Any) -> RunFailure:
        """The failure, after what holds for every one."""
        with self.assertRaises(RunFailure) as caught:
            self.keep(**changes)
        failure = caught.exception
        self.assertTrue(failure.recorded)
        self.assertEqual(self.world.record["state"], "failed")
        self.assertEqual(self.world.record["reason"], failure.reason)
        self.assertEqual(self.world.record["exitCode"], str(int(failure.code)))
        self.assert_released()
        return failure


class FailureTest(FailedTestCase):
    def fail_job(self, container: str, init: bool = False, log: str | None = None, **said: str) -> None:
        """The last of several pods fails, and the Job gives up."""
        self.world.clock.after(100, self.world.add_job)
        self.world.clock.after(110, lambda: self.world.add_pod("tickets-0"))
        self.world.clock.after(200, lambda: self.world.end_container("tickets", 99, pod="tickets-0"))
        self.world.clock.after(200, lambda: self.world.fail_pod("tickets-0"))
        self.world.clock.after(400, self.world.add_pod)
        self.world.clock.after(500, lambda: self.world.end_container(container, 3, init=init, **said))
        self.world.clock.after(501, lambda: self.world.end_container("pause", 137))
        self.world.clock.after(502, self.world.fail_pod)
        self.world.clock.after(510, lambda: self.world.end_job("Failed", BACKOFF))
        if log is not None:
            self.world.logs[f"{PODS}/tickets-1/log"] = log

    def test_the_container_that_failed_is_named_with_the_end_of_its_log(self) -> None:
        self.fail_job("tickets", reason="Error", log="\n".join([f"line {number}" for number in range(9)]) + "\n\n")
        failure = self.failed()
        self.assertEqual(
            failure.reason,
            "container tickets of pod tickets-1 exited with 3: Error; its log ends: line 4 | line 5 | line 6 | line 7 | line 8 "
            f"(KAITO's Job has failed: {BACKOFF})",
        )
        self.assertEqual(failure.code, ExitCode.BAD_CONFIGURATION)
        self.assertIn(f"GET {PODS}/tickets-1/log?container=tickets&tailLines=20", self.world.asked)

    def test_the_code_says_what_kind_of_failure_it_is(self) -> None:
        codes = {
            ("pusher", False): ExitCode.PUSH_REFUSED,
            ("puller", True): ExitCode.BAD_DATA,
            ("data-downloader", True): ExitCode.BAD_DATA,
            ("model-weights-downloader", True): ExitCode.BASE_MODEL_NOT_USABLE,
        }
        for (container, init), code in codes.items():
            with self.subTest(container):
                self.world.clock.due.clear()
                for path in (JOB, WORKSPACE):
                    self.world.objects.pop(path, None)
                self.world.record.clear()
                self.fail_job(container, init=init, message="unauthorized")
                failure = self.failed()
                self.assertEqual(failure.code, code)
                self.assertIn(f"container {container} of pod tickets-1 exited with 3: unauthorized (", failure.reason)

    def test_a_gpu_that_is_too_small_is_told_by_the_log(self) -> None:
        self.fail_job("tickets", log="torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB")
        self.assertEqual(self.failed().code, ExitCode.GPU_OUT_OF_MEMORY)

    def test_an_evicted_pod_says_so_itself(self) -> None:
        self.world.clock.after(100, self.world.add_job)
        self.world.clock.after(110, self.world.add_pod)
        self.world.clock.after(120, self.evict)
        self.assertIn("pod tickets-1 failed: The node was low on resource: ephemeral-storage.", self.failed().reason)

    def evict(self) -> None:
        self.world.fail_pod()
        status = self.world.objects[PODS]["items"][0]["status"]
        status["message"] = "The node was low on resource: ephemeral-storage."
        self.world.end_job("Failed", BACKOFF)

    def test_a_job_that_failed_without_a_pod_gives_its_own_reason(self) -> None:
        self.world.clock.after(100, self.world.add_job)
        self.world.clock.after(110, lambda: self.world.end_job("Failed", "it was too old"))
        self.assertEqual(self.failed().reason, "KAITO's Job has failed: it was too old")

    def test_a_pod_that_would_go_on_after_its_tuning_failed_is_given_up(self) -> None:
        self.world.tune(minutes=9999)
        self.world.clock.after(1000, lambda: self.world.end_container("tickets", 1, reason="Error"))
        self.assertIn("container tickets of pod tickets-1 exited with 1: Error", self.failed().reason)
        self.assertLess(self.world.clock.now(), START + 1800)

    def test_a_job_without_an_adapter_is_a_failure_that_is_not_paid_again(self) -> None:
        self.world.tune()
        self.world.push = lambda: None
        failure = self.failed()
        self.assertRegex(failure.reason, f"^KAITO's Job succeeded, and there is no adapter [0-9.:]+/support/tickets:{RUN}$")
        self.assertEqual(failure.code, ExitCode.PUSH_REFUSED)

    def test_a_registry_that_hides_the_adapter_is_a_failure(self) -> None:
        self.world.tune()
        self.world.clock.after(3000, lambda: self.world.faults.append((f"GET {MANIFEST}", 403, "no")))
        self.assertIn("the registry does not show the adapter", self.failed().reason)

    def test_a_workspace_that_somebody_deletes_is_not_made_again(self) -> None:
        self.world.tune()
        self.world.clock.after(1000, self.world.delete_workspace)
        self.assertEqual(self.failed().reason, "the Workspace tickets was deleted before its run had ended")
        self.assertEqual(self.world.count(CREATE), 1)

    def test_a_workspace_that_somebody_makes_again_is_not_followed(self) -> None:
        self.world.tune()
        self.world.clock.after(1000, lambda: self.world.add_workspace(RUN))
        self.assertEqual(self.failed().reason, "the Workspace tickets was deleted before its run had ended")

    def test_a_workspace_that_goes_with_the_keepers_job_is_no_failure(self) -> None:
        self.world.tune()
        self.world.clock.after(1000, self.delete_keeper_job)
        with self.assertRaises(Terminated):
            self.keep()
        self.assertEqual(self.world.record["state"], "tuning")

    def delete_keeper_job(self) -> None:
        self.world.objects[KEEPER_JOB]["metadata"]["deletionTimestamp"] = self.world.now()
        self.world.delete_workspace()

    def test_nodes_that_get_no_job_are_not_paid_for_ever(self) -> None:
        self.world.clock.after(300, lambda: self.world.set_condition("JobStarted", "False", "unknown SKU"))
        self.world.clock.after(300, lambda: self.world.set_condition("ResourceReady", "True", "ready"))
        self.assertEqual(self.failed().reason, "the nodes are ready, and KAITO makes no Job: JobStarted: unknown SKU")
        self.assertLess(self.world.clock.now(), START + HOUR)

    def test_an_adapter_that_is_there_after_all_is_what_counts(self) -> None:
        self.fail_job("pusher")
        self.world.clock.after(490, self.world.push)
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assert_released()


class LimitTest(FailedTestCase):
    def test_paid_hours_count_from_the_first_pod_with_a_node(self) -> None:
        self.world.clock.after(10 * HOUR, lambda: self.world.tune(minutes=9999))
        self.poll_seconds = 600
        self.assertRegex(self.failed().reason, "^time limit: the run has used its 6 paid hours")
        self.assertGreater(self.world.clock.now(), START + 16 * HOUR + 320)
        self.assertLess(self.world.clock.now(), START + 17 * HOUR)
        self.assertAlmostEqual(float(self.world.record["usd"]), 6 * 3.6, delta=0.7)

    def test_pods_that_came_later_do_not_start_the_count_again(self) -> None:
        self.world.tune(minutes=9999)
        self.poll_seconds = 600
        self.world.clock.after(5 * HOUR, lambda: self.world.objects[PODS]["items"].clear())
        self.world.clock.after(5 * HOUR + 1, lambda: self.world.add_pod("tickets-2"))
        self.assertRegex(self.failed().reason, "6 paid hours")
        self.assertLess(self.world.clock.now(), START + 7 * HOUR)

    def test_the_deadline_ends_the_wait_for_capacity_and_says_what_was_waited_for(self) -> None:
        self.poll_seconds = 1800
        self.world.clock.after(60, lambda: self.world.set_condition("ResourceReady", "False", "no quota"))
        told = "time limit: 48 hours have passed without an end; last seen: queued: ResourceReady: no quota"
        self.assertEqual(self.failed().reason, told)
        self.assertNotIn("usd", self.world.record)

    def test_a_job_that_succeeded_counts_also_past_the_limit(self) -> None:
        self.world.tune(minutes=30)
        self.keep(maximumPaidHours=0.49)
        self.assertEqual(self.world.record["state"], "succeeded")


class ReleaseTest(KeeperTestCase):
    def test_a_finalizer_that_does_not_end_is_told_and_tried_again_by_the_next_pod(self) -> None:
        self.poll_seconds = 600
        self.world.finalizer_seconds = None
        self.world.tune()
        with self.assertRaisesRegex(RunFailure, "still being deleted after 2 hours: its GPU nodes may still be") as caught:
            self.keep()
        self.assertEqual(caught.exception.code, ExitCode.OTHER)
        self.assertFalse(caught.exception.recorded)
        self.assertEqual(self.world.record["state"], "succeeded")
        self.world.lose_workspace(self.world.objects[WORKSPACE]["metadata"]["uid"])
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assert_released()


if __name__ == "__main__":
    unittest.main()
