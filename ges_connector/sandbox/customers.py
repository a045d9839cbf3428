"""What customers do when the contact centre rings them, or sends them a push.

A number can be scripted to do always the same. Every other answer is drawn from the seeded shares,
for each callback and attempt from a stream of its own: one booking never changes another's luck.
"""

import re
from math import isfinite
from uuid import UUID

from ges_connector.sandbox.records import DialOutcome
from ges_connector.sandbox.seed import CustomerBehaviour
from ges_connector.sandbox.seeded import stream

_NOT_A_DIGIT = re.compile(r"\D")


class Customers:
    """The customers of one tenant; their script can change while the sandbox runs."""

    def __init__(self, behaviour: CustomerBehaviour, seed: int) -> None:
        self._seed = seed
        self._weights = {
            DialOutcome.ANSWERED: behaviour.answered,
            DialOutcome.NO_ANSWER: behaviour.no_answer,
            DialOutcome.BUSY: behaviour.busy,
            DialOutcome.DECLINED: behaviour.declined,
            DialOutcome.ANSWERING_MACHINE: behaviour.answering_machine,
        }
        self._scripted = {
            _digits(number): DialOutcome(outcome) for number, outcome in behaviour.scripted.items()
        }

    def script(self, number: str, outcome: DialOutcome | None) -> None:
        """Makes a number always do the same; None gives it back to chance.

        The number may be written with or without its plus sign (rule 18).
        """
        if outcome is None:
            self._scripted.pop(_digits(number), None)
        else:
            self._scripted[_digits(number)] = outcome

    def outcome(self, callback_id: UUID, number: str, attempt: int) -> DialOutcome:
        """Returns how the given attempt to reach the customer ends; attempts count from 1."""
        scripted = self._scripted.get(_digits(number))
        if scripted is not None:
            return scripted
        total = sum(self._weights.values())
        if total <= 0 or not isfinite(total):
            return DialOutcome.ANSWERED
        luck = stream(self._seed, "customer", f"{callback_id}/{attempt}")
        return luck.choices(tuple(self._weights), tuple(self._weights.values()))[0]


def _digits(number: str) -> str:
    return _NOT_A_DIGIT.sub("", number)
