"""The training rows: read, rendered with the model's chat template, and masked to the tokens that the loss counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .failures import ExitCode, RunFailure

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from .configuration import Configuration

IGNORED = -100
FAULTS_SHOWN = 5
ROLES = ("system", "user", "assistant")

Message = dict[str, str]
Conversation = list[Message]


@dataclass(frozen=True)
class Example:
    """One row as the model sees it. A label of -100 is a token that the loss does not count."""

    input_ids: list[int]
    labels: list[int]


class RowFault(Exception):
    """What is wrong with one row."""


def read_examples(configuration: Configuration, tokenizer: PreTrainedTokenizerBase) -> list[Example]:
    """Every row, ready to train on; or one failure that names the first faulty ones."""
    conversations = read_rows(Path(configuration.dataset.path), configuration.dataset.rows)
    examples: list[Example] = []
    faults: list[str] = []
    for number, conversation in enumerate(conversations, start=1):
        try:
            examples.append(encode(tokenizer, conversation, configuration.loss, configuration.sequenceLength))
        except RowFault as fault:
            faults.append(f"row {number} {fault}")
    _raise_if_any(faults)
    return examples


def read_rows(path: Path, expected: int | None) -> list[Conversation]:
    """The conversations of a JSONL file. `expected` is how many were declared, None if that is not known."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RunFailure(ExitCode.BAD_DATA, f"{path} cannot be read: {error}") from error
    rows: list[Conversation] = []
    faults: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(parse_row(line))
        except RowFault as fault:
            faults.append(f"line {number} {fault}")
    _raise_if_any(faults)
    if not rows:
        raise RunFailure(ExitCode.BAD_DATA, f"{path} has no rows")
    if expected not in (None, len(rows)):
        raise RunFailure(ExitCode.BAD_DATA, f"{path} has {len(rows)} rows, {expected} were declared")
    return rows


def parse_row(line: str) -> Conversation:
    """A row in either of TRL's formats: messages, or prompt and completion as text."""
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise RowFault("is not JSON") from error
    if not isinstance(row, dict):
        raise RowFault("is not an object")
    if isinstance(row.get("prompt"), str) and isinstance(row.get("completion"), str):
        row = {"messages": [_message("user", row["prompt"]), _message("assistant", row["completion"])]}
    messages = row.get("messages")
    if not isinstance(messages, list) or not messages:
        raise RowFault('has neither "messages" nor "prompt" and "completion"')
    for message in messages:
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise RowFault(f"has a message whose role is not one of {', '.join(ROLES)}")
        if not isinstance(message.get("content"), str):
            raise RowFault("has a message whose content is not text")
    if messages[-1]["role"] != "assistant" or not messages[-1]["content"].strip():
        raise RowFault("does not end with an answer of the assistant")
    return [_message(message["role"], message["content"]) for message in messages]


def encode(tokenizer: PreTrainedTokenizerBase, conversation: Conversation, loss: str, longest: int) -> Example:
    """Tokens and labels of a conversation, cut to the longest length."""
    token_ids, counted = _rendered(tokenizer, conversation, loss)
    if not any(counted):
        raise RowFault("has no token that the loss counts")
    if not any(counted[:longest]):
        raise RowFault(f"has {len(token_ids)} tokens, and nothing the loss counts is among the first {longest}")
    labels = [token if count else IGNORED for token, count in zip(token_ids, counted, strict=True)]
    return Example(token_ids[:longest], labels[:longest])


def optimizer_steps(rows: int, micro_batch: int, accumulation: int, epochs: int) -> int:
    """As transformers.Trainer counts them: the last batch of an epoch may be smaller, and is a step of its own."""
    batches = -(-rows // micro_batch)
    return -(-batches // accumulation) * epochs


def _rendered(tokenizer: PreTrainedTokenizerBase, conversation: Conversation, loss: str) -> tuple[list[int], list[int]]:
    if loss == "all":
        token_ids = tokenizer.apply_chat_template(conversation, return_dict=True)["input_ids"]
        return token_ids, [1] * len(token_ids)
    if "{% generation" in str(tokenizer.chat_template) or "{%- generation" in str(tokenizer.chat_template):
        encoded = tokenizer.apply_chat_template(conversation, return_dict=True, return_assistant_tokens_mask=True)
        counted = encoded["assistant_masks"]
        return encoded["input_ids"], _last_run(counted) if loss == "last-turn" else counted
    return _rendered_by_prefixes(tokenizer, conversation, loss)


def _rendered_by_prefixes(
    tokenizer: PreTrainedTokenizerBase, conversation: Conversation, loss: str
) -> tuple[list[int], list[int]]:
    """For templates without generation markers: an answer is what its turn adds to the text before it."""
    text = _text(tokenizer, conversation)
    spans: list[tuple[int, int]] = []
    last = len(conversation) - 1
    for index, message in enumerate(conversation):
        if message["role"] != "assistant" or (loss == "last-turn" and index != last):
            continue
        before = _text(tokenizer, conversation[:index], add_generation_prompt=True)
        through = _text(tokenizer, conversation[: index + 1])
        if not (text.startswith(through) and through.startswith(before)):
            raise RowFault(
                "is rendered by the chat template so that an answer cannot be told from its prompt; "
                'use the loss "last-turn", or a template with {% generation %} markers'
            )
        spans.append((len(before), len(through)))
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    counted = [int(any(start < to and since < end for since, to in spans)) for start, end in encoded["offset_mapping"]]
    return encoded["input_ids"], counted


def _text(tokenizer: PreTrainedTokenizerBase, conversation: Conversation, add_generation_prompt: bool = False) -> str:
    return tokenizer.apply_chat_template(conversation, tokenize=False, add_generation_prompt=add_generation_prompt)


def _last_run(counted: list[int]) -> list[int]:
    """Only the last unbroken run of counted tokens, which is the last answer."""
    end = max((index for index, count in enumerate(counted) if count), default=-1)
    start = end
    while start > 0 and counted[start - 1]:
        start -= 1
    return [int(start <= index <= end) if end >= 0 else 0 for index in range(len(counted))]


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _raise_if_any(faults: list[str]) -> None:
    if faults:
        rest = len(faults) - FAULTS_SHOWN
        listed = "; ".join(faults[:FAULTS_SHOWN]) + (f"; and {rest} more" if rest > 0 else "")
        raise RunFailure(ExitCode.BAD_DATA, f"dataset: {listed}")
