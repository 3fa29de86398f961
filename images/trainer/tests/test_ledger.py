"""What a run has cost, over all its pods."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from trainer.files import write_json
from trainer.ledger import FILE, Ledger


class LedgerTest(unittest.TestCase):
    def ledger(self, usd_per_hour: float | None) -> Ledger:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        write_json(Path(folder.name, FILE), {"paidSeconds": 7200, "resumes": 1, "lossBefore": 2.5})
        return Ledger(Path(folder.name), usd_per_hour)

    def test_goes_on_counting_where_an_earlier_pod_stopped(self) -> None:
        ledger = self.ledger(3.6)
        self.assertAlmostEqual(ledger.usd or 0, 7.2, places=1)
        self.assertEqual((ledger.resumes, ledger.loss_before), (1, 2.5))
        self.assertRegex(ledger.spent, r"^\$7\.2")

    def test_without_a_price_time_is_counted_and_money_is_not(self) -> None:
        ledger = self.ledger(None)
        self.assertGreaterEqual(ledger.paid_seconds, 7200)
        self.assertIsNone(ledger.usd)
        self.assertEqual(ledger.spent, "price not known")


if __name__ == "__main__":
    unittest.main()
