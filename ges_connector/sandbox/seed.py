"""The contact centre a sandbox starts with: the models of `seed.yml` and its loader.

Everything an administrator would set up in the real product, in one readable file. All faults of a
file are reported together, each with where it is and what would be right.
"""

import itertools
import re
from collections.abc import Mapping
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from warnings import catch_warnings, simplefilter
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLWarning
from ruamel.yaml.parser import ParserError
from ruamel.yaml.scanner import ScannerError

from ges_connector.sandbox.clock import EARLIEST_AT, LATEST_AT
from ges_connector.sandbox.plain_words import UNRESOLVED, fault_lines, place_text
from ges_connector.sandbox.profile import Profile

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTES_A_DAY = 24 * 60
# Longer than anything a contact centre waits for, short enough for every sum with a date.
_TEN_YEARS_DAYS = 3660
_TEN_YEARS_SECONDS = _TEN_YEARS_DAYS * 86_400

# A seed has a handful of levels; for a thousand the YAML reader takes seconds, and all wait for it.
_DEEPEST = 50
# What the YAML reader raises for a document, or a scalar with a wrong tag, that it cannot make out.
_UNREADABLE_YAML = (YAMLError, YAMLWarning, ValueError, LookupError, TypeError, RecursionError)

_DAYS = re.compile(r"(?P<first>[A-Z][a-z]{2})(?:-(?P<last>[A-Z][a-z]{2}))?")
_HOURS = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


_NUMBERS = (int, float, int | None)
# They take some seconds to live through.
_MOST_WARM_UP_CALLS = 200_000
_LARGEST_SEED = 2**63 - 1


class SeedError(Exception):
    """The seed cannot be used; `faults` lists every reason, one line each."""

    def __init__(self, source: str, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join((f"{source} cannot be used:", *faults)))
        self.source = source
        self.faults = faults


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _flag_is_no_number(cls, value: Any, info: ValidationInfo) -> Any:
        field = cls.model_fields[info.field_name or ""]
        if isinstance(value, bool) and field.annotation in _NUMBERS:
            raise ValueError("has to be a number, not true or false")
        return value


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        msg = f"{name!r} is no tz database name; write for example 'Europe/Berlin'"
        raise ValueError(msg)
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]


class Minutes(_Frozen):
    """A stretch of one civil day in minutes after midnight; `end` 1440 is 24:00 (rule 14)."""

    start: int = Field(ge=0, lt=MINUTES_A_DAY)
    end: int = Field(gt=0, le=MINUTES_A_DAY)

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end <= self.start:
            msg = "the hours must end after they start; split what crosses midnight in two"
            raise ValueError(msg)
        return self


def _parse_hours(text: str) -> Minutes:
    found = _HOURS.fullmatch(text)
    if found is None:
        msg = f"{text!r} is no range of hours; write for example '09:00-17:30', '00:00-24:00'"
        raise ValueError(msg)
    hour, minute, end_hour, end_minute = map(int, found.groups())
    if max(minute, end_minute) >= 60:  # noqa: PLR2004 - minutes of an hour
        msg = f"{text!r} has a minute above 59"
        raise ValueError(msg)
    return Minutes(start=hour * 60 + minute, end=end_hour * 60 + end_minute)


def _parse_days(text: str) -> tuple[int, ...]:
    found = _DAYS.fullmatch(text)
    names = found.group("first", "last") if found else (None, None)
    first = WEEKDAYS.index(names[0]) if names[0] in WEEKDAYS else None
    last = first if names[1] is None else _weekday(names[1])
    if first is None or last is None:
        msg = f"{text!r} names no weekdays; write for example 'Mon-Fri' or 'Sat'"
        raise ValueError(msg)
    span = (last - first) % 7
    return tuple((first + step) % 7 for step in range(span + 1))


def _weekday(name: str) -> int | None:
    return WEEKDAYS.index(name) if name in WEEKDAYS else None


def _hours_or_same(value: Any) -> Any:
    return _parse_hours(value) if isinstance(value, str) else value


class WeeklyHours(_Frozen):
    """Hours on some weekdays, written `Mon-Fri 09:00-17:00`; 0 is Monday."""

    weekdays: tuple[int, ...]
    hours: Minutes

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        days, _, hours = value.partition(" ")
        return {"weekdays": _parse_days(days), "hours": _parse_hours(hours.strip())}


class Day(_Frozen):
    """One day: a date, or a number of days after the day the sandbox starts."""

    on: date | None = None
    in_days: int | None = Field(default=None, ge=-_TEN_YEARS_DAYS, le=_TEN_YEARS_DAYS)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.on is None) == (self.in_days is None):
            msg = "a day is either 'on' a date or 'in_days' after the start"
            raise ValueError(msg)
        return self


class SpecialDay(Day):
    """A day with hours of its own in place of the regular ones; no hours means closed."""

    hours: tuple[Annotated[Minutes, BeforeValidator(_hours_or_same)], ...] = ()


class OfficeHours(_Frozen):
    """A business-hours object (rule 14); its zone also places its services' slots (rule 7)."""

    name: str
    timezone: Zone
    regular: tuple[WeeklyHours, ...]
    special: tuple[SpecialDay, ...] = ()


class CapacityCell(_Frozen):
    """Places per slot on some weekdays between two times, written `Mon-Fri 09:00-12:00: 4`."""

    weekly: WeeklyHours
    places: int = Field(ge=0)


class CapacityRule(_Frozen):
    """A weekly calendar of places per slot (rules 7 and 12); later cells override earlier ones."""

    name: str = Field(pattern=r"^[A-Za-z0-9]+$")
    slot_minutes: Literal[30, 60] = 30
    places: int = Field(default=0, ge=0, description="places of a slot that no cell names")
    cells: tuple[CapacityCell, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _cells_from_mapping(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or not isinstance(value.get("cells"), Mapping):
            return value
        cells = [{"weekly": where, "places": n} for where, n in value["cells"].items()]
        return {**value, "cells": cells}


class BlockedPattern(_Frozen):
    """Numbers that are refused, matched against the form with a plus sign (rules 24 and 26)."""

    pattern: str
    kind: Literal["simple", "regex"] = "simple"
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")

    @model_validator(mode="after")
    def _regex_compiles(self) -> Self:
        if self.kind == "regex":
            try:
                re.compile(self.pattern)
            except re.error as error:
                msg = f"{self.pattern!r} is no regular expression: {error}"
                raise ValueError(msg) from error
        return self


class NumberRule(_Frozen):
    """Which numbers may be called back (rules 24 to 27)."""

    name: str = Field(pattern=r"^[A-Za-z0-9]+$")
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = Field(min_length=1)
    blocked: tuple[BlockedPattern, ...] = ()


class Traffic(_Frozen):
    """What moves a virtual queue: its agents and the customers who ring by themselves."""

    agents: int = Field(default=2, ge=0, le=10_000, description="agents logged in")
    calls_per_hour: float = Field(
        default=20, ge=0, le=100_000, description="arrivals while the office is open"
    )
    handle_seconds: float = Field(
        default=240, gt=0, le=_TEN_YEARS_SECONDS, description="mean length of a call"
    )
    hold_share: float = Field(default=0.1, ge=0, le=1, description="share of calls put on hold")
    patience_seconds: float = Field(
        default=900, gt=0, le=_TEN_YEARS_SECONDS, description="mean wait before hanging up"
    )
    warm_up_minutes: int = Field(
        default=120,
        ge=0,
        le=7 * MINUTES_A_DAY,
        description="how long the queue has been moving when the sandbox starts",
    )

    @model_validator(mode="after")
    def _warm_up_is_bearable(self) -> Self:
        if self.calls_per_hour * self.warm_up_minutes / 60 > _MOST_WARM_UP_CALLS:
            msg = (
                f"more than {_MOST_WARM_UP_CALLS} customers would ring during the warm-up; lower "
                "calls_per_hour or warm_up_minutes"
            )
            raise ValueError(msg)
        return self


class ServiceWindow(_Frozen):
    """At most `limit` creates per `seconds` (rule 20)."""

    limit: int = Field(gt=0)
    seconds: int = Field(gt=0, le=_TEN_YEARS_SECONDS)


class FilledDay(Day):
    """A day on which others have already taken a share of every slot's places."""

    share: float = Field(default=1.0, ge=0, le=1)


class Service(_Frozen):
    """One callback service and its virtual queue (section 5); defaults are the ancestor's."""

    name: str = Field(min_length=1)
    office_hours: str | None = None
    capacity_rule: str | None = None
    number_rule: str | None = None
    immediate_enabled: bool = True
    scheduled_enabled: bool = True
    immediate_blackout_minutes: int = Field(
        default=0,
        ge=0,
        le=MINUTES_A_DAY,
        description="no immediate callbacks this long before closing",
    )
    min_lead_minutes: int = Field(
        default=0, ge=0, le=_TEN_YEARS_DAYS * MINUTES_A_DAY, description="earliest bookable slot"
    )
    reject_outside_office_hours: bool = Field(
        default=True, description="false: shift to the next opening instead of refusing (rule 15)"
    )
    bucket_minutes: Literal[5, 10, 15, 20, 30, 60, 120] = 5
    bucket_places: int = Field(default=100, ge=0)
    filled_days: tuple[FilledDay, ...] = ()
    proposals: int = Field(default=8, ge=0, description="slots proposed with a full one (rule 10)")
    in_queue_check: Literal["two", "strict", "off"] = "two"
    per_number_daily_limit: int = Field(default=6, gt=0)
    windows: tuple[ServiceWindow, ...] = (
        ServiceWindow(limit=500, seconds=300),
        ServiceWindow(limit=1000, seconds=3600),
    )
    max_queued: int = Field(default=1000, gt=0)
    call_direction: Literal["USERTERMINATED", "USERORIGINATED"] = "USERTERMINATED"
    default_country: str = Field(default="US", pattern=r"^[A-Z]{2}$")
    disallow_impossible_numbers: bool = True
    disallow_premium_numbers: bool = True
    furthest_days: int = Field(
        default=31, gt=0, le=_TEN_YEARS_DAYS, description="bookings beyond it are refused"
    )
    execution_buffer_seconds: int = Field(default=120, ge=0, le=_TEN_YEARS_SECONDS)
    max_dial_attempts: int = Field(default=3, gt=0)
    dial_retry_seconds: int = Field(default=300, gt=0, le=_TEN_YEARS_SECONDS)
    ring_seconds: int = Field(default=20, ge=0, le=_TEN_YEARS_SECONDS)
    ttl_seconds: int = Field(default=86_400, gt=0, le=_TEN_YEARS_SECONDS)
    purge_seconds: int = Field(
        default=86_400,
        ge=0,
        le=_TEN_YEARS_SECONDS,
        description="kept this long after completion, then retrieve is 404",
    )
    retain_session: bool = Field(
        default=False, description="PROCESSING can be seen until the call ends (rule 40a)"
    )
    wait_for_agent: bool = Field(
        default=True, description="dial the customer once an agent is reserved, else beforehand"
    )
    logged_in_check: bool = True
    push_threshold_seconds: int = Field(default=300, ge=0, le=_TEN_YEARS_SECONDS)
    pushed_expiry_seconds: int = Field(default=600, gt=0, le=_TEN_YEARS_SECONDS)
    traffic: Traffic = Traffic()


class CallInGroup(_Frozen):
    """A pool of numbers for Click-To-Call-In (section 2.8)."""

    name: str
    numbers: tuple[str, ...] = Field(min_length=1)
    access_code: bool = True
    code_length: int = Field(default=6, ge=4, le=12)
    expires_after_seconds: int = Field(default=300, ge=10, le=1800)
    default_country: str = Field(default="US", pattern=r"^[A-Z]{2}$")


class ApiKey(_Frozen):
    """A key of the tenant and the web origins that may use it (rules 1.2 and 43)."""

    key: str = Field(min_length=1, repr=False)
    enabled: bool = True
    domains: tuple[str, ...] = ()


class Captcha(_Frozen):
    """CAPTCHA validation of create; the sandbox accepts the listed tokens (rule 44)."""

    kind: Literal["v2-visible", "v2-invisible", "v3"] = "v2-visible"
    site_key: str
    accepted_tokens: tuple[str, ...] = Field(default=("human",), repr=False)


class CustomerBehaviour(_Frozen):
    """What happens when the contact centre rings a customer.

    The shares need not add up to one: they are weights. `scripted` names what a certain number
    always does.
    """

    answered: float = Field(default=0.85, ge=0)
    no_answer: float = Field(default=0.1, ge=0)
    busy: float = Field(default=0.03, ge=0)
    declined: float = Field(default=0.02, ge=0)
    answering_machine: float = Field(default=0.0, ge=0)
    scripted: Mapping[
        str, Literal["answered", "no-answer", "busy", "declined", "answering-machine"]
    ] = Field(default_factory=dict, repr=False)


_REFERENCES = {
    "office_hours": "office_hours",
    "capacity_rule": "capacity_rules",
    "number_rule": "number_rules",
}
"""Which list each reference of a service leads to."""


class Tenant(_Frozen):
    """A contact centre: everything its keys can reach."""

    name: str
    keys: tuple[ApiKey, ...] = Field(min_length=1)
    statistics_credentials: bool = True
    captcha: Captcha | None = None
    customers: CustomerBehaviour = CustomerBehaviour()
    office_hours: tuple[OfficeHours, ...] = ()
    capacity_rules: tuple[CapacityRule, ...] = ()
    number_rules: tuple[NumberRule, ...] = ()
    services: tuple[Service, ...] = Field(min_length=1)
    call_in_groups: tuple[CallInGroup, ...] = ()

    @model_validator(mode="after")
    def _references_resolve(self) -> Self:
        faults = _reference_faults(self.model_dump())
        if faults:
            raise PydanticCustomError(UNRESOLVED, "{faults}", {"faults": "; ".join(faults)})
        return self


def _within_clock(at: datetime) -> datetime:
    if not EARLIEST_AT <= at <= LATEST_AT:
        msg = "the clock runs between the years 1971 and 9000"
        raise ValueError(msg)
    return at


class Clock(_Frozen):
    """Where the virtual clock starts: at real time, or frozen at an instant."""

    mode: Literal["real", "frozen"] = "real"
    at: Annotated[AwareDatetime, AfterValidator(_within_clock)] | None = Field(
        default=None, description="start; the real time when absent"
    )


class SandboxSeed(_Frozen):
    """The whole seed file."""

    seed: int = Field(
        default=1,
        ge=-_LARGEST_SEED,
        le=_LARGEST_SEED,
        description="of every random choice and every id",
    )
    clock: Clock = Clock()
    profile: Profile = Profile()
    tenants: tuple[Tenant, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_key_once(self) -> Self:
        keys = [entry.key for tenant in self.tenants for entry in tenant.keys]
        if len(keys) != len(set(keys)):
            msg = "a key belongs to exactly one tenant; one is there twice"
            raise ValueError(msg)
        return self


def read_seed(path: Path | None = None) -> SandboxSeed:
    """Reads and checks a seed file; without a path the small contact centre that ships.

    Raises:
        SeedError: The file is missing, is no YAML, or describes no usable contact centre.
    """
    source = str(path) if path else "the built-in seed"
    try:
        text = (
            path.read_text(encoding="utf-8")
            if path
            else resources.files("ges_connector.sandbox").joinpath("seed.yml").read_text("utf-8")
        )
    except OSError as error:
        raise SeedError(source, (f"it cannot be read: {error.strerror}",)) from error
    except UnicodeDecodeError as error:
        raise SeedError(source, ("it cannot be read: it is not UTF-8 text",)) from error
    return parse_seed(text, source)


def parse_seed(text: str, source: str = "the seed") -> SandboxSeed:
    """Reads a seed from YAML (or JSON) text.

    Raises:
        SeedError: The text is no YAML or describes no usable contact centre.
    """
    if _nesting(text) > _DEEPEST:
        raise SeedError(source, (f"it is nested more than {_DEEPEST} levels deep",))
    try:
        with catch_warnings():
            simplefilter("error", YAMLWarning)
            content = YAML(typ="safe", pure=True).load(text)
    except _UNREADABLE_YAML as error:
        raise SeedError(source, (f"it is not YAML: {_yaml_trouble(error)}",)) from error
    try:
        return SandboxSeed.model_validate(content)
    except ValidationError as error:
        faults = [
            f"{place_text(place) or 'file'}: {sentence}"
            for place, sentence in fault_lines(error, SandboxSeed)
        ]
        raise SeedError(source, (*faults, *_lost_references(content))) from error


def _nesting(text: str) -> int:
    """How many brackets of a text are open at once, told without reading it as YAML."""
    steps = (1 if each in "[{" else -1 for each in text if each in "[]{}")
    return max(itertools.accumulate(steps), default=0)


def _yaml_trouble(error: Exception) -> str:
    """Where the reader stumbled, and over what; never the line itself, which may hold a key."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return "it holds something that is not what its form or its tag says"
    where = f"line {error.problem_mark.line + 1}, column {error.problem_mark.column + 1}"
    if isinstance(error, DuplicateKeyError):
        return f"{where}: a name is there twice; keep one of them"
    if isinstance(error, (ScannerError, ParserError)):
        return f"{where}: {error.problem}; look for a quote or a bracket that is not closed"
    return f"{where}: what stands there cannot be used"


def _lost_references(content: Any) -> tuple[str, ...]:
    """References that lead nowhere, however wrong the rest of the file is."""
    tenants = _entries(content, "tenants")
    return tuple(
        f"tenants.{number}: {fault}"
        for number, tenant in enumerate(tenants)
        for fault in _reference_faults(tenant)
    )


def _entries(holder: Any, name: str) -> list[Any]:
    found = holder.get(name) if isinstance(holder, Mapping) else None
    return list(found) if isinstance(found, (list, tuple)) else []


def _names(tenant: Any, kind: str) -> list[str]:
    named = (entry.get("name") for entry in _entries(tenant, kind) if isinstance(entry, Mapping))
    return [name for name in named if isinstance(name, str)]


def _reference_faults(tenant: Any) -> list[str]:
    """What of a tenant's names is there twice or leads nowhere; takes a tenant as plain data."""
    faults = [
        f"service {service.get('name')!r} names {kind} {name!r}, which is not there; "
        f"there {_there(_names(tenant, plural))}"
        for service in _entries(tenant, "services")
        if isinstance(service, Mapping)
        for kind, plural in _REFERENCES.items()
        if isinstance(name := service.get(kind), str) and name not in _names(tenant, plural)
    ]
    for kind in (*_REFERENCES.values(), "services", "call_in_groups"):
        names = _names(tenant, kind)
        faults += [f"{kind}: {name!r} is there twice" for name in {*names} if names.count(name) > 1]
    lent = [
        number
        for group in _entries(tenant, "call_in_groups")
        for number in _entries(group, "numbers")
        if isinstance(number, str)
    ]
    if len(lent) != len(set(lent)):
        faults.append("call_in_groups: each number belongs to one group, once")
    return sorted(faults)


def _there(names: list[str]) -> str:
    return f"is {', '.join(map(repr, names))}" if names else "is none"
