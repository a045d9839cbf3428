"""What the engine of flows sends is read with care, and what it is told is in its terms."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.calm import Next, hearing_of, in_flows, message_in_flows, next_of
from actions.message import Choice, Intent
from ges_connector.wording.calm import VOICE_CHANNELS


def tracker(**parts: Any) -> Tracker:
    state: dict[str, Any] = {
        "sender_id": "conversation-1",
        "slots": {"callback_next": "time"},
        "latest_message": {"text": "friday", "message_id": "m1", "commands": []},
        "events": [],
        "stack": [{"type": "pattern_collect_information", "collect": "callback_time"}],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    state |= parts
    return Tracker.from_dict(state)  # type: ignore[arg-type] # odd parts are the point


def setting(name: str, value: Any) -> dict[str, Any]:
    return {"command": "set slot", "name": name, "value": value}


def test_a_conversation_of_the_other_engine_has_no_hearing() -> None:
    assert hearing_of(tracker(slots={"callback_kind": "asap"}, stack=[])) is None


@pytest.mark.parametrize(
    "stack",
    [
        None,
        [],
        ["odd", 3, {"type": 7}],
        "odd",
        17,
        [{"type": "pattern_collect_information", "collect": ["callback_time"][0:0]}],
        [{"type": "pattern_collect_information", "collect": "pizza_size"}],
    ],
)
def test_without_a_question_of_ours_on_the_stack_none_is_open(stack: Any) -> None:
    hearing = hearing_of(tracker(stack=stack))
    assert hearing is not None
    assert hearing.requested is None


def test_a_question_of_a_flow_that_is_being_left_is_open_no_more() -> None:
    def is_asking(*left: str) -> bool:
        stack = [
            {"type": "flow", "flow_id": "request_callback", "frame_id": "A"},
            {"type": "pattern_collect_information", "collect": "callback_time", "frame_id": "B"},
            {"type": "flow", "flow_id": "order_pizza", "frame_id": "C"},
            {"type": "pattern_cancel_flow", "frame_id": "D", "canceled_frames": [*left]},
        ]
        hearing = hearing_of(tracker(stack=stack))
        assert hearing is not None
        return hearing.is_asking

    assert is_asking("C")
    assert not is_asking("B", "A")


def test_a_question_below_another_flow_is_open() -> None:
    asking = {"type": "pattern_collect_information", "collect": "callback_time"}
    hearing = hearing_of(tracker(stack=[asking, {"type": "flow", "flow_id": "check_wait"}]))
    assert hearing is not None
    assert hearing.requested == "callback_slot"


@pytest.mark.parametrize("value", [None, 7, "dance", {"a": 1}])
def test_an_odd_place_to_go_on_counts_as_none(value: Any) -> None:
    hearing = hearing_of(tracker(slots={"callback_next": value}))
    assert hearing is not None
    assert hearing.next is None


@pytest.mark.parametrize(
    ("commands", "is_answer"),
    [
        ([setting("callback_time", "friday")], True),
        ([setting("callback_number", None)], True),
        ([{"command": "correct slot", "corrected_slots": [setting("callback_time", "x")]}], True),
        ([setting("callback_phone", "+4915112345678")], False),
        ([setting("pizza_size", "large")], False),
        ([{"command": "start flow", "flow": "check_wait"}], False),
        ([], False),
        (None, False),
        (["set slot", 3, {"command": ["set slot"]}], False),
        ([{"command": "correct slot", "corrected_slots": 3}], False),
        (7, False),
    ],
)
def test_only_what_the_model_took_for_an_answer_to_us_is_one(
    commands: Any,
    is_answer: bool,  # noqa: FBT001 - a row of a table
) -> None:
    message = {"text": "friday", "message_id": "m1", "commands": commands}
    hearing = hearing_of(tracker(latest_message=message))
    assert hearing is not None
    assert hearing.is_answer is is_answer


def test_a_message_is_an_answer_once() -> None:
    message = {"text": "x", "message_id": "m1", "commands": [setting("callback_time", "x")]}
    slots = {"callback_next": "time", "callback_heard": "m1"}
    hearing = hearing_of(tracker(latest_message=message, slots=slots))
    assert hearing is not None
    assert not hearing.is_answer


def test_messages_without_an_id_are_told_apart_by_their_place() -> None:
    def told(count: int) -> str:
        events = [{"event": "user"}] * count
        hearing = hearing_of(tracker(latest_message={"text": "x"}, events=events))
        assert hearing is not None
        return hearing.message_id

    assert told(1) != told(2)


@pytest.mark.parametrize("events", [None, 3, ["odd", None, {"event": ["user"]}]])
def test_odd_events_are_passed_over(events: Any) -> None:
    hearing = hearing_of(tracker(latest_message={"text": "x"}, events=events))
    assert hearing is not None
    assert hearing.message_id == "message 0"


def test_the_models_value_is_a_hint_and_never_a_button() -> None:
    spoken = {"text": "go on", "commands": [setting("callback_agreement", "yes")]}
    hearing = hearing_of(tracker(latest_message=spoken))
    assert hearing is not None
    assert hearing.hint is Choice.YES
    assert not message_in_flows(tracker(latest_message=spoken), "validate_x").is_button


@pytest.mark.parametrize(
    ("value", "choice", "time_id"),
    [
        ("yes", Choice.YES, None),
        ("none_of_these", Choice.NONE, None),
        ("smkf3nts0", None, "smkf3nts0"),
        (None, None, None),
    ],
)
def test_a_button_is_what_it_carries(
    value: str | None, choice: Choice | None, time_id: str | None
) -> None:
    pressed = {"text": f"/SetSlots(callback_time={value})"}
    message = {**pressed, "commands": [setting("callback_time", value)]}
    read = message_in_flows(tracker(latest_message=message), "validate_callback_time")
    assert (read.choice, read.time_id, read.text) == (choice, time_id, "")


@pytest.mark.parametrize(
    ("payload", "choice", "time_id"),
    [
        ("callback_agreement=yes", Choice.YES, None),
        ("pizza_size=large, callback_time = smkf3nts0 ", None, "smkf3nts0"),
        ("pizza_size=large", None, None),
    ],
)
def test_a_button_is_known_though_the_engine_took_its_command_away(
    payload: str, choice: Choice | None, time_id: str | None
) -> None:
    message = {"text": f"/SetSlots({payload})", "commands": [{"command": "cannot handle"}]}
    read = message_in_flows(tracker(latest_message=message), "action_not_understood")
    assert (read.choice, read.time_id, read.text) == (choice, time_id, "")


@pytest.mark.parametrize("stack", [[], [{"type": "flow", "flow_id": "show_callback"}]])
@pytest.mark.parametrize(
    ("commands", "is_late"),
    [([setting("callback_time", "friday")], True), ([{"command": "chitchat"}], False)],
)
def test_with_no_question_open_nothing_is_an_answer_but_one_that_comes_late(
    stack: Any,
    commands: Any,
    is_late: bool,  # noqa: FBT001 - a row of a table
) -> None:
    message = {"text": "friday", "message_id": "m1", "commands": commands}
    hearing = hearing_of(tracker(latest_message=message, stack=stack))
    assert hearing is not None
    assert (hearing.is_answer, hearing.is_late) == (False, is_late)


def test_what_a_flow_of_its_own_is_about_is_known_without_an_intent() -> None:
    read = message_in_flows(tracker(), "action_tell_wait")
    assert (read.intent, read.text) == (Intent.ASK_WAIT, "friday")


@pytest.mark.parametrize(
    ("events", "action", "goes_on"),
    [
        ([FollowupAction("callback_form")], "action_submit_callback_form", "arrange"),
        ([FollowupAction("callback_cancel_form")], "action_answer_callback", "cancel"),
        ([SlotSet("requested_slot", "callback_phone")], "validate_callback_time", "number"),
        ([SlotSet("requested_slot", None)], "validate_callback_time", "submit"),
        ([], "action_submit_callback_form", "over"),
        ([], "action_give_call_in", None),
        ([], "action_tell_wait", None),
    ],
)
def test_what_forms_are_told_becomes_where_flows_go_on(
    events: list[Any], action: str, goes_on: str | None
) -> None:
    told = in_flows(action, [*events, SlotSet("callback_kind", "asap")])
    slots = {each["name"]: each["value"] for each in told}
    assert all(each["event"] == "slot" for each in told)
    assert slots.get("callback_next") == goes_on
    assert slots["callback_kind"] == "asap"
    assert "requested_slot" not in slots


def test_every_question_of_the_forms_has_its_place() -> None:
    assert next_of("callback_confirmed", None) is Next.AGREEMENT
    assert next_of(None, None) is Next.SUBMIT


@pytest.mark.parametrize(
    ("domain", "language"),
    [
        ({"slots": {"language": {"values": ["en", "de"]}}}, "de"),
        ({"slots": {"language": {"values": ["en", "fr"]}}}, None),
        ({"slots": {"language": {"values": "de"}}}, None),
        ({"slots": {}}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("channel", ["rest", *VOICE_CHANNELS[:2]])
async def test_the_engine_is_set_to_the_customers_language_if_the_assistant_has_it(
    executor: ActionExecutor, centre: Any, domain: Any, language: str | None, channel: str
) -> None:
    assert centre is not None
    message = {"text": "hallo", "metadata": {"locale": "de-DE"}}
    heard = tracker(
        latest_message=message,
        slots={"callback_next": None, "language": "en"},
        events=[{"event": "user", "input_channel": channel}],
    )
    run = executor.actions["action_note_customer"]
    events = await run(CollectingDispatcher(), heard, domain)
    slots = {each["name"]: each["value"] for each in events}
    assert slots.get("language") == language
    assert slots["callback_language"] == "de"
    assert slots["callback_channel"] == ("chat" if channel == "rest" else "voice")


def test_an_answer_to_a_question_of_another_flow_is_told_from_one_to_ours() -> None:
    theirs, ours = setting("repair_words", "it leaks"), setting("callback_time", "friday")

    def is_for_others(*commands: Any) -> bool:
        message = {"text": "friday", "message_id": "m1", "commands": [*commands]}
        hearing = hearing_of(tracker(latest_message=message))
        assert hearing is not None
        return hearing.is_for_others

    assert is_for_others(theirs)
    assert not is_for_others(ours)
    assert not is_for_others(theirs, ours)
    assert not is_for_others()


@pytest.mark.parametrize(
    ("events", "opening"),
    [
        ([("my boiler is broken", "report_damage"), ("it leaks", None)], "my boiler is broken"),
        ([("how long is the wait", "check_wait"), ("it leaks", None)], ""),
        ([("/SetSlots(a=b)", "report_damage")], ""),
        ([(None, "report_damage")], ""),
    ],
)
def test_the_message_that_began_an_open_flow_is_found(
    events: list[tuple[str | None, str | None]], opening: str
) -> None:
    def told(text: str | None, flow: str | None) -> dict[str, Any]:
        commands = [] if flow is None else [{"command": "start flow", "flow": flow}]
        return {"event": "user", "parse_data": {"text": text, "commands": commands}}

    stack = [{"type": "flow", "flow_id": "report_damage", "frame_type": "regular"}]
    odd: list[Any] = [None, {"event": "user", "parse_data": "odd"}]
    found = hearing_of(tracker(stack=stack, events=[*(told(*each) for each in events), *odd]))
    assert found is not None
    assert found.opening == opening
