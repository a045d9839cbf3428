"""What a channel client sends for one turn of a conversation, read without trusting any of it.

Free of Rasa, so that it can be tested where the engine is not installed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Channel: TypeAlias = Literal["chat", "voice"]

MAX_BODY_BYTES = 256 * 1024
MAX_TEXT_CHARACTERS = 2_000
MAX_SENDER_CHARACTERS = 200

# The metadata that reaches the assistant, with the longest value each may have. Nothing else
# passes: what a client sends besides would end up in the conversation store unseen.
METADATA_CHARACTERS = {
    "locale": 35,
    "timezone": 64,
    "caller_number": 64,
    "captcha_token": 4096,
}

_SPACES = frozenset("\t\n\r")

# What a button of this assistant sends.
_PAYLOAD = re.compile(r"/choose\s*(?:\{.*\})?\s*", re.DOTALL)
_YES = frozenset("👍👌✅✔☑🆗")
_BEFORE_COMMANDS = "/ \t\r\n"

# Names the intent outright, so that nothing is left for the engine to guess.
NOT_UNDERSTOOD = "/nlu_fallback"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a customer.

    Attributes:
        sender: The conversation it belongs to.
        text: What was said or typed, or the payload of a button; at most
            `MAX_TEXT_CHARACTERS` long.
        channel: Decides between the chat and the voice wording of every response.
        metadata: `locale` (BCP 47), `timezone` (IANA name) and `caller_number` as the channel
            knows them, and the `captcha_token` that a page got, where GES asks for one. Unchecked
            text: the assistant decides what it can use. Without a locale it speaks the default
            language of the profile; it does not guess one from the text.
    """

    sender: str
    text: str
    channel: Channel = "chat"
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def heard(self) -> str:
        """What the engine is given to understand: the text, if there is a letter or digit in it.

        The engine's pipeline breaks off on white space alone, and guesses at pictures and signs
        from nothing; both are what the customer would be asked to put in words. Only the pictures
        of a yes are handed on, for the actions know them.

        To the engine, a text that begins with a slash is a command or names an intent outright.
        Only the buttons of this assistant may do that; for who types it, it is a text.
        """
        if not any(sign.isalnum() or sign in _YES for sign in self.text):
            return NOT_UNDERSTOOD
        is_button = _PAYLOAD.fullmatch(self.text) is not None
        return self.text if is_button else self.text.lstrip(_BEFORE_COMMANDS)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not a turn: an HTTP status and one sentence for its sender."""

    status: int
    sentence: str


Reading: TypeAlias = Turn | Refusal


def read_turn(body: bytes) -> Reading:
    """Read a request body.

    Args:
        body: JSON: `{"sender": text, "message": text, "channel": "chat" or "voice",
            "metadata": object}`; the last two may be missing. `input_channel`, the word of Rasa's
            own REST channel, is taken for `channel`.

    Returns:
        The turn, or why there is none. Metadata of the wrong type is left out, because a bad
        locale must not cost the customer the conversation; a longer text is cut.
    """
    if len(body) > MAX_BODY_BYTES:
        return Refusal(413, f"The body must not be longer than {MAX_BODY_BYTES} bytes.")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return Refusal(400, "The body must be JSON.")
    if not isinstance(content, dict):
        return Refusal(400, "The body must be a JSON object.")
    return _turn(content)


def _turn(content: dict[str, object]) -> Reading:
    sender = content.get("sender")
    if not isinstance(sender, str) or not 0 < len(sender) <= MAX_SENDER_CHARACTERS:
        return Refusal(400, f"`sender` must be text of 1 to {MAX_SENDER_CHARACTERS} characters.")
    text = content.get("message")
    if not isinstance(text, str):
        return Refusal(400, "`message` must be text.")
    channel = content.get("channel", content.get("input_channel", "chat"))
    if channel not in ("chat", "voice"):
        return Refusal(400, '`channel` must be "chat" or "voice".')
    metadata = content.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        return Refusal(400, "`metadata` must be an object.")
    return Turn(
        sender=_printable(sender),
        text=_printable(text[:MAX_TEXT_CHARACTERS]),
        channel="voice" if channel == "voice" else "chat",
        metadata=_metadata(metadata or {}),
    )


def _metadata(given: dict[str, object]) -> dict[str, str]:
    known = {}
    for name, longest in METADATA_CHARACTERS.items():
        value = given.get(name)
        if isinstance(value, str) and 0 < len(value) <= longest:
            known[name] = _printable(value)
    return known


def _printable(text: str) -> str:
    """Replace what stores and logs choke on: halves of surrogate pairs, and control characters.

    White space stays; so do the marks that join letters or turn their direction.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(each) == "Cc" and each not in _SPACES
        else each
        for each in whole
    )
