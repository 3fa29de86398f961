"""The loss before and after, on the same rows, so that the two numbers can be compared."""

from __future__ import annotations

import torch
from transformers import PreTrainedModel

from .dataset import IGNORED, Example

# Evenly spread training rows: the numbers say how far the run has moved the model, not how well it generalises.
ROWS = 64


def chosen_rows(examples: list[Example]) -> list[Example]:
    """The same rows each time, evenly spread over the data."""
    if len(examples) <= ROWS:
        return examples
    return [examples[index * len(examples) // ROWS] for index in range(ROWS)]


@torch.no_grad()
def mean_loss(model: PreTrainedModel, examples: list[Example], batch: int) -> float:
    """Mean cross-entropy over the counted tokens of the rows."""
    training = model.training
    model.eval()
    total, tokens = 0.0, 0
    for start in range(0, len(examples), batch):
        rows = examples[start : start + batch]
        width = max(len(row.input_ids) for row in rows)
        input_ids = _padded([row.input_ids for row in rows], width, 0, model.device)
        labels = _padded([row.labels for row in rows], width, IGNORED, model.device)
        attention = _padded([[1] * len(row.input_ids) for row in rows], width, 0, model.device)
        counted = int((labels[:, 1:] != IGNORED).sum())
        loss = model(input_ids=input_ids, attention_mask=attention, labels=labels).loss
        total += float(loss) * counted
        tokens += counted
    model.train(training)
    return total / max(tokens, 1)


def _padded(rows: list[list[int]], width: int, filler: int, device: torch.device) -> torch.Tensor:
    return torch.tensor([row + [filler] * (width - len(row)) for row in rows], device=device)
