"""Whatever a customer says in any language, it is answered, and with a bounded amount of work."""

import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from types import FrameType
from typing import Any, Self
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ges_connector.language import Unclear, UnclearReason, Wish, chart, understand, warm_up
from ges_connector.language.batch import as_batch_record
from ges_connector.language.chart import MAX_STEPS, Chart
from ges_connector.language.dictation import with_digits
from ges_connector.language.grammar_files import grammar_languages
from ges_connector.language.understand import MAX_LENGTH

LANGUAGES = sorted(grammar_languages())
# An hour that is missing, one that is there twice, a leap day, the end of a year.
MOMENTS = [
    datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
]
ZONES = ["Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "UTC"]
# Calls of functions for one text, however long; of three thousand texts one took more than half of
# them. Counted rather than timed, so that a busy machine changes nothing.
MOST_CALLS = 2_000_000

FEW = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(FEW, max_examples=20_000)


def texts_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from texts_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts_in(value)
    elif isinstance(node, str):
        yield node


@cache
def words_of(language: str) -> list[str]:
    """Every word and template of a language's grammar, the signs of templates left out."""
    file = resources.files("ges_connector.language") / "grammar" / f"{language}.toml"
    signs = str.maketrans(dict.fromkeys("{}()[]|+", " "))
    found = texts_in(tomllib.loads(file.read_text("utf-8")))
    return sorted({" ".join(each.translate(signs).split()) for each in found})


odd_pieces = st.one_of(
    st.characters(),
    st.text(max_size=5),
    st.sampled_from(
        [
            *(
                " ",
                "",
                ", ",
                "-",
                ". ",
                "/",
                ":",
                "+",
                "(",
                ")",
                "\u200b",
                "\u0301",
                "\ud800",
                "\0",
            ),
            *("\n", "\u2019", "\u0663", "\uff11", "\u00b2", "\u00bd", "\u2460", "\u2ffb", "\u0130"),
            *("\u00df", "\ufdfa", "\u0969", "\u3299", "\U0001d7ce", "\u202e", "\ufeff", "\uac00"),
            *("0", "1", "12", "31", "99", "2026", "30.2.", "29.2.2027", "24:00", "25:61", "1e9"),
            *("9999-12-31", "0001-01-01", "0:00-0:00", "3" * 20, "+493023125011", "a" * 41),
        ]
    ),
)


@st.composite
def said(draw: Callable[[Any], Any]) -> tuple[str, str]:
    """A language, and words of its grammar glued together with anything."""
    language = draw(st.sampled_from(LANGUAGES))
    words = st.sampled_from(words_of(language))
    pieces = draw(st.lists(words | words | st.just(" ") | odd_pieces, max_size=60))
    text = draw(st.sampled_from(["", " "])).join(pieces)
    times = draw(st.sampled_from([1, 1, 1, 10, 400]))
    length = draw(st.sampled_from([MAX_LENGTH, 10_000]))
    return language, (text * times)[:length]


class Work:
    """Counts the calls of functions, Python's and built-in ones, while it is entered."""

    def __init__(self) -> None:
        self.calls = 0

    def _count(self, _frame: FrameType, event: str, _argument: Any) -> None:
        self.calls += event in {"call", "c_call"}

    def __enter__(self) -> Self:
        sys.setprofile(self._count)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)


def check(language: str, text: str, now: datetime, zone: str) -> None:
    outcome = understand(text, language, now, zone)
    assert isinstance(outcome, Wish | Unclear)
    assert as_batch_record(outcome, ZoneInfo(zone))["kind"]
    if len(text) > MAX_LENGTH:
        assert isinstance(outcome, Unclear)
        assert outcome.reason is UnclearReason.TOO_LONG
    # What is quoted to the customer is what they said.
    heard = unicodedata.normalize("NFC", text)
    assert [words for words in outcome.words if words not in heard] == []
    assert isinstance(with_digits(text, language), str)


spoken = given(said(), st.sampled_from(MOMENTS), st.sampled_from(ZONES))


@FEW
@spoken
def test_anything_said_in_any_language_is_answered(
    words: tuple[str, str], now: datetime, zone: str
) -> None:
    check(*words, now, zone)


@pytest.mark.campaign
@MANY
@spoken
def test_anything_said_in_any_language_is_answered_for_thousands(
    words: tuple[str, str], now: datetime, zone: str
) -> None:
    check(*words, now, zone)


# --- bounds ----------------------------------------------------------------------------------


def steps_taken(language: str, text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many steps the chart takes for a text; it stops itself one beyond the most."""
    steps = 0
    advance = Chart._advance

    def counted(self: Chart, active: Any, end: int) -> None:
        nonlocal steps
        steps += 1
        advance(self, active, end)

    with monkeypatch.context() as patch:
        patch.setattr(chart.Chart, "_advance", counted)
        understand(text, language, MOMENTS[0], "UTC")
    return steps


def calls_made(language: str, text: str) -> int:
    warm_up([language])
    with Work() as work:
        understand(text, language, MOMENTS[0], "UTC")
    return work.calls


@st.composite
def repeated(draw: Callable[[Any], Any]) -> tuple[str, str]:
    """A language, and a few of its words said over and over, up to the longest text."""
    language = draw(st.sampled_from(LANGUAGES))
    pieces = draw(
        st.lists(st.sampled_from(words_of(language)) | odd_pieces, min_size=1, max_size=4)
    )
    text = draw(st.sampled_from(["", " ", ", ", " 3 "])).join(pieces) + " "
    return language, (text * MAX_LENGTH)[:MAX_LENGTH]


def check_work(language: str, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        assert steps_taken(language, text, patch) <= MAX_STEPS + 1
    assert calls_made(language, text) <= MOST_CALLS


@settings(FEW, max_examples=30)
@given(repeated())
@example(("en", "from 3 to 4 or " * 100))
@example(("en", "before, yes, " * 115))
@example(("en", "after, " * 210))
@example(("de", "1:" * 750))
@example(("ja", "\u6708" * 1500))
@example(("ja", "\u5927\u4e08\u592b\u3067\u3059 " * 250))
@example(("zh", "\u4ec0\u4e48\u65f6\u5019\u65b9\u4fbf\u90fd\u884c 3 " * 140))
@example(("ar", "\u00bc\ufdfa " * 500))
def test_words_said_over_and_over_take_bounded_work(words: tuple[str, str]) -> None:
    check_work(*words)


@pytest.mark.campaign
@settings(MANY, max_examples=3000)
@given(repeated())
def test_words_said_over_and_over_take_bounded_work_for_thousands(words: tuple[str, str]) -> None:
    check_work(*words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_story_is_refused_without_being_read(language: str) -> None:
    word = words_of(language)[-1]
    assert calls_made(language, f"{word} " * 10_000) < 100
