"""Which number to ring: the one that is known, those that a message may mean, and the misses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from actions.booked import Booked
from actions.slots import Note, Question
from ges_connector.callbacks.phone import (
    NumberFault,
    NumberRefused,
    Phone,
    caller_number,
    calling_code,
    country_of,
)
from ges_connector.language import ChoiceKind
from ges_connector.language.dictation import with_digits
from ges_connector.language.remarks import means_first_number

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.meaning import Meaning
    from actions.slots import Conversation

_MISSES_BEFORE_KEYPAD: Final = 2
_SEVERAL: Final = 2
_LEAST_TELLING_DIGITS: Final = 2
_FAULTS: Final = {
    NumberFault.NONE_FOUND: "utter_callback_phone_not_found",
    NumberFault.SEVERAL_FOUND: "utter_callback_phone_several",
    NumberFault.INVALID: "utter_callback_phone_invalid",
    NumberFault.TOO_SHORT: "utter_callback_phone_too_short",
    NumberFault.TOO_LONG: "utter_callback_phone_invalid",
    NumberFault.EMERGENCY: "utter_callback_phone_emergency",
    NumberFault.SHORT_CODE: "utter_callback_phone_premium",
    NumberFault.PREMIUM: "utter_callback_phone_premium",
    NumberFault.SHARED_COST: "utter_callback_phone_premium",
    NumberFault.COUNTRY_NOT_ALLOWED: "utter_callback_phone_invalid",
}
_MISREAD: Final = {
    NumberFault.NONE_FOUND: "utter_callback_phone_not_found_again",
    NumberFault.SEVERAL_FOUND: "utter_callback_phone_several_again",
    NumberFault.INVALID: "utter_callback_phone_invalid_again",
    NumberFault.TOO_SHORT: "utter_callback_phone_too_short_again",
    NumberFault.TOO_LONG: "utter_callback_phone_invalid_again",
}
"""Faults that another way of giving the number can mend, and how they are told before that."""


def known_number(turn: Turn) -> Phone | None:
    """The number the channel knows, if it can be called back."""
    found = caller_number(
        turn.conversation.caller_number,
        countries=turn.profile.countries,
        regions=turn.customer.regions,
    )
    return found if isinstance(found, Phone) else None


def of_e164(turn: Turn, e164: str | None) -> Phone | None:
    """Read a number that was taken before; None if there is none.

    Args:
        turn: The turn.
        e164: The number.
    """
    found = caller_number(e164, countries=turn.profile.countries, regions=turn.customer.regions)
    return found if isinstance(found, Phone) else None


def with_number(conversation: Conversation, e164: str) -> Conversation:
    """Take a number for the one to ring."""
    return conversation.but(phone=e164, phone_misses=0, phone_readings=(), phone_before=None)


def without_number(conversation: Conversation) -> Conversation:
    """Ask for another number than the one that was taken or offered."""
    before = conversation.phone or conversation.phone_before
    return conversation.but(phone=None, phone_refused=True, phone_readings=(), phone_before=before)


def taken_back(turn: Turn, *, is_known_meant: bool) -> Conversation | None:
    """Take the number again that the customer called wrong; None if there was none.

    Args:
        turn: The turn.
        is_known_meant: Whether the one that the channel knows may be meant as well.
    """
    conversation = turn.conversation
    known = known_number(turn) if is_known_meant and conversation.phone_refused else None
    before = conversation.phone_before or (None if known is None else known.e164)
    return None if before is None else with_number(conversation, before)


def taken(conversation: Conversation, meaning: Meaning) -> Conversation:
    """Take the number out of a message, or what it may be in several countries."""
    if meaning.phone is not None:
        # Where only its end is another one, that is heard best digit by digit.
        is_refused = meaning.names_end or conversation.phone_refused
        return with_number(conversation, meaning.phone.e164).but(phone_refused=is_refused)
    if meaning.refused is not None and meaning.refused.fault is NumberFault.COUNTRY_UNCLEAR:
        return _with_readings(conversation, meaning.refused)
    return conversation


def acknowledged(conversation: Conversation, before: Conversation) -> Conversation:
    """Note that a number was heard before it was asked for, ahead of all else that is noted.

    Args:
        conversation: The conversation, with another question open than whether all is right.
        before: What it was before the message.
    """
    # A callback that is moved keeps the number it was booked with.
    known = {None, before.phone, Booked.of(before).phone}
    if conversation.phone in known:
        return conversation
    thanks = Note(response="utter_callback_number_noted")
    return conversation.but(notes=(thanks, *conversation.notes))


def _with_readings(conversation: Conversation, refused: NumberRefused) -> Conversation:
    possible = (refused.lookalike,) if refused.lookalike is not None else ()
    readings = tuple(phone.e164 for phone in (*refused.candidates, *possible))
    return without_number(conversation).but(phone_readings=readings, question=Question.PHONE)


def is_about_number(meaning: Meaning) -> bool:
    """Whether a message holds a number, one that cannot be called, or the wish for another one."""
    holds_any = meaning.phone is not None or meaning.refused is not None
    return holds_any or meaning.wants_other_number


def countries_asked(turn: Turn) -> dict[str, str]:
    """The countries that a number may be of, told, with the number that it is in each."""
    if turn.conversation.question is Question.PHONE_SEVERAL:
        return {}
    return {
        turn.teller.country(country): e164
        for e164 in turn.conversation.phone_readings
        if (country := country_of(e164)) is not None
    }


def of_country_named(turn: Turn) -> Conversation | None:
    """Take the answer to "of which country is it?": a name or a code; None if it is neither."""
    text = turn.message.text.casefold()
    named = {
        e164
        for name, e164 in countries_asked(turn).items()
        if name.casefold() in text or _is_code_of(text, e164)
    }
    return _of_reading(turn, named.pop()) if len(named) == 1 else None


def _of_reading(turn: Turn, e164: str) -> Conversation:
    """Take a number in one of the countries that it may be of, unless it is none there."""
    if of_e164(turn, e164) is not None:
        return with_number(turn.conversation, e164)
    return without_number(turn.conversation).noting(_FAULTS[NumberFault.INVALID])


def picked(turn: Turn, meaning: Meaning) -> Conversation | None:
    """Take the answer to "which of them?" where several numbers were given; None if it is none.

    Args:
        turn: The turn.
        meaning: The answer: the place of a number, or digits that only one of them holds.
    """
    conversation, said = turn.conversation, turn.message.text
    given = conversation.phone_readings
    if conversation.question is not Question.PHONE_SEVERAL or not given:
        return None
    place = 1 if means_first_number(said, turn.customer.language) else meaning.entry
    choice = None if meaning.wish is None else meaning.wish.choice
    if choice is not None and choice.kind is ChoiceKind.LAST:
        place = len(given)
    if place is not None:
        return with_number(conversation, given[place - 1]) if place <= len(given) else None
    digits = telling_digits(turn)
    if digits is None:
        return None
    # What is said of a number is mostly its end, else its area code or its network.
    ending = [e164 for e164 in given if e164.endswith(digits)]
    meant = ending or [e164 for e164 in given if digits in e164]
    return with_number(conversation, meant[0]) if len(meant) == 1 else None


def telling_digits(turn: Turn) -> str | None:
    """The digits of a message, in figures or words; None where they are too few to tell a number.

    Args:
        turn: The turn.
    """
    said = with_digits(turn.message.text, turn.customer.locale)
    digits = "".join(filter(str.isdigit, said)).lstrip("0")
    return digits if len(digits) >= _LEAST_TELLING_DIGITS else None


def country_asked_again(conversation: Conversation) -> Conversation | None:
    """Ask once more of which country a number is; None if that was asked twice, or never."""
    is_asked = conversation.question is Question.PHONE and bool(conversation.phone_readings)
    if not is_asked or conversation.phone_misses:
        return None
    return conversation.but(phone_misses=1)


def _is_code_of(text: str, e164: str) -> bool:
    """Whether nothing but a country code was said, with or without its plus sign or zeros."""
    digits = "".join(character for character in text if character.isdigit())
    return bool(digits) and digits.removeprefix("00") == calling_code(e164)


def missed(turn: Turn, refused: NumberRefused) -> Conversation | None:
    """Note what is wrong with a number.

    Returns:
        The conversation that asks again, after the second miss in a row in another way; None after
        the third: then a number to ring is due as well.
    """
    misses = turn.conversation.phone_misses + 1
    conversation = without_number(turn.conversation).but(
        phone_misses=misses, question=Question.PHONE
    )
    if refused.fault is NumberFault.COUNTRY_UNCLEAR:
        return _with_readings(turn.conversation, refused)
    if misses > _MISSES_BEFORE_KEYPAD:
        return None
    if misses == _MISSES_BEFORE_KEYPAD and refused.fault in _MISREAD:
        why = _with_several(conversation, refused).noting(_MISREAD[refused.fault])
        return why.noting("utter_callback_phone_keypad")
    return _saying_why(turn, _with_several(conversation, refused), refused)


def missed_once_more(turn: Turn, refused: NumberRefused) -> Conversation:
    """Say what is wrong with a number after three misses, and count anew; the time is kept."""
    asking = without_number(turn.conversation).but(phone_misses=0, question=Question.PHONE)
    return _saying_why(turn, asking, refused)


def _with_several(conversation: Conversation, refused: NumberRefused) -> Conversation:
    """Keep the numbers of which one has to be picked, where several were given."""
    given = tuple(phone.e164 for phone in refused.candidates)
    if refused.fault is not NumberFault.SEVERAL_FOUND or len(given) < _SEVERAL:
        return conversation
    return conversation.but(phone_readings=given, question=Question.PHONE_SEVERAL)


def _saying_why(turn: Turn, conversation: Conversation, refused: NumberRefused) -> Conversation:
    if refused.fault is NumberFault.COUNTRY_NOT_ALLOWED and refused.country is not None:
        country = turn.teller.country(refused.country)
        return conversation.noting("utter_callback_phone_country", country=country)
    return conversation.noting(_FAULTS[refused.fault])
