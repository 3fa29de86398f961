"""The run's record: a ConfigMap that `pulumi up`, the report and people read while the run is under way."""

from __future__ import annotations

import json
import logging
import os
import time
from pathlib import Path
from typing import Protocol

from .configuration import RecordName
from .files import read_json, timestamp, write_json
from .kubernetes import PATIENT_ATTEMPTS, Cluster, ClusterError

# For a run outside a cluster: the record goes into this file, and no Job is started.
FILE_VARIABLE = "TRAINER_RECORD_FILE"
SECONDS_BETWEEN_UPDATES = 2.0

logger = logging.getLogger(__name__)

Data = dict[str, str | None]


class Store(Protocol):
    """Where the record lives."""

    def read(self) -> dict[str, str]: ...

    def write(self, data: Data, attempts: int) -> None: ...

    def start_tuning(self) -> None: ...


class ClusterStore:
    """The record's ConfigMap and, where the run has one, the suspended tuning Job."""

    def __init__(self, name: RecordName, tuning_job: str | None) -> None:
        self._cluster = Cluster()
        self._record = f"/api/v1/namespaces/{name.namespace}/configmaps/{name.name}"
        self._job = f"/apis/batch/v1/namespaces/{name.namespace}/jobs/{tuning_job}"

    def read(self) -> dict[str, str]:
        return (self._cluster.get(self._record) or {}).get("data") or {}

    def write(self, data: Data, attempts: int) -> None:
        self._cluster.merge_patch(self._record, {"data": data}, attempts)

    def start_tuning(self) -> None:
        self._cluster.merge_patch(self._job, {"spec": {"suspend": False}})


class FileStore:
    """The record as a JSON file, for runs outside a cluster."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, str]:
        return read_json(self._path) or {}

    def write(self, data: Data, attempts: int) -> None:
        merged = {**(read_json(self._path) or {}), **data}
        write_json(self._path, {key: value for key, value in merged.items() if value is not None})

    def start_tuning(self) -> None:
        logger.info("no cluster: the tuning Job would be started now")


class Record:
    """Writes the record, at most every two seconds where a late value does no harm."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._written = 0.0
        self._pending: Data = {}

    def read(self) -> dict[str, str]:
        """What was written, by this pod or an earlier one; empty before that."""
        return self._store.read()

    def write(self, **data: str | int | float | None) -> None:
        """Writes now, and fails if that is refused. A key given as None is removed."""
        self._note(data)
        self._flush(PATIENT_ATTEMPTS)

    def update(self, **data: str | int | float | None) -> None:
        """Writes soon; a cluster that cannot be reached must not hold up or end a run that is being paid for."""
        self._note(data)
        if time.monotonic() - self._written < SECONDS_BETWEEN_UPDATES:
            return
        try:
            self._flush(attempts=1)
        except ClusterError as error:
            logger.warning("the record is behind: %s", error)

    def _note(self, data: dict[str, str | int | float | None]) -> None:
        self._pending.update({key: _text(value) for key, value in data.items()})

    def _flush(self, attempts: int) -> None:
        self._written = time.monotonic()
        self._store.write({**self._pending, "updatedAt": timestamp()}, attempts)
        self._pending = {}

    def start_tuning(self) -> None:
        self._store.start_tuning()


def open_record(name: RecordName, tuning_job: str | None = None) -> Record:
    path = os.environ.get(FILE_VARIABLE)
    return Record(ClusterStore(name, tuning_job) if path is None else FileStore(Path(path)))


def _text(value: str | int | float | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(round(value, 4)) if isinstance(value, float) else str(value)
