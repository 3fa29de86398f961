"""The few calls that a run makes to the cluster it runs in."""

from __future__ import annotations

import json
import logging
import os
import ssl
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
PATIENT_ATTEMPTS = 4
TIMEOUT_SECONDS = 5

logger = logging.getLogger(__name__)


class ClusterError(Exception):
    """The API server refused the call, or could not be reached: then there is no status."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status

    @property
    def passes(self) -> bool:
        """Whether the same call may well succeed later."""
        return self.status is None or self.status >= 500 or self.status == 429


class Cluster:
    """The API server, reached with the pod's projected token, which the kubelet renews: it is read for each call."""

    def __init__(self, folder: Path = SERVICE_ACCOUNT) -> None:
        host = os.environ.get("KUBERNETES_SERVICE_HOST")
        if host is None or not (folder / "token").is_file():
            raise ClusterError("not in a pod: there is no KUBERNETES_SERVICE_HOST or no service account token")
        port = os.environ.get("KUBERNETES_SERVICE_PORT", "443")
        bracketed = f"[{host}]" if ":" in host else host
        self._server = f"https://{bracketed}:{port}"
        self._token = folder / "token"
        self._tls = ssl.create_default_context(cafile=str(folder / "ca.crt"))

    def get(self, path: str, attempts: int = PATIENT_ATTEMPTS) -> dict[str, Any] | None:
        """An object or a list; None where there is none."""
        try:
            return json.loads(self._call("GET", path, attempts))
        except ClusterError as error:
            if error.status == 404:
                return None
            raise

    def read_text(self, path: str, attempts: int = PATIENT_ATTEMPTS) -> str:
        """What is no object: a container's log."""
        return self._call("GET", path, attempts).decode(errors="replace")

    def create(self, path: str, manifest: Any, attempts: int = PATIENT_ATTEMPTS) -> dict[str, Any]:
        """The object as it was made. A repeated attempt may find its own object there, and is answered 409."""
        return json.loads(self._call("POST", path, attempts, "application/json", manifest))

    def delete(self, path: str, uid: str, attempts: int = PATIENT_ATTEMPTS) -> None:
        """Asks for an object to be deleted; its finalizers take their time. Fine if it, by this id, is no longer there."""
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid}}
        try:
            self._call("DELETE", path, attempts, "application/json", options)
        except ClusterError as error:
            if error.status not in (404, 409):
                raise

    def merge_patch(self, path: str, patch: Any, attempts: int = PATIENT_ATTEMPTS) -> None:
        """Changes the named fields of an object, and removes those given as None (RFC 7386)."""
        self._call("PATCH", path, attempts, "application/merge-patch+json", patch)

    def _call(self, method: str, path: str, attempts: int, content_type: str | None = None, content: Any = None) -> bytes:
        body = None if content_type is None else json.dumps(content).encode()
        for attempt in range(1, attempts + 1):
            try:
                request = urllib.request.Request(self._server + path, data=body, method=method)
                request.add_header("Authorization", f"Bearer {self._token.read_text().strip()}")
                if content_type is not None:
                    request.add_header("Content-Type", content_type)
                with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=self._tls) as response:
                    return response.read()
            except urllib.error.HTTPError as error:
                failure = ClusterError(f"{method} {path}: {error.code} {_message(error)}", error.code)
                if not failure.passes:
                    raise failure from error
            except (OSError, HTTPException) as error:
                failure = ClusterError(f"{method} {path}: {error}")
            if attempt == attempts:
                raise failure
            logger.warning("%s; trying again", failure)
            time.sleep(attempt)
        raise AssertionError("no attempt was made")


def _message(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["message"])
    except (ValueError, KeyError, TypeError):
        return error.reason
