"""What happens around each step: the record, the account, checkpoints, and leaving in time."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from . import checkpoints
from .interruption import Interruption
from .ledger import Ledger
from .record import Record

logger = logging.getLogger(__name__)


class Progress(TrainerCallback):
    """Follows the training loop of transformers.Trainer."""

    def __init__(self, record: Record, ledger: Ledger, interruption: Interruption, maximum_paid_hours: float) -> None:
        self._record = record
        self._ledger = ledger
        self._interruption = interruption
        self._maximum_paid_hours = maximum_paid_hours
        self._first: tuple[int, float] | None = None
        self.paid_too_much = False

    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self._interruption.step_begins()
        if self._first is None:
            self._first = (state.global_step, time.monotonic())

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        self._interruption.step_ended()
        self._ledger.save_now_and_then()
        self.paid_too_much = self._ledger.paid_seconds > self._maximum_paid_hours * 3600
        if self.paid_too_much:
            control.should_save = control.should_training_stop = True
        elif self._interruption.received:
            control.should_save = self._interruption.save_fits()
            control.should_training_stop = True

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> None:
        if logs is None or "loss" not in logs:
            return
        left = self._seconds_left(state)
        self._record.update(
            step=state.global_step,
            steps=state.max_steps,
            loss=logs["loss"],
            secondsLeft=left,
            resumes=self._ledger.resumes,
            usd=self._ledger.usd,
        )
        logger.info(
            "step %d/%d · loss %.4f · %d s left · %s",
            state.global_step,
            state.max_steps,
            logs["loss"],
            left,
            self._ledger.spent,
        )

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        checkpoint = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}"
        checkpoints.complete(checkpoint)
        self._ledger.save()
        logger.info("%s is complete", checkpoint.name)

    def _seconds_left(self, state: TrainerState) -> int:
        if self._first is None or state.global_step <= self._first[0]:
            return 0
        first_step, started = self._first
        per_step = (time.monotonic() - started) / (state.global_step - first_step)
        return round(per_step * (state.max_steps - state.global_step))
