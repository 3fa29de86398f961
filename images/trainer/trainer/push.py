"""`push`: the adapter from the share into the registry, once."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from .adapter_image import AdapterImage, pack
from .configuration import Configuration
from .failures import ExitCode, RunFailure
from .outcome import ADAPTER, Outcome, keep_outcome_only, read_outcome, write_outcome
from .published import PREFIX, lock
from .record import Record
from .registry import Repository
from .registry_auth import RegistryRefused

logger = logging.getLogger(__name__)


def push(configuration: Configuration, record: Record) -> None:
    folder = Path(configuration.checkpoints.path)
    outcome = read_outcome(folder)
    if outcome is None or outcome.state == "failed":
        raise RunFailure(ExitCode.OTHER, f"there is no adapter in {folder}")
    if outcome.adapterDigest is None:
        record.write(state="pushing", reason=None)
        digest = _push(configuration, outcome, folder / ADAPTER)
        outcome = Outcome(**{**vars(outcome), "state": "pushed", "adapterDigest": digest})
        write_outcome(folder, outcome)
    else:
        logger.info("nothing to push: the adapter is in the registry")
    record.write(
        state="succeeded",
        runId=configuration.runId,
        adapterDigest=outcome.adapterDigest,
        adapterRunId=configuration.runId,
        adapterRank=configuration.lora.rank,
        lossBefore=outcome.lossBefore,
        lossAfter=outcome.lossAfter,
        reason=None,
    )
    keep_outcome_only(folder)


def _push(configuration: Configuration, outcome: Outcome, adapter: Path) -> str:
    output = configuration.output
    repository = Repository(output.registry, output.repository)
    with tempfile.TemporaryDirectory() as work:
        image = pack(adapter, Path(work), annotations_of(configuration, outcome))
        try:
            digest = _push_image(repository, image, output.tag)
        except RegistryRefused as refusal:
            raise RunFailure(ExitCode.PUSH_REFUSED, f"the push was refused: {refusal}") from refusal
    logger.info("pushed %s/%s@%s", output.registry, output.repository, digest)
    lock(repository, digest, output.tag)
    return digest


def _push_image(repository: Repository, image: AdapterImage, tag: str) -> str:
    found = repository.manifest(tag)
    if found is not None and found[0] == image.digest:
        # By a pod that ended before it could say so. The manifest may be locked, and a registry refuses to write it then.
        return image.digest
    repository.push_blob(image.layer.path, image.layer.digest)
    repository.push_blob(image.config.path, image.config.digest)
    return repository.push_manifest(image.manifest, tag)


def annotations_of(configuration: Configuration, outcome: Outcome) -> dict[str, str]:
    """Where the adapter comes from. The time is that of the training, so that a repeated push is the same image."""
    annotations = {
        # KAITO reads the name of the base model from this one.
        "sh.kaito.model.name": configuration.model.name,
        "org.opencontainers.image.created": outcome.finishedAt,
        f"{PREFIX}run-id": configuration.runId,
        f"{PREFIX}base-model": "@".join(filter(None, [configuration.model.name, configuration.model.revision])),
        f"{PREFIX}dataset": configuration.dataset.contentKey,
        f"{PREFIX}dataset-image": configuration.lineage.datasetImage,
        f"{PREFIX}trainer-image": configuration.lineage.trainerImage,
        f"{PREFIX}size": configuration.lineage.size,
        f"{PREFIX}method": configuration.method,
        f"{PREFIX}rank": str(configuration.lora.rank),
        f"{PREFIX}loss-before": "" if outcome.lossBefore is None else str(outcome.lossBefore),
        f"{PREFIX}loss-after": "" if outcome.lossAfter is None else str(outcome.lossAfter),
    }
    return {name: value for name, value in annotations.items() if value}
