"""What the assistant says must mean the same when a customer repeats it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.language import Unclear, WishKind, understand
from ges_connector.language.formats import Listener, Style, tell
from ges_connector.language.grammar_files import grammar_languages

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Chatham", "Europe/London")
# Of the tags that have phrases, those whose language has a grammar to be understood by.
TAGS = [
    tag
    for tag in ("en-US", "en-GB", "en-CA", "de-DE", "de-AT", "fr-FR", "fr-CA", "es-ES", "es-MX")
    if tag.partition("-")[0] in grammar_languages()
]
# Slots start on five minutes and are offered some weeks ahead; the clocks stand still meanwhile.
FIVE_MINUTES = st.integers(min_value=1, max_value=12 * 24 * 42)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("form", ["label", "text", "brief"])
@given(zone=st.sampled_from(ZONES), five_minutes=FIVE_MINUTES)
def test_a_moment_repeated_by_the_customer_is_the_same_moment(
    tag: str, form: str, zone: str, five_minutes: int
) -> None:
    at = NOW + timedelta(minutes=5 * five_minutes)
    told = getattr(tell(at, now=NOW, listener=Listener(tag, ZoneInfo(zone))), form)
    wish = understand(told, tag, NOW, zone)
    assert not isinstance(wish, Unclear), told
    assert wish.kind is WishKind.EXACT, told
    # "on Friday at 11:00" may leave both halves of the day open, but must hold the right one.
    assert at in {reading.earliest_at for reading in wish.readings()}, told


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("office", [None, "Asia/Tokyo"])
@given(zone=st.sampled_from(ZONES), style=st.sampled_from(Style), five_minutes=FIVE_MINUTES)
def test_nothing_told_is_ever_taken_for_another_moment(
    tag: str, office: str | None, zone: str, style: Style, five_minutes: int
) -> None:
    at = NOW + timedelta(minutes=5 * five_minutes)
    listener = Listener(tag, ZoneInfo(zone), ZoneInfo(office) if office else None, style)
    told = tell(at, now=NOW, listener=listener).text
    wish = understand(told, tag, NOW, zone)
    if not isinstance(wish, Unclear) and wish.kind is WishKind.EXACT:
        assert at in {reading.earliest_at for reading in wish.readings()}, told
