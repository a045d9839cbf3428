"""Renders the catalogues into the responses of Rasa's open-source engine (3.x).

Rasa chooses among the variations of a response: first those whose condition and channel fit, then
those whose channel fits, then those whose condition fits, then the rest. So every language gets
one variation for voice and one without channel, both on condition of the slot
`callback_language`; and the master stands last without condition, for customers of no or another
language. There is always something to say.

A button carries its choice and nothing else, as `/choose{"callback_choice": "asap"}`. Literal
braces are doubled, because the engine fills in payloads too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ges_connector.language.phrases import Style
from ges_connector.wording.catalogue import MASTER
from ges_connector.wording.document import written
from ges_connector.wording.text import counts, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ges_connector.wording.catalogue import Catalogue, Response, Wording

LANGUAGE_SLOT = "callback_language"
VOICE_CHANNEL = "voice"

_PREFACE = """\
# Rendered from domain/wording by `make render`: change the wording there.
"""

Variation: TypeAlias = "dict[str, Any]"


def render_responses(wording: Wording) -> str:
    """Write the responses as a domain file.

    A menu becomes one response for every number of times it may hold, `name_1` to `name_5`. The
    buttons of its times are titled `{slot_1}`, …, and carry `{slot_1_id}`, ….
    """
    responses: dict[str, list[Variation]] = {}
    for name in wording.master.responses:
        for count in counts(wording, name):
            rendered = name if count is None else f"{name}_{count}"
            responses[rendered] = list(_variations(wording, name, count))
    return written({"version": "3.1", "responses": responses}, preface=_PREFACE)


def _variations(wording: Wording, name: str, count: int | None) -> Iterator[Variation]:
    for language in sorted(wording.catalogues.keys() - {MASTER}):
        condition = {
            "condition": [{"type": "slot", "name": LANGUAGE_SLOT, "value": language}],
        }
        yield from _pair(wording, wording.catalogues[language], name, count, condition)
    yield from _pair(wording, wording.master, name, count, {})


def _pair(
    wording: Wording, catalogue: Catalogue, name: str, count: int | None, condition: Variation
) -> Iterator[Variation]:
    said = catalogue.responses[name]
    buttons = _buttons(said, count)
    chat = {**condition, "text": text_of(wording, said, Style.CHAT, count)}
    yield {**chat, "buttons": buttons} if buttons else chat
    voice = text_of(wording, said, Style.VOICE, count)
    yield {**condition, "channel": VOICE_CHANNEL, "text": voice}


def _buttons(said: Response, count: int | None) -> list[dict[str, str]]:
    times = [
        {"title": f"{{slot_{number}}}", "payload": _payload(f"{{slot_{number}_id}}")}
        for number in range(1, (count or 0) + 1)
    ]
    others = [
        {"title": title, "payload": _payload(choice)} for choice, title in said.buttons.items()
    ]
    return times + others


def _payload(choice: str) -> str:
    return f'/choose{{{{"callback_choice": "{choice}"}}}}'
