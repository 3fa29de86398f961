"""A Workspace from its making to the end of its Job, in the record all the while.

A poll that is lost does not matter: what counts is in the cluster, and the next poll sees it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from .failures import ExitCode
from .kaito_objects import Workspace, is_owned_by
from .kaito_progress import (
    code_of,
    failed_reason,
    failure_of,
    first_failed,
    first_scheduled,
    has_idle_nodes,
    has_succeeded,
    newest_failed,
    stage_of,
    waits_for,
)
from .keeper_endings import finish, give_up, give_up_lost
from .keeper_run import KeeperRun
from .kubernetes import ClusterError

# What is left to do. Done outside of the poll, so that no fault of it is taken for a lost poll.
Ending = Callable[[], None]

logger = logging.getLogger(__name__)


class Follower:
    def __init__(self, run: KeeperRun, workspace: Workspace) -> None:
        self._run = run
        self._uid = workspace.uid
        self._said: tuple[str, str | None] | None = None

    def follow(self) -> None:
        """Returns when the run has succeeded, and its nodes are released."""
        while True:
            try:
                ending = self._look()
            except ClusterError as error:
                logger.warning("this poll is lost: %s", error)
                ending = None
            ending = ending or self._limit()
            if ending is not None:
                ending()
                return
            self._run.wait()

    def _look(self) -> Ending | None:
        run = self._run
        run.refuse_to_be_second()
        workspace = run.objects.workspace()
        if workspace is None or workspace.isDeleting or workspace.uid != self._uid:
            return partial(give_up_lost, run)
        job = run.objects.job()
        if job is None or not is_owned_by(job, workspace):
            return self._without_job(workspace)
        pods = run.objects.pods(job)
        run.paid_since = _earlier(run.paid_since, first_scheduled(job, pods))
        if has_succeeded(job, pods):
            return partial(finish, run)
        why = failure_of(job, pods, run.now())
        if why is not None:
            return partial(give_up, run, *self._cause(why, pods))
        if run.paid_since is None:
            self._say("queued", waits_for(workspace.conditions, pods))
        else:
            failed = newest_failed(pods)
            self._say(stage_of(pods), None if failed is None else f"tried again: {failed_reason(failed)}")
        return None

    def _without_job(self, workspace: Workspace) -> Ending | None:
        waiting = waits_for(workspace.conditions, [])
        if has_idle_nodes(workspace.conditions, self._run.now()):
            told = f"the nodes are ready, and KAITO makes no Job: {waiting}"
            return partial(give_up, self._run, ExitCode.BAD_CONFIGURATION, told)
        self._say("queued", waiting)
        return None

    def _say(self, state: str, reason: str | None) -> None:
        if self._said != (state, reason):
            self._said = (state, reason)
            logger.info("%s", state if reason is None else f"{state}: {reason}")
        self._run.record.update(state=state, reason=reason, **self._run.account())

    def _cause(self, why: str, pods: list[dict[str, Any]]) -> tuple[ExitCode, str]:
        pod = newest_failed(pods)
        if pod is None:
            return ExitCode.BAD_CONFIGURATION, why
        ended = first_failed(pod)
        log = "" if ended is None else self._run.objects.log_tail(ended.pod, ended.name)
        code = ExitCode.BAD_CONFIGURATION if ended is None else code_of(ended, log)
        return code, f"{failed_reason(pod, log)} ({why})"

    def _limit(self) -> Ending | None:
        run = self._run
        paid, total = run.configuration.maximumPaidHours, run.configuration.deadlineHours
        if run.paid_hours > paid:
            told = f"the run has used its {paid:g} paid hours; with a higher limit it starts from the beginning"
        elif run.hours > total:
            last = "" if self._said is None else f"; last seen: {': '.join(filter(None, self._said))}"
            told = f"{total:g} hours have passed without an end{last}"
        else:
            return None
        return partial(give_up, run, ExitCode.BAD_CONFIGURATION, f"time limit: {told}")


def _earlier(one: float | None, other: float | None) -> float | None:
    return min((time for time in (one, other) if time is not None), default=None)
