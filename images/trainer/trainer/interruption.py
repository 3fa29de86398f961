"""SIGTERM: the node is going away, and there are some 20 seconds to keep what the last steps have brought."""

from __future__ import annotations

import logging
import signal
import time
from types import FrameType

from .failures import Terminated

# AKS announces a spot eviction 30 s ahead at best; what is left after the node was drained that far.
# https://learn.microsoft.com/azure/aks/spot-node-pool
SECONDS_TO_SAVE = 20.0
# A save takes longer when every pod of the node writes at the same time.
CAUTION = 1.5

logger = logging.getLogger(__name__)


class Interruption:
    """Ends the process at once while nothing can be lost, else after this step, if a save is predicted to fit."""

    def __init__(self) -> None:
        self._received: float | None = None
        self._step_started: float | None = None
        self._step_seconds: float | None = None
        self._save_seconds = 0.0
        self._finishing = False

    def install(self) -> None:
        signal.signal(signal.SIGTERM, self._on_signal)

    @property
    def received(self) -> bool:
        return self._received is not None

    def predict_save(self, seconds: float) -> None:
        self._save_seconds = seconds

    def step_begins(self) -> None:
        self._step_started = time.monotonic()

    def step_ended(self) -> None:
        if self._step_started is None:
            return
        seconds = time.monotonic() - self._step_started
        self._step_seconds = seconds if self._step_seconds is None else 0.8 * self._step_seconds + 0.2 * seconds

    def finishing(self) -> None:
        """From here on the adapter is being written, which is worth more than leaving early."""
        self._finishing = True

    def save_fits(self) -> bool:
        """Whether a save that starts now is predicted to end in time."""
        return self._received is not None and self._fits(time.monotonic())

    def _fits(self, save_starts: float) -> bool:
        received = save_starts if self._received is None else self._received
        return save_starts + CAUTION * self._save_seconds <= received + SECONDS_TO_SAVE

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._received is not None:
            return
        now = self._received = time.monotonic()
        if self._finishing:
            logger.info("SIGTERM: the adapter is being written; finishing that")
            return
        if self._step_started is None or self._step_seconds is None:
            raise Terminated("SIGTERM before the first step ended: nothing to save")
        step_ends = max(now, self._step_started + self._step_seconds)
        if not self._fits(step_ends):
            raise Terminated("SIGTERM: the rest of this step and a save would take too long; leaving without a save")
        logger.info("SIGTERM: saving after this step, in about %.1f s", step_ends - now)
