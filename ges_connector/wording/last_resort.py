"""Renders the sentences of the channel for when the assistant cannot say anything.

The file also holds what is not wording: the number to ring and the language of everybody else.
Both are settings of whoever runs the assistant, so a new rendering keeps them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ges_connector.wording.catalogue import WordingError
from ges_connector.wording.document import written
from ges_connector.wording.reading import parse_yaml

if TYPE_CHECKING:
    from ges_connector.wording.catalogue import Wording

_PREFACE = """\
# Said when the assistant itself has nothing to say because something behind it failed.
# `number` is the number to ring, `default` the language of customers whose own is not here: set
# both as you need them. The sentences are rendered from domain/wording by `make render`; a
# customer's locale is matched from its longest form to its shortest (de-AT, then de).
"""


def render_last_resort(wording: Wording, present: str) -> str:
    """Write the file anew.

    Args:
        wording: All catalogues.
        present: The file as it is; its number and default language are kept.

    Raises:
        WordingError: The file does not hold them, or its default language has no catalogue.
    """
    try:
        settings = parse_yaml(present)
    except ValueError as error:
        raise WordingError(f"last_resort.yml: cannot be read: {error}") from error
    number = settings.get("number") if isinstance(settings, dict) else None
    default = settings.get("default") if isinstance(settings, dict) else None
    if not isinstance(number, str) or default not in wording.catalogues:
        raise WordingError(
            "last_resort.yml: needs `number`, a text in quotes, and `default`, one of "
            + ", ".join(sorted(wording.catalogues))
        )
    sentences = {
        language: {
            "chat": catalogue.last_resort.chat,
            "voice": catalogue.last_resort.voice,
        }
        for language, catalogue in sorted(wording.catalogues.items())
    }
    content = {"default": default, "number": number, "sentences": sentences}
    return written(content, preface=_PREFACE)
