"""The one call that a run makes to the cluster it runs in: a merge-patch of an object."""

from __future__ import annotations

import json
import logging
import os
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
PATIENT_ATTEMPTS = 4
TIMEOUT_SECONDS = 5

logger = logging.getLogger(__name__)


class ClusterError(Exception):
    """The API server refused the call, or could not be reached."""


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

    def merge_patch(self, path: str, patch: Any, attempts: int = PATIENT_ATTEMPTS) -> None:
        """Changes the named fields of an object, and removes those given as None (RFC 7386)."""
        body = json.dumps(patch).encode()
        for attempt in range(1, attempts + 1):
            request = urllib.request.Request(self._server + path, data=body, method="PATCH")
            request.add_header("Authorization", f"Bearer {self._token.read_text().strip()}")
            request.add_header("Content-Type", "application/merge-patch+json")
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=self._tls):
                    return
            except urllib.error.HTTPError as error:
                failure = ClusterError(f"PATCH {path}: {error.code} {_message(error)}")
                if error.code < 500 and error.code != 429:
                    raise failure from error
            except OSError as error:
                failure = ClusterError(f"PATCH {path}: {error}")
            if attempt == attempts:
                raise failure
            logger.warning("%s; trying again", failure)
            time.sleep(attempt)


def _message(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["message"])
    except (ValueError, KeyError, TypeError):
        return error.reason
