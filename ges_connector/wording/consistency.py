"""What can be wrong with a catalogue although its form is right.

The master is checked by itself, every other language against the master. Faults come as texts that
begin with the key they belong to; nothing stops at the first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ges_connector.wording.catalogue import (
    MASTER,
    CatalogueFile,
    MasterFile,
    MasterResponse,
    Words,
    placeholders_of,
    without_placeholders,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# What a menu fills in by itself; no action passes it.
_OPTIONS = "options"
# Any of these in a title can break the reading of a button on its way through a channel.
_UNSAFE_IN_TITLE = re.compile(r"[\[\](){}<>|/\\\"]")


def master_faults(master: MasterFile) -> Iterator[str]:
    """Check the master: placeholders and choices are known, chat and voice say the same."""
    for name in sorted(set(master.optional) - set(master.placeholders)):
        yield f"optional: {name} is not among the placeholders"
    for key, text in _texts(master):
        yield from _text_faults(key, text, master.optional)
        for name in sorted(placeholders_of(text) - set(master.placeholders)):
            yield f"{key}: {{{name}}} is not among the placeholders"
    for name, said in master.responses.items():
        yield from _response_faults(f"responses.{name}", said, master)
    for name, words in master.fragments.items():
        yield from _channel_faults(f"fragments.{name}", words)
    if {placeholders_of(text) for _, text in _pair("", master.last_resort)} != {
        frozenset({"number"})
    }:
        yield "last_resort: chat and voice must have the placeholder number, and no other"


def translation_faults(content: CatalogueFile, master: MasterFile) -> Iterator[str]:
    """Check a language: it has every text of the master, with the same placeholders."""
    theirs, ours = dict(_texts(content)), dict(_texts(master))
    yield from (f"{key}: missing" for key in ours if key not in theirs)
    yield from (f"{key}: not in {MASTER}.yml" for key in theirs if key not in ours)
    for key, text in theirs.items():
        yield from _text_faults(key, text, master.optional)
        wanted = placeholders_of(ours.get(key, text))
        if placeholders_of(text) != wanted:
            yield f"{key}: must have the placeholders {_listed(wanted)}"
    for name, said in content.responses.items():
        model = master.responses.get(name, said)
        in_order = [choice for choice in model.buttons if choice in said.buttons]
        if in_order != [choice for choice in said.buttons if choice in model.buttons]:
            yield f"responses.{name}.buttons: must be in the order {', '.join(in_order)}"


def _response_faults(key: str, said: MasterResponse, master: MasterFile) -> Iterator[str]:
    for choice in said.buttons:
        if choice not in master.choices:
            yield f"{key}.buttons.{choice}: is not among the choices"
    if said.menu is not None:
        yield from _menu_faults(key, said, master.optional)
        return
    if said.options or said.single is not None:
        yield f"{key}: options and single belong to a menu"
    yield from _channel_faults(key, said, said.chat_only)


def _menu_faults(key: str, said: MasterResponse, optional: Collection[str]) -> Iterator[str]:
    if not said.options or said.single is None:
        yield f"{key}: a menu needs options and single"
    if placeholders_of(said.voice) - set(optional) != {_OPTIONS}:
        yield f"{key}.voice: must have the placeholder {_OPTIONS}, and no other that is needed"
    for number, option in enumerate(said.options, start=1):
        if placeholders_of(option) != {f"slot_{number}"}:
            yield f"{key}.options.{number - 1}: must have the placeholder slot_{number}"


def _channel_faults(key: str, words: Words, chat_only: Collection[str] = ()) -> Iterator[str]:
    """Voice says what chat says, except what is declared to be for chat only."""
    wanted = placeholders_of(words.chat) - set(chat_only)
    if placeholders_of(words.voice) != wanted:
        yield f"{key}.voice: must have the placeholders {_listed(wanted)}"


def _text_faults(key: str, text: str, optional: Collection[str]) -> Iterator[str]:
    rest = without_placeholders(text)
    if "{" in rest or "}" in rest:
        yield f"{key}: has a brace that belongs to no placeholder"
    if ".buttons." in key and _UNSAFE_IN_TITLE.search(text):
        yield f"{key}: a title must not have brackets, slashes or double quotes"
    for name in optional:
        if text.count(f"{{{name}}}") != text.count(f" {{{name}}}"):
            yield f"{key}: {{{name}}} needs a space before it, which comes and goes with it"


def _texts(content: CatalogueFile | MasterFile) -> Iterator[tuple[str, str]]:
    """Yield every text of a catalogue with the key it stands under."""
    for name, said in content.responses.items():
        key = f"responses.{name}"
        yield from _pair(key, said)
        yield from ((f"{key}.buttons.{choice}", title) for choice, title in said.buttons.items())
        yield from ((f"{key}.options.{at}", text) for at, text in enumerate(said.options))
        if said.single is not None:
            yield from _pair(f"{key}.single", said.single)
    for name, words in content.fragments.items():
        yield from _pair(f"fragments.{name}", words)
    yield from _pair("last_resort", content.last_resort)


def _pair(key: str, words: Words) -> Iterator[tuple[str, str]]:
    yield f"{key}.chat", words.chat
    yield f"{key}.voice", words.voice


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "(none)"
