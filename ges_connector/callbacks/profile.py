"""What a contact centre decides about its callbacks: one profile per topic, read from one file.

The file is YAML 1.2: `defaults` hold for every topic, a topic of `topics` says what is its own, and
mappings are merged key by key. All faults are told at once. Secrets have no place in it.
"""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from warnings import catch_warnings, simplefilter
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, UnknownLocaleError
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, SafeConstructor
from ruamel.yaml.error import YAMLError, YAMLWarning
from typing_extensions import override

from ges_connector.api import WaitTimeMode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DAY_MINUTES = 24 * 60
# Keys that are no JavaScript identifiers are dropped by GES without a word (GES rule 30).
_USER_DATA_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_BY_TOPIC = ("defaults", "topics")
_THE_KEY_ITSELF = "[key]"
_PLAIN_KEY = re.compile(r"[\w-]+|\[key\]")


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (OSError, ValueError, KeyError):
        pass
    raise ValueError("is not a zone of the tz database")


def _known_country(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(
            f"{code!r} is not a country with telephone numbers (ISO 3166, two letters)"
        )
    return code


def _known_locale(tag: str) -> str:
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, LookupError, UnknownLocaleError) as error:
        raise ValueError(f"{tag!r} is not a language tag that CLDR knows") from error
    return tag


def _diallable(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException as error:
        raise ValueError("is not a number in international form (+…)") from error
    if not phonenumbers.is_possible_number(parsed):
        raise ValueError("is not a possible telephone number")
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _user_data_key(key: str) -> str:
    if not _USER_DATA_KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no JavaScript identifier, so GES would drop it")
    return key


Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
ZoneName = Annotated[str, AfterValidator(_known_zone)]
Country = Annotated[str, AfterValidator(_known_country)]
LocaleTag = Annotated[str, AfterValidator(_known_locale)]
PublicNumber = Annotated[str, AfterValidator(_diallable)]
"""A number of the contact centre itself, in E.164; nothing personal."""
UserDataKey = Annotated[str, AfterValidator(_user_data_key)]


class _Part(BaseModel):
    """A part of the configuration: unknown keys are mistakes, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class QuietHours(_Part):
    """The part of the day in which nobody wants the phone to ring.

    Attributes:
        starts: First quiet moment, by the customer's clock.
        ends: First moment that is not quiet any more; before `starts` if midnight lies between.
    """

    starts: time
    ends: time

    @model_validator(mode="after")
    def _is_some_time(self) -> Self:
        if self.starts == self.ends:
            raise ValueError("starts and ends at the same time; write null for no quiet hours")
        return self

    def contains(self, clock: time) -> bool:
        """Tell whether a time of day lies in them."""
        if self.starts < self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends


class OfferPolicy(_Part):
    """When which kind of callback is offered.

    Attributes:
        accept_new: Whether callbacks are taken at all; booked ones are managed all the same.
        immediate: Whether callbacks in turn are offered.
        scheduled: Whether callbacks at a time are offered.
        min_wait_seconds: From which wait on a callback is proposed; below it, connecting is.
        max_wait_seconds: From which wait on a callback in turn is too far off to be promised.
        closing_margin_minutes: How long before closing a callback in turn must be expected.
        quiet_hours: When no call in turn may come, by the customer's clock; null for never.
    """

    accept_new: bool = True
    immediate: bool = True
    scheduled: bool = True
    min_wait_seconds: int = Field(default=180, ge=0)
    max_wait_seconds: int = Field(default=7200, gt=0)
    closing_margin_minutes: int = Field(default=5, ge=0, lt=_DAY_MINUTES)
    quiet_hours: QuietHours | None = QuietHours(starts=time(21), ends=time(8))

    @model_validator(mode="after")
    def _thresholds_in_order(self) -> Self:
        if self.min_wait_seconds >= self.max_wait_seconds:
            raise ValueError("min_wait_seconds must be below max_wait_seconds")
        return self


class SlotPolicy(_Part):
    """Which free times are shown, and how many at once.

    Attributes:
        min_lead_minutes: How far ahead a time must be to be shown. Keep it some minutes above the
            lead time of the service itself, so that a customer can think before saying yes.
        last_yes_minutes: How far ahead a time must still be when the customer says yes to it.
        horizon_days: How far ahead times are looked for.
        chat_count: Most times in a written menu.
        voice_count: Most times in a spoken menu.
    """

    min_lead_minutes: int = Field(default=30, ge=1, le=14 * _DAY_MINUTES)
    last_yes_minutes: int = Field(default=5, ge=1)
    horizon_days: int = Field(default=14, ge=1, le=30)
    chat_count: int = Field(default=5, ge=1, le=10)
    voice_count: int = Field(default=3, ge=1, le=5)

    @model_validator(mode="after")
    def _leads_in_order(self) -> Self:
        if self.last_yes_minutes > self.min_lead_minutes:
            raise ValueError("last_yes_minutes must not be above min_lead_minutes")
        return self

    def count(self, *, speaks: bool) -> int:
        """Most times in one menu of a channel."""
        return self.voice_count if speaks else self.chat_count


class WaitPolicy(_Part):
    """How an estimated wait is told.

    Attributes:
        told_as: As a range, as its upper end only, or not at all, for small teams whose estimates
            mislead.
        floor_minutes: A shorter wait is told as less than this.
        cap_minutes: A wait from this on is told as more than this.
        padding_percent: How far the upper end lies above the estimate; late hurts more than early.
    """

    told_as: Literal["range", "at_most", "never"] = "range"
    floor_minutes: int = Field(default=2, ge=1)
    cap_minutes: int = Field(default=120, ge=1)
    padding_percent: int = Field(default=25, ge=0, le=999)

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if self.floor_minutes >= self.cap_minutes:
            raise ValueError("floor_minutes must be below cap_minutes")
        return self


class Attempts(_Part):
    """How often the service tries to reach the customer, as it is configured in GES; only told.

    Attributes:
        count: Calls in all.
        gap_minutes: Time between two of them.
    """

    count: int = Field(default=3, ge=1)
    gap_minutes: int = Field(default=5, ge=1)


class UserDataPolicy(_Part):
    """What may go to the agent with the call.

    Of the keys that are listed unasked, `reason` is empty unless a dialogue of the deploying team
    has asked the customer what the call is about and whether that may be passed on, and has set the
    slot `callback_reason` before the booking. Nothing else fills it.

    Attributes:
        keys: The keys that are sent; any other is left out.
        max_characters: Longer texts are cut.
    """

    keys: tuple[UserDataKey, ...] = (
        "reason",
        "conversation_id",
        "channel",
        "language",
        "wait_told",
    )
    max_characters: int = Field(default=250, ge=1, le=4000)


class Limits(_Part):
    """How many callbacks are booked before our own limits, which come before those of GES.

    What they keep off is a machine that books over and over at the company's cost, or has somebody
    else's phone ring.

    Attributes:
        per_conversation: Most bookings of one conversation on one day, UTC, moves included; null
            for any number.
        open_per_number: Most callbacks for one number that were booked in the last 36 hours and not
            cancelled here; null for any number.
    """

    per_conversation: int | None = Field(default=10, ge=1, le=50)
    open_per_number: int | None = Field(default=5, ge=1, le=50)


class TopicProfile(_Part):
    """How callbacks about one topic are offered and booked.

    Attributes:
        service_name: Callback service in GES.
        queue_name: Callback queue in GES; the service's name if it is the same.
        office_hours_name: What GES calls the office hours, where it wants a name of their own
            (Q28).
        virtual_queues: Queues a caller would wait in, the usual one first; they give the wait that
            is told. Without any it is the callback queue's own.
        wait_mode: How GES computes their wait.
        include_calls_on_hold: Whether calls on hold count; null leaves it to GES.
        call_in_group: Click-To-Call-In group; null if there is none.
        can_connect_now: Whether the channel can hand the conversation over to an agent at once.
        static_number: Number that can always be rung: the last rung of the ladder.
        static_hours: Key of the wording that tells its hours; null says nothing about hours.
        office_zone: Zone the office keeps.
        default_zone: Zone of a customer whose own is unknown; the office's if null.
        countries: Countries that are called back, the home country first.
        languages: Languages the agents speak.
        default_locale: Locale of a customer whose own is unknown.
        calling_name: Who will ring, as the customer knows them.
        calling_number: Number that will show on the customer's phone; null if it is withheld or
            not always the same.
        attempts: What is told about missed calls; null tells nothing.
        offer: When which callback is offered.
        slots: Which free times are shown.
        wait: How waits are told.
        user_data: What may go to the agent.
        limits: How many callbacks a conversation or a number may have.
    """

    service_name: Name
    queue_name: Name | None = None
    office_hours_name: Name | None = None
    virtual_queues: tuple[Name, ...] = ()
    wait_mode: WaitTimeMode = WaitTimeMode.MODE2
    include_calls_on_hold: bool | None = None
    call_in_group: Name | None = None
    can_connect_now: bool = False
    static_number: PublicNumber
    static_hours: Name | None = None
    office_zone: ZoneName
    default_zone: ZoneName | None = None
    countries: tuple[Country, ...] = Field(min_length=1)
    languages: tuple[LocaleTag, ...] = Field(default=("en",), min_length=1)
    default_locale: LocaleTag = "en"
    calling_name: Name | None = None
    calling_number: PublicNumber | None = None
    attempts: Attempts | None = Attempts()
    offer: OfferPolicy = OfferPolicy()
    slots: SlotPolicy = SlotPolicy()
    wait: WaitPolicy = WaitPolicy()
    user_data: UserDataPolicy = UserDataPolicy()
    limits: Limits = Limits()

    @property
    def queue(self) -> str:
        """Name of the callback queue."""
        return self.queue_name or self.service_name

    @property
    def office_hours(self) -> str:
        """Name under which GES is asked how long the office is open."""
        return self.office_hours_name or self.service_name

    @property
    def fallback_zone(self) -> ZoneInfo:
        """Zone of a customer whose own is unknown."""
        return ZoneInfo(self.default_zone or self.office_zone)


class Patience(_Part):
    """How long one turn of the conversation may take; the channel's own patience is longer.

    Attributes:
        chat_seconds: For a written turn that only asks.
        voice_seconds: For a spoken turn that only asks.
        booking_seconds: For a turn that books, moves or cancels: cutting it off early leaves a
            booking whose fate nobody knows.
        late_answer_seconds: How much longer the answer to a booking is waited for once the customer
            has been told that there is none yet; it is known when they ask again.
    """

    chat_seconds: float = Field(default=5.0, gt=0)
    voice_seconds: float = Field(default=2.0, gt=0)
    booking_seconds: float = Field(default=8.0, gt=0)
    late_answer_seconds: float = Field(default=10.0, ge=0)

    def asking_seconds(self, *, speaks: bool) -> float:
        """The budget of a turn that only asks."""
        return self.voice_seconds if speaks else self.chat_seconds


class Freshness(_Part):
    """How old an answer of GES may be when it is used again, by any conversation.

    Attributes:
        queue_seconds: Of queue status, waits and office hours.
        slots_seconds: Of the free times; they are asked again after every booking.
    """

    queue_seconds: float = Field(default=5.0, ge=0)
    slots_seconds: float = Field(default=20.0, ge=0)


class Budget(_Part):
    """How much GES is asked, by all workers and replicas together that share a store.

    No limit of GES is documented (Q21). Reads keep to the budget; bookings, cancellations and
    requests for a number to ring are counted too, but never held up.

    Attributes:
        requests_per_second: How many requests; null for as many as there are.
        wait_seconds: How long a read waits for its turn.
        last_known_seconds: How old an answer may be that is used when the turn did not come.
    """

    requests_per_second: int | None = Field(default=50, ge=1)
    wait_seconds: float = Field(default=1.0, ge=0)
    last_known_seconds: float = Field(default=60.0, ge=0)


class CallbackConfigError(ValueError):
    """The configuration cannot be used.

    Attributes:
        faults: All that is wrong with it, each with the place where it stands.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class CallbackConfig(_Part):
    """The whole configuration of the callback service.

    Attributes:
        topics: Profiles by name; the first is the default.
        patience: Budgets of time.
        freshness: Ages of cached answers.
        budget: Requests per second.
    """

    topics: dict[Name, TopicProfile] = Field(min_length=1)
    patience: Patience = Patience()
    freshness: Freshness = Freshness()
    budget: Budget = Budget()

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Read the configuration file.

        Args:
            text: Its content.

        Raises:
            CallbackConfigError: It is no YAML, or holds faults; all of them are listed.
        """
        try:
            return cls.from_mapping(_parsed(text))
        except RecursionError:
            raise CallbackConfigError("the file is nested too deeply, or without end") from None

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """Merge the defaults into every topic, and check the result.

        Args:
            data: `topics`, and perhaps `defaults`, `patience`, `freshness` and `budget`.

        Raises:
            CallbackConfigError: It holds faults; all of them are listed.
        """
        defaults, topics = ({} if data.get(key) is None else data[key] for key in _BY_TOPIC)
        if not isinstance(defaults, dict) or not isinstance(topics, dict):
            raise CallbackConfigError("defaults, topics: must be mappings")
        merged = {name: _merged(defaults, own) for name, own in topics.items()}
        rest = {key: value for key, value in data.items() if key != "defaults"}
        try:
            return cls.model_validate({**rest, "topics": merged})
        except ValidationError as error:
            raise CallbackConfigError(*_faults(error, topics)) from None

    @property
    def default_topic(self) -> str:
        """Name of the topic that is meant when none is named."""
        return next(iter(self.topics))

    def profile(self, topic: str | None = None) -> TopicProfile:
        """Find the profile of a topic.

        Args:
            topic: Its name; an unknown name or None means the default topic.
        """
        return self.topics.get(topic or self.default_topic, self.topics[self.default_topic])


class _PlacedConstructor(SafeConstructor):
    """Says where a value stands that is not what its form or its tag says, as 2026-13-45 is not."""

    @override
    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, LookupError, TypeError) as error:
            problem = "found a value that is not what its form or its tag says"
            raise ConstructorError(None, None, problem, node.start_mark) from error


def _parsed(text: str) -> dict[str, Any]:
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _PlacedConstructor
    try:
        with catch_warnings():
            simplefilter("error", YAMLWarning)
            data = reader.load(text)
    except (YAMLError, YAMLWarning) as error:
        raise CallbackConfigError(" ".join(str(error).split())) from None
    if not isinstance(data, dict):
        raise CallbackConfigError("the file must hold a mapping with topics")
    return data


def _merged(defaults: Any, own: Any) -> Any:
    if not isinstance(defaults, dict) or not isinstance(own, dict):
        return own
    return defaults | {key: _merged(defaults.get(key), value) for key, value in own.items()}


def _faults(error: ValidationError, topics: Mapping[str, Any]) -> Iterator[str]:
    """Name each fault once, at the place in the file where it stands."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    told: set[str] = set()
    for fault in faults:
        loc = fault["loc"]
        if fault["type"] == "too_short" and any(_is_below(each["loc"], loc) for each in faults):
            continue  # Its items are missing only because they are wrong.
        place = _place(loc if fault["type"] == "missing" else _standing(loc, topics))
        text = f"{place}: {fault['msg'].removeprefix('Value error, ')}"
        if text not in told:
            told.add(text)
            yield text


def _is_below(loc: tuple[str | int, ...], other: tuple[str | int, ...]) -> bool:
    return len(loc) > len(other) and loc[: len(other)] == other


def _place(loc: tuple[str | int, ...]) -> str:
    """A path of keys; a key that is no plain word, such as an empty one, is quoted."""
    parts = (str(part) for part in loc)
    return ".".join(part if _PLAIN_KEY.fullmatch(part) else repr(part) for part in parts)


def _standing(loc: tuple[str | int, ...], topics: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Where in the file a part of a topic stands: in the topic itself or in the defaults."""
    if len(loc) > 2 and loc[0] == "topics" and not _stands(topics, loc[1:]):  # noqa: PLR2004 - topics, its name, and a key
        return ("defaults", *loc[2:])
    return loc


def _stands(value: Any, path: tuple[str | int, ...]) -> bool:
    """Whether the place a path leads to, or what misses there, belongs to the topic itself."""
    if path[-1] == _THE_KEY_ITSELF:
        return True
    for part in path[:-1]:
        if not isinstance(value, dict):
            return True
        if part not in value:
            return False
        value = value[part]
    return not isinstance(value, dict) or path[-1] in value
