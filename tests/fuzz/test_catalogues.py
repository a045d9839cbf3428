"""Whatever catalogues of wording hold, they are read, or refused with file and place."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ges_connector.language.phrases import Style
from ges_connector.wording import MASTER, WordingError, read_wording
from ges_connector.wording.classic import render_responses
from ges_connector.wording.last_resort import render_last_resort
from ges_connector.wording.reading import parse_yaml

FEW = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(FEW, max_examples=5_000)
# The file and the key, or the file and why it cannot be read.
PLACED = re.compile(r"(en|de)\.yml: [^\n]+: ")

# Small ones with all there is in them: the real ones take a second to read.
ENGLISH: dict[str, Any] = {
    "language": "en",
    "placeholders": {
        "number": "a number",
        "moment": "a moment",
        "caller": "a sentence",
        "slot_1": "a time",
        "slot_2": "a time",
        "options": "the options",
    },
    "optional": ["caller"],
    "choices": {"yes": "so be it", "no": "not so"},
    "responses": {
        "utter_booked": {
            "about": "done",
            "chat": "Booked. Number: {number}. We call {moment}. {caller}",
            "voice": "Booked. We call {moment}. {caller}",
            "chat_only": ["number"],
            "buttons": {"yes": "Good", "no": "Bad"},
        },
        "utter_menu": {
            "about": "a menu",
            "menu": 2,
            "chat": "Choose.",
            "voice": "There is {options} Which?",
            "options": ["First, {slot_1}.", "Second, {slot_2}."],
            "single": {"chat": "Only {slot_1}.", "voice": "Only {slot_1}."},
        },
    },
    "fragments": {
        "caller_number": {"about": "who", "chat": "From {number}.", "voice": "From {number}."}
    },
    "last_resort": {"about": "help", "chat": "Call {number}.", "voice": "Call {number}."},
}


def reworded(master: Any) -> Any:
    """The master without what only a master holds."""
    if not isinstance(master, dict):
        return master
    own = {"about", "menu", "chat_only", "placeholders", "optional", "choices"}
    return {key: reworded(value) for key, value in master.items() if key not in own}


GERMAN = {**reworded(ENGLISH), "language": "de"}
LAST_RESORT = 'default: en\nnumber: "+493023125000"\nsentences: {}\n'

texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            *(
                "{number}",
                "{",
                "}",
                "{{}}",
                "{Number}",
                "{number",
                "a\nb",
                " a",
                "",
                "\ud800",
                "\0",
            ),
            *(
                "{options}",
                "{slot_1}",
                "{caller}",
                " {caller}",
                "[x](y)",
                '"',
                "\\",
                "\u2028",
                "en",
            ),
            *("{slot_99}", "{0}", "{a.b}", "{number!r}", "%s", "<break/>", "x" * 5000, "\u202e"),
        ]
    ),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["chat", "voice", "buttons", "options", "single", "yes", "menu"])
            | texts,
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
snippets = st.sampled_from(
    [
        *(
            "!!int x",
            "!!bool x",
            "!x y",
            "2026-13-45",
            "&a {b: *a}",
            "*a",
            "&a 1",
            "<<: *a",
            "{1: 2}",
        ),
        *("{", "[", "}", '"', "'", "|", "- ", ": ", "\t", "#", "---", "...", "%YAML 9.9", "\x00"),
        *("\ufeff", "\u2028", '"\\uD800"', "!!int ", "0x", "1: ", "null: ", "[1]: 2"),
    ]
) | st.sampled_from(["9", "[", "{a: "]).map(lambda piece: piece * 600)


def paths(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a catalogue, the outermost first."""
    if not isinstance(data, dict | list):
        return [here]
    below = data.items() if isinstance(data, dict) else enumerate(data)
    return [here, *(place for key, value in below for place in paths(value, (*here, key)))]


@st.composite
def catalogues(draw: Callable[[Any], Any]) -> tuple[bytes, bytes]:
    """An English and a German catalogue, one of them changed in some places."""
    files = []
    changed = draw(st.sampled_from([0, 1]))
    for place, sound in enumerate((ENGLISH, GERMAN)):
        content = deepcopy(sound)
        if place == changed:
            for path in draw(st.lists(st.sampled_from(paths(sound)[1:]), min_size=1, max_size=3)):
                change(draw, content, path)
        text = json.dumps(content)
        if place == changed and draw(st.booleans()):
            at = draw(st.integers(0, len(text)))
            text = f"{text[:at]}{draw(snippets)}{text[at:]}"
        files.append(text.encode("utf-8", "surrogatepass"))
    return files[0], files[1]


def change(draw: Callable[[Any], Any], content: Any, path: tuple[Any, ...]) -> None:
    holder = content
    for key in path[:-1]:
        try:
            holder = holder[key]
        except (LookupError, TypeError):
            return  # an earlier change took the place away
    if not isinstance(holder, dict):
        return
    how = draw(st.sampled_from(["replace", "remove", "add"]))
    if how == "replace":
        holder[path[-1]] = draw(values)
    elif how == "remove":
        holder.pop(path[-1], None)
    else:
        holder[draw(texts)] = draw(values)


def check(english: bytes, german: bytes) -> None:
    with TemporaryDirectory() as directory:
        folder = Path(directory)
        (folder / "en.yml").write_bytes(english)
        (folder / "de.yml").write_bytes(german)
        try:
            wording = read_wording(folder)
        except WordingError as error:
            faults = error.faults
        else:
            faults = ()
            # What was accepted can be rendered, and its rendering read.
            assert parse_yaml(render_responses(wording))["responses"]
            assert parse_yaml(render_last_resort(wording, LAST_RESORT))["sentences"]
            everything = dict.fromkeys(wording.placeholders, "x")
            for name in wording.master.fragments:
                for catalogue in wording.catalogues.values():
                    assert catalogue.fragment(name, Style.VOICE, **everything)
    assert [fault for fault in faults if not PLACED.match(fault) or "\n" in fault] == []


@FEW
@given(catalogues())
@example((b"", b""))
@example((json.dumps({**ENGLISH, "a\nb": 1, "": 2}).encode(), json.dumps(GERMAN).encode()))
@example((b"\xff", json.dumps(GERMAN).encode()))
@example((json.dumps(ENGLISH).encode(), json.dumps(GERMAN).encode()))
def test_any_catalogues_are_read_or_refused_with_places(files: tuple[bytes, bytes]) -> None:
    check(*files)


@pytest.mark.campaign
@MANY
@given(catalogues())
def test_any_catalogues_are_read_or_refused_with_places_for_thousands(
    files: tuple[bytes, bytes],
) -> None:
    check(*files)


def test_a_key_that_is_no_word_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text(json.dumps({**ENGLISH, "": 1}), encoding="utf-8")
    with pytest.raises(WordingError, match=r"en\.yml: '': Extra inputs"):
        read_wording(tmp_path)


def test_the_catalogues_that_are_changed_here_are_sound_before(tmp_path: Path) -> None:
    for name, content in (("en", ENGLISH), ("de", GERMAN)):
        (tmp_path / f"{name}.yml").write_text(json.dumps(content), encoding="utf-8")
    assert read_wording(tmp_path).catalogues.keys() == {MASTER, "de"}
