"""What a contact centre decides about its callbacks: one profile per topic, read from one file.

The file is YAML 1.2: `defaults` hold for every topic, a topic of `topics` says what is its own, and
mappings are merged key by key. All faults are told at once. Secrets have no place in it.
"""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, UnknownLocaleError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticKnownError

from ges_connector.api import WaitTimeMode
from ges_connector.callbacks import config_schema
from ges_connector.callbacks.config_source import (
    KEY_ITSELF,
    CallbackConfigError,
    ConfigFault,
    Path,
    in_order_of_lines,
    merged,
    parse,
    place_of,
    standing,
)
from ges_connector.callbacks.config_words import in_plain_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

_DAY_MINUTES = 24 * 60
# Keys that are no JavaScript identifiers are dropped by GES without a word (GES rule 30).
_USER_DATA_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_BY_TOPIC = ("defaults", "topics")


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
    length = phonenumbers.is_possible_number_with_reason(parsed)
    if length == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        raise ValueError("is too short to be dialled from elsewhere: the area code may be missing")
    if length != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError("is not a possible telephone number")
    if phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.PREMIUM_RATE:
        raise ValueError("is a premium-rate number: whoever rings it pays extra")
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _user_data_key(key: str) -> str:
    if not _USER_DATA_KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no JavaScript identifier, so GES would drop it")
    return key


def _time_of_day(value: object) -> object:
    """Refuse what is read as another time: numbers are seconds, and of a zone nothing is known."""
    is_text = isinstance(value, str) and config_schema.is_clock(value)
    if is_text or (isinstance(value, time) and value.tzinfo is None):
        return value
    raise PydanticKnownError("time_type")


ClockTime = Annotated[
    time,
    BeforeValidator(_time_of_day),
    PlainSerializer(config_schema.clock_as_written, when_used="json"),
]
"""A time of day by whatever clock is meant, so without a zone."""
Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
ZoneName = Annotated[str, AfterValidator(_known_zone), Field(examples=["Europe/Berlin"])]
Country = Annotated[str, AfterValidator(_known_country), Field(examples=["DE"])]
LocaleTag = Annotated[str, AfterValidator(_known_locale), Field(examples=["de-AT"])]
PublicNumber = Annotated[str, AfterValidator(_diallable), Field(examples=['"+493023125000"'])]
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

    starts: ClockTime
    ends: ClockTime

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

    accept_new: StrictBool = True
    immediate: StrictBool = True
    scheduled: StrictBool = True
    min_wait_seconds: StrictInt = Field(default=180, ge=0)
    max_wait_seconds: StrictInt = Field(default=7200, gt=0)
    closing_margin_minutes: StrictInt = Field(default=5, ge=0, lt=_DAY_MINUTES)
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

    min_lead_minutes: StrictInt = Field(default=30, ge=1, le=14 * _DAY_MINUTES)
    last_yes_minutes: StrictInt = Field(default=5, ge=1)
    horizon_days: StrictInt = Field(default=14, ge=1, le=30)
    chat_count: StrictInt = Field(default=5, ge=1, le=10)
    voice_count: StrictInt = Field(default=3, ge=1, le=5)

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
    floor_minutes: StrictInt = Field(default=2, ge=1)
    cap_minutes: StrictInt = Field(default=120, ge=1)
    padding_percent: StrictInt = Field(default=25, ge=0, le=999)

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

    count: StrictInt = Field(default=3, ge=1)
    gap_minutes: StrictInt = Field(default=5, ge=1)


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
    max_characters: StrictInt = Field(default=250, ge=1, le=4000)


class Limits(_Part):
    """How many callbacks are booked before our own limits, which come before those of GES.

    What they keep off is a machine that books over and over at the company's cost, or has somebody
    else's phone ring.

    Attributes:
        per_conversation: Most bookings of one conversation on one day, UTC, moves included; null
            for any number.
        open_per_number: Most callbacks for one number that were booked in the last 36 hours and not
            cancelled here; null for any number.
        ask_before_second: Whether the customer is asked before another callback is booked for a
            number that has one already; not where many share one number.
    """

    per_conversation: StrictInt | None = Field(default=10, ge=1, le=50)
    open_per_number: StrictInt | None = Field(default=5, ge=1, le=50)
    ask_before_second: StrictBool = True


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
    include_calls_on_hold: StrictBool | None = None
    call_in_group: Name | None = None
    can_connect_now: StrictBool = False
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

    chat_seconds: StrictFloat = Field(default=5.0, gt=0)
    voice_seconds: StrictFloat = Field(default=2.0, gt=0)
    booking_seconds: StrictFloat = Field(default=8.0, gt=0)
    late_answer_seconds: StrictFloat = Field(default=10.0, ge=0)

    def asking_seconds(self, *, speaks: bool) -> float:
        """The budget of a turn that only asks."""
        return self.voice_seconds if speaks else self.chat_seconds


class Freshness(_Part):
    """How old an answer of GES may be when it is used again, by any conversation.

    Attributes:
        queue_seconds: Of queue status, waits and office hours.
        slots_seconds: Of the free times; they are asked again after every booking.
    """

    queue_seconds: StrictFloat = Field(default=5.0, ge=0)
    slots_seconds: StrictFloat = Field(default=20.0, ge=0)


class Budget(_Part):
    """How much GES is asked, by all workers and replicas together that share a store.

    No limit of GES is documented (Q21). Reads keep to the budget; bookings, cancellations and
    requests for a number to ring are counted too, but never held up.

    Attributes:
        requests_per_second: How many requests; null for as many as there are.
        wait_seconds: How long a read waits for its turn.
        last_known_seconds: How old an answer may be that is used when the turn did not come.
    """

    requests_per_second: StrictInt | None = Field(default=50, ge=1)
    wait_seconds: StrictFloat = Field(default=1.0, ge=0)
    last_known_seconds: StrictFloat = Field(default=60.0, ge=0)


class DecisionLogSettings(_Part):
    """What is written down of each offer and what became of it; nothing personal.

    Attributes:
        directory: Where the files are, one a day; null writes nothing down.
        keep_days: How many days before today's are kept.
    """

    directory: Name | None = Field(default=None, examples=["/var/lib/callback/decisions"])
    keep_days: StrictInt = Field(default=90, ge=0)


class CallbackConfig(_Part):
    """The whole configuration of the callback service.

    Attributes:
        topics: Profiles by name; the first is the default.
        patience: Budgets of time.
        freshness: Ages of cached answers.
        budget: Requests per second.
        decision_log: What is written down.
    """

    topics: dict[Name, TopicProfile] = Field(min_length=1)
    patience: Patience = Patience()
    freshness: Freshness = Freshness()
    budget: Budget = Budget()
    decision_log: DecisionLogSettings = DecisionLogSettings()

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Read the configuration file.

        Args:
            text: Its content.

        Raises:
            CallbackConfigError: It is no YAML, or holds faults; all of them are listed.
        """
        try:
            return cls._located(text)
        except RecursionError:
            endless = ConfigFault("", "the file is nested too deeply, or without end")
            raise CallbackConfigError(endless) from None

    @classmethod
    def _located(cls, text: str) -> Self:
        try:
            return cls.from_mapping(parse(text))
        except CallbackConfigError as error:
            raise CallbackConfigError(*_with_lines(error.located, text)) from None

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """Merge the defaults into every topic, and check the result.

        Args:
            data: `topics`, and perhaps `defaults` and the other parts.

        Raises:
            CallbackConfigError: It holds faults; all of them are listed.
        """
        defaults, topics = ({} if data.get(key) is None else data[key] for key in _BY_TOPIC)
        if not isinstance(defaults, dict) or not isinstance(topics, dict):
            raise CallbackConfigError(ConfigFault("defaults, topics", "must be mappings"))
        if not topics and "topics" in defaults:
            path = ("defaults", "topics")
            right = "it belongs beside defaults: begin it in the first column"
            raise CallbackConfigError(
                ConfigFault(place_of(path), "is no key here", right, path=path)
            )
        filled = {name: merged(defaults, own) for name, own in topics.items()}
        rest = {key: value for key, value in data.items() if key != "defaults"}
        try:
            return cls.model_validate({**rest, "topics": filled})
        except ValidationError as error:
            raise CallbackConfigError(*_faults(error, topics, filled)) from None

    @property
    def default_topic(self) -> str:
        """Name of the topic that is meant when none is named."""
        return next(iter(self.topics))

    def topic(self, name: str | None = None) -> str:
        """Name the topic that is meant: an unknown name or None means the default one."""
        return name if name in self.topics else self.default_topic

    def profile(self, topic: str | None = None) -> TopicProfile:
        """Find the profile of a topic.

        Args:
            topic: Its name; an unknown name or None means the default topic.
        """
        return self.topics[self.topic(topic)]


def _faults(
    error: ValidationError, topics: Mapping[str, Any], filled: Mapping[str, Any]
) -> Iterator[ConfigFault]:
    """Name each fault once, at the place in the file where it stands.

    Args:
        error: The faults as pydantic found them.
        topics: The topics as they are written.
        filled: The topics with what the defaults hold for them.
    """
    faults = error.errors(include_url=False)
    told: set[str] = set()
    for fault in faults:
        loc = fault["loc"]
        if fault["type"] == "too_short" and any(_is_below(each["loc"], loc) for each in faults):
            continue  # Its items are missing only because they are wrong.
        path = loc if fault["type"] == "missing" else standing(loc, topics)
        if not path:
            # Of a key that holds half a character nothing is told but that it is there.
            yield ConfigFault("", "the file holds a key that is no text")
            continue
        found = ConfigFault(place_of(path), in_plain_words(fault), _right(fault, filled), path=path)
        if found.plain not in told:
            told.add(found.plain)
            yield found


def _is_below(loc: Path, other: Path) -> bool:
    return len(loc) > len(other) and loc[: len(other)] == other


def _with_lines(faults: tuple[ConfigFault, ...], text: str) -> Iterator[ConfigFault]:
    """Say where faults stand, in the order of the file."""
    if any(fault.line is not None or fault.place == "" for fault in faults):
        yield from faults
        return
    yield from in_order_of_lines(faults, text)


def topics_of(text: str) -> Mapping[str, Any]:
    """Give the topics of a file that is sound as they are written, without the defaults.

    Args:
        text: Its content.
    """
    topics: Mapping[str, Any] = parse(text)["topics"]
    return topics


def _right(fault: ErrorDetails, topics: Mapping[str, Any]) -> str | None:
    """Say what would be right in place of what is wrong; None where the fault itself says it."""
    loc = fault["loc"]
    if fault["type"] == "extra_forbidden":
        model = _model_at(loc[:-1])
        return None if model is None else config_schema.right_key(model, loc[-1], TopicProfile)
    if fault["type"] == "model_type" and loc[:-1] == ("topics",):
        is_key = loc[-1] in TopicProfile.model_fields
        return "indent it deeper, below a topic" if is_key else "indent its keys deeper, below it"
    keys = [each for each in loc if isinstance(each, str)]
    field = _field_at(loc)
    if field is None or loc[-1] == KEY_ITSELF or _says_it_itself(fault):
        return None
    is_item = isinstance(loc[-1], int)
    home = _home(loc, topics)
    return config_schema.right_value(field, keys[-1], fault["input"], is_item=is_item, home=home)


def _home(path: Path, topics: Mapping[str, Any]) -> str | None:
    """The first country of the topic at a place, unchecked as it is yet; None if it is none."""
    topic = topics.get(str(path[1])) if path[0] == "topics" and len(path) > 1 else None
    countries = topic.get("countries") if isinstance(topic, dict) else None
    first = countries[0] if isinstance(countries, list) and countries else None
    return first if isinstance(first, str) and first in phonenumbers.SUPPORTED_REGIONS else None


def _says_it_itself(fault: ErrorDetails) -> bool:
    """Whether it is a fault of several keys together."""
    return fault["type"] == "value_error" and isinstance(fault["input"], dict)


def _model_at(path: Path) -> type[BaseModel] | None:
    """What stands at a place, if it is a mapping with keys of its own."""
    model: type[BaseModel] | None = CallbackConfig
    if path[:1] == ("topics",):
        model, path = TopicProfile if len(path) > 1 else None, path[2:]
    for part in path:
        model = config_schema.parts_of(model).get(str(part)) if model else None
    return model


def _field_at(path: Path) -> FieldInfo | None:
    """The field at a place, or the list that an item stands in; None if it is none of a model."""
    above = path[:-1] if isinstance(path[-1], str) else path[:-2]
    name = path[len(above)]
    model = _model_at(above)
    return None if model is None else model.model_fields.get(str(name))
