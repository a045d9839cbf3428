"""What a message means to this assistant, beyond its intent: a time, a number, a yes or a no.

The intent is the engine's guess at the whole; times and numbers are read from the words themselves,
by parsers that answer with a reason instead of a guess.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from actions.booked import Booked
from actions.entries import choice_of, is_entry, number_said
from actions.message import Choice, Intent
from actions.slots import CANCEL_CONFIRMED, PHONE, Question
from actions.told_by_another import day_by_another, shifted, times_shown
from actions.understanding import understood
from ges_connector.callbacks.phone import (
    NumberFault,
    NumberRefused,
    Phone,
    Search,
    search,
    with_own_number,
)
from ges_connector.callbacks.wish_fit import names_time
from ges_connector.language import Choice as Reply
from ges_connector.language import (
    ChoiceKind,
    Grain,
    Unclear,
    UnclearReason,
    Wish,
    WishKind,
)
from ges_connector.language.agreement import (
    Assent,
    Deed,
    agrees_in_part,
    asks_to_book,
    assent_of,
    corrects,
    denies,
    is_plain_no,
    takes_back,
    wants_other,
    without_farewell,
    without_number_end,
    without_one_more,
    yes_and_one_more,
)
from ges_connector.language.answer_words import Other
from ges_connector.language.dictation import digit_said, with_digits
from ges_connector.language.number_ends import NumberEnd, number_end_in
from ges_connector.language.remarks import (
    Remark,
    asks_for_call,
    asks_to_ring,
    calls_too_long,
    is_for_somebody_else,
    puts_elsewhere,
    remark_in,
)
from ges_connector.language.two_numbers import Meant, ruled_out_within, ruling_between

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.message import Message

QUESTIONS: Final = frozenset(
    {
        Intent.ASK_WAIT,
        Intent.ASK_CALL_IN,
        Intent.SHOW_CALLBACK,
        Intent.HELP,
    }
)
"""Intents that ask something back; a time in such a message is no answer."""
_NO_REQUESTS: Final = frozenset({*QUESTIONS, Intent.MOVE_CALLBACK, Intent.FALLBACK})
"""What a first message may be taken for though it asks for a callback at a time."""
_ASKED_BACK: Final = frozenset({Remark.WAIT, Remark.WHEN})
_NO_COMPLAINTS: Final = frozenset({Intent.AFFIRM, Intent.CANCEL_CALLBACK, Intent.ASK_CALL_IN})
"""What is meant though the wait is complained of beside it."""
_STOPS: Final = frozenset({Intent.NEVER_MIND, Intent.GOODBYE})
_NO_ANSWERS: Final = frozenset(
    {Intent.FALLBACK, Intent.GREET, Intent.THANKS, Intent.REPEAT, *_STOPS}
)
"""What a plain yes or no in unusual words may be taken for; the words tell better."""
_NUMBER_ONLY: Final = re.compile(r"[\d\s()+./-]+")
_DIGITS_OF_A_NUMBER: Final = 7
_FEW_DIGITS: Final = re.compile(r"\d[\d\s()/.-]+\d")
_RUN_OF_DIGITS: Final = re.compile(r"[+(]{0,2}\d(?:[\s().\-/]{0,3}\d){6,}")
_SPELT: Final = re.compile(r"\A\W*(?:[^\W\d_][\s.\-]+)+[^\W\d_]\W*\Z")
"""A whole answer in single letters: "Y E S"."""
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_FEW_WORDS: Final = 3
_MENUS: Final = frozenset({Question.SLOT_ONE, Question.SLOT_MENU})
_ONE_IS: Final = re.compile(r"\b(one)['\u2019]s\b", re.IGNORECASE)
"""The first word of "the third one's fine", which is no "one"."""
_WAYS: Final = frozenset({ChoiceKind.EARLIER, ChoiceKind.LATER})
_UNCLEAR_TIMES: Final = frozenset(
    {
        UnclearReason.UNEXPLAINED_DIGITS,
        UnclearReason.TWO_READINGS,
        UnclearReason.TIME_DOES_NOT_EXIST,
        UnclearReason.TIME_EXISTS_TWICE,
    }
)
"""Why a time is not clear that is spoken of for sure."""
_WITHOUT_CLOCK: Final = frozenset({WishKind.DAY, WishKind.ASAP})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message means.

    Attributes:
        message: The message.
        wish: The time it speaks of, or the reply to a menu; None if none can be told.
        unclear: Why no time can be told, where it does speak of one.
        phone: The number in it.
        refused: Why its number cannot be called, where it does hold one.
        text: Its words, but for that number.
        corrects: Whether it says that something is to be other than it is: "rather", "instead".
        is_shift: Whether its time counts from the one that is spoken of: "an hour later".
        others: What else it wants than what was asked about.
        is_yes: Whether its words are a plain yes, be it to a part of what was said.
        is_no: Whether its words are a plain no.
        takes_back: Whether it says that what was called wrong is right after all.
        names_end: Whether it says what digits the number ends in, other than those it does.
    """

    message: Message
    wish: Wish | None = None
    unclear: Unclear | None = None
    phone: Phone | None = None
    refused: NumberRefused | None = None
    text: str = ""
    corrects: bool = False
    is_shift: bool = False
    others: frozenset[Other] = frozenset()
    is_yes: bool = False
    is_no: bool = False
    takes_back: bool = False
    names_end: bool = False

    @property
    def intent(self) -> Intent | None:
        """What the engine took it for."""
        return self.message.intent

    @property
    def choice(self) -> Choice | None:
        """The button."""
        return self.message.choice

    @property
    def says_yes(self) -> bool:
        """Whether it is taken for a yes: enough where nothing comes of it but a question."""
        is_answer = self.intent in _NO_ANSWERS and self.is_yes
        return self.intent is Intent.AFFIRM or self.choice is Choice.YES or is_answer

    @property
    def says_no(self) -> bool:
        """Whether it is a plain no."""
        is_answer = self.intent is Intent.FALLBACK and self.is_no
        is_denied = self.intent is Intent.DENY and not self.is_yes
        return is_denied or self.choice is Choice.NO or is_answer

    @property
    def stops(self) -> bool:
        """Whether the customer wants to leave what is being arranged."""
        # "I have no time then, let's make it Wednesday" goes on.
        is_put_off = self.timed_wish is not None and self.corrects
        goes_on = self.is_yes or is_put_off or Other.NUMBER in self.others
        is_left = self.intent in _STOPS and not goes_on
        return is_left or self.choice is Choice.STOP

    @property
    def wants_other_number(self) -> bool:
        """Whether another number is wanted, and not said which."""
        return (
            Other.NUMBER in self.others
            or self.intent is Intent.OTHER_NUMBER
            or self.choice is Choice.OTHER_NUMBER
        )

    @property
    def wants_other_time(self) -> bool:
        """Whether another time is wanted, and not said which."""
        is_asked = self.intent in {Intent.OTHER_TIME, Intent.MOVE_CALLBACK}
        return is_asked or self.choice is Choice.OTHER_TIME or Other.TIME in self.others

    @property
    def wants_asap(self) -> bool:
        """Whether the call should come as soon as possible."""
        is_asap = self.wish is not None and self.wish.kind is WishKind.ASAP
        return is_asap or self.choice is Choice.ASAP

    @property
    def timed_wish(self) -> Wish | None:
        """The wish, if it says anything about time; None for a mere reply to a menu."""
        if self.wish is None or self.wish.kind is WishKind.ASAP or not names_time(self.wish):
            return None
        return self.wish

    @property
    def way(self) -> ChoiceKind | None:
        """Whether something later or earlier is wanted, and not said how much."""
        if self.timed_wish is not None:
            return None
        beside = () if self.unclear is None else self.unclear.alternatives
        said = beside if self.wish is None else self.wish.readings()
        kinds = {each.choice.kind for each in said if each.choice is not None}
        return next(iter(kinds)) if len(kinds) == 1 and kinds <= _WAYS else None

    @property
    def entry(self) -> int | None:
        """The number of the entry that may be picked from two or more: "the second"."""
        readings = () if self.wish is None else self.wish.readings()
        picked = [reading.choice for reading in readings if reading.choice is not None]
        return next((each.index for each in picked if each.kind is ChoiceKind.INDEX), None)


def meaning_of(turn: Turn) -> Meaning:
    """Read a message.

    Questions, buttons and texts of any length that nobody can take in are not searched for times
    and numbers.
    """
    message = turn.message
    if not message.is_typed or not message.text:
        return Meaning(message, text=message.text)
    turn = _taken_for_what_it_says(turn)
    message = turn.message
    number_end = _number_end(turn)
    if number_end is not None:
        return _with_number_end(number_end, turn)
    picked = _entry_picked(turn)
    if picked is not None:
        return picked
    if message.intent in QUESTIONS and not _orders_one_more(turn):
        return Meaning(message, text=message.text, others=_others(turn))
    if message.intent in QUESTIONS:
        turn = replace(turn, message=replace(message, intent=Intent.REQUEST_CALLBACK))
    text, locale = _said(turn), turn.customer.locale
    found = _searched(text, turn)
    read = _read(found, text, turn)
    read = replace(
        read,
        corrects=corrects(text, locale) or puts_elsewhere(text, turn.customer.language),
        others=read.others | _others(turn),
        is_yes=assent_of(read.text, locale, Deed.BOOK, is_whole=False) is Assent.PLAIN
        or agrees_in_part(read.text, locale),
        is_no=is_plain_no(text, locale),
        takes_back=takes_back(text, locale),
    )
    read = _beside_one_more(read, turn)
    if _moves_booked(read, turn):
        read = replace(read, others=read.others | {Other.TIME})
    return _with_shift(read, turn)


def _beside_one_more(read: Meaning, turn: Turn) -> Meaning:
    """Read the time beside "a second call", whose "second" may spoil it, or in "yes, and … too"."""
    locale, is_booked = turn.customer.locale, turn.conversation.id is not None
    if read.timed_wish and read.entry is None:
        return read
    is_free = is_booked and turn.requested_slot is None
    besides = yes_and_one_more(read.text, locale) if is_free else None
    if Other.CALLBACK in read.others:
        besides = without_one_more(read.text, locale)
    if besides is None:
        return read
    found = understood(besides, turn)
    is_time = isinstance(found, Wish) and found.kind is not WishKind.CHOICE and names_time(found)
    return replace(read, wish=found, unclear=None) if isinstance(found, Wish) and is_time else read


def _entry_picked(turn: Turn) -> Meaning | None:
    """Take "2" or "the second" for the button of the list just shown, and never for an hour."""
    said, message = number_said(turn), turn.message
    if said is None and not is_entry(turn, 1):
        # No list was shown, so that nothing needs to be read.
        return None
    entry = _ordinal(turn) if said is None else said
    if entry is None or (said is None and not is_entry(turn, entry)):
        return None
    choice = choice_of(turn, entry)
    # "The third" may be a day of the month as well: nothing is given up for it.
    if choice is not None and (said is not None or choice is not Choice.STOP):
        return Meaning(replace(message, text="", intent=Intent.CHOOSE, choice=choice))
    picked = Reply(ChoiceKind.INDEX, entry)
    zone = turn.customer.zone.key
    wish = Wish(WishKind.CHOICE, None, None, Grain.ANY, zone, choice=picked)
    return Meaning(replace(message, intent=Intent.INFORM), wish=wish, text=message.text)


def _ordinal(turn: Turn) -> int | None:
    """The place in a list that is the whole message but for a word or two: "the second one"."""
    found, locale = understood(turn.message.text, turn), turn.customer.locale
    # "A second one" is one more callback, and "the two are right" a yes.
    is_yes = assent_of(turn.message.text, locale, Deed.BOOK) is Assent.PLAIN
    if not isinstance(found, Wish) or is_yes or Other.CALLBACK in _others(turn):
        return None
    rest = turn.message.text
    if rest.isalpha() and rest.casefold() in {each.casefold() for each in found.words}:
        return _hour_said(found)
    for words in found.words:
        rest = rest.replace(words, " ", 1)
    is_whole = len(_WORD.findall(rest)) < _FEW_WORDS and not denies(rest, locale)
    return Meaning(turn.message, wish=found).entry if is_whole else None


def _hour_said(found: Wish) -> int | None:
    """The number of "two", which may be an hour of the day or of the night."""
    starts = {each.earliest_at for each in found.readings() if each.kind is WishKind.EXACT}
    hours = {at.astimezone(ZoneInfo(found.zone)).hour % 12 for at in starts if at is not None}
    is_either = found.undecided and len(starts) > 1
    return hours.pop() or None if is_either and len(hours) == 1 else None


def _taken_for_what_it_says(turn: Turn) -> Turn:
    """Put the intent right that the words contradict: a wish for a time is no question."""
    first = _first_wish(turn)
    if first is not None:
        return replace(turn, message=replace(turn.message, intent=first))
    if not _calls_too_long(turn):
        return turn
    is_timed = time_named(turn) is not None
    if not is_timed and turn.requested_slot is None:
        return turn
    if is_timed and turn.message.intent not in QUESTIONS:
        return turn
    intent = Intent.INFORM if is_timed else Intent.OTHER_TIME
    return replace(turn, message=replace(turn.message, intent=intent))


def _calls_too_long(turn: Turn) -> bool:
    """Whether the wait is complained of, and not asked about."""
    said, language, intent = turn.message.text, turn.customer.language, turn.message.intent
    is_meant = intent is not None and intent not in _NO_COMPLAINTS and intent not in _STOPS
    is_meant &= turn.requested_slot != CANCEL_CONFIRMED and calls_too_long(said, language)
    return is_meant and remark_in(said, language) is None


def time_named(turn: Turn) -> Wish | None:
    """Read the time that a message names, question or not; None if it names none for sure."""
    message = turn.message
    if not message.is_typed or not message.text:
        return None
    found = understood(_said(turn), turn)
    is_named = isinstance(found, Wish) and found.kind is not WishKind.CHOICE and names_time(found)
    return found if isinstance(found, Wish) and is_named else None


def _first_wish(turn: Turn) -> Intent | None:
    """What is meant where a call is asked for at a time in what is taken for something else.

    Nothing is open and nothing was booked: so it is one to be arranged at that time; where that is
    not clear, the time is asked for.
    """
    conversation = turn.conversation
    is_there = conversation.id is not None or conversation.unconfirmed is not None
    if is_there or turn.requested_slot is not None or turn.message.intent not in _NO_REQUESTS:
        return None
    said, locale, language = turn.message.text, turn.customer.locale, turn.customer.language
    is_asked = asks_to_book(said, locale) or asks_for_call(said, language)
    if not (is_asked or asks_to_ring(said, language)) or remark_in(said, language) in _ASKED_BACK:
        return None
    found = understood(_said(turn), turn)
    if isinstance(found, Unclear):
        return Intent.OTHER_TIME if found.reason in _UNCLEAR_TIMES else None
    is_time = found.kind is not WishKind.CHOICE and names_time(found)
    # "Do I still have a callback today?" and "move my callback" speak of one, and ask for none.
    is_spoken_of = not is_asked and (
        (turn.message.intent is Intent.MOVE_CALLBACK and corrects(said, locale))
        or (turn.message.intent is Intent.SHOW_CALLBACK and found.kind in _WITHOUT_CLOCK)
    )
    return Intent.REQUEST_CALLBACK if is_time and not is_spoken_of else None


def _number_end(turn: Turn) -> NumberEnd | None:
    """What a message says of the end of the number that is spoken of, if it is another one."""
    if turn.requested_slot is None or turn.requested_slot == CANCEL_CONFIRMED:
        return None
    if turn.conversation.question in {Question.PHONE_SEVERAL, Question.WHICH_ONE}:
        # "The one ending in 12" picks one of those that were given.
        return None
    said = with_digits(turn.message.text, turn.customer.locale)
    found, number = number_end_in(said, turn.customer.locale), turn.conversation.phone
    is_same = found is not None and number is not None and number.endswith(found.digits or "?")
    is_number = _RUN_OF_DIGITS.search(said) is not None
    return None if is_same or is_number else found


def _with_number_end(found: NumberEnd, turn: Turn) -> Meaning:
    """Put the digits at the end of the number; without them, another number is wanted."""
    conversation, locale = turn.conversation, turn.customer.locale
    number = conversation.phone or conversation.phone_before
    beside = _answering(understood(found.rest, turn), found.rest, turn)
    read = Meaning(
        turn.message,
        text=found.rest,
        corrects=True,
        others=wants_other(found.rest, locale) | {Other.NUMBER},
        names_end=True,
    )
    timed = _with_time(read, beside) if isinstance(beside, Wish) else read
    if found.digits is None or number is None:
        return timed
    return _with_patched(timed, number, found.digits, turn)


def _others(turn: Turn) -> frozenset[Other]:
    """What else is wanted; a call for somebody else, too, is one more callback."""
    said, customer = turn.message.text, turn.customer
    others = wants_other(said, customer.locale)
    is_besides = is_for_somebody_else(said, customer.language)
    return others | {Other.CALLBACK} if is_besides else others


def _orders_one_more(turn: Turn) -> bool:
    """Whether what is taken for a question asks to book another callback."""
    said, customer = turn.message.text, turn.customer
    is_order = asks_to_book(said, customer.locale)
    is_order |= is_for_somebody_else(said, customer.language)
    return is_order and Other.CALLBACK in _others(turn)


def _said(turn: Turn) -> str:
    """The words, with numbers as digits, and without the last ones of the number that is known."""
    locale = turn.customer.locale
    entry = digit_said(turn.message.text, locale) if times_shown(turn) else None
    if entry is not None:
        # "Two" is what "2" is at a list of times: its second entry, or an hour of it.
        return str(entry)
    text = _ONE_IS.sub(r"\1 is", _SPELT.sub(_joined, turn.message.text))
    said, phone = with_digits(text, locale), turn.conversation.phone
    said = _with_one_of_two_numbers(without_farewell(said, locale), turn)
    return said if phone is None else without_number_end(said, locale, phone)


def _joined(spelt: re.Match[str]) -> str:
    return "".join(character for character in spelt[0] if character.isalpha())


def _with_one_of_two_numbers(text: str, turn: Turn) -> str:
    """Leave out numbers that are not to be called, where others are named: "not on 0171 …"."""
    runs = [*_RUN_OF_DIGITS.finditer(text)]
    for first, second in itertools.pairwise(runs):
        before, between = text[: first.start()], text[first.end() : second.start()]
        if any(isinstance(understood(words, turn), Wish) for words in (first[0], between)):
            continue
        ruling = ruling_between(before, between, turn.customer.locale)
        if ruling.meant is Meant.FIRST:
            rest = f"{text[: first.end()]}, {text[second.end() :]}"
            return _with_one_of_two_numbers(rest, turn)
        if ruling.meant is Meant.SECOND:
            # A comma keeps "at 10" from being read as part of the number.
            rest = f"{text[: ruling.begin].rstrip()}, {text[second.start() :]}"
            return _with_one_of_two_numbers(rest, turn)
    return text


def _beside_numbers(found: Search, text: str, turn: Turn) -> Wish | Unclear:
    """Understand what is said beside a number; what only joins two of them is left out."""
    beside = understood(found.rest, turn)
    runs = [*_RUN_OF_DIGITS.finditer(text)]
    if isinstance(beside, Wish) or len(runs) < 2:  # noqa: PLR2004 - two
        return beside
    return understood(f"{text[: runs[0].start()]} {text[runs[-1].end() :]}", turn)


def _read(found: Search, text: str, turn: Turn) -> Meaning:
    """Read the number and the time of a message."""
    message, whole = turn.message, understood(text, turn)
    if not _is_telling(found, text, turn) or _is_time(whole, found, text, turn):
        return _with_time(Meaning(message, text=text), _answering(whole, text, turn))
    beside = _answering(_beside_numbers(found, text, turn), found.rest, turn)
    if isinstance(found.answer, Phone):
        ended = _with_end_put_right(found, found.answer, turn)
        if ended is not None:
            return ended
        clear = _beside_ruled_out(text, turn)
        if clear is not None:
            return _without_number(found.answer, text, understood(clear, turn), turn)
        return _with_time(Meaning(message, phone=found.answer, text=found.rest), beside)
    return _with_time(Meaning(message, refused=found.answer, text=found.rest), beside)


def _beside_ruled_out(text: str, turn: Turn) -> str | None:
    """What is said beside the only number and the words that rule it out; None if none do."""
    runs = [*_RUN_OF_DIGITS.finditer(text)]
    if len(runs) != 1:
        return None
    before, behind = text[: runs[0].start()], text[runs[0].end() :]
    words = ruled_out_within(before, behind, turn.customer.locale)
    return None if words is None else f"{before[: words[0]]}, {behind[words[1] :]}"


def _with_end_put_right(found: Search, number: Phone, turn: Turn) -> Meaning | None:
    """Take back the end of a number in the same message: "…11, no, 14 at the end"."""
    end = number_end_in(found.rest.strip(), turn.customer.locale)
    if end is None or _digits(end.rest) == _digits(found.rest):
        return None
    beside = _answering(understood(end.rest, turn), end.rest, turn)
    read = Meaning(turn.message, text=end.rest, corrects=True, names_end=True)
    timed = _with_time(read, beside)
    if end.digits is None:
        return replace(timed, refused=NumberRefused(NumberFault.NONE_FOUND))
    return _with_patched(timed, number.e164, end.digits, turn)


def _with_patched(read: Meaning, number: str, digits: str, turn: Turn) -> Meaning:
    """Put digits at the end of a number."""
    answer = search(f"{number[: -len(digits)]}{digits}", countries=turn.profile.countries).answer
    if isinstance(answer, Phone):
        return replace(read, phone=answer)
    return replace(read, refused=answer)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _without_number(found: Phone, text: str, beside: Wish | Unclear, turn: Turn) -> Meaning:
    """Leave a number that is not to be called; with it among the words, they are no plain yes."""
    is_present = turn.conversation.phone == found.e164
    others = frozenset({Other.NUMBER}) if is_present else frozenset()
    read = Meaning(turn.message, text=text, others=others)
    if _is_asked_for(turn) and not isinstance(beside, Wish):
        return replace(read, refused=NumberRefused(NumberFault.NONE_FOUND))
    return replace(read, wish=beside) if isinstance(beside, Wish) else read


def _with_shift(read: Meaning, turn: Turn) -> Meaning:
    told = day_by_another(read.text, turn)
    if told is not None and not told.days:
        # "The same day" tells when, not that anything shall be other than it is.
        return _with_time(replace(read, wish=None, unclear=None), told.wish)
    found = shifted(read.text, turn) if told is None else told.wish
    if isinstance(found, Unclear):
        return replace(read, wish=None, unclear=found)
    if found is None:
        return read
    return replace(read, wish=found, unclear=None, is_shift=True, corrects=True)


def _moves_booked(read: Meaning, turn: Turn) -> bool:
    """Whether "a bit later" is said where only the callback that is booked can be meant."""
    conversation, intent = turn.conversation, turn.message.intent
    is_asked = turn.requested_slot is not None
    if is_asked and conversation.question is not Question.OPEN_CALLBACK:
        return False
    is_farewell = intent in _NO_ANSWERS and intent is not Intent.FALLBACK
    is_booked = conversation.id is not None and Booked.of(conversation).at is not None
    is_wanted = not is_farewell and not denies(read.text, turn.customer.locale)
    return is_booked and is_wanted and read.way is not None


def _searched(text: str, turn: Turn) -> Search:
    """Look for a number; the only digits in the answer to "which number?" are one."""
    countries, customer = turn.profile.countries, turn.customer
    text = with_own_number(text, turn.conversation.caller_number)

    def found_in(words: str) -> Search:
        return search(
            words,
            countries=countries,
            regions=customer.regions,
            caller_region=customer.caller_region,
        )

    found, runs = found_in(text), _FEW_DIGITS.findall(text)
    if len(runs) != 1 or not _is_asked_for(turn) or isinstance(understood(text, turn), Wish):
        return found
    is_none = isinstance(found.answer, NumberRefused) and (
        found.answer.fault is NumberFault.NONE_FOUND
    )
    return found_in(runs[0]) if is_none else found


def _is_asked_for(turn: Turn) -> bool:
    return turn.requested_slot == PHONE


def _is_telling(found: Search, text: str, turn: Turn) -> bool:
    """Whether a number was found, or a refusal that is no clock time or the like."""
    if isinstance(found.answer, Phone):
        return True
    if found.answer.fault is NumberFault.NONE_FOUND:
        return False
    if _is_asked_for(turn) and not isinstance(understood(text, turn), Wish):
        return True
    digits = sum(character.isdigit() for character in text)
    return digits >= _DIGITS_OF_A_NUMBER or _is_bare_number(text, turn)


def _is_bare_number(text: str, turn: Turn) -> bool:
    """Whether a number was asked for, and some digits are the whole answer."""
    return turn.requested_slot == PHONE and _NUMBER_ONLY.fullmatch(text) is not None


def _is_time(whole: Wish | Unclear, found: Search, text: str, turn: Turn) -> bool:
    """Whether the digits of what looks like a number are those of a date or clock time."""
    if not isinstance(whole, Wish) or _is_bare_number(text, turn):
        return False
    beside = understood(found.rest, turn)
    return not isinstance(beside, Wish) or beside.with_words(()) != whole.with_words(())


def _with_time(meaning: Meaning, found: Wish | Unclear) -> Meaning:
    if isinstance(found, Wish):
        return replace(meaning, wish=found)
    if found.reason in {UnclearReason.NO_TIME_FOUND, UnclearReason.LANGUAGE_UNKNOWN}:
        return meaning
    return replace(meaning, unclear=found)


def _answering(found: Wish | Unclear, text: str, turn: Turn) -> Wish | Unclear:
    """Read a message as the answer to the open question."""
    if turn.requested_slot is not None and isinstance(found, Wish) and found.undecided:
        return _without_first_word(found, text, turn)
    return found


def _without_first_word(found: Wish, text: str, turn: Turn) -> Wish:
    """Take a leading "no" for an answer: "no, Friday at two" does not rule Friday out."""
    rest = understood(text.partition(" ")[2], turn)
    if not isinstance(rest, Wish):
        return found
    meant = {str(reading) for reading in rest.with_words(()).readings()}
    possible = {str(reading) for reading in found.with_words(()).readings()}
    return rest if meant < possible else found
