"""The configuration file: read as rendered, refused with every problem named."""

from __future__ import annotations

import copy
import unittest
from typing import Any

from trainer.configuration import parse_configuration
from trainer.failures import ExitCode, RunFailure

CONFIGURATION: dict[str, Any] = {
    "schema": 1,
    "runId": "k3x9abcdef",
    "record": {"namespace": "support", "name": "tickets"},
    "tuningJob": "tickets-k3x9abcdef",
    "model": {"name": "tiny", "revision": "", "path": "/weights/data"},
    "dataset": {"path": "/dataset/data/train.jsonl", "contentKey": "abc", "rows": 130},
    "method": "lora",
    "lora": {"rank": 16, "alpha": 32, "dropout": 0.05, "targets": "all-linear", "rankStabilized": False},
    "sequenceLength": 512,
    "globalBatch": 8,
    "microBatch": 4,
    "epochs": 3,
    "learningRate": 0.0005,
    "seed": 42,
    "loss": "assistant",
    "packing": False,
    "precision": "fp16",
    "checkpointing": "none",
    "optimizer": "adamw",
    "checkpoints": {"path": "/checkpoints/k3x9abcdef", "everySteps": 20},
    "maximumPaidHours": 6,
    "usdPerHour": 0.2,
    "output": {"registry": "10.200.0.1:5002", "repository": "support/tickets", "tag": "k3x9abcdef"},
    "lineage": {"trainerImage": "t", "datasetImage": "d", "size": "Standard_NC4as_T4_v3"},
}


class ConfigurationTest(unittest.TestCase):
    def refused(self, **changes: Any) -> str:
        with self.assertRaises(RunFailure) as caught:
            parse_configuration({**copy.deepcopy(CONFIGURATION), **changes})
        self.assertEqual(caught.exception.code, ExitCode.BAD_CONFIGURATION)
        return caught.exception.reason

    def test_as_rendered(self) -> None:
        configuration = parse_configuration(CONFIGURATION)
        self.assertEqual(configuration.accumulation, 2)
        self.assertEqual(configuration.lora.targets, "all-linear")

    def test_targets_may_be_a_list_and_unknown_fields_are_ignored(self) -> None:
        lora = {**CONFIGURATION["lora"], "targets": ["q_proj", "v_proj"]}
        configuration = parse_configuration({**CONFIGURATION, "lora": lora, "new": 1})
        self.assertEqual(configuration.lora.targets, ["q_proj", "v_proj"])

    def test_what_nobody_knows(self) -> None:
        dataset = {"path": "/dataset/data/train.jsonl", "contentKey": "abc"}
        configuration = parse_configuration({**CONFIGURATION, "dataset": dataset, "usdPerHour": None})
        self.assertIsNone(configuration.dataset.rows)
        self.assertIsNone(configuration.usdPerHour)
        self.assertIn('dataset.rows is "3", not int | None', self.refused(dataset={**dataset, "rows": "3"}))
        self.assertIn("dataset.contentKey is missing", self.refused(dataset={"path": "/dataset"}))

    def test_every_problem_at_once(self) -> None:
        reason = self.refused(method="dora", epochs="3", record={"name": "tickets"})
        self.assertIn('method is "dora", not one of "lora", "qlora"', reason)
        self.assertIn('epochs is "3", not int', reason)
        self.assertIn("record.namespace is missing", reason)

    def test_values_that_do_not_fit_together(self) -> None:
        self.assertIn("globalBatch 8 is not a multiple of microBatch 3", self.refused(microBatch=3))
        self.assertIn("sequenceLength is 0", self.refused(sequenceLength=0))
        self.assertIn("schema 2", self.refused(schema=2))


if __name__ == "__main__":
    unittest.main()
