"""What a check found: a light, a sentence, and the next step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Light(StrEnum):
    """How a check came out."""

    GREEN = "green"
    """All is well."""
    AMBER = "amber"
    """It works, or could not be looked at; somebody should read the sentence."""
    RED = "red"
    """Callbacks cannot be served like this."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        check: Name of the check, the same for each topic.
        light: How it came out.
        told: What was found, in one sentence without anything secret or personal.
        topic: The topic it is about; None if it is about all of them.
        next_step: What to do about it; None if nothing is to be done.
        corr_id: GES's correlation id of the call that failed, for its administrator.
    """

    check: str
    light: Light
    told: str
    topic: str | None = None
    next_step: str | None = None
    corr_id: str | None = None


def worst(findings: Iterable[Finding]) -> Light:
    """Tell the worst light among findings; green if there are none."""
    lights = {finding.light for finding in findings}
    return next((each for each in (Light.RED, Light.AMBER) if each in lights), Light.GREEN)
