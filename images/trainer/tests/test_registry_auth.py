"""Addresses, challenges, and the exchange of tokens against a registry that answers as ACR does."""

from __future__ import annotations

import io
import json
import os
import tempfile
import unittest
import urllib.parse
import urllib.request
from pathlib import Path
from unittest import mock

from trainer.registry_auth import RegistryRefused, access_token, base_url, parse_challenge

CHALLENGE = 'Bearer realm="https://team.azurecr.io/oauth2/token",service="team.azurecr.io",scope="repository:a/b:pull"'


class BaseUrlTest(unittest.TestCase):
    def test_plain_http_only_for_private_addresses(self) -> None:
        cases = {
            "10.200.0.1:5002": "http://10.200.0.1:5002",
            "127.0.0.1:5000": "http://127.0.0.1:5000",
            "[::1]:5000": "http://[::1]:5000",
            "localhost:5000": "http://localhost:5000",
            "team.azurecr.io": "https://team.azurecr.io",
            "8.8.8.8:443": "https://8.8.8.8:443",
            "10.example.com": "https://10.example.com",
        }
        for registry, url in cases.items():
            with self.subTest(registry):
                self.assertEqual(base_url(registry), url)


class ChallengeTest(unittest.TestCase):
    def test_parameters(self) -> None:
        scheme, parameters = parse_challenge(CHALLENGE)
        self.assertEqual(scheme, "bearer")
        self.assertEqual(parameters["service"], "team.azurecr.io")
        self.assertEqual(parameters["scope"], "repository:a/b:pull")

    def test_a_registry_that_wants_a_password_is_refused(self) -> None:
        with self.assertRaisesRegex(RegistryRefused, "basic"):
            access_token("team.azurecr.io", 'Basic realm="x"', "a/b")


class ExchangeTest(unittest.TestCase):
    def test_workload_identity_becomes_a_token_for_one_repository(self) -> None:
        for actions, scope in {(): "pull,push", ("metadata_write",): "metadata_write"}.items():
            with self.subTest(scope):
                self.exchange(actions, f"repository:support/tickets:{scope}")

    def exchange(self, actions: tuple[str, ...], scope: str) -> None:
        asked: list[tuple[str, dict[str, str]]] = []
        answers = [{"access_token": "entra"}, {"refresh_token": "refresh"}, {"access_token": "granted"}]

        def answer(request: urllib.request.Request, timeout: int) -> io.BytesIO:
            assert isinstance(request.data, bytes)
            asked.append((request.full_url, dict(urllib.parse.parse_qsl(request.data.decode()))))
            return io.BytesIO(json.dumps(answers[len(asked) - 1]).encode())

        with tempfile.TemporaryDirectory() as folder:
            token = Path(folder, "token")
            token.write_text("federated\n", encoding="utf-8")
            environment = {
                "AZURE_CLIENT_ID": "client",
                "AZURE_TENANT_ID": "tenant",
                "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
                "AZURE_FEDERATED_TOKEN_FILE": str(token),
            }
            with mock.patch.dict(os.environ, environment), mock.patch("urllib.request.urlopen", answer):
                self.assertEqual(access_token("team.azurecr.io", CHALLENGE, "support/tickets", *actions), "granted")

        self.assertEqual(
            [url for url, _ in asked],
            [
                "https://login.microsoftonline.com/tenant/oauth2/v2.0/token",
                "https://team.azurecr.io/oauth2/exchange",
                "https://team.azurecr.io/oauth2/token",
            ],
        )
        self.assertEqual(asked[0][1]["client_assertion"], "federated")
        self.assertEqual(asked[1][1]["access_token"], "entra")
        self.assertEqual(asked[2][1]["scope"], scope)

    def test_without_an_identity_the_missing_variable_is_named(self) -> None:
        with mock.patch.dict(os.environ, clear=True), self.assertRaisesRegex(RegistryRefused, "AZURE_TENANT_ID"):
            access_token("team.azurecr.io", CHALLENGE, "a/b")


if __name__ == "__main__":
    unittest.main()
