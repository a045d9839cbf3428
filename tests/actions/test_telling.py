"""What placeholders are filled with: whose clock, whose words."""

from typing import Any

import pytest

from ges_connector.sandbox.sandbox import Sandbox
from tests.actions.dialogue import ASK_TIME, FORM

HOURS_UNTIL_NIGHT = 10


async def test_times_on_offer_name_the_zone_only_where_the_clocks_differ(conversation: Any) -> None:
    await conversation.run(FORM, "at a time I choose", "request_callback", choice="scheduled")
    at_home = await conversation.run(ASK_TIME, requested="callback_slot")
    assert at_home.responses[-1]["zone"] == ""
    conversation.metadata["timezone"] = "Europe/London"
    abroad = await conversation.run(ASK_TIME, requested="callback_slot")
    assert abroad.responses[-1]["zone"] == " All times are London time."


async def test_a_single_time_on_offer_is_told_by_both_clocks_where_they_differ(
    conversation: Any,
) -> None:
    conversation.metadata["timezone"] = "Europe/London"
    await conversation.run(FORM, "around ten on friday", "request_callback")
    asked = await conversation.run(ASK_TIME, requested="callback_slot")
    assert asked.said == ["utter_ask_callback_slot_one"]
    assert asked.responses[0]["moment"].endswith("at 10:00 London time (11:00 in Berlin)")


async def test_a_wish_that_nothing_fits_is_quoted_with_its_small_words(conversation: Any) -> None:
    await conversation.run(FORM, "on friday please\x1b at {23:00}", "request_callback")
    asked = await conversation.run(ASK_TIME, requested="callback_slot")
    quoted = {each["response"]: each.get("wish") for each in asked.responses}
    assert quoted["utter_callback_nothing_fits"] == "friday please at 23:00"


@pytest.mark.parametrize("answer", ["action_answer_callback", None])
async def test_a_yes_to_times_after_the_wait_was_told_is_not_told_why_again(
    conversation: Any, ges_sandbox: Sandbox, answer: str | None
) -> None:
    ges_sandbox.advance(HOURS_UNTIL_NIGHT * 3600)
    told = await conversation.run("action_tell_wait", "how long is the wait", "ask_wait")
    assert told.said == ["utter_callback_wait_closed"]
    if answer is not None:
        assert (await conversation.run(answer, "yes please", "affirm")).followup == "callback_form"
    await conversation.run(FORM, "yes please", "affirm" if answer else "request_callback")
    asked = await conversation.run(ASK_TIME, requested="callback_slot")
    assert asked.said == ["utter_ask_callback_slot_5"]


@pytest.mark.parametrize(
    ("requested", "said"),
    [("callback_phone", "utter_callback_wait_aside"), (None, "utter_callback_wait")],
)
async def test_the_wait_is_offered_something_with_only_where_nothing_is_arranged(
    conversation: Any, requested: str | None, said: str
) -> None:
    await conversation.run(FORM, "call me on friday at 13:00", "request_callback")
    conversation.slots["requested_slot"] = requested
    told = await conversation.run("action_tell_wait", "how long", "ask_wait", requested=requested)
    assert told.said == [said]
