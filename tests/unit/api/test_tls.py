"""Whose certificates a TLS connection to GES trusts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import trustme

from ges_connector.api import transport

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


def trusted() -> int:
    """How many authorities a new context trusts."""
    return transport._tls.__wrapped__().cert_store_stats()["x509_ca"]


def test_those_that_came_along_where_the_machine_has_none() -> None:
    assert trusted() > 50


def test_only_those_of_a_file_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = tmp_path / "authority.pem"
    trustme.CA().cert_pem.write_to_path(str(authority))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "nowhere"))
    assert trusted() == 1


def test_a_folder_that_is_named_is_looked_into_when_somebody_has_to_be_trusted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert trusted() == 0
