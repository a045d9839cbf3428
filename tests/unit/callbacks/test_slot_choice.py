"""What answers to a menu come to."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ges_connector.callbacks import (
    Answer,
    AnswerKind,
    Explanation,
    FreeTime,
    MenuView,
    Page,
    Shown,
    choose,
    choose_by_id,
    open_menu,
    time_id,
)
from ges_connector.callbacks.profile import SlotPolicy
from ges_connector.language import Choice, ChoiceKind, Grain, Wish, WishKind, understand

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 12, 9, 10, tzinfo=UTC)  # Monday 10:10
VIEW = MenuView(zone=ZONE, now=NOW, count=5, policy=SlotPolicy())


def at(day: int, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 1, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def half_hours(day: int, first: str, last: str) -> list[FreeTime]:
    moment, times = at(day, first), list[FreeTime]()
    while moment <= at(day, last):
        times.append(FreeTime(moment, 30))
        moment += timedelta(minutes=30)
    return times


WEEK = [
    *half_hours(12, "11:00", "17:30"),
    *(time for day in (13, 14, 15, 16, 19) for time in half_hours(day, "08:00", "17:30")),
]
# On offer: Mon 11:00, Mon 12:00, Tue 08:00, Tue 12:00, Wed 08:00.
OFFERED = Shown.of_ids(open_menu(WEEK, VIEW).ids)


def said(text: str, times: list[FreeTime] = WEEK, shown: Shown = OFFERED) -> Answer:
    wish = understand(text, "en-GB", NOW, "Europe/Berlin")
    assert isinstance(wish, Wish), wish
    return choose(times, VIEW, shown, wish)


def told(answer: Answer) -> list[str]:
    return [time.start_at.astimezone(ZONE).strftime("%d %H:%M") for time in answer.menu.times]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("the second one", "12 12:00"),
        ("2", "12 12:00"),
        ("the third", "13 08:00"),
        ("the last one", "14 08:00"),
        ("the later one", "14 08:00"),
        ("the earlier one", "12 11:00"),
        ("at eleven", "12 11:00"),
        ("on Wednesday at eight", "14 08:00"),
        ("Thursday at 8", "15 08:00"),
        ("the first available on Friday", "16 08:00"),
        ("any time", "12 11:00"),
    ],
)
def test_an_answer_that_means_one_time_is_that_time(text: str, time: str) -> None:
    answer = said(text)
    assert (answer.kind, told(answer)) == (AnswerKind.ONE, [time])
    assert answer.time is not None


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("at twelve", ["12 12:00", "13 12:00"]),
        ("at eight", ["13 08:00", "14 08:00"]),
        ("on Friday", ["16 08:00", "16 10:00", "16 12:00", "16 14:30", "16 17:30"]),
        ("Tuesday", ["13 08:00", "13 10:00", "13 12:00", "13 14:30", "13 17:30"]),
        ("Wednesday", ["14 08:00", "14 10:00", "14 12:00", "14 14:30", "14 17:30"]),
        ("tomorrow afternoon", ["13 12:00", "13 13:00", "13 14:30", "13 15:30", "13 17:00"]),
        ("at 3", ["12 15:00", "13 15:00", "14 15:00", "15 15:00", "16 15:00"]),
    ],
)
def test_an_answer_that_may_mean_several_times_is_asked_about(text: str, times: list[str]) -> None:
    answer = said(text)
    assert (answer.kind, told(answer)) == (AnswerKind.SEVERAL, times)
    assert answer.time is None


def test_three_is_never_guessed_where_both_are_free() -> None:
    night_and_day = [FreeTime(at(13, "03:00"), 30), FreeTime(at(13, "15:00"), 30)]
    shown = Shown(tuple(time.start_at for time in night_and_day))
    assert told(said("tomorrow at 3", night_and_day, shown)) == ["13 03:00", "13 15:00"]
    assert said("tomorrow at 3", night_and_day, shown).kind is AnswerKind.SEVERAL
    unseen = said("tomorrow at 3", night_and_day, Shown(()))
    assert (unseen.kind, told(unseen)) == (AnswerKind.SEVERAL, ["13 03:00", "13 15:00"])


def test_three_is_the_one_on_offer() -> None:
    night_and_day = [FreeTime(at(13, "03:00"), 30), FreeTime(at(13, "15:00"), 30)]
    assert told(said("at 3", night_and_day, Shown((at(13, "15:00"),)))) == ["13 15:00"]


def test_a_bare_number_that_is_an_hour_of_the_menu_too_is_asked_about() -> None:
    times = [FreeTime(at(13, clock), 30) for clock in ("09:00", "10:00", "14:00")]
    answer = said("2", times, Shown(tuple(time.start_at for time in times)))
    assert (answer.kind, told(answer)) == (AnswerKind.SEVERAL, ["13 10:00", "13 14:00"])


@pytest.mark.parametrize(
    ("text", "page"),
    [("earlier", Page.EARLIER), ("a bit later", Page.LATER), ("more", Page.MORE)],
)
def test_other_times_are_a_page_to_turn_to(text: str, page: Page) -> None:
    assert said(text) == Answer(AnswerKind.BROWSE, page=page)


def test_none_of_these_is_no_wish_for_others() -> None:
    assert said("none of these").kind is AnswerKind.DECLINED


def test_as_soon_as_possible_is_for_the_caller_to_decide() -> None:
    assert said("as soon as possible").kind is AnswerKind.ASAP


@pytest.mark.parametrize("text", ["the seventh", "the ninth one", "number 12"])
def test_an_entry_that_is_not_there_keeps_the_menu_on_offer(text: str) -> None:
    answer = said(text)
    assert answer.kind is AnswerKind.NONE_FITS
    assert answer.menu.explanation is Explanation.NO_SUCH_ENTRY
    assert answer.menu.ids == tuple(time_id(each) for each in OFFERED.on_offer)


@pytest.mark.parametrize(
    ("text", "explanation"),
    [
        ("Saturday", Explanation.NOT_THAT_DAY),
        ("at 6am", Explanation.NOT_THAT_TIME),
        ("tomorrow 10:10", Explanation.BETWEEN_TIMES),
        ("in 5 minutes", Explanation.TOO_SOON),
        ("in three weeks", Explanation.TOO_FAR),
    ],
)
def test_an_answer_that_nothing_fits_gets_the_nearest_and_the_reason(
    text: str, explanation: Explanation
) -> None:
    answer = said(text)
    assert (answer.kind, answer.menu.explanation) == (AnswerKind.NONE_FITS, explanation)
    assert answer.menu.times


def test_entries_keep_their_numbers_when_one_of_them_is_taken() -> None:
    left = [time for time in WEEK if time.start_at != OFFERED.on_offer[0]]
    assert told(said("the second one", left)) == ["12 12:00"]
    assert said("the first one", left).kind is AnswerKind.NONE_FITS


def test_of_two_readings_the_one_free_times_agree_with_counts() -> None:
    answer = said("Wednesday or Thursday after 4pm")
    assert {entry[3:5] for entry in told(answer)} <= {"16", "17"}
    assert answer.kind is AnswerKind.SEVERAL


def test_an_index_beside_a_time_counts_within_that_time() -> None:
    wish = Wish(
        WishKind.DAY,
        at(13, "00:00"),
        at(14, "00:00"),
        Grain.DAY,
        zone="Europe/Berlin",
        choice=Choice(ChoiceKind.LAST),
    )
    answer = choose(WEEK, VIEW, OFFERED, wish)
    assert (answer.kind, told(answer)) == (AnswerKind.ONE, ["13 12:00"])


def test_a_button_means_its_time_on_whatever_page_it_stood() -> None:
    time = WEEK[40]
    assert choose_by_id(WEEK, VIEW, time.id).time == time


def test_the_button_of_a_time_that_is_taken_gets_the_nearest() -> None:
    left = [time for time in WEEK if time.start_at != at(13, "10:00")]
    answer = choose_by_id(left, VIEW, time_id(at(13, "10:00")))
    assert (answer.kind, answer.menu.explanation) == (AnswerKind.NONE_FITS, Explanation.TAKEN)
    assert told(answer) == ["13 08:30", "13 09:00", "13 09:30", "13 10:30", "13 11:00"]


@pytest.mark.parametrize("button", ["", "yes", None, "s)(", 3])
def test_what_is_no_button_picks_nothing(button: object) -> None:
    assert choose_by_id(WEEK, VIEW, button).kind is AnswerKind.DECLINED


def test_a_button_pressed_when_nothing_is_free_finds_nothing() -> None:
    answer = choose_by_id([], VIEW, WEEK[0].id)
    assert answer.menu.explanation is Explanation.NOTHING_FREE
