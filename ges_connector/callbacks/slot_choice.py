"""What a customer's answer to a menu of times comes to: one time, several to ask about, or none.

Pure. Nothing is guessed: where two times may be meant, the customer is asked which.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ges_connector.callbacks.free_times import FreeTime, time_of_id
from ges_connector.callbacks.slot_menu import (
    Explanation,
    MenuView,
    Page,
    Shown,
    SlotMenu,
    menu_of,
    open_menu,
)
from ges_connector.callbacks.wish_fit import fitting, is_open_wish, names_time, time_part
from ges_connector.language import ChoiceKind, Wish, WishKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HIGHEST_ENTRY = 99
_EMPTY = SlotMenu((), Explanation.AS_WISHED)


class AnswerKind(StrEnum):
    """What the answer to a menu comes to."""

    ONE = "one"
    """One time is meant; read it back."""
    SEVERAL = "several"
    """Several may be meant; ask which."""
    BROWSE = "browse"
    """Other times are wanted; turn to `page`."""
    ASAP = "asap"
    """As soon as possible: a call in turn if there is one, else the first time."""
    DECLINED = "declined"
    """None of these, and nothing said about others."""
    NONE_FITS = "none_fits"
    """Nothing free is meant; the menu holds the nearest."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a menu.

    Attributes:
        kind: What it comes to.
        menu: The time meant, those to ask about, or the nearest.
        page: Where to look, for `AnswerKind.BROWSE`.
    """

    kind: AnswerKind
    menu: SlotMenu = _EMPTY
    page: Page | None = None

    @property
    def time(self) -> FreeTime | None:
        """The one time that is meant; None unless there is exactly one."""
        return self.menu.times[0] if self.kind is AnswerKind.ONE else None


def choose_by_id(times: Sequence[FreeTime], view: MenuView, button: object) -> Answer:
    """Read the button that was pressed.

    Args:
        times: All that is free, earliest first.
        view: For whom and when.
        button: Its id, of the present menu or an older one.

    Returns:
        Its time if it is still free, else the nearest to it; declined for what is no id.
    """
    at = time_of_id(button)
    if at is None:
        return Answer(AnswerKind.DECLINED)
    for time in times:
        if time.start_at == at:
            return _one(time)
    near = sorted(view.awake(times), key=lambda time: (abs(time.start_at - at), time.start_at))[
        : view.count
    ]
    explanation = Explanation.TAKEN if near else Explanation.NOTHING_FREE
    return Answer(AnswerKind.NONE_FITS, SlotMenu(tuple(sorted(near)), explanation))


def choose(times: Sequence[FreeTime], view: MenuView, shown: Shown, reply: Wish) -> Answer:
    """Read what was said to a menu.

    What is on offer comes first for a clock time: "at three" means the three o'clock of the menu,
    whatever else is free at three. A day or a part of it means all that is free then, on the menu
    or not. Nothing is guessed: two times that may be meant are asked about.

    Args:
        times: All that is free, earliest first.
        view: For whom and when.
        shown: What the conversation has been shown.
        reply: What the customer said.

    Returns:
        What it comes to.
    """
    if reply.kind is WishKind.ASAP:
        return Answer(AnswerKind.ASAP)
    kinds = {reading.choice.kind for reading in reply.readings() if reading.choice is not None}
    if ChoiceKind.FIRST_AVAILABLE in kinds or is_open_wish(reply):
        return _first_available(times, view, reply)
    if not names_time(reply) and len(kinds) == 1:
        kind = next(iter(kinds))
        if kind in _BROWSING:
            return Answer(AnswerKind.BROWSE, page=_BROWSING[kind])
        if kind is ChoiceKind.NONE:
            return Answer(AnswerKind.DECLINED)
    return _pick(times, view, shown, reply)


def _pick(times: Sequence[FreeTime], view: MenuView, shown: Shown, reply: Wish) -> Answer:
    by_start = {time.start_at: time for time in times}
    # Entries keep their numbers although one of them may have been taken meanwhile.
    entries = [by_start.get(at) for at in shown.on_offer]
    if not _is_pointed(reply) and not _numbered(entries, reply):
        # More may be free in a stretch of time than the menu shows.
        return _beyond_the_menu(times, view, reply)
    picked = _picked(entries, times, reply)
    if len(picked) == 1:
        return _one(picked[0])
    if picked:
        return _several(picked, view)
    timed, still = time_part(reply), tuple(time for time in entries if time is not None)
    if timed is None or (timed != reply and not fitting(timed, times)):
        menu = SlotMenu(still or tuple(times[: view.count]), Explanation.NO_SUCH_ENTRY)
        return Answer(AnswerKind.NONE_FITS, menu)
    return _beyond_the_menu(times, view, timed)


def _first_available(times: Sequence[FreeTime], view: MenuView, reply: Wish) -> Answer:
    free = view.awake(fitting(reply, times) if names_time(reply) else times, reply)
    return _one(free[0]) if free else _beyond_the_menu(times, view, reply)


def _beyond_the_menu(times: Sequence[FreeTime], view: MenuView, reply: Wish) -> Answer:
    fit = fitting(reply, times)
    if len(fit) == 1:
        return _one(fit[0])
    if fit:
        return _several(view.awake(fit, reply), view)
    return Answer(AnswerKind.NONE_FITS, open_menu(times, view, reply))


def _picked(
    entries: Sequence[FreeTime | None], times: Sequence[FreeTime], reply: Wish
) -> list[FreeTime]:
    """The times of the menu that a reply can mean, in the order of the menu."""
    on_offer = [time for time in entries if time is not None]
    meant: list[FreeTime | None] = [*_numbered(entries, reply)]
    timed = time_part(reply, picks_too=False)
    if timed is not None:
        # An hour is that of the menu; which stretch of time is meant, all free times decide.
        meant.extend(fitting(timed, on_offer if _is_pointed(timed) else times))
    for reading in reply.readings():
        meant.extend(_by_choice(entries, reading))
    return [time for time in on_offer if time in meant]


def _is_pointed(reply: Wish) -> bool:
    """Whether a reply means one time, not a stretch of it."""
    return any(
        reading.kind is WishKind.EXACT or reading.choice is not None for reading in reply.readings()
    )


def _numbered(entries: Sequence[FreeTime | None], reply: Wish) -> Sequence[FreeTime | None]:
    """A bare number may be an hour or the number of an entry."""
    said = "".join(reply.words).strip()
    if not said.isdecimal() or int(said[:4]) > _HIGHEST_ENTRY:
        return ()
    number = int(said)
    return entries[number - 1 : number] if number > 0 else ()


def _by_choice(entries: Sequence[FreeTime | None], reading: Wish) -> Sequence[FreeTime | None]:
    choice = reading.choice
    if choice is None:
        return ()
    free = [time for time in entries if time is not None]
    timed = time_part(reading)
    if timed is not None:
        entries = free = list(fitting(timed, free))
    if choice.kind is ChoiceKind.INDEX:
        index = choice.index or 0
        return entries[index - 1 : index] if index > 0 else ()
    pick = _PICKS.get(choice.kind)
    return (pick(free),) if pick is not None and free else ()


def _last(times: Sequence[FreeTime]) -> FreeTime:
    return times[-1]


def _earliest(times: Sequence[FreeTime]) -> FreeTime:
    return min(times)


def _latest(times: Sequence[FreeTime]) -> FreeTime:
    return max(times)


_PICKS: dict[ChoiceKind, Callable[[Sequence[FreeTime]], FreeTime]] = {
    ChoiceKind.LAST: _last,
    ChoiceKind.EARLIER_ONE: _earliest,
    ChoiceKind.LATER_ONE: _latest,
}
_BROWSING = {
    ChoiceKind.EARLIER: Page.EARLIER,
    ChoiceKind.LATER: Page.LATER,
    ChoiceKind.MORE: Page.MORE,
}


def _one(time: FreeTime) -> Answer:
    return Answer(AnswerKind.ONE, SlotMenu((time,), Explanation.AS_WISHED))


def _several(times: Sequence[FreeTime], view: MenuView) -> Answer:
    return Answer(AnswerKind.SEVERAL, menu_of(times, view, Explanation.AS_WISHED))
