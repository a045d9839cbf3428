"""More than one callback in a conversation: which of them is meant."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from actions.booked import Booked, spoken_of
from actions.message import Intent
from actions.numbers import telling_digits
from actions.slots import CONFIRMED, PHONE, SLOT, Process, Question
from actions.told_by_another import shifted
from actions.understanding import understood_at
from ges_connector.callbacks.free_times import FreeTime, time_of_id
from ges_connector.callbacks.wish_fit import fitting, names_day, names_time
from ges_connector.language import Unclear, Wish, WishKind
from ges_connector.language.agreement import (
    asks_to_book,
    corrects,
    denies,
    gives_reason,
    speaks_of_cancelling,
    without_deed,
)
from ges_connector.language.leaving_all import leaves_all
from ges_connector.language.remarks import (
    SmallWord,
    asks_for_call,
    means_all,
    means_new_one,
    means_old_one,
    orders_to_cancel,
    small_words,
)
from ges_connector.language.shifts import changed_to_another, names_change, names_distance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actions.base import Turn
    from actions.meaning import Meaning
    from actions.slots import Conversation

_WORD: Final = re.compile(r"[\w:.'\u2019]*\w")
_CLAUSE: Final = re.compile(r"[,;.](?!\d)")
_MOST_WORDS: Final = 40
_LONGEST_TIME: Final = 5
_TWO: Final = 2
_MOST_OF_A_SHIFT: Final = 14
"""Words; who says more tells a story."""
_LONGEST_NAME: Final = 4
_ARRANGING: Final = frozenset({SLOT, PHONE, CONFIRMED})
"""Questions about a callback that is being arranged."""
MOST_ASKED_WHICH: Final = 2
"""How often in a row it is asked which one is meant; then all of them stay as they are."""
_OPEN_ENDED: Final = frozenset({WishKind.AFTER, WishKind.BEFORE, WishKind.ASAP, WishKind.CHOICE})


async def checked(turn: Turn) -> Turn:
    """Ask GES how the other callbacks stand, and leave out those that are over."""
    conversation, booked = turn.conversation, Booked.of(turn.conversation)
    if conversation.id is None or not booked.others:
        return turn
    standings = await asyncio.gather(
        *(turn.service.show(conversation.profile, each.id, turn.deadline) for each in booked.others)
    )
    kept = tuple(
        each
        for each, standing in zip(booked.others, standings, strict=True)
        if not standing.is_over
    )
    return turn.knowing(conversation.but(booking=replace(booked, others=kept).as_record()))


def each_of(conversation: Conversation) -> Sequence[Conversation]:
    """The conversation as it is when it speaks of each of its callbacks, by their times."""
    others = [spoken_of(conversation, each.id) for each in Booked.of(conversation).others]
    return sorted([*others, conversation], key=_at)


def all_to_cancel(turn: Turn, meaning: Meaning) -> bool:
    """Whether all of several callbacks are to be cancelled.

    Args:
        turn: The turn.
        meaning: The message.
    """
    is_several = bool(Booked.of(turn.conversation).others) and not meaning.message.is_button
    return is_several and means_all(meaning.text, turn.customer.language)


def names_booked(turn: Turn, meaning: Meaning) -> bool:
    """Whether a message names what is booked, by a time of it or as all there is.

    Args:
        turn: The turn.
        meaning: The message.
    """
    if turn.conversation.id is None or not meaning.message.is_typed:
        return False
    wishes, all_of_them = _times_named(turn, meaning), each_of(turn.conversation)
    is_at_time = any(fits(each, wish) for each in all_of_them for wish in wishes)
    return is_at_time or means_all(meaning.text, turn.customer.language)


def time_instead(turn: Turn, meaning: Meaning) -> Wish | None:
    """Find the time that is wanted in the place of the callback's: "not Thursday, but Friday".

    The callback may be one that is booked, or the one that is being arranged.

    Args:
        turn: The turn.
        meaning: The message.

    Returns:
        The time; None where no other one is named beside that of the callback.
    """
    is_typed = meaning.message.is_typed
    if not is_typed:
        return None
    if turn.conversation.id is None:
        return _time_instead_of_draft(turn, meaning)
    return _time_after_refusal(turn, meaning) or _time_booked_instead(turn, meaning)


def cancels(turn: Turn, text: str) -> bool:
    """Whether a text speaks of cancelling.

    Args:
        turn: The turn.
        text: The message, or a part of it.
    """
    customer = turn.customer
    return speaks_of_cancelling(text, customer.locale) or orders_to_cancel(text, customer.language)


def _books(turn: Turn, text: str) -> bool:
    return asks_to_book(text, turn.customer.locale) or asks_for_call(text, turn.customer.language)


def _time_instead_of_draft(turn: Turn, meaning: Meaning) -> Wish | None:
    """The time that takes the place of what is arranged: "cancel it and call me on Thursday"."""
    text, conversation = meaning.text, turn.conversation
    is_open = turn.requested_slot in _ARRANGING and conversation.process is Process.BOOK
    if not is_open or not cancels(turn, text) or not _books(turn, text):
        return None
    at, found = time_of_id(conversation.slot), _times_with_denials(turn, text)
    if any(is_denied for _, is_denied in found):
        return None
    others = [time for time, _ in found if at is None or not fitting(time, [FreeTime(at)])]
    if others:
        return others[0] if len(others) == 1 else None
    alone = understood_at(without_deed(text, turn.customer.locale), turn, turn.now)
    is_asap = isinstance(alone, Wish) and alone.kind is WishKind.ASAP
    return alone if isinstance(alone, Wish) and is_asap and not found else None


def _time_booked_instead(turn: Turn, meaning: Meaning) -> Wish | None:
    """The time of a new callback that takes the place: "cancel it and call me on Thursday"."""
    text, locale = meaning.text, turn.customer.locale
    if not cancels(turn, text):
        return None
    is_booked = _books(turn, text)
    found, all_of_them = _times_with_denials(turn, text), each_of(turn.conversation)
    if any(is_denied for _, is_denied in found):
        return None
    of_any = [time for time, _ in found if any(fits(each, time) for each in all_of_them)]
    others = [time for time, _ in found if time not in of_any]
    if not of_any:
        alone = _one_time(understood_at(without_deed(text, locale), turn, turn.now))
        others = [] if alone is None else [alone]
    # Which of several is cancelled has to be said.
    is_told = all(fits(turn.conversation, time) for time in of_any) and (
        bool(of_any) or len(all_of_them) == 1
    )
    is_instead = bool(of_any) and corrects(text, locale) and all(map(names_day, others))
    return others[0] if len(others) == 1 and is_told and (is_booked or is_instead) else None


def _time_after_refusal(turn: Turn, meaning: Meaning) -> Wish | None:
    """The time that is wanted in the place of one that is refused."""
    conversation, text = turn.conversation, meaning.text
    if not _refuses(turn, text):
        return None
    named = times_in(turn, text)
    if len(named) != _TWO:
        # "Not Thursday, Friday": behind the "not" they look like one time of two days.
        named = [time for clause in _CLAUSE.split(text) for time in times_in(turn, clause)]
    if len(named) != _TWO:
        return None
    of_callback, instead = named
    is_other = any(fits(each, instead) for each in each_of(conversation))
    if is_other or not fits(conversation, of_callback):
        return None
    # "Not Thursday, Friday" is read as Friday; "not Thursday and not Friday" is not.
    is_read_so = meaning.timed_wish is not None and _starts(meaning.timed_wish) == _starts(instead)
    is_told = corrects(text, turn.customer.locale) or (is_read_so and not cancels(turn, text))
    return instead if is_told else None


def _starts(wish: Wish) -> set[datetime | None]:
    return {each.earliest_at for each in wish.readings()}


def changed_in_draft(turn: Turn, meaning: Meaning) -> Wish | None:
    """Find what the time that was chosen is changed to: "change Thursday to Friday".

    Args:
        turn: The turn.
        meaning: The message.

    Returns:
        The time; where only a day is named, that day at the hour that was chosen. None if the
        message changes nothing of the chosen time into another one.
    """
    at = time_of_id(turn.conversation.slot)
    is_typed = meaning.message.is_typed
    if at is None or not is_typed or turn.requested_slot not in _ARRANGING:
        return None
    if denies(meaning.text, turn.customer.locale):
        return None
    for before, behind in changed_to_another(meaning.text, turn.customer.locale):
        said, whereto = times_in(turn, before), understood_at(behind, turn, turn.now)
        # "Change the day to Friday" is clear behind the "to" alone.
        is_of_it = bool(said) or meaning.unclear is not None
        is_of_it &= all(fitting(wish, [FreeTime(at)]) for wish in said)
        if not is_of_it or not isinstance(whereto, Wish) or not names_time(whereto):
            continue
        return at_the_hour_chosen(turn, whereto) or whereto
    return None


def at_the_hour_chosen(turn: Turn, wish: Wish) -> Wish | None:
    """Give a day the hour of the time that was chosen.

    Args:
        turn: The turn.
        wish: What is wished.

    Returns:
        The time; None where no time was chosen, or where the wish is none for just one day.
    """
    at, zone = time_of_id(turn.conversation.slot), turn.customer.zone
    is_day = wish.kind is WishKind.DAY and not wish.alternatives and not wish.excluded
    if at is None or not is_day or wish.earliest_at is None:
        return None
    day = wish.earliest_at.astimezone(zone).date()
    moved = datetime.combine(day, at.astimezone(zone).time(), zone).astimezone(UTC)
    return replace(wish, kind=WishKind.EXACT, earliest_at=moved, latest_at=None)


def one_shifted(turn: Turn, meaning: Meaning) -> tuple[Conversation, Wish] | None:
    """Find the one of several that is moved by a distance: "the first one an hour later".

    Args:
        turn: The turn.
        meaning: The message.

    Returns:
        The conversation, speaking of that callback, and the time to move it to; None if the
        message names none of several, or no distance.
    """
    conversation, text = turn.conversation, meaning.text
    is_several = conversation.id is not None and bool(Booked.of(conversation).others)
    if not is_several or meaning.message.is_button or turn.requested_slot in _ARRANGING:
        return None
    if not names_distance(text, turn.customer.locale):
        return None
    words = [*_WORD.finditer(text)]
    if len(words) > _MOST_OF_A_SHIFT:
        return None
    for begin in range(len(words)):
        for end in range(min(len(words), begin + _LONGEST_NAME), begin, -1):
            start, stop = words[begin].start(), words[end - 1].end()
            chosen = _named_by(turn, text[start:stop])
            if chosen is None:
                continue
            of_it = chosen.but(process=Process.MOVE, slot=None)
            rest = f"{text[:start]}{text[stop:]}".strip()
            found = shifted(rest, turn.knowing(of_it))
            if isinstance(found, Wish):
                return chosen, found
    return None


def _named_by(turn: Turn, run: str) -> Conversation | None:
    """The callback that a few words name by its place among all, or by its time."""
    found, all_of_them = understood_at(run, turn, turn.now), each_of(turn.conversation)
    if not isinstance(found, Wish):
        return None
    picked = {each.choice.index for each in found.readings() if each.choice is not None}
    place = next(iter(picked)) if len(picked) == 1 else None
    if place is not None and 0 < place <= len(all_of_them):
        return all_of_them[place - 1]
    return _only_one_at(turn, [found]) if names_time(found) else None


def put_right(turn: Turn, meaning: Meaning) -> Meaning:
    """Take the time that is wanted in the place of the callback's for what the message wishes.

    Args:
        turn: The turn.
        meaning: The message.
    """
    instead = time_instead(turn, meaning) or changed_in_draft(turn, meaning)
    if instead is not None:
        # It was only taken for an order to cancel, or to leave it.
        is_open = turn.requested_slot in _ARRANGING
        intent = Intent.INFORM if is_open else meaning.message.intent
        message = replace(meaning.message, intent=intent)
        return replace(meaning, message=message, wish=instead, unclear=None, corrects=True)
    moved = one_shifted(turn, meaning)
    if moved is None:
        return meaning
    return replace(meaning, wish=moved[1], unclear=None, is_shift=True, corrects=True)


def one_to_cancel(turn: Turn, meaning: Meaning) -> Conversation | None:
    """Find the callback that is not wanted; None if none or more than one is named.

    "I do not need the one on Thursday" names that of Thursday, whatever "not" stands beside it.

    Args:
        turn: The turn.
        meaning: The message.

    Returns:
        The conversation, speaking of that callback.
    """
    all_of_them = each_of(turn.conversation)
    wishes = _times_named(turn, meaning)
    if not wishes or len(all_of_them) == 1:
        return _one_to_number(turn, meaning) or one_meant(turn, meaning)
    named = [each for each in all_of_them if any(fits(each, wish) for wish in wishes)]
    return named[0] if len(named) == 1 else None


def names_none(turn: Turn, meaning: Meaning) -> bool:
    """Whether a time is named at which there is no callback.

    Args:
        turn: The turn.
        meaning: The message.
    """
    wishes = _times_named(turn, meaning)
    here = [each for each in each_of(turn.conversation) if _at(each)]
    is_any = any(fits(each, wish) for each in here for wish in wishes)
    # "Las dos" is both of them, and not two o'clock.
    is_any |= means_all(meaning.text, turn.customer.language)
    return bool(wishes) and bool(here) and not is_any


def fits(conversation: Conversation, wish: Wish) -> bool:
    """Whether the callback that is spoken of is at a time that is named.

    Args:
        conversation: The conversation.
        wish: The time.
    """
    at = _at(conversation)
    return bool(at) and bool(fitting(wish, at))


def _refuses(turn: Turn, text: str) -> bool:
    locale = turn.customer.locale
    return denies(text, locale) or gives_reason(text, locale)


def _times_named(turn: Turn, meaning: Meaning) -> list[Wish]:
    """Tell the times that a message names, those it rules out as well if there are no others."""
    wish = meaning.timed_wish
    if wish is not None and any(each.earliest_at or each.latest_at for each in wish.readings()):
        return [wish]
    if meaning.message.is_button or (wish is None and meaning.unclear is None):
        return []
    text, locale = meaning.text, turn.customer.locale
    found = _times_with_denials(turn, text)
    # "Cancel Thursday, not Friday" rules Friday out; "I don't need Thursday" does not.
    kept = [time for time, is_denied in found if not is_denied]
    is_part = not gives_reason(text, locale) and bool(kept)
    return kept if is_part else [time for time, _ in found]


def times_in(turn: Turn, text: str) -> list[Wish]:
    """Find the times in a text, the longest runs of words that are one.

    Args:
        turn: The turn.
        text: The message, or a part of it.
    """
    return [time for time, _ in _times_with_denials(turn, text)]


def _times_with_denials(turn: Turn, text: str) -> list[tuple[Wish, bool]]:
    """Find the times in a text, and whether a "not" stands before each, behind the one before."""
    words = [*_WORD.finditer(text)][:_MOST_WORDS]
    found: list[tuple[Wish, bool]] = []
    begin = behind = 0
    while begin < len(words):
        length = min(_LONGEST_TIME, len(words) - begin)
        while length and not (wish := _time_of(turn, text, words[begin : begin + length])):
            length -= 1
        if length and wish is not None:
            between = text[behind : words[begin].start()]
            found.append((wish, denies(between, turn.customer.locale)))
            behind = words[begin + length - 1].end()
        begin += length or 1
    return found


def _time_of(turn: Turn, text: str, words: Sequence[re.Match[str]]) -> Wish | None:
    run = text[words[0].start() : words[-1].end()]
    locale = turn.customer.locale
    # What stands behind "but" or "rather" is another time.
    if denies(run, locale) or corrects(run, locale):
        return None
    found = _one_time(understood_at(run, turn, turn.now))
    # Words before a time are passed over, and would leave no room for all of it.
    is_from_here = found is not None and any(run.startswith(each) for each in found.words)
    return found if is_from_here else None


def _one_time(found: Wish | Unclear) -> Wish | None:
    if not isinstance(found, Wish) or found.kind in _OPEN_ENDED:
        return None
    is_timed = any(each.earliest_at or each.latest_at for each in found.readings())
    return found if is_timed else None


def one_meant(turn: Turn, meaning: Meaning) -> Conversation | None:
    """Find the callback that a message names by its time or its place; None if it names none.

    Args:
        turn: The turn.
        meaning: The message.

    Returns:
        The conversation, speaking of that callback.
    """
    all_of_them = each_of(turn.conversation)
    if len(all_of_them) == 1:
        return None
    if meaning.timed_wish is not None:
        return _only_one_at(turn, [meaning.timed_wish]) or _one_of_ending(turn, meaning)
    if meaning.wants_asap:
        # "Call me as soon as possible on 030 …" asks for a call, and picks none of these.
        is_pick = meaning.phone is None
        in_line = [each for each in all_of_them if is_pick and not _at(each)]
        return in_line[0] if len(in_line) == 1 else None
    by_age = _one_of_age(turn, meaning)
    if by_age is not None:
        return by_age
    is_asked = turn.conversation.question is Question.WHICH_ONE
    if is_asked and meaning.entry is not None and 0 < meaning.entry <= len(all_of_them):
        return all_of_them[meaning.entry - 1]
    return _one_of_ending(turn, meaning)


def _one_of_ending(turn: Turn, meaning: Meaning) -> Conversation | None:
    """Find "the one on ...12", where it was told to which numbers the callbacks go."""
    if turn.conversation.question is not Question.WHICH_ONE or meaning.message.is_button:
        return None
    digits = telling_digits(turn)
    phones = [(each, Booked.of(each).phone or "") for each in each_of(turn.conversation)]
    if digits is None or len({phone for _, phone in phones}) == 1:
        return None
    named = [each for each, phone in phones if phone.endswith(digits)]
    return named[0] if len(named) == 1 else None


def all_stay(turn: Turn, meaning: Meaning) -> bool:
    """Whether each of several callbacks is to stay, where it was told which there are.

    Args:
        turn: The turn.
        meaning: The message.
    """
    is_told = turn.conversation.question is Question.WHICH_ONE and not meaning.message.is_button
    return is_told and leaves_all(meaning.message.text, turn.customer.language)


def _one_of_age(turn: Turn, meaning: Meaning) -> Conversation | None:
    """Find "the old one", which could not be cancelled when "the new one" took its place."""
    if meaning.message.is_button:
        return None
    text, language = meaning.text, turn.customer.language
    is_old, is_new = means_old_one(text, language), means_new_one(text, language)
    if is_old == is_new:
        return None
    ages = [(each, Booked.of(each).is_left_over) for each in each_of(turn.conversation)]
    named = [each for each, is_left_over in ages if is_left_over is is_old]
    return named[0] if len(named) == 1 and len(ages) > 1 else None


def _one_to_number(turn: Turn, meaning: Meaning) -> Conversation | None:
    """Find the callback to the number that is named."""
    all_of_them, phone = each_of(turn.conversation), meaning.phone
    if phone is None or len(all_of_them) == 1:
        return None
    named = [each for each in all_of_them if Booked.of(each).phone == phone.e164]
    return named[0] if len(named) == 1 else None


def number_apart(turn: Turn, conversation: Conversation) -> str | None:
    """Tell the number of a callback that its time does not tell from another one.

    Args:
        turn: The turn.
        conversation: The conversation as it is when it speaks of that callback.

    Returns:
        The number in the customer's words; None where no other one is at the same time.
    """
    own = Booked.of(conversation)
    others = [each.booked_in(conversation) for each in own.others]
    is_shared = any(each.at == own.at and each.phone != own.phone for each in others)
    return turn.teller.number(own.phone) if own.phone is not None and is_shared else None


def one_to_move(turn: Turn, meaning: Meaning) -> tuple[Conversation, Meaning] | None:
    """Find the callback that is to be changed, where a message names it.

    Args:
        turn: The turn.
        meaning: The message.

    Returns:
        The conversation, speaking of that callback, and what the message says of it besides: the
        time to move it to, if there is one. None if it names no callback, or more than one.
    """
    found = shifted_one(turn, meaning) or parted(turn, meaning)
    if found is not None:
        return found
    if meaning.is_shift:
        # "The same time on Friday" names none, though one may be there on Friday.
        return None
    named = one_meant(turn, meaning)
    if named is None or says_whereto(turn, meaning):
        return named_for_number(turn, meaning)
    return named, replace(meaning, wish=None, unclear=None)


def shifted_one(turn: Turn, meaning: Meaning) -> tuple[Conversation, Meaning] | None:
    """Find the callback that is moved by a distance, as `one_to_move` does."""
    moved = one_shifted(turn, meaning)
    if moved is None:
        return None
    shift = replace(meaning, wish=moved[1], unclear=None, is_shift=True, corrects=True)
    return moved[0], shift


def one_beside_move(turn: Turn, meaning: Meaning) -> Conversation | None:
    """Find what is cancelled by who moves another one as well: "cancel Friday, and move Thursday".

    Args:
        turn: The turn.
        meaning: The message.

    Returns:
        The conversation, speaking of that callback; None where nothing is moved besides, or where
        it is not told which one is cancelled.
    """
    is_several = bool(Booked.of(turn.conversation).others) and not meaning.message.is_button
    if not is_several or not names_change(meaning.text, turn.customer.locale):
        return None
    times = times_in(turn, meaning.text) if cancels(turn, meaning.text) else []
    all_of_them = each_of(turn.conversation)
    named = [each for each in all_of_them if any(fits(each, time) for time in times)]
    return named[0] if len(times) >= _TWO and len(named) == 1 else None


def refused_one(turn: Turn, meaning: Meaning) -> Conversation | None:
    """Find what is refused where another is to stay: "don't call me Thursday, call Friday".

    Args:
        turn: The turn.
        meaning: The message; "cancel Thursday, not Friday" says it the other way round.
    """
    is_several = bool(Booked.of(turn.conversation).others) and meaning.message.is_typed
    # "Move Thursday, not Friday, to Monday" refuses none of them.
    is_change = cancels(turn, meaning.text) or names_change(meaning.text, turn.customer.locale)
    if not is_several or is_change:
        return None
    found, all_of_them = _times_with_denials(turn, meaning.text), each_of(turn.conversation)
    refused, kept = (
        [
            each
            for each in all_of_them
            if any(is_denied is wanted and fits(each, time) for time, is_denied in found)
        ]
        for wanted in (True, False)
    )
    is_told = len(refused) == 1 and bool(kept) and refused[0] not in kept
    return refused[0] if is_told and len(found) == _TWO else None


def named_for_number(turn: Turn, meaning: Meaning) -> tuple[Conversation, Meaning] | None:
    """Find the callback that is to ring another number, as `one_to_move` does."""
    wish = meaning.timed_wish
    if wish is None or not meaning.wants_other_number:
        return None
    named = _only_one_at(turn, [wish])
    return None if named is None else (named, replace(meaning, wish=None, unclear=None))


def says_whereto(turn: Turn, meaning: Meaning) -> bool:
    """Whether a message may say where something is to be moved: "to Friday".

    Args:
        turn: The turn.
        meaning: The message.
    """
    whereto = small_words(SmallWord.WHERETO, turn.customer.language)
    return any(word[0].casefold() in whereto for word in _WORD.finditer(meaning.text))


def is_whereto(turn: Turn, meaning: Meaning, wish: Wish) -> bool:
    """Whether a time is said to be the one that something is moved to.

    Args:
        turn: The turn.
        meaning: The message.
        wish: The time.
    """
    before = meaning.text.partition(wish.words[0])[0] if wish.words else ""
    words = [word[0].casefold() for word in _WORD.finditer(before)]
    return bool(words) and words[-1] in small_words(SmallWord.WHERETO, turn.customer.language)


def parted(turn: Turn, meaning: Meaning) -> tuple[Conversation, Meaning] | None:
    """Part "the Thursday one to Friday at 12" into the callback and the time to move it to.

    Args:
        turn: The turn.
        meaning: The message.

    Returns:
        As `one_to_move`; None if the message is nothing of the kind.
    """
    text, language = meaning.text, turn.customer.language
    words = [] if meaning.message.is_button else [*_WORD.finditer(text)][:_MOST_WORDS]
    said = [word[0].casefold() for word in words]
    if not small_words(SmallWord.OR, language).isdisjoint(said):
        return None
    whereto_words = small_words(SmallWord.WHERETO, language)
    for place in range(len(words) - 1, 0, -1):
        if said[place] not in whereto_words:
            continue
        begin = words[place].start()
        whereto = understood_at(text[begin:], turn, turn.now)
        if isinstance(whereto, Wish) and names_day(whereto):
            named = _only_one_at(turn, times_in(turn, text[:begin]))
            return None if named is None else (named, replace(meaning, wish=whereto, unclear=None))
    return None


def _only_one_at(turn: Turn, wishes: Sequence[Wish]) -> Conversation | None:
    """Find the callback that all of these times are that of; None if it is none, or not one."""
    named = [
        each
        for each in each_of(turn.conversation)
        if wishes and all(fits(each, wish) for wish in wishes)
    ]
    return named[0] if len(named) == 1 else None


def asked_which(turn: Turn) -> Conversation:
    """Tell all callbacks, with their numbers where those differ, and await which one is meant."""
    asking = turn.conversation.but(question=Question.WHICH_ONE)
    booked = [Booked.of(each) for each in each_of(turn.conversation)]
    is_apart = len({each.phone for each in booked}) > 1
    for each in booked:
        at, phone = each.at, each.phone if is_apart else None
        number = None if phone is None else turn.teller.number(phone)
        response = "utter_callback_one_of" if number is None else "utter_callback_one_of_number"
        values = {} if number is None else {"number": number}
        if at is None:
            asking = asking.noting(f"{response}_asap", **values)
        else:
            asking = asking.noting(response, moment=turn.teller.moment(at), **values)
    return asking


def _at(conversation: Conversation) -> list[FreeTime]:
    at = Booked.of(conversation).at
    return [] if at is None else [FreeTime(at)]
