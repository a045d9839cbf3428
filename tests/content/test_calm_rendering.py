"""What the engine of flows reads: every language at once, and for each channel what it takes."""

import re
from pathlib import Path
from typing import Any

import pytest

from ges_connector.language.phrases import Style
from ges_connector.wording import Wording
from ges_connector.wording.calm import (
    KEYED_CHANNELS,
    NONE_OF_THESE,
    VOICE_CHANNELS,
    collected_by,
    is_heard_in_full,
)
from ges_connector.wording.reading import parse_yaml
from ges_connector.wording.rendering import CALM_RESPONSES

Responses = dict[str, list[dict[str, Any]]]

ASKING_FOR_A_NUMBER = {"utter_ask_callback_phone", "utter_callback_phone_not_found"}
PAYLOAD = re.compile(r"/SetSlots\(([a-z_]+)=(?:([a-z_]+)|\{(slot_[1-5])_id\})\)")


@pytest.fixture(scope="module")
def calm(root: Path) -> Responses:
    content: Responses = parse_yaml((root / CALM_RESPONSES).read_text(encoding="utf-8"))[
        "responses"
    ]
    return content


@pytest.fixture(scope="module")
def slots(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = parse_yaml((root / "domain/calm/slots.yml").read_text())["slots"]
    return found


def chosen(variations: list[dict[str, Any]], channel: str) -> dict[str, Any]:
    """Choose as the engine does: what is for the channel, else what is for none."""
    fitting = [each for each in variations if each.get("channel") == channel]
    (said,) = fitting or [each for each in variations if "channel" not in each]
    return said


def test_both_engines_have_the_same_responses(calm: Responses, responses: Responses) -> None:
    assert calm.keys() == responses.keys()


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_both_engines_say_the_same_but_for_the_keys_that_only_one_collects(
    calm: Responses, responses: Responses, wording: Wording, language: str
) -> None:
    about_keys = f" {wording.catalogues[language].fragment('keyed_number', Style.VOICE)}"

    def classic(name: str, channel: str | None) -> str:
        wanted = [] if language == "en" else [language]
        (text,) = [
            each["text"]
            for each in responses[name]
            if [condition["value"] for condition in each.get("condition", [])] == wanted
            and each.get("channel") == channel
        ]
        return str(text)

    for name, variations in calm.items():
        for channel, ours in [("chat", None), *((each, "voice") for each in VOICE_CHANNELS)]:
            said = chosen(variations, channel)
            text = said["text"] if language == "en" else said["translation"][language]
            assert text.removesuffix(about_keys) == classic(name, ours), (name, channel)
            is_told = channel in KEYED_CHANNELS and name in ASKING_FOR_A_NUMBER
            assert text.endswith(about_keys) is is_told, (name, channel)


def test_no_channel_that_speaks_has_buttons(calm: Responses) -> None:
    assert not [
        name
        for name, variations in calm.items()
        for channel in VOICE_CHANNELS
        if "buttons" in chosen(variations, channel)
    ]


def test_a_button_sets_the_slot_its_question_is_asked_for(
    calm: Responses, wording: Wording, slots: dict[str, Any]
) -> None:
    choices = {NONE_OF_THESE if each == "none" else each for each in wording.choices}
    for name, variations in calm.items():
        for button in variations[0].get("buttons", []):
            slot = collected_by(name)
            worded = [button, *button.get("translation", {}).values()]
            if slot is None:
                assert all(each["payload"] == each["title"] for each in worded), name
                continue
            (payload,) = {each["payload"] for each in worded}
            found = PAYLOAD.fullmatch(payload)
            assert found is not None, (name, payload)
            assert found[1] == slot
            assert slots[slot]["mappings"] == [{"type": "from_llm"}]
            assert found[2] in choices or button["title"] == f"{{{found[3]}}}"


def test_every_response_with_buttons_that_asks_is_known_to_ask(calm: Responses) -> None:
    asking = [name for name in calm if name.startswith("utter_ask_") and "_again" not in name]
    assert [name for name in asking if collected_by(name) is None] == []


def test_no_choice_is_a_word_that_empties_a_slot(calm: Responses) -> None:
    carried = [
        button["payload"]
        for variations in calm.values()
        for variation in variations
        for button in variation.get("buttons", [])
    ]
    assert carried
    assert not [each for each in carried if re.search(r"=(none|null|undefined)\)", each)]


def test_what_is_agreed_and_numbers_to_note_down_cannot_be_talked_over(calm: Responses) -> None:
    for name, variations in calm.items():
        for variation in variations:
            is_closed = variation.get("allow_interruptions") is False
            assert is_closed == ("channel" in variation and is_heard_in_full(name)), name
    assert is_heard_in_full("utter_ask_callback_confirmed_scheduled")
    assert not is_heard_in_full("utter_ask_callback_slot_3")


def test_the_slot_language_is_left_to_the_engine(slots: dict[str, Any]) -> None:
    assert "language" not in slots
