"""`train`: from the last complete checkpoint, or from nothing, to an adapter on the checkpoint share."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import torch
from datasets import Dataset
from peft import PeftModel
from transformers import PreTrainedTokenizerBase, PrinterCallback, set_seed
from trl import SFTConfig, SFTTrainer

from . import checkpoints
from .adapted_model import keep_adapter_in_fp32, load_adapted_model, precision_here
from .base_model import load_tokenizer
from .configuration import Configuration
from .dataset import Example, read_examples
from .evaluation import chosen_rows, mean_loss
from .failures import ExitCode, RunFailure, Terminated
from .files import timestamp, widen, write_json
from .interruption import Interruption
from .ledger import Ledger
from .outcome import ADAPTER, Outcome, remove, write_outcome
from .progress import Progress
from .record import Record

OPTIMIZERS = {"adamw": "adamw_torch", "paged-adamw-8bit": "paged_adamw_8bit"}
KEPT_CHECKPOINTS = 2
# A slow share; only until the first save has been timed.
ASSUMED_BYTES_PER_SECOND = 50e6

logger = logging.getLogger(__name__)


def train(configuration: Configuration, record: Record, interruption: Interruption) -> None:
    folder = Path(configuration.checkpoints.path)
    folder.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(folder, configuration.usdPerHour)
    try:
        _train(configuration, record, interruption, ledger, folder)
    except torch.cuda.OutOfMemoryError as error:
        raise RunFailure(ExitCode.GPU_OUT_OF_MEMORY, f"the GPU is out of memory: {error}") from error
    finally:
        ledger.save()


def _train(
    configuration: Configuration, record: Record, interruption: Interruption, ledger: Ledger, folder: Path
) -> None:
    resume_from = checkpoints.newest_complete(folder)
    if resume_from is not None:
        ledger.resumes += 1
        logger.info("going on from %s", resume_from.name)
    ledger.save()
    record.write(state="tuning", runId=configuration.runId, resumes=ledger.resumes, usd=ledger.usd, reason=None)

    set_seed(configuration.seed)
    tokenizer = load_tokenizer(configuration.model)
    examples = read_examples(configuration, tokenizer)
    precision = precision_here(configuration)
    model = load_adapted_model(configuration, precision)
    if ledger.loss_before is None:
        ledger.loss_before = mean_loss(model, chosen_rows(examples), configuration.microBatch)
        ledger.save()
    record.write(lossBefore=ledger.loss_before)
    logger.info("loss before: %.4f", ledger.loss_before)

    progress = Progress(record, ledger, interruption, configuration.maximumPaidHours)
    trainer = _trainer(configuration, precision, model, tokenizer, examples, progress)
    interruption.predict_save(_predicted_save_seconds(model))
    trainer.train(resume_from_checkpoint=None if resume_from is None else str(resume_from))
    if trainer.state.global_step < trainer.state.max_steps:
        _raise_stopped(configuration, trainer, progress)

    interruption.finishing()
    loss_after = mean_loss(model, chosen_rows(examples), configuration.microBatch)
    _save_adapter(model, tokenizer, configuration, folder / ADAPTER)
    write_outcome(
        folder,
        Outcome(
            state="trained",
            runId=configuration.runId,
            finishedAt=timestamp(),
            adapterRank=configuration.lora.rank,
            lossBefore=round(ledger.loss_before, 4),
            lossAfter=round(loss_after, 4),
        ),
    )
    logger.info("trained · loss %.4f → %.4f · %s", ledger.loss_before, loss_after, ledger.spent)
    record.write(
        state="pushing",
        step=trainer.state.global_step,
        steps=trainer.state.max_steps,
        secondsLeft=0,
        lossAfter=loss_after,
        usd=ledger.usd,
    )


def _trainer(
    configuration: Configuration,
    precision: str,
    model: PeftModel,
    tokenizer: PreTrainedTokenizerBase,
    examples: list[Example],
    progress: Progress,
) -> SFTTrainer:
    on_gpu = torch.cuda.is_available()
    arguments = SFTConfig(
        output_dir=configuration.checkpoints.path,
        use_cpu=not on_gpu,
        bf16=precision == "bf16",
        fp16=precision == "fp16",
        max_length=configuration.sequenceLength,
        packing=configuration.packing,
        num_train_epochs=configuration.epochs,
        per_device_train_batch_size=configuration.microBatch,
        gradient_accumulation_steps=configuration.accumulation,
        learning_rate=configuration.learningRate,
        lr_scheduler_type="cosine",
        # 3 % of the run, as the LoRA recipes of PEFT and TRL have it.
        warmup_steps=0.03,
        # The 8-bit and paged optimizers are CUDA kernels.
        optim=OPTIMIZERS[configuration.optimizer if on_gpu else "adamw"],
        activation_checkpointing=configuration.checkpointing == "full" and on_gpu,
        # TRL turns this older name on by itself.
        gradient_checkpointing=configuration.checkpointing == "full" and on_gpu,
        save_strategy="steps",
        save_steps=configuration.checkpoints.everySteps,
        save_total_limit=KEPT_CHECKPOINTS,
        logging_steps=1,
        seed=configuration.seed,
        data_seed=configuration.seed,
        report_to="none",
        disable_tqdm=True,
    )
    rows = Dataset.from_list([{"input_ids": row.input_ids, "labels": row.labels} for row in examples])
    trainer = SFTTrainer(
        model=model, args=arguments, train_dataset=rows, processing_class=tokenizer, callbacks=[progress]
    )
    trainer.remove_callback(PrinterCallback)
    keep_adapter_in_fp32(model, precision)
    return trainer


def _raise_stopped(configuration: Configuration, trainer: SFTTrainer, progress: Progress) -> None:
    reached = f"at step {trainer.state.global_step} of {trainer.state.max_steps}"
    if progress.paid_too_much:
        raise RunFailure(
            ExitCode.BAD_CONFIGURATION,
            f"the run was stopped {reached}: it has used its {configuration.maximumPaidHours} paid hours; "
            "raise the limit and it goes on from there",
        )
    raise Terminated(f"SIGTERM: left {reached}")


def _predicted_save_seconds(model: PeftModel) -> float:
    trained = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    # The adapter and Adam's two moments, 4 bytes each.
    return 1.0 + trained * 12 / ASSUMED_BYTES_PER_SECOND


def _save_adapter(
    model: PeftModel, tokenizer: PreTrainedTokenizerBase, configuration: Configuration, folder: Path
) -> None:
    """Writes the adapter under another name first, so that a folder of the right name is whole."""
    partial = folder.with_name(f"{folder.name}.partial")
    remove(partial)
    # The adapter's own settings: where the base model lay in this pod says nothing to whoever loads it.
    settings = model.peft_config["default"]
    settings.base_model_name_or_path = configuration.model.name
    settings.revision = configuration.model.revision or None
    # "auto" would ask the hub for the base model's vocabulary size.
    model.save_pretrained(str(partial), save_embedding_layers=False)
    tokenizer.save_pretrained(str(partial))
    (partial / "README.md").unlink(missing_ok=True)
    _sort_targets(partial / "adapter_config.json")
    widen(partial)
    remove(folder)
    partial.replace(folder)


def _sort_targets(path: Path) -> None:
    """PEFT writes a set, in another order each time; equal adapters should be equal files."""
    settings = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(settings.get("target_modules"), list):
        settings["target_modules"].sort()
    write_json(path, settings)
