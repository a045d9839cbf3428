"""How long to wait before looking again at what somebody else is doing."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST_SECONDS: Final = 0.02
_LONGEST_SECONDS: Final = 0.4


def growing_pauses() -> Iterator[float]:
    """Go from short pauses, in seconds, to longer ones, for ever.

    Each is drawn anew, so that many who wait for the same thing do not look at the same moment.
    """
    longest = _FIRST_SECONDS
    while True:
        yield random.uniform(longest / 2, longest)  # noqa: S311 - no secret depends on it
        longest = min(_LONGEST_SECONDS, longest * 1.5)
