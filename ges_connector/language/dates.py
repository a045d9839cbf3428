"""From the days that people name to dates: weekdays, weeks, edges, a day described twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from ges_connector.language.instants import (
    LONGEST_RANGE_DAYS,
    Dates,
    Here,
    UnresolvableError,
    dates_wish,
    single_day,
    whole_day,
)
from ges_connector.language.meaning import (
    DAYS_PER_WEEK,
    AllOf,
    CalendarDay,
    CalendarSpan,
    CalendarWeek,
    Day,
    DayEdge,
    DayRange,
    Edge,
    MonthSpan,
    RelativeDay,
    ShiftedDay,
    Weekday,
    WeekdayIn,
    WeekIn,
    WeekOf,
    edge_part,
)
from ges_connector.language.wish import Grain, UnclearReason

_MONTHS_PER_YEAR = 12
# A date further ahead than this, named without a year, has just gone by.
_FURTHEST_DAY = 300
FURTHEST_DURATION_DAYS = 366

# The day of the month from which on it ends.
_END_OF_MONTH = 25


def days(day: Day, here: Here) -> list[Dates]:
    """The dates a day may be, the likeliest first; several if it is undecided.

    Raises:
        UnresolvableError: if there is no such day, or it is over.
    """
    if isinstance(day, RelativeDay):
        if day.days < 0:
            raise UnresolvableError(UnclearReason.IN_THE_PAST)
        return [single_day(here.today + timedelta(days=day.days))]
    if isinstance(day, Weekday):
        return [single_day(each) for each in _weekday(day, here)]
    if isinstance(day, CalendarDay):
        return [single_day(_calendar_day(day, here))]
    if isinstance(day, CalendarSpan) and day.unit == "year":
        # Next year is no answer to "when", but "next year, on 8 January" is.
        raise UnresolvableError(UnclearReason.TOO_VAGUE)
    if isinstance(day, CalendarSpan | CalendarWeek | MonthSpan):
        return [_span(day, here)]
    return _composed_days(day, here)


def _composed_days(
    day: ShiftedDay | DayRange | DayEdge | WeekOf | WeekIn | WeekdayIn | AllOf, here: Here
) -> list[Dates]:
    if isinstance(day, WeekOf):
        return [_week_around(each.first, here.week_starts[-1]) for each in days(day.day, here)]
    if isinstance(day, WeekIn | WeekdayIn):
        return [_in_month(day, each, here) for each in days(day.month, here)]
    if isinstance(day, ShiftedDay):
        return _shifted(day, here)
    if isinstance(day, DayRange):
        return _day_range(day, here)
    if isinstance(day, DayEdge):
        part = edge_part(day.edge)
        return [replace(each, grain=Grain.PART, part=part) for each in days(day.day, here)]
    return _all_of(day, here)


def _span(span: CalendarSpan | CalendarWeek | MonthSpan, here: Here) -> Dates:
    if isinstance(span, CalendarSpan):
        return _calendar_span(span, here)
    return _calendar_week(span, here) if isinstance(span, CalendarWeek) else _month_span(span, here)


def _weekday(day: Weekday, here: Here) -> list[date]:
    ahead = (day.number - here.today.weekday()) % DAYS_PER_WEEK
    week = timedelta(days=DAYS_PER_WEEK)
    extra = day.weeks * week
    if day.which == "this":
        return [here.today + timedelta(days=ahead) + extra]
    coming = here.today + timedelta(days=ahead or DAYS_PER_WEEK)
    if day.which == "nearest":
        return [coming + extra] if ahead else [coming + extra, here.today + extra]
    if day.which == "coming":
        return [coming + extra]
    starts = [start + week for start in here.week_starts]
    ahead_of = [(day.number - start.weekday()) % DAYS_PER_WEEK for start in starts]
    of_next_week = [
        start + timedelta(days=count) for start, count in zip(starts, ahead_of, strict=True)
    ]
    choices = {"coming": [coming], "week": of_next_week}
    both = choices.get(here.settings.next_weekday, [*of_next_week, coming])
    found = list(dict.fromkeys(both))
    further = week if day.which == "after_next" else timedelta()
    return [each + extra + further for each in found]


def _calendar_day(day: CalendarDay, here: Here) -> date:
    if day.month is None:
        return _day_of_month(day.day, here)
    if day.year is not None:
        found = _date(day.year, day.month, day.day)
        if found < here.today:
            raise UnresolvableError(UnclearReason.IN_THE_PAST)
        return found
    for year in range(here.today.year, here.today.year + 9):
        try:
            found = date(year, day.month, day.day)
        except ValueError:
            continue
        if found >= here.today:
            break
    else:
        raise UnresolvableError(UnclearReason.DOES_NOT_EXIST)
    if (found - here.today).days > _FURTHEST_DAY:
        raise UnresolvableError(UnclearReason.IN_THE_PAST, (whole_day(found, here),))
    return found


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as impossible:
        raise UnresolvableError(UnclearReason.DOES_NOT_EXIST) from impossible


def _day_of_month(day: int, here: Here) -> date:
    first = here.today.replace(day=1)
    for months in range(_MONTHS_PER_YEAR):
        start = add_months(first, months)
        try:
            found = start.replace(day=day)
        except ValueError:
            continue
        if found >= here.today:
            return found
    raise UnresolvableError(UnclearReason.DOES_NOT_EXIST)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month if it is shorter."""
    year, month = divmod(day.year * _MONTHS_PER_YEAR + day.month - 1 + months, _MONTHS_PER_YEAR)
    first_after = date(
        year + (month + 1) // _MONTHS_PER_YEAR, (month + 1) % _MONTHS_PER_YEAR + 1, 1
    )
    last = (first_after - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _calendar_span(span: CalendarSpan, here: Here) -> Dates:
    if span.unit == "month":
        first = add_months(here.today.replace(day=1), span.offset)
        return _month_part(first, span.edge)
    # Where only calendars begin on Sunday, "next week" begins with the working week.
    week = here.week_starts[-1] + timedelta(days=span.offset * DAYS_PER_WEEK)
    if span.unit == "weekend":
        return _weekend(span, here)
    if span.edge is None:
        return Dates(week, week + timedelta(days=DAYS_PER_WEEK), Grain.WEEK)
    working = [week + timedelta(days=each) for each in range(DAYS_PER_WEEK)]
    working = [each for each in working if each.weekday() not in here.settings.weekend]
    chosen = {"start": working[:2], "middle": working[1:-1], "end": working[-2:]}[span.edge]
    if span.rolls and chosen[-1] < here.today:
        chosen = [each + timedelta(days=DAYS_PER_WEEK) for each in chosen]
    return Dates(chosen[0], chosen[-1] + timedelta(days=1), Grain.WEEK)


def _calendar_week(week: CalendarWeek, here: Here) -> Dates:
    """The next week of that number that is not over; one just gone by is a slip, as with dates."""
    this_year = here.today.isocalendar().year
    for year in range(this_year, this_year + 2):
        try:
            first = date.fromisocalendar(year, week.number, 1)
        except ValueError:
            continue
        found = Dates(first, first + timedelta(days=DAYS_PER_WEEK), Grain.WEEK)
        if found.end <= here.today:
            continue
        if (first - here.today).days > _FURTHEST_DAY:
            raise UnresolvableError(UnclearReason.IN_THE_PAST, (dates_wish(found, None, here),))
        return found
    raise UnresolvableError(UnclearReason.DOES_NOT_EXIST)


def _week_around(day: date, a_week_start: date) -> Dates:
    """The week that a day is in, beginning on the weekday of some other week's first day."""
    first = day - timedelta(days=(day - a_week_start).days % DAYS_PER_WEEK)
    return Dates(first, first + timedelta(days=DAYS_PER_WEEK), Grain.WEEK)


def _in_month(day: WeekIn | WeekdayIn, month: Dates, here: Here) -> Dates:
    """A month's first, second ... or last week, or weekday of a name."""
    if isinstance(day, WeekIn):
        return _week_in(month, day.number, here)
    all_days = (month.first + timedelta(days=each) for each in range(month.count))
    named = [each for each in all_days if day.weekday in {None, each.weekday()}]
    if not -1 <= day.number <= len(named):
        raise UnresolvableError(UnclearReason.DOES_NOT_EXIST)
    found = named[day.number - 1] if day.number > 0 else named[-1]
    if found < here.today:
        raise UnresolvableError(UnclearReason.IN_THE_PAST)
    return single_day(found)


def _week_in(month: Dates, number: int, here: Here) -> Dates:
    """A month's week of that number; a week is of the month that has most of its days."""
    middle = timedelta(days=DAYS_PER_WEEK // 2)
    days_of_month = (month.first + timedelta(days=each) for each in range(month.count))
    weeks = [
        week
        for week in (_week_around(day, here.week_starts[-1]) for day in days_of_month)
        if month.first <= week.first + middle < month.end
    ]
    weeks = list(dict.fromkeys(weeks))
    if not -1 <= number <= len(weeks):
        raise UnresolvableError(UnclearReason.DOES_NOT_EXIST)
    found = weeks[number - 1] if number > 0 else weeks[-1]
    if found.end <= here.today:
        raise UnresolvableError(UnclearReason.IN_THE_PAST)
    return found


def _weekend(span: CalendarSpan, here: Here) -> Dates:
    weekend = here.settings.weekend
    ahead = (weekend[0] - here.today.weekday()) % DAYS_PER_WEEK
    if here.today.weekday() in weekend:
        ahead = -weekend.index(here.today.weekday())
    first = here.today + timedelta(days=ahead + span.offset * DAYS_PER_WEEK)
    if span.edge is not None:
        raise UnresolvableError(UnclearReason.TOO_VAGUE)
    return Dates(first, first + timedelta(days=len(weekend)), Grain.WEEK)


def _month_span(span: MonthSpan, here: Here) -> Dates:
    months = (span.month - here.today.month) % _MONTHS_PER_YEAR
    return _month_part(add_months(here.today.replace(day=1), months), span.edge)


def _month_part(first: date, edge: Edge | None) -> Dates:
    end = add_months(first, 1)
    if edge is None:
        return Dates(first, end, Grain.MONTH)
    tenth, twentieth = first + timedelta(days=10), first + timedelta(days=20)
    # Nobody calls the 21st the end of a month.
    late = first + timedelta(days=_END_OF_MONTH - 1)
    bounds = {"start": (first, tenth), "middle": (tenth, twentieth), "end": (late, end)}
    return Dates(*bounds[edge], Grain.WEEK)


def _shifted(day: ShiftedDay, here: Here) -> list[Dates]:
    bases = [single_day(here.today)] if day.base is None else days(day.base, here)
    return [single_day(shifted_day(base, day)) for base in bases]


def shifted_day(base: Dates, day: ShiftedDay) -> date:
    """The day so many days, weeks or months after some others; before them if negative."""
    if day.count > FURTHEST_DURATION_DAYS:
        raise UnresolvableError(UnclearReason.TOO_VAGUE)
    last = base.end - timedelta(days=1) if day.count > 0 else base.first
    if day.unit == "month":
        return add_months(last, day.count)
    size = DAYS_PER_WEEK if day.unit in {"week", "weekend"} else 1
    return last + timedelta(days=day.count * size)


def _day_range(day: DayRange, here: Here) -> list[Dates]:
    firsts, lasts = days(day.first, here), days(day.last, here)
    found = []
    for first in firsts:
        for last in lasts:
            end = last.end
            if end <= first.first and isinstance(day.last, Weekday):
                end += timedelta(days=DAYS_PER_WEEK)
            if first.first < end <= first.first + timedelta(days=LONGEST_RANGE_DAYS):
                found.append(Dates(first.first, end, Grain.WEEK))
                break
    if not found:
        raise UnresolvableError(UnclearReason.CONTRADICTION)
    return found


def _all_of(day: AllOf, here: Here) -> list[Dates]:
    weekdays = [each for each in day.days if isinstance(each, Weekday)]
    others = [each for each in day.days if not isinstance(each, Weekday)]
    if not others:
        raise UnresolvableError(UnclearReason.CONTRADICTION)
    candidates = _candidates(others[0], here)
    for other in others[1:]:
        candidates = list(_common(candidates, _candidates(other, here)))
    for weekday in weekdays:
        loose = any(isinstance(each, ShiftedDay) and each.unit == "week" for each in others)
        candidates = list(_on_weekday(candidates, weekday, loose=loose))
        if weekday.which in {"this", "coming"} or weekday.weeks:
            # "This Thursday" is no Thursday of another week.
            meant = _weekday(weekday, here)
            if weekday.which == "coming" and any(isinstance(x, CalendarDay) for x in others):
                # "The coming Wednesday, the 17th": the date tells of which week.
                meant = [*meant, *(each + timedelta(days=DAYS_PER_WEEK) for each in meant)]
            candidates = [each for each in candidates if each.first in meant]
    if not candidates:
        raise UnresolvableError(UnclearReason.CONTRADICTION)
    return candidates


def _candidates(day: Day, here: Here) -> list[Dates]:
    """The dates a day may be beside another description of it; a date long over is none of them."""
    if isinstance(day, CalendarSpan) and day.unit == "week" and day.edge is None:
        return list(_weeks(day, here))
    if isinstance(day, CalendarSpan) and day.unit == "year":
        year = here.today.year + day.offset
        return [Dates(date(year, 1, 1), date(year + 1, 1, 1), Grain.ANY)]
    try:
        return days(day, here)
    except UnresolvableError as error:
        if isinstance(day, CalendarDay) and day.year is None:
            raise UnresolvableError(UnclearReason.CONTRADICTION) from error
        raise


def _weeks(span: CalendarSpan, here: Here) -> Iterator[Dates]:
    """A week, twice where people differ about the Sunday that it begins or ends with."""
    for start in here.week_starts:
        first = start + timedelta(days=span.offset * DAYS_PER_WEEK)
        yield Dates(first, first + timedelta(days=DAYS_PER_WEEK), Grain.WEEK)


def _common(ours: list[Dates], theirs: list[Dates]) -> Iterator[Dates]:
    for one in ours:
        for other in theirs:
            first, end = max(one.first, other.first), min(one.end, other.end)
            if first < end:
                yield Dates(first, end, Grain.DAY, one.part or other.part)


def _on_weekday(candidates: list[Dates], weekday: Weekday, *, loose: bool) -> Iterator[Dates]:
    """The days of that weekday; loose: "Monday, two weeks from now" is the Monday of that week."""
    for each in candidates:
        if loose and each.count == 1:
            yield from _weekdays_beside(each.first, weekday)
            continue
        for offset in range(each.count):
            found = each.first + timedelta(days=offset)
            if found.weekday() == weekday.number:
                yield replace(single_day(found), part=each.part)


def _weekdays_beside(day: date, weekday: Weekday) -> Iterator[Dates]:
    """That weekday before and after a day; the day itself if it is one."""
    ahead = (weekday.number - day.weekday()) % DAYS_PER_WEEK
    for found in dict.fromkeys((ahead, (ahead - DAYS_PER_WEEK) if ahead else 0)):
        yield single_day(day + timedelta(days=found))
