"""What answers mean, question by question."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ges_connector.sandbox.sandbox import Sandbox
from tests.actions.dialogue import FORM

QUESTIONS = ["callback_kind", "callback_slot", "callback_phone", "callback_confirmed"]


async def at_read_back(conversation: Any) -> None:
    """Arrange a callback up to the read-back."""
    await conversation.run(FORM, "call me on friday at 13:00 on 030 23125011", "request_callback")
    await conversation.run("action_ask_callback_confirmed")
    assert conversation.slots["requested_slot"] == "callback_confirmed"


async def test_a_turn_asks_each_thing_of_ges_once(conversation: Any, ges_sandbox: Sandbox) -> None:
    await conversation.run(FORM, "call me", "request_callback")
    await conversation.run("action_ask_callback_kind")
    asked = Counter(entry.operation for entry in ges_sandbox.world.journal.entries)
    assert asked == {"queue-status": 1, "open-for": 1, "availability": 1}


async def test_asking_again_after_a_digression_asks_nothing_of_ges(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.run(FORM, "call me", "request_callback")
    before = len(ges_sandbox.world.journal.entries)
    again = await conversation.run(FORM, "what can you do", "help", requested="callback_kind")
    asked = await conversation.run("action_ask_callback_kind", requested="callback_kind")
    assert again.slots == {"requested_slot": "callback_kind"}
    assert asked.said == ["utter_ask_callback_kind"]
    assert len(ges_sandbox.world.journal.entries) == before


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("yes but at 3 pm", "affirm"),
        ("yes, on 030 23125014", "affirm"),
        ("yes at 25:00", "affirm"),
        ("yes, later", "affirm"),
        ("ok as soon as possible then", "affirm"),
        ("112", "affirm"),
        ("no", "deny"),
        ("hm", "nlu_fallback"),
        ("goodbye", "goodbye"),
    ],
)
async def test_only_a_yes_that_changes_nothing_confirms(
    conversation: Any, text: str, intent: str
) -> None:
    await at_read_back(conversation)
    outcome = await conversation.run(FORM, text, intent, requested="callback_confirmed")
    assert outcome.slots.get("callback_confirmed") is None


@pytest.mark.parametrize("text", ["yes", "yes, friday at 13:00", "yes on 030 23125011"])
async def test_a_yes_may_repeat_what_was_read_back(conversation: Any, text: str) -> None:
    await at_read_back(conversation)
    outcome = await conversation.run(FORM, text, "affirm", requested="callback_confirmed")
    assert outcome.slots["callback_confirmed"] is True
    assert outcome.slots["requested_slot"] is None


async def test_what_is_read_back_again_is_another_agreement(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await at_read_back(conversation)
    first = conversation.slots["callback_read_back_at"]
    ges_sandbox.advance(1)
    await conversation.run("action_ask_callback_confirmed")
    assert conversation.slots["callback_read_back_at"] != first


@pytest.mark.parametrize("intent", ["order_pizza", "ask_wait", "show_callback", "help"])
async def test_what_is_no_answer_is_left_to_the_rules(conversation: Any, intent: str) -> None:
    await conversation.run(FORM, "call me", "request_callback")
    for requested in QUESTIONS:
        outcome = await conversation.run(FORM, "pizza", intent, requested=requested)
        assert outcome.slots == {"requested_slot": requested}


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    text=st.text(max_size=60) | st.sampled_from(["at 3", "the second", "+4930", "no, friday"]),
    intent=st.sampled_from(["affirm", "deny", "inform", "other_time", "nlu_fallback", "thanks"]),
    requested=st.sampled_from(QUESTIONS),
)
async def test_any_message_at_any_question_leads_to_a_question_or_an_end(
    conversation: Any, text: str, intent: str, requested: str
) -> None:
    conversation.slots = {}
    await conversation.run(FORM, "call me on friday at 13:00", "request_callback")
    outcome = await conversation.run(FORM, text, intent, requested=requested)
    assert "utter_callback_technical_problem" not in outcome.said
    assert outcome.slots["requested_slot"] in {*QUESTIONS, None}
