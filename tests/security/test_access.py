"""The secret of the action server: which ones will do, how it is shown, and who is near."""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from actions.access import AccessSettings, AccessSettingsError, Secrets, is_near, shown_secret

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "t7Vq2Zx9Lm4Rb8Wd3Kc6Hn1Y"
OTHER = "p5Hn1Yj8Gf4Sx7Qa2Ve9Bd6W"


def settings(text: str) -> AccessSettings:
    return AccessSettings(secret=SecretStr(text))


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "  \n ",
        "short-one",
        GOOD[:-1],
        "changeme-changeme-changeme-changeme",
        "Change_Me-with-something-long-0123456789",
        "this-is-the-default-one-0123456789",
        "my-super-Secret-of-2026-for-actions",
        "abababababababababababababababab",
        "00000000000000000000000000000000",
        "abcdefghijklmnopqrstuvwxyz",
        "123456789012345678901234",
        "put-your-token-in-here-please",
        "<token-of-the-actions-here>",
        "${CALLBACK_ACTIONS_KEY:-}t7Vq2Z",
        "{{CALLBACK_ACTIONS_TOKEN}}",
        f"{GOOD} short",
        f"{GOOD}\n{OTHER[:10]}",
        "t7Vq2Zx9Lm4Rb8Wd3Kc6Hn1Yé",
        "t7Vq2Zx9Lm4Rb8Wd3Kc6Hn1Y\x07",
    ],
)
def test_a_secret_that_can_be_guessed_or_not_be_sent_is_refused_and_not_quoted(weak: str) -> None:
    with pytest.raises(AccessSettingsError) as refused:
        settings(weak).secrets()
    assert not weak.strip() or weak not in f"{refused.value} {refused.value!r}"


def test_no_secret_at_all_is_refused_outside_the_demo_only() -> None:
    with pytest.raises(AccessSettingsError, match="CALLBACK_ACTIONS_SECRET"):
        AccessSettings(secret=None).secrets()
    assert not AccessSettings(secret=None).secrets(is_demo=True)


def test_several_secrets_are_good_while_one_replaces_the_other() -> None:
    secrets = settings(f"{GOOD}\n{OTHER}").secrets()
    assert secrets.hold(GOOD)
    assert secrets.hold(OTHER)
    assert not secrets.hold(f"{GOOD}\n{OTHER}")


def test_secrets_come_from_a_file_as_well(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{GOOD}\n{OTHER}\n", encoding="utf-8")
    from_file = AccessSettings(secret_file=path)
    assert from_file.secrets().hold(OTHER)
    with pytest.raises(AccessSettingsError, match="only one"):
        AccessSettings(secret_file=path, secret=SecretStr(GOOD)).secrets()
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(AccessSettingsError, match="cannot be read"):
        from_file.secrets()
    path.unlink()
    with pytest.raises(AccessSettingsError, match="cannot be read"):
        from_file.secrets()


@pytest.mark.parametrize(
    "variables",
    [
        {"CALLS_PER_PEER": "often"},
        {"MAX_BYTES": "0"},
        {"READ_SECONDS": "0"},
        {"LOOPBACK_ONLY": "perhaps"},
    ],
)
def test_an_odd_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    monkeypatch.setenv("CALLBACK_ACTIONS_SECRET", GOOD)
    for name, value in variables.items():
        monkeypatch.setenv(f"CALLBACK_ACTIONS_{name}", value)
        with pytest.raises(AccessSettingsError, match=name.lower()) as refused:
            AccessSettings()
        assert GOOD not in str(refused.value)


def test_no_secret_shows_in_what_holds_it() -> None:
    held = settings(GOOD)
    assert GOOD not in f"{held} {held!r} {held.secrets()} {held.secrets()!r} {held.model_dump()}"


@pytest.mark.parametrize("shown", [GOOD, OTHER, "neither", ""])
def test_whatever_is_shown_is_compared_with_every_secret_in_a_time_that_tells_nothing(
    monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    secrets, compared = Secrets.of([GOOD, OTHER]), []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append(other)
        assert len(one) == len(other)
        return real(one, other)

    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert secrets.hold(shown) is (shown in {GOOD, OTHER})
    assert tuple(compared) == secrets.digests


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


@pytest.mark.parametrize(
    ("headers", "query", "shown"),
    [
        ({}, "", None),
        ({"authorization": f"Bearer {GOOD}"}, "", GOOD),
        ({"authorization": f"bearer  {GOOD} "}, "", GOOD),
        ({"authorization": GOOD}, "", None),
        ({"authorization": "Bearer"}, "", ""),
        ({"authorization": basic(f"rasa:{GOOD}")}, "", GOOD),
        ({"authorization": basic(f":{GOOD}")}, "", GOOD),
        ({"authorization": basic(GOOD)}, "", None),
        ({"authorization": "Basic ???"}, "", None),
        ({"authorization": "Basic //79"}, "", None),
        ({}, f"token={GOOD}", GOOD),
        ({}, f"a=b&token={GOOD}", GOOD),
        ({}, f"token={GOOD}&token={GOOD}", None),
        ({}, "&".join(f"a{n}=1" for n in range(50)) + f"&token={GOOD}", None),
        ({"authorization": "Bearer wrong"}, f"token={GOOD}", "wrong"),
    ],
)
def test_a_secret_is_shown_as_the_engines_endpoints_show_one(
    headers: dict[str, str], query: str, shown: str | None
) -> None:
    assert shown_secret(headers, query) == shown


@given(st.text(), st.text(), st.text())
def test_whatever_is_shown_that_is_not_the_secret_is_not_it(
    header: str, query: str, text: str
) -> None:
    secrets = Secrets.of([GOOD])
    shown = shown_secret({"authorization": header}, query)
    assert shown is None or not secrets.hold(shown)
    assert not secrets.hold(text)
    assert not secrets.hold(f"{GOOD}{text or ' '}")


@pytest.mark.parametrize(
    "peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "", "::1%lo"]
)
def test_near_is_who_speaks_from_this_machine(peer: str) -> None:
    assert is_near(peer, {})


@pytest.mark.parametrize(
    "peer", ["10.0.0.7", "::ffff:10.0.0.7", "fe80::1%eth0", "203.0.113.9", "localhost"]
)
def test_nobody_else_is_near(peer: str) -> None:
    assert not is_near(peer, {})


@pytest.mark.parametrize("header", ["forwarded", "x-forwarded-for"])
def test_what_a_proxy_passes_on_is_not_near(header: str) -> None:
    assert not is_near("127.0.0.1", {header: "127.0.0.1"})
