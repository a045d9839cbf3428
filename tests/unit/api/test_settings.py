"""Settings: read from everywhere, faults told all at once, the key never shown."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from ges_connector.api import GesClient, GesConfigurationError, GesSettings

if TYPE_CHECKING:
    from pathlib import Path

KEY = "planted-key-4711"


def test_the_region_gives_the_public_base_url() -> None:
    settings = GesSettings(region="use1", api_key=SecretStr(KEY))
    assert settings.root_url == "https://gapi-use1.genesyscloud.com/engagement/v3"


def test_a_base_url_is_taken_without_its_last_slash() -> None:
    settings = GesSettings(base_url="http://10.0.0.1:8080/engagement/v3/", api_key=SecretStr(KEY))
    assert settings.root_url == "http://10.0.0.1:8080/engagement/v3"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GES_REGION", "euw1")
    monkeypatch.setenv("GES_API_KEY", KEY)
    monkeypatch.setenv("GES_DEADLINE_SECONDS", "2.5")
    monkeypatch.setenv("GES_BASE_URL", "")
    settings = GesSettings()
    assert (settings.key(), settings.deadline_seconds) == (KEY, 2.5)
    assert repr(GesClient()) == "GesClient('https://gapi-euw1.genesyscloud.com/engagement/v3')"


def test_the_key_may_be_in_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    monkeypatch.setenv("GES_API_KEY_FILE", str(file))
    assert GesSettings(region="use1").key() == KEY


def test_a_key_file_that_vanished_is_told(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY)
    settings = GesSettings(region="use1", api_key_file=file)
    file.unlink()
    with pytest.raises(GesConfigurationError):
        GesClient(settings)


def test_the_key_may_be_in_a_directory_of_secrets(tmp_path: Path) -> None:
    (tmp_path / "ges_api_key").write_text(f"{KEY}\n")
    assert GesSettings(region="use1", _secrets_dir=tmp_path).key() == KEY


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(GesConfigurationError) as caught:
        GesSettings(
            region="use1",
            base_url="http://x/y",
            api_key=SecretStr("two words"),
            deadline_seconds=0,
            max_connections=0,
            proxy_url=SecretStr("somewhere"),
        )
    names = [fault.partition(":")[0] for fault in caught.value.faults]
    assert names == [
        "deadline_seconds",
        "max_connections",
        "region, base_url",
        "api_key",
        "proxy_url",
    ]


def test_nothing_given_names_the_two_things_that_are_needed() -> None:
    with pytest.raises(GesConfigurationError) as caught:
        GesClient()
    assert "GES_REGION" in str(caught.value)
    assert "GES_API_KEY" in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"region": "use1/evil.test"},
        {"region": ""},
        {"base_url": "ges.test/v3"},
        {"base_url": "ftp://ges.test/v3"},
        {"base_url": "https://user:secret@ges.test/v3"},
        {"base_url": "https://ges.test/v3?x=1"},
        {"base_url": "https://ges.test/v3#x"},
        {"base_url": "https://ges.test:99999/v3"},
        {"base_url": "https://ges.test/v 3"},
        {"base_url": "https:///v3"},
        {"base_url": "http://[::1/v3"},
        {"base_url": "https://ges..test/v3"},
        {"base_url": "https://.ges.test/v3"},
        {"base_url": f"https://{'a' * 64}.test/v3"},
        {"base_url": f"https://{'a.' * 127}test/v3"},
        {"region": "use1", "api_key": ""},
        {"region": "use1", "api_key": "line\nbreak"},
        {"region": "use1", "api_key": "clé"},
        {"region": "use1", "api_key": None},
        {"region": "use1", "api_key_file": "also"},
        {"region": "use1", "api_key": None, "api_key_file": "no/such/file"},
        {"region": "use1", "read_timeout_seconds": float("nan")},
        {"region": "use1", "connect_timeout_seconds": -1},
        {"region": "use1", "proxy_url": "socks5://proxy.test"},
        {"region": "use1", "apikey": "a typing error"},
    ],
    ids=repr,
)
def test_what_cannot_work_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(GesConfigurationError):
        GesSettings(**{"api_key": KEY, **fields})


def test_a_key_file_that_cannot_be_used_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    empty, missing = tmp_path / "empty", tmp_path / "missing"
    empty.touch()
    for file, wrong in ((empty, "holds no key"), (missing, "there is no such file")):
        with pytest.raises(GesConfigurationError, match=wrong) as refused:
            GesSettings(region="use1", api_key_file=file)
        assert str(file) in str(refused.value)


def test_neither_key_nor_proxy_is_ever_shown() -> None:
    settings = GesSettings(
        region="use1",
        api_key=SecretStr(KEY),
        proxy_url=SecretStr("http://me:hidden-4712@proxy.test"),
    )
    client = GesClient(settings)
    for shown in (repr(settings), str(settings), repr(client), settings.model_dump_json()):
        assert KEY not in shown
        assert "hidden-4712" not in shown


@pytest.mark.parametrize(
    "fields",
    [
        {"api_key": f"{KEY}\x00"},
        {"api_key": [KEY]},
        {"proxy_url": f"nowhere://{KEY}"},
        {"base_url": f"http://u:{KEY}@x/y"},
        {"max_connections": KEY},
    ],
    ids=repr,
)
def test_a_fault_does_not_quote_the_value(fields: dict[str, Any]) -> None:
    with pytest.raises(GesConfigurationError) as caught:
        GesSettings(**{"base_url": "http://x/y", "api_key": "k", **fields})
    assert KEY not in str(caught.value)
    assert KEY not in repr(caught.value.__context__)


def test_settings_and_client_travel_to_another_process() -> None:
    settings = GesSettings(region="use1", api_key=SecretStr(KEY))
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301 - our own bytes
    back = pickle.loads(pickle.dumps(GesClient(settings)))  # noqa: S301 - our own bytes
    assert repr(back) == repr(GesClient(settings))
