"""The image that an adapter becomes."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import tempfile
import unittest
from pathlib import Path

from trainer.adapter_image import AdapterImage, pack


class PackTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.adapter = self.folder / "adapter"
        self.adapter.mkdir()
        (self.adapter / "adapter_model.safetensors").write_bytes(b"weights")
        (self.adapter / "adapter_config.json").write_text("{}", encoding="utf-8")
        (self.adapter / "adapter_model.safetensors").chmod(0o600)

    def pack(self, name: str) -> AdapterImage:
        work = self.folder / name
        work.mkdir()
        return pack(self.adapter, work, {"b": "2", "a": "1"})

    def test_one_layer_with_the_files_under_data_readable_by_all(self) -> None:
        with tarfile.open(self.pack("work").layer.path) as archive:
            found = [(entry.name, oct(entry.mode), entry.uid, entry.mtime) for entry in archive.getmembers()]
        self.assertEqual(
            found,
            [
                ("data", "0o755", 0, 0),
                ("data/adapter_config.json", "0o644", 0, 0),
                ("data/adapter_model.safetensors", "0o644", 0, 0),
            ],
        )

    def test_the_same_adapter_gives_the_same_manifest(self) -> None:
        first = self.pack("first")
        os.utime(self.adapter / "adapter_config.json", (1, 1))
        self.assertEqual(self.pack("second").manifest, first.manifest)

    def test_the_manifest_names_what_was_packed(self) -> None:
        image = self.pack("work")
        manifest = json.loads(image.manifest)
        self.assertEqual(manifest["annotations"], {"a": "1", "b": "2"})
        self.assertEqual([layer["digest"] for layer in manifest["layers"]], [image.layer.digest])
        self.assertEqual(f"sha256:{hashlib.sha256(image.config.path.read_bytes()).hexdigest()}", image.config.digest)


if __name__ == "__main__":
    unittest.main()
