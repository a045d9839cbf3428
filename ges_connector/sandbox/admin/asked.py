"""What callers of the admin API may send, field by field, in snake case with units."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from ges_connector.sandbox.records import DialOutcome

MOST_SECONDS = 400 * 86_400
"""Furthest step of the clock; the contact centre has to live through every minute of it."""


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ClockSetting(_Asked):
    """How the clock should go on; without `at` from where it is."""

    mode: Literal["real", "frozen"]
    at: AwareDatetime | None = None


class ClockStep(_Asked):
    """How far the clock should be moved ahead."""

    seconds: float = Field(ge=0, le=MOST_SECONDS)


class Agents(_Asked):
    """How many agents are logged in to a queue."""

    agents: int = Field(ge=0, le=10_000)


class TrafficRate(_Asked):
    """How many customers ring a queue by themselves."""

    calls_per_hour: float = Field(ge=0, le=10_000)


class Arrivals(_Asked):
    """Customers who ring a queue right now."""

    calls: int = Field(ge=1, le=1_000)


class CustomerScript(_Asked):
    """What a customer does when rung; null leaves it to chance again."""

    outcome: DialOutcome | None


class Ending(_Asked):
    """Why a callback is completed; any text, as the live set is open (GES section 6)."""

    reason: str = Field(min_length=1, max_length=100)


class InboundCall(_Asked):
    """A customer rings a lent number and keys in the code."""

    to_phone_number: str
    access_code: str | None = None
