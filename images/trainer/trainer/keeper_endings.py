"""How a run that KAITO tunes ends: recorded first, and then without a node that anybody pays for.

In this order, because a keeper that is killed in between is started again and finishes: it finds the end in the record.
"""

from __future__ import annotations

import logging
from typing import NoReturn

from .failures import ExitCode, RunFailure, Terminated
from .keeper_run import PATIENCE_SECONDS, KeeperRun
from .kubernetes import ClusterError
from .published import lock
from .registry_auth import RegistryRefused

# What was pushed a moment ago is there; a registry that is replicated may take a little longer.
MANIFEST_SECONDS = 120.0
# KAITO's finalizer waits for its nodes, and Azure takes its time to delete them.
RELEASE_SECONDS = 2 * 3600.0

logger = logging.getLogger(__name__)


def finish(run: KeeperRun) -> None:
    """KAITO's Job is done: the adapter must be in the registry."""
    digest = _pushed_digest(run)
    if digest is None:
        # Final: another attempt would be another paid run.
        fail(run, ExitCode.PUSH_REFUSED, f"KAITO's Job succeeded, and there is no adapter {_reference(run)}")
    succeed(run, digest)


def succeed(run: KeeperRun, digest: str) -> None:
    configuration = run.configuration
    try:
        lock(run.repository, digest, configuration.output.tag)
    except OSError as error:
        # The nodes are paid for meanwhile.
        logger.warning("the adapter is pushed but not locked, so a purge may delete it: %s", error)
    run.write(
        state="succeeded",
        runId=configuration.runId,
        adapterDigest=digest,
        adapterRunId=configuration.runId,
        adapterRank=configuration.lora.rank,
        # KAITO tells no loss.
        lossBefore=None,
        lossAfter=None,
        reason=None,
        **run.account(),
    )
    run.has_ended = True
    logger.info("succeeded: %s@%s", _reference(run), digest)
    release(run)


def fail(run: KeeperRun, code: ExitCode, reason: str) -> NoReturn:
    failure = RunFailure(code, reason)
    logger.error("%s", failure.reason)
    try:
        run.write(state="failed", reason=failure.reason, exitCode=int(code), **run.account())
        failure.recorded = True
    except ClusterError as error:
        logger.error("the failure could not be recorded: %s", error)
    run.has_ended = True
    release(run)
    raise failure


def give_up(run: KeeperRun, code: ExitCode, reason: str) -> None:
    """Fails, unless the adapter is there after all: then it is what the run was for, and a later run would reuse it."""
    digest = _adapter_digest(run)
    if digest is None:
        fail(run, code, reason)
    logger.warning("%s; but the adapter is in the registry", reason)
    succeed(run, digest)


def give_up_lost(run: KeeperRun) -> None:
    """The Workspace is gone, or going, and not by this keeper."""
    run.refuse_to_be_second()
    job = run.insist(run.objects.keeper_job)
    if job is None or job.isDeleting:
        raise Terminated("the keeper's Job is being deleted, and the Workspace with it")
    give_up(run, ExitCode.BAD_CONFIGURATION, f"the Workspace {run.objects.name} was deleted before its run had ended")


def release(run: KeeperRun) -> None:
    """Deletes the run's Workspace, and waits until it is gone: its nodes are until then."""
    until = run.now() + RELEASE_SECONDS
    while True:
        found = run.insist(run.objects.workspace)
        if found is None or found.runId != run.configuration.runId:
            logger.info("no Workspace of this run is left: GPU nodes are released")
            return
        if not found.isDeleting:
            logger.info("deleting the Workspace %s", run.objects.name)
            run.insist(lambda: run.objects.delete_workspace(found))
        if run.now() >= until:
            hours = RELEASE_SECONDS / 3600
            told = f"the Workspace {run.objects.name} is still being deleted after {hours:g} hours"
            raise RunFailure(ExitCode.OTHER, f"{told}: its GPU nodes may still be paid for")
        run.wait()


def _adapter_digest(run: KeeperRun) -> str | None:
    try:
        found = run.repository.manifest(run.configuration.output.tag)
    except (RegistryRefused, OSError) as error:
        logger.warning("whether the adapter is in the registry is not known: %s", error)
        return None
    return None if found is None else found[0]


def _pushed_digest(run: KeeperRun) -> str | None:
    started = run.now()
    while True:
        try:
            found = run.repository.manifest(run.configuration.output.tag)
        except RegistryRefused as refusal:
            fail(run, ExitCode.PUSH_REFUSED, f"the registry does not show the adapter that KAITO has pushed: {refusal}")
        except OSError as error:
            if run.now() - started >= PATIENCE_SECONDS:
                raise
            logger.warning("%s; trying again", error)
        else:
            if found is not None:
                return found[0]
            if run.now() - started >= MANIFEST_SECONDS:
                return None
        run.wait()


def _reference(run: KeeperRun) -> str:
    output = run.configuration.output
    return f"{output.registry}/{output.repository}:{output.tag}"
