"""`keep`: a run that KAITO tunes, from its Workspace's making to the release of its GPU nodes.

KAITO keeps the nodes of a Workspace until it is deleted, also after its Job is done, so somebody has to delete it. And
what deletes it must not be what declares it: that would make it again, and train again. So this does both, once a run.
"""

from __future__ import annotations

import logging
from typing import Any

from .failures import ExitCode, RunFailure, Terminated
from .kaito_objects import KaitoObjects
from .kaito_progress import seconds_of
from .keeper_claim import claim
from .keeper_configuration import KeeperConfiguration
from .keeper_endings import give_up, give_up_lost, release, succeed
from .keeper_follow import Follower
from .keeper_run import KeeperRun, Superseded
from .kubernetes import Cluster
from .published import RUN_KEYS, ask, reuse
from .record import Record
from .registry import Repository

# States of a record that this keeper's Job has left: a pod of it was killed, and this one goes on.
FOLLOWED = ("queued", "tuning", "pushing")
ENDED = ("succeeded", "reused")
RESUMED = (*FOLLOWED, *ENDED, "replacing", "failed")

logger = logging.getLogger(__name__)


def keep(configuration: KeeperConfiguration, record: Record) -> None:
    output = configuration.output
    objects = KaitoObjects(Cluster(), configuration)
    keep_run(KeeperRun(configuration, record, objects, Repository(output.registry, output.repository)))


def keep_run(run: KeeperRun) -> None:
    try:
        _keep(run)
    except Superseded as reason:
        logger.info("%s: this run's Workspace is deleted, and its record left alone", reason)
        release(run)
    except Terminated:
        raise
    except Exception as error:
        failure = error if isinstance(error, RunFailure) else RunFailure(ExitCode.OTHER, f"{type(error).__name__}: {error}")
        goes_on = failure.code == ExitCode.OTHER and not run.job.isLastAttempt
        if run.has_ended or goes_on:
            raise
        # Nobody comes after this pod to release the nodes.
        give_up(run, failure.code, failure.reason)


def _keep(run: KeeperRun) -> None:
    configuration = run.configuration
    recorded = run.insist(run.record.read)
    keeper = recorded.get("keeper", "")
    if recorded.get("runId") not in (None, configuration.runId) and keeper >= run.job.identity:
        raise Superseded(f"run {recorded['runId']} is later")
    mine = recorded.get("runId") == configuration.runId and keeper == run.job.identity
    state = recorded.get("state") if mine else None
    if state in RESUMED:
        logger.info("going on with a run that is %s", state)
        run.paid_since = seconds_of(recorded["paidSince"]) if "paidSince" in recorded else None
    else:
        _begin(run)

    existing = ask(lambda: run.repository.manifest(configuration.output.tag))
    if existing is not None:
        _keep_adapter(run, state, *existing)
        return
    if state == "failed":
        _fail_again(run, recorded)
    if run.paid_since is not None and not _has_workspace(run):
        # To make another would be to pay for the run a second time.
        give_up_lost(run)
        return
    Follower(run, claim(run)).follow()


def _begin(run: KeeperRun) -> None:
    run.write(
        state="preflight",
        runId=run.configuration.runId,
        keeper=run.job.identity,
        exitCode=None,
        paidSince=None,
        **dict.fromkeys(RUN_KEYS),
    )


def _has_workspace(run: KeeperRun) -> bool:
    found = run.insist(run.objects.workspace)
    return found is not None and found.runId == run.configuration.runId and not found.isDeleting


def _keep_adapter(run: KeeperRun, state: str | None, digest: str, manifest: dict[str, Any]) -> None:
    """The adapter is there. A pod of this very Job may have bought it, and been killed before it could say so."""
    if state in FOLLOWED:
        succeed(run, digest)
        return
    if state not in ENDED:
        reuse(run.record, run.configuration.runId, run.configuration.lora.rank, digest, manifest)
    run.has_ended = True
    release(run)


def _fail_again(run: KeeperRun, recorded: dict[str, str]) -> None:
    """The failure that was recorded before the nodes were released: releases them, and ends as that would have."""
    code = ExitCode(int(recorded.get("exitCode", ExitCode.BAD_CONFIGURATION)))
    failure = RunFailure(code, recorded.get("reason", "no reason was recorded"))
    failure.recorded = run.has_ended = True
    release(run)
    raise failure
