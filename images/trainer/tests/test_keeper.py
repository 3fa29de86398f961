"""Runs that the keeper sees from their start to their end."""

from __future__ import annotations

import unittest

from trainer.failures import ExitCode, RunFailure, Terminated
from trainer.keeper_endings import give_up_lost
from trainer.keeper_run import Superseded

from .keeper_world import (
    DIGEST,
    EARLIER,
    HOUR,
    JOB,
    KEEPER_JOB,
    LABEL,
    LATER,
    MANIFEST,
    RECORD,
    RUN,
    START,
    WORKSPACE,
    WORKSPACES,
    KeeperTestCase,
)

CREATE = f"POST {WORKSPACES}"
DELETE = f"DELETE {WORKSPACE}"
# When all goes well, the adapter is there after as many seconds.
TUNED = 320 + 56 * 60


class SuccessTest(KeeperTestCase):
    def test_a_run_from_nothing_to_released_nodes(self) -> None:
        self.world.tune()
        self.keep()
        self.assertEqual(self.world.states, ["preflight", "queued", "tuning", "succeeded"])
        record = self.world.record
        del record["updatedAt"]
        self.assertEqual(
            record,
            {
                "state": "succeeded",
                "runId": RUN,
                "keeper": f"{self.world.objects[KEEPER_JOB]['metadata']['creationTimestamp']}/keeper-1",
                "adapterDigest": DIGEST,
                "adapterRunId": RUN,
                "adapterRank": "16",
                "usd": "3.36",
                "paidSince": "2027-01-15T08:05:20Z",
            },
        )
        self.assertEqual(self.world.locked, [f"_tags/{RUN}", f"_manifests/{DIGEST}"])
        self.assert_released()
        self.assertEqual((self.world.count(CREATE), self.world.count(DELETE)), (1, 1))

    def test_what_an_earlier_run_has_left_in_the_record_is_removed(self) -> None:
        self.world.record.update(runId=EARLIER, state="succeeded", lossAfter="0.5", step="9", adapterDigest="sha256:earlier")
        self.world.tune()
        self.killed_after_start()
        self.assertEqual(self.world.record["adapterDigest"], "sha256:earlier")
        self.assertNotIn("lossAfter", self.world.record)
        self.assertNotIn("step", self.world.record)

    def killed_after_start(self) -> None:
        self.killed_when(lambda: True)

    def test_the_workspace_is_owned_by_the_keepers_job(self) -> None:
        self.killed_after_start()
        made = self.world.objects[WORKSPACE]
        reference = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "name": f"tickets-{RUN}",
            "uid": "keeper-1",
            "controller": False,
            "blockOwnerDeletion": True,
        }
        self.assertEqual(made["metadata"]["ownerReferences"], [reference])
        self.assertEqual(made["metadata"]["labels"], {LABEL: RUN})
        self.assertEqual(made["resource"], {"instanceType": "Standard_NC24ads_A100_v4"})

    def test_the_record_says_what_is_waited_for(self) -> None:
        self.world.clock.after(60, lambda: self.world.set_condition("ResourceReady", "False", "no capacity in zone 1"))
        self.killed_when(lambda: self.world.clock.now() > START + 200)
        self.assertEqual(self.world.record["state"], "queued")
        self.assertEqual(self.world.record["reason"], "ResourceReady: no capacity in zone 1")

    def test_a_pod_without_a_node_is_waited_for_and_not_paid(self) -> None:
        self.world.clock.after(300, self.world.add_job)
        self.world.clock.after(310, lambda: self.world.add_pod(scheduled=False))
        self.killed_when(lambda: self.world.clock.now() > START + 400)
        self.assertEqual(self.world.record["state"], "queued")
        self.assertEqual(self.world.record["reason"], "the pod has no node: 0/3 nodes are available")
        self.assertNotIn("usd", self.world.record)

    def test_missing_capacity_is_waited_out(self) -> None:
        self.poll_seconds = 300
        self.world.clock.after(60, lambda: self.world.set_condition("ResourceReady", "False", "no capacity"))
        self.world.clock.after(40 * HOUR, self.world.tune)
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")

    def test_while_only_the_push_is_left_the_record_says_so(self) -> None:
        self.world.tune()
        self.world.clock.after(1000, lambda: self.world.end_container("tickets", 0))
        self.killed_when(lambda: self.world.clock.now() > START + 1200)
        self.assertEqual(self.world.record["state"], "pushing")

    def test_a_workspace_that_says_failed_does_not_count_when_the_job_succeeds(self) -> None:
        self.world.tune()
        self.world.clock.after(600, self.fail_first_pod)
        said: list[str | None] = []
        self.world.clock.after(700, lambda: said.append(self.world.record.get("reason")))
        self.keep()
        self.assertEqual(said, ["tried again: container tickets of pod tickets-0 exited with 1: Error"])
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assertNotIn("reason", self.world.record)

    def fail_first_pod(self) -> None:
        self.world.add_pod("tickets-0")
        self.world.end_container("tickets", 1, pod="tickets-0", reason="Error")
        self.world.fail_pod("tickets-0")
        self.world.set_condition("WorkspaceSucceeded", "False", "tuning job failed")
        self.world.objects[WORKSPACE]["status"]["state"] = "Failed"

    def test_a_pod_whose_idle_container_goes_on_is_done_when_its_work_is(self) -> None:
        self.world.tune(minutes=9999)
        self.world.clock.after(2000, self.end_containers)
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assertLess(self.world.clock.now(), START + 2600)
        self.assert_released()

    def end_containers(self) -> None:
        self.world.end_container("tickets", 0)
        self.world.end_container("pusher", 0)
        self.world.push()

    def test_a_manifest_that_shows_late_is_waited_for(self) -> None:
        self.world.tune()
        self.world.clock.after(TUNED, lambda: self.world.objects.pop(MANIFEST))
        self.world.clock.after(TUNED + 100, self.world.push)
        self.keep()
        self.assertEqual(self.world.record["adapterDigest"], DIGEST)

    def test_a_price_that_nobody_knows_is_not_zero(self) -> None:
        self.world.tune()
        self.keep(usdPerHour=None)
        self.assertNotIn("usd", self.world.record)

    def test_an_adapter_that_cannot_be_locked_is_a_warning(self) -> None:
        for status, times in ((403, 1), (503, 4)):
            with self.subTest(status):
                self.setUp()
                self.world.tune()
                self.world.faults = [("PATCH /acr/", status, "no")] * times
                self.keep()
                self.assertEqual(self.world.record["state"], "succeeded")
                self.assertTrue(any("not locked" in line for line in self.said.lines))
                self.assert_released()

    def test_the_nodes_are_there_until_the_finalizer_is_done(self) -> None:
        self.world.finalizer_seconds = 1.5 * HOUR
        self.world.tune()
        self.keep()
        self.assertGreaterEqual(self.world.clock.now(), START + TUNED + 1.5 * HOUR)
        self.assertEqual(self.world.count(DELETE), 1)
        self.assert_released()


class ReuseTest(KeeperTestCase):
    def test_an_adapter_of_this_run_costs_nothing(self) -> None:
        self.world.push()
        self.keep()
        self.assertEqual(self.world.states, ["preflight", "reused"])
        self.assertEqual(self.world.record["adapterDigest"], DIGEST)
        self.assertEqual(self.world.record["adapterRank"], "16")
        self.assertEqual(self.world.count(CREATE), 0)

    def test_the_workspace_of_another_run_is_left_to_its_own_keeper(self) -> None:
        self.world.push()
        self.world.add_workspace(EARLIER)
        self.keep()
        self.assertEqual(self.world.count(DELETE), 0)

    def test_a_registry_that_refuses_ends_the_run_before_anything_is_bought(self) -> None:
        self.world.faults = [(f"GET {MANIFEST}", 403, "not yours")]
        with self.assertRaisesRegex(RunFailure, "the registry refuses this run: .*DENIED: not yours") as caught:
            self.keep()
        self.assertEqual(caught.exception.code, ExitCode.PUSH_REFUSED)
        self.assertEqual((self.world.record["state"], self.world.record["exitCode"]), ("failed", "14"))
        self.assertEqual(self.world.count(CREATE), 0)


class InTheWayTest(KeeperTestCase):
    def test_the_workspace_of_another_run_is_replaced_when_it_and_its_job_are_gone(self) -> None:
        self.world.add_workspace(EARLIER)
        self.world.add_job()
        self.world.end_job("Complete")
        self.world.finalizer_seconds = 600
        self.world.clock.after(700, self.world.tune)
        self.keep()
        self.assertEqual(self.world.states, ["preflight", "replacing", "queued", "tuning", "succeeded"])
        reasons = [data["reason"] for data in self.world.written if data.get("state") == "replacing"]
        self.assertEqual(
            reasons,
            [
                f"waiting until the Workspace tickets of run {EARLIER} is gone",
                "waiting until the Job tickets of an earlier Workspace is gone",
            ],
        )
        self.assertEqual(self.world.objects.get(WORKSPACE), None)

    def test_a_workspace_of_this_run_that_is_being_deleted_is_waited_for(self) -> None:
        self.world.add_workspace(RUN)
        self.world.delete_workspace()
        self.world.clock.after(400, self.world.tune)
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assertEqual(self.world.count(CREATE), 1)

    def test_a_workspace_that_is_gone_before_it_is_deleted_is_gone(self) -> None:
        for status in (404, 409):
            with self.subTest(status):
                self.setUp()
                self.world.add_workspace(EARLIER)
                self.world.faults = [(DELETE, status, "gone")]
                self.world.clock.after(500, self.world.tune)
                self.keep()
                self.assertEqual(self.world.record["state"], "succeeded")

    def test_a_job_of_another_workspace_does_not_count(self) -> None:
        self.world.clock.after(200, lambda: (self.world.add_job(), self.world.end_job("Complete"), self.disown_job()))
        self.world.clock.after(600, lambda: (self.world.objects.pop(JOB), self.world.tune()))
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")
        self.assertGreater(self.world.clock.now(), START + 600 + TUNED)

    def disown_job(self) -> None:
        self.world.objects[JOB]["metadata"]["ownerReferences"][0]["uid"] = "another"

    def test_a_workspace_of_somebody_else_is_not_touched(self) -> None:
        self.world.add_workspace(None)
        with self.assertRaisesRegex(RunFailure, "belongs to no tuning run") as caught:
            self.keep()
        self.assertEqual(caught.exception.code, ExitCode.BAD_CONFIGURATION)
        self.assertEqual(self.world.record["state"], "failed")
        self.assertIn(WORKSPACE, self.world.objects)
        self.assertEqual(self.world.count(DELETE), 0)

    def test_a_finalizer_that_never_ends_is_waited_for_until_the_deadline(self) -> None:
        self.poll_seconds = 900
        self.world.add_workspace(EARLIER)
        self.world.finalizer_seconds = None
        with self.assertRaisesRegex(RunFailure, f"time limit: 48 hours have passed; .* run {EARLIER}"):
            self.keep()
        self.assertGreater(self.world.clock.now(), START + 48 * HOUR)
        self.assertEqual(self.world.record["state"], "failed")

    def test_a_refused_manifest_ends_the_run_with_the_servers_words(self) -> None:
        for status in (400, 403, 422):
            with self.subTest(status):
                self.world.faults = [(CREATE, status, "admission webhook denied the request: no such preset")]
                with self.assertRaisesRegex(RunFailure, f"{status} admission webhook denied .* no such preset") as caught:
                    self.keep()
                self.assertEqual(caught.exception.code, ExitCode.BAD_CONFIGURATION)
                self.assertEqual(self.world.record["state"], "failed")
                self.world.record.clear()

    def test_without_kaito_the_job_tries_again(self) -> None:
        self.world.faults = [(CREATE, 404, "the server could not find the requested resource")]
        with self.assertRaisesRegex(RunFailure, "is KAITO there") as caught:
            self.keep()
        self.assertEqual(caught.exception.code, ExitCode.OTHER)
        self.assertEqual(self.world.record["state"], "preflight")

    def test_a_webhook_that_is_not_there_yet_is_waited_for(self) -> None:
        self.world.faults = [(CREATE, 500, "failed calling webhook"), (CREATE, None, "")]
        self.world.clock.after(400, self.world.tune)
        self.keep()
        self.assertEqual(self.world.count(CREATE), 3)
        self.assertEqual(self.world.record["state"], "succeeded")

    def test_a_workspace_that_was_made_by_a_call_that_broke_is_followed(self) -> None:
        self.world.faults = [(CREATE, 409, "already exists")]
        self.world.clock.after(10, lambda: self.world.add_workspace(RUN))
        self.world.clock.after(20, self.world.tune)
        self.keep()
        self.assertEqual(self.world.count(CREATE), 1)
        self.assertEqual(self.world.record["state"], "succeeded")

    def test_a_keeper_whose_job_is_being_deleted_makes_nothing(self) -> None:
        self.world.objects[KEEPER_JOB]["metadata"]["deletionTimestamp"] = self.world.now()
        with self.assertRaises(Terminated):
            self.keep()
        self.assertEqual(self.world.count(CREATE), 0)

    def test_a_keeper_without_a_job_is_a_mistake(self) -> None:
        del self.world.objects[KEEPER_JOB]
        with self.assertRaisesRegex(RunFailure, f"the Job tickets-{RUN}"):
            self.keep()


class SupersededTest(KeeperTestCase):
    """A later run of the same TuningJob: the record is its own from its start on."""

    def take_over(self) -> None:
        self.world.record.update(runId=LATER, state="preflight", keeper="9999-01-01T00:00:00Z/keeper-9")

    def test_the_record_is_left_alone_and_the_workspace_deleted(self) -> None:
        self.world.tune()
        self.world.clock.after(1000, self.take_over)
        self.keep()
        self.assertEqual((self.world.record["runId"], self.world.record["state"]), (LATER, "preflight"))
        self.assert_released()

    def test_nothing_of_the_later_run_is_touched(self) -> None:
        self.world.tune()
        self.world.clock.after(1000, lambda: (self.take_over(), self.world.objects.pop(JOB), self.world.add_workspace(LATER)))
        self.keep()
        self.assertEqual(self.world.count(DELETE), 0)
        self.assertEqual(self.world.objects[WORKSPACE]["metadata"]["labels"], {LABEL: LATER})

    def test_a_pod_of_the_earlier_run_that_is_started_again_takes_nothing_back(self) -> None:
        self.take_over()
        self.world.add_workspace(LATER)
        self.keep()
        self.assertEqual((self.world.written, self.world.count(DELETE)), ([], 0))

    def test_a_workspace_that_the_later_run_deletes_is_no_failure_of_this_one(self) -> None:
        """Also when the record was taken over between two calls of one poll."""
        run = self.run_of()
        self.take_over()
        with self.assertRaisesRegex(Superseded, f"run {LATER} has taken over"):
            give_up_lost(run)
        self.assertEqual(self.world.written, [])

    def test_an_earlier_run_is_not_a_later_one(self) -> None:
        self.world.record.update(runId=EARLIER, state="succeeded", keeper="2000-01-01T00:00:00Z/keeper-0")
        self.world.tune()
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")

    def test_an_emptied_record_is_nobodys(self) -> None:
        self.world.tune()
        self.world.clock.after(1000, lambda: self.world.objects.update({RECORD: {"data": {}}}))
        self.keep()
        self.assertEqual(self.world.record["state"], "succeeded")


if __name__ == "__main__":
    unittest.main()
