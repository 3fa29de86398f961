"""`outcome.json`: what the run has reached, on the share, so that a second pod does not do the work again."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from .failures import RunFailure
from .files import read_json, timestamp, write_json

FILE = "outcome.json"
ADAPTER = "adapter"


@dataclass(frozen=True)
class Outcome:
    """`trained`: the adapter is on the share. `pushed`: it is in the registry, and the share holds this file only."""

    state: Literal["trained", "pushed", "failed"]
    runId: str
    finishedAt: str
    adapter: str = f"{ADAPTER}/"
    adapterDigest: str | None = None
    adapterRank: int | None = None
    lossBefore: float | None = None
    lossAfter: float | None = None
    exitCode: int | None = None
    reason: str | None = None


def read_outcome(folder: Path) -> Outcome | None:
    """The outcome, unless there is none or the adapter that it promises is gone."""
    value = read_json(folder / FILE)
    if value is None:
        return None
    try:
        outcome = Outcome(**value)
    except TypeError:
        return None
    if outcome.state == "trained" and not (folder / ADAPTER / "adapter_model.safetensors").is_file():
        return None
    return outcome


def write_outcome(folder: Path, outcome: Outcome) -> None:
    write_json(folder / FILE, {key: value for key, value in asdict(outcome).items() if value is not None})


def write_failure(folder: Path, run_id: str, failure: RunFailure) -> None:
    """Kept for whoever looks at the share; a later pod tries again. Never hides an adapter that is there."""
    if folder.is_dir() and read_outcome(folder) is None:
        outcome = Outcome("failed", run_id, timestamp(), exitCode=int(failure.code), reason=failure.reason)
        write_outcome(folder, outcome)


def forget_run(folder: Path) -> None:
    """Removes whatever an earlier run of this id left, so that the next pod starts from nothing."""
    for entry in folder.iterdir() if folder.is_dir() else ():
        remove(entry)


def keep_outcome_only(folder: Path) -> None:
    """Frees the share after the push: checkpoints cost money, and the adapter is in the registry."""
    for entry in folder.iterdir():
        if entry.name != FILE:
            remove(entry)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
