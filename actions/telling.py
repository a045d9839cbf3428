"""Fills the placeholders of responses: instants, waits, numbers and codes in the customer's words.

What a placeholder holds is said by `placeholders` of `domain/wording/en.yml`. Sentences stay there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from actions.slots import Channel
from ges_connector.language import locales
from ges_connector.language.formats import (
    Listener,
    Moment,
    Style,
    clocks_differ,
    tell,
    tell_count,
    tell_list,
    tell_times,
    tell_wait,
)
from ges_connector.language.speech import (
    Pace,
    ending,
    phone_as_written,
    speak_phone,
    spell_code,
)
from ges_connector.wording import optional_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ges_connector.callbacks.free_times import FreeTime
    from ges_connector.callbacks.profile import TopicProfile
    from ges_connector.callbacks.wait import WaitTold
    from ges_connector.wording import Catalogue

_REFERENCE_CHARACTERS = 6
_CLOCK_TIME = re.compile(r"\b(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)\b")


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells one customer, at one moment.

    Attributes:
        locale: BCP 47 tag to format by.
        zone: The customer's zone.
        channel: Chat or voice.
        now: When it is told.
        profile: Whose office zone, caller and attempts are told.
        catalogue: Where fragments come from.
    """

    locale: str
    zone: ZoneInfo
    channel: Channel
    now: datetime
    profile: TopicProfile
    catalogue: Catalogue

    @property
    def style(self) -> Style:
        """Written or spoken."""
        return Style.VOICE if self.channel is Channel.VOICE else Style.CHAT

    def _moment(self, at: datetime, until: datetime | None = None) -> Moment:
        listener = Listener(
            locale=self.locale,
            zone=self.zone,
            office_zone=ZoneInfo(self.profile.office_zone),
            style=self.style,
        )
        return tell(at, now=self.now, listener=listener, until=until)

    def moment(self, at: datetime) -> str:
        """When we call, by both clocks where the office's shows another time."""
        return self._moment(at).text

    def zone_of_times(self, at: datetime) -> str:
        """The sentence about whose clock the times on offer go by, or nothing if all agree."""
        if not clocks_differ(at, self.zone, ZoneInfo(self.profile.office_zone)):
            return ""
        zone_name = self._moment(at).zone
        return optional_sentence(
            self.catalogue.fragment("times_zone", self.style, zone_name=zone_name)
        )

    def brief(self, at: datetime) -> str:
        """A time near by: an opening, one of two readings."""
        return self._moment(at).brief

    def until(self, at: datetime) -> str:
        """How long something holds."""
        return self._moment(at).until

    def day(self, at: datetime) -> str:
        """A day by itself."""
        return self._moment(at).day

    def clock(self, at: datetime) -> str:
        """A clock time by itself."""
        return self._moment(at).time

    def label(self, time: FreeTime) -> str:
        """A free time, on a button or as a spoken option."""
        return self._moment(time.start_at).label

    def times(self, times: Sequence[FreeTime]) -> str:
        """Some free times to choose from: by the clock if they are of one day, else in full."""
        starts = [time.start_at for time in times]
        if len({start.astimezone(self.zone).date() for start in starts}) == 1:
            listener = Listener(locale=self.locale, zone=self.zone, style=self.style)
            return tell_times(starts, listener=listener)
        return self.either([self.brief(start) for start in starts])

    def either(self, told: Sequence[str]) -> str:
        """Join what is told already, with "or" before the last."""
        return tell_list(told, self.locale, style=self.style)

    def wait(self, wait: WaitTold) -> str | None:
        """A wait; None if there is nothing to tell."""
        if wait.minutes is None:
            return None
        return tell_wait(wait.minutes, self.locale, style=self.style)

    def number(self, e164: str, *, slowly: bool = False) -> str:
        """A phone number, as it is written or dictated; one of abroad with its country code.

        Args:
            e164: The number.
            slowly: Dictate it digit by digit, as after a "no".
        """
        if self.channel is Channel.CHAT:
            return phone_as_written(e164, self.locale, office=self._office_country)
        pace = Pace.DIGITS if slowly else Pace.GROUPS
        return speak_phone(e164, self.locale, office=self._office_country, pace=pace)

    @property
    def _office_country(self) -> str:
        return self.profile.countries[0]

    def dial_link(self, e164: str) -> str | None:
        """A link that dials (RFC 3966), for those who read; None for those who listen."""
        return f"tel:{e164}" if self.channel is Channel.CHAT else None

    def ending(self, e164: str) -> str:
        """The last digits of a phone number, which tell its owner enough."""
        return ending(e164, self.locale, style=self.style)

    def code(self, code: str) -> str:
        """An access code."""
        return code if self.channel is Channel.CHAT else spell_code(code, self.locale)

    def reference(self, callback_id: str) -> str:
        """A short form of a callback's id, to be quoted."""
        return self.code(reference_of(callback_id))

    def country(self, code: str) -> str:
        """The name of a country."""
        return str(locales.babel_locale(self.locale).territories.get(code, code))

    def count(self, count: int) -> str:
        """A whole number."""
        return tell_count(count, self.locale, style=self.style)

    def hours(self) -> str | None:
        """When the number that is always there is answered; None if that is not worded."""
        key = self.profile.static_hours
        if key is None or key not in self.catalogue.fragments:
            return None
        return _CLOCK_TIME.sub(self._clock_told, self.catalogue.fragment(key, self.style))

    def _clock_told(self, written: re.Match[str]) -> str:
        """Tell a time of opening hours as all others are told: by the customer's habit."""
        hour, minute = int(written["hour"]), int(written["minute"])
        told = self.clock(self.now.astimezone(self.zone).replace(hour=hour, minute=minute))
        # Where the habit only adds a word ("Uhr"), the sentence has it where it belongs.
        return written.group() if told.startswith(written.group()) else told

    def caller(self) -> str:
        """The sentence about who will ring, or nothing."""
        name, number = self.profile.calling_name, self.profile.calling_number
        known = {
            "caller_name": {} if name is None else {"calling_name": name},
            "caller_number": {} if number is None else {"calling_number": self.number(number)},
        }
        fragment = {
            (True, False): "caller_name",
            (False, True): "caller_number",
            (True, True): "caller_name_and_number",
        }.get((name is not None, number is not None))
        if fragment is None:
            return ""
        values = known["caller_name"] | known["caller_number"]
        return optional_sentence(self.catalogue.fragment(fragment, self.style, **values))

    def attempts(self) -> str:
        """The sentence about how often the customer is rung, or nothing."""
        attempts = self.profile.attempts
        if attempts is None:
            return ""
        fragment = "attempts_once" if attempts.count == 1 else "attempts_several"
        count = self.count(attempts.count)
        return optional_sentence(self.catalogue.fragment(fragment, self.style, count=count))


def reference_of(callback_id: str) -> str:
    """Shorten a callback's id to what a customer can quote and an agent can search for."""
    letters = [character for character in callback_id if character.isalnum()]
    return "".join(letters[:_REFERENCE_CHARACTERS]).upper()
