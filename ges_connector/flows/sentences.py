"""The responses of a domain: what they leave out, and what in them nothing fills in or takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ges_connector.flows.engine import ENGINE_CHANNELS, ENGINE_SLOTS
from ges_connector.flows.nearest import near
from ges_connector.flows.slots import may_hold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ges_connector.flows.facts import Facts

UNTRANSLATED: Final = "is not translated"
UNKNOWN_CHANNEL: Final = "which is none of the engine's own"
_PLACEHOLDER: Final = re.compile(r"(?<!\{)\{([^\n{}]+)\}(?!\})")
_PRESSED: Final = re.compile(r"/SetSlots\(\s*(\w+\s*=[^,()]+(?:,\s*\w+\s*=[^,()]+)*)\)")
_MEANT: Final = re.compile(r"/\s*set[\s_-]*slots?\b", re.IGNORECASE)
"""What somebody writes who means to set a slot."""
_NOT_SHOWN: Final = frozenset(
    {"allow_interruptions", "channel", "condition", "id", "metadata", "text", "translation"}
)
"""What of a variation customers neither read nor hear, besides its text."""
_TRUTHS: Final[Mapping[str, bool]] = {"true": True, "false": False}


def untranslated(translated: Mapping[str, Any], facts: Facts) -> Iterator[str]:
    """Find the languages that something is not translated into.

    Args:
        translated: Its translations, by language.
        facts: Which languages there are to be.
    """
    if facts.languages is None and not translated:
        yield UNTRANSLATED
    for language in sorted((facts.languages or frozenset()) - translated.keys()):
        yield f"{UNTRANSLATED} into {language}"


def faults_in_response(
    name: str, variations: Any, domain: Mapping[str, Mapping[str, Any]], facts: Facts
) -> Iterator[str]:
    """Find what is wrong with a response, in any variation and language of it.

    Args:
        name: Its name.
        variations: As the domain has them.
        domain: `slots`, `actions` and `responses`, of all its files together.
        facts: What the code does.
    """
    listed = [each for each in variations or () if isinstance(each, dict)]
    if not listed:
        yield "has no variation"
    for variation in listed:
        yield from _wordless(variation, is_ours=name in facts.said)
        yield from _of_words(name, variation, domain, facts)
        if "channel" in variation:
            yield from _of_channel(str(variation["channel"]))
        for button in variation.get("buttons") or ():
            if isinstance(button, dict):
                yield from _of_button(button, domain, facts)
                yield from _untranslated_button(button, facts)


def _wordless(variation: Mapping[str, Any], *, is_ours: bool) -> Iterator[str]:
    """Find words that there are not: of ours, and where nothing else is shown, or left empty."""
    text = variation.get("text")
    if not str(text or "").strip() and (is_ours or not variation.keys() - _NOT_SHOWN):
        yield "has no text" if text is None else "has an empty text"
    for language, translated in (variation.get("translation") or {}).items():
        if not str(translated or "").strip():
            yield f"has an empty text in {language}"


def _of_words(
    name: str,
    variation: Mapping[str, Any],
    domain: Mapping[str, Mapping[str, Any]],
    facts: Facts,
) -> Iterator[str]:
    if not variation.get("text"):
        return
    translated = variation.get("translation") or {}
    yield from untranslated(translated, facts)
    for language, text in {"": variation["text"], **translated}.items():
        where = f" in {language}" if language else ""
        for fault in _of_text(name, str(text), domain, facts):
            yield f"{fault[0]}{where}, {fault[1]}"
        if name not in facts.filled_in:
            for each in sorted(_named(variation["text"]) - _named(text)):
                yield f"leaves out {{{each}}}{where}, which stands in its text"


def _of_channel(channel: str) -> Iterator[str]:
    """Find a channel that is misspelt; one with a name of its own may be the assistant's."""
    if channel not in ENGINE_CHANNELS:
        meant = near(channel, ENGINE_CHANNELS)
        unknown = f"which there is not{meant}" if meant else UNKNOWN_CHANNEL
        yield f"is worded for the channel {channel}, {unknown}"


def _named(text: Any) -> set[str]:
    """The names in braces that a text holds."""
    return {*_PLACEHOLDER.findall(str(text))}


def _of_text(
    name: str, text: str, domain: Mapping[str, Mapping[str, Any]], facts: Facts
) -> Iterator[tuple[str, str]]:
    """Find what a text leaves out, and what it holds that nothing fills in; each with why."""
    for each in sorted(facts.filled_in.get(name, frozenset())):
        if f"{{{each}}}" not in text:
            yield f"leaves out {{{each}}}", "which customers are to hear"
    ours = facts.fillable.get(name)
    if ours is None:
        # The actions of others may fill in what they like.
        return
    for each in sorted(_named(text) - ours - domain["slots"].keys()):
        there_are = ", ".join(f"{{{known}}}" for known in sorted(ours)) or "none"
        why = f"which nothing fills in, and the engine then fills in none; there are: {there_are}"
        yield f"holds {{{each}}}", why


def _of_button(
    button: Mapping[str, Any], domain: Mapping[str, Mapping[str, Any]], facts: Facts
) -> Iterator[str]:
    others = (button.get("translation") or {}).values()
    worded = [button, *(each for each in others if isinstance(each, dict))]
    for payload in (str(each["payload"]) for each in worded if each.get("payload")):
        pressed = _PRESSED.fullmatch(payload)
        if pressed is not None:
            for pair in pressed[1].split(","):
                slot, _, value = pair.partition("=")
                yield from _of_pair(slot.strip(), value.strip(), domain, facts)
        elif _MEANT.match(payload):
            yield f"has a button with {payload}, which sets no slot: /SetSlots(slot=value) does"


def _untranslated_button(button: Mapping[str, Any], facts: Facts) -> Iterator[str]:
    title = str(button.get("title") or "")
    if title and not _PLACEHOLDER.fullmatch(title):
        for fault in untranslated(button.get("translation") or {}, facts):
            yield f"has a button {title!r}, which {fault}"


def _of_pair(
    slot: str, value: str, domain: Mapping[str, Mapping[str, Any]], facts: Facts
) -> Iterator[str]:
    """Find what is wrong with the slot that a button sets, or with what it sets it to."""
    known = domain["slots"].get(slot)
    if known is None:
        if slot not in ENGINE_SLOTS:
            yield f"has a button that sets {slot}, which is no slot"
        return
    if slot in facts.guarded:
        yield f"has a button that sets {slot}, which actions alone may set"
    if _PLACEHOLDER.fullmatch(value):
        return
    ids = facts.pressed.get(slot, facts.taken.get(slot))
    meant = _TRUTHS.get(value.casefold(), value) if known["type"] == "bool" else value
    is_any = known["type"] == "float" or may_hold(known, meant)
    if not is_any or (ids is not None and value not in ids):
        there_are = f"; there are: {', '.join(sorted(ids))}" if ids is not None else ""
        yield f"has a button that sets {slot} to {value}, which nobody understands{there_are}"
