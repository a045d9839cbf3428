"""The proxy to the statistics server (GES section 2.9)."""

import re
from dataclasses import dataclass
from typing import Any

from ges_connector.sandbox.surface.parameters import read_object, refuse_field
from ges_connector.sandbox.surface.requests import Counter, Incoming

LEAST_AGE_SECONDS = 15
"""Smallest max-age the description allows."""

_MAX_AGE = re.compile(r"max-age\s*=\s*([^,\s]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatisticsRequest:
    """A statistics request; `body` belongs to the statistics server and is None when empty."""

    body: object
    max_age_seconds: int | None


def read_statistics(incoming: Incoming) -> StatisticsRequest:
    """Reads a statistics request; the vendor's clients send no body at all (rule 1.11)."""
    body = read_object(incoming.body) if incoming.body else None
    return StatisticsRequest(body, _max_age(incoming.headers.get("cache-control", "")))


def _max_age(header: str) -> int | None:
    found = _MAX_AGE.search(header)
    if found is None:
        return None
    text = found.group(1)
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < LEAST_AGE_SECONDS:
        raise refuse_field(
            "cache-control", f"has a max-age that is no number of seconds from {LEAST_AGE_SECONDS}"
        )
    return int(text)


def statistics(counter: Counter, asked: StatisticsRequest) -> Any:
    """Passes a statistics request on."""
    return counter.centre.statistics(asked.body, asked.max_age_seconds)
