"""Whole conversations through the flows, with the real actions; what the sandbox holds then."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from actions import runtime
from ges_connector.flows import Command
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ges_connector.flows import Walker
    from ges_connector.sandbox.sandbox import Sandbox

    Open = Callable[..., Walker]

FRIDAY_NOON = datetime(2026, 1, 16, 11, tzinfo=UTC)
BERLIN_NUMBER = "+493023125011"
REQUEST = Command("start", "request_callback")


def way(words: str) -> Command:
    return Command("set", "callback_way", words)


def time(words: str) -> Command:
    return Command("set", "callback_time", words)


def number(words: str) -> Command:
    return Command("set", "callback_number", words)


def agreement(words: str) -> Command:
    return Command("set", "callback_agreement", words)


def cancel_agreement(words: str) -> Command:
    return Command("set", "callback_cancel_agreement", words)


def held(sandbox: Sandbox) -> list[Any]:
    """The callbacks that are there and not over."""
    floor = sandbox.world.rooms(None).centre.floor
    return [each for each in floor.callbacks() if str(each.state.value) in {"SCHEDULED", "QUEUED"}]


def creates(sandbox: Sandbox) -> int:
    return sum(1 for entry in sandbox.world.journal.entries if entry.operation == "create")


async def booked(walk: Open, **options: Any) -> Walker:
    walker = walk(**options)
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    await walker.say("yes please", agreement("yes please"))
    assert walker.slots["callback_outcome"] == "booked"
    return walker


# --- the first question ---------------------------------------------------------------------------

NO_ANSWERS = {
    "en-GB": ("I have a dog", "what is my rent?", "my boiler leaks"),
    "de-DE": ("ich habe einen Hund", "wie hoch ist meine Miete?"),
    "es-ES": ("tengo un perro", "¿cuánto es mi alquiler?"),
    "fr-FR": ("j'ai un chien", "quel est mon loyer ?"),
}
SOME_TIME = {
    "en-GB": ("at a certain time please", "I'd like to pick one", "let me choose"),
    "de-DE": ("zu einer bestimmten Uhrzeit", "ich möchte mir eine Zeit aussuchen"),
    "es-ES": ("a una hora concreta", "quiero elegir la hora"),
    "fr-FR": ("à une heure précise", "je veux choisir"),
}


@pytest.mark.parametrize(
    ("locale", "words"), [(locale, each) for locale, said in NO_ANSWERS.items() for each in said]
)
async def test_what_is_neither_way_is_asked_for_again(walk: Open, locale: str, words: str) -> None:
    walker = walk(metadata={"locale": locale})
    await walker.say("?", REQUEST)
    assert walker.asks_for == "callback_way"
    said = await walker.say(words, way(words))
    assert said == ["utter_callback_not_understood", "utter_ask_callback_kind"]


@pytest.mark.parametrize(
    ("locale", "words"), [(locale, each) for locale, said in SOME_TIME.items() for each in said]
)
async def test_a_time_that_is_not_named_yet_is_offered(walk: Open, locale: str, words: str) -> None:
    walker = walk(metadata={"locale": locale})
    await walker.say("?", REQUEST)
    said = await walker.say(words, way(words))
    assert said[-1].startswith("utter_ask_callback_slot_")


async def test_a_number_is_kept_though_the_model_begins_the_open_flow_again(walk: Open) -> None:
    walker = walk()
    await walker.say("call me back", REQUEST)
    said = await walker.say("call me on 030 23125011", REQUEST)
    assert said[-1] == "utter_ask_callback_kind"
    said = await walker.say("friday at noon", way("friday at noon"))
    assert said == ["utter_ask_callback_confirmed_scheduled"]
    assert walker.slots["callback_phone"] == BERLIN_NUMBER


async def test_a_wish_that_is_said_again_is_no_answer_and_no_miss(walk: Open) -> None:
    walker = walk()
    await walker.say("call me back", REQUEST)
    assert await walker.say("I want a call back", REQUEST) == ["utter_ask_callback_kind"]


async def test_another_time_in_a_wish_that_is_said_again_is_read_back(walk: Open) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    before = walker.slots["callback_slot"]
    said = await walker.say("call me on thursday at 3 pm", REQUEST)
    assert said[-1] == "utter_ask_callback_confirmed_scheduled"
    assert walker.slots["callback_slot"] not in {None, before}
    assert walker.slots["callback_phone"] == BERLIN_NUMBER


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("a second one", "utter_ask_callback_confirmed_scheduled"),
        ("move it", "utter_ask_callback_confirmed_move"),
    ],
)
async def test_a_number_that_is_named_with_the_wish_is_kept_while_it_is_asked_which(
    walk: Open, answer: str, told: str
) -> None:
    walker = await booked(walk)
    said = await walker.say("call me on thursday at 3 pm on 030 23125022", REQUEST)
    assert said[-1] == "utter_callback_open_exists"
    said = await walker.say(answer, way(answer))
    assert said[-1] == told
    assert walker.slots["callback_phone"] == "+493023125022"
    assert walker.said[-1]["number"].replace(" ", "").endswith("23125022")


# --- a callback -----------------------------------------------------------------------------------


async def test_question_by_question(walk: Open, centre: Sandbox) -> None:
    walker = walk()
    assert await walker.say("call me back please", REQUEST) == ["utter_ask_callback_kind"]
    said = await walker.say("on friday at noon", way("on friday at noon"))
    assert said == ["utter_ask_callback_phone"]
    said = await walker.say("030 23125011", number("030 23125011"))
    assert said == ["utter_ask_callback_confirmed_scheduled"]
    said = await walker.say("yes please", agreement("yes please"))
    assert said == [
        "utter_callback_booked_scheduled",
        "utter_callback_calendar",
        "utter_callback_change_hint",
    ]
    (callback,) = held(centre)
    assert (callback.phone_number, callback.desired_at) == (BERLIN_NUMBER, FRIDAY_NOON)
    assert walker.is_over


async def test_all_in_one_sentence_is_read_back_at_once(walk: Open, centre: Sandbox) -> None:
    walker = walk()
    said = await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    assert said == ["utter_ask_callback_confirmed_scheduled"]
    assert held(centre) == []


@pytest.mark.parametrize(
    ("channel", "is_sent"), [("rest", True), ("socketio", True), ("telegram", False)]
)
async def test_a_file_and_a_link_that_dials_go_where_they_can_be_sent(
    walk: Open,
    channel: str,
    is_sent: bool,  # noqa: FBT001 - a row of a table
) -> None:
    walker = await booked(walk, channel=channel)
    named = [each["response"] for each in walker.said]
    assert ("utter_callback_calendar" in named) is is_sent
    await walker.say("let me ring you", Command("start", "give_call_in_number"))
    sent = [each for each in walker.said if each.get("attachment")]
    assert bool(sent) is is_sent


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", "From which number will you call?"),
        ("en-GB", "and what number will the call come from?"),
        ("de-DE", "Von welcher Nummer rufen Sie an?"),
        ("es-ES", "¿Desde qué número me van a llamar?"),
        ("fr-FR", "De quel numéro allez-vous m'appeler ?"),
        ("fr-FR", "Depuis quel numéro appelez-vous ?"),
    ],
)
@pytest.mark.parametrize("question", ["callback_number", "callback_agreement"])
async def test_from_which_number_we_call_is_a_question_and_no_answer(
    walk: Open, locale: str, words: str, question: str
) -> None:
    walker = walk(metadata={"locale": locale})
    await walker.say("?", REQUEST)
    await walker.say("2026-01-16 12:00", way("2026-01-16 12:00"))
    assert walker.asks_for == "callback_number"
    if question == "callback_agreement":
        await walker.say("030 23125011", number("030 23125011"))
    before = dict(walker.slots)
    said = await walker.say(words, Command("set", question, words))
    assert walker.asks_for == question
    assert walker.slots["callback_phone"] == before["callback_phone"]
    assert said[0].startswith("utter_callback_who_calls"), said
    assert not [each for each in said if "not_found" in each or "not_understood" in each]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", "I will call you"),
        ("de-DE", "ich rufe Sie an."),
        ("es-ES", "Les llamo yo"),
        ("fr-FR", "Je vous appelle"),
    ],
)
async def test_who_calls_themselves_is_asked_no_more_though_the_model_began_the_flow_for_it(
    walk: Open, centre: Sandbox, locale: str, words: str
) -> None:
    walker = walk(metadata={"locale": locale})
    await walker.say("?", REQUEST)
    said = await walker.say(words, Command("start", "give_call_in_number"))
    assert said == ["utter_callback_call_in_without_code"]
    assert walker.is_over
    assert walker.slots["callback_outcome"] == "call_in"
    assert not held(centre)


async def test_in_turn(walk: Open, centre: Sandbox) -> None:
    walker = walk()
    await walker.say("call me back", REQUEST)
    await walker.say("as soon as possible", way("asap"))
    await walker.say("030 23125011", number("030 23125011"))
    said = await walker.say("yes", agreement("yes"))
    assert said[0].startswith("utter_callback_booked_asap")
    (callback,) = held(centre)
    assert callback.phone_number == BERLIN_NUMBER


async def test_buttons_alone_lead_to_a_callback(walk: Open, centre: Sandbox) -> None:
    walker = walk(metadata={"caller_number": BERLIN_NUMBER})
    await walker.say("call me back", REQUEST)
    await walker.say("/SetSlots(callback_way=scheduled)")
    assert walker.said[0]["response"].startswith("utter_ask_callback_slot_")
    chosen = walker.said[0]["slot_2_id"]
    said = await walker.say(f"/SetSlots(callback_time={chosen})")
    assert said == ["utter_ask_callback_phone_known"]
    said = await walker.say("/SetSlots(callback_number=yes)")
    assert said == ["utter_ask_callback_confirmed_scheduled"]
    await walker.say("/SetSlots(callback_agreement=yes)")
    assert walker.slots["callback_outcome"] == "booked"
    assert len(held(centre)) == 1


async def test_none_of_these_turns_the_page(walk: Open) -> None:
    walker = walk()
    await walker.say("which times are free?", Command("start", "choose_callback_time"))
    first = walker.said[-1]["slot_1_id"]
    said = await walker.say("/SetSlots(callback_time=none_of_these)")
    assert said[-1].startswith("utter_ask_callback_slot_")
    assert walker.said[-1]["slot_1_id"] != first


async def test_a_digit_on_the_keypad_picks_an_entry(walk: Open) -> None:
    walker = walk(channel="twilio_media_streams")
    await walker.say("which times are free?", Command("start", "choose_callback_time"))
    second = walker.said[-1]["slot_2_id"]
    await walker.say("2", time("2"))
    assert walker.slots["callback_slot"] == second


@pytest.mark.parametrize("channel", ["rest", "twilio_media_streams"])
async def test_a_digit_at_a_question_that_lists_no_times_is_an_entry(
    walk: Open, centre: Sandbox, channel: str
) -> None:
    walker = await booked(walk, channel=channel)
    assert walker.is_over
    for digit, told in {
        "1": ["utter_callback_kept"],
        "2": [f"utter_ask_callback_slot_{5 if channel == 'rest' else 3}"],
    }.items():
        await walker.say("call me back", REQUEST)
        assert walker.asks_for == "callback_way"
        assert await walker.say(digit, way(digit)) == told
    assert len(held(centre)) == 1


async def test_a_digit_at_the_first_question_is_one_of_its_two_ways(walk: Open) -> None:
    walker = walk(channel="twilio_media_streams")
    await walker.say("call me back", REQUEST)
    assert await walker.say("1", way("1")) == ["utter_ask_callback_phone"]
    assert walker.slots["callback_kind"] == "asap"


async def test_at_most_three_times_are_spoken(walk: Open) -> None:
    walker = walk(channel="genesys")
    said = await walker.say("which times are free?", Command("start", "choose_callback_time"))
    assert said[-1] in {f"utter_ask_callback_slot_{count}" for count in (1, 2, 3)}
    assert walker.slots["callback_channel"] == "voice"


async def test_who_calls_is_asked_about_the_number_they_call_from(
    walk: Open, centre: Sandbox
) -> None:
    call = {"locale": "", "user_phone": "+49 30 23125011", "language": "de-DE"}
    walker = walk(channel="genesys", metadata=call)
    said = await walker.say("ruft mich am Freitag um 12 Uhr an", REQUEST)
    assert said == ["utter_ask_callback_phone_known"]
    assert walker.slots["callback_language"] == "de"
    await walker.say("ja, genau", number("ja"))
    await walker.say("ja, bitte", agreement("ja"))
    assert [each.phone_number for each in held(centre)] == [BERLIN_NUMBER]


async def test_a_number_is_read_back_in_groups_and_after_a_no_digit_by_digit(walk: Open) -> None:
    walker = walk(channel="jambonz")
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    in_groups = walker.said[-1]["number"]
    await walker.say("no, another number", agreement("other_number"))
    await walker.say("030 23125012", number("030 23125012"))
    digit_by_digit = walker.said[-1]["number"]
    assert digit_by_digit.count(",") > in_groups.count(",")


# --- what the model may not decide ----------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "yes but later",
        "well, if you must",
        "yes, if it is after six",
        "I am not sure",
        "yes and on thursday too",
        "does it cost anything?",
    ],
)
async def test_a_yes_of_the_models_books_nothing(walk: Open, centre: Sandbox, words: str) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    await walker.say(words, agreement("yes"))
    assert creates(centre) == 0
    assert walker.asks_for is not None


async def test_a_yes_of_the_models_cancels_nothing(walk: Open, centre: Sandbox) -> None:
    walker = await booked(walk)
    await walker.say("cancel it", Command("start", "cancel_callback"))
    await walker.say("hmm, what happens then?", cancel_agreement("yes"))
    await walker.say("hmm, what happens then?", cancel_agreement("cancel"))
    assert len(held(centre)) == 1


async def test_the_models_arithmetic_does_not_count(walk: Open) -> None:
    walker = walk()
    await walker.say("which times are free?", Command("start", "choose_callback_time"))
    await walker.say("friday at noon", time("2026-01-13T09:00"))
    assert walker.slots["callback_read_back_at"] is None
    assert walker.asks_for == "callback_number"
    await walker.say("030 23125011", number("+4915112345678"))
    await walker.say("yes", agreement("yes"))
    assert walker.slots["callback_booking"]["phone"] == BERLIN_NUMBER
    assert walker.said[0]["moment"].startswith("on Friday")


async def test_a_message_that_answered_before_the_flow_began_is_no_yes(
    walk: Open, centre: Sandbox
) -> None:
    walker = walk()
    words = "yes, call me on friday at noon on 030 23125011"
    said = await walker.say(words, REQUEST, agreement("yes"), time("friday at noon"))
    assert said == ["utter_ask_callback_confirmed_scheduled"]
    assert creates(centre) == 0


# --- changes of mind ------------------------------------------------------------------------------


async def test_what_is_said_for_another_question_is_not_lost(walk: Open) -> None:
    walker = walk()
    await walker.say("which times are free?", Command("start", "choose_callback_time"))
    await walker.say("my number is 030 23125011", number("030 23125011"))
    assert walker.asks_for == "callback_time"
    said = await walker.say("friday at noon", time("friday at noon"))
    assert said == ["utter_ask_callback_confirmed_scheduled"]


@pytest.mark.parametrize(
    "commands",
    [
        (time("saturday at ten rather"),),
        (agreement("saturday at ten rather"),),
        (Command("start", "choose_callback_time"),),
        (Command("start", "move_callback"),),
        (time("saturday at ten rather"), agreement("no")),
    ],
)
async def test_another_time_at_the_read_back_whatever_the_model_makes_of_it(
    walk: Open, centre: Sandbox, commands: tuple[Command, ...]
) -> None:
    walker = walk()
    await walker.say("call me back", REQUEST)
    await walker.say("friday at noon", way("friday at noon"))
    await walker.say("030 23125011", number("030 23125011"))
    said = await walker.say("no, saturday at ten rather", *commands)
    assert said[-1] == "utter_ask_callback_confirmed_scheduled"
    assert walker.said[-1]["moment"].startswith("on Saturday")
    await walker.say("yes", agreement("yes"))
    assert [each.desired_at for each in held(centre)] == [datetime(2026, 1, 17, 9, tzinfo=UTC)]


async def test_no_to_everything_asks_what_should_be_different(walk: Open) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    assert await walker.say("no", agreement("no")) == ["utter_ask_callback_change"]
    assert await walker.say("nothing", Command("cancel")) == ["utter_callback_stopped"]
    assert walker.is_over


async def test_leaving_in_the_middle_books_nothing_and_a_new_request_begins_anew(
    walk: Open, centre: Sandbox
) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    assert await walker.say("forget it", Command("cancel")) == ["utter_callback_stopped"]
    assert walker.slots["callback_slot"] is None
    said = await walker.say("call me after all", REQUEST)
    assert said == ["utter_ask_callback_kind"]
    assert creates(centre) == 0


# --- in between -----------------------------------------------------------------------------------

DIGRESSIONS = {
    "check_wait": ("how long is the wait?", "utter_callback_wait"),
    "show_callback": ("when is my callback?", ""),
}


@pytest.mark.parametrize("flow", DIGRESSIONS)
async def test_a_question_is_asked_once_after_a_digression(walk: Open, flow: str) -> None:
    words, answer = DIGRESSIONS[flow]
    walker = walk()
    await walker.say("which times are free?", Command("start", "choose_callback_time"))
    said = await walker.say(words, Command("start", flow))
    assert said[0].startswith(answer)
    assert [each for each in said if each.startswith("utter_ask_")] == said[-1:]
    assert walker.asks_for == "callback_time"
    assert "pattern_continue_interrupted" not in str(walker.asks_for)


async def test_a_digression_twice_in_a_row_and_an_answer(walk: Open, centre: Sandbox) -> None:
    walker = walk()
    await walker.say("call me on friday at noon", REQUEST)
    for _ in range(2):
        await walker.say("how long is the wait?", Command("start", "check_wait"))
    await walker.say("030 23125011", number("030 23125011"))
    await walker.say("yes", agreement("yes"))
    assert len(held(centre)) == 1


async def test_who_asks_for_our_number_in_the_middle_gets_it_and_the_open_question(
    walk: Open, centre: Sandbox
) -> None:
    walker = walk()
    await walker.say("call me on friday at noon", REQUEST)
    said = await walker.say("what is your number?", Command("start", "give_call_in_number"))
    assert said[0].startswith(("utter_callback_call_in", "utter_callback_static_number"))
    assert said[1:] == ["utter_ask_callback_phone"]
    await walker.say("030 23125011", number("030 23125011"))
    await walker.say("yes", agreement("yes"))
    assert [each.desired_at for each in held(centre)] == [FRIDAY_NOON]


async def test_who_would_rather_ring_us_arranges_nothing_more(walk: Open, centre: Sandbox) -> None:
    walker = walk()
    await walker.say("call me back", REQUEST)
    said = await walker.say("I would rather ring you", way("call_in"))
    assert said[0].startswith(("utter_callback_call_in", "utter_callback_static_number"))
    assert walker.is_over
    assert creates(centre) == 0


async def test_what_is_not_understood_gets_a_number_the_second_time(walk: Open) -> None:
    walker = walk()
    first = await walker.say("blue", Command("cannot_handle"))
    second = await walker.say("green", Command("cannot_handle"))
    assert first == ["utter_callback_not_understood_offer"]
    assert second[0] == "utter_callback_not_understood"
    assert second[1].startswith(("utter_callback_call_in", "utter_callback_static_number"))


async def test_a_yes_to_an_offer_that_the_model_could_not_place_is_read_from_its_words(
    walk: Open,
) -> None:
    walker = walk()
    await walker.say("when do you call?", Command("start", "show_callback"))
    said = await walker.say("yes please", Command("cannot_handle"))
    assert said[-1].startswith("utter_ask_callback_kind")


async def test_a_no_to_an_offer_that_the_model_could_not_place_is_read_from_its_words(
    walk: Open,
) -> None:
    walker = walk()
    await walker.say("how long is the wait?", Command("start", "check_wait"))
    assert await walker.say("no thanks", Command("cannot_handle")) == ["utter_callback_stopped"]


async def test_a_time_in_what_the_model_could_not_place_arranges_a_callback(walk: Open) -> None:
    walker = walk()
    said = await walker.say("as soon as possible", Command("cannot_handle"))
    assert said == ["utter_ask_callback_phone"]


@pytest.mark.parametrize("kind", ["cannot_handle", "chitchat", "search", "clarify", "skip"])
async def test_what_the_model_could_not_place_is_read_as_the_answer_to_the_open_question(
    walk: Open, centre: Sandbox, kind: str
) -> None:
    walker = walk()
    await walker.say("call me back", REQUEST)
    await walker.say("friday noon", Command(kind))
    assert walker.asks_for == "callback_number"
    told = await walker.say("who will call?", Command(kind))
    assert told == ["utter_callback_who_calls", "utter_ask_callback_phone"]
    assert await walker.say("purple", Command(kind)) == ["utter_callback_phone_not_found"]
    await walker.say("030 23125011", Command(kind))
    assert walker.asks_for == "callback_agreement"
    await walker.say("yes", Command(kind))
    assert [each.desired_at for each in held(centre)] == [FRIDAY_NOON]


@pytest.mark.parametrize("kind", ["cannot_handle", "chitchat", "search", "clarify", "skip"])
async def test_what_the_model_could_not_place_is_answered_in_our_words(
    walk: Open, kind: str
) -> None:
    walker = walk()
    assert await walker.say("who will call?", Command(kind)) == ["utter_callback_show_none"]
    said = await walker.say("as soon as possible", Command(kind))
    assert said == ["utter_ask_callback_phone"]


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en-GB", "request a callback or check the waiting time"),
        ("de-DE", "einen Rückruf vereinbaren oder die Wartezeit erfragen"),
        ("es-ES", "solicitar una llamada o consultar el tiempo de espera"),
        ("fr-FR", "demander un rappel ou connaître le temps d'attente"),
    ],
)
async def test_flows_that_may_be_meant_are_named(walk: Open, locale: str, told: str) -> None:
    walker = walk(metadata={"locale": locale}, slots={"language": locale[:2]})
    which = Command("clarify", value=("request_callback", "check_wait"))
    assert await walker.say("blurb", which) == ["utter_callback_which_of_these"]
    assert walker.said[0]["flows"] == told
    again = await walker.say("blurb", which)
    assert again[0] == "utter_callback_not_understood"
    assert again[1].startswith(("utter_callback_call_in", "utter_callback_static_number"))


async def test_the_words_decide_before_it_is_asked_which_flow_is_meant(walk: Open) -> None:
    walker = walk()
    which = Command("clarify", value=("request_callback", "check_wait"))
    assert await walker.say("as soon as possible", which) == ["utter_ask_callback_phone"]


async def test_when_the_engine_fails_a_number_to_ring_is_given(walk: Open) -> None:
    walker = walk()
    said = await walker.say("call me on friday", Command("internal_error"))
    assert said[0] == "utter_callback_technical_problem"
    assert said[1].startswith(("utter_callback_call_in", "utter_callback_static_number"))
    assert len(said) == 2


async def test_when_the_engine_fails_beside_a_question_it_is_asked_again(walk: Open) -> None:
    walker = walk()
    await walker.say("call me back", REQUEST)
    said = await walker.say("friday", Command("internal_error"))
    assert said[0] == "utter_callback_technical_problem"
    assert said[-1] == "utter_ask_callback_kind"
    assert len(said) == 3


async def test_who_wants_a_person_is_offered_a_callback(walk: Open) -> None:
    walker = walk()
    said = await walker.say("I want to talk to a human being", Command("handoff"))
    assert said[0].startswith(("utter_callback_call_in", "utter_callback_static_number"))
    assert said[-1].startswith("utter_ask_callback_kind")


async def test_an_answer_that_is_none_is_asked_for_again(walk: Open) -> None:
    walker = walk()
    await walker.say("call me back", REQUEST)
    await walker.say("on friday at noon", way("on friday at noon"))
    said = await walker.say("purple", number("purple"))
    assert said == ["utter_callback_phone_not_found"]
    assert walker.asks_for == "callback_number"


# --- the callback that is there -------------------------------------------------------------------


async def test_it_is_shown_moved_and_cancelled(walk: Open, centre: Sandbox) -> None:
    walker = await booked(walk)
    said = await walker.say("when do you call?", Command("start", "show_callback"))
    assert said == ["utter_callback_show_scheduled"]
    said = await walker.say("saturday at ten rather", Command("start", "move_callback"))
    assert said == ["utter_ask_callback_confirmed_move"]
    said = await walker.say("yes", agreement("yes"))
    assert said[0] == "utter_callback_moved"
    assert [each.desired_at for each in held(centre)] == [datetime(2026, 1, 17, 9, tzinfo=UTC)]
    await walker.say("I do not need it any more", Command("start", "cancel_callback"))
    said = await walker.say("yes, cancel it", cancel_agreement("yes"))
    assert said[0] == "utter_callback_cancelled"
    assert held(centre) == []
    assert walker.slots["callback_outcome"] == "cancelled"


async def test_keeping_it_is_a_no_to_cancelling(walk: Open, centre: Sandbox) -> None:
    walker = await booked(walk)
    await walker.say("cancel my callback", Command("start", "cancel_callback"))
    assert await walker.say("no, keep it", cancel_agreement("no")) == ["utter_callback_kept"]
    assert len(held(centre)) == 1


async def test_leaving_the_question_whether_to_cancel_keeps_it(walk: Open, centre: Sandbox) -> None:
    walker = await booked(walk)
    await walker.say("cancel my callback", Command("start", "cancel_callback"))
    assert await walker.say("oh, stop", Command("cancel")) == ["utter_callback_kept"]
    assert len(held(centre)) == 1


@pytest.mark.parametrize("command", [cancel_agreement("move"), Command("start", "move_callback")])
async def test_another_time_instead_of_cancelling(
    walk: Open, centre: Sandbox, command: Command
) -> None:
    walker = await booked(walk)
    await walker.say("cancel my callback", Command("start", "cancel_callback"))
    said = await walker.say("rather make it saturday at ten", command)
    assert said == ["utter_ask_callback_confirmed_move"]
    await walker.say("yes", agreement("yes"))
    assert [each.desired_at for each in held(centre)] == [datetime(2026, 1, 17, 9, tzinfo=UTC)]


async def test_who_has_one_and_wants_one_is_asked_and_can_cancel_it_there(
    walk: Open, centre: Sandbox
) -> None:
    walker = await booked(walk)
    said = await walker.say("I want a callback", REQUEST)
    assert said == ["utter_callback_open_exists"]
    said = await walker.say("/SetSlots(callback_way=cancel)")
    assert said == ["utter_ask_callback_cancel_confirmed"]
    await walker.say("/SetSlots(callback_cancel_agreement=yes)")
    assert held(centre) == []


async def test_cancelling_as_a_flow_of_its_own_while_that_question_is_open(
    walk: Open, centre: Sandbox
) -> None:
    walker = await booked(walk)
    await walker.say("I want a callback", REQUEST)
    said = await walker.say("cancel the one I have", Command("start", "cancel_callback"))
    assert said == ["utter_ask_callback_cancel_confirmed"]
    said = await walker.say("yes, cancel it", cancel_agreement("yes"))
    assert said[0] == "utter_callback_cancelled"
    assert held(centre) == []
    assert walker.is_over


@pytest.mark.parametrize("flow", ["cancel_callback", "move_callback", "show_callback"])
async def test_without_a_callback_there_is_nothing_to_change(walk: Open, flow: str) -> None:
    walker = walk()
    said = await walker.say("my callback", Command("start", flow))
    assert "utter_callback_show_none" in said
    assert walker.is_over


# --- refusals -------------------------------------------------------------------------------------


async def test_a_time_that_is_taken_meanwhile(walk: Open, centre: Sandbox) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    for count in range(6):
        other = walk(sender=f"other-{count}")
        await other.say(f"call me on friday at noon on 030 2312502{count}", REQUEST)
        await other.say("yes", agreement("yes"))
    taken = len(held(centre))
    said = await walker.say("yes", agreement("yes"))
    assert said[0] == "utter_callback_slot_taken"
    assert walker.asks_for == "callback_time"
    await walker.say("the first one", time("the first one"))
    said = await walker.say("yes", agreement("yes"))
    assert said[0] == "utter_callback_booked_scheduled"
    assert len(held(centre)) == taken + 1


def answering(code: int, status: int = 400) -> Fault:
    return Fault(kind="status", status=status, code=code, operation=Operation.CREATE, count=1)


NO_ANSWER = Fault(kind="reset-after", operation=Operation.CREATE, count=1)
NO_WAY = Fault(kind="refuse", operation=Operation.CREATE)


@pytest.mark.parametrize(
    ("fault", "outcome", "said", "asked"),
    [
        (answering(7042), "office_closed", "utter_callback_office_closed", "callback_time"),
        (answering(7030), "number_invalid", "utter_callback_number_invalid", "callback_number"),
        (
            answering(7037),
            "number_not_allowed",
            "utter_callback_number_not_allowed",
            "callback_number",
        ),
        (
            answering(7041, status=429),
            "limit_reached",
            "utter_callback_limit_reached",
            "callback_number",
        ),
    ],
)
async def test_what_can_be_mended_is_told_and_asked_for(  # noqa: PLR0913 - a row of a table
    walk: Open, centre: Sandbox, *, fault: Fault, outcome: str, said: str, asked: str
) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    centre.world.order(fault)
    told = await walker.say("yes", agreement("yes"))
    assert told[0] == said
    assert (walker.slots["callback_outcome"], walker.asks_for) == (outcome, asked)
    answer = "saturday at ten" if asked == "callback_time" else "030 23125012"
    await walker.say(answer, Command("set", asked, answer))
    await walker.say("yes", agreement("yes"))
    assert walker.slots["callback_outcome"] == "booked"
    assert len(held(centre)) == 1


@pytest.mark.parametrize(
    ("fault", "outcome"), [(NO_ANSWER, "unconfirmed"), (NO_WAY, "unavailable")]
)
async def test_what_cannot_be_mended_ends_with_a_number_to_ring(
    walk: Open, centre: Sandbox, fault: Fault, outcome: str
) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    centre.world.order(fault)
    said = await walker.say("yes", agreement("yes"))
    assert said[0] == f"utter_callback_{outcome}"
    assert said[1].startswith(("utter_callback_call_in", "utter_callback_static_number"))
    assert walker.slots["callback_outcome"] == outcome
    assert walker.is_over


async def test_a_booking_in_doubt_is_not_repeated_without_asking(
    walk: Open, centre: Sandbox
) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    centre.world.order(Fault(kind="reset-before", operation=Operation.CREATE, count=1))
    await walker.say("yes", agreement("yes"))
    assert walker.slots["callback_outcome"] == "unconfirmed"
    said = await walker.say("call me on saturday at ten on 030 23125011", REQUEST)
    assert said[-1].startswith("utter_ask_callback_unconfirmed")
    assert walker.asks_for == "callback_way"
    assert await walker.say("no", way("no")) == ["utter_callback_stopped"]
    assert creates(centre) == 1


@pytest.mark.parametrize(("fault", "outcome"), [(NO_ANSWER, "unconfirmed"), (NO_WAY, "not_moved")])
async def test_a_move_that_fails_leaves_the_old_one(
    walk: Open, centre: Sandbox, fault: Fault, outcome: str
) -> None:
    walker = await booked(walk)
    await walker.say("saturday at ten rather", Command("start", "move_callback"))
    centre.world.order(fault)
    await walker.say("yes", agreement("yes"))
    assert walker.slots["callback_outcome"] == outcome
    assert FRIDAY_NOON in [each.desired_at for each in held(centre)]


async def test_a_move_whose_old_callback_stays_is_told(walk: Open, centre: Sandbox) -> None:
    walker = await booked(walk)
    await walker.say("saturday at ten rather", Command("start", "move_callback"))
    centre.world.order(Fault(kind="refuse", operation=Operation.CANCEL))
    said = await walker.say("yes", agreement("yes"))
    assert said[0] == "utter_callback_moved_old_remains"
    assert walker.slots["callback_outcome"] == "moved_old_remains"


@pytest.mark.parametrize(
    ("kind", "outcome"), [("reset-before", "unconfirmed"), ("refuse", "unavailable")]
)
async def test_a_cancellation_that_fails_is_told(
    walk: Open, centre: Sandbox, kind: Any, outcome: str
) -> None:
    walker = await booked(walk)
    await walker.say("cancel it", Command("start", "cancel_callback"))
    centre.world.order(Fault(kind=kind, operation=Operation.CANCEL))
    said = await walker.say("yes, cancel it", cancel_agreement("yes"))
    assert said[0] == f"utter_callback_cancel_{outcome}"
    assert walker.slots["callback_outcome"] == outcome
    assert len(held(centre)) == 1


async def test_nobody_changes_a_callback_of_another_conversation(
    walk: Open, centre: Sandbox
) -> None:
    walker = await booked(walk)
    stranger = walk(sender="stranger", slots={**walker.slots})
    for flow in ("cancel_callback", "move_callback"):
        said = await stranger.say("yes", Command("start", flow))
        assert said[0] == "utter_callback_not_yours"
    # Permission is asked for once more where it is done.
    asked = walk(slots={**walker.slots})
    await asked.say("cancel it", Command("start", "cancel_callback"))
    asked.sender = "stranger"
    said = await asked.say("yes", cancel_agreement("yes"))
    assert said[0] == "utter_callback_not_yours"
    assert asked.slots["callback_outcome"] == "refused"
    assert len(held(centre)) == 1


async def test_a_second_callback_of_the_same_number_is_asked_about(
    walk: Open, centre: Sandbox
) -> None:
    await booked(walk)
    other = walk(sender="another-chat")
    said = await other.say("call me on saturday at ten on 030 23125011", REQUEST)
    assert other.asks_for == "callback_way", said
    said = await other.say("no, one is enough", way("no"))
    assert other.is_over
    assert len(held(centre)) == 1


async def test_when_ges_is_away_a_number_is_given_at_once(walk: Open, centre: Sandbox) -> None:
    centre.world.order(Fault(kind="refuse"))
    walker = walk()
    said = await walker.say("call me back", REQUEST)
    assert said[0] == "utter_callback_unavailable"
    assert said[1].startswith("utter_callback_static_number")
    assert walker.slots["callback_outcome"] == "unreachable"
    assert walker.is_over


@pytest.mark.parametrize("step", ["begin", "answer", "submit"])
async def test_when_our_own_code_fails_it_is_said_and_nothing_goes_round(
    walk: Open, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    walker = walk()

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    if step != "begin":
        await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    broken_part = {
        "begin": "actions.arranging.step",
        "answer": "actions.arranging.step",
        "submit": "ges_connector.callbacks.service.CallbackService.book",
    }[step]
    monkeypatch.setattr(broken_part, broken)
    command = REQUEST if step == "begin" else agreement("yes")
    said = await walker.say("yes", command)
    assert said[0] == "utter_callback_technical_problem"
    assert walker.is_over == (step != "answer")
    assert (walker.slots["callback_outcome"] == "failed") == (step == "submit")


def losing(walker: Walker, action: str, *, is_carried_out: bool) -> None:
    """Lose the answer of an action on its way back to the engine, once."""
    real, lost = walker.run, [action]

    async def run(name: str, call: dict[str, Any]) -> Mapping[str, Any]:
        if name not in lost:
            return await real(name, call)
        lost.remove(name)
        if is_carried_out:
            await real(name, call)
        return {"events": [], "responses": []}

    walker.run = run


async def test_a_booking_whose_answer_was_lost_on_the_way_back_is_found(
    walk: Open, centre: Sandbox
) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    losing(walker, "action_submit_callback_form", is_carried_out=True)
    assert await walker.say("yes", agreement("yes")) == []
    assert len(held(centre)) == 1
    said = await walker.say("did it work?", Command("start", "show_callback"))
    assert said[0] in {"utter_callback_show_scheduled", "utter_callback_show_scheduled_aside"}
    await walker.say("cancel it", Command("start", "cancel_callback"))
    await walker.say("yes, cancel it", cancel_agreement("yes"))
    assert held(centre) == []


async def test_a_booking_that_got_lost_on_the_way_is_in_doubt_and_not_repeated_unasked(
    walk: Open, centre: Sandbox
) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    losing(walker, "action_submit_callback_form", is_carried_out=False)
    await walker.say("yes", agreement("yes"))
    said = await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    assert said[-1].startswith("utter_ask_callback_unconfirmed")
    assert creates(centre) == 0


async def test_a_cancellation_whose_answer_was_lost_is_told_as_it_is(
    walk: Open, centre: Sandbox
) -> None:
    walker = await booked(walk)
    await walker.say("cancel it", Command("start", "cancel_callback"))
    losing(walker, "action_submit_callback_cancel_form", is_carried_out=True)
    await walker.say("yes, cancel it", cancel_agreement("yes"))
    said = await walker.say("is it cancelled?", Command("start", "show_callback"))
    assert said == ["utter_callback_show_cancelled"]
    assert held(centre) == []


async def test_a_topic_that_the_configuration_has_not_is_logged_once_and_no_text_of_a_customer(
    walk: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runtime, "_unknown_topics", set())
    for topic in ("repairs", "call +493023125011"):
        walker = walk(slots={"callback_profile": topic})
        await walker.say("call me back", REQUEST)
        await walker.say("as soon as possible", way("asap"))
    warned = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert [each for each in warned if "no topic" in each] == [
        "There is no topic repairs: it is treated as billing.",
        "There is no topic of some other name: it is treated as billing.",
    ]


# --- language -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "request_", "yes"),
    [
        ("de-DE", "ruft mich am Freitag um 12 Uhr unter 030 23125011 an", "ja bitte"),
        ("fr-FR", "appelez-moi vendredi à midi au +49 30 23125011", "oui, merci"),
        ("es-ES", "llámenme el viernes a las 12 al +49 30 23125011", "sí, por favor"),
    ],
)
async def test_in_other_languages(
    walk: Open, centre: Sandbox, locale: str, request_: str, yes: str
) -> None:
    walker = walk(metadata={"locale": locale})
    said = await walker.say(request_, REQUEST)
    assert said[-1] == "utter_ask_callback_confirmed_scheduled"
    await walker.say(yes, agreement(yes))
    assert [each.desired_at for each in held(centre)] == [FRIDAY_NOON]
    assert walker.slots["callback_language"] == locale[:2]


async def test_the_engines_own_language_counts_where_the_channel_says_none(
    walk: Open, centre: Sandbox
) -> None:
    walker = walk(slots={"language": "de"})
    walker.metadata = {"timezone": "Europe/Berlin"}
    await walker.say("ruft mich am Freitag um 12 Uhr unter 030 23125011 an", REQUEST)
    await walker.say("ja bitte", agreement("ja bitte"))
    assert len(held(centre)) == 1
