"""The statistics proxy (section 2.9): figures of the floor in the shape of a statistics server.

The body belongs to the statistics server and is not documented. The sandbox reads an object with
a list `statistics` of objects, each with `objectId`, a virtual queue, and with `name` (or else
`statisticId`), one of the floor's figures. Without a body, which is what the vendor's clients send,
every figure of every queue is told.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ges_connector.sandbox.records import Code, RefusedError

CACHED_SECONDS = 300
_MOST_CACHED = 256
_BAD_REQUEST = 400

FiguresOf = Callable[[str], Mapping[str, float]]


class StatisticsProxy:
    """Answers from a copy that is at most five minutes old; mutable by design.

    Args:
        queues: The virtual queues there are.
        figures_of: Returns the current figures of a queue, by their names.
    """

    def __init__(self, queues: Sequence[str], figures_of: FiguresOf) -> None:
        self._queues = tuple(queues)
        self._figures_of = figures_of
        self._copies: dict[str, tuple[datetime, object]] = {}

    def answer(self, body: object, max_age_seconds: int | None, now: datetime) -> object:
        """Returns the values asked for.

        Args:
            body: The statistics server's request, parsed; None or empty asks for everything.
            max_age_seconds: How old a copy may be; 300 if not given, and at most.
            now: The current instant.

        Raises:
            RefusedError: 400 with code 501; the body is no such request.
        """
        key = json.dumps(body, sort_keys=True)
        copied = self._copies.get(key)
        oldest = timedelta(seconds=min(max_age_seconds or CACHED_SECONDS, CACHED_SECONDS))
        if copied is not None and now - copied[0] <= oldest:
            return copied[1]
        values = [self._value(entry, now) for entry in self._asked(body)]
        self._copies.pop(key, None)
        if len(self._copies) >= _MOST_CACHED:
            del self._copies[next(iter(self._copies))]
        self._copies[key] = (now, {"statistics": values})
        return self._copies[key][1]

    def _asked(self, body: object) -> Sequence[Mapping[str, Any]]:
        if not body:
            return [
                {"statisticId": name, "objectId": queue, "name": name}
                for queue in self._queues
                for name in self._figures_of(queue)
            ]
        asked = body.get("statistics") if isinstance(body, Mapping) else None
        if not isinstance(asked, list) or not all(isinstance(entry, Mapping) for entry in asked):
            raise RefusedError(
                _BAD_REQUEST, Code.INVALID_PARAMETERS, "statistics has to be a list of objects"
            )
        return asked

    def _value(self, entry: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
        echoed = {
            name: entry[name] for name in ("statisticId", "objectId", "name") if name in entry
        }
        queue, name = entry.get("objectId"), entry.get("name", entry.get("statisticId"))
        figures = self._figures_of(queue) if queue in self._queues else {}
        value = figures.get(name) if isinstance(name, str) else None
        if value is None:
            return {**echoed, "error": "there is no such statistic of such a queue"}
        return {**echoed, "value": value, "timestamp": int(now.timestamp() * 1000)}
