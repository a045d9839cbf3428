"""Whatever a configuration file holds, it is a configuration, or told what is wrong and where."""

import re
from collections.abc import Callable
from copy import deepcopy
from importlib import resources
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ges_connector.callbacks import CallbackConfig
from ges_connector.callbacks.config_source import CallbackConfigError
from ges_connector.language import locales

DEMO = resources.files("ges_connector.demo").joinpath("callback.yml").read_text("utf-8")
# One topic of it; reading the others again and again takes time.
SHORT = DEMO.partition("\n  support:")[0]
SOUND = YAML(typ="safe", pure=True).load(DEMO)
# A line of the file, a path of keys, or the file as a whole.
PLACE = re.compile(r"line \d+|position \d+|^the file |^[^\n]+: ")

# The pure YAML reader is slow; replaced values are tried without it.
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(FEW, max_examples=5_000)

keys = st.sampled_from(
    [
        *("defaults", "topics", "patience", "freshness", "budget", "billing", "offer", "slots"),
        *("wait", "user_data", "attempts", "service_name", "static_number", "office_zone"),
        *("countries", "languages", "default_locale", "quiet_hours", "min_lead_minutes", "keys"),
        *("virtual_queues", "wait_mode", "calling_number", "min_wait_seconds", "chat_count"),
    ]
)
scalars = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        [
            *(
                "Europe/Berlin",
                "Europe",
                "../../etc/passwd",
                "a\0b",
                "posixrules",
                "DE",
                "XX",
                "no",
            ),
            *(
                "de-AT",
                "mul",
                "zxx",
                "root",
                "de_DE",
                "x-private",
                "+493023125000",
                "+",
                "+1",
                "08",
            ),
            *("24:00", "23:59:59.9", "mode2", "\ud800", "x" * 5000, 10**400, -1, 0, 1e308),
        ]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
# Written by hand rather than by a program: tags, anchors, other kinds of scalars, open brackets.
snippets = st.sampled_from(
    [
        *("!!int x", "!!bool x", "!!float x", "!!binary x", "!!set {a}", "!!omap [a: 1]", "!x y"),
        *(
            "2026-13-45",
            "2026-02-29",
            "2001-12-14t21:59:43.10-99:99",
            "0x",
            ".nan",
            "-.inf",
            "1e999",
        ),
        *("&a {b: *a}", "&a [*a]", "*a", "&a 1", "<<: *a", "<<: [1]", "? [1, 2]\n: 3", "{1: 2}"),
        *(
            "{",
            "[",
            "}",
            "]",
            '"',
            "'",
            "|",
            ">-",
            "- ",
            ": ",
            "\t",
            "#",
            "---",
            "...",
            "%YAML 9.9",
        ),
        *("\x00", "\ufeff", "\u2028", "\ud800", '"\\uD800"'),
    ]
) | st.sampled_from(["9", "[", "{a: "]).map(lambda piece: piece * 600)


def paths(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a configuration, the outermost first."""
    below = data.items() if isinstance(data, dict) else enumerate(data)
    found = [here]
    for key, value in below:
        inner = (*here, key)
        found += paths(value, inner) if isinstance(value, dict | list) else [inner]
    return found


PATHS = paths(SOUND)


@st.composite
def changed_values(draw: Callable[[Any], Any]) -> dict[str, Any]:
    """The demo's configuration with some values replaced, left out or added."""
    data: dict[str, Any] = {"root": deepcopy(SOUND)}
    for path in draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=4)):
        holder: Any = data
        for key in ("root", *path[:-1]) if path else ():
            # An earlier change may have taken the place away.
            holder = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(holder, dict):
            change(draw, holder, path[-1] if path else "defaults")
    return dict(data["root"])


def change(draw: Callable[[Any], Any], holder: dict[Any, Any], key: Any) -> None:
    how = draw(st.sampled_from(["replace", "remove", "add"]))
    if how == "replace":
        holder[key] = draw(values)
    elif how == "remove":
        holder.pop(key, None)
    else:
        holder[draw(keys | st.text(max_size=6))] = draw(values)


@st.composite
def changed_texts(draw: Callable[[Any], Any]) -> str:
    """The demo's file with pieces of it replaced, repeated or left out."""
    text = SHORT
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        piece = draw(snippets | st.text(max_size=10) | st.just(text[start:end] * 2))
        text = f"{text[:start]}{piece}{text[end:]}"
    return text


files = changed_texts() | snippets | st.text(max_size=60)


def check(read: Callable[[], CallbackConfig]) -> None:
    try:
        config = read()
    except CallbackConfigError as error:
        faults = tuple(
            each.plain if each.line is None else f"line {each.line}: {each.plain}"
            for each in error.located
        )
    else:
        faults = ("the file was accepted: ",)
        for topic in config.topics.values():
            # What was accepted can be worked with.
            assert topic.fallback_zone.key
            assert topic.queue
            assert all(locales.regional(each, *topic.countries) for each in topic.languages)
    assert faults
    assert [fault for fault in faults if not PLACE.search(fault) or "\n" in fault] == []


@FEW
@given(files)
@example("topics: {a: {languages: [mul]}}")
@example("a: !!int x")
@example("a: !!bool x")
@example("a: 2026-13-45")
@example("a: &x 1\nb: &x 2")
@example("[" * 600)
@example("defaults: &a {offer: *a}\ntopics: {x: &b {offer: *b}}")
@example("a: " + "9" * 4301)
@example('"\\uD800": ')
def test_any_file_is_a_configuration_or_refused_with_places(text: str) -> None:
    check(lambda: CallbackConfig.from_yaml(text))


@pytest.mark.campaign
@MANY
@given(files)
def test_any_file_is_a_configuration_or_refused_with_places_for_thousands(text: str) -> None:
    check(lambda: CallbackConfig.from_yaml(text))


@settings(FEW, max_examples=500)
@given(changed_values())
def test_any_values_are_a_configuration_or_refused_with_places(data: dict[str, Any]) -> None:
    check(lambda: CallbackConfig.from_mapping(data))


@pytest.mark.campaign
@settings(MANY, max_examples=50_000)
@given(changed_values())
def test_any_values_are_a_configuration_or_refused_for_thousands(data: dict[str, Any]) -> None:
    check(lambda: CallbackConfig.from_mapping(data))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("topics: {1: {}}", "topics.1.[key]: must be text, and is a number: put it in quotes"),
        ("'': 1", "'': is no key here"),
        ('"a\\nb": 1', "'a\\nb': is no key here"),
        ("defaults: []\ntopics: {}", "defaults, topics: must be mappings"),
        ("topics: ''", "defaults, topics: must be mappings"),
    ],
)
def test_a_wrong_part_is_told_where_it_stands(text: str, fault: str) -> None:
    with pytest.raises(CallbackConfigError) as raised:
        CallbackConfig.from_yaml(text)
    assert fault in raised.value.faults


def test_a_language_that_is_none_is_told_where_it_stands() -> None:
    text = DEMO.replace("default_locale: en", "default_locale: mul")
    with pytest.raises(CallbackConfigError, match=r"^defaults\.default_locale: 'mul' is not"):
        CallbackConfig.from_yaml(text)


def test_a_date_that_is_none_is_told_with_its_line() -> None:
    with pytest.raises(CallbackConfigError) as raised:
        CallbackConfig.from_yaml("topics:\n  a: {day: 2026-13-45}")
    [fault] = raised.value.located
    assert (fault.line, fault.column) == (2, 12)
