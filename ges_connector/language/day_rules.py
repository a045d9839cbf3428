"""What phrases about days mean: weekdays, dates, weeks, their beginnings and ends."""

from collections.abc import Callable
from dataclasses import replace

from ges_connector.language.clock_rules import as_point
from ges_connector.language.holes import TWO_DIGITS
from ges_connector.language.joining import merge_points
from ges_connector.language.meaning import (
    FULL_DAY,
    HALF_DAY,
    MINUTES_PER_HOUR,
    AllOf,
    CalendarDay,
    CalendarSpan,
    CalendarWeek,
    DashedDate,
    Day,
    DayEdge,
    DayRange,
    Duration,
    Edge,
    Marker,
    Meaning,
    Month,
    MonthSpan,
    Number,
    Offset,
    OneOf,
    Ordinal,
    Part,
    Point,
    RelativeDay,
    ShiftedDay,
    UnitName,
    Vague,
    Weekday,
    WeekdayIn,
    WeekIn,
    WeekOf,
    Which,
    edge_part,
)
from ges_connector.language.template import Phrase

_THIS_CENTURY = 2000
_NUMBER_OF_WEEKS_AHEAD = 8
_MORNING = 6 * MINUTES_PER_HOUR


def _mark_day(day: Point, marker: Marker) -> Point | None:
    noon = FULL_DAY // 2
    # Nobody means the night by "Wednesday am".
    part = Part(_MORNING, noon, "am") if marker.half == "am" else Part(noon, FULL_DAY, "pm")
    return replace(day, time=part) if day.time is None else None


def _weekday(which: Which) -> Callable[[Point], Point | None]:
    def build(weekday: Point) -> Point | None:
        if not isinstance(weekday.day, Weekday) or weekday.day.which != "nearest":
            return None
        return Point(replace(weekday.day, which=which))

    return build


def _weekday_in_weeks(weekday: Point, n: Number) -> Point | None:
    if not isinstance(weekday.day, Weekday) or not 1 <= n.value <= _NUMBER_OF_WEEKS_AHEAD:
        return None
    return Point(Weekday(weekday.day.number, "coming", n.value))


def _weekday_week(weekday: Point) -> Point | None:
    """A week on top of the coming one: "Friday week", "vendredi en huit"."""
    if not isinstance(weekday.day, Weekday):
        return None
    return Point(Weekday(weekday.day.number, "coming", 1))


def _weekday_fortnight(weekday: Point) -> Point | None:
    """Two weeks on top of the coming one: "jeudi en quinze"."""
    if not isinstance(weekday.day, Weekday):
        return None
    return Point(Weekday(weekday.day.number, "coming", 2))


def _weekday_after_this(weekday: Point) -> Point | None:
    """The one a week after this week's: "not this Friday, the other one"."""
    if not isinstance(weekday.day, Weekday):
        return None
    return Point(Weekday(weekday.day.number, "this", 1))


def _days_of_month(dom: Number | Ordinal) -> int | None:
    return dom.value if 1 <= dom.value <= 31 else None  # noqa: PLR2004 - the longest month


def _day_month(dom: Number | Ordinal, month: Month) -> Point | None:
    day = _days_of_month(dom)
    return None if day is None else Point(CalendarDay(day, month.number))


def _day_month_year(dom: Number | Ordinal, month: Month, year: Number) -> Point | None:
    day = _days_of_month(dom)
    return None if day is None else Point(CalendarDay(day, month.number, full_year(year)))


def _numeric_day(dom: Number, month_number: Number) -> Point | None:
    return _day_month(dom, Month(month_number.value))


def _ordinal_day(ordinal: Ordinal, ordinal2: Ordinal) -> Point | None:
    """Day and month counted, as on the telephone: "am dritten zwölften"."""
    is_month = 1 <= ordinal2.value <= 12  # noqa: PLR2004 - months
    return _day_month(ordinal, Month(ordinal2.value)) if is_month else None


def _numeric_date(dom: Number, month_number: Number, year: Number) -> Point | None:
    return _day_month_year(dom, Month(month_number.value), year)


def full_year(year: Number) -> int:
    """The year a number of two or four digits stands for."""
    return year.value + _THIS_CENTURY if year.digits == TWO_DIGITS else year.value


def day_of_month(dom: Number | Ordinal) -> Point | None:
    """The next day of that number in a month."""
    day = _days_of_month(dom)
    return None if day is None else Point(CalendarDay(day))


def _day_range(dom: Number | Ordinal, dom2: Number | Ordinal) -> Point | None:
    """Days of a month as a range: "dal 24 al 26"."""
    first, last = _days_of_month(dom), _days_of_month(dom2)
    if first is None or last is None or last <= first:
        return None
    return Point(DayRange(CalendarDay(first), CalendarDay(last)))


def _day_range_month(dom: Number | Ordinal, dom2: Number | Ordinal, month: Month) -> Point | None:
    """Days of a month that is named once: "from 24 to 26 November"."""
    first, last = _day_month(dom, month), _day_month(dom2, month)
    if first is None or last is None or _day_range(dom, dom2) is None:
        return None
    return Point(DayRange(first.day, last.day)) if first.day and last.day else None


def weekday_dom(weekday: Point, dom: Number | Ordinal) -> Point | None:
    """A weekday that is the day of that number in a month: "Tuesday the 24th"."""
    day = _days_of_month(dom)
    if day is None or not isinstance(weekday.day, Weekday):
        return None
    return Point(AllOf((weekday.day, CalendarDay(day))))


def _weekday_date(weekday: Point, dashed_date: DashedDate) -> Point | None:
    return merge_points(weekday, Point(dashed_date.day))


def _dashed_day(dashed_date: DashedDate) -> Point:
    return Point(dashed_date.day)


def _dated_clock(dashed_date: DashedDate, clock: Point) -> Point | None:
    return merge_points(Point(dashed_date.day), clock)


def _day_after(day: Point) -> Point | None:
    return None if day.day is None else Point(ShiftedDay(day.day, 1, "day"))


def _day_before(day: Point) -> Point | None:
    return None if day.day is None else Point(ShiftedDay(day.day, -1, "day"))


def _span(offset: int) -> Callable[[UnitName], Meaning | None]:
    def build(unit: UnitName) -> Meaning | None:
        if unit.unit == "year" and offset < 0:
            return Vague()
        if unit.unit in {"hour", "minute"}:
            return Offset(Duration(offset, unit.unit), within=True) if offset > 0 else None
        if unit.unit == "day":
            # "The next day" is a set phrase; "the next days" are several.
            return None if offset else Point(RelativeDay(0))
        if unit.unit == "weekend" and offset == 1:
            # "Next weekend" on a Monday: of this week, or of the next.
            both = (Point(CalendarSpan(unit.unit, weeks)) for weeks in (1, 0))
            return OneOf(tuple(both))
        return Point(CalendarSpan(unit.unit, offset))

    return build


def _edge(edge: Edge) -> Callable[[Point], Point | None]:
    def build(day: Point) -> Point | None:
        if isinstance(day.day, CalendarSpan | MonthSpan) and day.day.edge is None:
            return replace(day, day=replace(day.day, edge=edge))
        return None if day.day is None else Point(DayEdge(day.day, edge))

    return build


def _span_edge(edge: Edge) -> Callable[[Point], Point | None]:
    """The edge of a week or a month alone: "next week towards the end"."""

    def build(day: Point) -> Point | None:
        span = day.day
        is_long = isinstance(span, MonthSpan) or (
            isinstance(span, CalendarSpan) and span.unit in {"week", "month"}
        )
        return _edge(edge)(day) if is_long and day.time is None else None

    return build


def _unit_edge(edge: Edge) -> Callable[[UnitName], Meaning | None]:
    def build(unit: UnitName) -> Meaning | None:
        if unit.unit == "day":
            return Point(time=edge_part(edge))
        if unit.unit in {"week", "weekend", "month"}:
            # On a Saturday "the end of the week" may be the one that is about to be over.
            return Point(CalendarSpan(unit.unit, 0, edge, rolls=edge != "end"))
        return None

    return build


def _since_month(month: Month) -> Point:
    """What is over: "since September"."""
    del month
    return Point(RelativeDay(-1))


def _month_edge(edge: Edge | None) -> Callable[[Month], Point]:
    def build(month: Month) -> Point:
        return Point(MonthSpan(month.number, edge))

    return build


def _numbered_month_edge(edge: Edge) -> Callable[[Number], Point]:
    """The same of a month by its number, where "end of the month" is one word: Korean "2월말"."""

    def build(month_number: Number) -> Point:
        return Point(MonthSpan(month_number.value, edge))

    return build


def _rest_of(day: Point) -> Point:
    return day


def as_meaning(number: Number) -> Meaning | None:
    """What a number alone may be: an hour, and from thirteen on a day of the month as well."""
    point = as_point(number)
    if number.value <= HALF_DAY // MINUTES_PER_HOUR:
        return point
    day = day_of_month(number)
    return OneOf((point, day)) if point is not None and day is not None else day


def _week_number(n: Number) -> Meaning | None:
    """The week of a number as calendars print it (ISO 8601): "KW 49"."""
    if n.value == 1 and not n.digits:
        # The "ein" of "in einer Woche ein" is none.
        return None
    return Point(CalendarWeek(n.value)) if 1 <= n.value <= 53 else None  # noqa: PLR2004 - weeks


def _week_of(day: Point) -> Point | None:
    return None if day.day is None else Point(WeekOf(day.day))


def _week_of_day_of_month(dom: Number | Ordinal) -> Point | None:
    day = day_of_month(dom)
    return None if day is None else _week_of(day)


def _week_in_month(ordinal: Ordinal, month: Month) -> Point:
    return Point(WeekIn(MonthSpan(month.number), ordinal.value))


def _last_week_in_month(month: Month) -> Point:
    return Point(WeekIn(MonthSpan(month.number), -1))


def _weekday_in_month(ordinal: Ordinal, weekday: Point, month: Month) -> Point | None:
    return _nth_weekday(weekday, MonthSpan(month.number), ordinal.value)


def _last_weekday_in_month(weekday: Point, month: Month) -> Point | None:
    return _nth_weekday(weekday, MonthSpan(month.number), -1)


def _weekday_in(ordinal: Ordinal, weekday: Point, day: Point) -> Point | None:
    return _nth_weekday(weekday, day.day, ordinal.value) if _is_month(day) else None


def _last_weekday_in(weekday: Point, day: Point) -> Point | None:
    return _nth_weekday(weekday, day.day, -1) if _is_month(day) else None


def _weekday_of_month(ordinal: Ordinal, weekday: Point) -> Point | None:
    return _nth_weekday(weekday, CalendarSpan("month", 0), ordinal.value)


def _last_weekday_of_month(weekday: Point) -> Point | None:
    return _nth_weekday(weekday, CalendarSpan("month", 0), -1)


def _last_day_of_month() -> Point:
    return Point(WeekdayIn(CalendarSpan("month", 0), None, -1))


def _last_day_in_month(month: Month) -> Point:
    return Point(WeekdayIn(MonthSpan(month.number), None, -1))


def _last_day_in(day: Point) -> Point | None:
    return Point(WeekdayIn(day.day, None, -1)) if day.day and _is_month(day) else None


def _nth_weekday(weekday: Point, month: Day | None, number: int) -> Point | None:
    if not isinstance(weekday.day, Weekday) or month is None:
        return None
    return Point(WeekdayIn(month, weekday.day.number, number))


def _this_time_on(day: Point) -> Offset | None:
    """The hour and minute of now on another day: "this time tomorrow"."""
    if isinstance(day.day, RelativeDay) and day.day.days > 0:
        return Offset(Duration(day.day.days, "day"))
    if day.day == CalendarSpan("week", 1):
        return Offset(Duration(1, "week"))
    return None


def _is_month(day: Point) -> bool:
    span = day.day
    is_month = isinstance(span, MonthSpan) or (
        isinstance(span, CalendarSpan) and span.unit == "month"
    )
    return is_month and getattr(span, "edge", None) is None


def _week_in(ordinal: Ordinal, day: Point) -> Point | None:
    return Point(WeekIn(day.day, ordinal.value)) if day.day and _is_month(day) else None


def _last_week_in(day: Point) -> Point | None:
    return Point(WeekIn(day.day, -1)) if day.day and _is_month(day) else None


def _end_of_next_week() -> Point:
    """Its last days, in words that are the weekend's as well: Italian "fine settimana"."""
    return Point(CalendarSpan("week", 1, edge="end"))


def _past_unit(unit: UnitName) -> Point:
    del unit
    return Point(RelativeDay(-1))


def _past_weekday(weekday: Point) -> Point:
    del weekday
    return Point(RelativeDay(-1))


DAY_PHRASES: dict[str, Phrase] = {
    "this_weekday": Phrase(("weekday",), _weekday("this")),
    "coming_weekday": Phrase(("weekday",), _weekday("coming")),
    "next_weekday": Phrase(("weekday",), _weekday("next")),
    "after_next_weekday": Phrase(("weekday",), _weekday("after_next")),
    "weekday_week": Phrase(("weekday",), _weekday_week),
    "weekday_fortnight": Phrase(("weekday",), _weekday_fortnight),
    "weekday_after_this": Phrase(("weekday",), _weekday_after_this),
    "weekday_in_weeks": Phrase(("weekday", "n"), _weekday_in_weeks),
    "last_weekday": Phrase(("weekday",), _past_weekday),
    "day_month": Phrase(("dom", "month"), _day_month),
    "day_month_year": Phrase(("dom", "month", "year"), _day_month_year),
    "numeric_day": Phrase(("dom", "month_number"), _numeric_day),
    "ordinal_day": Phrase(("ordinal", "ordinal2"), _ordinal_day),
    "numeric_date": Phrase(("dom", "month_number", "year"), _numeric_date),
    "day_of_month": Phrase(("dom",), day_of_month),
    "day_range": Phrase(("dom", "dom2"), _day_range),
    "day_range_month": Phrase(("dom", "dom2", "month"), _day_range_month),
    "weekday_dom": Phrase(("weekday", "dom"), weekday_dom),
    "day_after": Phrase(("day",), _day_after),
    "day_before": Phrase(("day",), _day_before),
    # A word that only days take tells "am 3.12" from twelve minutes past three.
    "on_day": Phrase(("day",), _rest_of),
    # So does it tell "op 3-12" from a range.
    "on_dashed_date": Phrase(("dashed_date",), _dashed_day),
    # As likely as hours from one to the other: "10-12".
    "dashed_date_alone": Phrase(("dashed_date",), _dashed_day, cost=1),
    # "Three or later tomorrow" names an hour of it, and not the day as well.
    "rest_of": Phrase(("day",), _rest_of, cost=1),
    "week_number": Phrase(("n",), _week_number),
    "week_of": Phrase(("day",), _week_of),
    "week_of_day_of_month": Phrase(("dom",), _week_of_day_of_month),
    "this_time_on": Phrase(("day",), _this_time_on),
    # Of a month by its name, or of "next month".
    "week_in_month": Phrase(("ordinal", "month"), _week_in_month),
    # Of "the month" without a name, which is this one.
    "weekday_of_month": Phrase(("ordinal", "weekday"), _weekday_of_month),
    "last_weekday_of_month": Phrase(("weekday",), _last_weekday_of_month),
    "weekday_in_month": Phrase(("ordinal", "weekday", "month"), _weekday_in_month),
    "last_weekday_in_month": Phrase(("weekday", "month"), _last_weekday_in_month),
    "weekday_in": Phrase(("ordinal", "weekday", "day"), _weekday_in),
    "last_weekday_in": Phrase(("weekday", "day"), _last_weekday_in),
    "last_day_of_month": Phrase((), _last_day_of_month),
    "last_day_in_month": Phrase(("month",), _last_day_in_month),
    "last_day_in": Phrase(("day",), _last_day_in),
    "last_week_in_month": Phrase(("month",), _last_week_in_month),
    "week_in": Phrase(("ordinal", "day"), _week_in),
    "last_week_in": Phrase(("day",), _last_week_in),
    "this_span": Phrase(("unit",), _span(0)),
    "next_span": Phrase(("unit",), _span(1)),
    "after_next_span": Phrase(("unit",), _span(2)),
    "last_span": Phrase(("unit",), _past_unit),
    "start_of": Phrase(("day",), _edge("start")),
    "middle_of": Phrase(("day",), _edge("middle")),
    "end_of": Phrase(("day",), _edge("end")),
    "end_of_next_week": Phrase((), _end_of_next_week),
    "start_of_span": Phrase(("day",), _span_edge("start")),
    "middle_of_span": Phrase(("day",), _span_edge("middle")),
    "end_of_span": Phrase(("day",), _span_edge("end")),
    "start_of_unit": Phrase(("unit",), _unit_edge("start")),
    "middle_of_unit": Phrase(("unit",), _unit_edge("middle")),
    "end_of_unit": Phrase(("unit",), _unit_edge("end")),
    "since_month": Phrase(("month",), _since_month),
    "in_month": Phrase(("month",), _month_edge(None)),
    "start_of_month": Phrase(("month",), _month_edge("start")),
    "middle_of_month": Phrase(("month",), _month_edge("middle")),
    "end_of_month": Phrase(("month",), _month_edge("end")),
    "start_of_month_number": Phrase(("month_number",), _numbered_month_edge("start")),
    "middle_of_month_number": Phrase(("month_number",), _numbered_month_edge("middle")),
    "end_of_month_number": Phrase(("month_number",), _numbered_month_edge("end")),
}

DAY_BUILT_IN: tuple[tuple[str, Phrase], ...] = (
    ("{day} {marker}", Phrase(("day", "marker"), _mark_day, cost=1)),
    ("{dom} {month}", Phrase(("dom", "month"), _day_month)),
    ("{month} {dom}", Phrase(("dom", "month"), _day_month)),
    ("{ordinal} {month}", Phrase(("ordinal", "month"), _day_month)),
    ("{ordinal} {month} {year}", Phrase(("ordinal", "month", "year"), _day_month_year)),
    ("{dom} {month} {year}", Phrase(("dom", "month", "year"), _day_month_year)),
    ("{month} {dom} {year}", Phrase(("dom", "month", "year"), _day_month_year)),
    ("{month} {ordinal}", Phrase(("ordinal", "month"), _day_month)),
    ("{dom}-{month}", Phrase(("dom", "month"), _day_month)),
    ("{dom}-{month}-{year}", Phrase(("dom", "month", "year"), _day_month_year)),
    ("{month}/{dom}", Phrase(("dom", "month"), _day_month)),
    ("{weekday} {dashed_date}", Phrase(("weekday", "dashed_date"), _weekday_date, cost=2)),
    ("{dashed_date} {weekday}", Phrase(("weekday", "dashed_date"), _weekday_date, cost=2)),
    ("{dashed_date} {clock}", Phrase(("dashed_date", "clock"), _dated_clock, cost=4)),
    ("{month} {dom}, {year}", Phrase(("dom", "month", "year"), _day_month_year)),
    ("{month} {ordinal}, {year}", Phrase(("ordinal", "month", "year"), _day_month_year)),
    ("{month} {ordinal} {year}", Phrase(("ordinal", "month", "year"), _day_month_year)),
    ("{dom} {month}, {year}", Phrase(("dom", "month", "year"), _day_month_year)),
    ("{ordinal} {month}, {year}", Phrase(("ordinal", "month", "year"), _day_month_year)),
    ("{dom}. {month}", Phrase(("dom", "month"), _day_month)),
    ("{dom}. {month} {year}", Phrase(("dom", "month", "year"), _day_month_year)),
    ("{weekday} {ordinal}", Phrase(("weekday", "ordinal"), weekday_dom)),
    ("{ordinal} {weekday}", Phrase(("weekday", "ordinal"), weekday_dom, cost=1)),
)

DAY_BARE: tuple[tuple[str, Phrase], ...] = (
    ("{weekday} {bare_dom}", Phrase(("weekday", "bare_dom"), weekday_dom, cost=3)),
    ("{bare_dom} {weekday}", Phrase(("weekday", "bare_dom"), weekday_dom, cost=3)),
)
