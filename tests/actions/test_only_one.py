"""One wish makes one call: what a number has is told before another one is booked for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from actions import runtime
from ges_connector.callbacks.free_times import time_id
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from tests.actions.dialogue import (
    ASK_CONFIRMED,
    ASK_KIND,
    CONFIRMED,
    FORM,
    KIND,
    SUBMIT,
    drafted,
    open_in,
)

if TYPE_CHECKING:
    from ges_connector.callbacks.verification import ChangeWanted
    from ges_connector.sandbox.sandbox import Sandbox

# The sandbox opens on Monday, 12 January 2026.
AT_14 = datetime(2026, 1, 16, 13, tzinfo=UTC)
DRAFT = drafted(AT_14, callback_confirmed=True, callback_read_back_at="2026-01-12T08:00:00Z")
ASAP = DRAFT | {"callback_kind": "asap", "callback_slot": None}
FRIDAY_AT_14 = "call me on friday at 14:00 on 030 23125011"
FRIDAY_AT_15 = "call me on friday at 15:00 on 030 23125011"


async def book_elsewhere(conversation: Any, draft: dict[str, Any]) -> None:
    """Book a callback in another conversation, and come back as somebody nobody knows."""
    conversation.sender, conversation.slots = "another conversation", dict(draft)
    await conversation.run(SUBMIT, "yes", "affirm")
    conversation.sender, conversation.slots = "this conversation", {}


async def asked(conversation: Any, text: str) -> Any:
    """Say a first message that holds all that is needed, and hear the question."""
    form = await conversation.run(FORM, text, "request_callback")
    requested = form.slots["requested_slot"]
    return await conversation.run(f"action_ask_{requested}", requested=requested)


@pytest.mark.parametrize(
    ("booked", "text", "question"),
    [
        (DRAFT, FRIDAY_AT_14, "utter_ask_callback_second_same"),
        (DRAFT, FRIDAY_AT_15, "utter_ask_callback_second"),
        (ASAP, FRIDAY_AT_15, "utter_ask_callback_second"),
        (DRAFT, "call me as soon as possible on 030 23125011", "utter_ask_callback_second"),
        (ASAP, "call me as soon as possible on 030 23125011", "utter_ask_callback_second_line"),
    ],
)
async def test_a_second_callback_for_a_number_is_asked_about_before_it_is_read_back(
    conversation: Any, ges_sandbox: Sandbox, booked: dict[str, Any], text: str, question: str
) -> None:
    await book_elsewhere(conversation, booked)
    told = await asked(conversation, text)
    assert told.said == [question]
    # Whoever asks has not shown that the number is theirs: nothing is told that they did not say.
    assert [{*each} & {"moment", "number", "reference"} for each in told.responses] == [set()]
    assert len(open_in(ges_sandbox)) == 1


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "Yes, book another one"),
        ("en-GB", "book another one all the same"),
        ("de-DE", "Ja, noch einen buchen"),
        ("de-DE", "ja, trotzdem"),
        ("de-DE", "ja, einen zweiten"),
        ("fr-FR", "Oui, en réserver un autre"),
        ("fr-FR", "oui quand même"),
        ("es-ES", "Sí, reservar otra"),
        ("es-ES", "sí, de todos modos"),
        ("en-GB", "yes, both"),
        ("de-DE", "alle beide bitte"),
        ("fr-FR", "les deux"),
        ("fr-FR", "oui les deux"),
        ("es-ES", "las dos"),
        ("es-ES", "sí las dos"),
    ],
)
async def test_a_yes_may_name_what_it_is_a_yes_to(
    conversation: Any, locale: str, text: str
) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    conversation.slots = DRAFT | {"callback_confirmed": None, "callback_question": "second"}
    yes = await conversation.run(FORM, text, "affirm", requested=KIND)
    assert yes.slots["requested_slot"] == CONFIRMED


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "good"),
        ("en-GB", "right, thanks"),
        ("de-DE", "passt so"),
        ("de-DE", "gut so"),
        ("fr-FR", "c'est bon"),
        ("es-ES", "está bien así"),
    ],
)
async def test_who_may_be_content_with_the_one_is_asked_again(
    conversation: Any, locale: str, text: str
) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    conversation.slots = DRAFT | {"callback_confirmed": None, "callback_question": "second"}
    asked_again = await conversation.run(FORM, text, "affirm", requested=KIND)
    assert asked_again.slots["requested_slot"] == KIND


@pytest.mark.parametrize(
    ("locale", "text"),
    [("en-GB", "no, not another one"), ("de-DE", "nicht noch einen"), ("es-ES", "otra no")],
)
async def test_a_no_may_name_it_too(conversation: Any, locale: str, text: str) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    conversation.slots = DRAFT | {"callback_confirmed": None, "callback_question": "second"}
    no = await conversation.run(FORM, text, "deny", requested=KIND)
    assert no.slots["requested_slot"] is None
    assert no.slots["callback_outcome"] == "nothing_to_do"


async def test_a_yes_books_the_second_one_too(conversation: Any, ges_sandbox: Sandbox) -> None:
    await book_elsewhere(conversation, DRAFT)
    await asked(conversation, FRIDAY_AT_15)
    yes = await conversation.run(FORM, "yes please", "affirm", requested=KIND)
    read_back = await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
    booked = await conversation.answer_read_back("yes", "affirm")
    assert yes.slots["requested_slot"] == CONFIRMED
    assert read_back.said == ["utter_ask_callback_confirmed_scheduled"]
    assert booked.said[0] == "utter_callback_booked_scheduled"
    assert len(open_in(ges_sandbox)) == 2


@pytest.mark.parametrize(("text", "intent"), [("no", "deny"), ("never mind", "never_mind")])
async def test_a_no_leaves_it_at_the_one(
    conversation: Any, ges_sandbox: Sandbox, text: str, intent: str
) -> None:
    await book_elsewhere(conversation, DRAFT)
    await asked(conversation, FRIDAY_AT_14)
    left = await conversation.run(FORM, text, intent, requested=KIND)
    over = await conversation.run(SUBMIT, text, intent)
    assert left.slots["requested_slot"] is None
    assert over.said == ["utter_callback_second_left"]
    assert len(open_in(ges_sandbox)) == 1


@pytest.mark.parametrize(
    ("text", "intent", "choice"),
    [
        ("cancel it", "cancel_callback", None),
        ("move it to monday", "move_callback", None),
        ("", None, "cancel"),
        ("", None, "move"),
    ],
)
async def test_the_one_that_is_there_is_not_changed_from_here(
    conversation: Any, ges_sandbox: Sandbox, text: str, intent: str | None, choice: str | None
) -> None:
    await book_elsewhere(conversation, DRAFT)
    await asked(conversation, FRIDAY_AT_14)
    await conversation.run(FORM, text, intent, choice=choice, requested=KIND)
    over = await conversation.run(SUBMIT, text, intent)
    assert over.said == ["utter_callback_not_yours", "utter_callback_call_in_without_code"]
    assert len(open_in(ges_sandbox)) == 1


async def test_who_tries_times_is_not_told_which_one_it_is(conversation: Any) -> None:
    await book_elsewhere(conversation, DRAFT)
    await asked(conversation, FRIDAY_AT_15)
    await conversation.run(FORM, "on friday at 14:00 then", "inform", requested=KIND)
    again = await conversation.run(ASK_KIND, requested=KIND)
    assert conversation.slots["callback_slot"] == time_id(AT_14)
    assert again.said == ["utter_ask_callback_second"]


async def test_where_many_share_one_number_nobody_is_asked(
    conversation: Any, config: Any, ges_sandbox: Sandbox
) -> None:
    topics = {
        name: topic.model_copy(
            update={"limits": topic.limits.model_copy(update={"ask_before_second": False})}
        )
        for name, topic in config.topics.items()
    }
    shared = config.model_copy(update={"topics": topics})
    runtime.runtime().service.adopt(shared)
    with runtime.using(replace(runtime.runtime(), config=shared)):
        await book_elsewhere(conversation, DRAFT)
        told = await asked(conversation, FRIDAY_AT_15)
        await conversation.run(FORM, "yes", "affirm", requested=CONFIRMED)
        await conversation.run(SUBMIT, "yes", "affirm")
    assert told.said == ["utter_ask_callback_confirmed_scheduled"]
    assert len(open_in(ges_sandbox)) == 2


async def test_another_number_has_nothing_yet(conversation: Any) -> None:
    await book_elsewhere(conversation, DRAFT)
    await asked(conversation, FRIDAY_AT_14)
    other = await conversation.run(FORM, "use 030 23125014 instead", "inform", requested=KIND)
    assert other.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_phone"] == "+493023125014"


async def test_what_is_no_answer_is_asked_again_and_books_nothing(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await book_elsewhere(conversation, DRAFT)
    await asked(conversation, FRIDAY_AT_14)
    for text, intent in (
        ("yes if it costs nothing", "affirm"),
        ("hm whatever", "inform"),
        ("call me", "request_callback"),
    ):
        await conversation.run(FORM, text, intent, requested=KIND)
        again = await conversation.run(ASK_KIND, requested=KIND)
        assert again.said[-1].startswith("utter_ask_callback_second")
    assert len(open_in(ges_sandbox)) == 1


async def test_a_check_that_lets_them_change_it_has_them_told_all(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    async def verify(wanted: ChangeWanted) -> bool:
        return wanted.callback_id != ""

    await book_elsewhere(conversation, DRAFT)
    with runtime.using(replace(runtime.runtime(), verify=verify)):
        told = await asked(conversation, FRIDAY_AT_15)
        keep = await conversation.run(FORM, choice="keep", requested=KIND)
        kept = await conversation.run(SUBMIT, choice="keep")
    assert told.said == ["utter_callback_open_exists"]
    assert "14:00" in told.responses[0]["moment"]
    assert keep.slots["requested_slot"] is None
    assert kept.said == ["utter_callback_kept"]
    assert len(open_in(ges_sandbox)) == 1


async def test_one_that_was_cancelled_or_is_over_stands_in_nobodys_way(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    conversation.slots = dict(DRAFT)
    await conversation.run(SUBMIT, "yes", "affirm")
    conversation.slots["callback_cancel_confirmed"] = True
    await conversation.run("action_submit_callback_cancel_form", "yes", "affirm")
    conversation.sender, conversation.slots = "this conversation", {}
    told = await asked(conversation, FRIDAY_AT_14)
    assert told.said == ["utter_ask_callback_confirmed_scheduled"]
    await book_elsewhere(conversation, ASAP)
    ges_sandbox.advance(7200)
    told = await asked(conversation, FRIDAY_AT_15)
    assert told.said == ["utter_ask_callback_confirmed_scheduled"]


async def test_of_one_that_nobody_confirmed_it_is_said_that_it_may_be(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    ges_sandbox.world.order(Fault(kind="reset-after", operation=Operation.CREATE, count=1))
    await book_elsewhere(conversation, DRAFT)
    told = await asked(conversation, FRIDAY_AT_14)
    assert told.said == ["utter_ask_callback_second_doubt"]


async def test_of_two_conversations_that_book_for_a_number_at_once_one_is_asked(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    twin = replace(conversation, sender="another conversation", slots=dict(DRAFT))
    conversation.slots = DRAFT | {"callback_read_back_at": "2026-01-12T08:00:05Z"}
    outcomes = await asyncio.gather(
        *(each.run(SUBMIT, "yes", "affirm") for each in (conversation, twin))
    )
    assert {each.slots["callback_outcome"] for each in outcomes} == {"booked", "open_already"}
    assert len(open_in(ges_sandbox)) == 1
    asked_one = next(
        each for each in (conversation, twin) if each.slots["callback_outcome"] == "open_already"
    )
    form = await asked_one.run(FORM, "yes", "affirm")
    told = await asked_one.run(ASK_KIND, requested=KIND)
    assert form.slots["requested_slot"] == KIND
    assert told.said == ["utter_ask_callback_second_doubt"]


async def test_who_asked_for_another_one_here_is_not_asked_twice(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    conversation.slots = dict(DRAFT)
    await conversation.run(SUBMIT, "yes", "affirm")
    await conversation.run(FORM, "call me", "request_callback")
    await conversation.run(FORM, "book another one", "request_callback", requested=KIND)
    assert conversation.slots["callback_question"] not in {"second", "second_same"}
    assert len(open_in(ges_sandbox)) == 1


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "a second one"),
        ("de-DE", "einen zweiten Rückruf"),
        ("fr-FR", "un deuxième rappel"),
        ("es-ES", "una segunda llamada"),
    ],
)
async def test_a_second_one_is_no_second_of_the_month(
    conversation: Any, locale: str, text: str
) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    conversation.slots = dict(DRAFT)
    await conversation.run(SUBMIT, "yes", "affirm")
    await conversation.run(FORM, "15:00", "request_callback")
    form = await conversation.run(FORM, text, "request_callback", requested=KIND)
    notes = [note["response"] for note in form.slots.get("callback_notes") or []]
    assert form.slots["requested_slot"] == "callback_slot"
    assert conversation.slots["callback_process"] == "book"
    assert notes == ["utter_callback_one_more"]


async def test_looking_a_number_up_takes_no_further_round_trip_where_it_is_known(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await book_elsewhere(conversation, DRAFT)
    before = len(ges_sandbox.world.journal.entries)
    await conversation.run(FORM, "call me on friday at 15:00", "request_callback")
    asked_for = [entry.operation for entry in ges_sandbox.world.journal.entries[before:]]
    assert {*asked_for} == {"availability", "open-for", "queue-status", "retrieve"}
    assert len(asked_for) == len({*asked_for})
