"""Which checkpoint a run goes on from."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from trainer.checkpoints import complete, fault_of, newest_complete
from trainer.files import read_json, write_json


class NewestCompleteTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def save(self, step: int) -> Path:
        checkpoint = self.folder / f"checkpoint-{step}"
        checkpoint.mkdir()
        (checkpoint / "trainer_state.json").write_text(f'{{"global_step": {step}}}', encoding="utf-8")
        (checkpoint / "optimizer.pt").write_bytes(b"moments")
        complete(checkpoint)
        return checkpoint

    def test_none(self) -> None:
        self.assertIsNone(newest_complete(self.folder))
        self.assertIsNone(newest_complete(self.folder / "absent"))

    def test_by_step_and_not_by_name(self) -> None:
        self.save(90)
        newest = self.save(100)
        self.assertEqual(newest_complete(self.folder), newest)

    def test_half_written_ones_are_passed_over(self) -> None:
        older = self.save(20)
        damages = {
            "no manifest": lambda path: (path / "manifest.json").unlink(),
            "is missing": lambda path: (path / "optimizer.pt").unlink(),
            "bytes": lambda path: (path / "optimizer.pt").write_bytes(b"mom"),
            "other content": lambda path: (path / "optimizer.pt").write_bytes(b"MOMENTS"),
            "processes": lambda path: write_json(
                path / "manifest.json", {**(read_json(path / "manifest.json") or {}), "worldSize": 2}
            ),
        }
        for step, (fault, damage) in enumerate(damages.items(), start=40):
            with self.subTest(fault), self.assertLogs("trainer.checkpoints", "WARNING"):
                checkpoint = self.save(step)
                damage(checkpoint)
                self.assertIn(fault, fault_of(checkpoint) or "")
                self.assertEqual(newest_complete(self.folder), older)


if __name__ == "__main__":
    unittest.main()
