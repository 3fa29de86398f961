"""Which checkpoint a run goes on from: the newest whose manifest, written last, verifies."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from .files import read_json, write_json

MANIFEST = "manifest.json"
WORLD_SIZE = 1

logger = logging.getLogger(__name__)


def complete(checkpoint: Path) -> None:
    """Declares a checkpoint complete by writing its manifest. Nothing may be written into it afterwards."""
    files = {
        str(path.relative_to(checkpoint)): {"bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(checkpoint.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    write_json(checkpoint / MANIFEST, {"step": step_of(checkpoint), "worldSize": WORLD_SIZE, "files": files})


def newest_complete(folder: Path) -> Path | None:
    """The checkpoint to resume from. Half-written ones, which an eviction leaves, are passed over and named."""
    candidates = [path for path in folder.glob("checkpoint-*") if path.is_dir() and step_of(path) is not None]
    for checkpoint in sorted(candidates, key=lambda path: step_of(path) or 0, reverse=True):
        fault = fault_of(checkpoint)
        if fault is None:
            return checkpoint
        logger.warning("%s is passed over: %s", checkpoint.name, fault)
    return None


def fault_of(checkpoint: Path) -> str | None:
    """Why the checkpoint cannot be resumed from, or None."""
    manifest = read_json(checkpoint / MANIFEST)
    if manifest is None:
        return "it has no manifest, so its save did not finish"
    if manifest.get("worldSize") != WORLD_SIZE:
        return f"it was saved by {manifest.get('worldSize')} processes, this run has {WORLD_SIZE}"
    files = manifest.get("files")
    if not isinstance(files, dict) or "trainer_state.json" not in files:
        return "its manifest names no trainer_state.json"
    for name, expected in files.items():
        path = checkpoint / name
        if not path.is_file():
            return f"{name} is missing"
        if path.stat().st_size != expected["bytes"]:
            return f"{name} has {path.stat().st_size} bytes, not {expected['bytes']}"
        if _sha256(path) != expected["sha256"]:
            return f"{name} has other content than was saved"
    return None


def step_of(checkpoint: Path) -> int | None:
    number = checkpoint.name.removeprefix("checkpoint-")
    return int(number) if number.isdigit() else None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
