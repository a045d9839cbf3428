"""Choosing a time: the menu, its pages, and what the customer's answers to it come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from actions.booked import Booked
from actions.message import Choice, Intent
from actions.slots import Conversation, Process, Question, SaidWish
from actions.understanding import behind_refusal, understood_at
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.free_times import FreeTime, time_of_id
from ges_connector.callbacks.offer import Rung
from ges_connector.callbacks.slot_choice import Answer, AnswerKind, choose, choose_by_id
from ges_connector.callbacks.slot_menu import (
    Explanation,
    MenuView,
    Page,
    Shown,
    SlotMenu,
    open_menu,
    turn_page,
)
from ges_connector.callbacks.wish_fit import fitting, is_open_wish, names_time
from ges_connector.language import (
    ChoiceKind,
    Grain,
    Unclear,
    UnclearReason,
    Wish,
    WishKind,
    understand,
)
from ges_connector.language.quotation import quotation
from ges_connector.language.remarks import takes_any_day
from ges_connector.language.shifts import names_day_by_another

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from actions.base import Turn
    from actions.meaning import Meaning
    from actions.outlook import Outlook

_TWO: Final = 2
_LONGEST_GAP: Final = 20
_REFUSED: Final = "refused"
_REFUSALS: Final = "refusals"
"""Where the menu says how many menus in a row did not suit."""
_MOST_REFUSALS: Final = 3
_TOLD: Final = "told"
"""Where the menu says which of its times the customer has heard: they can be picked by place."""
_UNTIL_CLOCKS_ARE_STEADY: Final = timedelta(days=40)
_PAGES: Final = {
    Choice.MORE: Page.MORE,
    Choice.NONE: Page.MORE,
    Choice.NO: Page.MORE,
    Choice.EARLIER: Page.EARLIER,
    Choice.LATER: Page.LATER,
}
_NOTES: Final = {
    Explanation.TAKEN: "utter_callback_slot_taken",
    Explanation.NO_SUCH_ENTRY: "utter_callback_not_understood",
    Explanation.NOTHING_EARLIER: "utter_callback_no_earlier",
    Explanation.NOTHING_LATER: "utter_callback_no_later",
    Explanation.NOTHING_MORE: "utter_callback_no_more",
}
_ASKED: Final = frozenset({Question.SLOT_ONE, Question.SLOT_MENU})
_ABOUT_NUMBER: Final = frozenset({Question.PHONE, Question.PHONE_KNOWN, Question.PHONE_SEVERAL})
_PICKS: Final = frozenset(
    {ChoiceKind.INDEX, ChoiceKind.LAST, ChoiceKind.EARLIER_ONE, ChoiceKind.LATER_ONE}
)
_MISSES: Final = frozenset(
    {
        Explanation.NOT_THAT_TIME,
        Explanation.NOT_THAT_DAY,
        Explanation.BETWEEN_TIMES,
        Explanation.TOO_SOON,
    }
)


def menu_for(turn: Turn, outlook: Outlook, wish: Wish | None) -> Conversation:
    """Offer the first times, those that fit the wish if there is one."""
    is_move = turn.conversation.process is Process.MOVE
    meant = _times_meant(turn, outlook, wish) if wish is not None and is_move else outlook.times
    times = _not_refused(turn.conversation, meant, wish)
    if wish is not None:
        return _come_to(turn, outlook, choose(times, view_of(turn), Shown(()), wish), wish)
    return with_menu(turn, open_menu(times, view_of(turn)), None)


def beside_booked(turn: Turn, outlook: Outlook, way: ChoiceKind) -> Conversation:
    """Offer the times next to the one that is booked and to be moved, those before or after it.

    Args:
        turn: The turn.
        outlook: What is free.
        way: Whether the call shall come earlier or later.
    """
    at, view = Booked.of(turn.conversation).at, view_of(turn)
    page = Page.EARLIER if way is ChoiceKind.EARLIER else Page.LATER
    if at is None:
        return _turned(turn, outlook, page)
    beyond = [
        time
        for time in outlook.times
        if (time.start_at < at if page is Page.EARLIER else time.start_at > at)
    ]
    free = sorted(view.awake(beyond), key=lambda time: abs(time.start_at - at))
    near = sorted(free[: view.count]) or outlook.times
    return with_menu(turn, turn_page(near, view, page, Shown((at,))), None)


def _not_refused(
    conversation: Conversation, times: tuple[FreeTime, ...], wish: Wish | None
) -> tuple[FreeTime, ...]:
    """Leave out what the customer did not want, unless it is named, or nothing else is left."""
    refused = {*_texts(conversation.menu, _REFUSED)}
    if wish is not None and _is_pointed_at(wish):
        return times
    others = tuple(time for time in times if time.id not in refused)
    return others if (fitting(wish, others) if wish is not None else others) else times


def _refusing(conversation: Conversation) -> Conversation:
    """Keep that none of the times on offer was wanted."""
    refused = [*_texts(conversation.menu, _REFUSED), *ids_of(conversation)]
    refusals = {_REFUSED: refused, _REFUSALS: _refusals(conversation) + 1}
    return conversation.but(menu={**(conversation.menu or {}), **refusals})


def _refusals(conversation: Conversation) -> int:
    kept = (conversation.menu or {}).get(_REFUSALS)
    return kept if isinstance(kept, int) else 0


def answered(turn: Turn, outlook: Outlook, meaning: Meaning) -> Conversation | None:
    """Read an answer about time; None if there is nothing about time in it."""
    conversation, view = turn.conversation, view_of(turn)
    if meaning.message.time_id is not None:
        picked = choose_by_id(outlook.times, view, meaning.message.time_id)
        return _come_to(turn, outlook, picked, None)
    page = _page_wanted(meaning, conversation)
    if page is not None:
        is_refusal = meaning.choice in {Choice.NONE, Choice.NO} or meaning.says_no
        asked = turn.knowing(_refusing(conversation)) if is_refusal else turn
        return _turned(asked, outlook, page)
    short = _to_what_is_offered(turn, outlook, meaning)
    if short is not None:
        return short
    if meaning.wish is not None and _picks_by_place(meaning.wish) and not is_told(conversation):
        return conversation
    if meaning.wish is not None:
        turn, wish = _with_what_was_said(turn, outlook, meaning.wish)
        times = _not_refused(conversation, _times_meant(turn, outlook, wish), wish)
        reply = choose(times, view, _shown(conversation), wish)
        return _come_to(turn, outlook, reply, wish)
    return None if meaning.unclear is None else noted_unclear(turn, meaning.unclear)


def _with_what_was_said(turn: Turn, outlook: Outlook, wish: Wish) -> tuple[Turn, Wish]:
    """Read a day together with the time or the week that was named before it.

    Who wants to be called after four, and then says "Friday", means Friday after four.

    Returns:
        The turn with all of the words, and what they mean; both as they were, where the two
        together are not a part of what was said before, on the day that is named now.
    """
    before, said = remembered_wish(turn), turn.conversation.wish
    if before is None or said is None or not _names_days_only(wish) or _names_days_only(before):
        return turn, wish
    words = f"{said.text.rstrip(' .!?')}, {turn.message.text}"
    both = understood_at(words, turn, turn.now)
    if not isinstance(both, Wish):
        return turn, wish
    meant, possible = fitting(both, outlook.times), {*fitting(before, outlook.times)}
    view, zone = view_of(turn), ZoneInfo(wish.zone)
    named = {
        each.earliest_at.astimezone(zone).weekday() for each in wish.readings() if each.earliest_at
    }
    is_part = bool(meant) and possible.issuperset(meant)
    if not is_part or not named.issuperset(view.day(time).weekday() for time in meant):
        return turn, wish
    return replace(turn, message=replace(turn.message, text=words)), both


def _names_days_only(wish: Wish) -> bool:
    """Whether a wish names one day or several, and no time of them."""
    return all(each.kind is WishKind.DAY and each.choice is None for each in wish.readings())


def _to_what_is_offered(turn: Turn, outlook: Outlook, meaning: Meaning) -> Conversation | None:
    """Read an answer that only says yes to what is on offer, or picks what is not on it."""
    conversation = turn.conversation
    if _takes_the_one(conversation, meaning):
        offered = ids_of(conversation)[0]
        return _come_to(turn, outlook, choose_by_id(outlook.times, view_of(turn), offered), None)
    if _is_beside_the_one(conversation, meaning):
        return conversation.noting("utter_callback_not_understood")
    if _is_undecided_yes(conversation, meaning):
        named = turn.teller.times(on_offer(conversation))
        return conversation.noting("utter_callback_pick_one", times=named)
    return None


def _takes_the_one(conversation: Conversation, meaning: Meaning) -> bool:
    """Whether the only time on offer is taken: by a yes, by its day, or as "the first"."""
    offered, wish = on_offer(conversation), meaning.wish
    is_yes = meaning.says_yes or meaning.is_yes
    if len(offered) != 1 or conversation.question not in _ASKED or not is_told(conversation):
        return False
    if wish is None or meaning.says_no:
        return is_yes and wish is None
    is_same = _is_without_entry(wish) and meaning.timed_wish is not None
    is_same &= bool(fitting(wish, offered)) and meaning.intent is not Intent.OTHER_TIME
    is_named = is_yes or conversation.question is Question.SLOT_ONE
    return (meaning.entry == 1 and wish.kind is WishKind.CHOICE) or (is_same and is_named)


def _is_beside_the_one(conversation: Conversation, meaning: Meaning) -> bool:
    """Whether an entry is picked that is not there, as "the second" of one; no day of a month."""
    is_one = len(ids_of(conversation)) == 1 and conversation.question in _ASKED
    is_entry = meaning.wish is not None and meaning.wish.kind is WishKind.CHOICE
    return is_one and is_entry and meaning.entry is not None


def _is_undecided_yes(conversation: Conversation, meaning: Meaning) -> bool:
    """Whether a yes is all that is said to several times."""
    is_several = conversation.slot is None and len(ids_of(conversation)) > 1
    is_bare = meaning.wish is None and meaning.unclear is None and meaning.phone is None
    is_asked = conversation.question is Question.SLOT_MENU and is_told(conversation)
    return is_several and is_bare and is_asked and (meaning.says_yes or meaning.is_yes)


def _times_meant(turn: Turn, outlook: Outlook, wish: Wish) -> tuple[FreeTime, ...]:
    """Choose where to look: a clock time without a day stays on the day that is spoken of.

    A part of the day stays there too, as long as something is free in it. "Any time" is any time
    of what was named before, unless any day will do.
    """
    if is_open_wish(wish) and not takes_any_day(turn.message.text, turn.customer.language):
        before = remembered_wish(turn)
        return (() if before is None else fitting(before, outlook.times)) or outlook.times
    if not names_time(wish) or any(reading.day_named for reading in wish.readings()):
        return outlook.times
    conversation = turn.conversation
    chosen = time_of_id(conversation.slot)
    spoken_of = [FreeTime(chosen)] if chosen else on_offer(conversation)
    booked_at = Booked.of(conversation).at if conversation.process is Process.MOVE else None
    if not spoken_of and booked_at is not None:
        spoken_of = [FreeTime(booked_at)]
    view = view_of(turn)
    days = {view.day(time) for time in spoken_of}
    if len(days) != 1:
        return _on_days_said(turn, outlook, wish)
    same_day = tuple(time for time in outlook.times if view.day(time) in days)
    is_clock = any(reading.kind is WishKind.EXACT for reading in wish.readings())
    return same_day if (is_clock and same_day) or fitting(wish, same_day) else outlook.times


def _on_days_said(turn: Turn, outlook: Outlook, wish: Wish) -> tuple[FreeTime, ...]:
    """Stay on the day that was named before, where it may be one of several that are on offer."""
    before = remembered_wish(turn)
    if before is None or not _names_days_only(before):
        return outlook.times
    meant = fitting(before, outlook.times)
    return meant if fitting(wish, meant) else outlook.times


def _page_wanted(meaning: Meaning, conversation: Conversation) -> Page | None:
    if meaning.choice in _PAGES:
        return _PAGES[meaning.choice]
    is_bare_no = meaning.says_no and meaning.wish is None
    return Page.MORE if is_bare_no and conversation.question in _ASKED else None


def _come_to(turn: Turn, outlook: Outlook, answer: Answer, wish: Wish | None) -> Conversation:
    conversation = remembering(turn, wish)
    here = turn.knowing(conversation)
    match answer.kind:
        case AnswerKind.ONE if wish is None or _is_pointed_at(wish) or _is_asked(turn, answer):
            return conversation.but(
                kind=CallbackKind.SCHEDULED, slot=answer.menu.ids[0], question=None
            )
        case AnswerKind.ASAP if outlook.has(Rung.ASAP):
            return conversation.but(kind=CallbackKind.ASAP, slot=None, question=None)
        case AnswerKind.ASAP:
            first = view_of(turn).awake(outlook.times)[:1]
            return with_menu(here, open_menu(first, view_of(turn)), wish)
        case AnswerKind.BROWSE | AnswerKind.DECLINED:
            is_refusal = answer.kind is AnswerKind.DECLINED
            asked = turn.knowing(_refusing(turn.conversation)) if is_refusal else turn
            return _turned(asked, outlook, answer.page or Page.MORE)
        case AnswerKind.SEVERAL:
            return _several(here, answer.menu, wish)
        case _:
            return with_menu(here, answer.menu, wish)


def _is_asked(turn: Turn, answer: Answer) -> bool:
    """Whether the one time that is meant is the one that was asked about: then it is a yes."""
    is_one = turn.conversation.question is Question.SLOT_ONE
    return is_one and [*answer.menu.ids] == ids_of(turn.conversation)


def is_repeated(conversation: Conversation, meaning: Meaning) -> bool:
    """Whether a message only names the chosen time again, or part of it: then it is a yes."""
    at, wish = time_of_id(conversation.slot), meaning.timed_wish
    if at is None or wish is None or meaning.says_no or meaning.intent is Intent.OTHER_TIME:
        return False
    is_pick = any(reading.choice is not None for reading in wish.readings())
    return not is_pick and bool(fitting(wish, [FreeTime(at)]))


def is_over_by(wish: Wish, at: datetime) -> bool:
    """Whether all that a wish can mean lies before an instant."""
    ends = [
        reading.earliest_at if reading.kind is WishKind.EXACT else reading.latest_at
        for reading in wish.readings()
    ]
    return all(end is not None and end <= at for end in ends)


def _is_pointed_at(wish: Wish) -> bool:
    """Whether the customer named the very time, so that the read-back can be the next they hear."""
    return any(
        reading.choice is not None or (reading.kind is WishKind.EXACT and not reading.approximate)
        for reading in wish.readings()
    )


def _several(turn: Turn, menu: SlotMenu, wish: Wish | None) -> Conversation:
    was_shown = {*ids_of(turn.conversation)}
    offered = with_menu(turn, menu, wish)
    if wish is not None and _is_beside(wish, menu):
        return offered.noting("utter_callback_nothing_fits", wish=_quoted(offered, wish))
    if wish is not None and wish.undecided and len(menu.times) == _TWO:
        first, second = (turn.teller.brief(time.start_at) for time in menu.times)
        return offered.noting("utter_callback_time_two_readings", first=first, second=second)
    if {*menu.ids} < was_shown:
        return offered.noting("utter_callback_several_match", times=turn.teller.times(menu.times))
    return offered


def _is_beside(wish: Wish, menu: SlotMenu) -> bool:
    """Whether a clock time is wished, and none of the times is that one but only near it."""
    readings, starts = wish.readings(), {time.start_at for time in menu.times}
    named = {each.earliest_at for each in readings}
    is_clock = all(
        each.kind is WishKind.EXACT and each.choice is None and each.day_named for each in readings
    )
    return is_clock and None not in named and named.isdisjoint(starts)


def _turned(turn: Turn, outlook: Outlook, page: Page) -> Conversation:
    conversation = turn.conversation
    if page is Page.MORE and _refusals(conversation) >= _MOST_REFUSALS:
        emptied = {**(conversation.menu or {}), "ids": [], _TOLD: [], _REFUSALS: 0}
        return conversation.but(slot=None, menu=emptied, question=Question.SLOT_WHEN)
    # "Later" than a time that was chosen is about that time, not about what was wished before.
    wish = None if conversation.slot is not None else remembered_wish(turn)
    is_anything = page is Page.MORE
    times = _not_refused(conversation, outlook.times, None) if is_anything else outlook.times
    # "Earlier" is than what is spoken of, told as a menu or not.
    shown = _shown(conversation) if is_anything else _spoken_of(conversation)
    menu = turn_page(times, view_of(turn), page, shown, wish)
    turned = with_menu(turn, menu, wish)
    is_other = menu.explanation in {Explanation.AS_WISHED, Explanation.WIDENED}
    is_other &= len(menu.times) > 1
    is_refused = is_other and bool(_texts(conversation.menu, _REFUSED)) and is_anything
    return turned.noting("utter_callback_other_times") if is_refused else turned


def with_menu(turn: Turn, menu: SlotMenu, wish: Wish | None) -> Conversation:
    """Put a menu on offer, with the note that its explanation calls for."""
    before = turn.conversation
    seen = list(dict.fromkeys([*_seen(before), *ids_of(before), *menu.ids]))
    conversation = before.but(
        kind=CallbackKind.SCHEDULED,
        slot=None,
        menu={
            "ids": list(menu.ids),
            "seen": seen,
            _REFUSED: _texts(before.menu, _REFUSED),
            _REFUSALS: _refusals(before),
            _TOLD: _texts(before.menu, _TOLD),
        },
        question=_question_of(menu),
    )
    day = _day_of(wish) if menu.explanation is Explanation.NOT_THAT_DAY else None
    if day is not None:
        return conversation.noting("utter_callback_day_full", day=turn.teller.day(day))
    if menu.explanation in _MISSES and wish is not None:
        return conversation.noting("utter_callback_nothing_fits", wish=_quoted(conversation, wish))
    if menu.explanation is Explanation.TOO_FAR:
        furthest = turn.now + timedelta(days=turn.profile.slots.horizon_days)
        return conversation.noting(
            "utter_callback_time_too_far", furthest=turn.teller.day(furthest)
        )
    note = _NOTES.get(menu.explanation)
    return conversation if note is None else conversation.noting(note)


def _day_of(wish: Wish | None) -> datetime | None:
    """The one day that a wish names, by an instant of it; None if it names none, or several."""
    readings = () if wish is None else wish.readings()
    starts = [reading.earliest_at for reading in readings if reading.day_named]
    known = [start for start in starts if start is not None]
    if wish is None or not known or len(known) < len(readings):
        return None
    zone = ZoneInfo(wish.zone)
    is_one = len({start.astimezone(zone).date() for start in known}) == 1
    is_short = all(
        reading.grain not in {Grain.WEEK, Grain.MONTH}
        and (reading.kind is WishKind.EXACT or _ends_that_day(reading, zone))
        for reading in readings
    )
    return known[0] if is_one and is_short else None


def _ends_that_day(reading: Wish, zone: ZoneInfo) -> bool:
    start, end = reading.earliest_at, reading.latest_at
    if start is None or end is None:
        return False
    last = end - timedelta(microseconds=1)
    return last.astimezone(zone).date() == start.astimezone(zone).date()


def _quoted(conversation: Conversation, wish: Wish) -> str:
    """The customer's own words for a wish, with the small words between them."""
    said = "" if conversation.wish is None else conversation.wish.text
    return quotation(said, _together(said, wish.words))


def _together(said: str, parts: Sequence[str]) -> list[str]:
    """The longest run of parts with but small words between: "now" of "now I'd like" is none."""
    runs: list[list[str]] = []
    end = -_LONGEST_GAP
    for part in parts:
        begin = said.find(part, max(end, 0))
        if begin < 0:
            return [*parts]
        if not runs or begin - end > _LONGEST_GAP:
            runs.append([])
        runs[-1].append(part)
        end = begin + len(part)
    return max(runs, key=lambda run: sum(map(len, run)), default=[])


def _question_of(menu: SlotMenu) -> Question:
    if not menu.times:
        return Question.SLOT_OPEN
    is_single = len(menu.times) == 1 and menu.explanation is Explanation.AS_WISHED
    return Question.SLOT_ONE if is_single else Question.SLOT_MENU


def asking_again(conversation: Conversation) -> Conversation:
    """Come back to the times on offer when the question about the number came between."""
    if conversation.question not in _ABOUT_NUMBER:
        return conversation
    offered = len(ids_of(conversation))
    several = Question.SLOT_MENU if offered else Question.SLOT_OPEN
    return conversation.but(question=Question.SLOT_ONE if offered == 1 else several)


def noted_unclear(turn: Turn, unclear: Unclear) -> Conversation:
    """Note the one short question that an unclear time calls for."""
    conversation, tell = turn.conversation, turn.teller
    readings = [
        reading.earliest_at
        for alternative in unclear.alternatives
        for reading in alternative.readings()
        if reading.earliest_at is not None
    ]
    match unclear.reason:
        case UnclearReason.IN_THE_PAST:
            return conversation.noting("utter_callback_time_past")
        case UnclearReason.TIME_DOES_NOT_EXIST:
            return conversation.noting(
                "utter_callback_time_does_not_exist", time=_clock_told(turn, unclear)
            )
        case UnclearReason.TIME_EXISTS_TWICE if len(readings) == _TWO:
            first, second = (tell.brief(at) for at in readings)
            return conversation.noting("utter_callback_time_twice", first=first, second=second)
        case UnclearReason.TWO_READINGS if len(readings) == _TWO:
            first, second = (tell.brief(at) for at in readings)
            return conversation.noting(
                "utter_callback_time_two_readings", first=first, second=second
            )
        case _:
            return conversation.noting("utter_callback_time_unclear")


def _clock_told(turn: Turn, unclear: Unclear) -> str:
    """Tell the clock time in words about a time that is skipped: on another day there is one."""
    said, other_day = " ".join(unclear.words), turn.now + _UNTIL_CLOCKS_ARE_STEADY
    found = understand(said, turn.customer.locale, other_day, turn.customer.zone.key)
    readings = found.readings() if isinstance(found, Wish) else ()
    starts = [reading.earliest_at for reading in readings if reading.earliest_at is not None]
    return turn.teller.clock(min(starts)) if starts else quotation(said, [said])


def beside_entry(turn: Turn, meaning: Meaning) -> Wish | None:
    """The time that is named beside "a second one", which is no entry of a menu."""
    wish = meaning.timed_wish
    if wish is None or meaning.entry is None:
        return wish
    said = meaning.text
    for word in wish.words:
        rest = said.replace(word, " ", 1)
        found = understand(rest, turn.customer.locale, turn.now, turn.customer.zone.key)
        if isinstance(found, Wish) and names_time(found) and _is_without_entry(found):
            return found
    return None


def _is_without_entry(wish: Wish) -> bool:
    return all(reading.choice is None for reading in wish.readings())


def view_of(turn: Turn) -> MenuView:
    """For whom and when menus of this turn are made."""
    return MenuView.of(turn.profile, zone=turn.customer.zone, now=turn.now, speaks=turn.speaks)


def ids_of(conversation: Conversation) -> list[str]:
    """The ids on offer."""
    return _texts(conversation.menu, "ids")


def on_offer(conversation: Conversation) -> list[FreeTime]:
    """The times on offer, in the order of the menu."""
    starts = [time_of_id(each) for each in ids_of(conversation)]
    return [FreeTime(start) for start in starts if start is not None]


def _seen(conversation: Conversation) -> list[str]:
    return _texts(conversation.menu, "seen")


def _texts(menu: dict[str, Any] | None, key: str) -> list[str]:
    kept = (menu or {}).get(key)
    return [each for each in kept if isinstance(each, str)] if isinstance(kept, list) else []


def telling(conversation: Conversation) -> Conversation:
    """Keep that the customer hears the times on offer in this turn."""
    return conversation.but(menu={**(conversation.menu or {}), _TOLD: ids_of(conversation)})


def is_told(conversation: Conversation) -> bool:
    """Whether the customer has heard the times on offer; none that was kept before is unheard."""
    kept = conversation.menu or {}
    return _TOLD not in kept or _texts(kept, _TOLD) == ids_of(conversation)


def _picks_by_place(wish: Wish) -> bool:
    """Whether a wish points at an entry of a menu: "the second", "the last one"."""
    return wish.kind is WishKind.CHOICE and any(
        reading.choice is not None and reading.choice.kind in _PICKS for reading in wish.readings()
    )


def _shown(conversation: Conversation) -> Shown:
    if conversation.slot is None and not is_told(conversation):
        return Shown.of_ids((), _seen(conversation))
    return _spoken_of(conversation)


def _spoken_of(conversation: Conversation) -> Shown:
    if conversation.slot is not None:
        return Shown.of_ids([conversation.slot])
    return Shown.of_ids(ids_of(conversation), _seen(conversation))


def remembering(turn: Turn, wish: Wish | None) -> Conversation:
    """Keep the words of a wish, so that further pages go by it."""
    conversation = turn.conversation.but(slot=None)
    if wish is None or not any(
        reading.earliest_at or reading.latest_at for reading in wish.readings()
    ):
        return conversation
    said = behind_refusal(turn.message.text, turn)
    if not isinstance(understood_at(said, turn, turn.now), Wish):
        # "Yes, and Friday at 10 too" is read in parts.
        said = " ".join(wish.words)
    said = _telling_day(said, wish, turn)
    if conversation.menu is not None:
        conversation = conversation.but(menu={**conversation.menu, _REFUSALS: 0})
    return conversation.but(wish=SaidWish(text=said, said_at=turn.now))


def _telling_day(said: str, wish: Wish, turn: Turn) -> str:
    """Name the day that words tell by another one, which may not be spoken of any more."""
    locale, at, zone = turn.customer.locale, wish.earliest_at, ZoneInfo(wish.zone)
    if at is None or not names_day_by_another(said, locale, turn.now, zone.key):
        return said
    is_day = wish.kind is not WishKind.EXACT
    return f"{at.astimezone(zone):{'%Y-%m-%d' if is_day else '%Y-%m-%d %H:%M'}}"


def remembered_wish(turn: Turn) -> Wish | None:
    """What the customer said about the time before, understood anew."""
    said = turn.conversation.wish
    if said is None:
        return None
    found = understood_at(said.text, turn, said.said_at)
    return found if isinstance(found, Wish) else None
