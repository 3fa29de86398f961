"""The Workspace of this run: made, or found from before the keeper was restarted, after what is in its way is gone."""

from __future__ import annotations

import logging

from .failures import ExitCode, RunFailure, Terminated
from .kaito_objects import Workspace
from .keeper_run import KeeperRun
from .kubernetes import ClusterError

# What the API server, or KAITO's admission webhook behind it, says of a manifest that it does not take.
REFUSALS = (400, 403, 422)

logger = logging.getLogger(__name__)


def claim(run: KeeperRun) -> Workspace:
    told: str | None = None
    while True:
        run.refuse_to_be_second()
        found = run.insist(run.objects.workspace)
        if found is not None and found.runId is None:
            raise _foreign(run)
        if found is not None and found.runId == run.configuration.runId and not found.isDeleting:
            logger.info("following the Workspace %s", run.objects.name)
            return found
        in_the_way = _in_the_way(run, found)
        if in_the_way is None:
            made = _create(run)
            if made is not None:
                logger.info("made the Workspace %s", run.objects.name)
                return made
        elif in_the_way != told:
            told = in_the_way
            logger.info("%s", in_the_way)
            run.write(state="replacing", reason=in_the_way)
        if found is not None and not found.isDeleting:
            run.insist(lambda: run.objects.delete_workspace(found))
        _check_deadline(run, in_the_way)
        run.wait()


def _in_the_way(run: KeeperRun, found: Workspace | None) -> str | None:
    if found is not None:
        return f"waiting until the Workspace {run.objects.name} of run {found.runId} is gone"
    # The garbage collector's: KAITO would take the old Job for that of the new Workspace.
    if run.insist(run.objects.job) is not None:
        return f"waiting until the Job {run.objects.name} of an earlier Workspace is gone"
    return None


def _create(run: KeeperRun) -> Workspace | None:
    """None where it has to be looked at again: it is there already, or the API server did not answer."""
    job = run.insist(run.objects.keeper_job)
    if job is None or job.isDeleting:
        raise Terminated("the keeper's Job is being deleted: nothing is made any more")
    try:
        return run.objects.create_workspace(job)
    except ClusterError as error:
        if error.status == 404:
            reason = f"the API server does not know Workspaces of {run.configuration.workspace['apiVersion']}: is KAITO there?"
            raise RunFailure(ExitCode.OTHER, f"{reason} {error}") from error
        if error.status in REFUSALS:
            raise RunFailure(ExitCode.BAD_CONFIGURATION, f"the Workspace is refused: {error}") from error
        if error.status != 409 and not error.passes:
            raise
        logger.warning("%s; looking again", error)
        return None


def _check_deadline(run: KeeperRun, in_the_way: str | None) -> None:
    hours = run.configuration.deadlineHours
    if run.hours > hours:
        told = in_the_way or "the API server has not made the Workspace"
        raise RunFailure(ExitCode.BAD_CONFIGURATION, f"time limit: {hours:g} hours have passed; {told}")


def _foreign(run: KeeperRun) -> RunFailure:
    return RunFailure(
        ExitCode.BAD_CONFIGURATION,
        f"there is a Workspace {run.objects.name} that belongs to no tuning run; delete it, or give the TuningJob another name",
    )
