"""What is said when a callback could not be changed, or when the change costs the customer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from actions import runtime
from ges_connector.callbacks import CallbackService
from ges_connector.callbacks.free_times import time_id
from ges_connector.callbacks.profile import Limits
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from tests.actions.dialogue import (
    ANSWER,
    ASK_CONFIRMED,
    CONFIRMED,
    FORM,
    FRIDAY_AT_15,
    FRIDAY_NOON,
    KNOWN,
    OTHER,
    SHOW,
    SUBMIT,
    SUBMIT_CANCEL,
    drafted,
    open_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ges_connector.api import GesClient
    from ges_connector.callbacks.profile import CallbackConfig
    from ges_connector.sandbox.sandbox import Sandbox

DRAFT = drafted(FRIDAY_NOON, callback_confirmed=True, callback_read_back_at="2026-01-12T08:00:00Z")
ASAP = DRAFT | {"callback_kind": "asap", "callback_slot": None}
MOVE = DRAFT | {"callback_process": "move", "callback_slot": time_id(FRIDAY_AT_15)}
LENT = "utter_callback_call_in_without_code"
# GES lends a number twice or so; then it is the one that is always there.
NUMBERS = {LENT, "utter_callback_static_number"}


async def book(conversation: Any, draft: dict[str, Any]) -> None:
    conversation.slots = dict(draft)
    await conversation.run(SUBMIT, "yes", "affirm")


def lent_by(sandbox: Sandbox) -> int:
    return sum(1 for entry in sandbox.world.journal.entries if entry.operation == "call-in")


# --- a cancellation that was certainly not carried out --------------------------------------------


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(("draft", "variant"), [(DRAFT, ""), (ASAP, "_asap")])
async def test_a_cancellation_that_ges_did_not_take_is_told_as_not_done(
    conversation: Any, ges_sandbox: Sandbox, status: int, draft: dict[str, Any], variant: str
) -> None:
    await book(conversation, draft)
    conversation.slots["callback_cancel_confirmed"] = True
    ges_sandbox.world.order(
        Fault(kind="gateway-html", status=status, operation=Operation.CANCEL, count=1)
    )
    outcome = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert outcome.said == [f"utter_callback_cancel_unavailable{variant}", LENT]
    assert len(open_in(ges_sandbox)) == 1
    again = await conversation.run(ANSWER, "yes", "affirm")
    assert again.said[0].startswith("utter_callback_show_")


async def test_what_stands_is_not_told_while_a_cancel_is_on_its_way_though_the_server_was_restarted(
    conversation: Any, make_client: Callable[[], GesClient], ges_sandbox: Sandbox
) -> None:
    before = runtime.runtime()
    await book(conversation, DRAFT)

    async def cancels() -> str:
        conversation.slots["callback_cancel_confirmed"] = True
        return str((await conversation.run(SUBMIT_CANCEL, "yes", "affirm")).said[0])

    async def shows() -> list[str]:
        said = (await conversation.run(SHOW, "when is it", "show_callback")).said
        return [each for each in said if each not in NUMBERS]

    ges_sandbox.order(Fault(kind="reset-before", operation=Operation.CANCEL, count=1))
    told = [await cancels()]
    ges_sandbox.order(Fault(kind="throttle", operation=Operation.CANCEL))
    service = CallbackService(make_client, before.config, clock=before.now)
    with runtime.using(replace(before, service=service)):
        told += [await cancels(), *await shows()]
        assert told == ["utter_callback_cancel_unconfirmed"] * 3
        ges_sandbox.advance(26)
        shown = await shows()
        assert shown == ["utter_callback_show_scheduled_aside", "utter_callback_cancel_not_done"]
        assert await cancels() == "utter_callback_cancel_unavailable"
    await service.aclose()


async def test_what_another_conversation_cancels_is_not_told_as_booked_meanwhile(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await book(conversation, DRAFT)
    ges_sandbox.order(Fault(kind="reset-before", operation=Operation.CANCEL, count=1))
    await runtime.runtime().service.cancel("billing", conversation.slots["callback_id"])
    for requested in (None, CONFIRMED):
        shown = await conversation.run(SHOW, "when is it", "show_callback", requested=requested)
        assert shown.said[0] == "utter_callback_cancel_unconfirmed"
        assert shown.said[1] in NUMBERS


# --- limits in the middle of a move ---------------------------------------------------------------


@pytest.mark.parametrize(("draft", "variant"), [(DRAFT, ""), (ASAP, "_asap")])
async def test_a_move_beyond_the_limit_of_the_conversation_is_told_as_that(
    conversation: Any, ges_sandbox: Sandbox, config: CallbackConfig, draft: Any, variant: str
) -> None:
    limited = with_limits(config, per_conversation=1)
    runtime.runtime().service.adopt(limited)
    await book(conversation, draft)
    conversation.slots |= MOVE
    outcome = await conversation.run(SUBMIT, "yes", "affirm")
    assert outcome.said == [f"utter_callback_not_moved_conversation_limit{variant}", LENT]
    assert len(open_in(ges_sandbox)) == 1


async def test_a_move_beyond_the_limit_of_the_number_asks_for_another_and_can_be_left(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await book(conversation, DRAFT)
    conversation.slots |= MOVE
    ges_sandbox.world.order(Fault(kind="throttle", operation=Operation.CREATE, count=1))
    refused = await conversation.run(SUBMIT, "yes", "affirm")
    form = await conversation.run(FORM, "yes", "affirm")
    asked = await conversation.run("action_ask_callback_phone")
    left = await conversation.run(FORM, choice="keep", requested="callback_phone")
    over = await conversation.run(SUBMIT, choice="keep")
    assert refused.followup == "callback_form"
    assert form.slots["requested_slot"] == "callback_phone"
    assert asked.said == ["utter_callback_not_moved_number_limit"]
    assert left.slots["requested_slot"] is None
    assert over.said == ["utter_callback_kept"]
    assert len(open_in(ges_sandbox)) == 1


def with_limits(config: CallbackConfig, **limits: Any) -> CallbackConfig:
    topics = {
        name: topic.model_copy(update={"limits": Limits(**limits)})
        for name, topic in config.topics.items()
    }
    return config.model_copy(update={"topics": topics})


async def test_who_says_yes_to_what_could_not_be_moved_is_not_told_that_it_is_done(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await book(conversation, DRAFT)
    conversation.slots |= MOVE
    ges_sandbox.world.order(
        Fault(kind="gateway-html", status=403, operation=Operation.CREATE, count=1)
    )
    refused = await conversation.run(SUBMIT, "yes", "affirm")
    again = await conversation.run(ANSWER, "yes", "affirm")
    assert refused.said == ["utter_callback_not_moved"]
    assert again.said == ["utter_callback_show_scheduled"]


async def test_another_clock_time_for_a_callback_is_one_of_its_own_day(conversation: Any) -> None:
    await book(conversation, DRAFT)
    form = await conversation.run(FORM, "rather at 15:00", "move_callback")
    assert form.slots["requested_slot"] == "callback_confirmed"
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_AT_15)


async def test_a_yes_to_what_could_not_be_looked_up_is_not_told_as_done(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await book(conversation, DRAFT)
    ges_sandbox.world.order(Fault(kind="status", status=503, operation=Operation.RETRIEVE))
    await conversation.run("validate_callback_cancel_form", "cancel it", "cancel_callback")
    await conversation.run(SUBMIT_CANCEL, "cancel it", "cancel_callback")
    again = await conversation.run(ANSWER, "yes", "affirm")
    assert again.said == ["utter_callback_show_unknown"]


# --- another number for a callback that waits its turn --------------------------------------------


async def test_another_number_in_turn_costs_the_place_and_that_is_asked(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await book(conversation, ASAP)
    form = await conversation.run(FORM, "please use 030 23125014 instead", "other_number")
    asked = await conversation.run(ASK_CONFIRMED, requested="callback_confirmed")
    assert form.slots["requested_slot"] == "callback_confirmed"
    (read_back,) = asked.responses
    assert read_back["response"].startswith("utter_ask_callback_confirmed_number_asap")
    assert read_back["number"] == "+49 30 23125014"
    assert [each.phone_number for each in open_in(ges_sandbox)] == [KNOWN]
    agreed = await conversation.run(FORM, "yes", "affirm", requested="callback_confirmed")
    changed = await conversation.run(SUBMIT, "yes", "affirm")
    assert agreed.slots["callback_confirmed"] is True
    assert changed.said == ["utter_callback_number_changed_asap"]
    assert [each.phone_number for each in open_in(ges_sandbox)] == [OTHER]


@pytest.mark.parametrize(
    ("text", "intent", "choice"), [("", "choose", "keep"), ("no", "deny", None)]
)
async def test_who_would_rather_keep_the_place_keeps_it(
    conversation: Any, ges_sandbox: Sandbox, text: str, intent: str, choice: str | None
) -> None:
    await book(conversation, ASAP)
    await conversation.run(FORM, "please use 030 23125014 instead", "other_number")
    await conversation.run(ASK_CONFIRMED, requested="callback_confirmed")
    left = await conversation.run(FORM, text, intent, choice=choice, requested="callback_confirmed")
    assert left.slots.get("callback_confirmed") is None
    assert [each.phone_number for each in open_in(ges_sandbox)] == [KNOWN]


# --- what was never read back ---------------------------------------------------------------------


@pytest.mark.parametrize("read_back_at", [None, "yesterday", "2026-01-12T08:00:00"])
async def test_a_yes_to_what_was_never_read_back_books_nothing_and_is_asked_for_again(
    conversation: Any, ges_sandbox: Sandbox, read_back_at: Any
) -> None:
    odd = DRAFT | {"callback_read_back_at": read_back_at}
    conversation.slots = dict(odd)
    await conversation.run(SUBMIT, "yes", "affirm")
    conversation.slots = odd | {"callback_confirmed": None}
    form = await conversation.run(FORM, "yes", "affirm", requested="callback_confirmed")
    asked = await conversation.run(ASK_CONFIRMED, requested="callback_confirmed")
    assert open_in(ges_sandbox) == []
    assert form.slots["requested_slot"] == "callback_confirmed"
    assert asked.said == ["utter_ask_callback_confirmed_scheduled"]


# --- numbers to ring ------------------------------------------------------------------------------


async def test_a_number_is_lent_once_and_told_again_as_long_as_it_is_good(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    first = await conversation.run("action_give_call_in", "your number please", "ask_call_in")
    again = await conversation.run("action_give_call_in", "your number again", "ask_call_in")
    noted = await conversation.run("action_not_understood", "what does it cost", "nlu_fallback")
    assert first.responses[0] == again.responses[0]
    assert noted.said[-1] == LENT
    assert noted.responses[-1]["number"] == first.responses[0]["number"]
    assert lent_by(ges_sandbox) == 1


async def test_a_number_that_is_about_to_expire_is_not_told_again(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.run("action_give_call_in", "your number please", "ask_call_in")
    ges_sandbox.advance(24 * 3600)
    await conversation.run("action_give_call_in", "your number again", "ask_call_in")
    assert lent_by(ges_sandbox) == 2


@pytest.mark.parametrize("odd", [7, "", {}, {"number": 7}, {"number": "+1"}, {"until": "s1"}])
async def test_an_odd_note_of_a_number_counts_as_none(
    conversation: Any, ges_sandbox: Sandbox, odd: Any
) -> None:
    conversation.slots = {"callback_call_in": odd}
    told = await conversation.run("action_give_call_in", "your number please", "ask_call_in")
    assert told.said == [LENT]
    assert lent_by(ges_sandbox) == 1
