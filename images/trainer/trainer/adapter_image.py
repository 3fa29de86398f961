"""The adapter as an OCI image, laid out as KAITO reads it: one gzip layer with the files under `data/`.

The same adapter gives the same bytes, and so the same digest: a push that is repeated changes nothing.
https://github.com/kaito-project/kaito/blob/main/pkg/workspace/image/README.md
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
# Safetensors hardly compress.
GZIP_LEVEL = 1


@dataclass(frozen=True)
class Blob:
    path: Path
    digest: str

    def descriptor(self, media_type: str) -> dict[str, Any]:
        return {"mediaType": media_type, "digest": self.digest, "size": self.path.stat().st_size}


@dataclass(frozen=True)
class AdapterImage:
    layer: Blob
    config: Blob
    manifest: bytes

    @property
    def digest(self) -> str:
        """What a registry calls the manifest."""
        return f"sha256:{hashlib.sha256(self.manifest).hexdigest()}"


def pack(adapter: Path, work: Path, annotations: Mapping[str, str]) -> AdapterImage:
    """Builds the image in a work folder. Annotations may not hold the time of the packing."""
    layer, diff_id = _pack_layer(adapter, work / "layer.tar.gz")
    config = _pack_config(diff_id, work / "config.json")
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "config": config.descriptor(CONFIG_TYPE),
        "layers": [layer.descriptor(LAYER_TYPE)],
        "annotations": dict(sorted(annotations.items())),
    }
    return AdapterImage(layer, config, json.dumps(manifest, separators=(",", ":")).encode())


def _pack_layer(adapter: Path, target: Path) -> tuple[Blob, str]:
    """The layer, and the digest of its uncompressed content."""
    tar = target.with_suffix("")
    with tarfile.open(tar, "w", format=tarfile.USTAR_FORMAT) as archive:
        folder = tarfile.TarInfo("data")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o755
        archive.addfile(folder)
        for path in sorted(path for path in adapter.iterdir() if path.is_file()):
            entry = tarfile.TarInfo(f"data/{path.name}")
            entry.size, entry.mode = path.stat().st_size, 0o644
            with path.open("rb") as file:
                archive.addfile(entry, file)
    diff_id = _digest(tar)
    with tar.open("rb") as source, target.open("wb") as sink:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=sink, mtime=0) as packed:
            while chunk := source.read(1 << 20):
                packed.write(chunk)
    tar.unlink()
    return Blob(target, _digest(target)), diff_id


def _pack_config(diff_id: str, target: Path) -> Blob:
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [diff_id]},
    }
    target.write_text(json.dumps(config, separators=(",", ":")), encoding="utf-8")
    return Blob(target, _digest(target))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
