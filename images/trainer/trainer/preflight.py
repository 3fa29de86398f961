"""`preflight`: everything that can go wrong before a GPU is paid for, on a node that costs cents."""

from __future__ import annotations

import logging
from pathlib import Path

from .base_model import check_files, load_tokenizer
from .configuration import Configuration
from .dataset import Example, optimizer_steps, read_examples
from .outcome import forget_run, read_outcome
from .published import RUN_KEYS, ask, reuse
from .record import Record
from .registry import Repository

logger = logging.getLogger(__name__)


def preflight(configuration: Configuration, record: Record) -> None:
    record.write(state="preflight", runId=configuration.runId, **dict.fromkeys(RUN_KEYS))
    repository = Repository(configuration.output.registry, configuration.output.repository)
    existing = ask(lambda: repository.manifest(configuration.output.tag))
    if existing is not None:
        reuse(record, configuration.runId, configuration.lora.rank, *existing)
        return

    _forget_what_was_pushed(configuration)
    check_files(configuration.model)
    tokenizer = load_tokenizer(configuration.model)
    examples = read_examples(configuration, tokenizer)
    steps = _steps(configuration, len(examples))
    _log_lengths(configuration, examples, steps)
    ask(repository.check_push)
    logger.info("push to %s/%s is permitted", configuration.output.registry, configuration.output.repository)

    record.write(state="queued", steps=steps)
    record.start_tuning()
    logger.info("the tuning Job %s is started", configuration.tuningJob)


def _forget_what_was_pushed(configuration: Configuration) -> None:
    """An adapter that was pushed and is no longer in the registry has to be trained again."""
    folder = Path(configuration.checkpoints.path)
    outcome = read_outcome(folder)
    if outcome is not None and outcome.state == "pushed":
        logger.info("the adapter of an earlier run is no longer in the registry: training again")
        forget_run(folder)


def _steps(configuration: Configuration, rows: int) -> int | None:
    """None with packing: how many sequences the rows make is known once they are packed."""
    if configuration.packing:
        return None
    return optimizer_steps(rows, configuration.microBatch, configuration.accumulation, configuration.epochs)


def _log_lengths(configuration: Configuration, examples: list[Example], steps: int | None) -> None:
    lengths = sorted(len(example.input_ids) for example in examples)
    cut = sum(length == configuration.sequenceLength for length in lengths)
    logger.info(
        "%d rows: %d tokens in the middle, %d at most, %d rows as long as the sequence or cut to it; %s steps",
        len(lengths),
        lengths[len(lengths) // 2],
        lengths[-1],
        cut,
        "an unknown number of" if steps is None else steps,
    )
