"""How a registry is told who pushes: not at all, or Azure Container Registry with the pod's workload identity.

No secret is stored: the service account's token becomes a Microsoft Entra token, that a registry refresh token, and
that an access token for one repository. https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

TIMEOUT_SECONDS = 30
ACR_SCOPE = "https://containerregistry.azure.net/.default"
# What a token may be asked for; locking is a write of metadata.
PUSH = "pull,push"
LOCK = "metadata_read,metadata_write"


class RegistryRefused(Exception):
    """The registry, or who issues its tokens, said no."""


def base_url(registry: str) -> str:
    """Plain HTTP only for addresses that cannot be on the Internet, as go-containerregistry decides it."""
    host = urllib.parse.urlsplit(f"//{registry}").hostname or ""
    try:
        address = ipaddress.ip_address(host)
        plain = address.is_private or address.is_loopback
    except ValueError:
        plain = host == "localhost"
    return f"{'http' if plain else 'https'}://{registry}"


def parse_challenge(header: str) -> tuple[str, dict[str, str]]:
    """`Bearer realm="…",service="…"` as a scheme in lower case and its parameters."""
    scheme, _, rest = header.partition(" ")
    return scheme.lower(), dict(re.findall(r'(\w+)="([^"]*)"', rest))


def access_token(registry: str, challenge: str, repository: str, actions: str = PUSH) -> str:
    """A token for one repository, by default to pull from and push to it."""
    scheme, parameters = parse_challenge(challenge)
    if scheme != "bearer" or "service" not in parameters:
        raise RegistryRefused(f"{registry} asks for {scheme} authentication, which a pod has no password for")
    service = parameters["service"]
    exchanged = _post(
        f"https://{registry}/oauth2/exchange",
        {
            "grant_type": "access_token",
            "service": service,
            "tenant": _variable("AZURE_TENANT_ID"),
            "access_token": _entra_token(),
        },
    )
    granted = _post(
        f"https://{registry}/oauth2/token",
        {
            "grant_type": "refresh_token",
            "service": service,
            "scope": f"repository:{repository}:{actions}",
            "refresh_token": exchanged["refresh_token"],
        },
    )
    return granted["access_token"]


def _entra_token() -> str:
    """https://learn.microsoft.com/entra/workload-id/workload-identity-federation"""
    authority = _variable("AZURE_AUTHORITY_HOST").rstrip("/")
    answer = _post(
        f"{authority}/{_variable('AZURE_TENANT_ID')}/oauth2/v2.0/token",
        {
            "grant_type": "client_credentials",
            "client_id": _variable("AZURE_CLIENT_ID"),
            "scope": ACR_SCOPE,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": Path(_variable("AZURE_FEDERATED_TOKEN_FILE")).read_text().strip(),
        },
    )
    return answer["access_token"]


def _variable(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise RegistryRefused(f"{name} is not set: the pod has no workload identity, and the registry asks for one")
    return value


def _post(url: str, fields: dict[str, str]) -> dict[str, str]:
    request = urllib.request.Request(url, data=urllib.parse.urlencode(fields).encode())
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        if error.code == 429 or error.code >= 500:
            raise OSError(f"{url}: {error.code} {error.reason}") from error
        # The answer may quote the token that was sent, so only its code is told.
        raise RegistryRefused(f"{url} answered {error.code} {error.reason}") from error
