"""What flows can rely on in the code that they run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Facts:
    """What flows can rely on in the code.

    Attributes:
        actions: Names of the custom actions that the action server registers.
        silent: Those of them that say nothing by themselves.
        outcomes: What an action may set the slots to that flows branch on.
        followed: Actions behind which a flow has to branch on what they set, or it ends without a
            word.
        elsewhere: Values of slots on which a flow may end without a word, because another flow, or
            one that is open besides, speaks.
        passed_on: Values of slots on which a called flow may end without a word, because the one
            that called it has to go on by them.
        guarded: Slots that only the code may set: no step of a flow, no model, and no mapping.
        filled_in: What the words of a response have to leave room for, by its name: an action fills
            it in, and customers are to hear it.
        fillable: What actions can fill in, by the name of the response.
        pressed: The ids that a button may set a slot to, by slot; every value where it is not here.
        taken: What the code makes something of where a step sets a slot to it, by slot; anything
            where it is not here.
        begun_by: Which actions have to have been run before a flow is called, one of them, by the
            name of the flow.
        aside: The slot by which an action tells that the message belongs to a flow that is open
            besides, by the name of the action; a flow that customers start ends there.
        asked_by: The flow that alone asks for a slot, by slot: no step of another one fills it.
        said: Responses that the actions say by name.
        missing: What the code itself lacks to serve the flows, each with its place.
        languages: Into which names and responses are to be translated; None for any.
    """

    actions: frozenset[str]
    silent: frozenset[str] = frozenset()
    outcomes: Mapping[str, Mapping[str, frozenset[Any]]] = field(default_factory=dict)
    followed: frozenset[str] = frozenset()
    elsewhere: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    passed_on: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    guarded: frozenset[str] = frozenset()
    filled_in: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fillable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    pressed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    begun_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    asked_by: Mapping[str, str] = field(default_factory=dict)
    said: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    languages: frozenset[str] | None = None
