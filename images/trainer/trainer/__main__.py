"""`python -m trainer preflight|train|push|keep [--configuration FILE]`: one step of a tuning run."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from .configuration import DEFAULT_PATH, Configuration, read_configuration
from .failures import ExitCode, RunFailure, Terminated
from .interruption import Interruption
from .keeper_configuration import KeeperConfiguration, read_keeper_configuration
from .kubernetes import ClusterError
from .outcome import read_outcome, write_failure
from .record import Record, open_record

logger = logging.getLogger("trainer")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="trainer", description=__doc__)
    parser.add_argument("step", choices=["preflight", "train", "push", "keep"])
    parser.add_argument("--configuration", type=Path, default=DEFAULT_PATH)
    parsed = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stdout)

    # Bars that are drawn in place fill a log with one line for each state.
    os.environ.update(TQDM_DISABLE="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1", HF_HUB_DISABLE_PROGRESS_BARS="1")

    # First of all: a process with id 1 that has no handler cannot be stopped before the grace period ends.
    interruption = Interruption()
    interruption.install()
    record: Record | None = None
    configuration: Configuration | KeeperConfiguration | None = None
    try:
        if parsed.step == "keep":
            configuration = read_keeper_configuration(parsed.configuration)
            record = open_record(configuration.record)
            _keep(configuration, record)
        else:
            configuration = read_configuration(parsed.configuration)
            record = open_record(configuration.record, configuration.tuningJob)
            _run(parsed.step, configuration, record, interruption)
        return 0
    except Terminated as reason:
        logger.info("%s", reason)
        return ExitCode.TERMINATED
    except RunFailure as failure:
        logger.error("%s", failure.reason)
        _tell(record, configuration, failure)
        return failure.code
    except Exception as error:
        logger.exception("unexpected")
        _tell(record, configuration, RunFailure(ExitCode.OTHER, f"{type(error).__name__}: {error}"))
        return ExitCode.OTHER


def _run(step: str, configuration: Configuration, record: Record, interruption: Interruption) -> None:
    # Imported where they are needed: torch and what stands on it take seconds to load, and most steps need less.
    if step == "preflight":
        _hide_torch()
        from .preflight import preflight

        preflight(configuration, record)
    elif step == "train":
        outcome = read_outcome(Path(configuration.checkpoints.path))
        if outcome is not None and outcome.state in ("trained", "pushed"):
            logger.info("nothing to do: the run is %s", outcome.state)
            return
        from .training import train

        train(configuration, record, interruption)
    else:
        from .push import push

        interruption.finishing()
        push(configuration, record)


def _keep(configuration: KeeperConfiguration, record: Record) -> None:
    from .keeper import keep

    keep(configuration, record)


def _hide_torch() -> None:
    """transformers imports torch when it finds it; rendering a chat template needs none of it."""
    sys.modules["torch"] = None
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")


def _tell(
    record: Record | None, configuration: Configuration | KeeperConfiguration | None, failure: RunFailure
) -> None:
    """Puts the reason where people look. The exit code is what counts, so nothing here may raise."""
    final = failure.code != ExitCode.OTHER
    if record is not None and configuration is not None and not failure.recorded:
        try:
            if final:
                # KAITO has no share.
                if isinstance(configuration, Configuration):
                    write_failure(Path(configuration.checkpoints.path), configuration.runId, failure)
                record.write(state="failed", reason=failure.reason)
            else:
                record.write(reason=failure.reason)
        except (ClusterError, OSError) as error:
            logger.warning("the failure could not be recorded: %s", error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
