"""How a run ends when it does not succeed: the exit codes that the Job's podFailurePolicy knows."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the Job does next depends on these: 10 to 14 fail it at once, 1 is tried again."""

    OTHER = 1
    BAD_CONFIGURATION = 10
    BAD_DATA = 11
    GPU_OUT_OF_MEMORY = 12
    BASE_MODEL_NOT_USABLE = 13
    PUSH_REFUSED = 14
    TERMINATED = 143


class RunFailure(Exception):
    """Ends the run with an exit code and one line that says why."""

    def __init__(self, code: ExitCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = " ".join(reason.split())
        # Set by whoever has recorded the failure already.
        self.recorded = False


class Terminated(Exception):
    """The pod is asked to leave: nothing failed, and the next pod goes on from the last checkpoint."""
