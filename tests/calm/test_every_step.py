"""Every step of every flow is walked, those of the patterns too; nobody leaves one to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rasa_sdk.events import SlotSet

from ges_connector.flows import Command
from ges_connector.flows.model import flow_of
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import standing_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from ges_connector.flows import Flows, Walker
    from ges_connector.sandbox.sandbox import Sandbox

    Turn = tuple[str, Command]
    Open = Callable[..., Walker]
    Elsewhere = Callable[[Sandbox], AbstractAsyncContextManager[None]]

WHOLE: Final = ("call me on friday at noon on 030 23125011", Command("start", "request_callback"))
AGAIN: Final = ("I want a callback", Command("start", "request_callback"))


def start(flow: str, text: str = "my callback") -> Turn:
    return text, Command("start", flow)


def answer(slot: str, text: str, value: str | None = None) -> Turn:
    return text, Command("set", f"callback_{slot}", value or text)


def event(kind: str, name: str = "") -> Turn:
    return "", Command(kind, name)


YES: Final = answer("agreement", "yes please")
SURE: Final = answer("cancel_agreement", "yes, cancel it")

CONVERSATIONS: Final[dict[str, tuple[Turn, ...]]] = {
    "question by question": (
        start("request_callback", "call me back"),
        answer("way", "friday at noon"),
        answer("number", "030 23125011"),
        YES,
    ),
    "a time that is chosen": (
        start("choose_callback_time", "which times are free?"),
        answer("time", "the second one"),
    ),
    "asked about everything": (
        start("check_wait", "how long is the wait?"),
        start("show_callback", "when do you call?"),
        start("give_call_in_number", "what is your number?"),
    ),
    "booked, then cancelled": (WHOLE, YES, start("cancel_callback"), SURE),
    "wanted again, and cancelled": (WHOLE, YES, AGAIN, answer("way", "cancel"), SURE),
    "other times wanted, and cancelled": (
        WHOLE,
        YES,
        start("choose_callback_time", "which times are free?"),
        answer("way", "cancel"),
        SURE,
    ),
    "moved, and cancelled rather": (
        WHOLE,
        YES,
        start("move_callback", "move my callback"),
        answer("time", "cancel it rather", "cancel"),
        SURE,
    ),
    "cancelled, moved rather, and cancelled after all": (
        WHOLE,
        YES,
        start("cancel_callback", "cancel my callback"),
        answer("cancel_agreement", "rather move it", "move"),
        answer("time", "cancel it rather", "cancel"),
        SURE,
    ),
    "another flow in the middle": (
        start("choose_callback_time", "which times are free?"),
        start("move_callback", "saturday at ten"),
        start("request_callback", "rather sunday at ten"),
        start("cancel_callback", "never mind, cancel it"),
    ),
    "left in the middle": (WHOLE, ("forget it", Command("cancel"))),
    "another flow left": (
        start("order_pizza", "a pizza"),
        ("forget it", Command("cancel")),
    ),
    "left with nothing begun": (("forget it", Command("cancel")),),
    "a person wanted": (("I want a person", Command("handoff")),),
    "not understood": (("blue", Command("cannot_handle")),),
    "understood after all": (("as soon as possible", Command("cannot_handle")),),
    **{
        f"{kind}, and understood after all": (
            ("blue", Command(kind)),
            ("as soon as possible", Command(kind)),
        )
        for kind in ("chitchat", "clarify", "search")
    },
    **{
        f"{kind}, and cancelled after all": (WHOLE, YES, ("cancel it", Command(kind)), SURE)
        for kind in ("cannot_handle", "chitchat", "clarify", "search")
    },
    "skipped, and cancelled after all": (
        WHOLE,
        YES,
        start("order_pizza", "a pizza"),
        ("cancel it", Command("skip")),
        SURE,
    ),
    **{
        f"taken for {flow}, and wanted or cancelled": (
            start(flow, WHOLE[0]),
            YES,
            start(flow, "please cancel my callback"),
            SURE,
        )
        for flow in ("check_wait", "give_call_in_number", "show_callback")
    },
    "skipped, and so not understood": (
        start("order_pizza", "a pizza"),
        ("blue", Command("skip")),
        ("call me as soon as possible", Command("skip")),
    ),
    "two at once, one of them gone on with": (
        start("choose_callback_time", "which times are free?"),
        start("order_pizza", "a pizza as well"),
        start("check_wait", "how long is the wait?"),
        ("the callback", Command("set", "interrupted_flow_to_continue", "choose_callback_time")),
    ),
    "two at once, and neither after all": (
        start("choose_callback_time", "which times are free?"),
        start("order_pizza", "a pizza as well"),
        start("check_wait", "how long is the wait?"),
        ("none", Command("set", "interrupted_flow_to_continue", "none")),
    ),
    "corrected": (
        start("order_pizza", "a pizza"),
        ("large", Command("set", "pizza_size", "large")),
        ("small rather", Command("set", "pizza_size", "small")),
    ),
    "silence": (WHOLE, *[event("silence")] * 3),
    "too long": (event("internal_error", "rasa_internal_error_user_input_too_long"),),
    "empty": (event("internal_error", "rasa_internal_error_user_input_empty"),),
    "out of order": (event("internal_error", "rasa_internal_error_default"),),
}
PIZZA: Final[dict[str, Any]] = {
    "name": "order a pizza",
    "description": "Stands for the flows of the assistant.",
    "steps": [
        {"collect": "pizza_size", "description": "Small or large."},
        {"collect": "pizza_drink", "description": "What to drink."},
    ],
}


RESUMING: Final = "action_resume_callback"


@pytest.fixture
def with_pizza(flows: Flows, domain: dict[str, Any]) -> tuple[Flows, dict[str, Any]]:
    """The flows with one of the assistant's own, which interrupts and is interrupted."""
    asked: dict[str, Any] = {f"utter_ask_pizza_{what}": [] for what in ("size", "drink")}
    slots = {f"pizza_{what}": {"type": "text"} for what in ("size", "drink")}
    return {**flows, "order_pizza": flow_of("order_pizza", PIZZA)}, {
        "slots": {**domain["slots"], **slots},
        "actions": domain["actions"],
        "responses": {**domain["responses"], **asked},
    }


@pytest.fixture
def opened(walk: Open, with_pizza: tuple[Flows, dict[str, Any]]) -> Open:
    """Opens a conversation with all of these flows."""

    def made(name: str) -> Walker:
        walker = walk(sender=name)
        walker.flows, walker.domain = with_pizza
        return walker

    return made


@pytest.mark.parametrize(
    "turn",
    [
        ("blue", Command("cannot_handle")),
        ("blue", Command("chitchat")),
        start("show_callback", "when do you call?"),
        start("cancel_callback", "cancel my callback"),
        start("check_wait", "how long is the wait?"),
    ],
)
@pytest.mark.parametrize("is_booked", [False, True])
async def test_beside_a_question_of_another_flow_none_of_ours_is_asked(
    opened: Open,
    elsewhere: Elsewhere,
    turn: Turn,
    is_booked: bool,  # noqa: FBT001 - a row of a table
) -> None:
    async with elsewhere(standing_sandbox(MONDAY)):
        walker = opened("beside")
        for each in (WHOLE, YES) if is_booked else ():
            await walker.say(*each)
        await walker.say(*start("order_pizza", "a pizza"))
        said = await walker.say(*turn)
        if is_booked and turn[1].name == "cancel_callback":
            assert walker.asks_for == "callback_cancel_agreement"
            return
        assert walker.asks_for == "pizza_size"
        responses = walker.domain["responses"]
        asked = {name for name in said if "buttons" in str(responses.get(name))}
        assert len(said) >= 1
        assert asked == set()
        assert walker.slots["callback_question"] is None


async def refused(walker: Walker, sandbox: Sandbox, code: int) -> None:
    """Agree to a booking that GES refuses with this code."""
    await walker.say(*WHOLE)
    sandbox.world.order(
        Fault(kind="status", status=400, code=code, operation=Operation.CREATE, count=1)
    )
    await walker.say(*YES)


def ending_at(walker: Walker, action: str) -> None:
    """Have an arrangement end where it would have gone on.

    None of the refusals there are today leads to that; what an action may answer is in
    `actions.flow_facts`, and a flow has to take all of it.
    """
    real = walker.run

    async def run(name: str, call: dict[str, Any]) -> Mapping[str, Any]:
        done = await real(name, call)
        if name != action:
            return done
        return {**done, "events": [*done["events"], SlotSet("callback_next", "submit")]}

    walker.run = run


async def test_every_step_of_every_flow_is_walked_by_somebody_and_no_turn_is_silent(
    opened: Open, flows: Flows, elsewhere: Elsewhere
) -> None:
    visited: set[tuple[str, str]] = set()
    for name, turns in CONVERSATIONS.items():
        async with elsewhere(standing_sandbox(MONDAY)):
            walker = opened(name)
            for text, command in turns:
                assert await walker.say(text, command), (name, text)
            visited |= walker.visited
    for is_over in (False, True):
        sandbox = standing_sandbox(MONDAY)
        async with elsewhere(sandbox):
            walker = opened(f"refused {is_over}")
            if is_over:
                ending_at(walker, RESUMING)
            await refused(walker, sandbox, 7037)
            assert walker.said[0]["response"] == "utter_callback_number_not_allowed"
            assert walker.is_over is is_over
            visited |= walker.visited
    every = {(flow.id, step) for flow in flows.values() for step in flow.steps}
    assert every - visited == set()
