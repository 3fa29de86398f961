"""An adapter that is in the registry: asked for, reused, locked. Shared by the trainer's own steps and the keeper."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from .failures import ExitCode, RunFailure
from .record import Record
from .registry import Repository
from .registry_auth import RegistryRefused

PREFIX = "dev.aks-fine-tuning."
# What a record says of one run, and must not say of the next.
RUN_KEYS = ("step", "steps", "loss", "lossBefore", "lossAfter", "secondsLeft", "resumes", "usd", "reason")

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


def ask(question: Callable[[], Result]) -> Result:
    """The registry's answer; a refusal ends the run, as no retry mends it."""
    try:
        return question()
    except RegistryRefused as refusal:
        raise RunFailure(ExitCode.PUSH_REFUSED, f"the registry refuses this run: {refusal}") from refusal


def reuse(record: Record, run_id: str, rank: int, digest: str, manifest: dict[str, Any]) -> None:
    """Records the adapter that an earlier pod of this run has published. An engine's own push says little of it."""
    annotations = manifest.get("annotations") or {}
    logger.info("the adapter of run %s is in the registry: nothing is bought", run_id)
    record.write(
        state="reused",
        adapterDigest=digest,
        adapterRunId=run_id,
        adapterRank=annotations.get(f"{PREFIX}rank", str(rank)),
        lossBefore=annotations.get(f"{PREFIX}loss-before"),
        lossAfter=annotations.get(f"{PREFIX}loss-after"),
    )


def lock(repository: Repository, digest: str, tag: str) -> None:
    """The adapter is in the registry and paid for: one that cannot be locked is a warning, not a failed run."""
    try:
        locked = repository.lock(digest, tag)
    except RegistryRefused as refusal:
        logger.warning("the adapter is pushed but not locked, so a purge may delete it: %s", refusal)
        return
    if locked:
        logger.info("locked %s against deletion and overwriting", digest)
    else:
        logger.info("this registry has no locks: %s can be deleted", digest)
