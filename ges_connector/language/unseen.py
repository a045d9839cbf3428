"""Sets of utterances that nobody tuned to, written by somebody who did not know the parser.

`tests/data/unseen/README.md` tells what a line holds. Whoever writes such a set and whoever writes
a grammar agree on the day and the hour, and not on when an evening begins: the bounds of stretches
are taken with some leeway.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from ges_connector.language.cases import Case, Verdict
from ges_connector.language.wish import Unclear, Wish, WishKind

_LEEWAY = timedelta(hours=2, minutes=30)
_SOON = timedelta(minutes=15)
_A_DAY = timedelta(days=1)
_WEEK = 7


class _Meaning(Protocol):
    """What was meant; all times are wall times."""

    def is_met(self, wish: "_Reading", said_at: datetime) -> bool:
        """Whether a reading says the same."""

    def holds(self, instant: datetime, said_at: datetime) -> bool:
        """Whether a plain instant would do."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of a wish, in wall times."""

    kind: WishKind
    start: datetime | None
    end: datetime | None
    excluded: tuple[tuple[datetime | None, datetime | None], ...]

    @classmethod
    def of(cls, wish: Wish, zone: ZoneInfo) -> "_Reading":
        """Take the readings of a wish to the customer's clock."""

        def wall(at: datetime | None) -> datetime | None:
            return None if at is None else at.astimezone(zone).replace(tzinfo=None)

        excluded = tuple((wall(each.earliest_at), wall(each.latest_at)) for each in wish.excluded)
        return cls(wish.kind, wall(wish.earliest_at), wall(wish.latest_at), excluded)

    @property
    def is_unlimited(self) -> bool:
        return self.kind is WishKind.WINDOW and self.start is None and self.end is None


@dataclass(frozen=True, slots=True)
class _At:
    times: frozenset[datetime]

    def is_met(self, wish: _Reading, said_at: datetime) -> bool:
        del said_at
        return wish.kind is WishKind.EXACT and wish.start in self.times

    def holds(self, instant: datetime, said_at: datetime) -> bool:
        del said_at
        return instant in self.times


@dataclass(frozen=True, slots=True)
class _Within:
    start: datetime | None
    end: datetime | None

    def is_met(self, wish: _Reading, said_at: datetime) -> bool:
        if wish.kind is WishKind.EXACT:
            # Noon is an instant to one and an hour to another.
            return wish.start == self.start
        if wish.is_unlimited:
            return False
        # A stretch that has begun begins now; "before ten" is from whenever.
        begins = self.start is None or _is_near(self.start, wish.start or said_at)
        return begins and (self.end is None or wish.end is None or _is_near(self.end, wish.end))

    def holds(self, instant: datetime, said_at: datetime) -> bool:
        begins = self.start or said_at
        # "After three" has an end that nobody named: that day's.
        ends = self.end or datetime.combine(begins.date(), datetime.min.time()) + _A_DAY
        return begins <= instant < ends


@dataclass(frozen=True, slots=True)
class _Days:
    days: frozenset[date]

    def is_met(self, wish: _Reading, said_at: datetime) -> bool:
        del said_at
        if wish.kind is WishKind.EXACT or wish.start is None:
            return False
        found = _days_between(wish.start, wish.end or wish.start + _A_DAY)
        if len(found) == len(self.days) == _WEEK:
            # It begins on a Saturday, a Sunday or a Monday.
            return abs(min(found) - min(self.days)) <= 2 * _A_DAY
        return found <= self.days or (found >= self.days and len(found - self.days) <= 1)

    def holds(self, instant: datetime, said_at: datetime) -> bool:
        del said_at
        return instant.date() in self.days


@dataclass(frozen=True, slots=True)
class _Soon:
    def is_met(self, wish: _Reading, said_at: datetime) -> bool:
        del said_at
        return wish.kind is WishKind.ASAP

    def holds(self, instant: datetime, said_at: datetime) -> bool:
        return said_at <= instant <= said_at + _SOON


@dataclass(frozen=True, slots=True)
class _Any:
    def is_met(self, wish: _Reading, said_at: datetime) -> bool:
        del said_at
        return wish.is_unlimited and not wish.excluded

    def holds(self, instant: datetime, said_at: datetime) -> bool:
        return instant >= said_at


@dataclass(frozen=True, slots=True)
class _Not:
    start: datetime
    end: datetime

    def is_met(self, wish: _Reading, said_at: datetime) -> bool:
        del said_at
        return wish.is_unlimited and any(
            (start is None or _is_near(start, self.start))
            and (end is None or _is_near(end, self.end))
            for start, end in wish.excluded
        )

    def holds(self, instant: datetime, said_at: datetime) -> bool:
        return instant >= said_at and not self.start <= instant < self.end


def _is_near(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= _LEEWAY


def _days_between(start: datetime, end: datetime) -> frozenset[date]:
    count = (end - start) // _A_DAY
    return frozenset(start.date() + timedelta(days=each) for each in range(max(1, count)))


def _meanings(expect: Mapping[str, Any]) -> tuple[_Meaning, ...]:
    """What was meant, each of which will do; nothing where nobody can know."""
    ((key, value),) = expect.items()
    if key == "either":
        return tuple(meaning for each in value for meaning in _meanings(each))
    return () if key == "ask" else (_READ[key](value),)


def _within(value: Sequence[str | None]) -> _Within:
    start, end = (None if each is None else datetime.fromisoformat(each) for each in value)
    return _Within(start, end)


_READ: Mapping[str, Callable[[Any], _Meaning]] = {
    "at": lambda value: _At(frozenset(map(datetime.fromisoformat, value))),
    "in": _within,
    "day": lambda value: _Days(frozenset(map(date.fromisoformat, value))),
    "not": lambda value: _Not(*map(datetime.fromisoformat, value)),
    "soon": lambda _: _Soon(),
    "any": lambda _: _Any(),
}


@dataclass(frozen=True, slots=True)
class _Expected:
    """Judges answers to one utterance."""

    meanings: tuple[_Meaning, ...]
    said_at: datetime
    zone: ZoneInfo

    def judge(self, outcome: Wish | Unclear) -> Verdict:
        """Tell what an answer of ours is worth."""
        if isinstance(outcome, Unclear):
            return "asked" if self.meanings else "right"
        met = [
            any(each.is_met(_Reading.of(leaf, self.zone), self.said_at) for each in self.meanings)
            for leaf in outcome.readings()
        ]
        if all(met):
            return "right"
        return "open" if any(met) else "wrong"

    def judge_instant(self, found: datetime) -> Verdict:
        """Tell what a plain wall time is worth."""
        will_do = any(each.holds(found, self.said_at) for each in self.meanings)
        return "right" if will_do else "wrong"


def unseen_cases(folder: Path) -> Iterator[Case]:
    """The cases of all sets in a folder, one file for each language."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            zone, said_at = ZoneInfo(row["timezone"]), datetime.fromisoformat(row["now"])
            expected = _Expected(_meanings(row["expect"]), said_at, zone)
            yield Case(
                language=file.stem,
                locale=row["locale"],
                text=row["text"],
                said_at=said_at.replace(tzinfo=zone),
                zone=zone,
                judge=expected.judge,
                judge_instant=expected.judge_instant,
            )
