"""Nothing is booked, moved or cancelled but after a plain yes, in whatever words it is refused."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from ges_connector.callbacks.free_times import time_of_id
from tests.actions.dialogue import (
    ASK_CONFIRMED,
    ASK_KIND,
    BOOKED,
    CANCEL,
    CANCEL_FORM,
    CONFIRMED,
    FORM,
    KIND,
    LOCALES,
    OTHER,
    SUBMIT,
    THURSDAY_AT_15,
    caller,
    open_in,
    read_back,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ges_connector.sandbox.sandbox import Sandbox

TABLE = YAML(typ="safe").load(Path(__file__).parents[1] / "data" / "plain_yes.yml")
NO_YES = YAML(typ="safe").load(Path(__file__).parents[1] / "data" / "no_plain_yes.yml")
HEARD = YAML(typ="safe").load(Path(__file__).parents[1] / "data" / "answers_heard.yml")
# What the engine takes a plain yes for, now and then.
AMISS = ("affirm", "nlu_fallback", "goodbye", "deny")


def limited(language: str) -> list[str]:
    """Yeses with something behind them."""
    table = TABLE[language]
    pairs = itertools.product(table["openings"][:3], table["ends"])
    return [f"{opening} {end}" for opening, end in pairs]


async def answered(
    conversation: Any, language: str, text: str, intent: str = "affirm", process: str = "book"
) -> Any:
    """Answer what was read back."""
    conversation.metadata = caller(language)
    conversation.slots = read_back(process)
    return await conversation.run(FORM, text, intent, requested=CONFIRMED)


async def answered_each(
    conversation: Any,
    language: str,
    texts: Iterable[str],
    intent: str = "affirm",
    process: str = "book",
) -> list[tuple[str, dict[str, Any]]]:
    """Answer the read-back in each of these words: the words, and what is known after them."""
    known = []
    for text in texts:
        await answered(conversation, language, text, intent, process)
        known.append((text, conversation.slots))
    return known


async def answered_each_to_cancelling(
    conversation: Any, language: str, texts: Iterable[str], intent: str = "affirm"
) -> list[tuple[str, dict[str, Any]]]:
    """The same for the question whether to cancel what is booked."""
    conversation.metadata = caller(language)
    known = []
    for text in texts:
        conversation.slots = {"callback_question": "cancel", **BOOKED}
        await conversation.run(CANCEL_FORM, text, intent, requested=CANCEL)
        known.append((text, conversation.slots))
    return known


@pytest.mark.parametrize("language", TABLE)
@pytest.mark.parametrize("process", ["book", "move"])
async def test_a_plain_yes_agrees_to_what_was_read_back(
    conversation: Any, language: str, process: str
) -> None:
    plain = [*TABLE[language]["yes"], *TABLE[language]["spelt"]]
    texts = [*plain, *(TABLE[language]["unchanged"] * (process == "book"))]
    for intent in AMISS:
        known = await answered_each(conversation, language, texts, intent, process)
        assert [text for text, slots in known if slots.get(CONFIRMED) is not True] == [], intent


@pytest.mark.parametrize("language", TABLE)
@pytest.mark.parametrize("intent", ["affirm", "inform", "request_callback", "goodbye"])
@pytest.mark.parametrize("process", ["book", "move"])
async def test_nothing_else_does_whatever_the_engine_takes_it_for(
    conversation: Any, language: str, intent: str, process: str
) -> None:
    others = [*TABLE[language]["other_time"], *(TABLE[language]["unchanged"] * (process == "move"))]
    texts = [*TABLE[language]["no"], *others]
    known = await answered_each(conversation, language, texts, intent, process)
    assert [text for text, slots in known if slots.get(CONFIRMED) is not None] == []


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("process", ["book", "move"])
async def test_harmless_words_that_are_no_yes_together_are_none_to_what_was_read_back(
    conversation: Any, language: str, process: str
) -> None:
    texts = NO_YES[process][language]
    known = await answered_each(conversation, language, texts, process=process)
    assert [text for text, slots in known if slots.get(CONFIRMED) is not None] == []


@pytest.mark.parametrize("language", LOCALES)
async def test_who_counts_on_the_call_or_takes_back_the_cancelling_cancels_nothing(
    conversation: Any, language: str
) -> None:
    known = await answered_each_to_cancelling(conversation, language, NO_YES["cancel"][language])
    assert [text for text, slots in known if slots.get(CANCEL)] == []


@pytest.mark.parametrize("language", HEARD)
@pytest.mark.parametrize(("meant", "agrees"), [("yes", True), ("no", None)])
async def test_what_people_answer_to_the_read_back_is_taken_for_what_it_is(
    conversation: Any, language: str, meant: str, *, agrees: bool | None
) -> None:
    known = await answered_each(conversation, language, HEARD[language][meant])
    assert [text for text, slots in known if slots.get(CONFIRMED) is not agrees] == []


@pytest.mark.parametrize("language", HEARD)
@pytest.mark.parametrize(("meant", "cancels"), [("cancels", True), ("never_cancels", False)])
async def test_what_people_answer_to_shall_i_cancel_is_taken_for_what_it_is(
    conversation: Any, language: str, meant: str, *, cancels: bool
) -> None:
    known = await answered_each_to_cancelling(conversation, language, HEARD[language][meant])
    assert [text for text, slots in known if bool(slots.get(CANCEL)) is not cancels] == []


@pytest.mark.parametrize("language", TABLE)
async def test_a_yes_under_a_condition_is_asked_about(conversation: Any, language: str) -> None:
    known = await answered_each(conversation, language, limited(language))
    assert [text for text, slots in known if slots.get(CONFIRMED) is not None] == []


@pytest.mark.parametrize("language", TABLE)
@pytest.mark.parametrize("intent", ["affirm", "cancel_callback"])
async def test_nothing_is_cancelled_without_a_plain_yes(
    conversation: Any, language: str, intent: str
) -> None:
    others = [text for text in TABLE[language]["no"] if text not in TABLE[language]["cancels"]]
    never = [*TABLE[language]["keeps"], *TABLE[language]["asks"]]
    texts = [*others, *limited(language), *never]
    known = await answered_each_to_cancelling(conversation, language, texts, intent)
    assert [text for text, slots in known if slots.get(CANCEL)] == []


@pytest.mark.parametrize("language", TABLE)
@pytest.mark.parametrize("intent", ["cancel_callback", "deny", "affirm", "other_number"])
async def test_what_is_neither_yes_nor_no_to_cancelling_is_asked_again(
    conversation: Any, language: str, intent: str
) -> None:
    texts = TABLE[language]["asks"]
    known = await answered_each_to_cancelling(conversation, language, texts, intent)
    assert [text for text, slots in known if slots["requested_slot"] != CANCEL] == []


@pytest.mark.parametrize("language", TABLE)
@pytest.mark.parametrize("process", ["book", "move"])
async def test_to_change_the_time_asks_for_another_one(
    conversation: Any, language: str, process: str
) -> None:
    texts = TABLE[language]["other_time"]
    known = await answered_each(conversation, language, texts, process=process)
    assert [text for text, slots in known if slots["requested_slot"] != "callback_slot"] == []


@pytest.mark.parametrize("language", TABLE)
@pytest.mark.parametrize(("told", "cancels"), [("keeps", False), ("cancels", True)])
async def test_to_cancel_it_is_a_yes_to_cancelling_and_not_to_cancel_it_keeps_it(
    conversation: Any, language: str, told: str, *, cancels: bool
) -> None:
    texts = TABLE[language][told]
    known = await answered_each_to_cancelling(conversation, language, texts, "cancel_callback")
    assert [text for text, slots in known if slots[CANCEL] is not cancels] == []


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("en", "no, that's fine", "never_mind"),
        ("de", "nein passt so", "deny"),
        ("fr", "non c'est bon", "never_mind"),
        ("es", "no, está bien", "deny"),
        ("en", "bye", "goodbye"),
        ("de", "tschüss", "goodbye"),
        ("fr", "au revoir", "goodbye"),
        ("es", "adiós", "goodbye"),
        ("en", "i don't want to talk to a human, yes", "request_callback"),
        ("es", "no quiero hablar con un robot, sí", "affirm"),
    ],
)
async def test_a_no_beside_a_yes_and_a_farewell_are_asked_about_once_more(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await answered(conversation, language, text, intent)
    asked = await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
    assert asked.said == ["utter_callback_not_done_yet", "utter_ask_callback_confirmed_scheduled"]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "yes, it ends in 12"), ("de", "ja, sie endet auf 12")]
)
async def test_a_yes_with_another_end_of_the_number_is_read_back_with_it(
    conversation: Any, language: str, text: str
) -> None:
    await answered(conversation, language, text, "inform")
    asked = await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
    assert asked.said == ["utter_ask_callback_confirmed_scheduled"]
    assert conversation.slots["callback_phone"].endswith("12")
    assert not conversation.slots.get("callback_confirmed")


@pytest.mark.parametrize("language", ["de", "fr", "es"])
async def test_until_that_day_is_a_farewell_beside_a_yes(conversation: Any, language: str) -> None:
    known = await answered_each(conversation, language, TABLE[language]["until"], "inform")
    assert [text for text, slots in known if slots.get(CONFIRMED) is not True] == []


async def test_who_takes_leave_twice_may_go(conversation: Any) -> None:
    await answered(conversation, "en", "bye", "goodbye")
    outcome = await conversation.run(FORM, "bye", "goodbye", requested=CONFIRMED)
    assert outcome.slots["callback_outcome"] == "stopped"


async def test_the_second_time_it_is_said_what_makes_a_yes(conversation: Any) -> None:
    conversation.slots = read_back("book")
    said = []
    for _ in range(2):
        await conversation.run(FORM, "yes, sort of", "affirm", requested=CONFIRMED)
        asked = await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
        said.append(asked.said[0])
    assert said[0] != said[1] == "utter_callback_plain_yes_needed"


async def test_the_last_digits_of_the_number_may_be_said_beside_a_yes(conversation: Any) -> None:
    outcome = await answered(conversation, "en", "yes, it ends in 11", "inform")
    assert outcome.slots["callback_confirmed"] is True


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "is it recorded?"),
        ("de", "wird das aufgezeichnet?"),
        ("fr", "est-ce que l'appel est enregistré ?"),
        ("es", "¿se graba la llamada?"),
        ("en", "please delete my data"),
    ],
)
async def test_what_nobody_here_knows_is_told_and_the_question_stays(
    conversation: Any, language: str, text: str
) -> None:
    await answered(conversation, language, text, "help")
    asked = await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
    assert asked.said[0] == "utter_callback_not_known"
    assert asked.said[-1] == "utter_ask_callback_confirmed_scheduled"


@pytest.mark.parametrize("intent", ["request_callback", "inform", "move_callback"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "book another one on friday"),
        ("de", "noch einen Rückruf am Freitag"),
        ("fr", "un autre rappel vendredi"),
        ("es", "otra llamada el viernes"),
    ],
)
async def test_one_more_is_no_change_of_the_one_that_is_moved(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await answered(conversation, language, text, intent, "move")
    asked = await conversation.run(ASK_KIND, requested=KIND)
    assert asked.said == ["utter_callback_open_exists"]


async def test_what_is_no_plain_yes_is_asked_once_more_with_the_reason(conversation: Any) -> None:
    await answered(conversation, "en", "yes if it's free")
    asked = await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
    assert asked.said == ["utter_callback_not_done_yet", "utter_ask_callback_confirmed_scheduled"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "das haut net hin"),
        ("fr", "ça me convient pas"),
        ("en", "doesnt suit me"),
        ("es", "tampoco me viene"),
    ],
)
async def test_a_refusal_that_the_engine_takes_for_a_yes_asks_what_to_change(
    conversation: Any, language: str, text: str
) -> None:
    outcome = await answered(conversation, language, text)
    assert outcome.slots["callback_question"] == "change"


@pytest.mark.parametrize("text", ["passt mir net", "passt mir nicht"])
async def test_a_time_that_does_not_suit_is_one_to_replace_however_the_not_is_spelt(
    conversation: Any, text: str
) -> None:
    outcome = await answered(conversation, "de", text)
    assert outcome.slots.get(CONFIRMED) is None
    assert outcome.slots["callback_question"] == "slot_menu"


@pytest.mark.parametrize(
    ("language", "text", "at"),
    [
        ("de", "das passt nicht, freitag um 14 uhr", datetime(2026, 1, 16, 13, tzinfo=UTC)),
        ("de", "nein stimmt nicht, elf uhr wäre besser", datetime(2026, 1, 15, 10, tzinfo=UTC)),
        ("de", "geht nicht, verschieb auf freitag 15 uhr", datetime(2026, 1, 16, 14, tzinfo=UTC)),
        (
            "en",
            "that's not it, 11am on thursday is better",
            datetime(2026, 1, 15, 10, tzinfo=UTC),
        ),
        ("en", "no not that, friday at 2", datetime(2026, 1, 16, 13, tzinfo=UTC)),
        ("fr", "ça ne va pas, vendredi à 14h", datetime(2026, 1, 16, 13, tzinfo=UTC)),
        (
            "es",
            "me viene mal, ¿me lo pasáis al viernes a las 10?",
            datetime(2026, 1, 16, 9, tzinfo=UTC),
        ),
        ("es", "no, eso no, el viernes a las 10", datetime(2026, 1, 16, 9, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("intent", ["affirm", "deny", "inform", "other_time"])
async def test_the_time_named_behind_a_refusal_is_taken(
    conversation: Any, language: str, text: str, at: datetime, intent: str
) -> None:
    outcome = await answered(conversation, language, text, intent)
    assert time_of_id(outcome.slots["callback_slot"]) == at
    assert outcome.slots.get("callback_confirmed") is None


# --- the time counts from the one that is spoken of ----------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "at"),
    [
        ("en", "an hour later", datetime(2026, 1, 15, 15, tzinfo=UTC)),
        ("en", "half an hour earlier please", datetime(2026, 1, 15, 13, 30, tzinfo=UTC)),
        ("de", "ne stunde später", datetime(2026, 1, 15, 15, tzinfo=UTC)),
        ("de", "um eine stunde nach hinten", datetime(2026, 1, 15, 15, tzinfo=UTC)),
        ("fr", "repoussez d'une heure", datetime(2026, 1, 15, 15, tzinfo=UTC)),
        ("es", "una hora más tarde", datetime(2026, 1, 15, 15, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("intent", ["inform", "other_time", "move_callback", "affirm", "deny"])
async def test_an_hour_later_counts_from_the_time_that_was_read_back(
    conversation: Any, language: str, text: str, at: datetime, intent: str
) -> None:
    outcome = await answered(conversation, language, text, intent)
    assert time_of_id(outcome.slots["callback_slot"]) == at
    assert outcome.slots.get("callback_confirmed") is None


# --- a callback that is booked ------------------------------------------------------------------


async def booked(conversation: Any, language: str) -> None:
    """Book a callback for Thursday at three."""
    await answered(conversation, language, "ok")
    done = await conversation.run(SUBMIT, "ok", "affirm")
    assert done.said[0] == "utter_callback_booked_scheduled"
    conversation.slots["requested_slot"] = None


@pytest.mark.parametrize(
    ("language", "text", "at"),
    [
        ("en", "actually make it friday at 10am instead", datetime(2026, 1, 16, 9, tzinfo=UTC)),
        ("en", "can we do it friday at 3pm instead?", datetime(2026, 1, 16, 14, tzinfo=UTC)),
        ("fr", "vendredi 11h plutôt", datetime(2026, 1, 16, 10, tzinfo=UTC)),
        ("es", "cámbialo para el viernes a las 12", datetime(2026, 1, 16, 11, tzinfo=UTC)),
        ("de", "doch lieber freitag um zehn", datetime(2026, 1, 16, 9, tzinfo=UTC)),
        ("de", "ne stunde später", datetime(2026, 1, 15, 15, tzinfo=UTC)),
        ("en", "push it back an hour", datetime(2026, 1, 15, 15, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("intent", ["inform", "request_callback", "move_callback", "other_time"])
async def test_another_time_for_what_is_booked_is_read_back_at_once(
    conversation: Any, language: str, text: str, at: datetime, intent: str
) -> None:
    await booked(conversation, language)
    await conversation.run(FORM, text, intent)
    asked = await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
    assert time_of_id(conversation.slots["callback_slot"]) == at
    assert asked.said[-1] == "utter_ask_callback_confirmed_move"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "falsche nummer, nehmt bitte die 030 23125014"),
        ("de", "meine Nummer ist nicht richtig, sondern 030 23125014"),
        ("en", "can you change the number to +49 30 23125014"),
        ("fr", "changez le numéro, mettez +49 30 23125014"),
        ("es", "cambie el número al +49 30 23125014"),
    ],
)
@pytest.mark.parametrize("intent", ["other_number", "inform", "deny", "move_callback"])
async def test_another_number_for_what_is_booked_keeps_the_time(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    await booked(conversation, language)
    await conversation.run(FORM, text, intent)
    asked = await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
    assert asked.said == ["utter_ask_callback_confirmed_number"]
    done = await conversation.answer_read_back("ok", "affirm")
    assert done.said[0] == "utter_callback_number_changed"
    assert [each.phone_number for each in open_in(ges_sandbox)] == [OTHER]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "falsche nummer"),
        ("en", "that's the wrong number"),
        ("fr", "non c'est pas le bon numéro"),
        ("es", "no es mi número"),
        ("en", "don't call this number"),
        ("de", "nicht diese Nummer anrufen"),
        ("fr", "n'appelez pas ce numéro"),
        ("es", "no llame a este número"),
    ],
)
@pytest.mark.parametrize("intent", ["other_number", "deny", "affirm", "never_mind", "ask_call_in"])
async def test_a_wrong_number_asks_for_the_right_one_and_keeps_the_time(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await answered(conversation, language, text, intent)
    assert conversation.slots["requested_slot"] == "callback_phone"
    outcome = await conversation.run(FORM, "030 23125014", "inform", requested="callback_phone")
    assert outcome.slots["requested_slot"] == "callback_confirmed"
    assert outcome.slots["callback_phone"] == "+493023125014"
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_15


async def test_a_yes_to_keep_move_or_cancel_asks_it_again(conversation: Any) -> None:
    conversation.slots = {"callback_question": "open_callback", **BOOKED}
    outcome = await conversation.run(FORM, "yes", "affirm", requested=KIND)
    assert outcome.slots["requested_slot"] == "callback_kind"
