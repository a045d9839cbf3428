"""Says in one plain sentence each what is wrong with a seed or an admin request.

Where it is, what would be right, and never the value itself: it may be a key or a number.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

Place = tuple[int | str, ...]

UNRESOLVED = "unresolved"
"""Error type of references that lead nowhere; `seed` reports them one by one."""

_PATTERNS = {
    "^[A-Z]{2}$": "two capital letters, such as DE",
    "^[A-Za-z0-9]+$": "letters and digits only",
}


def fault_lines(error: ValidationError, model: type[BaseModel]) -> tuple[tuple[Place, str], ...]:
    """Each fault with its place; faults that only follow from another one are left out."""
    faults = error.errors(include_url=False, include_input=False)
    places = [fault["loc"] for fault in faults]
    return tuple(
        (fault["loc"], _sentence(fault["type"], fault.get("ctx", {}), fault["msg"], known))
        for fault in faults
        if fault["type"] != UNRESOLVED and not _follows(fault["type"], fault["loc"], places)
        for known in (_known_names(model, _holder(fault["type"], fault["loc"])),)
    )


def place_text(place: Place) -> str:
    """A place as a dotted path; the whole file or body is the empty text."""
    return ".".join(map(str, place))


def _follows(kind: str, place: Place, places: Sequence[Place]) -> bool:
    """Whether a list only seems too short because entries of it are wrong."""
    depth = len(place)
    return kind == "too_short" and any(
        len(other) > depth and other[:depth] == place for other in places
    )


def _holder(kind: str, place: Place) -> Place:
    """Where the names are that would be right: one up from a name that is wrong."""
    return place[:-1] if kind == "extra_forbidden" else place


def _sentence(kind: str, facts: Mapping[str, Any], message: str, known: Sequence[str]) -> str:
    if kind == "extra_forbidden":
        names = ", ".join(known)
        return f"is not known here; known are {names}" if names else "is not known here"
    if kind in ("model_type", "model_attributes_type") and known:
        return f"{_MAPPING}, out of {', '.join(known)}"
    if kind == "value_error":
        return str(facts.get("error", message))
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    if kind in _BOUNDS:
        return _BOUNDS[kind](facts)
    return f"cannot be used: {message[:1].lower()}{message[1:]}"


_WHOLE_NUMBER = "has to be a whole number"
_INSTANT = "has to be a date and time with an offset, such as 2026-01-05T08:00:00Z"
_MAPPING = "has to be a mapping of names to values"
_SENTENCES: Mapping[str, str] = {
    "missing": "is missing",
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "int_parsing_size": "has to be a smaller number",
    "float_type": "has to be a number",
    "float_parsing": "has to be a number",
    "finite_number": "has to be a finite number",
    "bool_type": "has to be true or false",
    "bool_parsing": "has to be true or false",
    "string_type": "has to be text; put quotes around it",
    "string_too_short": "must not be empty",
    "tuple_type": "has to be a list",
    "list_type": "has to be a list",
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "timezone_aware": _INSTANT,
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "date_type": "has to be a date, such as 2026-01-05",
    "date_from_datetime_parsing": "has to be a date, such as 2026-01-05",
    "date_from_datetime_inexact": "has to be a date without a time, such as 2026-01-05",
}
_BOUNDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "literal_error": lambda facts: f"has to be {facts['expected']}",
    "enum": lambda facts: f"has to be {facts['expected']}",
    "greater_than": lambda facts: f"has to be more than {facts['gt']}",
    "greater_than_equal": lambda facts: f"has to be {facts['ge']} or more",
    "less_than": lambda facts: f"has to be less than {facts['lt']}",
    "less_than_equal": lambda facts: f"has to be {facts['le']} or less",
    "too_short": lambda facts: f"needs at least {facts['min_length']} entry",
    "string_too_long": lambda facts: f"has to have {facts['max_length']} characters at most",
    "string_pattern_mismatch": lambda facts: (
        f"has to be {_PATTERNS.get(facts['pattern'], facts['pattern'])}"
    ),
}


def _known_names(model: type[BaseModel], place: Place) -> Sequence[str]:
    """The fields of the model at a place; none when it cannot be told."""
    found: type[BaseModel] | None = model
    for step in place:
        if found is None:
            return ()
        if isinstance(step, str) and step in found.model_fields:
            found = _model_in(found.model_fields[step].annotation)
    return tuple(found.model_fields) if found else ()


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The one model an annotation speaks of, be it optional or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
