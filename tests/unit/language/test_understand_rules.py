"""The rules by which words become instants: days, zones, clock changes, what is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from ges_connector.language import ChoiceKind, Unclear, UnclearReason, Wish, WishKind, understand
from ges_connector.language.notation import in_short

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)


def said(
    text: str, locale: str = "en-GB", now: datetime = MONDAY_MORNING, zone: str = "Europe/Berlin"
) -> str:
    return in_short(understand(text, locale, now, zone), ZoneInfo(zone))


def wish(
    text: str, locale: str = "en-GB", now: datetime = MONDAY_MORNING, zone: str = "Europe/Berlin"
) -> Wish:
    outcome = understand(text, locale, now, zone)
    assert isinstance(outcome, Wish)
    return outcome


def unclear(text: str, locale: str = "en-GB", now: datetime = MONDAY_MORNING) -> Unclear:
    outcome = understand(text, locale, now, "Europe/Berlin")
    assert isinstance(outcome, Unclear)
    return outcome


def test_day_and_month_follow_the_territory() -> None:
    assert said("3/12 at 2pm", "en-GB") == "exact 12-03 14:00"
    assert said("12/3 at 2pm", "en-US") == "exact 12-03 14:00"
    assert said("3.12. um 14 Uhr", "de") == "exact 12-03 14:00"


def test_day_and_month_stay_undecided_where_the_territory_is_unknown() -> None:
    assert wish("3/12", "en").undecided
    assert said("3/12", "fr-CA") == "day 03-12 ? day 12-03"


def test_an_order_that_gives_no_date_makes_room_for_the_other() -> None:
    assert said("24/11", "en-US") == "day 11-24"


def test_a_weekday_decides_the_order_of_day_and_month() -> None:
    assert said("Thursday 12/3", "en-GB") == "day 12-03"


def test_austrian_month_names_are_understood() -> None:
    assert said("am 7. Jänner um 10:00", "de-AT") == "exact 01-07 10:00"


def test_a_weekday_said_on_that_day_may_be_today_or_in_a_week() -> None:
    assert said("Monday at 3pm") == "exact 11-30 15:00 ? exact 11-23 15:00"


def test_a_weekday_said_on_that_day_is_in_a_week_once_its_hour_is_over() -> None:
    assert said("Monday at 8am") == "exact 11-30 08:00"


def test_next_weekday_is_decided_where_both_meanings_agree() -> None:
    assert said("next Monday") == "day 11-30"
    assert said("next Tuesday", now=MONDAY_MORNING) == "day 12-01 ? day 11-24"


def test_a_clock_time_without_a_day_is_its_next_occurrence() -> None:
    assert said("at 15:00") == "exact 11-23 15:00"
    assert said("at 15:00", now=MONDAY_MORNING.replace(hour=16)) == "exact 11-24 15:00"


def test_today_never_means_an_hour_that_is_over() -> None:
    assert said("today at 9", now=MONDAY_MORNING.replace(hour=15)) == "exact 11-23 21:00"
    afternoon = MONDAY_MORNING.replace(hour=15)
    assert unclear("today at 9am", now=afternoon).reason is UnclearReason.IN_THE_PAST
    assert unclear("this morning", now=afternoon).reason is UnclearReason.IN_THE_PAST


def test_tomorrow_is_the_next_date_even_just_after_midnight() -> None:
    assert said("tomorrow", now=datetime(2026, 11, 24, 0, 20, tzinfo=BERLIN)) == "day 11-25"


def test_tomorrow_is_the_customers_and_not_the_servers() -> None:
    now = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert said("tomorrow at 10:30am", now=now, zone="Pacific/Auckland") == "exact 11-25 10:30"
    assert said("tomorrow at 10:30am", now=now, zone="America/Los_Angeles") == "exact 11-24 10:30"


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_zones_off_the_hour_keep_their_minutes(zone: str) -> None:
    found = wish("tomorrow at 15:00", zone=zone).earliest_at
    assert found is not None
    assert found.astimezone(ZoneInfo(zone)).strftime("%d %H:%M") == "24 15:00"


def test_a_zone_in_the_words_wins_over_the_customers() -> None:
    found = wish("3pm Eastern tomorrow")
    assert found.zone == "America/New_York"
    assert found.zone_named
    assert found.earliest_at == datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def test_a_time_the_clocks_skip_is_told() -> None:
    now = datetime(2026, 3, 28, 9, 0, tzinfo=BERLIN)
    outcome = unclear("tomorrow at 02:30", now=now)
    assert outcome.reason is UnclearReason.TIME_DOES_NOT_EXIST


def test_a_time_the_clocks_pass_twice_is_told_with_both_instants() -> None:
    now = datetime(2026, 10, 24, 9, 0, tzinfo=BERLIN)
    outcome = unclear("tomorrow at 02:30", now=now)
    assert outcome.reason is UnclearReason.TIME_EXISTS_TWICE
    first, second = (each.earliest_at for each in outcome.alternatives)
    assert first is not None
    assert second is not None
    assert second - first == timedelta(hours=1)


def test_hours_are_counted_over_a_clock_change() -> None:
    now = datetime(2026, 10, 24, 23, 0, tzinfo=BERLIN)
    found = wish("in 6 hours", now=now).earliest_at
    assert found == now.astimezone(UTC) + timedelta(hours=6)


def test_days_are_counted_on_the_calendar_over_a_clock_change() -> None:
    now = datetime(2026, 10, 24, 23, 0, tzinfo=BERLIN)
    assert said("in 2 Tagen um 10:00", now=now, locale="de") == "exact 10-26 10:00"


def test_month_and_year_ends_are_crossed() -> None:
    last_day = datetime(2026, 12, 31, 15, 0, tzinfo=BERLIN)
    assert wish("tomorrow", now=last_day).earliest_at == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert said("in a month", now=datetime(2027, 1, 31, 9, tzinfo=BERLIN)) == "day 02-28"
    assert said("on the 31st", now=datetime(2027, 2, 3, 9, tzinfo=BERLIN)) == "day 03-31"


def test_the_29th_of_february_is_looked_for_in_a_leap_year() -> None:
    now = datetime(2028, 2, 1, 9, tzinfo=BERLIN)
    assert said("29 February", now=now) == "day 02-29"


def test_a_date_that_has_just_gone_by_is_told_with_that_of_next_year() -> None:
    outcome = unclear("3 November")
    assert outcome.reason is UnclearReason.IN_THE_PAST
    (next_year,) = outcome.alternatives
    assert next_year.earliest_at == datetime(2027, 11, 2, 23, tzinfo=UTC)


def test_weeks_begin_as_in_the_territory() -> None:
    sunday = datetime(2026, 11, 22, 9, 0, tzinfo=BERLIN)
    assert said("Wednesday next week", "en-GB", sunday) == "day 11-25"
    assert said("Wednesday next week", "en-US", sunday) == "day 12-02"


def test_a_time_of_day_without_a_day_says_so() -> None:
    assert not wish("after 5pm").day_named
    assert wish("after 5pm tomorrow").day_named


def test_the_words_are_the_customers_own() -> None:
    found = wish("Hmm, could you call me Tomorrow at 3PM, thanks?")
    assert found.words == ("Tomorrow at 3PM",)


def test_unexplained_digits_are_named() -> None:
    outcome = unclear("call me tomorrow at 3pm, 471 of 812")
    assert outcome.reason is UnclearReason.UNEXPLAINED_DIGITS
    assert outcome.words == ("471", "812")


def test_a_negation_that_belongs_to_nothing_is_not_passed_over() -> None:
    outcome = unclear("I cannot promise that, tomorrow at 3pm")
    assert outcome.reason is UnclearReason.UNEXPLAINED_WORDS


def test_a_misspelt_weekday_between_two_others_is_asked_about() -> None:
    assert unclear("thuesday at 3pm").reason is UnclearReason.UNEXPLAINED_WORDS


def test_a_word_two_letters_from_a_time_word_is_not_passed_over() -> None:
    assert unclear("satuurdey at 3pm").reason is UnclearReason.UNEXPLAINED_WORDS


def test_a_greeting_is_no_time() -> None:
    assert said("Guten Morgen, rufen Sie mich um 15 Uhr an", "de") == "exact 11-23 15:00"
    assert said("good evening, tomorrow at 3pm please") == "exact 11-24 15:00"


def test_a_reply_is_only_a_reply_if_the_message_says_nothing_else() -> None:
    assert wish("later please").choice is not None
    assert unclear("I moved house later").reason is UnclearReason.UNEXPLAINED_WORDS


def test_a_menu_entry_may_be_named_with_its_time() -> None:
    found = wish("the second one, at 10:30am")
    assert found.kind is WishKind.EXACT
    assert found.choice is not None
    assert (found.choice.kind, found.choice.index) == (ChoiceKind.INDEX, 2)


def test_what_is_excluded_is_kept_beside_the_day() -> None:
    found = wish("Tuesday, but not in the afternoon")
    (afternoon,) = found.excluded
    assert afternoon.earliest_at == datetime(2026, 11, 24, 11, tzinfo=UTC)


def test_a_day_without_its_morning_or_evening_is_what_is_left_of_it() -> None:
    assert said("Tuesday, but not in the morning") == "after 11-24 12:00 - 11-25 00:00"
    assert said("Tuesday, but not in the evening") == "before 11-24 00:00 - 11-24 18:00"


def test_what_is_ruled_out_is_so_on_all_days_of_a_wish_far_ahead() -> None:
    assert said("5 June, but not in the morning") == "after 06-05 12:00 - 06-06 00:00"
    assert len(wish("next month except Fridays").excluded) == 4
    assert len(wish("in March, not on Mondays").excluded) == 5


def test_an_evening_hour_that_is_merely_left_over_is_asked_about() -> None:
    busy = unclear("I'm busy in the morning, call me at ten")
    assert [each.earliest_at for each in busy.alternatives]
    past_nine = MONDAY_MORNING.replace(minute=20)
    assert unclear("today at nine", now=past_nine).reason is UnclearReason.IN_THE_PAST
    assert said("tonight at nine", now=past_nine) == "exact 11-23 21:00"
    assert said("today at eight", now=past_nine) == "exact 11-23 20:00"


def test_late_in_the_evening_a_stretch_of_it_is_that_of_tomorrow() -> None:
    late = MONDAY_MORNING.replace(hour=22, minute=30)
    assert said("after work, from 5.30pm", now=late) == "window 11-24 17:30 - 11-25 00:00"
    assert said("between 10pm and 11pm", now=late) == "window 11-23 22:00 - 11-23 23:00"
    assert said("this evening after 7pm", now=late) == "window 11-23 19:00 - 11-24 00:00"


def test_a_day_that_is_both_wished_and_excluded_is_a_contradiction() -> None:
    assert unclear("tomorrow but not on Tuesday").reason is UnclearReason.CONTRADICTION


def test_a_language_without_a_grammar_file_is_understood_by_cldr_alone() -> None:
    assert said("tiistaina 24. marraskuuta 15.30", "fi") == "exact 11-24 15:30"


def test_a_language_without_a_grammar_file_passes_over_no_word() -> None:
    outcome = unclear("ei tiistaina", "fi")
    assert outcome.reason is UnclearReason.UNEXPLAINED_WORDS


def test_arabic_digits_are_digits() -> None:
    assert said("\u0661\u0665:\u0663\u0660", "ar") == "exact 11-23 15:30"


def test_a_locale_nobody_knows_is_told() -> None:
    assert unclear("tomorrow", "xx").reason is UnclearReason.LANGUAGE_UNKNOWN


def test_a_story_is_refused() -> None:
    assert unclear("tomorrow at 3 " * 400).reason is UnclearReason.TOO_LONG


def test_now_must_have_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        understand("tomorrow", "en", datetime(2026, 11, 23), "Europe/Berlin")  # noqa: DTZ001 - what is refused


def test_the_zone_must_exist() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        understand("tomorrow", "en", MONDAY_MORNING, "Europe/Atlantis")


def test_twelve_in_the_morning_is_noon() -> None:
    assert said("morgen von 10 bis 12 Uhr morgens", "de") == "window 11-24 10:00 - 11-24 12:00"


def test_one_in_the_evening_is_no_time() -> None:
    assert unclear("this evening at 1:00").reason is UnclearReason.CONTRADICTION
    assert unclear("ce soir à 1h", "fr").reason is UnclearReason.CONTRADICTION
    assert said("this evening at 5") == "exact 11-23 17:00"


def test_a_window_that_ends_where_it_begins_is_told() -> None:
    assert unclear("before 0:00 on Friday").reason is UnclearReason.CONTRADICTION


def test_a_window_from_the_end_of_a_day_is_of_the_next_day() -> None:
    assert said("from 24:00 on Friday") == "after 11-28 00:00 - 11-29 00:00"


def test_a_day_before_hours_that_are_offered_is_theirs_and_no_further_choice() -> None:
    assert said("tomorrow, Tuesday, at 10am or 11am") == "exact 11-24 10:00 | exact 11-24 11:00"
    assert said("today, Tuesday or Wednesday") == "day 11-23 | day 11-24 | day 11-25"


def test_an_ordinal_beside_a_choice_of_days_is_no_menu_entry_of_them() -> None:
    # Wednesday is "the fourth" in Portuguese; it may not be lost without a word.
    assert said("quarta quinta ou sexta", "pt-BR") == "day 11-25 | day 11-26 | day 11-27"
    assert unclear("quarta opção ou quinta ou sexta", "pt-BR").reason is UnclearReason.CONTRADICTION


def test_a_choice_with_an_option_that_cannot_be_is_not_cut_down_to_the_others() -> None:
    # A zone counts hours; of a whole day it says nothing.
    assert unclear("10am or tomorrow, London time").reason is UnclearReason.CONTRADICTION


def test_one_o_clock_is_no_article() -> None:
    assert said("mañana a la una de la tarde", "es-ES") == "exact 11-24 13:00"
    assert said("demain à une heure de l'après-midi", "fr-FR") == "exact 11-24 13:00"
    assert said("morgen um ein Uhr nachmittags", "de-DE") == "exact 11-24 13:00"


def test_a_bound_keeps_the_part_of_the_day_that_tells_its_hour() -> None:
    weekdays = wish("On weekdays after four in the afternoon")
    assert weekdays.kind is WishKind.AFTER
    assert weekdays.latest_at is None
    both = said("Tuesday or Thursday after four in the afternoon")
    assert both == "after 11-24 16:00 - 11-25 00:00 | after 11-26 16:00 - 11-27 00:00"


def test_each_day_of_a_choice_keeps_its_own_part() -> None:
    meant = "window 11-24 18:00 - 11-24 22:00 | window 11-25 08:00 - 11-25 12:00"
    assert said("Dienstag Abend oder Mittwoch Vormittag", "de") == meant


def test_a_day_of_the_month_in_digits_beside_an_hour_is_no_menu_entry() -> None:
    assert said("the 3rd at 4pm") == "exact 12-03 16:00"


def test_a_spelled_number_beside_an_hour_is_a_menu_entry_or_a_day() -> None:
    assert said("the third at 4pm") == "exact 11-23 16:00 index 3 ? exact 12-03 16:00"
    assert said("czwartego o czwartej", "pl") == "exact 12-04 04:00 ? exact 12-04 16:00"


def test_hours_beside_an_iso_date_or_an_hour_of_the_afternoon_are_of_the_whole_day() -> None:
    assert said("2026-11-25 10:00") == "exact 11-25 10:00"
    assert said("10:00 or 14:30 tomorrow") == "exact 11-24 10:00 | exact 11-24 14:30"
    assert said("10:00 tomorrow") == "exact 11-24 10:00 ? exact 11-24 22:00"


def test_eight_days_are_a_week_or_eight_days() -> None:
    assert said("heute in acht Tagen", "de") == "day 11-30"
    assert said("in 8 Tagen", "de") == "day 11-30 ? day 12-01"
    assert said("Mittwoch in acht Tagen", "de") == "day 12-02"


def test_a_time_ruled_out_without_a_day_is_so_every_day() -> None:
    ruled_out = wish("not at 4pm").excluded
    assert len(ruled_out) == 21
    (wednesday,) = wish("Wednesday but not at 4pm").excluded
    assert wednesday.earliest_at == datetime(2026, 11, 25, 15, tzinfo=UTC)


def test_about_so_long_is_about() -> None:
    assert said("in about an hour") == "exact 11-23 10:00 ~"
    assert said("over ongeveer een half uur", "nl") == "exact 11-23 09:30 ~"


def test_weekdays_in_a_row_may_be_any_of_them() -> None:
    assert said("Tuesday, Wednesday") == "day 11-24 | day 11-25"
    assert said("周三、周四", "zh") == "day 11-25 | day 11-26"


def test_a_correction_behind_a_day_that_is_ruled_out_is_no_list() -> None:
    assert said("can't do Thursday, Friday is ok though") == "day 11-27"


def test_weeks_are_counted_as_calendars_do() -> None:
    assert said("KW 49", "de") == "window 11-30 00:00 - 12-07 00:00"
    assert said("Mittwoch KW 1", "de") == "day 01-06"
    assert said("KW 53", "de") == "window 12-28 00:00 - 01-04 00:00"


def test_a_week_that_has_just_gone_by_is_told_with_that_of_next_year() -> None:
    outcome = unclear("week 46")
    assert outcome.reason is UnclearReason.IN_THE_PAST
    (next_year,) = outcome.alternatives
    assert next_year.earliest_at == datetime(2027, 11, 14, 23, tzinfo=UTC)


def test_a_number_before_a_word_that_nobody_knows_is_no_hour() -> None:
    assert unclear("I rate you at 4 stars").reason is UnclearReason.UNEXPLAINED_DIGITS


def test_later_adds_nothing_to_a_time_from_which_on() -> None:
    assert wish("I'm in a meeting till 11am, after that is fine").choice is None
    assert unclear("until 6pm, later").reason is UnclearReason.CONTRADICTION


def test_two_bounds_ruled_out_leave_the_time_between_them() -> None:
    meant = "window 11-23 09:00 - 11-23 17:00"
    assert said("don't call before 9am or after 5pm") == meant


def test_set_phrases_typed_without_accents_hide_their_pieces() -> None:
    assert said("el jueves por la manana", "es-ES") == said("el jueves por la mañana", "es-ES")


def test_short_names_of_days_make_a_list_without_commas() -> None:
    assert said("tue wed or fri") == "day 11-24 | day 11-25 | day 11-27"
    assert said("wed sat or sun mornings").count("|") == 2


def test_a_day_ruled_out_stays_so_beside_a_time_of_any_day() -> None:
    mornings = wish("any morning except Friday")
    friday = mornings.excluded[0]
    assert not mornings.day_named
    assert friday.earliest_at == datetime(2026, 11, 26, 23, tzinfo=UTC)


def test_later_than_what_was_offered_is_not_later_than_now() -> None:
    assert unclear("can it be an hour later").reason is UnclearReason.TOO_VAGUE
    assert unclear("eine Stunde später", "de").reason is UnclearReason.TOO_VAGUE
