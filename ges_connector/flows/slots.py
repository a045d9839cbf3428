"""What the slots of a domain say of themselves: what they hold, and what fills them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

BY_MODEL: Final = "from_llm"
CONTROLLED: Final = "controlled"
_TYPES: Final[Mapping[str, Any]] = {"bool": bool, "float": int | float, "text": str}


def may_hold(slot: Mapping[str, Any], value: Any) -> bool:
    """Whether a slot of a domain can have a value."""
    kind = str(slot.get("type"))
    if value is None or kind == "any":
        return True
    if kind == "categorical":
        return value in slot["values"]
    is_truth = isinstance(value, bool)
    return isinstance(value, _TYPES.get(kind, ())) and is_truth is (kind == "bool")


def filled_by(slot: Mapping[str, Any]) -> str:
    """What fills a slot of a domain; where it does not say, it is the model."""
    mappings = slot.get("mappings") or [{}]
    return str(mappings[0].get("type", BY_MODEL))


def run_every_turn(slots: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """List the actions that the engine runs for every message, in the order of the slots."""
    mappings = (each for slot in slots.values() for each in slot.get("mappings") or [])
    named = (each.get("run_action_every_turn") for each in mappings)
    return [each for each in dict.fromkeys(named) if each is not None]
