"""What is said to the times on offer: another day, a yes, a no again and again, a later one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from ges_connector.callbacks.free_times import time_id, time_of_id
from tests.actions.dialogue import ASK_TIME, FORM, SHOW

if TYPE_CHECKING:
    from collections.abc import Sequence

BERLIN = ZoneInfo("Europe/Berlin")
# The sandbox opens on Monday, 12 January 2026.
TUESDAY_9, THURSDAY_12, FRIDAY_12 = (
    datetime(2026, 1, 13, 8, tzinfo=UTC),
    datetime(2026, 1, 15, 11, tzinfo=UTC),
    datetime(2026, 1, 16, 11, tzinfo=UTC),
)


def at_menu(conversation: Any, locale: str, offered: Sequence[datetime]) -> None:
    """Put times on offer, as the customer has heard them."""
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    ids = [time_id(at) for at in offered]
    conversation.slots = {
        "callback_process": "book",
        "callback_kind": "scheduled",
        "callback_question": "slot_menu",
        "callback_menu": {"ids": ids, "seen": ids, "told": ids},
    }


async def replied(conversation: Any, text: str, intent: str = "inform") -> Any:
    return await conversation.run(FORM, text, intent, requested="callback_slot")


def offered_in(conversation: Any) -> list[datetime]:
    """The times on offer, by the clock in Berlin."""
    menu = conversation.slots["callback_menu"] or {}
    starts = [time_of_id(each) for each in menu["ids"]]
    return [start.astimezone(BERLIN) for start in starts if start is not None]


# --- another day ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "text", "when"),
    [
        ("en-GB", "what about thursday afternoon?", (15, 12, 18)),
        ("en-GB", "friday", (16, 0, 24)),
        ("en-GB", "thursday in the morning", (15, 6, 12)),
        ("de-DE", "wie wäre es am Donnerstag Nachmittag?", (15, 12, 18)),
        ("de-DE", "freitag", (16, 0, 24)),
        ("fr-FR", "et jeudi après-midi ?", (15, 12, 18)),
        ("fr-FR", "vendredi", (16, 0, 24)),
        ("es-ES", "¿y el jueves por la tarde?", (15, 12, 21)),
        ("es-ES", "el viernes", (16, 0, 24)),
    ],
)
async def test_a_day_or_part_named_at_a_menu_means_all_that_is_free_then(
    conversation: Any, locale: str, text: str, when: tuple[int, int, int]
) -> None:
    at_menu(conversation, locale, [TUESDAY_9, THURSDAY_12, FRIDAY_12])
    outcome = await replied(conversation, text)
    offered, (day, first, last) = offered_in(conversation), when
    assert outcome.slots["requested_slot"] == "callback_slot"
    assert len(offered) > 1
    assert all(at.day == day and first <= at.hour < last for at in offered)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "yes"),
        ("en-GB", "the first one"),
        ("de-DE", "ja"),
        ("de-DE", "das erste"),
        ("fr-FR", "oui"),
        ("es-ES", "sí"),
    ],
)
async def test_a_yes_takes_the_only_time_on_offer(
    conversation: Any, locale: str, text: str
) -> None:
    at_menu(conversation, locale, [FRIDAY_12])
    outcome = await replied(conversation, text, "inform" if "first" in text else "affirm")
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_12)
    assert outcome.slots["requested_slot"] != "callback_slot"


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "the second one"),
        ("en-GB", "the 2nd"),
        ("de-DE", "das zweite"),
        ("fr-FR", "le deuxième"),
        ("es-ES", "el segundo"),
    ],
)
async def test_the_second_of_one_is_no_day_of_the_month(
    conversation: Any, locale: str, text: str
) -> None:
    at_menu(conversation, locale, [FRIDAY_12])
    outcome = await replied(conversation, text)
    assert outcome.noted == ["utter_callback_not_understood"]
    assert outcome.slots["requested_slot"] == "callback_slot"
    assert conversation.slots["callback_menu"]["ids"] == [time_id(FRIDAY_12)]


@pytest.mark.parametrize(
    ("locale", "text"), [("en-GB", "yes"), ("de-DE", "ja"), ("fr-FR", "oui"), ("es-ES", "sí")]
)
async def test_a_yes_to_several_times_hears_in_other_words_that_one_is_to_be_picked(
    conversation: Any, locale: str, text: str
) -> None:
    at_menu(conversation, locale, [TUESDAY_9, FRIDAY_12])
    await replied(conversation, text, "affirm")
    asked = await conversation.run(ASK_TIME, text, "affirm", requested="callback_slot")
    assert asked.said == ["utter_callback_pick_one"]
    assert conversation.slots.get("callback_slot") is None


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "even later"),
        ("de-DE", "noch später"),
        ("fr-FR", "encore plus tard"),
        ("es-ES", "aún más tarde"),
    ],
)
async def test_even_later_is_later_than_the_menu(conversation: Any, locale: str, text: str) -> None:
    at_menu(conversation, locale, [TUESDAY_9, THURSDAY_12])
    await replied(conversation, text)
    assert min(offered_in(conversation)) > THURSDAY_12


# --- a wish that is taken for a question about a callback -----------------------------------------


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "could somebody call me this thursday at 3 pm?"),
        ("de-DE", "rufen sie mich am donnerstag um fünfzehn uhr an"),
        ("fr-FR", "appelez-moi jeudi à 15h"),
        ("es-ES", "llámeme el jueves a las 15"),
    ],
)
@pytest.mark.parametrize("intent", ["show_callback", "move_callback"])
async def test_a_time_where_nothing_is_booked_is_a_wish_whatever_it_is_taken_for(
    conversation: Any, locale: str, text: str, intent: str
) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    if intent == "show_callback":
        shown = await conversation.run(SHOW, text, intent)
        assert (shown.said, shown.followup) == ([], "callback_form")
    await conversation.run(FORM, text, intent)
    assert conversation.slots["callback_slot"] == time_id(datetime(2026, 1, 15, 14, tzinfo=UTC))
    assert conversation.slots["callback_process"] == "book"


# --- a no again and again -------------------------------------------------------------------------

NONE_OF_THEM = {
    "en-GB": "none of these",
    "de-DE": "keiner davon",
    "fr-FR": "aucun",
    "es-ES": "ninguno",
}


async def refused_three_times(conversation: Any, locale: str) -> Any:
    at_menu(conversation, locale, [TUESDAY_9, THURSDAY_12, FRIDAY_12])
    for _ in range(2):
        await replied(conversation, NONE_OF_THEM[locale], "deny")
        asked = await conversation.run(ASK_TIME, requested="callback_slot")
        assert asked.said[-1].startswith("utter_ask_callback_slot_")
        assert asked.said[-1] != "utter_ask_callback_slot_when"
    await replied(conversation, NONE_OF_THEM[locale], "deny")
    return await conversation.run(ASK_TIME, requested="callback_slot")


@pytest.mark.parametrize("locale", NONE_OF_THEM)
async def test_after_three_refusals_no_further_menu_comes(conversation: Any, locale: str) -> None:
    asked = await refused_three_times(conversation, locale)
    assert asked.said == ["utter_ask_callback_slot_when"]
    assert offered_in(conversation) == []


@pytest.mark.parametrize(
    ("locale", "text"), [("en-GB", "yes"), ("de-DE", "ja"), ("fr-FR", "oui"), ("es-ES", "sí")]
)
async def test_a_yes_after_three_refusals_wants_our_number(
    conversation: Any, locale: str, text: str
) -> None:
    await refused_three_times(conversation, locale)
    await replied(conversation, text, "affirm")
    assert conversation.slots["callback_outcome"] == "call_in"


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "friday at 12"),
        ("de-DE", "freitag um 12"),
        ("fr-FR", "vendredi à 12h"),
        ("es-ES", "el viernes a las 12"),
    ],
)
async def test_a_time_named_after_three_refusals_is_taken(
    conversation: Any, locale: str, text: str
) -> None:
    await refused_three_times(conversation, locale)
    await replied(conversation, text)
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_12)


async def test_a_button_after_three_refusals_lends_our_number(conversation: Any) -> None:
    await refused_three_times(conversation, "en-GB")
    await conversation.run(FORM, requested="callback_slot", choice="call_in")
    assert conversation.slots["callback_outcome"] == "call_in"


async def test_a_wish_between_refusals_counts_them_anew(conversation: Any) -> None:
    at_menu(conversation, "en-GB", [TUESDAY_9, THURSDAY_12, FRIDAY_12])
    for text, intent in (
        ("none of these", "deny"),
        ("none of these", "deny"),
        ("thursday afternoon", "inform"),
        ("none of these", "deny"),
    ):
        await replied(conversation, text, intent)
        asked = await conversation.run(ASK_TIME, requested="callback_slot")
        assert asked.said[-1] != "utter_ask_callback_slot_when"


# --- later and earlier than what is on the menu ---------------------------------------------------

AN_HOUR_LATER = {
    "en-GB": "an hour later",
    "de-DE": "eine Stunde später",
    "fr-FR": "une heure plus tard",
    "es-ES": "una hora más tarde",
}


@pytest.mark.parametrize("locale", AN_HOUR_LATER)
async def test_an_hour_later_than_the_only_time_on_offer_is_that_hour(
    conversation: Any, locale: str
) -> None:
    at_menu(conversation, locale, [THURSDAY_12])
    await replied(conversation, AN_HOUR_LATER[locale])
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_12 + timedelta(hours=1))


@pytest.mark.parametrize("locale", AN_HOUR_LATER)
async def test_an_hour_later_than_several_times_is_later_than_all_of_them(
    conversation: Any, locale: str
) -> None:
    at_menu(conversation, locale, [TUESDAY_9, THURSDAY_12])
    await replied(conversation, AN_HOUR_LATER[locale])
    assert min(offered_in(conversation)) == THURSDAY_12 + timedelta(hours=1)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "later in the day"),
        ("en-GB", "later that day please"),
        ("de-DE", "später am Tag"),
        ("de-DE", "später am selben Tag"),
        ("fr-FR", "plus tard dans la journée"),
        ("es-ES", "más tarde ese día"),
    ],
)
async def test_later_in_the_day_is_on_the_day_of_the_menu(
    conversation: Any, locale: str, text: str
) -> None:
    at_menu(conversation, locale, [THURSDAY_12])
    await replied(conversation, text)
    offered = offered_in(conversation)
    assert len(offered) > 1
    assert all(at.day == THURSDAY_12.day and at > THURSDAY_12 for at in offered)


@pytest.mark.parametrize(
    "text", ["second one's grand", "the second one's fine", "2nd one\u2019s ok"]
)
async def test_one_is_no_one_o_clock_behind_a_place_in_the_menu(
    conversation: Any, text: str
) -> None:
    at_menu(conversation, "en-GB", [THURSDAY_12, FRIDAY_12])
    await replied(conversation, text)
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_12)


# --- a number in a word ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "text", "place"),
    [
        ("en-GB", "two", 1),
        ("en-GB", "One.", 0),
        ("de-DE", "zwei", 1),
        ("de-DE", "eins", 0),
        ("fr-FR", "deux", 1),
        ("fr-FR", "un", 0),
        ("es-ES", "dos", 1),
        ("es-ES", "uno", 0),
    ],
)
@pytest.mark.parametrize("channel", ["chat", "voice"])
async def test_a_number_in_a_word_picks_what_its_digit_picks(
    conversation: Any, locale: str, text: str, place: int, channel: str
) -> None:
    offered = [THURSDAY_12, FRIDAY_12]
    for said in (text, str(place + 1)):
        at_menu(conversation, locale, offered)
        conversation.channel = channel
        await replied(conversation, said)
        assert conversation.slots["callback_slot"] == time_id(offered[place]), said


# --- a day after a time ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "first", "then"),
    [
        ("en-GB", "can someone ring me after four?", "friday then"),
        ("de-DE", "am liebsten nach 16 Uhr", "dann Freitag"),
        ("fr-FR", "plutôt après 16 heures", "vendredi alors"),
        ("es-ES", "después de las cuatro de la tarde", "mejor el viernes"),
    ],
)
async def test_a_day_named_after_a_time_of_day_is_meant_with_that_time(
    conversation: Any, locale: str, first: str, then: str
) -> None:
    at_menu(conversation, locale, [TUESDAY_9, THURSDAY_12, FRIDAY_12])
    await replied(conversation, first)
    await replied(conversation, then)
    offered = offered_in(conversation)
    assert offered
    assert {(at.day, at.hour >= 16) for at in offered} == {(16, True)}


@pytest.mark.parametrize(
    ("locale", "first", "then"),
    [
        ("en-GB", "next week please", "tuesday"),
        ("de-DE", "lieber nächste Woche", "Dienstag"),
        ("fr-FR", "plutôt la semaine prochaine", "mardi"),
        ("es-ES", "mejor la semana que viene", "el martes"),
    ],
)
async def test_a_day_named_after_a_week_is_the_one_of_that_week(
    conversation: Any, locale: str, first: str, then: str
) -> None:
    at_menu(conversation, locale, [TUESDAY_9, THURSDAY_12, FRIDAY_12])
    await replied(conversation, first)
    await replied(conversation, then)
    assert {at.day for at in offered_in(conversation)} == {20}


@pytest.mark.parametrize(
    ("first", "then", "days"),
    # Nothing is free on Tuesday, 13 January: these are the days next to it.
    [("next week please", "tomorrow", {12, 15}), ("on thursday", "friday", {16})],
)
async def test_a_day_that_is_no_part_of_what_was_said_before_stands_alone(
    conversation: Any, first: str, then: str, days: set[int]
) -> None:
    at_menu(conversation, "en-GB", [TUESDAY_9, THURSDAY_12, FRIDAY_12])
    await replied(conversation, first)
    await replied(conversation, then)
    assert {at.day for at in offered_in(conversation)} == days


# --- nothing after all ----------------------------------------------------------------------------


@pytest.mark.parametrize("intent", ["deny", "inform", "cancel_callback", "never_mind", "affirm"])
@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "hmm no, cancel that"),
        ("de-DE", "ach nein, stornieren Sie das"),
        ("fr-FR", "non, annulez"),
        ("es-ES", "no, cancélelo"),
    ],
)
async def test_cancel_that_leaves_what_is_only_being_arranged(
    conversation: Any, locale: str, text: str, intent: str
) -> None:
    at_menu(conversation, locale, [TUESDAY_9, THURSDAY_12, FRIDAY_12])
    await replied(conversation, text, intent)
    assert conversation.slots["requested_slot"] is None
    assert conversation.slots["callback_outcome"] == "stopped"


NOTHING_WANTED = [
    ("en-GB", "I do not want anything"),
    ("en-GB", "no thanks"),
    ("de-DE", "nein danke"),
    ("de-DE", "ich will gar nichts"),
    ("fr-FR", "rien du tout"),
    ("fr-FR", "non merci"),
    ("es-ES", "no quiero nada"),
    ("es-ES", "no, gracias"),
]


@pytest.mark.parametrize("intent", ["deny", "inform", "other_time", "never_mind", "nlu_fallback"])
@pytest.mark.parametrize(("locale", "text"), NOTHING_WANTED)
async def test_who_wants_nothing_at_all_is_shown_no_more_times(
    conversation: Any, locale: str, text: str, intent: str
) -> None:
    at_menu(conversation, locale, [TUESDAY_9, THURSDAY_12, FRIDAY_12])
    await replied(conversation, text, intent)
    assert conversation.slots["requested_slot"] is None
    assert conversation.slots["callback_outcome"] == "stopped"


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "I don't want anything before noon"),
        ("en-GB", "nothing on thursday"),
        ("de-DE", "ich will nichts am Donnerstag"),
        ("fr-FR", "rien du tout jeudi"),
        ("es-ES", "no quiero nada el jueves"),
    ],
)
async def test_who_wants_nothing_of_a_day_is_asked_on(
    conversation: Any, locale: str, text: str
) -> None:
    at_menu(conversation, locale, [TUESDAY_9, THURSDAY_12, FRIDAY_12])
    await replied(conversation, text, "deny")
    assert conversation.slots["requested_slot"] == "callback_slot"
    assert conversation.slots.get("callback_outcome") is None


@pytest.mark.parametrize(("locale", "text"), [("en-GB", "no thanks"), ("de-DE", "nein danke")])
async def test_no_thanks_to_the_only_time_on_offer_is_one_to_that_time(
    conversation: Any, locale: str, text: str
) -> None:
    at_menu(conversation, locale, [TUESDAY_9])
    conversation.slots["callback_question"] = "slot_one"
    await replied(conversation, text, "deny")
    assert conversation.slots["requested_slot"] == "callback_slot"


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "can I cancel it later?"),
        ("de-DE", "kann ich das später absagen"),
        ("fr-FR", "je peux annuler plus tard ?"),
        ("es-ES", "¿puedo cancelarla después?"),
    ],
)
async def test_a_question_about_cancelling_later_leaves_nothing(
    conversation: Any, locale: str, text: str
) -> None:
    at_menu(conversation, locale, [TUESDAY_9, THURSDAY_12, FRIDAY_12])
    await replied(conversation, text, "inform")
    assert conversation.slots["requested_slot"] == "callback_slot"
