"""A client of the OCI distribution API, as much of it as pushing an adapter needs.

Not the `oras` package: it has no exchange of a workload identity's token for an ACR token and no way to cancel an
upload, and the layout that serving engines read would have to be spelled out through its lower-level calls anyway.
https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import Any

from .registry_auth import LOCK, PUSH, RegistryRefused, access_token, base_url

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
ATTEMPTS = 4
TIMEOUT_SECONDS = 60

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    content: bytes


class Repository:
    """One repository of a registry."""

    def __init__(self, registry: str, repository: str) -> None:
        self._registry = registry
        self._repository = repository
        self._base = base_url(registry)
        self._tokens: dict[str, str] = {}

    def manifest(self, tag: str) -> tuple[str, dict[str, Any]] | None:
        """Digest and content of what a tag names; None where there is no such tag or repository."""
        answer = self._send("GET", self._url("manifests", tag), {200, 404}, headers={"Accept": MANIFEST_TYPE})
        if answer.status == 404:
            return None
        return f"sha256:{hashlib.sha256(answer.content).hexdigest()}", json.loads(answer.content)

    def check_push(self) -> None:
        """Starts an upload, which needs the permission that a push needs, and cancels it, so that nothing is left."""
        upload = self._start_upload()
        try:
            self._send("DELETE", upload, {202, 204})
        except RegistryRefused as refusal:
            logger.info("the upload that tested the permission stays until the registry drops it: %s", refusal)

    def push_blob(self, path: Path, digest: str) -> None:
        """Uploads a file in one request, unless the repository has it."""
        if self._send("HEAD", self._url("blobs", digest), {200, 404}).status == 200:
            return
        for attempt in range(1, ATTEMPTS + 1):
            upload = self._start_upload()
            separator = "&" if "?" in upload else "?"
            try:
                # A broken upload cannot be sent again to the same place.
                self._send("PUT", f"{upload}{separator}digest={digest}", {201}, body=path, attempts=1)
                return
            except OSError as error:
                _wait(attempt, ATTEMPTS, error)

    def push_manifest(self, manifest: bytes, tag: str) -> str:
        """Puts the manifest under a tag, and gives its digest."""
        headers = {"Content-Type": MANIFEST_TYPE}
        self._send("PUT", self._url("manifests", tag), {201}, body=manifest, headers=headers)
        return f"sha256:{hashlib.sha256(manifest).hexdigest()}"

    def lock(self, digest: str, tag: str) -> bool:
        """Keeps a manifest and its tag from being deleted or overwritten, by a scheduled purge among others.

        False where the registry knows no locks: they are Azure Container Registry's own, beside the specification's API.
        https://learn.microsoft.com/azure/container-registry/container-registry-image-lock
        """
        attributes = json.dumps({"deleteEnabled": False, "writeEnabled": False}).encode()
        headers = {"Content-Type": "application/json"}
        for kind, name in (("_tags", tag), ("_manifests", digest)):
            url = f"{self._base}/acr/v1/{self._repository}/{kind}/{name}"
            answer = self._send("PATCH", url, {200, 404, 405}, body=attributes, headers=headers, actions=LOCK)
            if answer.status != 200:
                return False
        return True

    def _start_upload(self) -> str:
        answer = self._send("POST", self._url("blobs", "uploads/"), {202}, body=b"")
        return urllib.parse.urljoin(self._base, answer.headers["Location"])

    def _url(self, kind: str, name: str) -> str:
        return f"{self._base}/v2/{self._repository}/{kind}/{name}"

    def _send(
        self,
        method: str,
        url: str,
        expected: set[int],
        body: bytes | Path | None = None,
        headers: dict[str, str] | None = None,
        attempts: int = ATTEMPTS,
        actions: str = PUSH,
    ) -> Answer:
        """The answer if its status is an expected one. Faults that pass are waited out, a refusal is not."""
        challenged = False
        attempt = 1
        while True:
            try:
                answer = self._send_once(method, url, body, headers or {}, self._tokens.get(actions))
            except (OSError, HTTPException) as error:
                _wait(attempt, attempts, error)
                attempt += 1
                continue
            if answer.status in expected:
                return answer
            challenge = answer.headers.get("WWW-Authenticate")
            if answer.status == 401 and challenge is not None and not challenged:
                # Also when a token has run out: they last minutes, and a large layer may take longer.
                self._tokens[actions] = access_token(self._registry, challenge, self._repository, actions)
                challenged = True
            elif answer.status == 429 or answer.status >= 500:
                _wait(attempt, attempts, OSError(f"{method} {_shown(url)}: {answer.status}"))
                attempt += 1
            else:
                raise RegistryRefused(f"{method} {_shown(url)}: {answer.status} {_why(answer.content)}")

    def _send_once(
        self, method: str, url: str, body: bytes | Path | None, headers: dict[str, str], token: str | None
    ) -> Answer:
        with ExitStack() as stack:
            request = urllib.request.Request(url, method=method, headers=headers)
            if isinstance(body, Path):
                request.data = stack.enter_context(body.open("rb"))
                request.add_header("Content-Type", "application/octet-stream")
                request.add_header("Content-Length", str(body.stat().st_size))
            elif body is not None:
                request.data = body
            if token is not None and url.startswith(self._base):
                # Unredirected: what answers from storage must not see the token.
                request.add_unredirected_header("Authorization", f"Bearer {token}")
            try:
                response = stack.enter_context(urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS))
                return Answer(response.status, response.headers, response.read())
            except urllib.error.HTTPError as error:
                return Answer(error.code, error.headers, error.read())


def _wait(attempt: int, attempts: int, error: Exception) -> None:
    if attempt >= attempts:
        raise OSError(str(error)) from error
    logger.warning("%s; trying again", error)
    time.sleep(2**attempt)


def _shown(url: str) -> str:
    """Without the query, where upload sessions carry their state."""
    return urllib.parse.urlsplit(url)._replace(query="").geturl()


def _why(content: bytes) -> str:
    try:
        return "; ".join(f"{error['code']}: {error['message']}" for error in json.loads(content)["errors"])
    except (ValueError, KeyError, TypeError):
        return ""
