"""What is wrong with a value of the configuration, in the words of who writes the file.

The words of pydantic are those of who writes Python: "Input should be a valid tuple".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

_WHOLE: Final = "must be a whole number"
_YES_OR_NO: Final = "must be true or false"
_CLOCK: Final = 'must be a time of day such as "21:00"'
_LIST: Final = "must be a list"
_WORDS: Final[Mapping[str, str]] = {
    "bool_parsing": _YES_OR_NO,
    "bool_type": _YES_OR_NO,
    "dict_type": "must be a mapping",
    "enum": "must be {expected}",
    "extra_forbidden": "is no key here",
    "finite_number": "must be a finite number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": "must not be that large",
    "int_type": _WHOLE,
    "less_than": "must be below {lt}",
    "less_than_equal": "must be at most {le}",
    "invalid_key": "must be text",
    "list_type": _LIST,
    "literal_error": "must be {expected}",
    "missing": "is missing",
    "model_type": "must be a mapping",
    "string_too_short": "must not be empty",
    "string_type": "must be text",
    "string_unicode": "must be text",
    "time_parsing": _CLOCK,
    "time_type": _CLOCK,
    "too_short": "must not be empty",
    "tuple_type": _LIST,
}
_OURS: Final = "Value error, "


def in_plain_words(fault: ErrorDetails) -> str:
    """Say what is wrong.

    Args:
        fault: A fault as pydantic found it, with its context.
    """
    if fault["type"] == "string_type" and isinstance(fault["input"], int | float):
        return "must be text, and is a number: put it in quotes"
    words = _WORDS.get(fault["type"])
    if words is None:
        return fault["msg"].removeprefix(_OURS)
    return words.format_map(fault.get("ctx", {}))
