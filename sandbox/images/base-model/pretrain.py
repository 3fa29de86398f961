"""Makes the sandbox's base model: a Llama small enough to train on two CPU cores in under a minute.

It has its own byte-level tokenizer and is pretrained for some hundred steps on the texts in this folder, until it
writes like them, so that tuning has something to change. It knows nothing: it stands in for a base model's files, not
for a base model's answers.

    python pretrain.py OUTPUT_FOLDER
"""

from __future__ import annotations

import json
import math
import random
import sys
import time
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

HERE = Path(__file__).parent
SEED = 20240
STEPS = 250
WARMUP = 20
ROWS = 8
LENGTH = 128
LEARNING_RATE = 3e-3
SPECIAL = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]


def make_tokenizer(texts: list[str], vocabulary: int) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<|pad|>",
        eos_token="<|end|>",
        chat_template=(HERE / "chat_template.jinja").read_text(encoding="utf-8").strip(),
        clean_up_tokenization_spaces=False,
    )


def make_model(dimensions: dict[str, Any], tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    config = LlamaConfig(
        **{name: value for name, value in dimensions.items() if name != "name"},
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        attention_dropout=0.0,
    )
    return LlamaForCausalLM(config)


def pretrain(model: LlamaForCausalLM, tokens: list[int]) -> None:
    stream = torch.tensor(tokens)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.95), weight_decay=0.1)
    generator = random.Random(SEED)
    started = time.monotonic()
    for step in range(1, STEPS + 1):
        share = min(step / WARMUP, 0.5 * (1 + math.cos(math.pi * step / STEPS)) + 0.05)
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * share
        starts = [generator.randrange(len(tokens) - LENGTH) for _ in range(ROWS)]
        batch = torch.stack([stream[start : start + LENGTH] for start in starts])
        loss = model(input_ids=batch, labels=batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step % 20 == 0:
            print(f"step {step}/{STEPS} · loss {loss.item():.2f} · {time.monotonic() - started:.0f} s", flush=True)


def main(output: Path) -> None:
    torch.manual_seed(SEED)
    dimensions = json.loads((HERE / "dimensions.json").read_text(encoding="utf-8"))
    prose = [line for line in (HERE / "prose.txt").read_text(encoding="utf-8").splitlines() if line]
    rows = (HERE / "conversations.jsonl").read_text(encoding="utf-8").splitlines()
    conversations = [json.loads(row)["messages"] for row in rows]
    contents = [message["content"] for conversation in conversations for message in conversation]
    tokenizer = make_tokenizer(prose + contents, dimensions["vocab_size"])
    chats = [str(tokenizer.apply_chat_template(conversation, tokenize=False)) for conversation in conversations]
    texts = [f"{text}<|end|>" for text in prose] + chats
    random.Random(SEED).shuffle(texts)
    model = make_model(dimensions, tokenizer)
    pretrain(model, tokenizer("".join(texts), add_special_tokens=False)["input_ids"])
    model.generation_config = GenerationConfig(
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id, do_sample=False
    )
    model.save_pretrained(output)
    tokenizer.save_pretrained(output)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
