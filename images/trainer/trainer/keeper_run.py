"""What the parts of the keeper share: the run, whom it asks, how patient it is, and what the run has cost."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from .failures import ExitCode, RunFailure
from .kaito_objects import KaitoObjects, KeeperJob
from .kaito_progress import seconds_of, timestamp_of
from .keeper_configuration import KeeperConfiguration
from .kubernetes import ClusterError
from .record import Record
from .registry import Repository

POLL_SECONDS = 10.0
# An API server that is being upgraded is away for minutes.
PATIENCE_SECONDS = 1800.0

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


class Superseded(Exception):
    """A later run has taken the record over: this one is not wanted any more."""


class Clock:
    """Time that passes; tests have their own."""

    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class KeeperRun:
    def __init__(
        self,
        configuration: KeeperConfiguration,
        record: Record,
        objects: KaitoObjects,
        repository: Repository,
        clock: Clock | None = None,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self.configuration = configuration
        self.record = record
        self.objects = objects
        self.repository = repository
        self._clock = clock or Clock()
        self._poll_seconds = poll_seconds
        # From the cluster, so that a keeper that was restarted goes on counting.
        self.paid_since: float | None = None
        # Once the record says how it ended, nothing may make it say something else.
        self.has_ended = False
        job = self.insist(objects.keeper_job)
        if job is None:
            raise RunFailure(ExitCode.OTHER, f"the Job {configuration.keeperJob}, which this keeper belongs to, is not there")
        self.job: KeeperJob = job

    def now(self) -> float:
        return self._clock.now()

    def wait(self) -> None:
        self._clock.sleep(self._poll_seconds)

    def insist(self, call: Callable[[], Result]) -> Result:
        """The cluster's answer, also if it takes a while until there is one."""
        until = self.now() + PATIENCE_SECONDS
        while True:
            try:
                return call()
            except ClusterError as error:
                if not error.passes or self.now() >= until:
                    raise
                logger.warning("%s; trying again", error)
                self.wait()

    def write(self, **data: str | int | float | None) -> None:
        self.insist(lambda: self.record.write(**data))

    def refuse_to_be_second(self) -> None:
        """Ends a keeper whose record another run has taken over. A record that was emptied by hand is nobody's."""
        taken_by = self.insist(self.record.read).get("runId")
        if taken_by not in (None, self.configuration.runId):
            raise Superseded(f"run {taken_by} has taken over")

    @property
    def paid_hours(self) -> float:
        return 0.0 if self.paid_since is None else max(0.0, self.now() - self.paid_since) / 3600

    @property
    def hours(self) -> float:
        """Since the keeper's Job was made: the wait for capacity counts too."""
        return (self.now() - seconds_of(self.job.created)) / 3600

    def account(self) -> dict[str, str | float | None]:
        """What the record says of money: from the first pod that has a node on."""
        price = self.configuration.usdPerHour
        if self.paid_since is None:
            return {"paidSince": None, "usd": None}
        return {"paidSince": timestamp_of(self.paid_since), "usd": None if price is None else self.paid_hours * price}
