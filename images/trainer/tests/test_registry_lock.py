"""Locks of what was pushed, against a registry that answers as ACR does, or as one without locks."""

from __future__ import annotations

import io
import json
import tempfile
import unittest
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPMessage
from pathlib import Path
from unittest import mock

from trainer.adapter_image import AdapterImage, Blob
from trainer.published import lock as lock_published
from trainer.push import _push_image
from trainer.registry import Repository
from trainer.registry_auth import RegistryRefused

REGISTRY = "team.azurecr.io"
CHALLENGE = f'Bearer realm="https://{REGISTRY}/oauth2/token",service="{REGISTRY}"'
DIGEST = f"sha256:{'a' * 64}"
TAG_LOCK = f"PATCH https://{REGISTRY}/acr/v1/support/tickets/_tags/run"
MANIFEST_LOCK = f"PATCH https://{REGISTRY}/acr/v1/support/tickets/_manifests/{DIGEST}"


class Response(io.BytesIO):
    def __init__(self, status: int, content: bytes = b"", headers: dict[str, str] | None = None) -> None:
        super().__init__(content)
        self.status = status
        self.headers = message(headers or {})


def message(headers: dict[str, str]) -> HTTPMessage:
    composed = HTTPMessage()
    for name, value in headers.items():
        composed[name] = value
    return composed


@dataclass
class Registry:
    """Gives composed answers, in order for each call, and remembers what it was asked."""

    answers: dict[str, list[Response]]
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    bodies: list[dict[str, bool]] = field(default_factory=list)

    def __call__(self, request: urllib.request.Request, timeout: int) -> Response:
        call = f"{request.get_method()} {request.full_url}"
        self.asked.append((call, request.unredirected_hdrs.get("Authorization")))
        if call.startswith("PATCH"):
            assert isinstance(request.data, bytes)
            self.bodies.append(json.loads(request.data))
        response = self.answers[call].pop(0)
        if response.status >= 400:
            raise urllib.error.HTTPError(request.full_url, response.status, "", response.headers, response)
        return response


def refused(status: int, code: str) -> Response:
    return Response(status, json.dumps({"errors": [{"code": code, "message": "no"}]}).encode())


class LockTest(unittest.TestCase):
    def lock(self, registry: Registry) -> bool:
        with mock.patch("urllib.request.urlopen", registry):
            return Repository(REGISTRY, "support/tickets").lock(DIGEST, "run")

    def test_tag_and_manifest_can_neither_be_deleted_nor_written(self) -> None:
        registry = Registry({TAG_LOCK: [Response(200)], MANIFEST_LOCK: [Response(200)]})
        self.assertTrue(self.lock(registry))
        self.assertEqual([call for call, _ in registry.asked], [TAG_LOCK, MANIFEST_LOCK])
        self.assertEqual(registry.bodies, [{"deleteEnabled": False, "writeEnabled": False}] * 2)

    def test_the_token_is_one_for_metadata(self) -> None:
        challenge = Response(401, headers={"WWW-Authenticate": CHALLENGE})
        registry = Registry({TAG_LOCK: [challenge, Response(200)], MANIFEST_LOCK: [Response(200)]})
        with mock.patch("trainer.registry.access_token", return_value="granted") as granted:
            self.assertTrue(self.lock(registry))
        granted.assert_called_once_with(REGISTRY, CHALLENGE, "support/tickets", "metadata_read,metadata_write")
        self.assertEqual([token for _, token in registry.asked], [None, "Bearer granted", "Bearer granted"])

    def test_a_registry_without_locks_says_so_and_nothing_more_is_asked(self) -> None:
        for status in (404, 405):
            with self.subTest(status):
                registry = Registry({TAG_LOCK: [refused(status, "METHOD_UNKNOWN")]})
                self.assertFalse(self.lock(registry))
                self.assertEqual(len(registry.asked), 1)

    def test_a_denied_lock_is_a_refusal(self) -> None:
        registry = Registry({TAG_LOCK: [Response(200)], MANIFEST_LOCK: [refused(403, "DENIED")]})
        with self.assertRaisesRegex(RegistryRefused, "_manifests/sha256:a+: 403 DENIED: no"):
            self.lock(registry)


class PushTest(unittest.TestCase):
    """What the push says of a lock, and what it does when it is repeated."""

    def test_the_log_says_how_the_lock_went(self) -> None:
        cases = {
            "INFO:trainer.published:locked sha256:x against deletion and overwriting": mock.Mock(return_value=True),
            "INFO:trainer.published:this registry has no locks: sha256:x can be deleted": mock.Mock(return_value=False),
            "WARNING:trainer.published:the adapter is pushed but not locked, so a purge may delete it: 403": mock.Mock(
                side_effect=RegistryRefused("403")
            ),
        }
        for line, lock in cases.items():
            with self.subTest(line), self.assertLogs("trainer.published", "INFO") as logs:
                lock_published(mock.Mock(lock=lock), "sha256:x", "run")
                self.assertEqual(logs.output, [line])
            lock.assert_called_once_with("sha256:x", "run")

    def image(self, folder: str) -> AdapterImage:
        blob = Path(folder, "blob")
        blob.write_bytes(b"")
        return AdapterImage(Blob(blob, "sha256:layer"), Blob(blob, "sha256:config"), b"{}")

    def test_the_manifest_comes_after_what_it_names(self) -> None:
        for found in (None, ("sha256:another", {})):
            with self.subTest(found), tempfile.TemporaryDirectory() as folder:
                image = self.image(folder)
                repository = mock.Mock()
                repository.manifest.return_value = found
                repository.push_manifest.return_value = image.digest
                self.assertEqual(_push_image(repository, image, "run"), image.digest)
                self.assertEqual(
                    repository.mock_calls,
                    [
                        mock.call.manifest("run"),
                        mock.call.push_blob(image.layer.path, "sha256:layer"),
                        mock.call.push_blob(image.config.path, "sha256:config"),
                        mock.call.push_manifest(b"{}", "run"),
                    ],
                )

    def test_a_manifest_that_is_there_is_not_written_again_for_it_may_be_locked(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            image = self.image(folder)
            repository = mock.Mock()
            repository.manifest.return_value = (image.digest, {})
            self.assertEqual(_push_image(repository, image, "run"), image.digest)
            self.assertEqual(repository.mock_calls, [mock.call.manifest("run")])


if __name__ == "__main__":
    unittest.main()
