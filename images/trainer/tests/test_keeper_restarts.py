"""Keepers that are killed and started again, and clusters and registries that do not always answer."""

from __future__ import annotations

import signal
import unittest
from collections.abc import Callable
from unittest import mock

from trainer.failures import ExitCode, RunFailure, Terminated
from trainer.interruption import Interruption
from trainer.kubernetes import ClusterError

from .keeper_world import (
    EARLIER,
    HOUR,
    JOB,
    MANIFEST,
    PODS,
    RECORD,
    RUN,
    START,
    WORKSPACE,
    WORKSPACES,
    KeeperTestCase,
    Killed,
)

CREATE = f"POST {WORKSPACES}"
DELETE = f"DELETE {WORKSPACE}"


class RestartTest(KeeperTestCase):
    def recorded(self, state: str) -> Callable[[], bool]:
        return lambda: self.world.record.get("state") == state

    def assert_bought_once(self) -> None:
        self.assertEqual(self.world.count(CREATE), 1)
        self.assert_released()

    def test_in_each_state_on_the_way_to_success(self) -> None:
        for state in ("queued", "tuning", "pushing"):
            with self.subTest(state):
                self.setUp()
                self.world.tune()
                self.world.clock.after(3000, lambda world=self.world: world.end_container("tickets", 0))
                self.killed_when(self.recorded(state))
                self.keep()
                self.assertEqual(self.world.states.count("preflight"), 1)
                self.assertEqual((self.world.record["state"], self.world.record["usd"]), ("succeeded", "3.36"))
                self.assert_bought_once()

    def test_between_the_making_of_the_workspace_and_the_first_word_of_it(self) -> None:
        self.world.tune()
        with mock.patch("trainer.keeper.Follower", side_effect=Killed), self.assertRaises(Killed):
            self.keep()
        self.keep()
        self.assert_bought_once()

    def test_while_another_run_is_replaced(self) -> None:
        self.world.add_workspace(EARLIER)
        self.world.finalizer_seconds = 600
        self.killed_when(self.recorded("replacing"))
        self.world.clock.after(1000, self.world.tune)
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assert_bought_once()

    def test_after_the_push_and_before_the_record(self) -> None:
        self.world.tune()
        self.killed_when(self.recorded("tuning"))
        self.world.clock.sleep(2 * HOUR)
        self.keep()
        self.assertEqual(self.world.states[-1], "succeeded")
        self.assertIn("usd", self.world.record)
        self.assert_bought_once()

    def test_while_the_nodes_of_a_success_are_released(self) -> None:
        self.world.finalizer_seconds = 600
        self.world.tune()
        self.killed_when(self.recorded("succeeded"))
        written = len(self.world.written)
        self.keep()
        self.assertEqual(len(self.world.written), written)
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assert_bought_once()

    def test_while_the_nodes_of_a_reused_run_are_released(self) -> None:
        self.world.push()
        self.world.finalizer_seconds = 600
        self.world.add_workspace(RUN)
        self.killed_when(self.recorded("reused"))
        self.keep()
        self.assertEqual(self.world.record["state"], "reused")
        self.assert_released()

    def test_while_the_nodes_of_a_failure_are_released(self) -> None:
        for finalizer_seconds in (600.0, 1.0):
            with self.subTest(finalizer_seconds):
                self.setUp()
                self.world.finalizer_seconds = finalizer_seconds
                self.world.tune(minutes=9999)
                self.world.clock.after(1000, lambda world=self.world: world.end_job("Failed", "no luck"))
                self.killed_when(self.recorded("failed"))
                with self.assertRaisesRegex(RunFailure, "no luck") as caught:
                    self.keep()
                self.assertEqual(caught.exception.code, ExitCode.BAD_CONFIGURATION)
                self.assertTrue(caught.exception.recorded)
                self.assert_bought_once()

    def test_a_failed_run_starts_afresh_in_another_job(self) -> None:
        failed = {"state": "failed", "exitCode": "10", "reason": "no"}
        self.world.record.update(failed, runId=RUN, keeper="2000-01-01T00:00:00Z/keeper-0")
        self.world.tune()
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assertNotIn("exitCode", self.world.record)

    def test_a_paid_run_whose_workspace_is_gone_is_not_paid_again(self) -> None:
        self.world.tune()
        self.killed_when(self.recorded("tuning"))
        self.world.lose_workspace(self.world.objects[WORKSPACE]["metadata"]["uid"])
        self.world.clock.due.clear()
        with self.assertRaisesRegex(RunFailure, "was deleted before its run had ended"):
            self.keep()
        self.assert_bought_once()

    def test_paid_time_goes_on_when_the_pods_are_no_longer_there(self) -> None:
        self.poll_seconds = 600
        self.world.tune(minutes=9999)
        self.killed_when(lambda: self.world.clock.now() > START + 5 * HOUR)
        self.world.objects[PODS]["items"].clear()
        with self.assertRaisesRegex(RunFailure, "6 paid hours"):
            self.keep()
        self.assertLess(self.world.clock.now(), START + 7 * HOUR)

    def test_sigterm_ends_the_keeper_at_once_and_leaves_the_run_to_the_next(self) -> None:
        before = signal.getsignal(signal.SIGTERM)
        self.addCleanup(signal.signal, signal.SIGTERM, before)
        Interruption().install()
        self.world.tune()
        self.world.clock.after(1000, lambda: signal.raise_signal(signal.SIGTERM))
        with self.assertRaises(Terminated):
            self.keep()
        self.assertIn(WORKSPACE, self.world.objects)
        self.assertEqual(self.world.record["state"], "tuning")
        self.keep()
        self.assert_bought_once()


class HiccupTest(KeeperTestCase):
    def test_no_lost_call_ends_a_paid_run(self) -> None:
        """Each kind of call, while the run goes on: refused for a while, broken, or answered with nonsense of a proxy."""
        self.world.tune()
        for path in (RECORD, WORKSPACE, JOB, PODS):
            for status in (500, None, 429, 403, 401):
                self.world.clock.after(600 + 160 * len(self.world.clock.due), self.fault(f"GET {path}", status))
        self.world.clock.after(600, self.fault(f"PATCH {RECORD}", 500))
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assertEqual(self.world.count(CREATE), 1)
        self.assertEqual(self.world.faults, [])

    def fault(self, call: str, status: int | None) -> Callable[[], None]:
        return lambda: self.world.faults.append((call, status, "not now"))

    def test_an_api_server_that_is_away_for_minutes_at_every_turn(self) -> None:
        self.poll_seconds = 60
        self.world.clock.after(2000, self.world.tune)
        away = [("GET /apis/batch", 503, "")] * 5 + [(f"GET {RECORD}", None, "")] * 9 + [(f"PATCH {RECORD}", 503, "")] * 9
        self.world.faults = away
        at_the_end = [(f"PATCH {RECORD}", 503, "")] * 20 + [(DELETE, 503, "")] * 5
        self.world.clock.after(2320 + 56 * 60, lambda: self.world.faults.extend(at_the_end))
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assertEqual(self.world.faults, [])
        self.assert_released()

    def test_a_cluster_that_refuses_at_the_start_is_left_to_the_job(self) -> None:
        self.world.faults = [(f"GET {RECORD}", 403, "forbidden")]
        with self.assertRaisesRegex(ClusterError, "403 forbidden"):
            self.keep()

    def test_patience_ends(self) -> None:
        self.world.faults = [("GET /apis/batch", 503, "")] * 99
        with self.assertRaisesRegex(ClusterError, "503"):
            self.keep()
        self.assertLess(self.world.clock.now(), START + HOUR)

    def test_a_registry_that_is_away_after_the_push_is_waited_for(self) -> None:
        self.world.tune()
        self.world.clock.after(320 + 56 * 60, lambda: self.world.faults.extend([(f"GET {MANIFEST}", 503, "")] * 9))
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")

    def test_a_registry_that_stays_away_is_left_to_the_next_pod(self) -> None:
        self.world.tune()
        self.world.clock.after(320 + 56 * 60, lambda: self.world.faults.extend([(f"GET {MANIFEST}", 503, "")] * 999))
        with self.assertRaises(OSError):
            self.keep()
        self.assertIn(WORKSPACE, self.world.objects)
        self.world.faults.clear()
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assert_released()

    def test_the_last_pod_of_the_job_releases_the_nodes_whatever_happens(self) -> None:
        self.world.add_keeper_job(failed=6)
        self.world.tune()
        with mock.patch("trainer.keeper_follow.stage_of", side_effect=ValueError("a bug")):
            with self.assertRaisesRegex(RunFailure, "ValueError: a bug") as caught:
                self.keep()
        self.assertEqual(caught.exception.code, ExitCode.OTHER)
        self.assertEqual(self.world.record["state"], "failed")
        self.assert_released()

    def test_a_pod_that_is_not_the_last_leaves_them_to_the_next(self) -> None:
        self.world.add_keeper_job(failed=5)
        self.world.tune()
        with mock.patch("trainer.keeper_follow.stage_of", side_effect=ValueError("a bug")):
            with self.assertRaisesRegex(ValueError, "a bug"):
                self.keep()
        self.assertIn(WORKSPACE, self.world.objects)
        self.assertEqual(self.world.record["state"], "queued")

    def test_a_failure_that_cannot_be_recorded_releases_the_nodes_all_the_same(self) -> None:
        self.world.tune(minutes=9999)
        self.world.clock.after(1000, lambda: (self.world.end_job("Failed", "no luck"), self.fault(f"PATCH {RECORD}", 404)()))
        with self.assertRaisesRegex(RunFailure, "no luck") as caught:
            self.keep()
        self.assertFalse(caught.exception.recorded)
        self.assert_released()

    def test_an_end_is_not_recorded_over_by_trouble_with_the_release(self) -> None:
        self.world.add_keeper_job(failed=6)
        self.world.tune()
        self.world.clock.after(3000, self.fault(DELETE, 403))
        with self.assertRaisesRegex(ClusterError, "403"):
            self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")


if __name__ == "__main__":
    unittest.main()
