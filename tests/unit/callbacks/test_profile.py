"""The configuration: merged by topic, checked as a whole."""

import math
import re
from collections.abc import Iterator
from datetime import time
from importlib import resources
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ges_connector.callbacks import CallbackConfig, CallbackConfigError
from ges_connector.callbacks.config_source import ConfigFault, merged
from ges_connector.callbacks.profile import QuietHours, TopicProfile

SOUND = """
defaults:
  office_zone: Europe/Berlin
  countries: [DE, NO]
  static_number: "+49 30 23125001"
  offer: {min_wait_seconds: 60, max_wait_seconds: 600}
topics:
  billing:
    service_name: Billing
    offer: {min_wait_seconds: 120}
  night:
    service_name: Night
    queue_name: Night_Queue
    default_zone: Europe/Paris
    countries: [FR]
    offer: {quiet_hours: null}
"""


def faults_of(text: str) -> tuple[str, ...]:
    with pytest.raises(CallbackConfigError) as raised:
        CallbackConfig.from_yaml(text)
    return raised.value.faults


def test_defaults_are_merged_key_by_key_and_lists_are_replaced() -> None:
    config = CallbackConfig.from_yaml(SOUND)
    billing, night = config.profile("billing"), config.profile("night")
    assert (billing.offer.min_wait_seconds, billing.offer.max_wait_seconds) == (120, 600)
    assert (night.offer.min_wait_seconds, night.offer.quiet_hours) == (60, None)
    assert (billing.countries, night.countries) == (("DE", "NO"), ("FR",))


def test_an_unknown_topic_means_the_first_one() -> None:
    config = CallbackConfig.from_yaml(SOUND)
    assert config.profile("unheard-of") is config.profile() is config.topics["billing"]


def test_names_fall_back_to_the_service_and_the_zone_to_the_office() -> None:
    config = CallbackConfig.from_yaml(SOUND)
    billing, night = config.profile("billing"), config.profile("night")
    assert (billing.queue, night.queue) == ("Billing", "Night_Queue")
    assert billing.office_hours == "Billing"
    assert (billing.fallback_zone.key, night.fallback_zone.key) == ("Europe/Berlin", "Europe/Paris")


def test_a_number_of_the_centre_is_kept_in_e164() -> None:
    assert CallbackConfig.from_yaml(SOUND).profile().static_number == "+493023125001"


def test_all_faults_are_told_at_once_each_where_it_stands() -> None:
    faults = faults_of("""
defaults:
  office_zone: Europe/Nowhere
  countries: [XX]
  offer: {min_wait_seconds: 9000}
topics:
  a: {service_name: A, static_number: "12", slots: {min_lead_minutes: 1}}
  b: {static_number: "+493023125001", user_data: {keys: ["order-id"]}}
surprise: 1
""")
    places = [fault.split(":")[0] for fault in faults]
    assert sorted(places) == [
        "defaults.countries.0",
        "defaults.offer",
        "defaults.office_zone",
        "surprise",
        "topics.a.slots",
        "topics.a.static_number",
        "topics.b.service_name",
        "topics.b.user_data.keys.0",
    ]


@pytest.mark.parametrize(
    "text", ["", "[]", "topics: [", "topics: {}", "defaults: 3", "topics: {a: 3}", "a: !!x y\x00"]
)
def test_what_is_no_configuration_is_refused_as_one(text: str) -> None:
    assert faults_of(text)


def test_country_codes_are_no_booleans() -> None:
    assert "NO" in CallbackConfig.from_yaml(SOUND).profile().countries


@pytest.mark.parametrize(
    ("clock", "is_quiet"),
    [
        (time(20, 59), False),
        (time(21), True),
        (time(0), True),
        (time(7, 59), True),
        (time(8), False),
        (time(12), False),
    ],
)
def test_quiet_hours_reach_over_midnight(clock: time, is_quiet: bool) -> None:  # noqa: FBT001 - a table's column
    assert QuietHours(starts=time(21), ends=time(8)).contains(clock) is is_quiet


def test_quiet_hours_within_a_day_end_where_they_say() -> None:
    siesta = QuietHours(starts=time(13), ends=time(15))
    assert [siesta.contains(time(hour)) for hour in (12, 13, 14, 15)] == [False, True, True, False]


def test_quiet_hours_without_length_are_a_fault() -> None:
    text = SOUND.replace("quiet_hours: null", 'quiet_hours: {starts: "08:00", ends: "08:00"}')
    assert [fault.split(":")[0] for fault in faults_of(text)] == ["topics.night.offer.quiet_hours"]


def test_every_fault_of_one_value_in_the_defaults_is_told_once() -> None:
    text = SOUND.replace("Europe/Berlin", "Mars/Olympus")
    assert len(faults_of(text)) == 1


FAULTY = """\
# The first line counts too.
defaults:
  office_zone: Europe/Berln
  countries: [de]
  min_wait_seconds: 9
topics:
  billing:
    service_nam: A
    static_number: "+493023125001"
    slots: {chat_count: 50}
    wait: {floor_minutes: 30, cap_minutes: 20}
    attempts: 7
patienc: {}
"""


def located(text: str) -> dict[str, ConfigFault]:
    with pytest.raises(CallbackConfigError) as raised:
        CallbackConfig.from_yaml(text)
    return {fault.place: fault for fault in raised.value.located}


@pytest.mark.parametrize(
    ("place", "line", "right"),
    [
        ("defaults.office_zone", 3, "did you mean Europe/Berlin?"),
        ("defaults.countries.0", 4, "did you mean DE?"),
        ("defaults.min_wait_seconds", 5, "it belongs in offer"),
        ("topics.billing.service_name", 7, "text"),
        ("topics.billing.service_nam", 8, "did you mean service_name?"),
        ("topics.billing.slots.chat_count", 10, "a whole number at least 1 and at most 10"),
        ("topics.billing.wait", 11, None),
        ("topics.billing.attempts", 12, "a mapping with count, gap_minutes or null"),
        ("patienc", 13, "did you mean patience?"),
    ],
)
def test_a_fault_is_told_with_its_line_and_with_what_would_be_right(
    place: str, line: int, right: str | None
) -> None:
    fault = located(FAULTY)[place]
    assert (fault.line, fault.right) == (line, right)


def test_faults_come_in_the_order_of_the_file() -> None:
    lines = [fault.line for fault in located(FAULTY).values()]
    assert lines == sorted(lines, key=lambda line: line or 0)
    assert len(lines) == 9


def test_a_fault_of_something_taken_over_is_told_where_it_was_written() -> None:
    text = SOUND.replace("defaults:", "defaults: &all").replace(
        "topics:", "topics:\n  again:\n    <<: *all\n    service_name: 3"
    )
    assert located(text)["topics.again.service_name"].line == 10


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("topics:\n  a: [1, 2\nb: 3\n", 2, "a list is opened here and not closed"),
        ("topics:\n  a: {b: 1\nc: 3\n", 2, "a brace is opened here and not closed"),
        ("topics:\n  a:\n\tb: 1\n", 3, "a tab stands here"),
        ("topics:\n  a:\n    b: 1\n   c: 2\n", 4, "indented otherwise than"),
        ("topics:\n  a:\n    b: 1\n\n      c: 2\n", 5, "is indented deeper than line 3"),
        ("topics:\n  a:\n    - b: 1\n        c:\n", 4, "is indented deeper than line 3"),
        (" topics:\n  a: 1\nb: 2\n", 3, "is indented otherwise than"),
        ("topics:\n  a:\n  b: 1\ndefaults: 2\n topics: 3\n", 5, "is indented deeper than line 4"),
        ("topics:\n  a: {}\n  b: of\n    c d: 1\n", 4, "a colon stands where none may"),
        ("topics:\n  a:\n    b: x: y\n", 3, "a colon stands where none may"),
        ("topics:\n  a:\n    b 1\n    c: 2\n", 4, "a colon stands where none may"),
        ('topics:\n  a:\n    b: "x\n    c: 2\n', 3, "a quote is opened here and never closed"),
        ('a:\n  b: "x\n  c: 2\n  d: "y"\n', 2, "a quote is opened here and not closed before"),
        ('a:\n  b: "x\n  c: ["y", z]\n', 2, "a quote is opened here and not closed before"),
        ('a:\n  b: ["x, y]\n  c: "z"\n', 2, "a quote is opened here and not closed before"),
        ("a:\n  c: 1\n  b: 'don't'\n", 3, "a quoted text ends in this line"),
        ('a:\n  b: ["x" "y"]\n', 2, "a list is opened here and not closed, or lacks a comma"),
        ("topics:\n  a:\n    b: 1\n    c\n", 4, "without its colon"),
        ("topics:\n  a:\n    b: 1\n    b: 2\n", 4, "the key b stands here twice"),
        ("topics:\n  a: @home\n", 2, "no text begins with @"),
        ("topics:\n  a: `home`\n", 2, "no text begins with `"),
        ("topics:\n  a: {{ home }}\n", 2, "braces within braces"),
        ("topics:\n  a: *home\n", 2, "*home refers to an &home that stands nowhere before"),
        ("topics:\n  a: !env HOME\n", 2, "the tag !env is not known"),
        ("topics:\n  a: 2026-13-45\n", 2, "a value that is not what its form or its tag says"),
        ("topics:\n  a: 1\n---\nb: 2\n", 3, "a second document begins here"),
        ("topics:\n  a: x\x00y\n", 2, "a character stands here that no file of text may hold"),
    ],
)
def test_a_slip_of_the_pen_is_told_in_plain_words_where_it_was_made(
    text: str, line: int, wrong: str
) -> None:
    fault = located(text)[""]
    assert fault.line == line
    assert wrong in fault.wrong
    assert fault.right
    # As it stands in the log of a server that was running when the slip was made.
    assert str(fault).startswith(f"line {line}: ")
    assert "unicode string" not in str(fault)


@pytest.mark.parametrize(
    ("text", "place", "right"),
    [
        ("defaults:\n  topics:\n    a: {}\n", "defaults.topics", "begin it in the first column"),
        ("topics:\n  a:\n  b: {}\n", "topics.a", "indent its keys deeper"),
        ("topics:\n  a: {}\n  service_name: x\n", "topics.service_name", "below a topic"),
        ("topics:\n  a: {}\ncountries: [DE]\n", "countries", "look at its indentation"),
        ("topics:\n  a:\n    offer:\n      slots: {}\n", "topics.a.offer.slots", "in a topic, or"),
    ],
)
def test_a_key_in_the_wrong_column_is_told_where_it_belongs(
    text: str, place: str, right: str
) -> None:
    assert right in str(located(text)[place].right)


def test_a_slip_that_nobody_thought_of_is_told_without_the_readers_picture_of_it() -> None:
    fault = located('topics:\n  a: "\\q"\n')[""]
    assert fault.line == 2
    assert fault.wrong.startswith("it is not YAML: ")
    assert "unicode string" not in fault.wrong


def test_a_number_that_stands_without_quotes_is_told_as_that() -> None:
    text = SOUND.replace(
        "service_name: Billing", "service_name: Billing\n    calling_number: +4930"
    )
    assert "put it in quotes" in located(text)["topics.billing.calling_number"].wrong


def test_a_file_without_end_is_refused_whatever_else_is_wrong() -> None:
    endless = "defaults: &a {offer: *a}\ntopics: {x: &b {offer: *b}}"
    assert faults_of(endless)
    assert faults_of("topics: {a: " + "[" * 600 + "]" * 600 + "}")


LINES = (
    resources.files("ges_connector.demo").joinpath("callback.yml").read_text("utf-8").split("\n")
)
KEYS = [at for at, line in enumerate(LINES) if re.match(r" +\w+:", line)]


@pytest.mark.parametrize("at", KEYS)
def test_a_key_that_is_none_is_told_on_its_own_line_wherever_it_stands(at: int) -> None:
    indent = " " * (len(LINES[at]) - len(LINES[at].lstrip()))
    wrong = f"{indent}nonsense: {{}}"
    text = "\n".join([*LINES[:at], wrong, *LINES[at:]])
    lines = {fault.line for fault in located(text).values()}
    # Beside topics it would be a topic, which lacks all that a topic needs, on the same line.
    assert lines == {at + 1}


def test_a_key_that_stands_twice_is_told_on_its_line() -> None:
    text = SOUND.replace("service_name: Billing", "service_name: Billing\n    service_name: B")
    fault = located(text)[""]
    assert text.split("\n")[(fault.line or 0) - 1] == "    service_name: B"


def _keys(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """The keys of a part of the configuration, and those of the parts in it."""
    for name, field in model.model_fields.items():
        yield (name,)
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from ((name, *rest) for rest in _keys(kind))


@pytest.mark.parametrize(
    "path", [*_keys(CallbackConfig), *(("topics", "t", *rest) for rest in _keys(TopicProfile))]
)
def test_what_is_wrong_with_a_value_is_told_in_plain_words(path: tuple[str, ...]) -> None:
    told: list[str] = []
    wrong: tuple[Any, ...] = (
        None,
        True,
        -5,
        10**9,
        10**5000,
        1.5,
        math.nan,
        "x",
        "",
        "12:61",
        [],
        [[1]],
        {},
        {1: 1},
    )
    for value in wrong:
        data: Any = value
        for key in reversed(path):
            data = {key: data}
        topic = {"static_number": "+493023125000", "office_zone": "UTC", "countries": ["DE"]}
        filled = {"topics": {"t": topic | {"service_name": "s"}}}
        try:
            CallbackConfig.from_mapping(merged(filled, data))
        except CallbackConfigError as error:
            told += error.faults
    assert told
    words = re.compile(r"[Ii]nput|[Ss]tring|[Tt]uple|[Dd]ictionary|[Ii]nteger|[Bb]oolean|valid|{")
    assert [each for each in told if words.search(each)] == []


def _paths_of(*kinds: type) -> list[tuple[str, ...]]:
    """Where in the file something of these kinds stands."""
    return [
        path
        for above, model in (((), CallbackConfig), (("topics", "t"), TopicProfile))
        for path in ((*above, *rest) for rest in _keys(model))
        if above or path[0] != "topics"
        if any(each in kinds for each in _parts(_field(path).annotation))
    ]


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for each in get_args(annotation):
        yield from _parts(each)


def _field(path: tuple[str, ...]) -> FieldInfo:
    model: Any = TopicProfile if path[0] == "topics" and len(path) > 2 else CallbackConfig
    *above, name = path[2:] if model is TopicProfile else path
    for each in above:
        parts = _parts(model.model_fields[each].annotation)
        model = next(part for part in parts if hasattr(part, "model_fields"))
    found: FieldInfo = model.model_fields[name]
    return found


def told_of(path: tuple[str, ...], written: str) -> ConfigFault | None:
    """What is told of a value that stands somewhere in the file, last of all lines."""
    topic = "topics:\n  t:\n    service_name: S\n    office_zone: UTC\n    countries: [DE]\n"
    is_of_topic = path[0] == "topics"
    *above, last = path[2:] if is_of_topic else path
    value = f"{last}: {written}"
    for key in reversed(above):
        value = f"{key}: {{{value}}}"
    text = f"{topic}    static_number: '+493023125000'\n{'    ' if is_of_topic else ''}{value}\n"
    try:
        CallbackConfig.from_yaml(text)
    except CallbackConfigError as error:
        return next(each for each in error.located if each.path == path)
    return None


@pytest.mark.parametrize("path", _paths_of(time))
@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("8", 'did you mean "08:00"?'),
        ("800", 'did you mean "08:00"?'),
        ("2100", 'did you mean "21:00"?'),
        ("8.5", "hours, a colon, minutes; in quotes"),
        ('"800"', 'did you mean "08:00"?'),
        ("8:00", 'did you mean "08:00"?'),
        ('"21:00Z"', 'did you mean "21:00"?'),
        ('"21:00+01:00"', 'did you mean "21:00"?'),
        ("true", "hours, a colon, minutes; in quotes"),
        ("2026-11-23 21:00:00", "hours, a colon, minutes; in quotes"),
        ('"24:00"', "hours, a colon, minutes; in quotes"),
    ],
)
def test_what_could_be_read_as_another_time_of_day_is_refused(
    path: tuple[str, ...], written: str, right: str
) -> None:
    fault = told_of(path, written)
    assert fault is not None
    assert fault.wrong == 'must be a time of day such as "21:00"'
    assert fault.right == right
    assert fault.line is not None


def test_quiet_hours_are_times_of_a_day_and_there_are_no_others() -> None:
    assert {path[-2:] for path in _paths_of(time)} == {
        ("quiet_hours", "starts"),
        ("quiet_hours", "ends"),
    }


@pytest.mark.parametrize("path", _paths_of(int, float))
@pytest.mark.parametrize("written", ["true", '"5"', "yes"])
def test_what_is_no_number_is_never_taken_for_one(path: tuple[str, ...], written: str) -> None:
    fault = told_of(path, written)
    assert fault is not None
    assert fault.wrong in {"must be a whole number", "must be a number"}


@pytest.mark.parametrize("path", _paths_of(bool))
@pytest.mark.parametrize("written", ['"yes"', "yes", "1", "0", '"true"', "on"])
def test_only_true_and_false_answer_yes_or_no(path: tuple[str, ...], written: str) -> None:
    fault = told_of(path, written)
    assert fault is not None
    assert fault.wrong == "must be true or false"


def test_a_list_is_asked_for_as_one() -> None:
    with pytest.raises(CallbackConfigError, match=r"topics\.t\.countries: must be a list"):
        CallbackConfig.from_mapping({"topics": {"t": {"countries": "DE"}}})


@pytest.mark.parametrize(
    ("key", "written", "right"),
    [
        ("countries", "DE", "did you mean [DE]?"),
        ("countries", "DE, Austria", "did you mean [DE, AT]?"),
        ("countries", "de at", "did you mean [DE, AT]?"),
        ("countries", "Great Britain", "did you mean [GB]?"),
        ("countries", "[UK]", "did you mean GB?"),
        ("countries", "[Germany]", "did you mean DE?"),
        ("countries", "[Schweiz]", "did you mean CH?"),
        ("countries", "[Atlantis]", "text, such as DE"),
        ("languages", "German, en", "did you mean [de, en]?"),
        ("languages", "[español]", "did you mean es?"),
        ("virtual_queues", "Billing Desk", "did you mean [Billing Desk]?"),
        ("office_zone", "Berlin", "did you mean Europe/Berlin?"),
        ("office_zone", "new york", "did you mean America/New_York?"),
        ("calling_number", "'0049 30 23125000'", 'did you mean "+493023125000"?'),
    ],
)
def test_what_was_meant_is_told_as_it_would_be_written(key: str, written: str, right: str) -> None:
    text = f"topics:\n  a:\n    {key}: {written}\n"
    told = [each.right for each in located(text).values() if each.path[2:3] == (key,)]
    assert told == [right]


@pytest.mark.parametrize(
    ("country", "written", "right"),
    [
        ("DE", "030 23125000", 'did you mean "+493023125000"?'),
        ("DE", "493023125000", 'did you mean "+493023125000"?'),
        ("DE", "'493023125000'", 'did you mean "+493023125000"?'),
        ("US", "'(202) 555-0180'", 'did you mean "+12025550180"?'),
        ("US", "ask us", 'with its country code and in quotes, such as "+12015550123"'),
        ("FR", "true", 'with its country code and in quotes, such as "+33123456789"'),
        ("Mars", "ask us", 'with its country code and in quotes, such as "+4930123456"'),
    ],
)
def test_a_number_of_the_country_that_is_called_is_told_as_it_would_be_written(
    country: str, written: str, right: str
) -> None:
    text = f"defaults: {{countries: [{country}]}}\ntopics:\n  a:\n    static_number: {written}\n"
    assert located(text)["topics.a.static_number"].right == right


@pytest.mark.parametrize("number", ["+4930", "+49112", "+12025550"])
def test_a_number_that_is_only_known_within_its_town_cannot_be_given_out(number: str) -> None:
    fault = located(f'topics:\n  a:\n    static_number: "{number}"\n')["topics.a.static_number"]
    assert "too short to be dialled" in fault.wrong
