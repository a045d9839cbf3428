"""The last touch on a composed text: what chat may keep and what a voice must not meet."""

import re

from ges_connector.language.phrases import Style

_REPEATED_SPACES = re.compile(r" {2,}")
# Apostrophes of one kind; and no sign that some voices read out and the markup of others takes for
# its own: CLDR has "St. Pierre & Miquelon Time" and a city called "Knox [Indiana]".
_SAID_PLAINLY = str.maketrans({"\u2019": "'", "\u02bc": "'"} | dict.fromkeys("&()[]/", " "))
# Directional marks and their like steer layout, and a voice may stumble over them.
_UNHEARD = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]")


def tidied(text: str, style: Style) -> str:
    """Finish a text for its style: CLDR's own spaces stay in chat, voice gets plain ones."""
    return plain(text) if style is Style.VOICE else _REPEATED_SPACES.sub(" ", text).strip()


def plain(text: str) -> str:
    """Reduce a text to what any voice reads right: simple spaces and apostrophes, no marks."""
    return " ".join(_UNHEARD.sub("", text).translate(_SAID_PLAINLY).split())
