"""Keep the words that Babel has found for one language out of all others.

Much of CLDR's data says "the same as over there". Babel (2.18 and before, its issue 1234) writes
what that comes to in the language at hand into data that other languages inherit as well, for the
life of the process: whoever has formatted a date in Japanese gets Japanese months in German, and
after Chichewa a Danish "tat" is a Wednesday. A callback must not depend on who called before.
"""

from typing import Any

from babel.localedata import LocaleDataDict

_resolved = LocaleDataDict.__getitem__


def _without_trace(self: LocaleDataDict, key: str | int | None) -> Any:
    # What Babel writes is written into this dict of one entry, which nobody else reads.
    return _resolved(LocaleDataDict({key: self._data[key]}, base=self.base), key)


def keep_languages_apart() -> None:
    """Make Babel look up anew what it would have written down; once, before any of it is read."""
    # By name, for to a type checker a method is no variable.
    setattr(LocaleDataDict, "__getitem__", _without_trace)  # noqa: B010 - as said above
