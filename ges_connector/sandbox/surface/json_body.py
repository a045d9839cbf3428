"""Reads a JSON request body, refusing what other readers would silently make something of.

Doubled keys, NaN, endless depth, numbers without end and half characters are all either bugs of
the caller or attacks; a stand-in server should show them, and must not fall over them.
"""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

MAX_BODY_BYTES = 1024 * 1024
"""Longest request body the sandbox reads."""

_MAX_DEPTH = 32
_MAX_DIGITS = 40


class BadJsonError(ValueError):
    """The body cannot be used; the text says why and quotes nothing of the body."""


def read_json(body: bytes) -> Any:
    """Reads one JSON value.

    Raises:
        BadJsonError: The body is no JSON, or holds something no honest caller sends.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJsonError(f"is not UTF-8 at byte {error.start}") from error
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_int=_bounded_int,
            parse_float=_finite_float,
        )
    except json.JSONDecodeError as error:
        raise BadJsonError(
            f"is no JSON: line {error.lineno}, column {error.colno} cannot be read"
        ) from error
    except RecursionError as error:
        raise BadJsonError(_TOO_DEEP) from error
    _check_nesting_and_text(value)
    return value


_TOO_DEEP = f"is nested deeper than {_MAX_DEPTH} levels"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJsonError("holds a field twice in the same object")
    return found


def _refuse_constant(_: str) -> NoReturn:
    raise BadJsonError("holds NaN or Infinity, which JSON does not know")


def _bounded_int(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise BadJsonError(f"holds a number of more than {_MAX_DIGITS} digits")
    return int(digits)


def _finite_float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise BadJsonError("holds a number too large to be one")
    return number


def _check_nesting_and_text(value: Any) -> None:
    pending = [(value, 1)]
    while pending:
        current, depth = pending.pop()
        if isinstance(current, str):
            _check_text(current)
        elif isinstance(current, (dict, list)):
            if depth > _MAX_DEPTH:
                raise BadJsonError(_TOO_DEEP)
            pending.extend((child, depth + 1) for child in _children(current))


def _children(value: dict[str, Any] | list[Any]) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    else:
        for key, child in value.items():
            yield key
            yield child


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        # JSON escapes can spell one half of a surrogate pair, which is no character.
        raise BadJsonError("holds half of a surrogate pair in a text") from error
