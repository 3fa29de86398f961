"""The run's configuration, as rendered into the ConfigMap `/etc/tuning/config.json`."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from .failures import ExitCode, RunFailure

DEFAULT_PATH = Path("/etc/tuning/config.json")
SCHEMA = 1

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class RecordName:
    namespace: str
    name: str


@dataclass(frozen=True)
class BaseModel:
    name: str
    revision: str
    path: str


@dataclass(frozen=True)
class Dataset:
    path: str
    contentKey: str
    # How many were declared; a ready image comes without a count.
    rows: int | None = None


@dataclass(frozen=True)
class Lora:
    rank: int
    alpha: float
    dropout: float
    targets: str | list[str]
    rankStabilized: bool


@dataclass(frozen=True)
class Checkpoints:
    path: str
    everySteps: int


@dataclass(frozen=True)
class Output:
    registry: str
    repository: str
    tag: str


@dataclass(frozen=True)
class Lineage:
    trainerImage: str
    datasetImage: str
    size: str


@dataclass(frozen=True)
class Configuration:
    """Field names are those of the JSON, so that a message about one can be searched for."""

    schema: int
    runId: str
    record: RecordName
    tuningJob: str
    model: BaseModel
    dataset: Dataset
    method: Literal["lora", "qlora"]
    lora: Lora
    sequenceLength: int
    globalBatch: int
    microBatch: int
    epochs: int
    learningRate: float
    seed: int
    loss: Literal["assistant", "last-turn", "all"]
    packing: bool
    precision: Literal["bf16", "fp16", "fp32"]
    checkpointing: Literal["none", "full"]
    optimizer: Literal["adamw", "paged-adamw-8bit"]
    checkpoints: Checkpoints
    maximumPaidHours: float
    # None where nobody knows the price.
    usdPerHour: float | None
    output: Output
    lineage: Lineage

    @property
    def accumulation(self) -> int:
        """Micro-batches that make one optimizer step."""
        return self.globalBatch // self.microBatch


def read_configuration(path: Path) -> Configuration:
    """Reads and checks the file, naming every problem at once."""
    return parse_configuration(read_value(path))


def parse_configuration(value: Any) -> Configuration:
    return parse(Configuration, value, _problems)


def read_value(path: Path) -> Any:
    """What the file holds, whatever it is."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunFailure(ExitCode.BAD_CONFIGURATION, f"{path} cannot be read: {error}") from error


def parse(kind: type[Kind], value: Any, problems_of: Callable[[Kind], list[str]]) -> Kind:
    """The value as a configuration; `problems_of` names what its types allow and the run does not."""
    problems: list[str] = []
    configuration = _build(kind, value, "", problems)
    if not problems:
        problems = problems_of(configuration)
    if problems:
        raise RunFailure(ExitCode.BAD_CONFIGURATION, "configuration: " + "; ".join(problems))
    return configuration


def schema_problems(schema: int) -> list[str]:
    return [] if schema == SCHEMA else [f"schema {schema} is not known to this trainer, which reads {SCHEMA}"]


def not_above_zero(numbers: Mapping[str, float]) -> list[str]:
    return [f"{name} is {value}, not above 0" for name, value in numbers.items() if value <= 0]


def _problems(configuration: Configuration) -> list[str]:
    problems = schema_problems(configuration.schema)
    positive = {
        "lora.rank": configuration.lora.rank,
        "lora.alpha": configuration.lora.alpha,
        "sequenceLength": configuration.sequenceLength,
        "globalBatch": configuration.globalBatch,
        "microBatch": configuration.microBatch,
        "epochs": configuration.epochs,
        "learningRate": configuration.learningRate,
        "checkpoints.everySteps": configuration.checkpoints.everySteps,
        "maximumPaidHours": configuration.maximumPaidHours,
    }
    problems += not_above_zero(positive)
    if not problems and configuration.globalBatch % configuration.microBatch != 0:
        batches = (configuration.globalBatch, configuration.microBatch)
        problems.append("globalBatch {} is not a multiple of microBatch {}".format(*batches))
    if not 0 <= configuration.lora.dropout < 1:
        problems.append(f"lora.dropout is {configuration.lora.dropout}, not from 0 to below 1")
    return problems


def _build(kind: Any, value: Any, path: str, problems: list[str]) -> Any:
    """The value as `kind`, or a problem noted; a field with a default may be left out.

    A field that is not known is ignored: a newer library may send more.
    """
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, dict):
            problems.append(f"{path or 'the file'} is not an object")
            return None
        hints = typing.get_type_hints(kind)
        made = {}
        complete = True
        for field in dataclasses.fields(kind):
            where = f"{path}.{field.name}" if path else field.name
            if field.name in value:
                made[field.name] = _build(hints[field.name], value[field.name], where, problems)
            elif field.default is dataclasses.MISSING:
                complete = False
                problems.append(f"{where} is missing")
        return kind(**made) if complete else None
    if not _fits(kind, value):
        problems.append(f"{path} is {json.dumps(value)}, not {_spelled(kind)}")
    return value


def _fits(kind: Any, value: Any) -> bool:
    origin = typing.get_origin(kind)
    if origin is Literal:
        return value in typing.get_args(kind)
    if origin is types.UnionType:
        return any(_fits(option, value) for option in typing.get_args(kind))
    if origin is dict:
        return isinstance(value, dict)
    if origin is list:
        (item,) = typing.get_args(kind)
        return isinstance(value, list) and all(_fits(item, element) for element in value)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _spelled(kind: Any) -> str:
    if typing.get_origin(kind) is Literal:
        return "one of " + ", ".join(json.dumps(option) for option in typing.get_args(kind))
    return getattr(kind, "__name__", str(kind)) if typing.get_origin(kind) is None else str(kind)
