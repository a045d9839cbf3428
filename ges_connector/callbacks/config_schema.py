"""What may stand in the configuration file: described for editors, for people, and in faults.

All of it is taken from the models of `profile` and their docstrings, so nothing is said twice.
"""

from __future__ import annotations

import inspect
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale, localedata
from pydantic import BaseModel, TypeAdapter
from pydantic_core import PydanticUndefined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic.fields import FieldInfo

_ATTRIBUTE: Final = re.compile(r"^    (\w+): (.*)$")
_CONTINUED: Final = re.compile(r"^ {8}(\S.*)$")
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_NAMED: Final = "#/$defs/"
_LIST: Final = "a list"
_CLOCK: Final = 'a time of day such as "21:00"'
_CLOCK_TEXT: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
# As people write one: 8, 8.30, 8:00, 800 (which YAML reads as a number), 21h, 21:00Z.
_CLOCK_MEANT: Final = re.compile(r"(\d{1,2})(?:[:.h]?(\d\d))?(?:h|\.0|Z|[+-]\d\d:?\d\d)?", re.ASCII)
_LAST_CLOCK: Final = 2359
_NUMBERS_END: Final = "_number"
_EXAMPLE_COUNTRY: Final = "DE"
# No number has more digits, and one with thousands of them could not be written out.
_MOST_DIALLED: Final = 10**17
# No word that somebody may have meant is longer.
_LONGEST_WORD: Final = 80
_OF_CODES: Final = frozenset({"countries", "languages"})
_NAMED_IN: Final = ("de", "es", "fr", "en")
_CODE_LENGTHS: Final = frozenset({2, 3})
# Names of countries that CLDR does not list, and what is no code of ISO 3166.
_ALSO_CALLED: Final = {
    "uk": "GB",
    "england": "GB",
    "great britain": "GB",
    "großbritannien": "GB",
    "grande-bretagne": "GB",
    "gran bretaña": "GB",
    "usa": "US",
    "holland": "NL",
}
_KINDS: Final = {
    "boolean": "true or false",
    "null": "null",
    "number": "a number",
    "string": "text",
    "integer": "a whole number",
}
_BOUNDS: Final = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One key that may stand in the file.

    Attributes:
        path: The keys that lead to it, below a topic or the file; joined by dots.
        meaning: What it is for.
        form: What may stand there.
        default: What holds without it; None if it must be given, the word `null` if that is null.
    """

    path: str
    meaning: str
    form: str
    default: str | None


def attribute_docs(model: type[BaseModel]) -> dict[str, str]:
    """Read the meaning of each field from the model's docstring.

    Args:
        model: A model with a section `Attributes:`.
    """
    found: dict[str, list[str]] = {}
    name = ""
    _, _, section = (inspect.getdoc(model) or "").partition("Attributes:\n")
    for line in section.splitlines():
        if begins := _ATTRIBUTE.match(line):
            name = begins[1]
            found[name] = [begins[2]]
        elif name and (goes_on := _CONTINUED.match(line)):
            found[name].append(goes_on[1])
    return {each: " ".join(lines) for each, lines in found.items()}


def parts_of(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Name the fields that are mappings with keys of their own, and what these are."""
    return {
        name: part
        for name, field in model.model_fields.items()
        if (part := _model_in(field.annotation)) is not None
    }


def _model_in(annotation: Any) -> type[BaseModel] | None:
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each
    return None


def settings_of(model: type[BaseModel], above: str = "", usual: Any = None) -> Iterator[Setting]:
    """List every key of a model and of its parts.

    Args:
        model: The model of a topic, or of a part of the file.
        above: The keys that lead to it, with a dot at the end.
        usual: What holds where the whole part is left out, if that is known.
    """
    meanings = attribute_docs(model)
    parts = parts_of(model)
    for name, field in model.model_fields.items():
        path, default = f"{above}{name}", field.default if usual is None else getattr(usual, name)
        if name not in parts:
            yield Setting(path, meanings[name], form_of(field), _word(default))
            continue
        if type(None) in get_args(field.annotation):
            yield Setting(path, meanings[name], "a mapping or null", "as below")
        known = None if default is PydanticUndefined else default
        yield from settings_of(parts[name], f"{path}.", known)


def clock_as_written(clock: time) -> str:
    """Write a time of day as people write it in the file: `21:00`."""
    return clock.isoformat("minutes" if clock.second == clock.microsecond == 0 else "auto")


def _word(value: Any) -> str | None:
    """Write a default as the file would; None for a key that must be given."""
    if value is PydanticUndefined:
        return None
    if isinstance(value, time):
        return clock_as_written(value)
    plain = TypeAdapter(Any).dump_python(value, mode="json")
    if plain is None or isinstance(plain, bool):
        return {None: "null", True: "true", False: "false"}[plain]
    return f"[{', '.join(map(str, plain))}]" if isinstance(plain, list) else str(plain)


def form_of(field: FieldInfo) -> str:
    """Say in words what may stand in a field."""
    # The metadata holds the bounds that pydantic has taken out of the annotation.
    whole = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    schema = TypeAdapter(whole).json_schema()
    examples = {"examples": field.examples} if field.examples else {}
    return _form({**schema, **examples}, schema.get("$defs", {}))


def _form(schema: Mapping[str, Any], named: Mapping[str, Any]) -> str:
    if reference := schema.get("$ref"):
        return _form(named[reference.rpartition("/")[2]], named)
    if "anyOf" in schema:
        return " or ".join(_form(each, named) for each in schema["anyOf"])
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    kind = str(schema.get("type"))
    if kind == "array":
        least = " with at least one" if schema.get("minItems") else ""
        return f"{_LIST}{least}: {_form(schema.get('items', {}), named)}"
    return _form_of_one(kind, schema)


def _form_of_one(kind: str, schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "time":
        return _CLOCK
    if kind == "object":
        keys = schema.get("properties")
        return f"a mapping with {', '.join(keys)}" if keys else "a mapping"
    examples = f", such as {schema['examples'][0]}" if schema.get("examples") else ""
    bounds = [f"{word} {schema[key]:g}" for key, word in _BOUNDS.items() if key in schema]
    return " ".join([_KINDS.get(kind, "anything"), " and ".join(bounds)]).strip() + examples


def near(word: object, known: Sequence[str]) -> str | None:
    """Find the known word that was most likely meant, whatever its case."""
    if not isinstance(word, str):
        return None
    if len(word) > _LONGEST_WORD:
        return None
    by_lower = {each.lower(): each for each in known}
    closest = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[closest[0]] if closest else None


@cache
def known_zones() -> tuple[str, ...]:
    """The names of the tz database."""
    return tuple(sorted(available_timezones()))


@cache
def _zones_by_city() -> Mapping[str, str]:
    return {each.rpartition("/")[2].lower(): each for each in known_zones()}


@cache
def _language_tags() -> tuple[str, ...]:
    return tuple(each.replace("_", "-") for each in localedata.locale_identifiers())


def right_key(model: type[BaseModel], name: object, elsewhere: type[BaseModel]) -> str:
    """Say which key may have been meant by one that is unknown.

    Args:
        model: What stands at that place.
        name: The unknown key.
        elsewhere: Where else the key could belong: the model of a topic.
    """
    if (part := _parts_by_key(elsewhere).get(str(name))) is not None:
        return f"it belongs in {part}"
    if name in elsewhere.model_fields:
        return "it belongs in a topic, or in defaults: look at its indentation"
    keys = list(model.model_fields)
    meant = near(name, keys)
    return f"did you mean {meant}?" if meant else f"known keys: {', '.join(keys)}"


@cache
def _parts_by_key(model: type[BaseModel]) -> Mapping[str, str]:
    """The parts of a model that keys belong in, by key; of two parts with the same, the first."""
    found: dict[str, str] = {}
    for name, part in parts_of(model).items():
        for key in part.model_fields:
            found.setdefault(key, name)
        for key, inner in _parts_by_key(part).items():
            found.setdefault(key, f"{name}.{inner}")
    return found


def right_value(
    field: FieldInfo, name: str, value: object, *, is_item: bool = False, home: str | None = None
) -> str:
    """Say what may stand in a field whose value is wrong.

    Args:
        field: The field.
        name: Its name; it tells zones, countries and languages from other texts.
        value: What stands there, or in the list there.
        is_item: Whether it stands in the list.
        home: The first of the countries that are called; None if nobody knows.
    """
    form = form_of(field)
    if name.endswith(_NUMBERS_END):
        return _right_number(value, home, is_optional=form.endswith("or null"))
    if form == _CLOCK:
        clock = _clock_meant(value)
        return f'did you mean "{clock}"?' if clock else "hours, a colon, minutes; in quotes"
    if form.startswith(_LIST) and isinstance(value, str) and not is_item:
        items = ", ".join(_items_meant(name, value))
        return f"did you mean [{items}]?" if items else form
    meant = _meant(name, value)
    # Of a list only what one of its items is.
    return f"did you mean {meant}?" if meant else form.rpartition(": ")[2] if is_item else form


def is_clock(text: str) -> bool:
    """Tell whether a text is a time of day as the file has it: hours, minutes, perhaps seconds."""
    return _CLOCK_TEXT.fullmatch(text) is not None


def _clock_meant(value: object) -> str | None:
    """The time of day that was most likely meant; None if nobody knows."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    # A number with more digits than these is none, and may have too many to be written out.
    if not isinstance(value, str) and not 0 <= value <= _LAST_CLOCK:
        return None
    found = _CLOCK_MEANT.fullmatch(str(value).strip())
    if found is None:
        return None
    clock = f"{int(found[1]):02}:{found[2] or '00'}"
    return clock if is_clock(clock) else None


def _items_meant(name: str, text: str) -> Iterator[str]:
    """What the items of a list are that was written as one text."""
    for part in map(str.strip, re.split(r"[,;]", text.strip("[] "))):
        # Codes hold no blank; names of queues may.
        apart = name in _OF_CODES and _meant(name, part) is None
        yield from (_meant(name, each) or each for each in (part.split() if apart else [part]))


def _meant(name: str, value: object) -> str | None:
    """What was most likely meant by a zone, country, language or number; None if nobody knows."""
    if not isinstance(value, str):
        return None
    word = value.strip()
    if name.endswith("_zone"):
        return _zones_by_city().get(word.lower().replace(" ", "_")) or near(word, known_zones())
    if name == "countries":
        regions = sorted(phonenumbers.SUPPORTED_REGIONS)
        exact = word.upper() if word.upper() in regions else None
        return exact or _called("territories").get(word.lower()) or near(word, regions)
    if name in {"languages", "default_locale"}:
        return _called("languages").get(word.lower()) or near(word, _language_tags())
    return None


def _right_number(value: object, home: str | None, *, is_optional: bool) -> str:
    """Which number of the contact centre was meant, or what one of its country looks like."""
    for written in _ways_to_dial(value):
        with suppress(phonenumbers.NumberParseException):
            number = phonenumbers.parse(written, home)
            if phonenumbers.is_valid_number(number):
                return f"did you mean {_quoted(number)}?"
    example = phonenumbers.example_number(home or _EXAMPLE_COUNTRY)
    such = "" if example is None else f", such as {_quoted(example)}"
    return f"with its country code and in quotes{such}{'; or null' if is_optional else ''}"


def _ways_to_dial(value: object) -> tuple[str, ...]:
    """What a number may be that stands there, the likeliest first."""
    if isinstance(value, str):
        return (value, f"+{value.strip().removeprefix('00')}")
    # Without quotes, a number has lost its plus sign, and its zeros.
    is_number = type(value) is int and 0 < value < _MOST_DIALLED
    return (f"+{value}", f"0{value}") if is_number else ()


def _quoted(number: phonenumbers.PhoneNumber) -> str:
    return f'"{phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}"'


@cache
def _called(kind: str) -> Mapping[str, str]:
    """The codes of countries or languages by their names, in the languages of our wording."""
    names = {
        str(said).lower(): code
        for language in _NAMED_IN
        for code, said in getattr(Locale(language), kind).items()
        if len(code) in _CODE_LENGTHS and not code.isdigit()
    }
    return {**names, **(_ALSO_CALLED if kind == "territories" else {})}


def file_schema(config: type[BaseModel], topic: type[BaseModel]) -> dict[str, Any]:
    """Describe the file as a JSON Schema for editors.

    What a topic must have may stand in the defaults, so nothing is required of either; the program
    checks that nothing is missing from both.

    Args:
        config: The model of the whole configuration.
        topic: The model of one topic.
    """
    schema = config.model_json_schema()
    named: dict[str, Any] = schema.pop("$defs")
    for part in _all_parts(config, topic):
        described = named.get(part.__name__, schema if part is config else {})
        described["description"] = _summary(part)
        for name, meaning in attribute_docs(part).items():
            described["properties"][name]["description"] = meaning
    named[topic.__name__].pop("required", None)
    properties = schema["properties"]
    properties["topics"]["additionalProperties"] = {"$ref": f"{_NAMED}{topic.__name__}"}
    schema["properties"] = {
        "defaults": {
            "description": "What holds for every topic that does not say otherwise.",
            "$ref": f"{_NAMED}{topic.__name__}",
        },
        **properties,
    }
    return {
        "$schema": _DIALECT,
        "title": "callback.yml",
        **_without_titles(schema),
        "$defs": {name: _without_titles(each) for name, each in sorted(named.items())},
    }


def _all_parts(*models: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in models:
        yield model
        yield from _all_parts(*parts_of(model).values())


def _summary(model: type[BaseModel]) -> str:
    return (inspect.getdoc(model) or "").partition("\n")[0]


def _without_titles(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the titles that pydantic makes of names."""
    return {
        key: _without_titles(value) if isinstance(value, dict) else value
        for key, value in schema.items()
        if key != "title" or not isinstance(value, str)
    }
