"""The cases for the engine's own test runner hold, given a model that does its part."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.flows import Command, Walker
from ges_connector.wording.reading import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = parse_yaml((Path(__file__).parent / "commands.yml").read_text(encoding="utf-8"))


def cases() -> list[Any]:
    found = []
    for path in sorted((ROOT / "e2e_tests").glob("*.yml")):
        content = parse_yaml(path.read_text(encoding="utf-8"))
        channel = {name: each[name] for each in content["metadata"] for name in each}
        stubs = content.get("stub_custom_actions", {})
        found += [
            pytest.param(case, channel[case["metadata"]], stubs, id=case["test_case"])
            for case in content["test_cases"]
        ]
    return found


class Turn:
    """What happened in one turn, as the engine's runner would see it."""

    def __init__(self, walker: Walker, said: list[str], ran: list[str], flows: set[str]) -> None:
        self.walker, self.said, self.ran, self.flows = walker, said, ran, flows

    def holds(self, assertion: Mapping[str, Any]) -> bool:
        ((kind, told),) = assertion.items()
        match kind:
            case "flow_started":
                return told in self.flows
            case "action_executed":
                return told in self.ran
            case "bot_uttered":
                return told["utter_name"] in self.said
            case "slot_was_set":
                return all(self.walker.slots[each["name"]] == each["value"] for each in told)
            case "slot_was_not_set":
                return all(self.walker.slots[each["name"]] != each["value"] for each in told)
        raise AssertionError(f"{kind} is not walked")


@pytest.mark.parametrize(("case", "metadata", "stubs"), cases())
async def test_a_case_holds(
    walk: Callable[..., Walker],
    case: dict[str, Any],
    metadata: dict[str, str],
    stubs: dict[str, Any],
) -> None:
    walker = walk(metadata=metadata)
    real = walker.run

    async def run(name: str, call: dict[str, Any]) -> Mapping[str, Any]:
        return stubs[name] if name in stubs else await real(name, call)

    walker.run = run
    for step in case["steps"]:
        before, ran = set(walker.visited), len(walker.ran)
        commands = [Command(**each) for each in COMMANDS[step["user"]]]
        said = await walker.say(step["user"], *commands)
        started = {flow for flow, _ in walker.visited - before}
        turn = Turn(walker, said, walker.ran[ran:], started)
        for assertion in step["assertions"]:
            assert turn.holds(assertion), (step["user"], assertion, said)


def test_every_message_of_the_cases_has_its_commands_and_no_other_has() -> None:
    said = {step["user"] for case in cases() for step in case.values[0]["steps"]}
    assert said == {*COMMANDS}


def test_the_cases_cover_what_can_happen() -> None:
    names = {case.id for case in cases()}
    assert {
        "happy_path",
        "correction_at_the_read_back",
        "shown_moved_and_cancelled",
        "a_question_in_between",
        "what_is_no_number",
        "outage_at_the_booking",
        "in_german",
    } <= names
