"""Wishes put together from days, times and sentences: none may be silently misread.

Every file of `tests/data/frames` holds days with their date, times with their clock, and the
sentences people put around them. What a product of them means is known by construction. It must be
found, stay open with the right reading among the alternatives, or be asked about.
"""

import itertools
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from ges_connector.language import Unclear, Wish, understand
from ges_connector.language.wish import WishKind

FRAMES = Path(__file__).parents[1] / "data" / "frames"
LANGUAGES = sorted(path.stem for path in FRAMES.glob("*.yml"))
_SAMPLE = 600
_SEED = 20261123
_WAYS = 4
# Of the whole product; in the sample of every run nothing may be wrong.
_MOST_WRONG = 0.001
_DAY = timedelta(days=1)
# A part of so many hours is no appointment; it is the first of its day, or the last.
_SHORTEST_PART, _MORNING, _EVENING = 2, 9, 20
# Beside "15:30" a "9:30" is of a clock of 24 hours too; alone it is not.
_DIGITAL = re.compile(r"\d[:.]\d")

Reading = tuple[str, datetime | None, datetime | None]
"""What a wish is: its shape, its start and its end by the customer's clock."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a text means by construction.

    Attributes:
        text: as the customer puts it.
        allowed: the readings it may have.
        groups: of each group at least one reading must be there.
        barred: whether something must be ruled out.
        frame: the sentence, to tell causes apart.
    """

    text: str
    allowed: frozenset[Reading]
    groups: tuple[frozenset[Reading], ...]
    barred: bool | None
    frame: str


class Product:
    """All that the pieces of one language make."""

    def __init__(self, language: str) -> None:
        data: Any = YAML(typ="safe").load(FRAMES / f"{language}.yml")
        self.locale: str = data["locale"]
        self.zone = ZoneInfo(data["timezone"])
        self.wall = datetime.fromisoformat(data["now"])
        self.floor: float = data["floor"]
        self._known = [re.compile(each) for each in data.get("known") or ()]
        self._pointed = frozenset(data.get("pointed") or ())
        self._data = data

    def typed(self, meant: Meant, way: int) -> str | None:
        """The text as typed; None where it may mean something else, told in the file with a reason.

        Some sentences turn around without their comma: "No, Friday" and "no Friday".
        """
        text = as_typed(meant.text, 1 if way == 2 and meant.frame in self._pointed else way)
        return None if any(each.search(text) for each in self._known) else text

    def wishes(self) -> Iterator[tuple[str, frozenset[Reading]]]:
        """Days, times, and both together, with what they mean."""
        for day, dates in self._data["days"].items():
            yield day, self._days(dates)
        for time, meant in self._data["times"].items():
            yield time, self._times(meant, None)
        dated = [(day, dates) for day, dates in self._data["days"].items() if ".." not in dates]
        for (day, dates), (time, meant), order in itertools.product(
            dated, self._data["times"].items(), self._data["orders"]
        ):
            readings = self._times(meant, dates)
            if readings:
                yield order.format(day=day, time=time), readings

    def cases(self) -> Iterator[Meant]:
        """Every wish in every sentence."""
        wishes = list(self.wishes())
        for (wish, readings), frame in itertools.product(wishes, self._data["frames"]):
            alone = tuple(frozenset({each}) for each in readings)
            yield Meant(frame.format(wish=wish), readings, alone, barred=False, frame=frame)

    def pairs(self) -> Iterator[Meant]:
        """Two days, or two times of no day, in sentences that hold two."""
        days = {
            text: self._days(dates)
            for text, dates in self._data["days"].items()
            if ".." not in dates
        }
        times = {
            text: self._times(meant, None)
            for text, meant in self._data["times"].items()
            if "-" not in meant and not ("?" in meant and _DIGITAL.search(text))
        }
        for kind in (days, times):
            for (one, first), (two, second) in itertools.permutations(kind.items(), 2):
                if first & second or (kind is days and _may_be_one(first, second)):
                    continue
                for frame in self._data["instead"]:
                    text = frame.format(other=one, wish=two)
                    alone = tuple(frozenset({each}) for each in second)
                    yield Meant(text, second, alone, barred=None, frame=frame)
                for frame in self._data["either"]:
                    text = frame.format(wish=one, wish2=two)
                    yield Meant(text, first | second, (first, second), barred=False, frame=frame)
        for (day, dates), (time, meant), frame in itertools.product(
            self._data["days"].items(), self._data["times"].items(), self._data["except"]
        ):
            if ".." in dates or _is_open(meant) or not self._times(meant, dates):
                continue
            left = self._left(dates, meant)
            readings = left or self._days(dates)
            alone = tuple(frozenset({each}) for each in readings)
            text = frame.format(day=day, time=time)
            yield Meant(text, readings, alone, barred=not left, frame=frame)

    def _left(self, dates: str, ruled_out: str) -> frozenset[Reading]:
        """What is left of days of which the morning or the evening is ruled out."""
        start, dash, end = ruled_out.partition("-")
        if not dash or "?" in ruled_out or _hours(end) - _hours(start) < _SHORTEST_PART:
            return frozenset()
        days = [self._date(each) for each in dates.split(" ? ")]
        if _hours(start) <= _MORNING:
            return frozenset(("after", self._clock(end, day), None) for day in days)
        if _hours(end) >= _EVENING:
            return frozenset(("before", None, self._clock(start, day)) for day in days)
        return frozenset()

    def _days(self, dates: str) -> frozenset[Reading]:
        found = []
        for each in dates.split(" ? "):
            first, _, last = each.partition("..")
            end = self._date(last or first) + _DAY
            found.append(("window", self._date(first), end))
        return frozenset(found)

    def _times(self, meant: str, dates: str | None) -> frozenset[Reading]:
        found: set[Reading] = set()
        for time in meant.split(" ? "):
            if dates is not None:
                made = [self._at(time, self._date(each)) for each in dates.split(" ? ")]
                found.update(each for each in made if self._is_ahead(each))
                continue
            today = self.wall.replace(hour=0, minute=0)
            made = [self._at(time, today + _DAY * ahead) for ahead in range(2)]
            found.add(next(each for each in made if self._is_ahead(each)))
        return frozenset(found)

    def _at(self, time: str, day: datetime) -> Reading:
        start, dash, end = time.partition("-")
        if not dash:
            return "exact", self._clock(start, day), None
        kind = "window" if start and end else "after" if start else "before"
        return kind, self._clock(start, day), self._clock(end, day)

    def _is_ahead(self, reading: Reading) -> bool:
        at = reading[2] or reading[1]
        return at is not None and at > self.wall

    def _clock(self, time: str, day: datetime) -> datetime | None:
        if not time:
            return None
        hour, minute = time.split(":")
        return day + timedelta(hours=int(hour), minutes=int(minute))

    def _date(self, written: str) -> datetime:
        month, day = (int(each) for each in written.split("-"))
        year = self.wall.year + (month < self.wall.month)
        return datetime(year, month, day)  # noqa: DTZ001 - the customer's wall clock


def _hours(time: str) -> float:
    hour, minute = time.split(":")
    return int(hour) + int(minute) / 60


def _may_be_one(first: frozenset[Reading], second: frozenset[Reading]) -> bool:
    """Whether a weekday may be that of the date beside it: "not Thursday, the 3rd of December"."""
    starts = [{each[1].weekday() for each in readings if each[1]} for readings in (first, second)]
    return bool(starts[0] & starts[1])


def _is_open(meant: str) -> bool:
    """Whether a stretch has no end or no start."""
    return meant.startswith("-") or meant.endswith("-")


def as_typed(text: str, way: int) -> str:
    """How people type: as it should be, in lower case, without accents or without signs."""
    if way == 1:
        return text.lower()
    if way == 2:
        return re.sub(r"(?<!\d)[,;!?]|[,;!?.](?!\d)", "", text.lower())
    if way == 3:
        plain = unicodedata.normalize("NFD", text)
        return "".join(char for char in plain if not unicodedata.combining(char))
    return text


def judged(meant: Meant, text: str, product: Product) -> str:
    """How a text was taken: right, open, asked or wrong."""
    now = product.wall.replace(tzinfo=product.zone)
    outcome = understand(text, product.locale, now, product.zone.key)
    if isinstance(outcome, Unclear):
        return "asked"
    leaves = outcome.readings()
    found = {_reading(each, product.zone) for each in leaves}
    excluded = bool(outcome.excluded) or any(each.excluded for each in leaves)
    complete = all(group & found for group in meant.groups)
    if complete and found <= meant.allowed and meant.barred in {None, excluded}:
        return "right"
    is_open = outcome.undecided or any(each.undecided for each in outcome.alternatives)
    if is_open and found & meant.allowed:
        return "open"
    # Nothing but what is ruled out: the customer is asked when else.
    no_time = found == {("window", None, None)} and meant.barred is None and excluded
    return "asked" if no_time else "wrong"


def _reading(wish: Wish, zone: ZoneInfo) -> Reading:
    start, end = (
        None if at is None else at.astimezone(zone).replace(tzinfo=None)
        for at in (wish.earliest_at, wish.latest_at)
    )
    if wish.choice is not None:
        return f"choice {wish.choice.kind}", start, end
    if wish.kind is WishKind.EXACT:
        return "exact", start, None
    if wish.kind is WishKind.AFTER:
        return "after", start, None
    if wish.kind is WishKind.BEFORE:
        return "before", None, end
    return ("window" if wish.kind is WishKind.DAY else str(wish.kind)), start, end


def _chance() -> random.Random:
    return random.Random(_SEED)  # noqa: S311 - the same sample every time, and no secret


def _tried(product: Product, cases: Iterable[Meant], chance: random.Random) -> Iterator[str]:
    """Judge cases as somebody may type them; what is wrong is told with its text."""
    for meant in cases:
        text = product.typed(meant, chance.randrange(_WAYS))
        if text is not None:
            verdict = judged(meant, text, product)
            yield f"wrong: {text}" if verdict == "wrong" else verdict


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_put_together_from_days_times_and_sentences_is_misread(language: str) -> None:
    product, chance = Product(language), _chance()
    cases = [
        *chance.sample(list(product.cases()), _SAMPLE),
        *chance.sample(list(product.pairs()), _SAMPLE // 2),
    ]
    verdicts = Counter(_tried(product, cases, chance))
    assert [each for each in verdicts if each.startswith("wrong")] == []
    assert verdicts["right"] >= product.floor * verdicts.total()


@pytest.mark.campaign
@pytest.mark.parametrize("language", LANGUAGES)
def test_of_all_that_can_be_put_together_hardly_anything_is_misread(language: str) -> None:
    product, chance = Product(language), _chance()
    cases = itertools.chain(product.cases(), product.pairs())
    verdicts = Counter(_tried(product, cases, chance))
    wrong = [each for each in verdicts if each.startswith("wrong")]
    assert len(wrong) <= _MOST_WRONG * verdicts.total(), wrong[:50]
    assert verdicts["right"] >= product.floor * verdicts.total()
