"""Reads query parameters and body fields into typed values, or says which one is wrong and why.

Every fault is GES code 501 with HTTP 400 (GES section 7.1) and names the field as the wire
spells it. No message repeats a value: a caller may have put a phone number anywhere.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import Code, RefusedError
from ges_connector.sandbox.surface.json_body import BadJsonError, read_json

_DATE = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})"
    r"(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_DATE_MS = re.compile(r"[0-9-]{10}T[0-9:]{8}\.[0-9]{3}Z?")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INTEGER = re.compile(r"-?[0-9]{1,18}")

EARLIEST_AT = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_AT = datetime(9000, 1, 1, tzinfo=UTC)
"""Times outside of these bounds are slips of the pen; date arithmetic would overflow at them."""


def refuse_field(field: str, problem: str) -> RefusedError:
    """The refusal for a field that cannot be read; raise it."""
    return RefusedError(400, Code.INVALID_PARAMETERS, f"{field} {problem}")


_IN_A_BODY = "end it with Z or an offset such as +01:00"
_IN_A_QUERY = "end it with Z or an offset (its plus sign written as %2B), or send timezone"


def read_instant(
    field: str,
    text: str,
    profile: Profile,
    zone: ZoneInfo | None = None,
    *,
    remedy: str = _IN_A_BODY,
) -> datetime:
    """Reads an ISO-8601 time (GES rules 1.6 and 2.4, Q29).

    Args:
        field: Name on the wire, for the refusal.
        text: What was sent.
        profile: Which formats are accepted.
        zone: Places a time without `Z` or offset; an explicit one wins over it.
        remedy: How the zone can be said where the time stands.

    Returns:
        The instant in UTC.

    Raises:
        RefusedError: The text is no time, or does not say in which zone.
    """
    found = _DATE.fullmatch(text)
    if found is None or (profile.dates == "ms-z-only" and not _DATE_MS.fullmatch(text)):
        raise refuse_field(field, "is no ISO-8601 time such as 2026-01-05T14:30:00.000Z")
    *numbers, fraction, offset = found.groups()
    if offset is None and zone is None:
        raise refuse_field(field, f"says no zone; {remedy}")
    try:
        year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
        microsecond = int((fraction or "0").ljust(6, "0")[:6])
        where = zone if offset is None else _offset_zone(offset)
        civil = datetime(year, month, day, hour, minute, second, microsecond, where)
        at = civil.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise refuse_field(field, "is no time that exists in the calendar") from error
    return _within_bounds(field, at)


def _offset_zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _within_bounds(field: str, at: datetime) -> datetime:
    if not EARLIEST_AT <= at < LATEST_AT:
        raise refuse_field(field, "lies outside of the years 1970 to 8999")
    return at


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def read_uuid(field: str, text: str) -> UUID:
    """Reads an id in the usual form of five groups (GES Q6).

    Raises:
        RefusedError: It is none.
    """
    if not _UUID.fullmatch(text):
        raise refuse_field(field, "is no UUID such as 369e1b9f-2c60-4e0e-9c4f-7d2b7d3d4b61")
    return UUID(text)


def percent_decoded(text: str) -> str:
    """Decodes percent-encoding once (GES Q26).

    Raises:
        UnicodeDecodeError: The bytes are not UTF-8.
    """
    return unquote_to_bytes(text).decode("utf-8")


class Query:
    """The query parameters of one request; unknown ones are ignored, doubled ones refused."""

    def __init__(self, raw: str) -> None:
        self._values: dict[str, str] = {}
        for part in filter(None, raw.split("&")):
            name, _, value = part.partition("=")
            self._add(name, value)

    def _add(self, raw_name: str, raw_value: str) -> None:
        try:
            name, value = (percent_decoded(raw.replace("+", " ")) for raw in (raw_name, raw_value))
        except UnicodeDecodeError as error:
            raise refuse_field("the query", "is not UTF-8 under its percent-encoding") from error
        if name in self._values:
            raise refuse_field(name, "is there twice")
        self._values[name] = value

    def renamed(self, aliases: Mapping[str, str]) -> None:
        """Takes parameters under other names, too (GES rule 1.10)."""
        for alias, name in aliases.items():
            if alias in self._values:
                if name in self._values:
                    raise refuse_field(name, f"is there twice, once as {alias}")
                self._values[name] = self._values.pop(alias)

    def text(self, name: str) -> str | None:
        """The value as it is."""
        value = self._values.get(name)
        if value == "":
            raise refuse_field(name, "is empty; leave it out or give it a value")
        return value

    def flag(self, name: str) -> bool | None:
        """`true` or `false`."""
        value = self.text(name)
        if value not in (None, "true", "false"):
            raise refuse_field(name, "is neither true nor false")
        return None if value is None else value == "true"

    def integer(self, name: str, *, least: int, most: int) -> int | None:
        """A whole number between two bounds."""
        value = self.text(name)
        if value is None:
            return None
        if not _INTEGER.fullmatch(value) or not least <= int(value) <= most:
            raise refuse_field(name, f"is no whole number from {least} to {most}")
        return int(value)

    def zone(self, name: str = "timezone") -> ZoneInfo | None:
        """A zone by its tz database name."""
        value = self.text(name)
        if value is None:
            return None
        if value not in _zone_names():
            raise refuse_field(name, "is no tz database name such as Europe/Berlin")
        return ZoneInfo(value)

    def instant(self, name: str, profile: Profile, zone: ZoneInfo | None) -> datetime | None:
        """A time; see `read_instant`."""
        value = self.text(name)
        if value is None:
            return None
        if " " in value and _DATE.fullmatch(value.replace(" ", "+")):
            raise refuse_field(name, "has a space for its plus sign; write %2B in a query")
        return read_instant(name, value, profile, zone, remedy=_IN_A_QUERY)

    def instant_ms(self, name: str) -> datetime | None:
        """A time in milliseconds since 1970 (GES rule 2.4)."""
        value = self.integer(
            name,
            least=0,
            # The bound is whole seconds, so no rounding is involved.
            most=int(LATEST_AT.timestamp()) * 1000 - 1,
        )
        return None if value is None else EARLIEST_AT + timedelta(milliseconds=value)


class Fields:
    """The fields of a JSON object; null counts as absent, unknown ones are ignored."""

    def __init__(self, values: Mapping[str, Any], where: str = "") -> None:
        self._values = values
        self._where = where

    @classmethod
    def of_body(cls, body: bytes) -> "Fields":
        """Reads a request body that has to be a JSON object.

        Raises:
            RefusedError: It is none.
        """
        return cls(read_object(body))

    def _refuse(self, name: str, problem: str) -> RefusedError:
        return refuse_field(f"{self._where}{name}", problem)

    def text(self, name: str) -> str | None:
        """A text."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            raise self._refuse(name, "is no text")
        return value

    def required_text(self, name: str, what: str) -> str:
        """A text that has to be there and not empty; `what` says what it should hold."""
        value = self.text(name)
        if not value:
            raise self._refuse(name, f"is missing; it is {what}")
        return value

    def number(self, name: str) -> float | None:
        """A number; true and false are none."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._refuse(name, "is no number")
        return float(value)

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._refuse(name, "is neither true nor false")
        return value

    def instant(self, name: str, profile: Profile) -> datetime | None:
        """A time that says its zone itself; see `read_instant`."""
        value = self.text(name)
        return None if value is None else read_instant(name, value, profile)

    def uuid(self, name: str) -> UUID | None:
        """An id."""
        value = self.text(name)
        return None if value is None else read_uuid(name, value)

    def objects(self, name: str) -> tuple["Fields", ...]:
        """A list of objects."""
        value = self._values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self._refuse(name, "is no list of objects")
        return tuple(Fields(entry, f"{name}[{n}].") for n, entry in enumerate(value))

    def user_data(self, profile: Profile) -> Mapping[str, Any]:
        """The attached data, without the keys GES drops silently (GES rule 30, Q5)."""
        value = self._values.get("userData")
        if value is None:
            return {}
        if isinstance(value, str) and profile.user_data != "object":
            value = _object_in_text(value)
        elif profile.user_data == "json-text":
            raise self._refuse("userData", "is no text that holds a JSON object")
        if not isinstance(value, dict):
            raise self._refuse("userData", "is no object")
        return {key: entry for key, entry in value.items() if is_script_identifier(key)}


def _object_in_text(text: str) -> Any:
    try:
        return read_json(text.encode("utf-8"))
    except BadJsonError as error:
        raise refuse_field("userData", f"{error}") from error


def read_object(body: bytes) -> Mapping[str, Any]:
    """Reads a request body that has to be a JSON object.

    Raises:
        RefusedError: It is none.
    """
    try:
        value = read_json(body)
    except BadJsonError as error:
        raise refuse_field("the body", f"{error}") from error
    if not isinstance(value, dict):
        raise refuse_field("the body", "is no JSON object")
    return value


def is_script_identifier(key: str) -> bool:
    """Whether GES keeps a user-data key: it has to be a JavaScript identifier (GES rule 30)."""
    return key.replace("$", "_").isidentifier()
