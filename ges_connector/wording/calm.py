"""Renders the catalogues into the responses of Rasa's current engine (CALM, rasa-pro 3.21).

One variation speaks all languages: English is its text, the others are its translations, chosen by
the slot `language`, which belongs to the engine. The engine knows no channel called voice, so what
is worded for the ear has one variation for each of its voice channels; they share their texts by
reference. Words that are the same for eye and ear need none.

A button sets the slot that its question is asked for, to an id: `/SetSlots(callback_way=asap)`. One
that is shown while nothing is asked carries its title, which is what the customer would have said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ges_connector.language.phrases import Style
from ges_connector.wording.catalogue import MASTER
from ges_connector.wording.document import Named, Same, written
from ges_connector.wording.text import counts, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ges_connector.wording.catalogue import Catalogue, Response, Wording

VOICE_CHANNELS: Final = (
    "audiocodes",
    "audiocodes_stream",
    "browser_audio",
    "chirp",
    "genesys",
    "jambonz",
    "jambonz_stream",
    "json_audio",
    "signalwire",
    "twilio_media_streams",
    "twilio_voice",
    "vonage",
    "websockets_voice",
)
"""What the engine calls its channels that speak."""

KEYED_CHANNELS: Final = frozenset(
    {
        "audiocodes_stream",
        "genesys",
        "jambonz_stream",
        "signalwire",
        "twilio_media_streams",
    }
)
"""Those of them on which the engine collects what is keyed."""

_KEYED: Final = {
    "utter_ask_callback_phone": "keyed_number",
    "utter_callback_phone_not_found": "keyed_number",
}
"""The fragment that tells which key ends an answer, by the question."""

NONE_OF_THESE: Final = "none_of_these"
"""What stands for the choice `none`: the engine takes that word for an empty slot."""

_COLLECTED: Final = {
    "utter_ask_callback_kind": "callback_way",
    "utter_callback_open_exists": "callback_way",
    "utter_callback_open_which": "callback_way",
    "utter_ask_callback_unconfirmed": "callback_way",
    "utter_ask_callback_second": "callback_way",
    "utter_ask_callback_slot": "callback_time",
    "utter_ask_callback_phone": "callback_number",
    "utter_ask_callback_confirmed": "callback_agreement",
    "utter_ask_callback_change": "callback_agreement",
    "utter_ask_callback_cancel_confirmed": "callback_cancel_agreement",
}
"""The slot that a question is asked for, by what its response begins with."""

_HEARD_IN_FULL: Final = (
    "utter_ask_callback_confirmed",
    "utter_ask_callback_cancel_confirmed",
    "utter_callback_already_booked",
    "utter_callback_booked",
    "utter_callback_call_in",
    "utter_callback_cancel",
    "utter_callback_move",
    "utter_callback_not_moved",
    "utter_callback_number_changed",
    "utter_callback_static_number",
    "utter_callback_unavailable",
    "utter_callback_unconfirmed",
)
"""What nobody may talk over: what is agreed to, what came of it, and numbers to be noted down."""

_SAME: Final = {"connect": "call_in"}
"""Choices with one title that come to the same: they ring us."""

_PREFACE: Final = """\
# Rendered from domain/wording by `make render`: change the wording there.
"""

_WORD: Final = re.compile(r"[\w']+")

Variation: TypeAlias = "dict[str, Any]"


def render_calm_responses(wording: Wording) -> str:
    """Write the responses as a domain file.

    Menus are rendered as for the open-source engine: `name_1` to `name_5`.
    """
    responses: dict[str, list[Variation]] = {}
    for name in wording.master.responses:
        for count in counts(wording, name):
            rendered = name if count is None else f"{name}_{count}"
            responses[rendered] = list(_variations(wording, name, rendered, count))
    return written({"version": "3.1", "responses": responses}, preface=_PREFACE)


def collected_by(response: str) -> str | None:
    """Name the slot that a response asks for; None if it asks for none.

    Args:
        response: Its name.
    """
    found = [slot for stem, slot in _COLLECTED.items() if response.startswith(stem)]
    return found[0] if found else None


def choice_titled(catalogue: Catalogue, slot: str, said: str) -> str | None:
    """Tell which option of a question was said word for word; None for other words.

    Args:
        catalogue: The language in which the question was asked.
        slot: The slot that it is asked for.
        said: The customer's words.
    """
    words = _plain(said)
    found = {
        _SAME.get(choice, choice)
        for name, response in catalogue.responses.items()
        if collected_by(name) == slot
        for choice, title in response.buttons.items()
        if _plain(title) == words
    }
    return found.pop() if len(found) == 1 else None


def _plain(text: str) -> str:
    """The words alone: marks and capitals differ with who types."""
    return " ".join(_WORD.findall(text.casefold().replace("\u2019", "'")))


def is_heard_in_full(response: str) -> bool:
    """Whether a response may not be talked over.

    Args:
        response: Its name.
    """
    return response.startswith(_HEARD_IN_FULL)


def _variations(
    wording: Wording, name: str, rendered: str, count: int | None
) -> Iterator[Variation]:
    chat = _worded(wording, name, Style.CHAT, count)
    buttons = _buttons(wording, name, count)
    yield chat | ({"buttons": buttons} if buttons else {})
    voice = _worded(wording, name, Style.VOICE, count)
    is_closed = is_heard_in_full(name)
    if voice == chat and not buttons and not is_closed:
        return
    closed = {"allow_interruptions": False} if is_closed else {}
    are_keyed = [
        channel for channel in VOICE_CHANNELS if name in _KEYED and channel in KEYED_CHANNELS
    ]
    are_not = [channel for channel in VOICE_CHANNELS if channel not in are_keyed]
    yield from _for_each(are_not, rendered, voice, closed)
    if are_keyed:
        keyed = _worded(wording, name, Style.VOICE, count, with_fragment=_KEYED[name])
        yield from _for_each(are_keyed, f"{rendered}_keyed", keyed, closed)


def _for_each(
    channels: Sequence[str], anchor: str, words: Variation, closed: Variation
) -> Iterator[Variation]:
    """Write a variation for each channel; the first holds the words, the others refer to it."""
    first, *others = channels
    named = {key: Named(f"{anchor}_{key}", value) for key, value in words.items()}
    yield {"channel": first, **named, **closed}
    same = {key: Same(f"{anchor}_{key}") for key in words}
    yield from ({"channel": other, **same, **closed} for other in others)


def _worded(
    wording: Wording,
    name: str,
    style: Style,
    count: int | None,
    *,
    with_fragment: str | None = None,
) -> Variation:
    texts = {
        language: text_of(wording, catalogue.responses[name], style, count)
        for language, catalogue in sorted(wording.catalogues.items())
    }
    if with_fragment is not None:
        texts = {
            language: f"{text} {wording.catalogues[language].fragment(with_fragment, style)}"
            for language, text in texts.items()
        }
    return {"text": texts.pop(MASTER), "translation": texts}


def _buttons(wording: Wording, name: str, count: int | None) -> list[Variation]:
    slot = collected_by(name)
    times = [
        {"title": f"{{slot_{number}}}", "payload": _payload(slot or "", f"{{slot_{number}_id}}")}
        for number in range(1, (count or 0) + 1)
    ]
    said = wording.master.responses[name]
    return times + [_button(wording, name, choice, slot) for choice in said.buttons]


def _button(wording: Wording, name: str, choice: str, slot: str | None) -> Variation:
    carried = NONE_OF_THESE if choice == "none" else choice

    def worded(said: Response) -> dict[str, str]:
        title = said.buttons[choice]
        return {"title": title, "payload": title if slot is None else _payload(slot, carried)}

    others = sorted(wording.catalogues.keys() - {MASTER})
    return {
        **worded(wording.master.responses[name]),
        "translation": {
            language: worded(wording.catalogues[language].responses[name]) for language in others
        },
    }


def _payload(slot: str, value: str) -> str:
    return f"/SetSlots({slot}={value})"
