"""The base model and its adapters, one request at a time."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from .arguments import Arguments

logger = logging.getLogger("serving")


@dataclass(frozen=True)
class Sampling:
    max_tokens: int
    temperature: float
    top_p: float
    seed: int | None
    stop: tuple[str, ...]


@dataclass(frozen=True)
class Completion:
    text: str
    prompt_tokens: int
    completion_tokens: int
    finish_reason: str


class TooLong(Exception):
    """Prompt and answer do not fit the model's length."""


class Model:
    def __init__(self, arguments: Arguments) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(arguments.model, local_files_only=True)
        base = AutoModelForCausalLM.from_pretrained(
            arguments.model, local_files_only=True, use_safetensors=True, dtype=torch.float32
        )
        longest = base.config.max_position_embeddings
        self.length = min(arguments.max_model_len or longest, longest)
        self._model = base
        for adapter in arguments.adapters:
            if isinstance(self._model, PeftModel):
                self._model.load_adapter(adapter.path, adapter_name=adapter.name)
            else:
                self._model = PeftModel.from_pretrained(base, adapter.path, adapter_name=adapter.name)
            logger.info("adapter %s from %s", adapter.name, adapter.path)
        self._model.eval()
        self._turn = threading.Lock()

    def encode(self, prompt: str) -> list[int]:
        return self.tokenizer(prompt, add_special_tokens=True)["input_ids"]

    def encode_chat(self, messages: list[dict[str, str]]) -> list[int]:
        return self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=True)["input_ids"]

    @torch.no_grad()
    def complete(self, prompt: list[int], adapter: str | None, sampling: Sampling) -> Completion:
        if len(prompt) + sampling.max_tokens > self.length:
            raise TooLong(
                f"This model's maximum context length is {self.length} tokens. However, you requested "
                f"{sampling.max_tokens} output tokens and your prompt contains {len(prompt)} input tokens."
            )
        greedy = sampling.temperature == 0
        options = {} if greedy else {"temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": 0}
        tokens = torch.tensor([prompt])
        # The adapter in use and the random state belong to the whole process.
        with self._turn, self._using(adapter):
            if sampling.seed is not None:
                torch.manual_seed(sampling.seed)
            produced = self._model.generate(
                input_ids=tokens,
                attention_mask=torch.ones_like(tokens),
                max_new_tokens=sampling.max_tokens,
                do_sample=not greedy,
                pad_token_id=self.tokenizer.pad_token_id,
                **options,
            )[0, len(prompt) :].tolist()
        ended = bool(produced) and produced[-1] == self.tokenizer.eos_token_id
        text = self.tokenizer.decode(produced, skip_special_tokens=True)
        text, stopped = _cut(text, sampling.stop)
        return Completion(text, len(prompt), len(produced), "stop" if ended or stopped else "length")

    def _using(self, adapter: str | None) -> AbstractContextManager[None]:
        if not isinstance(self._model, PeftModel):
            return nullcontext()
        if adapter is None:
            return self._model.disable_adapter()
        self._model.set_adapter(adapter)
        return nullcontext()


def _cut(text: str, stops: tuple[str, ...]) -> tuple[str, bool]:
    ends = [text.index(stop) for stop in stops if stop in text]
    return (text[: min(ends)], True) if ends else (text, False)
