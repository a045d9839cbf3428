# ruff: noqa: RUF001 - typographic apostrophes are part of what is tested
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ges_connector.language.formats import (
    Listener,
    Moment,
    Style,
    clocks_differ,
    tell,
    tell_times,
    zone_name,
)

HOME = {
    "en-US": "America/New_York",
    "en-GB": "Europe/London",
    "en-CA": "America/Toronto",
    "de-DE": "Europe/Berlin",
    "de-AT": "Europe/Vienna",
    "fr-FR": "Europe/Paris",
    "fr-CA": "America/Montreal",
    "es-ES": "Europe/Madrid",
    "es-MX": "America/Mexico_City",
}
SUNDAY_NOON = datetime(2026, 11, 22, 12, 0)  # noqa: DTZ001 - local time, the zone comes with the locale


def _told(  # noqa: PLR0913 - each table varies another one
    locale: str,
    local: datetime,
    *,
    now: datetime = SUNDAY_NOON,
    zone: str | None = None,
    office: str | None = None,
    style: Style = Style.CHAT,
    minutes: int | None = None,
) -> Moment:
    """Tell a local time of the customer's own zone, with plain spaces for the eye."""
    home = ZoneInfo(zone or HOME[locale])
    listener = Listener(locale, home, ZoneInfo(office) if office else None, style)
    at = local.replace(tzinfo=home).astimezone(UTC)
    until = at + timedelta(minutes=minutes) if minutes else None
    return tell(at, now=now.replace(tzinfo=home), listener=listener, until=until)


def _on(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - as above


def _spaced(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-US", "on Tuesday, November 24, at 3:00 PM"),
        ("en-CA", "on Tuesday, November 24, at 3:00 pm"),
        ("en-GB", "on Tuesday 24 November at 15:00"),
        ("de-DE", "am Dienstag, 24. November, um 15:00 Uhr"),
        ("de-AT", "am Dienstag, 24. November, um 15:00 Uhr"),
        ("fr-FR", "le mardi 24 novembre à 15 h"),
        ("fr-CA", "le mardi 24 novembre à 15 h"),
        ("es-ES", "el martes 24 de noviembre a las 15:00"),
        ("es-MX", "el martes 24 de noviembre a las 3:00 pm"),
    ],
)
def test_a_moment_has_weekday_date_and_time_as_the_region_writes_them(
    locale: str, text: str
) -> None:
    assert _spaced(_told(locale, _on(24, 15)).text) == text


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-US", "tomorrow, Monday, November 23, at 9:00 AM"),
        ("en-GB", "tomorrow, Monday 23 November, at 09:00"),
        ("de-DE", "morgen, Montag, 23. November, um 09:00 Uhr"),
        ("fr-FR", "demain, lundi 23 novembre, à 9 h"),
        ("es-ES", "mañana, lunes 23 de noviembre, a las 9:00"),
    ],
)
def test_tomorrow_is_said_beside_the_date(locale: str, text: str) -> None:
    assert _spaced(_told(locale, _on(23, 9)).text) == text


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-US", "today, Sunday, November 22, at 1:30 PM"),
        ("de-DE", "heute, Sonntag, 22. November, um 13:30 Uhr"),
        ("fr-FR", "aujourd’hui, dimanche 22 novembre, à 13 h 30"),
        ("es-ES", "hoy, domingo 22 de noviembre, a las 13:30"),
        ("es-MX", "hoy, domingo 22 de noviembre, a la 1:30 pm"),
    ],
)
def test_today_is_said_beside_the_date(locale: str, text: str) -> None:
    assert _spaced(_told(locale, _on(22, 13, 30)).text) == text


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-US", "on Tuesday, November twenty-fourth, at three thirty PM"),
        ("en-GB", "on Tuesday the twenty-fourth of November at three thirty PM"),
        ("de-DE", "am Dienstag, den vierundzwanzigsten November, um fünfzehn Uhr dreißig"),
        ("fr-CA", "le mardi vingt-quatre novembre à quinze heures trente"),
        ("es-MX", "el martes veinticuatro de noviembre a las tres y media de la tarde"),
    ],
)
def test_a_voice_says_it_in_words(locale: str, text: str) -> None:
    assert _told(locale, _on(24, 15, 30), style=Style.VOICE).text == text


def test_a_minute_before_midnight_tomorrow_is_still_the_next_day() -> None:
    late = _on(22, 23, 59)
    assert _told("de-DE", _on(23, 0, 1), now=late).day == "morgen, Montag, 23. November"
    assert _told("de-DE", _on(22, 23, 59), now=late).day == "heute, Sonntag, 22. November"
    assert _told("de-DE", _on(24, 0, 0), now=late).day == "Dienstag, 24. November"


def test_two_minutes_ahead_can_be_tomorrow() -> None:
    told = _told("en-GB", _on(23, 0, 1), now=_on(22, 23, 59))
    assert told.brief == "tomorrow at 00:01"


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", "today, Sunday, November 22"),
        ("Europe/Berlin", "tomorrow, Monday, November 23"),
        ("Pacific/Chatham", "tomorrow, Monday, November 23"),
        ("Asia/Kathmandu", "tomorrow, Monday, November 23"),
    ],
)
def test_tomorrow_is_the_customers_tomorrow(zone: str, day: str) -> None:
    now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)  # Sunday nearly everywhere, 23:15 in Chatham
    at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert tell(at, now=now, listener=Listener("en-US", ZoneInfo(zone))).day == day


def test_in_chatham_the_evening_of_auckland_is_tomorrow_already() -> None:
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    at = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    chatham = tell(at, now=now, listener=Listener("en-NZ", ZoneInfo("Pacific/Chatham")))
    auckland = tell(at, now=now, listener=Listener("en-NZ", ZoneInfo("Pacific/Auckland")))
    assert chatham.brief == "tomorrow at 12:15\u202fam"
    assert auckland.brief == "today at 11:30\u202fpm"


@pytest.mark.parametrize(
    ("day", "month", "year", "has_year"),
    [
        (21, 11, 2027, False),
        (22, 11, 2027, True),
        (22, 11, 2028, True),
        (31, 12, 2026, False),
        (1, 1, 2027, False),
        (21, 11, 2026, False),
        (1, 1, 2026, True),
    ],
)
def test_the_year_is_told_only_where_the_date_could_be_in_another(
    day: int, month: int, year: int, *, has_year: bool
) -> None:
    for style in Style:
        told = _told("en-US", _on(day, 15, month=month, year=year), style=style)
        assert (str(year) in told.day) is has_year
        assert (str(year) in told.text) is has_year


@pytest.mark.parametrize(
    ("locale", "chat", "voice"),
    [
        ("fr-FR", "mardi 1er décembre", "mardi premier décembre"),
        ("es-ES", "martes 1 de diciembre", "martes uno de diciembre"),
        ("es-MX", "martes 1 de diciembre", "martes primero de diciembre"),
        ("de-DE", "Dienstag, 1. Dezember", "Dienstag, den ersten Dezember"),
    ],
)
def test_the_first_of_a_month_is_told_as_the_language_does(
    locale: str, chat: str, voice: str
) -> None:
    assert _told(locale, _on(1, 9, month=12)).day == chat
    assert _told(locale, _on(1, 9, month=12), style=Style.VOICE).day == voice


def test_austria_has_its_own_january() -> None:
    assert _told("de-AT", _on(7, 9, month=1, year=2027)).day == "Donnerstag, 7. Jänner"


def test_switzerland_writes_no_sharp_s() -> None:
    told = _told("de-CH", _on(30, 15, 30), zone="Europe/Zurich", style=Style.VOICE)
    assert told.text == "am Montag, den dreissigsten November, um fünfzehn Uhr dreissig"


@pytest.mark.parametrize(
    ("locale", "office", "style", "text"),
    [
        (
            "en-US",
            "Europe/Berlin",
            Style.CHAT,
            "on Tuesday, November 24, at 3:00 PM Eastern Time (9:00 PM in Berlin)",
        ),
        (
            "en-US",
            "Europe/Berlin",
            Style.VOICE,
            (
                "on Tuesday, November twenty-fourth, at three PM Eastern Time, "
                "that is nine PM in Berlin"
            ),
        ),
        (
            "en-GB",
            "Europe/Berlin",
            Style.CHAT,
            "on Tuesday 24 November at 15:00 London time (16:00 in Berlin)",
        ),
        (
            "de-DE",
            "America/New_York",
            Style.CHAT,
            "am Dienstag, 24. November, um 15:00 Uhr in Berlin (09:00 Uhr in New York)",
        ),
        (
            "de-AT",
            "Asia/Kathmandu",
            Style.VOICE,
            (
                "am Dienstag, den vierundzwanzigsten November, um fünfzehn Uhr in Wien, "
                "das ist neunzehn Uhr fünfundvierzig in Kathmandu"
            ),
        ),
        (
            "fr-FR",
            "Africa/Cairo",
            Style.CHAT,
            "le mardi 24 novembre à 15 h, heure d’Europe centrale (16 h au Caire)",
        ),
        (
            "es-ES",
            "Europe/London",
            Style.CHAT,
            "el martes 24 de noviembre a las 15:00, hora de Europa central (las 14:00 en Londres)",
        ),
        (
            "es-MX",
            "Europe/Madrid",
            Style.VOICE,
            (
                "el martes veinticuatro de noviembre a las tres de la tarde, "
                "hora del centro, es decir, las diez de la noche en Madrid"
            ),
        ),
        (
            "en-US",
            "UTC",
            Style.CHAT,
            "on Tuesday, November 24, at 3:00 PM Eastern Time (8:00 PM Coordinated Universal Time)",
        ),
    ],
)
def test_both_clocks_are_told_where_the_offices_differs(
    locale: str, office: str, style: Style, text: str
) -> None:
    told = _told(locale, _on(24, 15), office=office, style=style)
    assert _spaced(told.text) == text


@pytest.mark.parametrize(
    ("locale", "office", "there"),
    [
        ("en-US", "Asia/Tokyo", "(5:00 AM on Wednesday in Tokyo)"),
        ("de-DE", "Asia/Tokyo", "(Mittwoch, 05:00 Uhr in Tokio)"),
        ("fr-FR", "Asia/Tokyo", "(mercredi à 5 h à Tokyo)"),
        ("es-ES", "Asia/Tokyo", "(el miércoles a las 5:00 en Tokio)"),
    ],
)
def test_the_offices_weekday_is_told_where_it_is_another(
    locale: str, office: str, there: str
) -> None:
    hour = {"en-US": 15, "de-DE": 21, "fr-FR": 21, "es-ES": 21}[locale]
    assert _spaced(_told(locale, _on(24, hour), office=office).text).endswith(there)


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("locale", sorted(HOME))
def test_no_clock_time_ends_with_a_full_stop_that_would_meet_the_sentences(
    locale: str, style: Style
) -> None:
    for office in (None, "Asia/Tokyo"):
        for hour in (9, 15):
            told = _told(locale, _on(24, hour), office=office, style=style)
            ends = {told.time, told.text, told.brief, told.until, told.label, told.day}
            assert not [end for end in ends if end.endswith((".", ".)"))]


def test_zones_with_the_same_clock_are_not_told_apart() -> None:
    told = _told("de-AT", _on(24, 15), office="Europe/Berlin")
    assert told.text == "am Dienstag, 24. November, um 15:00 Uhr"
    assert not clocks_differ(told.at, ZoneInfo("Europe/Vienna"), ZoneInfo("Europe/Berlin"))
    assert clocks_differ(told.at, ZoneInfo("Europe/Vienna"), ZoneInfo("Europe/London"))


def test_zones_that_agree_in_winter_only_are_told_apart_in_summer() -> None:
    winter = _told("en-GB", _on(24, 15), office="Africa/Abidjan")
    summer = _told("en-GB", _on(24, 15, month=6, year=2027), office="Africa/Abidjan")
    assert "Abidjan" not in winter.text
    assert summer.text.endswith("at 15:00 London time (14:00 in Abidjan)")


@pytest.mark.parametrize(
    ("zone", "locale", "name"),
    [
        ("America/New_York", "en", "Eastern Time"),
        ("America/Phoenix", "en", "Mountain Standard Time"),
        ("America/Denver", "en", "Mountain Time"),
        ("US/Eastern", "de", "Nordamerikanische Ostküstenzeit"),
        ("Asia/Kolkata", "en", "India Standard Time"),
        ("Asia/Calcutta", "en", "India Standard Time"),
        ("Asia/Kathmandu", "es-MX", "hora de Nepal"),
        ("America/Mexico_City", "es-MX", "hora del centro"),
        ("Mexico/General", "es-MX", "hora del centro"),
        ("America/Mexico_City", "es-ES", "hora estándar central"),
        ("Europe/Kyiv", "en", "Eastern European Time"),
        ("Pacific/Chatham", "fr", "heure des îles Chatham"),
        ("Antarctica/Troll", "en", "Troll time"),
        ("Antarctica/Troll", "de", "Ortszeit Troll"),
        ("Europe/London", "fr", "heure locale de Londres"),
        ("UTC", "en", "Coordinated Universal Time"),
        ("Etc/GMT+5", "en", "GMT-05:00"),
        ("Etc/GMT+5", "fr", "UTC-05:00"),
        ("GB", "de", "Ortszeit London"),
    ],
)
def test_a_zone_is_called_what_people_call_it_all_year(zone: str, locale: str, name: str) -> None:
    for month in (1, 7):
        at = datetime(2027, month, 15, 12, tzinfo=UTC)
        assert zone_name(ZoneInfo(zone), at, locale) == name


@pytest.mark.parametrize(
    ("locale", "zone", "first", "second"),
    [
        (
            "en-US",
            "America/New_York",
            "1:30 AM (Eastern Daylight Time)",
            "1:30 AM (Eastern Standard Time)",
        ),
        (
            "de-DE",
            "Europe/Berlin",
            "02:30 Uhr (Mitteleuropäische Sommerzeit)",
            "02:30 Uhr (Mitteleuropäische Normalzeit)",
        ),
        (
            "fr-FR",
            "Europe/Paris",
            "2 h 30 (heure d’été d’Europe centrale)",
            "2 h 30 (heure normale d’Europe centrale)",
        ),
        (
            "es-ES",
            "Europe/Madrid",
            "2:30 (hora de verano de Europa central)",
            "2:30 (hora estándar de Europa central)",
        ),
        ("en-GB", "Europe/London", "01:30 (British Summer Time)", "01:30 (Greenwich Mean Time)"),
    ],
)
def test_an_hour_that_comes_twice_says_which_one_is_meant(
    locale: str, zone: str, first: str, second: str
) -> None:
    local = {
        "America/New_York": _on(7, 1, 30, year=2027),
        "Europe/London": _on(31, 1, 30, month=10, year=2027),
    }.get(zone, _on(31, 2, 30, month=10, year=2027))
    now = _on(30, 12, month=10, year=2027)
    for fold, time in enumerate((first, second)):
        told = _told(locale, local.replace(fold=fold), now=now, zone=zone)
        assert _spaced(told.time) == time
        assert _spaced(told.text).endswith(time)


def test_buttons_for_an_hour_that_comes_twice_differ_by_their_offset() -> None:
    now = _on(30, 12, month=10, year=2027)
    twice = [_on(31, 2, 30, month=10, year=2027).replace(fold=fold) for fold in (0, 1)]
    assert [_told("de-DE", local, now=now).label for local in twice] == [
        "So., 31. Okt., 02:30 Uhr (GMT+02:00)",
        "So., 31. Okt., 02:30 Uhr (GMT+01:00)",
    ]


def test_the_offices_repeated_hour_says_which_one_it_is_too() -> None:
    now = _on(30, 12, month=10, year=2027)
    told = _told("en-US", _on(30, 20, 30, month=10, year=2027), now=now, office="Europe/Berlin")
    assert _spaced(told.text).endswith(
        "(2:30 AM (Central European Summer Time) on Sunday in Berlin)"
    )


def test_clocks_changed_without_a_name_are_told_by_their_offset() -> None:
    # Caracas put its clocks back by half an hour, from one standard time to another.
    local = datetime(2007, 12, 9, 2, 45, tzinfo=ZoneInfo("America/Caracas"))
    listener = Listener("en-US", ZoneInfo("America/Caracas"))
    told = tell(local.replace(fold=1), now=local, listener=listener)
    assert _spaced(told.time) == "2:45 AM (GMT-04:30)"


def test_the_day_the_clocks_go_forward_is_told_by_the_new_clock() -> None:
    at = datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    now = datetime(2027, 3, 27, 20, 0, tzinfo=UTC)
    told = tell(at, now=now, listener=Listener("de-DE", ZoneInfo("Europe/Berlin")))
    assert told.text == "morgen, Sonntag, 28. März, um 03:00 Uhr"


@pytest.mark.parametrize(
    ("locale", "hour", "time"),
    [
        ("en-US", 15, "between 3:00 and 3:30 PM"),
        ("en-US", 11, "between 11:00 AM and 12:00 PM"),
        ("en-GB", 15, "between 15:00 and 15:30"),
        ("de-DE", 15, "zwischen 15:00 und 15:30 Uhr"),
        ("fr-FR", 8, "entre 8 h et 8 h 30"),
        ("fr-CA", 15, "entre 15 h et 15 h 30"),
        ("es-ES", 15, "entre las 15:00 y las 15:30"),
        ("es-MX", 13, "entre la 1:00 y la 1:30 pm"),
        ("es-MX", 12, "entre las 12:00 y la 1:00 pm"),
    ],
)
def test_a_wide_slot_is_told_as_a_window(locale: str, hour: int, time: str) -> None:
    minutes = 60 if hour in {11, 12} else 30
    told = _told(locale, _on(24, hour), minutes=minutes)
    assert _spaced(told.time) == time
    assert _spaced(told.text).endswith(time)


def test_a_window_is_told_on_both_clocks() -> None:
    told = _told("de-DE", _on(24, 15), minutes=30, office="Europe/London")
    assert told.text == (
        "am Dienstag, 24. November, zwischen 15:00 und 15:30 Uhr in Berlin "
        "(zwischen 14:00 und 14:30 Uhr in London)"
    )


def test_a_voice_says_both_ends_of_a_window_in_full() -> None:
    told = _told("en-US", _on(24, 15), minutes=30, style=Style.VOICE)
    assert told.time == "between three PM and three thirty PM"


def test_a_window_over_the_end_of_summer_time_says_so() -> None:
    now = _on(30, 12, month=10, year=2027)
    told = _told("de-DE", _on(31, 2, 45, month=10, year=2027), minutes=30, now=now)
    assert told.time == (
        "zwischen 02:45 (Mitteleuropäische Sommerzeit) und 02:15 (Mitteleuropäische Normalzeit) Uhr"
    )


@pytest.mark.parametrize(
    ("locale", "day", "until"),
    [
        ("en-US", 22, "until 3:20 PM"),
        ("en-US", 23, "until tomorrow at 3:20 PM"),
        ("en-US", 25, "until Wednesday at 3:20 PM"),
        ("en-US", 30, "until Monday, November 30, at 3:20 PM"),
        ("de-DE", 22, "bis 15:20 Uhr"),
        ("de-DE", 23, "bis morgen um 15:20 Uhr"),
        ("fr-FR", 22, "jusqu’à 15 h 20"),
        ("fr-FR", 30, "jusqu’au lundi 30 novembre à 15 h 20"),
        ("es-ES", 22, "hasta las 15:20"),
        ("es-MX", 25, "hasta el miércoles a las 3:20 pm"),
    ],
)
def test_an_expiry_names_the_day_only_if_it_is_another(locale: str, day: int, until: str) -> None:
    assert _spaced(_told(locale, _on(day, 15, 20)).until) == until


@pytest.mark.parametrize(
    ("locale", "day", "brief"),
    [
        ("en-US", 22, "today at 3:00 PM"),
        ("en-US", 23, "tomorrow at 3:00 PM"),
        ("en-US", 28, "on Saturday at 3:00 PM"),
        ("en-US", 29, "on Sunday, November 29, at 3:00 PM"),
        ("en-GB", 29, "on Sunday 29 November at 15:00"),
        ("de-DE", 27, "am Freitag um 15:00 Uhr"),
        ("fr-FR", 27, "vendredi à 15 h"),
        ("es-ES", 27, "el viernes a las 15:00"),
    ],
)
def test_what_is_near_goes_by_the_name_of_its_day_alone(locale: str, day: int, brief: str) -> None:
    assert _spaced(_told(locale, _on(day, 15)).brief) == brief


@pytest.mark.parametrize(
    ("locale", "label"),
    [
        ("en-US", "Mon, Nov 23, 3:00 PM"),
        ("en-GB", "Mon 23 Nov, 15:00"),
        ("de-DE", "Mo., 23. Nov., 15:00 Uhr"),
        ("fr-FR", "lun. 23 nov. à 15 h"),
        ("es-ES", "lun 23 nov, 15:00"),
        ("es-MX", "lun 23 nov, 3:00 pm"),
    ],
)
def test_a_button_shows_the_date_even_of_tomorrow(locale: str, label: str) -> None:
    assert _spaced(_told(locale, _on(23, 15)).label) == label


def test_a_voice_has_no_buttons() -> None:
    told = _told("en-US", _on(23, 15), style=Style.VOICE)
    assert told.label == told.brief == "tomorrow at three PM"


@pytest.mark.parametrize(
    ("locale", "style", "listed"),
    [
        ("en-US", Style.CHAT, "9:00 AM, 10:30 AM, or 2:00 PM"),
        ("en-GB", Style.CHAT, "09:00, 10:30 or 14:00"),
        ("en-GB", Style.VOICE, "nine AM, ten thirty AM or two PM"),
        ("de-DE", Style.CHAT, "09:00, 10:30 oder 14:00 Uhr"),
        ("de-DE", Style.VOICE, "neun Uhr, zehn Uhr dreißig oder vierzehn Uhr"),
        ("fr-FR", Style.CHAT, "9 h, 10 h 30 ou 14 h"),
        ("es-ES", Style.CHAT, "9:00, 10:30 o 14:00"),
    ],
)
def test_times_to_choose_from_are_joined_by_or(locale: str, style: Style, listed: str) -> None:
    home = ZoneInfo(HOME[locale])
    slots = [_on(24, 9), _on(24, 10, 30), _on(24, 14)]
    told = tell_times(
        [slot.replace(tzinfo=home) for slot in slots], listener=Listener(locale, home, None, style)
    )
    assert _spaced(told) == listed


def test_no_times_are_an_empty_list() -> None:
    assert tell_times([], listener=Listener("en-US", ZoneInfo("UTC"))) == ""


def test_chat_keeps_the_narrow_space_and_voice_has_plain_ones() -> None:
    assert _told("en-US", _on(24, 15)).time == "3:00\u202fPM"
    for locale in HOME:
        spoken = _told(locale, _on(24, 15), office="Asia/Tokyo", style=Style.VOICE)
        assert not set("\u202f\u00a0’") & set(spoken.text)


def test_a_voice_meets_no_ampersand() -> None:
    told = _told("en-US", _on(24, 15), zone="America/Miquelon", style=Style.VOICE)
    assert told.zone == "St. Pierre Miquelon Time"


def test_a_language_without_phrases_is_told_by_cldr_alone() -> None:
    told = tell(
        datetime(2026, 11, 23, 6, 0, tzinfo=UTC),
        now=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
        listener=Listener("ja-JP", ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")),
    )
    assert told.text == "11月23日(月曜日), 15:00 (東京) = 7:00 (ベルリン)"
    assert told.label == "11月23日(月) 15:00"


def test_a_bad_locale_is_told_in_english() -> None:
    at = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    listener = Listener("not a locale", ZoneInfo("UTC"))
    assert tell(at, now=at, listener=listener).brief == "today at 3:00\u202fPM"


def test_the_instant_is_kept_in_utc() -> None:
    told = _told("en-US", _on(24, 15))
    assert told.at == datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    assert told.at.tzinfo is UTC
    with pytest.raises(FrozenInstanceError):
        told.at = told.at  # type: ignore[misc] # that it cannot be set is what is tested


def test_naive_instants_are_refused() -> None:
    aware = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    naive = aware.replace(tzinfo=None)
    listener = Listener("en-US", ZoneInfo("UTC"))
    with pytest.raises(ValueError, match="without time zone"):
        tell(naive, now=aware, listener=listener)
    with pytest.raises(ValueError, match="without time zone"):
        tell(aware, now=naive, listener=listener)
    with pytest.raises(ValueError, match="without time zone"):
        tell(aware, now=aware, until=naive, listener=listener)
    with pytest.raises(ValueError, match="without time zone"):
        tell_times([aware, naive], listener=listener)
    with pytest.raises(ValueError, match="without time zone"):
        clocks_differ(naive, ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize("minutes", [0, -30, 24 * 60])
def test_a_window_must_end_within_the_day_after_it_begins(minutes: int) -> None:
    at = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="a window ends after it begins"):
        tell(
            at,
            now=at,
            until=at + timedelta(minutes=minutes),
            listener=Listener("en-US", ZoneInfo("UTC")),
        )
