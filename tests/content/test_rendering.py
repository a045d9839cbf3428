"""The files the engine reads: fresh, safe, and with something to say to everybody."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ges_connector.wording import Wording
from ges_connector.wording.__main__ import main
from ges_connector.wording.classic import LANGUAGE_SLOT
from ges_connector.wording.reading import parse_yaml
from ges_connector.wording.rendering import LAST_RESORT, stale

Responses = dict[str, list[dict[str, Any]]]

PAYLOAD = re.compile(r'/choose\{\{"callback_choice": "(?:([a-z_]+)|\{(slot_[1-5])_id\})"\}\}')
VARIATION_KEYS = {"condition", "channel", "text", "buttons"}


def chosen(variations: list[dict[str, Any]], language: str | None, channel: str) -> Any:
    """Choose as Rasa 3.6 does: condition and channel, channel, condition, neither."""

    def fits(variation: dict[str, Any], *, conditional: bool, on_channel: bool) -> bool:
        if ("condition" in variation, "channel" in variation) != (conditional, on_channel):
            return False
        asked = [condition["value"] for condition in variation.get("condition", [])]
        return asked in ([], [language]) and variation.get("channel") in (None, channel)

    for conditional, on_channel in ((True, True), (False, True), (True, False), (False, False)):
        fitting = [
            variation
            for variation in variations
            if fits(variation, conditional=conditional, on_channel=on_channel)
        ]
        if fitting:
            assert len(fitting) == 1, "Rasa would throw dice"
            return fitting[0]
    raise AssertionError("nothing to say")


def expected(wording: Wording, name: str, language: str | None, channel: str) -> str:
    """Word a response as the engine should have it."""
    menu, _, count = name.rpartition("_")
    catalogue = wording.catalogue(language)
    said = catalogue.responses[menu if menu in wording.menus and count.isdigit() else name]
    words = said.single if said.single is not None and count == "1" else said
    text = words.voice if channel == "voice" else words.chat
    if said.options:
        text = text.replace("{options}", " ".join(said.options[: int(count)]))
    for optional in wording.optional:
        text = text.replace(f" {{{optional}}}", f"{{{optional}}}")
    return text


def test_rendered_files_are_fresh(root: Path) -> None:
    assert not stale(root), "run `make render`"


def test_every_response_of_the_catalogue_is_there(wording: Wording, responses: Responses) -> None:
    plain = wording.master.responses.keys() - wording.menus.keys()
    menus = {f"{name}_{n}" for name, most in wording.menus.items() for n in range(1, most + 1)}
    assert responses.keys() == plain | menus


@pytest.mark.parametrize("channel", ["chat", "voice", "webchat"])
@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt", None])
def test_every_customer_hears_their_language_or_english(
    wording: Wording, responses: Responses, language: str | None, channel: str
) -> None:
    for name, variations in responses.items():
        said = chosen(variations, language, channel)
        assert said["text"] == expected(wording, name, language, channel)


def test_every_button_carries_a_known_choice_and_nothing_else(
    wording: Wording, responses: Responses
) -> None:
    for name, variations in responses.items():
        for variation in variations:
            for button in variation.get("buttons", []):
                found = PAYLOAD.fullmatch(button["payload"])
                assert found, (name, button)
                choice, slot = found.groups()
                assert choice in wording.choices or button["title"] == f"{{{slot}}}", (name, button)


def test_a_payload_is_json_once_the_engine_has_filled_it(responses: Responses) -> None:
    for variations in responses.values():
        for variation in variations:
            for button in variation.get("buttons", []):
                payload = re.sub(r"\{slot_\d_id\}", "k3f", button["payload"])
                intent, _, entities = payload.replace("{{", "{").replace("}}", "}").partition("{")
                assert intent == "/choose"
                assert list(json.loads("{" + entities)) == ["callback_choice"]


def test_voice_has_no_buttons(responses: Responses) -> None:
    assert not [
        name
        for name, variations in responses.items()
        for variation in variations
        if "channel" in variation and "buttons" in variation
    ]


def test_a_menu_has_one_button_for_every_time(wording: Wording, responses: Responses) -> None:
    for menu, most in wording.menus.items():
        for count in range(1, most + 1):
            for variation in responses[f"{menu}_{count}"]:
                titles = [button["title"] for button in variation.get("buttons", [])]
                slots = [f"{{slot_{number}}}" for number in range(1, count + 1)]
                assert "channel" in variation or titles[:count] == slots
                assert len(titles) in (0, count + len(wording.master.responses[menu].buttons))


def test_the_file_has_only_what_the_domain_schema_of_the_engine_knows(
    responses: Responses,
) -> None:
    for name, variations in responses.items():
        assert re.fullmatch(r"utter_[a-z0-9_]+", name)
        for variation in variations:
            assert variation.keys() <= VARIATION_KEYS
            assert isinstance(variation["text"], str)
            for condition in variation.get("condition", []):
                assert condition.keys() == {"type", "name", "value"}
                assert (condition["type"], condition["name"]) == ("slot", LANGUAGE_SLOT)


def test_the_slot_of_the_conditions_is_in_the_domain_and_takes_every_language(
    root: Path, wording: Wording
) -> None:
    slots = parse_yaml((root / "domain/classic/slots.yml").read_text(encoding="utf-8"))["slots"]
    slot = slots[LANGUAGE_SLOT]
    assert slot["type"] == "text" or set(slot["values"]) >= wording.catalogues.keys()


def test_the_last_resort_speaks_every_language(root: Path, wording: Wording) -> None:
    content = parse_yaml((root / LAST_RESORT).read_text(encoding="utf-8"))
    assert content["sentences"].keys() == wording.catalogues.keys()


def test_check_passes_on_the_checkout(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--project", str(root)]) == 0
    assert capsys.readouterr().err == ""
