"""What can be known of the base model without loading its weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .failures import ExitCode, RunFailure
from .files import read_json

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from .configuration import BaseModel


def load_tokenizer(model: BaseModel) -> PreTrainedTokenizerBase:
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(model.path, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise unusable(model, f"its tokenizer does not load: {error}") from error
    if not tokenizer.chat_template:
        raise unusable(model, "its tokenizer has no chat template, so chat rows cannot be rendered")
    if not tokenizer.is_fast:
        raise unusable(model, "it has no tokenizer.json")
    return tokenizer


def check_files(model: BaseModel) -> None:
    """The configuration is one that transformers knows, and every weight file is there."""
    from transformers import AutoConfig

    folder = Path(model.path)
    if not folder.is_dir():
        raise unusable(model, f"{folder} is not there")
    try:
        AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise unusable(model, f"its config.json does not load: {error}") from error
    index = read_json(folder / "model.safetensors.index.json")
    names = ["model.safetensors"] if index is None else sorted(set(index["weight_map"].values()))
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        # Pickled weights run code when they are loaded, so they are not an alternative.
        raise unusable(model, f"these safetensors files are not in {folder}: {', '.join(missing)}")


def unusable(model: BaseModel, why: str) -> RunFailure:
    return RunFailure(ExitCode.BASE_MODEL_NOT_USABLE, f"base model {model.name} is not usable: {why}")
