"""Which holes of a template a value fits into."""

from ges_connector.language.meaning import (
    MINUTES_PER_HOUR,
    Amount,
    AnyTime,
    Asap,
    Busy,
    Clock,
    DashedDate,
    Duration,
    Either,
    Excluding,
    Marker,
    Month,
    Number,
    Offset,
    OneOf,
    Ordinal,
    Part,
    Point,
    Reply,
    UnitName,
    Vague,
    Weekday,
    Whereabouts,
    Window,
    Zone,
)

TWO_DIGITS = 2

KEYS = {
    Number: (), Amount: ("amount",), Ordinal: ("ordinal", "choice"), UnitName: ("unit",),
    Month: ("month",), Marker: ("marker",), Duration: ("duration",), Part: ("part_after_day",),
    Window: ("window", "x", "m"), Either: ("either", "x", "m"), Excluding: ("m",), Zone: ("m",),
    Offset: ("offset", "x"), Asap: ("x", "m"), Reply: ("m",), OneOf: ("x", "m"), AnyTime: ("m",),
    Busy: ("busy",), Whereabouts: ("whereabouts",), Vague: ("vague",), DashedDate: ("dashed_date",),
}  # fmt: skip


def keys_of(value: object) -> tuple[str, ...]:
    """All types of hole that a value fits into."""
    if isinstance(value, Number):
        return _number_keys(value)
    if isinstance(value, Point):
        return _point_keys(value)
    return KEYS.get(type(value), ())


def _number_keys(number: Number) -> tuple[str, ...]:
    keys = ["n", "amount", "x"]
    short = number.digits <= TWO_DIGITS
    if short and number.value <= 24:  # noqa: PLR2004 - hours of a day
        keys.append("hour")
    if short and number.alone and 1 <= number.value <= 31:  # noqa: PLR2004 - days of a month
        keys += ["bare", "bare_dom"]
    if short and number.value < MINUTES_PER_HOUR:
        keys += ["minute", "second"]
    if short and 1 <= number.value <= 31:  # noqa: PLR2004 - days of a month
        keys += ["dom", "choice"]
    if short and 1 <= number.value <= 12:  # noqa: PLR2004 - months of a year
        keys.append("month_number")
    if number.digits == 4:  # noqa: PLR2004 - a full year
        keys.append("year")
    return tuple(keys)


def _point_keys(point: Point) -> tuple[str, ...]:
    if point.within is not None:
        # The bound would be lost in another phrase.
        return ("m",)
    keys = ["x", "m"]
    if point.time is None:
        keys.append("day")
        if isinstance(point.day, Weekday):
            keys.append("weekday")
    elif point.day is None:
        keys.append("clock" if isinstance(point.time, Clock) else "part")
    return tuple(keys)


def is_part(value: object) -> bool:
    """Tell whether a value is a part of a day and nothing else."""
    return isinstance(value, Point) and value.day is None and isinstance(value.time, Part)
