"""What is said a second time, after something failed or beside something else, is not lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from tests.actions.dialogue import (
    ANSWER,
    CANCEL_FORM,
    FORM,
    FRIDAY_NOON,
    SUBMIT,
    SUBMIT_CANCEL,
    drafted,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

LENT = "utter_callback_call_in_without_code"
DRAFT = drafted(FRIDAY_NOON, callback_confirmed=True, callback_read_back_at="2026-01-12T08:00:00Z")


async def book(conversation: Any, **different: Any) -> Any:
    conversation.slots = {**DRAFT, **different}
    return await conversation.run(SUBMIT, "yes", "affirm")


# --- a farewell or thanks beside an answer --------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "text", "intent"),
    [
        ("en-GB", "yes please, bye", "goodbye"),
        ("en-GB", "yes, thank you", "thanks"),
        ("de-DE", "ja bitte, tschüss", "goodbye"),
        ("fr-FR", "oui merci, au revoir", "goodbye"),
        ("es-ES", "sí por favor, adiós", "goodbye"),
    ],
)
async def test_a_yes_to_an_offer_is_taken_though_it_ends_in_a_farewell(
    conversation: Any, locale: str, text: str, intent: str
) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    conversation.slots = {"callback_question": "offer"}
    outcome = await conversation.run(ANSWER, text, intent)
    assert outcome.said == []
    assert outcome.followup == "callback_form"


@pytest.mark.parametrize(
    ("text", "intent", "response"),
    [
        ("bye", "goodbye", "utter_callback_goodbye"),
        ("thanks", "thanks", "utter_callback_welcome"),
        ("ok thank you", "thanks", "utter_callback_welcome"),
    ],
)
async def test_a_farewell_and_thanks_without_an_offer_are_answered_in_kind(
    conversation: Any, text: str, intent: str, response: str
) -> None:
    outcome = await conversation.run(ANSWER, text, intent)
    assert outcome.said == [response]
    assert outcome.followup is None


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "thanks, when was it again?"),
        ("de-DE", "danke, wann war das nochmal?"),
        ("fr-FR", "merci, c'était quand déjà ?"),
        ("es-ES", "gracias, ¿cuándo era?"),
    ],
)
async def test_a_question_beside_thanks_is_answered(
    conversation: Any, locale: str, text: str
) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    conversation.slots = dict(DRAFT)
    await conversation.run(SUBMIT, "yes", "affirm")
    outcome = await conversation.run(ANSWER, text, "thanks")
    assert outcome.said == ["utter_callback_show_scheduled"]


# --- a yes after nothing could be booked ----------------------------------------------------------


async def test_a_yes_after_a_failed_booking_tries_again(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    conversation.slots = dict(DRAFT)
    ges_sandbox.world.order(
        Fault(kind="gateway-html", status=403, operation=Operation.CREATE, count=1)
    )
    failed = await conversation.run(SUBMIT, "yes", "affirm")
    again = await conversation.run(ANSWER, "yes", "affirm")
    assert failed.said == ["utter_callback_unavailable", LENT]
    assert again.said == []
    assert again.followup == "callback_form"


async def test_a_yes_after_the_last_booking_of_a_conversation_hears_the_limit_again(
    conversation: Any,
) -> None:
    conversation.slots = {"callback_outcome": "conversation_limit"}
    again = await conversation.run(ANSWER, "yes", "affirm")
    assert again.said == ["utter_callback_conversation_limit", LENT]


# --- a change while GES cannot be asked -----------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "submit", "intent"),
    [
        (CANCEL_FORM, SUBMIT_CANCEL, "cancel_callback"),
        (FORM, SUBMIT, "move_callback"),
    ],
)
async def test_who_wants_a_change_that_cannot_be_looked_up_gets_a_number(
    conversation: Any, ges_sandbox: Sandbox, form: str, submit: str, intent: str
) -> None:
    await book(conversation)
    ges_sandbox.world.order(Fault(kind="status", status=503, operation=Operation.RETRIEVE))
    await conversation.run(form, "change my callback", intent)
    over = await conversation.run(submit, "change my callback", intent)
    assert over.said[0] == "utter_callback_show_unknown"
    assert over.said[1] in {LENT, "utter_callback_static_number"}


# --- one more, before there is one ----------------------------------------------------------------


@pytest.mark.parametrize("intent", ["request_callback", "other_time", "inform", "affirm"])
@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "book another one"),
        ("de-DE", "buchen Sie noch einen"),
        ("fr-FR", "réservez-en un autre"),
        ("es-ES", "reserve otra más"),
    ],
)
async def test_another_one_is_no_other_time_while_none_is_booked(
    conversation: Any, locale: str, text: str, intent: str
) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    conversation.slots = DRAFT | {"callback_confirmed": None}
    outcome = await conversation.run(FORM, text, intent, requested="callback_confirmed")
    notes = [note["response"] for note in outcome.slots.get("callback_notes") or []]
    assert notes == ["utter_callback_not_done_yet"]
    assert outcome.slots["requested_slot"] == "callback_confirmed"
    assert conversation.slots["callback_slot"] == DRAFT["callback_slot"]
    assert conversation.slots["callback_confirmed"] is None
