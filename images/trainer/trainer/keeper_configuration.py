"""The keeper's configuration: the run's, as far as KAITO leaves it to us, and the whole Workspace as it is to be made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .configuration import Output, RecordName, not_above_zero, parse, read_value, schema_problems

# Which run a Workspace belongs to.
RUN_LABEL = "aks-fine-tuning.dev/run"


@dataclass(frozen=True)
class Preset:
    name: str


@dataclass(frozen=True)
class AdapterShape:
    rank: int


@dataclass(frozen=True)
class Rows:
    """Not read here: they were checked when the dataset's image was built, and KAITO's own pods read them."""

    contentKey: str
    rows: int | None = None


@dataclass(frozen=True)
class KeeperLineage:
    trainerImage: str
    datasetImage: str
    size: str
    kaito: str


@dataclass(frozen=True)
class KeeperConfiguration:
    """Field names are those of the JSON, so that a message about one can be searched for."""

    schema: int
    engine: Literal["kaito"]
    runId: str
    record: RecordName
    keeperJob: str
    workspace: dict[str, Any]
    model: Preset
    method: Literal["lora", "qlora"]
    lora: AdapterShape
    dataset: Rows
    maximumPaidHours: float
    deadlineHours: float
    usdPerHour: float | None
    output: Output
    lineage: KeeperLineage


def read_keeper_configuration(path: Path) -> KeeperConfiguration:
    """Reads and checks the file, naming every problem at once."""
    return parse_keeper_configuration(read_value(path))


def parse_keeper_configuration(value: Any) -> KeeperConfiguration:
    return parse(KeeperConfiguration, value, _problems)


def _problems(configuration: KeeperConfiguration) -> list[str]:
    positive = {
        "lora.rank": configuration.lora.rank,
        "maximumPaidHours": configuration.maximumPaidHours,
        "deadlineHours": configuration.deadlineHours,
    }
    return [
        *schema_problems(configuration.schema),
        *not_above_zero(positive),
        *_manifest_problems(configuration.workspace, configuration.record.namespace, configuration.runId),
    ]


def _manifest_problems(manifest: dict[str, Any], namespace: str, run_id: str) -> list[str]:
    """Only what the keeper itself goes by: the rest is between the manifest's author and the API server."""
    metadata = manifest.get("metadata")
    if not isinstance(metadata, dict):
        return ["workspace.metadata is not an object"]
    labels = metadata.get("labels")
    found = {
        "workspace.kind": manifest.get("kind"),
        "workspace.metadata.namespace": metadata.get("namespace"),
        f"workspace.metadata.labels[{RUN_LABEL}]": labels.get(RUN_LABEL) if isinstance(labels, dict) else None,
    }
    wanted = dict(zip(found, ("Workspace", namespace, run_id), strict=True))
    problems = [f"{name} is {found[name]}, not {wanted[name]}" for name in found if found[name] != wanted[name]]
    version, name = manifest.get("apiVersion"), metadata.get("name")
    if not isinstance(version, str) or not version.startswith("kaito.sh/"):
        problems.append(f"workspace.apiVersion is {version}, not one of kaito.sh")
    if not isinstance(name, str) or not name:
        problems.append("workspace.metadata.name is missing")
    return problems
