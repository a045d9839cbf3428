"""Which languages the engine takes in its configuration: it stops at any other."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from babel import Locale

_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?(?:-[a-z\d]{4,8})*"
)
_OWN: Final = re.compile(r"x-(?P<tag>.+)-[^-]+")
"""A language of the assistant's own, as `x-en-formal`."""
_SHORT: Final = 2


def is_language(code: Any) -> bool:
    """Whether the engine takes a language code: BCP 47, spelt as usual, or one of the assistant's.

    Codes of three letters are not looked up.

    Args:
        code: What a configuration names.
    """
    if not isinstance(code, str):
        return False
    own = _OWN.fullmatch(code)
    tag = _TAG.fullmatch(code if own is None else own["tag"])
    return tag is not None and (len(tag["language"]) > _SHORT or tag["language"] in _known())


@cache
def _known() -> frozenset[str]:
    return frozenset(Locale("en").languages)
