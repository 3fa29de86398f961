"""The keeper's configuration file, and the step that reads it."""

from __future__ import annotations

import copy
import json
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from trainer.__main__ import main
from trainer.failures import ExitCode, RunFailure, Terminated
from trainer.files import read_json
from trainer.keeper_configuration import parse_keeper_configuration

from .keeper_world import CONFIGURATION, LABEL, RUN


class ConfigurationTest(unittest.TestCase):
    def refused(self, **changes: Any) -> str:
        with self.assertRaises(RunFailure) as caught:
            parse_keeper_configuration({**copy.deepcopy(CONFIGURATION), **changes})
        self.assertEqual(caught.exception.code, ExitCode.BAD_CONFIGURATION)
        return caught.exception.reason

    def test_as_rendered(self) -> None:
        configuration = parse_keeper_configuration({**CONFIGURATION, "new": 1, "usdPerHour": None})
        self.assertEqual(configuration.workspace["metadata"]["name"], "tickets")
        self.assertEqual(configuration.lineage.kaito, "0.12")
        self.assertIsNone(configuration.usdPerHour)
        self.assertEqual(configuration.dataset.rows, 130)

    def test_a_number_of_rows_that_nobody_knows(self) -> None:
        self.assertIsNone(parse_keeper_configuration({**CONFIGURATION, "dataset": {"contentKey": "abc"}}).dataset.rows)
        self.assertIn("dataset.contentKey is missing", self.refused(dataset={}))

    def test_every_problem_at_once(self) -> None:
        reason = self.refused(engine="job", workspace=[], record={"name": "tickets"}, usdPerHour="1")
        self.assertIn('engine is "job", not one of "kaito"', reason)
        self.assertIn("workspace is [], not dict[str, typing.Any]", reason)
        self.assertIn("record.namespace is missing", reason)
        self.assertIn('usdPerHour is "1", not float | None', reason)

    def test_numbers(self) -> None:
        reason = self.refused(schema=2, maximumPaidHours=0, deadlineHours=-1, lora={"rank": 0})
        self.assertEqual(
            reason,
            "configuration: schema 2 is not known to this trainer, which reads 1; lora.rank is 0, not above 0; "
            "maximumPaidHours is 0, not above 0; deadlineHours is -1, not above 0",
        )

    def test_a_manifest_that_the_keeper_could_not_find_again(self) -> None:
        metadata = {"namespace": "another", "labels": {LABEL: "another"}}
        reason = self.refused(workspace={"apiVersion": "v1", "kind": "Pod", "metadata": metadata})
        self.assertEqual(
            reason,
            "configuration: workspace.kind is Pod, not Workspace; workspace.metadata.namespace is another, not support; "
            f"workspace.metadata.labels[{LABEL}] is another, not {RUN}; "
            "workspace.apiVersion is v1, not one of kaito.sh; workspace.metadata.name is missing",
        )
        self.assertIn("workspace.metadata is not an object", self.refused(workspace={"kind": "Workspace"}))
        unlabelled = {**CONFIGURATION["workspace"], "metadata": {"name": "tickets", "namespace": "support"}}
        self.assertIn(f"[{LABEL}] is None, not {RUN}", self.refused(workspace=unlabelled))


class StepTest(unittest.TestCase):
    """`python -m trainer keep`: what it ends with."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.record = Path(folder.name, "record.json")
        self.configuration = Path(folder.name, "config.json")
        self.configuration.write_text(json.dumps(CONFIGURATION), encoding="utf-8")
        patch = mock.patch.dict("os.environ", {"TRAINER_RECORD_FILE": str(self.record)})
        patch.start()
        self.addCleanup(patch.stop)
        self.addCleanup(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))

    def keep(self, effect: Exception | None) -> int:
        with mock.patch("trainer.keeper.keep", side_effect=effect), mock.patch("trainer.__main__.logger"):
            return main(["keep", "--configuration", str(self.configuration)])

    def test_exit_codes_and_what_is_recorded(self) -> None:
        recorded = RunFailure(ExitCode.BAD_DATA, "recorded")
        recorded.recorded = True
        cases: list[tuple[Exception | None, int, dict[str, str]]] = [
            (None, 0, {}),
            (Terminated("SIGTERM"), 143, {}),
            (recorded, 11, {}),
            (RunFailure(ExitCode.PUSH_REFUSED, "refused"), 14, {"state": "failed", "reason": "refused"}),
            (RunFailure(ExitCode.OTHER, "later"), 1, {"reason": "later"}),
            (ValueError("a bug"), 1, {"reason": "ValueError: a bug"}),
        ]
        for effect, code, written in cases:
            with self.subTest(repr(effect)):
                self.record.unlink(missing_ok=True)
                self.assertEqual(self.keep(effect), code)
                found = read_json(self.record) or {}
                found.pop("updatedAt", None)
                self.assertEqual(found, written)

    def test_a_bad_configuration(self) -> None:
        self.configuration.write_text("{}", encoding="utf-8")
        self.assertEqual(self.keep(None), 10)

    def test_nothing_that_takes_long_to_load_is_loaded(self) -> None:
        program = "import sys, trainer.__main__, trainer.keeper; print({name.split('.')[0] for name in sys.modules})"
        loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for package in ("torch", "transformers", "datasets", "peft", "numpy"):
            self.assertNotIn(f"'{package}'", loaded)


if __name__ == "__main__":
    unittest.main()
