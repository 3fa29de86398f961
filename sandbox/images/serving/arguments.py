"""The arguments of `vllm serve` that our services are rendered with; others are accepted and named in the log."""

from __future__ import annotations

import argparse
import json
import logging
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger("serving")


@dataclass(frozen=True)
class Adapter:
    name: str
    path: str


@dataclass(frozen=True)
class Arguments:
    model: str
    served_name: str
    host: str
    port: int
    max_model_len: int | None
    adapters: tuple[Adapter, ...]


def parse_arguments(words: list[str]) -> Arguments:
    parser = argparse.ArgumentParser(prog="vllm serve (stand-in)", allow_abbrev=False)
    parser.add_argument("model")
    parser.add_argument("--served-model-name", nargs="+")
    parser.add_argument("--host", default="0.0.0.0")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--max-model-len", type=int)
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--enable-lora", action="store_true")
    parser.add_argument("--max-lora-rank", type=int, default=16)
    parser.add_argument("--max-loras", type=int, default=1)
    parser.add_argument("--lora-modules", nargs="+", type=_adapter, default=[])
    known, unknown = parser.parse_known_args(words)
    if unknown:
        logger.info("arguments that only vLLM understands are left out: %s", " ".join(unknown))
    if known.dtype not in ("auto", "float32"):
        logger.info("--dtype %s is for GPUs: this server computes in float32", known.dtype)
    if known.lora_modules and not known.enable_lora:
        parser.error("--lora-modules needs --enable-lora")
    for adapter in known.lora_modules:
        _check_rank(parser, adapter, known.max_lora_rank)
    return Arguments(
        model=known.model,
        served_name=(known.served_model_name or [known.model])[0],
        host=known.host,
        port=known.port,
        max_model_len=known.max_model_len,
        adapters=tuple(known.lora_modules),
    )


def _adapter(text: str) -> Adapter:
    """`name=path`, or the JSON object that vLLM takes as well."""
    if text.startswith("{"):
        value = json.loads(text)
        return Adapter(value["name"], value["path"])
    name, separator, path = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f'"{text}" is not name=path')
    return Adapter(name, path)


def _check_rank(parser: argparse.ArgumentParser, adapter: Adapter, maximum: int) -> None:
    try:
        rank = json.loads((Path(adapter.path) / "adapter_config.json").read_text(encoding="utf-8"))["r"]
    except (OSError, ValueError, KeyError) as error:
        parser.error(f"adapter {adapter.name}: {adapter.path} holds no adapter: {error}")
    if rank > maximum:
        parser.error(f"adapter {adapter.name} has LoRA rank {rank}, greater than max_lora_rank {maximum}")
