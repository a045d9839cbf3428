"""The grammar files: what a language knows that CLDR does not, as data.

A file holds the language, and in sections of their own what its regions ("AT", "CA") add to what
they have in common, or replace.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
TEMPLATE_SECTIONS = ("clock", "date", "duration", "bound", "reply")
_GRAMMAR = resources.files("ges_connector.language") / "grammar"

Data = Mapping[str, Any]


def grammar_languages() -> tuple[str, ...]:
    """The languages that have a grammar file."""
    names = (each.name for each in _GRAMMAR.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def grammar(language: str, territory: str | None) -> Data:
    """A language's grammar file with the section of a territory laid over it; empty if none."""
    file = _GRAMMAR / f"{language}.toml"
    if not file.is_file():
        return {}
    data = tomllib.loads(file.read_text("utf-8"))
    regions = data.pop("regions", {})
    return _overlay(data, regions.get(territory, {}))


def _overlay(base: Data, region: Data) -> dict[str, Any]:
    """Tables are joined, lists grow, everything else is replaced."""
    result = dict(base)
    for key, value in region.items():
        held = result.get(key)
        if isinstance(value, Mapping) and isinstance(held, Mapping):
            result[key] = _overlay(held, value)
        elif isinstance(value, list) and isinstance(held, list):
            result[key] = [*held, *value]
        else:
            result[key] = value
    return result


def number_words(numbers: Data) -> Iterator[tuple[int, Sequence[str]]]:
    """The numbers that a `[numbers]` section of a grammar file puts into words.

    Args:
        numbers: The section.

    Yields:
        A number below a hundred, and the ways it is said.
    """
    words = {int(key): value for key, value in numbers.get("words", {}).items()}
    tens = {int(key): value for key, value in numbers.get("tens", {}).items()}
    # In a compound some numbers have another form ("einundzwanzig").
    ones = words | {int(key): value for key, value in numbers.get("ones", {}).items()}
    yield from words.items()
    for ten, ten_words in tens.items():
        yield ten, ten_words
        for one in range(1, 10):
            if ten + one not in words:
                yield ten + one, tuple(_joined(numbers, ten_words, ones.get(one, ())))


def _joined(numbers: Data, tens: Iterable[str], ones: Iterable[str]) -> Iterator[str]:
    for pattern in numbers.get("joined", ()):
        for ten in tens:
            for one in ones:
                yield pattern.replace("{tens}", ten).replace("{one}", one)
