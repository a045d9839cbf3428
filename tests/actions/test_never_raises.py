"""Whatever fails, an action ends in a sentence with a way on, and nothing personal leaks."""

import asyncio
import logging
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions import runtime
from actions.base import Reply
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.sandbox import Sandbox

SPEAKING = [
    "action_tell_wait",
    "action_give_call_in",
    "action_show_callback",
    "action_submit_callback_form",
    "action_submit_callback_cancel_form",
    "action_answer_callback",
    "action_not_understood",
    "action_default_fallback",
    "action_ask_callback_kind",
    "action_ask_callback_slot",
    "action_ask_callback_phone",
    "action_ask_callback_confirmed",
    "action_ask_callback_cancel_confirmed",
]
FAULTS: list[dict[str, Any]] = [
    {"kind": "refuse"},
    {"kind": "reset-before"},
    {"kind": "reset-after"},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 401, "code": 503},
    {"kind": "status", "status": 404},
    {"kind": "gateway-html"},
    {"kind": "cut-off"},
    {"kind": "malformed"},
    {"kind": "empty"},
    {"kind": "throttle"},
]
DRAFT = {
    "callback_process": "book",
    "callback_kind": "scheduled",
    "callback_slot": "smkf3nts0",
    "callback_phone": "+493023125011",
    "callback_confirmed": True,
    "callback_cancel_confirmed": True,
    "callback_id": "0c6f1d3e-0000-4000-8000-000000000000",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault.values())))
async def test_every_action_answers_whatever_ges_does(
    conversation: Any, ges_sandbox: Sandbox, executor: ActionExecutor, fault: dict[str, Any]
) -> None:
    ges_sandbox.world.order(Fault(**fault))
    for action in sorted(executor.actions):
        conversation.slots = dict(DRAFT)
        outcome = await conversation.run(action, "friday at 12", "request_callback")
        assert outcome.said or outcome.followup or action.startswith(QUIET_STEMS), action


# What only takes note: others speak after it.
QUIET_STEMS = ("action_note_", "action_begin_", "action_resume_", "validate_")


@pytest.mark.parametrize(
    "slots",
    [
        {},
        dict.fromkeys(DRAFT, 17),
        {name: ["x", None] for name in DRAFT},
        {name: {"a": {"b": []}} for name in DRAFT},
        {"callback_menu": {"ids": ["nonsense", 3]}, "callback_kind": "scheduled"},
        {"callback_locale": "xx", "callback_timezone": "Mars/Base", "callback_channel": "smoke"},
    ],
)
async def test_odd_slots_are_survived_by_every_action(
    conversation: Any, executor: ActionExecutor, slots: dict[str, Any]
) -> None:
    for action in sorted(executor.actions):
        conversation.slots = dict(slots)
        for requested in (None, "callback_kind", "callback_slot", "callback_cancel_confirmed"):
            outcome = await conversation.run(action, "yes", "affirm", requested=requested)
            assert "utter_callback_technical_problem" not in outcome.said, action


@pytest.mark.parametrize(
    "metadata",
    [None, [], "de", {"locale": 5, "timezone": [], "caller_number": {}}, {"locale": "x" * 5000}],
)
async def test_odd_metadata_counts_as_none(conversation: Any, metadata: Any) -> None:
    conversation.metadata = metadata
    outcome = await conversation.run("action_note_customer", "hello")
    assert outcome.slots["callback_language"] == "en"
    assert outcome.slots["callback_timezone"] == "Europe/Berlin"


@pytest.mark.parametrize("action", SPEAKING)
async def test_a_mistake_in_the_program_ends_in_a_sentence_and_a_number(
    conversation: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    executor: ActionExecutor,
    action: str,
) -> None:
    def broken(*_: object) -> Reply:
        raise RuntimeError("about +493023125011")

    instance = executor.actions[action].__self__  # type: ignore[attr-defined]  # a bound method
    monkeypatch.setattr(type(instance), "act", broken)
    with caplog.at_level(logging.INFO):
        outcome = await conversation.run(action, "friday at 12")
    assert outcome.said == ["utter_callback_technical_problem", "utter_callback_static_number"]
    assert "RuntimeError at broken" in caplog.text
    assert "23125011" not in caplog.text


async def test_a_mistake_while_noting_is_left_to_the_actions_that_speak(
    conversation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.noting.NoteCustomer.act", None)
    outcome = await conversation.run("action_note_customer", "hello")
    assert outcome.said == []


async def test_a_form_goes_on_after_a_mistake_in_its_validator(
    conversation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.forms.ValidateCallbackForm.act", None)
    outcome = await conversation.run("validate_callback_form", "friday", requested="callback_phone")
    assert outcome.slots["requested_slot"] == "callback_phone"
    # Without a slot besides the requested one the engine would drop what was said.
    assert len(outcome.slots) > 1


async def test_no_configuration_still_ends_in_a_sentence(executor: ActionExecutor) -> None:
    await runtime.close()
    action = executor.actions["action_tell_wait"]
    dispatcher = CollectingDispatcher()
    events = await action(dispatcher, nobody(), {})
    assert events == []
    assert [each["response"] for each in dispatcher.messages] == [
        "utter_callback_technical_problem"
    ]


@pytest.mark.usefixtures("conversation")
async def test_a_cancelled_piece_of_work_is_a_failure_like_others(
    executor: ActionExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def waiting(*_: object) -> None:
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        gone.cancel()
        await gone

    monkeypatch.setattr("actions.digressing.TellWait.act", waiting)
    dispatcher = CollectingDispatcher()
    await executor.actions["action_tell_wait"](dispatcher, nobody(), {})
    assert dispatcher.messages[0]["response"] == "utter_callback_technical_problem"


@pytest.mark.usefixtures("conversation")
async def test_an_action_that_is_told_to_stop_stops(
    executor: ActionExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def waiting(*_: object) -> None:
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr("actions.digressing.TellWait.act", waiting)
    action = executor.actions["action_tell_wait"]
    task = asyncio.ensure_future(action(CollectingDispatcher(), nobody(), {}))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def nobody() -> Tracker:
    """A conversation of which nothing is known."""
    return Tracker(
        "s", {}, {}, [], paused=False, followup_action=None, active_loop={}, latest_action_name=None
    )


async def test_logs_hold_no_number_no_key_and_no_word_of_the_customer(
    conversation: Any, caplog: pytest.LogCaptureFixture, executor: ActionExecutor
) -> None:
    conversation.sender = "+493023125011"
    with caplog.at_level(logging.DEBUG):
        for action in sorted(executor.actions):
            conversation.slots = dict(DRAFT)
            await conversation.run(action, "my secret is 4711, call 030 23125011", "inform")
    for secret in ("23125011", "4711", "secret", "sandbox-key"):
        assert secret not in caplog.text
