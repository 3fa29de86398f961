"""What a run has cost so far, over all its pods. Kept beside the checkpoints, because a pod forgets."""

from __future__ import annotations

import time
from pathlib import Path

from .files import read_json, write_json

FILE = "ledger.json"
SECONDS_BETWEEN_WRITES = 15.0


class Ledger:
    """Paid time counts from the start of the process: a node that is being prepared is paid but cannot be seen here."""

    def __init__(self, folder: Path, usd_per_hour: float | None) -> None:
        self._path = folder / FILE
        self._usd_per_hour = usd_per_hour
        kept = read_json(self._path) or {}
        self._earlier_seconds = float(kept.get("paidSeconds", 0))
        self.resumes = int(kept.get("resumes", 0))
        self.loss_before: float | None = kept.get("lossBefore")
        self._started = time.monotonic()
        self._written = self._started

    @property
    def paid_seconds(self) -> float:
        return self._earlier_seconds + time.monotonic() - self._started

    @property
    def usd(self) -> float | None:
        return None if self._usd_per_hour is None else self.paid_seconds / 3600 * self._usd_per_hour

    @property
    def spent(self) -> str:
        """For the log."""
        return "price not known" if self.usd is None else f"${self.usd:.4f}"

    def save(self) -> None:
        self._written = time.monotonic()
        write_json(
            self._path,
            {"paidSeconds": round(self.paid_seconds, 1), "resumes": self.resumes, "lossBefore": self.loss_before},
        )

    def save_now_and_then(self) -> None:
        """Often enough that a killed pod loses seconds of the account, seldom enough not to slow the steps."""
        if time.monotonic() - self._written > SECONDS_BETWEEN_WRITES:
            self.save()
