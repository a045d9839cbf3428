"""What holds for any instant, in any zone and any locale of CLDR."""

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from hypothesis import assume, given
from hypothesis import strategies as st

from ges_connector.language import locales
from ges_connector.language.formats import Listener, Moment, Style, tell
from ges_connector.language.phrases import languages

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WORDED = (
    "en-US",
    "en-GB",
    "en-CA",
    "de-DE",
    "de-AT",
    "de-CH",
    "fr-FR",
    "fr-CA",
    "fr-BE",
    "es-ES",
    "es-MX",
)
TAGS = st.sampled_from(sorted(locale_identifiers())).map(
    lambda identifier: locales.tag_of(Locale.parse(identifier))
)
ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})).map(ZoneInfo)
MINUTES = st.integers(min_value=0, max_value=364 * 24 * 60)


def _texts(told: Moment) -> dict[str, str]:
    return {name: text for name, text in asdict(told).items() if name != "at"}


@given(
    st.builds(Listener, TAGS, ZONES, st.none() | ZONES, st.sampled_from(Style)),
    MINUTES,
    st.integers(0, 600),
)
def test_every_locale_can_tell_every_instant(listener: Listener, minutes: int, width: int) -> None:
    at = NOW + timedelta(minutes=minutes)
    until = at + timedelta(minutes=width) if width else None
    told = tell(at, now=NOW, until=until, listener=listener)
    assert told.at == at
    for name, text in _texts(told).items():
        assert text, name
        assert text == text.strip(), name
        assert "  " not in text, name
        assert not {"{", "}"} & set(text), name


@given(st.sampled_from(WORDED), ZONES, st.none() | ZONES, MINUTES)
def test_a_voice_meets_no_sign_it_would_have_to_interpret(
    tag: str, zone: ZoneInfo, office: ZoneInfo | None, minutes: int
) -> None:
    at = NOW + timedelta(minutes=minutes)
    told = tell(at, now=NOW, listener=Listener(tag, zone, office, Style.VOICE))
    for name, text in _texts(told).items():
        # Zones of no place, and clock changes without a name, have only an offset to tell.
        if not re.search(r"(GMT|UTC)[+-]", text):
            assert re.fullmatch(r"[^\W\d_]+(?:[ ,.'-]+[^\W\d_]+)*\.?", text), (name, text)


@given(st.sampled_from(WORDED), st.sampled_from(Style), ZONES, MINUTES, MINUTES)
def test_different_instants_never_read_the_same(
    tag: str, style: Style, zone: ZoneInfo, first: int, second: int
) -> None:
    assume(first != second)
    one, other = (
        tell(NOW + timedelta(minutes=minutes), now=NOW, listener=Listener(tag, zone, None, style))
        for minutes in (first, second)
    )
    assert one.text != other.text
    assert one.brief != other.brief
    assert one.until != other.until
    assert one.label != other.label


@pytest.mark.parametrize("tag", WORDED)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_around_both_clock_changes_every_quarter_hour_has_its_own_name(tag: str, zone: str) -> None:
    listener = Listener(tag, ZoneInfo(zone))
    for start in _days_of_clock_changes(ZoneInfo(zone)):
        quarters = [start + timedelta(minutes=15 * step) for step in range(2 * 96)]
        told = [tell(at, now=start, listener=listener) for at in quarters]
        for attribute in ("label", "text", "brief", "until"):
            assert len({getattr(moment, attribute) for moment in told}) == len(quarters)


def _days_of_clock_changes(zone: ZoneInfo) -> list[datetime]:
    days = [datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(365)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    changed = [
        day
        for day, before, after in zip(days, offsets, offsets[1:], strict=False)
        if before != after
    ]
    assert len(changed) == 2
    return changed


@given(st.sampled_from(sorted(languages())), ZONES, MINUTES)
def test_today_and_tomorrow_are_said_on_those_days_only(
    tag: str, zone: ZoneInfo, minutes: int
) -> None:
    at = NOW + timedelta(minutes=minutes)
    told = tell(at, now=NOW, listener=Listener(tag, zone))
    days_ahead = (at.astimezone(zone).date() - NOW.astimezone(zone).date()).days
    words = {"en": ("today", "tomorrow"), "de": ("heute", "morgen"), "fr": ("aujourd", "demain")}
    today, tomorrow = words.get(tag, ("hoy", "mañana"))
    assert told.day.startswith(today) is (days_ahead == 0)
    assert told.day.startswith(tomorrow) is (days_ahead == 1)
