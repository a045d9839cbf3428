"""What the engine's channel reads and says, as far as it needs no engine."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.channels.last_resort import LastResortError, read_last_resort
from engine.channels.turn import MAX_TEXT_CHARACTERS, Refusal, Turn, read_turn

ENGINE = Path(__file__).parents[3] / "engine"
TURN = {"sender": "a", "message": "hi"}


def read(**changes: Any) -> Turn | Refusal:
    return read_turn(json.dumps({**TURN, **changes}).encode())


def test_a_turn_is_read() -> None:
    metadata = {"locale": "de-AT", "timezone": "Europe/Vienna", "caller_number": "+43 1 234"}
    assert read(channel="voice", metadata=metadata) == Turn("a", "hi", "voice", metadata)


def test_chat_is_the_channel_when_none_is_named() -> None:
    assert read() == Turn("a", "hi", "chat", {})


def test_the_word_of_the_rest_channel_names_the_channel_too() -> None:
    assert read(input_channel="voice") == Turn("a", "hi", "voice", {})


@pytest.mark.parametrize(
    "body", [b"", b"nope", b"\xff\xfe\xfa", b"[" * 100_000, b'{"sender": ', b"9" * 5_000]
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    assert read_turn(body) == Refusal(400, "The body must be JSON.")


@pytest.mark.parametrize("body", [b"[]", b"null", b"5", b'"text"', b"NaN"])
def test_json_that_is_no_object_is_refused(body: bytes) -> None:
    assert read_turn(body) == Refusal(400, "The body must be a JSON object.")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *product(["sender"], [None, 5, "", "x" * 201, ["a"], {}]),
        *product(["message"], [None, 5, True, ["a"], {}]),
        *product(["channel"], [None, 5, "sms", ["chat"], {}]),
        *product(["metadata"], [5, "de", ["de"], True]),
    ],
)
def test_a_field_of_the_wrong_type_is_refused_by_name(field: str, value: Any) -> None:
    refusal = read(**{field: value})
    assert isinstance(refusal, Refusal)
    assert refusal.status == 400
    assert f"`{field}`" in refusal.sentence


def test_a_body_that_is_too_long_is_refused_unread() -> None:
    refusal = read_turn(b"[" * 300_000)
    assert isinstance(refusal, Refusal)
    assert refusal.status == 413


def test_a_long_text_is_cut() -> None:
    turn = read(message="ä" * 10_000)
    assert isinstance(turn, Turn)
    assert turn.text == "ä" * MAX_TEXT_CHARACTERS


def test_the_captcha_token_of_a_page_passes() -> None:
    metadata = {"captcha_token": "planted" * 300}
    assert read(metadata=metadata) == Turn("a", "hi", "chat", metadata)


def test_bad_and_unknown_metadata_is_left_out() -> None:
    turn = read(metadata={"locale": 5, "timezone": "x" * 65, "caller_number": "", "card": "4111"})
    assert turn == Turn("a", "hi", "chat", {})


def test_halves_of_surrogate_pairs_and_nul_are_replaced() -> None:
    turn = read_turn(b'{"sender": "a", "message": "x\\ud800y\\u0000z\\ud83d\\ude00"}')
    assert isinstance(turn, Turn)
    assert turn.text == "x\ufffdy\ufffdz\U0001f600"


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "\u200b\u200f", "🙂🙂", "👋🏽", "?!", "...", "\x00\x01", "\x1b[["]
)
def test_a_message_without_letter_or_digit_is_not_left_to_a_guess(text: str) -> None:
    turn = read(message=text)
    assert isinstance(turn, Turn)
    assert turn.heard == "/nlu_fallback"


@pytest.mark.parametrize(
    "text", ["ja", "5", "да", "はい", "نعم", "🙂 ok", "👍🏽", "✅", '/choose{"a": "b"}', "ça"]
)
def test_a_message_with_a_letter_a_digit_or_a_picture_of_a_yes_is_heard(text: str) -> None:
    turn = read(message=text)
    assert isinstance(turn, Turn)
    assert turn.heard == text


def test_control_characters_are_replaced_and_white_space_stays() -> None:
    turn = read(message="a\x07b\x1b[31mc\x85d\te\nf")
    assert isinstance(turn, Turn)
    assert turn.text == "a\ufffdb\ufffd[31mc\ufffdd\te\nf"


@given(st.binary())
def test_no_body_raises(body: bytes) -> None:
    assert isinstance(read_turn(body), Turn | Refusal)


@given(st.text(st.characters(codec=None)))
def test_every_text_can_be_stored_after_reading(text: str) -> None:
    turn = read(message=text)
    assert isinstance(turn, Turn)
    turn.text.encode()


WORDS = {"chat": "Ring {number}.", "voice": "Please ring {number}."}
FILE = {
    "default": "en",
    "number": "+1 2",
    "sentences": {
        "en": WORDS,
        "pt-BR": {"chat": "Ligue {number}.", "voice": "Ligue {number}, por favor."},
    },
}


def written(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "last_resort.yml"
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("pt-BR", "Ligue +1 2."),
        ("pt_br", "Ligue +1 2."),
        ("pt-BR-x-y", "Ligue +1 2."),
        ("pt", "Ring +1 2."),
        ("de", "Ring +1 2."),
        ("", "Ring +1 2."),
        (None, "Ring +1 2."),
    ],
)
def test_the_sentence_follows_the_locale(tmp_path: Path, locale: str, sentence: str) -> None:
    assert read_last_resort(written(tmp_path, FILE)).sentence(locale, "chat") == sentence


def test_voice_has_its_own_sentence(tmp_path: Path) -> None:
    read = read_last_resort(written(tmp_path, FILE))
    assert read.sentence("en", "voice") == "Please ring +1 2."


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ([], "must be a mapping"),
        ({}, "sentences must be a mapping"),
        ({**FILE, "number": 5}, "number must be text"),
        ({**FILE, "default": "de"}, "default must be one"),
        ({**FILE, "default": []}, "default must be one"),
        ({**FILE, "sentences": {"en": {"chat": "{number}"}}}, "en.voice must be text"),
        ({**FILE, "sentences": {"en": "x"}}, "en.chat must be text"),
        ({**FILE, "sentences": {"en": {**WORDS, "chat": "Ring."}}}, "must contain {number}"),
    ],
)
def test_a_faulty_file_is_refused_with_the_fault(tmp_path: Path, content: Any, fault: str) -> None:
    with pytest.raises(LastResortError, match=fault.replace("{", r"\{")):
        read_last_resort(written(tmp_path, content))


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(LastResortError, match=r"nowhere\.yml"):
        read_last_resort(tmp_path / "nowhere.yml")


def test_the_file_of_the_demo_can_be_used() -> None:
    read = read_last_resort(ENGINE / "last_resort.yml")
    assert {"en", "de", "fr", "es"} <= read.sentences.keys()


def test_the_lock_of_the_engine_names_versions_and_hashes_but_no_host() -> None:
    lock = (ENGINE / "requirements.lock").read_text()
    pins = {line.removesuffix(" \\") for line in lock.splitlines() if "==" in line}
    listed = (ENGINE / "requirements.in").read_text().splitlines()
    assert pins == {line for line in listed if not line.startswith("#")}
    assert lock.count("--hash=sha256:") >= len(pins)
    assert "://" not in lock
    assert "--index" not in lock


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/restart", "restart"),
        ("/session_start", "session_start"),
        (" //back", "back"),
        ("/affirm", "affirm"),
        ('/affirm{"callback_choice": "yes"}', 'affirm{"callback_choice": "yes"}'),
        ("/choose_me", "choose_me"),
        ('/choose{"callback_choice": "yes"}', '/choose{"callback_choice": "yes"}'),
        ("/choose", "/choose"),
    ],
)
def test_only_a_button_speaks_to_the_engine_itself(typed: str, heard: str) -> None:
    assert Turn(sender="c", text=typed).heard == heard
