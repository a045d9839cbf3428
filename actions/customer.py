"""Who the customer is to the assistant: language, zone, channel, and the number they call from.

A channel says these as metadata of a message; the first message of a session carries them too.
The engine of flows tells the number and language of a phone call by names of its own.
They are hints from outside: a wrong type, an unknown locale or zone counts as not said, and what
was known before, or the profile's own, stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from actions.calm import LANGUAGE, SPEAKING, WITHOUT_FILES, hearing_of
from actions.slots import SESSION_METADATA, Channel
from actions.telling import Teller
from ges_connector.language import locales
from ges_connector.language.language_asked import asks_language

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from rasa_sdk.interfaces import Tracker

    from actions.slots import Conversation
    from ges_connector.callbacks.profile import TopicProfile
    from ges_connector.wording import Wording

_OF_THE_ENGINE: Final = {"user_phone": "caller_number", "language": "locale"}
_LONGEST = {"captcha_token": 4096}
_LONGEST_OTHERWISE = 64


@dataclass(frozen=True, slots=True)
class Customer:
    """What is known of a customer before anything is asked.

    Attributes:
        language: Language of the wording.
        locale: BCP 47 tag to format by.
        zone: The customer's zone.
        channel: Chat or voice.
        caller_number: The number the channel knows, unchecked.
        regions: Countries the customer is in or from: those of the locale and of the zone that the
            channel named. Where it named neither, and knows no number, those that are likely.
        captcha_token: Proof that a person asks, as a page got it; kept nowhere.
        takes_files: Whether the channel takes a file, or a link that dials, beside the words.
        language_asked: Language that the customer asked for by its name; None if none was, and on
            the telephone, where only that of the channel is understood.
    """

    language: str
    locale: str
    zone: ZoneInfo
    channel: Channel
    caller_number: str | None = field(default=None, repr=False)
    regions: tuple[str, ...] = ()
    captcha_token: str | None = field(default=None, repr=False)
    takes_files: bool = True
    language_asked: str | None = None

    @property
    def speaks(self) -> bool:
        """Whether the customer hears instead of reading."""
        return self.channel is Channel.VOICE

    @property
    def caller_region(self) -> str | None:
        """Country of the number the channel knows."""
        return locales.territory_of_number(self.caller_number)

    def noted_in(self, conversation: Conversation) -> Conversation:
        """Return the conversation with all of this in it."""
        return conversation.but(
            language=self.language,
            language_asked=self.language_asked,
            locale=self.locale,
            timezone=self.zone.key,
            channel=self.channel,
            caller_number=self.caller_number,
        )

    def teller(self, now: datetime, profile: TopicProfile, wording: Wording) -> Teller:
        """Make what tells this customer times, waits and numbers."""
        return Teller(
            locale=self.locale,
            zone=self.zone,
            channel=self.channel,
            now=now,
            profile=profile,
            catalogue=wording.catalogue(self.language),
        )


def customer_of(
    tracker: Tracker, known: Conversation, profile: TopicProfile, wording: Wording
) -> Customer:
    """Put together what the channel says now and what it said before.

    Args:
        tracker: Its latest message carries metadata; so does the start of its session.
        known: What the conversation keeps.
        profile: The defaults.
        wording: Which languages there are.
    """
    said = metadata_of(tracker)
    number = said.get("caller_number") or known.caller_number
    zone = locales.zone(said.get("timezone"), locales.zone(known.timezone, profile.fallback_zone))
    offered = sorted(wording.catalogues)
    usual = locales.negotiate(profile.default_locale, offered, offered[0])
    before = locales.negotiate(known.locale, offered, usual.tag)
    is_heard = tracker.get_latest_input_channel() in SPEAKING
    by_name = known.language_asked if is_heard else _language_by_name(tracker, offered, known)
    asked_for = by_name or said.get("locale") or _language_of_assistant(tracker)
    chosen = locales.negotiate(asked_for, offered, before.language)
    tag = (
        before.tag
        if chosen.language == before.language and (by_name or not said.get("locale"))
        else chosen.tag
    )
    called_from, zone_region = locales.territory_of_number(number), locales.territory_of_zone(zone)
    locale = locales.regional(tag, called_from, zone_region)
    # The office's zone says nothing where it stands for one that is not known.
    is_zone_said = "timezone" in said or zone.key != profile.fallback_zone.key
    regions = [_territory(said.get("locale")), zone_region if is_zone_said else None]
    if not any(regions) and called_from is None:
        regions = [_territory(locale), profile.countries[0]]
    return Customer(
        language=chosen.language,
        locale=locale,
        zone=zone,
        language_asked=by_name,
        channel=Channel.VOICE if is_heard else Channel.CHAT,
        caller_number=number,
        regions=tuple(region for region in regions if region is not None),
        captcha_token=said.get("captcha_token"),
        takes_files=tracker.get_latest_input_channel() not in WITHOUT_FILES,
    )


def _language_by_name(tracker: Tracker, offered: Sequence[str], known: Conversation) -> str | None:
    """The language that is asked for now, or was before: "Deutsch bitte"; None if never."""
    text = tracker.latest_message.get("text")
    asked = asks_language(text) if isinstance(text, str) else None
    return asked if asked in offered else known.language_asked


def _language_of_assistant(tracker: Tracker) -> str | None:
    """What the engine of flows speaks now; it knows the language where no channel says one."""
    language = tracker.slots.get(LANGUAGE)
    is_known = hearing_of(tracker) is not None and isinstance(language, str)
    return language if is_known else None


def metadata_of(tracker: Tracker) -> dict[str, str]:
    """Give what the channel says, text only: of this message, else of the session's start."""
    session: Any = tracker.slots.get(SESSION_METADATA)
    message: Any = tracker.latest_message.get("metadata")
    said = _texts(session) | _texts(message)
    if hearing_of(tracker) is None:
        return said
    told = {ours: said[theirs] for theirs, ours in _OF_THE_ENGINE.items() if theirs in said}
    return told | said


def _texts(metadata: Any) -> dict[str, str]:
    if not isinstance(metadata, dict):
        return {}
    return {
        name: value
        for name, value in metadata.items()
        if isinstance(name, str)
        and isinstance(value, str)
        and 0 < len(value) <= _LONGEST.get(name, _LONGEST_OTHERWISE)
    }


def _territory(tag: str | None) -> str | None:
    return None if tag is None else locales.babel_locale(tag).territory
